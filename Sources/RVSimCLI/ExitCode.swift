import RVExec
import RVTraces

/// Exit codes, as the design lists them.
enum ExitCode {
  static let success: Int32 = 0
  static let limit: Int32 = 124
  static let usage: Int32 = 125
  static let notRunnable: Int32 = 126
  static let interrupted: Int32 = 130

  /// Of a way to end.
  static func of(_ ending: Ending) -> Int32 {
    switch ending {
    // HTIF codes may be larger than an exit code can be: never make success of them.
    case .exited(let code): (0...255).contains(code) ? Int32(code) : 255
    case .killed(let signal, _): 128 &+ Int32(truncatingIfNeeded: signal & 127)
    case .unhandled(let trap, _): 128 + trap.cause.signal
    case .asleep, .limit: limit
    case .interrupted: interrupted
    }
  }
}

extension Trap.Cause {
  /// The number of the signal that Linux would send.
  var signal: Int32 {
    switch self {
    case .illegalInstruction: 4
    case .breakpoint: 5
    case .instructionMisaligned, .loadMisaligned, .storeMisaligned: 7
    case .instructionAccess, .loadAccess, .storeAccess, .instructionPageFault, .loadPageFault, .storePageFault: 11
    // A call that nobody serves: SIGSYS.
    case .userCall, .supervisorCall, .machineCall: 31
    // An interrupt that nobody serves: SIGALRM for a timer, else SIGIO.
    case .supervisorTimerInterrupt, .machineTimerInterrupt: 14
    case .supervisorSoftwareInterrupt, .machineSoftwareInterrupt, .supervisorExternalInterrupt, .machineExternalInterrupt,
      .counterOverflowInterrupt:
      29
    }
  }
}
