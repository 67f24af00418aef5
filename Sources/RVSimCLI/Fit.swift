import ArgumentParser
import RVDecoder
import RVKernels
import RVModels
import RVTraces

/// `rvsim fit`.
struct FitCommand: RVSimCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fit the laws of a machine's vector unit to measured instructions.",
    discussion: """
      Takes a machine file and a table as 'rvsim validate' does, and writes the machine with the laws of its vector unit fitted, class by class. \
      Everything else stays as it is. Instead of that, --folds leaves every k-th mnemonic out, fits on the others and prints the error on those left out.
      """)

  @Option(help: ArgumentHelp("The machine to begin with, by name or path.", valueName: "machine"))
  var machine: String

  @Option(help: ArgumentHelp("The table.", valueName: "file"), completion: .file())
  var table: String

  @Option(help: ArgumentHelp("Where the fitted machine is written.", valueName: "file"), completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Cross-validate over mnemonics instead, in so many parts.", valueName: "n"))
  var folds: String?

  @Option(
    name: .customLong("class"), parsing: .singleValue, help: ArgumentHelp("Fit this class alone (repeatable).", valueName: "name")
  )
  var classes: [String] = []

  mutating func execute(_ context: Context) throws(Failure) -> Int32 {
    let given = GivenValue(text: machine, source: "--machine")
    let base = try MachineChoice.machine(given, changes: [])
    guard base.vector != nil else { throw .usage("--machine: \(base.name) has no vector unit") }
    let rows = try LoopTable.read(GivenValue(text: table, source: "--table")).rows
    let decoder = Decoder(isa: try base.loopISA())
    if let folds {
      guard output == nil, classes.isEmpty else {
        throw .usage("--folds writes no machine, and takes all classes: neither --output nor --class")
      }
      let count = try GivenValue(text: folds, source: "--folds").count()
      guard (2...100).contains(count) else { throw .usage("--folds: must be from 2 to 100") }
      return crossValidate(base, rows, decoder, Int(count), context)
    }
    guard let output else { throw .usage("fit wants --output, or --folds") }
    var fit = LawFit(base, decoder: decoder)
    for row in rows { fit.add(row) }
    if let unknown = classes.first(where: { !fit.names.contains($0) }) {
      throw .usage("--class '\(unknown)': the table has no rows of it, it has \(fit.names.joined(separator: ", "))")
    }
    for name in fit.names where classes.isEmpty || classes.contains(name) {
      fit.fit(name)
      if let last = fit.classes.last {
        context.console.error("\(name.padded(20)) \("\(last.rows)".aligned(6)) rows, \(Decimal.text(100 * last.error, 2)) %\n")
      }
    }
    let text = LawText.replaced(
      in: try MachineChoice.text(given).text, by: fit.classes, source: "fitted to \(table.split(separator: "/").last ?? "")")
    guard let text else { throw .usage("--machine: \(base.file) has no vector laws to be replaced") }
    do throws(BufferedFile.Failure) {
      let file = try BufferedFile(path: output)
      file.write(text)
      if let failure = file.close() { throw failure }
    } catch {
      throw .usage("cannot write the machine: \(error)")
    }
    return ExitCode.success
  }

  private func crossValidate(
    _ base: RVModels.Machine, _ rows: [LoopTable.Row], _ decoder: Decoder, _ folds: Int, _ context: Context
  ) -> Int32 {
    let mnemonics = Array(Set(rows.map(\.mnemonic))).sorted()
    var pairs: [(measured: Double, predicted: Double)] = []
    for fold in 0..<folds {
      let left = Set(mnemonics.enumerated().filter { $0.offset % folds == fold }.map(\.element))
      var fit = LawFit(base, decoder: decoder)
      for row in rows where !left.contains(row.mnemonic) { fit.add(row) }
      for name in fit.names { fit.fit(name) }
      let part = rows.filter { left.contains($0.mnemonic) }.compactMap { fit.predict($0) }
      let score = LoopScore(part)
      context.console.output(
        "part \(fold + 1) of \(folds): \(score.rows) rows of \(left.count) mnemonics left out, mean error \(Decimal.text(100 * score.mape, 2)) %\n"
      )
      pairs += part
    }
    let score = LoopScore(pairs)
    context.console.output(
      "left out: \(score.rows) rows, mean error \(Decimal.text(100 * score.mape, 2)) %, median \(Decimal.text(100 * score.median, 2)) %, "
        + "within 10 %: \(Decimal.text(100 * score.within10, 1)) %\n")
    return ExitCode.success
  }
}
