import RVDecoder
import RVExec

/// What a run counted. Every figure here is reproducible: the same program, input and options give the same numbers on every run
/// and host. What depends on the host is ``Host``, and only ``text(host:)`` prints it.
public struct Statistics: Sendable, Hashable {
  /// Version of the forms that tools read.
  public static let schema = "rvsim.stats/1"

  /// How tools may want the figures.
  public enum Format: String, Sendable, CaseIterable { case text, json, csv, md }

  /// How the run ended.
  public struct Exit: Sendable, Hashable {
    /// `exited`, `signal`, `trap`, `asleep`, `limit` or `interrupted`.
    public var kind: String
    /// What `rvsim run` exits with.
    public var code: Int
    /// The guest's own code, where it gave one; it may be larger than an exit code can be.
    public var guestCode: Int?
    /// The signal that killed the guest.
    public var signal: Int?

    public init(_ ending: Ending, code: Int) {
      self.code = code
      switch ending {
      case .exited(let own):
        kind = "exited"
        guestCode = own
      case .killed(let number, _):
        kind = "signal"
        signal = number
      case .unhandled: kind = "trap"
      case .asleep: kind = "asleep"
      case .limit: kind = "limit"
      case .interrupted: kind = "interrupted"
      }
    }
  }

  /// What the host took: it differs from run to run.
  public struct Host: Sendable, Hashable {
    public var seconds: Double
    public init(seconds: Double) { self.seconds = seconds }
  }

  public var elf: String
  /// `bare` or `user`.
  public var environment: String
  public var isa: String
  public var instructions: UInt64
  /// Exceptions by cause, in the words of ``RVExec/Trap/Cause/words``.
  public var traps: [String: UInt64]
  public var exit: Exit
  /// What a timed run took; none without a machine.
  public var timing: [TimingFigure] = []

  public init(
    elf: String, environment: String, isa: String, instructions: UInt64, traps: [String: UInt64], exit: Exit
  ) {
    self.elf = elf
    self.environment = environment
    self.isa = isa
    self.instructions = instructions
    self.traps = traps
    self.exit = exit
  }

  /// The figures in a form. The host's share goes to `text` alone.
  public func formatted(_ format: Format, host: Host?) -> String {
    switch format {
    case .text: text(host: host)
    case .json: json
    case .csv: csv
    case .md: markdown
    }
  }

  /// Names and values, sorted by name.
  var rows: [(name: String, value: Value)] {
    var rows: [(String, Value)] = [
      ("elf", .text(elf)), ("environment", .text(environment)), ("exit.code", .number(UInt64(clamping: exit.code))),
      ("exit.kind", .text(exit.kind)), ("instructions", .number(instructions)), ("isa", .text(isa)),
      ("schema", .text(Self.schema)), ("traps", .number(traps.values.reduce(0, &+))),
    ]
    if let own = exit.guestCode { rows.append(("exit.guestCode", .number(UInt64(clamping: own)))) }
    if let signal = exit.signal { rows.append(("exit.signal", .number(UInt64(clamping: signal)))) }
    for figure in timing { figure.add(to: &rows, "timing.") }
    for (cause, count) in traps { rows.append(("trapsByCause.\(cause)", .number(count))) }
    return rows.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  /// A value of ``rows``.
  enum Value {
    case text(String)
    case number(UInt64)
    case decimal(Double, digits: Int)

    var plain: String {
      switch self {
      case .decimal(let value, let digits): Decimal.text(value, digits)
      case .text(let text): text
      case .number(let number): "\(number)"
      }
    }
  }
}

extension Trap.Cause {
  /// The cause in words, as the privileged manual's table has it.
  public var words: String {
    switch self {
    case .instructionMisaligned: "instruction address misaligned"
    case .instructionAccess: "instruction access fault"
    case .illegalInstruction: "illegal instruction"
    case .breakpoint: "breakpoint"
    case .loadMisaligned: "load address misaligned"
    case .loadAccess: "load access fault"
    case .storeMisaligned: "store address misaligned"
    case .storeAccess: "store access fault"
    case .userCall: "environment call from U mode"
    case .supervisorCall: "environment call from S mode"
    case .machineCall: "environment call from M mode"
    case .instructionPageFault: "instruction page fault"
    case .loadPageFault: "load page fault"
    case .storePageFault: "store page fault"
    case .supervisorSoftwareInterrupt: "supervisor software interrupt"
    case .machineSoftwareInterrupt: "machine software interrupt"
    case .supervisorTimerInterrupt: "supervisor timer interrupt"
    case .machineTimerInterrupt: "machine timer interrupt"
    case .supervisorExternalInterrupt: "supervisor external interrupt"
    case .machineExternalInterrupt: "machine external interrupt"
    case .counterOverflowInterrupt: "counter-overflow interrupt"
    }
  }
}
