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

  @Option(help: ArgumentHelp("The table.", valueName: "file"), completion: .file())
  var table: String

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
      return try ISA(isa).withVectors(vlen: vlen, elen: nil, narrowing: true)
    } catch let error as ISAError {
      throw .usage("\(file): isa: \(error)")
    } catch {
      throw .usage("\(file): vlen: \(error)")
    }
  }
}
