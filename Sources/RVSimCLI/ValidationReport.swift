import RVKernels
import RVTraces

/// What a validation found, in three forms.
struct ValidationReport {
  let machine: String
  let table: String
  let validation: LoopValidation
  private let classes: [(name: String, score: LoopScore)]
  private let total: LoopScore

  init(machine: String, table: String, _ validation: LoopValidation) {
    self.machine = machine
    self.table = table
    self.validation = validation
    var pairs: [String: [(measured: Double, predicted: Double)]] = [:]
    for result in validation.results {
      guard let measured = result.row.measured else { continue }
      pairs[result.work.rawValue, default: []].append((measured, result.predicted))
    }
    classes = pairs.sorted { $0.key < $1.key }.map { ($0.key, LoopScore($0.value)) }
    total = LoopScore(classes.flatMap { pairs[$0.name] ?? [] })
  }

  var text: String {
    var text = "\(machine) against \(table)\n"
    text += "\("instruction".padded(36))  sew lmul  measured predicted     error\n"
    for result in validation.results {
      let row = result.row
      text += "\("\(row.mnemonic) \(row.operands)".padded(36))  \("e\(row.sew)".padded(3)) \(row.lmul.padded(4))"
      text +=
        " \(row.measured.map { Decimal.text($0, 2) }.map { $0.aligned(9) } ?? "        -") \(Decimal.text(result.predicted, 2).aligned(9))"
      text += row.measured.map { " " + (Decimal.text(100 * (result.predicted / $0 - 1), 1) + " %").aligned(9) } ?? ""
      text += "\n"
    }
    text +=
      "\n\("class".padded(16))\("rows".aligned(7))\("mean error".aligned(12))\("median".aligned(9))\("within 10 %".aligned(13))\("tau".aligned(8))\("bias".aligned(9))\n"
    for (name, score) in classes + [("total", total)] {
      func percent(_ value: Double, _ width: Int) -> String { (Decimal.text(100 * value, 1) + " %").aligned(width) }
      text +=
        name.padded(16) + "\(score.rows)".aligned(7) + percent(score.mape, 12) + percent(score.median, 9)
        + percent(score.within10, 13)
      text += Decimal.text(score.tau, 3).aligned(8) + percent(score.bias, 9) + "\n"
    }
    for (reason, count) in reasons { text += "\(count) rows were not run: \(reason)\n" }
    return text
  }

  private var reasons: [(String, Int)] {
    Dictionary(grouping: validation.skipped, by: \.reason).map { ($0.key, $0.value.count) }.sorted { $0.0 < $1.0 }
  }

  var csv: String {
    var text = "mnemonic,operands,masked,sew,lmul,measured,predicted\n"
    for result in validation.results {
      let row = result.row
      text += "\(row.mnemonic),\"\(row.operands)\",\(row.isMasked ? 1 : 0),\(row.sew),\(row.lmul),"
      text += "\(row.measured.map { Decimal.text($0, 4) } ?? ""),\(Decimal.text(result.predicted, 4))\n"
    }
    return text
  }

  var json: String {
    let lines = validation.results.map { result in
      let row = result.row
      let measured = row.measured.map { "\"measured\": \(Decimal.text($0, 4)), " } ?? ""
      return
        "    {\"mnemonic\": \(JSONText.quoted(row.mnemonic)), \"operands\": \(JSONText.quoted(row.operands)), \"masked\": \(row.isMasked), "
        + "\"sew\": \(row.sew), \"lmul\": \(JSONText.quoted(row.lmul)), \(measured)\"predicted\": \(Decimal.text(result.predicted, 6))}"
    }
    return """
      {
        "schema": "rvsim.validation/1",
        "machine": \(JSONText.quoted(machine)),
        "total": \(total.json),
        "classes": {\(classes.map { "\n    \(JSONText.quoted($0.name)): \($0.score.json)" }.joined(separator: ","))
        },
        "skipped": \(validation.skipped.count),
        "rows": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
  }
}

extension LoopScore {
  /// As a JSON object.
  var json: String {
    "{\"rows\": \(rows), \"mape\": \(Decimal.text(mape, 6)), \"median\": \(Decimal.text(median, 6)), \"within10\": "
      + "\(Decimal.text(within10, 6)), \"tau\": \(Decimal.text(tau, 6)), \"bias\": \(Decimal.text(bias, 6))}"
  }
}
