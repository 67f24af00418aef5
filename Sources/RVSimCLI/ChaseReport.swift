import RVKernels
import RVTraces

/// What pointer chases took, in three forms.
struct ChaseReport {
  let machine: String
  let table: String
  let board: String?
  let results: [ChaseValidation.Result]

  private func score(_ access: ChaseTable.Access?) -> LoopScore {
    LoopScore(
      results.compactMap { result in
        guard access == nil || result.row.access == access, let measured = result.row.measured else { return nil }
        return (measured, result.predicted)
      })
  }

  var text: String {
    var text = "\(machine) against \(table)\(board.map { ", \($0)" } ?? ""): cycles of a step\n"
    text += "access       bytes  measured predicted     error\n"
    for result in results {
      text += "\(result.row.access.rawValue.padded(6))\("\(result.row.bytes)".aligned(12))"
      text += (result.row.measured.map { Decimal.text($0, 1) } ?? "-").aligned(10) + Decimal.text(result.predicted, 1).aligned(10)
      text += result.row.measured.map { (Decimal.text(100 * (result.predicted / $0 - 1), 1) + " %").aligned(10) } ?? ""
      text += "\n"
    }
    text += "\naccess   rows  mean error   median  within 10 %\n"
    for access in ChaseTable.Access.allCases.map(Optional.some) + [nil] {
      let score = score(access)
      guard score.rows > 0 else { continue }
      func percent(_ value: Double, _ width: Int) -> String { (Decimal.text(100 * value, 1) + " %").aligned(width) }
      text +=
        (access?.rawValue ?? "total").padded(7) + "\(score.rows)".aligned(6) + percent(score.mape, 12) + percent(score.median, 9)
      text += percent(score.within10, 13) + "\n"
    }
    return text
  }

  var csv: String {
    "access,size_bytes,measured,predicted\n"
      + results.map {
        "\($0.row.access.rawValue),\($0.row.bytes),\($0.row.measured.map { Decimal.text($0, 2) } ?? ""),\(Decimal.text($0.predicted, 3))\n"
      }.joined()
  }

  var json: String {
    let accesses = ChaseTable.Access.allCases.filter { access in results.contains { $0.row.access == access } }
    let lines = results.map { result in
      let measured = result.row.measured.map { "\"measured\": \(Decimal.text($0, 4)), " } ?? ""
      return "    {\"access\": \"\(result.row.access.rawValue)\", \"size\": \(result.row.bytes), \(measured)"
        + "\"predicted\": \(Decimal.text(result.predicted, 4))}"
    }
    return """
      {
        "schema": "rvsim.chase/1",
        "machine": \(JSONText.quoted(machine)),
        "board": \(board.map { JSONText.quoted($0) } ?? "null"),
        "total": \(score(nil).json),
        "accesses": {\(accesses.map { "\n    \"\($0.rawValue)\": \(score($0).json)" }.joined(separator: ","))
        },
        "rows": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
  }
}
