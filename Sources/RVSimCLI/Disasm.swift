import ArgumentParser
import RVDecoder

/// `rvsim disasm`.
struct DisasmCommand: RVSimCommand {
  static let configuration = CommandConfiguration(
    commandName: "disasm", abstract: "Print the instructions of a program, or of single words.",
    usage: """
      rvsim disasm [<options>] <elf>
      rvsim disasm [<options>] --word <word> ...
      """,
    discussion: """
      The form is that of llvm-objdump -d. The words come from rvsim's own instruction rows; --engine capstone asks the library \
      Capstone for a second opinion. It is looked for at run time, as RVSIM_CAPSTONE_LIB or libcapstone.so.5, .4 or without number, \
      and must be version 5 or newer.
      """)

  enum Engine: String, ExpressibleByArgument, CaseIterable { case rows, capstone }

  @Option(
    help: ArgumentHelp(
      "What is an instruction: all that rvsim knows (max, the default), what the ELF's attributes name (elf), or a GNU -march string.",
      valueName: "max|elf|string"), completion: .list(["max", "elf", "rv64gc", "rva22u64"]))
  var isa: String = "max"

  @Option(
    help: ArgumentHelp("Version of XuanTie's matrix extension (default: 0.6 with max).", valueName: "0.6|0.3"),
    completion: .list(["0.6", "0.3"]))
  var rvm: String?

  @Option(help: "Who prints.")
  var engine: Engine = .rows

  @Flag(inversion: .prefixedNo, help: "Names for frequent forms, and compressed instructions as what they stand for.")
  var aliases = true

  @Option(help: ArgumentHelp("First address.", valueName: "address"))
  var start: String?

  @Option(help: ArgumentHelp("Address at which to stop.", valueName: "address"))
  var stop: String?

  @Option(help: ArgumentHelp("One function alone.", valueName: "name"))
  var symbol: String?

  @Flag(help: "File and line of the source code, where they change.")
  var line = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("An instruction itself instead of a program, such as 0x00a50533 (repeatable).", valueName: "word"))
  var word: [String] = []

  @Argument(help: "The program.", completion: .file())
  var elf: String?

  mutating func execute(_ context: Context) throws(Failure) -> Int32 {
    let printer = try printer(context)
    if !word.isEmpty {
      guard elf == nil, start == nil, stop == nil, symbol == nil, !line else {
        throw .usage("--word stands alone: no ELF file, range, symbol or lines")
      }
      var text = ""
      for given in word {
        let value = try Self.number(given, "--word")
        guard let word = UInt32(exactly: value) else { throw .usage("--word '\(given)' has more than 32 bits") }
        text += printer.text(word, 0) { _ in nil } + "\n"
      }
      context.console.output(text)
      return ExitCode.success
    }
    guard let elf, !elf.isEmpty else { throw .usage("no ELF file and no --word is given (see 'rvsim disasm --help')") }
    let listing = try Listing(
      path: elf, start: start.map { text throws(Failure) in try Self.number(text, "--start") },
      stop: stop.map { text throws(Failure) in try Self.number(text, "--stop") }, symbol: symbol, showsLines: line)
    try listing.print(printer, to: context.console)
    return ExitCode.success
  }

  private func printer(_ context: Context) throws(Failure) -> any InstructionPrinter {
    switch engine {
    case .rows: return RowPrinter(Disassembler(aliases: aliases, isa: try chosenISA()))
    case .capstone:
      guard aliases else { throw .usage("--no-aliases is for --engine rows") }
      return try Capstone(path: context.environment["RVSIM_CAPSTONE_LIB"].flatMap { $0.isEmpty ? nil : $0 })
    }
  }

  private func chosenISA() throws(Failure) -> ISA {
    let isa = try namedISA()
    guard let rvm else { return isa }
    return isa.withMatrices(try GivenValue(text: rvm, source: "--rvm").matrixVersion())
  }

  private func namedISA() throws(Failure) -> ISA {
    let choice = try RunConfiguration.isa(GivenValue(text: isa, source: "--isa"))
    switch choice {
    // What is not simulated yet can be read all the same.
    case .named(let isa): return isa == .max ? .known : isa
    case .elf:
      guard let elf else { throw .usage("--isa elf wants an ELF file") }
      return try Guest.isa(of: try Guest.image(elf))
    }
  }

  /// A number in decimal, or in hexadecimal behind 0x.
  private static func number(_ text: String, _ source: String) throws(Failure) -> UInt64 {
    let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
    let digits = isHex ? text.dropFirst(2) : text[...]
    guard let first = digits.first, first != "+", first != "-", let value = UInt64(digits, radix: isHex ? 16 : 10) else {
      throw .usage(
        text.isEmpty ? "\(source) is empty: must be a number" : "\(source) '\(text)': must be a number such as 0x80000000")
    }
    return value
  }
}

/// Turns words into text.
protocol InstructionPrinter {
  /// Mnemonic, tab and operands of a word of 16 or 32 bits; `symbol` names targets.
  func text(_ word: UInt32, _ address: UInt64, symbol: (UInt64) -> String?) -> String
}

/// rvsim's own rows.
struct RowPrinter: InstructionPrinter {
  private let disassembler: Disassembler
  init(_ disassembler: Disassembler) { self.disassembler = disassembler }

  func text(_ word: UInt32, _ address: UInt64, symbol: (UInt64) -> String?) -> String {
    disassembler.text(word, pc: address, symbol: symbol)
  }
}
