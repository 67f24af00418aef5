import RVDecoder
import RVExec

extension Ending {
  /// The first line of a crash page; `nil` when the guest did not crash.
  public var headline: String? {
    switch self {
    case .killed(let signal, let trap):
      "killed by signal \(signal)\(SignalNames.name(of: signal).map { " (\($0))" } ?? "")\(trap.map { ": \($0.words)" } ?? "")"
    case .unhandled(let trap, let reason): "unhandled trap: \(trap.words); \(reason)"
    case .exited, .asleep, .limit, .interrupted: nil
    }
  }

  /// Whether registers and back-trace tell something: the guest was not killed by a signal of somebody else's.
  public var isCrash: Bool {
    switch self {
    case .killed(let signal, let trap): trap != nil || [3, 4, 5, 6, 7, 8, 11, 31].contains(signal)
    case .unhandled: true
    case .exited, .asleep, .limit, .interrupted: false
    }
  }

  /// The exception behind a crash.
  public var trap: Trap? {
    switch self {
    case .killed(_, let trap): trap
    case .unhandled(let trap, _): trap
    case .exited, .asleep, .limit, .interrupted: nil
    }
  }
}

extension Trap {
  /// `load page fault at address 0x10`.
  public var words: String {
    let value = "0x" + String(tval, radix: 16)
    switch cause {
    case .illegalInstruction: return "\(cause.words) \(value)"
    case .breakpoint, .userCall, .supervisorCall, .machineCall: return cause.words
    case _ where cause.isInterrupt: return cause.words
    default: return "\(cause.words) at address \(value)"
    }
  }
}

/// Signals of Linux on RISC-V.
public enum SignalNames {
  private static let names = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
    "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
  ]

  /// `SIGSEGV` for 11; `nil` for numbers without a name.
  public static func name(of number: Int) -> String? {
    names.indices.contains(number - 1) ? "SIG" + names[number - 1] : nil
  }
}
