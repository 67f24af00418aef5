import RVDecoder
import RVExec
import RVModels
import RVTraces

/// The options of `run`, read and checked.
struct RunConfiguration {
  enum ISAChoice {
    case named(ISA)
    /// What the ELF's attributes say.
    case elf
  }

  enum Form: String, CaseIterable { case user, bare }
  enum Misaligned: String, CaseIterable { case allow, trap }
  enum Clock: String, CaseIterable { case virtual, host }
  enum FileAccess: String, CaseIterable {
    case host
    case readOnly = "read-only"
    case none
  }

  var elf: String
  var isa = ISAChoice.named(.max)
  /// `--vlen` and `--elen`, in bits.
  var vlen: GivenNumber?
  var elen: GivenNumber?
  var vector = VectorChoices()
  /// `--rvm`.
  var matrixVersion: Extension?
  var matrix = MatrixChoices()
  var form: Form?
  var memorySize: UInt64 = 2 << 30
  var misaligned = Misaligned.allow
  var maxInstructions: UInt64?
  var timeout: Duration?
  /// The descriptor of the file of `--stdin`.
  var input: Int32?
  /// `NAME=value`.
  var environment: [String]
  var stats: String?
  var statsFormat = Statistics.Format.text
  /// The file of a log as Spike writes it.
  var spikeLog: String?
  var signature: String?
  var signatureGranularity = 4
  var deviceTree: String?
  var clock = Clock.virtual
  var stackSize: UInt64 = 8 << 20
  var files = FileAccess.host
  /// Whose cycles are told.
  var machine: RVModels.Machine?
  /// `--roi`.
  var region: GivenValue?
  /// `--thp`.
  var hasLargePages = false

  /// Most memory of a bare machine.
  private static let largestMemory: UInt64 = 256 << 30

  init(_ command: RunCommand, _ variables: [String: String]) throws(Failure) {
    func one(_ option: RunOption, _ text: String?) -> GivenValue? {
      option.values(text.map { [$0] } ?? [], variables).last
    }

    guard !command.elf.isEmpty else { throw .usage("the name of the ELF file is empty") }
    elf = command.elf
    if let given = one(.isa, command.isa) { isa = try Self.isa(given) }
    if let given = one(.env, command.env) { form = try given.choice(Form.self) }
    if let given = one(.memory, command.memory) {
      memorySize = try given.size()
      guard memorySize <= Self.largestMemory else { throw given.wrong("is too large, 256GiB is the most") }
    }
    if let given = one(.misaligned, command.misaligned) { misaligned = try given.choice(Misaligned.self) }
    maxInstructions = try one(.maxInsns, command.maxInsns)?.count()
    timeout = try one(.timeout, command.timeout)?.duration()
    if let given = one(.stdin, command.stdin) { input = try given.openForReading() }
    environment = try Self.environment(command, variables)
    stats = try one(.stats, command.stats)?.path()
    if let given = one(.statsFormat, command.statsFormat) { statsFormat = try given.choice(Statistics.Format.self) }
    for given in RunOption.trace.values(command.trace, variables) {
      guard spikeLog == nil else { throw given.wrong("there can be only one trace of the kind spike") }
      spikeLog = try Self.spikeLog(given)
    }
    signature = try one(.signature, command.signature)?.path()
    if let given = one(.signatureGranularity, command.signatureGranularity) {
      let number = try given.count()
      guard number <= 4096 else { throw given.wrong("is too large, 4096 is the most") }
      signatureGranularity = Int(number)
    }
    deviceTree = try one(.dumpDTB, command.dumpDTB)?.path()
    if let given = one(.clock, command.clock) { clock = try given.choice(Clock.self) }
    if let given = one(.stack, command.stack) { stackSize = try given.size() }
    let changes = RunOption.set.values(command.set, variables)
    if let given = one(.machine, command.machine) {
      let machine = try MachineChoice.machine(given, changes: changes)
      self.machine = machine
      if case .some = one(.isa, command.isa) {
      } else {
        isa = try Self.isa(GivenValue(text: machine.isa, source: "\(machine.file): isa"))
      }
    } else if let first = changes.first {
      throw first.wrong("wants --machine")
    }
    region = one(.roi, command.roi)
    if let region, machine == nil { throw region.wrong("wants --machine") }
    hasLargePages = try Self.flag(.thp, command.thp, variables)
    if hasLargePages, machine == nil { throw .usage("--thp: wants --machine") }
    if let given = one(.fs, command.fs) { files = try given.choice(FileAccess.self) }
    try readMatrices(
      version: one(.rvm, command.rvm), tlen: one(.rvmTlen, command.rvmTlen), trlen: one(.rvmTrlen, command.rvmTrlen),
      elen: one(.rvmElen, command.rvmElen), rlen: one(.rvmRlen, command.rvmRlen),
      accumulate: one(.rvmAccumulate, command.rvmAccumulate),
      outside: one(.rvmOutside, command.rvmOutside), unlisted: one(.rvmUnlisted, command.rvmUnlisted))
    try readVectors(
      vlen: one(.vlen, command.vlen), elen: one(.elen, command.elen), agnostic: one(.agnostic, command.agnostic),
      length: one(.vl, command.vl), reduction: one(.reduction, command.reduction))
  }

  /// `max`, `elf`, a profile or a GNU -march string.
  static func isa(_ given: GivenValue) throws(Failure) -> ISAChoice {
    if given.text == "elf" { return .elf }
    guard !given.text.isEmpty else { throw given.wrong("must be max, elf or a string such as rv64gc_zba") }
    do throws(ISAError) {
      return .named(try ISA(given.text))
    } catch {
      throw given.wrong("\(error)")
    }
  }

  private static func flag(_ option: RunOption, _ isSet: Bool, _ variables: [String: String]) throws(Failure) -> Bool {
    if isSet { return true }
    guard let given = option.values([], variables).first else { return false }
    switch given.text {
    case "1", "true", "yes": return true
    case "0", "false", "no": return false
    default: throw given.wrong("must be 1 or 0")
    }
  }

  /// The guest's environment, sorted: what rvsim inherited, and what was set.
  private static func environment(_ command: RunCommand, _ variables: [String: String]) throws(Failure) -> [String] {
    let clear = try flag(.clearEnv, command.clearEnv, variables)
    var result = clear ? [:] : variables
    for given in RunOption.setenv.values(command.setenv, variables) {
      guard let equals = given.text.firstIndex(of: "="), equals != given.text.startIndex, !given.text.utf8.contains(0) else {
        throw given.wrong("must be of the form NAME=value")
      }
      result[String(given.text[..<equals])] = String(given.text[given.text.index(after: equals)...])
    }
    return result.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }
  }

  private static func spikeLog(_ given: GivenValue) throws(Failure) -> String {
    guard let equals = given.text.firstIndex(of: "=") else { throw given.wrong("must be of the form spike=FILE") }
    let kind = given.text[..<equals]
    guard kind == "spike" else { throw given.wrong("unknown kind of trace '\(kind)', there is: spike") }
    let file = given.text[given.text.index(after: equals)...]
    guard !file.isEmpty, !file.utf8.contains(0) else { throw given.wrong("names no file") }
    return String(file)
  }
}
