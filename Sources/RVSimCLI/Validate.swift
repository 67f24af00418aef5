import ArgumentParser
import RVDecoder
import RVKernels
import RVModels
import RVTraces

/// `rvsim validate`.
struct ValidateCommand: RVSimCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Compare a machine's cycles with measured instructions.",
    discussion: """
      The table is CSV with the columns mnemonic, operands, masked, sew, lmul, cycles (and policy, if there is one): cycles an instruction in a \
      loop of 64, 8 copies with rotating destinations unrolled eight times, 512 rounds. rvsim builds that very loop for each row, runs it as an \
      ordinary program on the machine, and prints measured and predicted cycles. A row without cycles gets a prediction only.
      """)

  enum Format: String, CaseIterable { case text, json, csv }

  @Option(help: ArgumentHelp("A machine's name, or the path of its file.", valueName: "machine"))
  var machine: String

  @Option(
    parsing: .singleValue, help: ArgumentHelp("Another value for a key of the machine (repeatable).", valueName: "key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("The table of instructions.", valueName: "file"), completion: .file())
  var table: String?

  @Option(
    help: ArgumentHelp(
      """
      Instead of instructions a table of pointer chases: CSV with the columns access (1xPTR: one chain, 1x64: one chain of offsets, 8xPTR: \
      eight chains), size_bytes and latency_cycles, cycles of a step (or latency_ns). Where it has columns core and board, the machine's rows are taken, of its \
      first board.
      """, valueName: "file"), completion: .file())
  var latency: String?

  @Option(help: ArgumentHelp("Another board of the table of --latency.", valueName: "name"))
  var board: String?

  @Option(
    help: ArgumentHelp("Form of the result (default: text).", valueName: "text|json|csv"),
    completion: .list(Format.allCases.map(\.rawValue)))
  var format: String = "text"

  @Option(name: .customLong("keep-elf"), help: ArgumentHelp("Write the loops there.", valueName: "directory"))
  var keepELF: String?

  mutating func execute(_ context: Context) throws(Failure) -> Int32 {
    let format = try GivenValue(text: format, source: "--format").choice(Format.self)
    let machine = try MachineChoice.machine(
      GivenValue(text: machine, source: "--machine"), changes: set.map { GivenValue(text: $0, source: "--set") })
    guard (table == nil) != (latency == nil) else { throw .usage("validate wants --table or --latency, and not both") }
    if let latency {
      guard keepELF == nil else { throw .usage("--keep-elf goes with --table") }
      return try validateLatency(machine, GivenValue(text: latency, source: "--latency"), format, context)
    }
    guard board == nil else { throw .usage("--board goes with --latency") }
    let table = table ?? ""
    let given = GivenValue(text: table, source: "--table")
    let rows = try LoopTable.read(given).rows
    let isa = try machine.loopISA()
    var validation = LoopValidation(machine, isa: isa)
    var failure: String?
    for row in rows {
      validation.run(row) { row, bytes in
        guard let keepELF, failure == nil else { return }
        let path = "\(keepELF)/\(row.fileName)"
        do throws(BufferedFile.Failure) {
          let file = try BufferedFile(path: path)
          file.write(bytes)
          if let problem = file.close() { failure = "\(problem)" }
        } catch {
          failure = "\(error)"
        }
      }
      if let failure { throw .usage("cannot write a loop: \(failure)") }
    }
    let report = ValidationReport(machine: machine.name, table: table, validation)
    switch format {
    case .text: context.console.output(report.text)
    case .json: context.console.output(report.json)
    case .csv: context.console.output(report.csv)
    }
    return ExitCode.success
  }
}

extension ValidateCommand {
  private func validateLatency(_ machine: RVModels.Machine, _ given: GivenValue, _ format: Format, _ context: Context)
    throws(Failure)
    -> Int32
  {
    let table: ChaseTable
    let text = try given.fileText()
    do throws(LoopTable.Problem) {
      table = try ChaseTable(text: text, file: given.text, core: machine.name, hertz: machine.hertz, board: board)
    } catch {
      throw .usage("\(error)")
    }
    var validation = ChaseValidation(machine, isa: try machine.loopISA())
    for row in table.rows.sorted(by: { ($0.bytes, $0.access.rawValue) < ($1.bytes, $1.access.rawValue) }) {
      guard validation.run(row) else { throw .usage("\(machine.file): isa: a pointer chase does not run on it") }
    }
    let report = ChaseReport(machine: machine.name, table: given.text, board: table.board, results: validation.results)
    switch format {
    case .text: context.console.output(report.text)
    case .json: context.console.output(report.json)
    case .csv: context.console.output(report.csv)
    }
    return ExitCode.success
  }
}

extension LoopTable {
  static func read(_ given: GivenValue) throws(Failure) -> LoopTable {
    do {
      return try LoopTable(text: try given.fileText(), file: given.text)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .usage("\(error)")
    }
  }
}

extension LoopTable.Row {
  /// `vadd.vv-v8.v16.v24-e8-m1-m.elf`.
  var fileName: String {
    let words = operands.map { $0.isLetter || $0.isNumber || $0 == "-" ? String($0) : "." }.joined()
    return "\(mnemonic)-\(words)-e\(sew)-\(lmul)\(isMasked ? "-masked" : "").elf"
  }
}

extension RVModels.Machine {
  /// What its loops run on.
  func loopISA() throws(Failure) -> ISA {
    do {
      let isa = try ISA(isa)
      return vector == nil ? isa : try isa.withVectors(vlen: vlen, elen: nil, narrowing: true)
    } catch let error as ISAError {
      throw .usage("\(file): isa: \(error)")
    } catch {
      throw .usage("\(file): vlen: \(error)")
    }
  }
}
