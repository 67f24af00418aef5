import RVDecoder

/// Linux signals that have a name here: those that a hart earns, and those whose default action is not to end the process.
// swift-format-ignore: OneCasePerLine
enum Signal: Int {
  case SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGFPE = 8, SIGKILL = 9, SIGSEGV = 11, SIGPIPE = 13, SIGALRM = 14
  case SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23, SIGVTALRM = 26
  case SIGPROF = 27, SIGWINCH = 28, SIGSYS = 31

  /// What a signal does to a process that has said nothing about it.
  enum DefaultAction { case end, ignore, stop, proceed }

  static func defaultAction(_ number: Int) -> DefaultAction {
    switch Signal(rawValue: number) {
    case .SIGCHLD, .SIGURG, .SIGWINCH: .ignore
    case .SIGCONT: .proceed
    case .SIGSTOP, .SIGTSTP, .SIGTTIN, .SIGTTOU: .stop
    default: .end
    }
  }

  var bit: UInt64 { Self.bit(rawValue) }

  /// Sets of signals have bit n - 1 for signal n.
  static func bit(_ number: Int) -> UInt64 { 1 << UInt64(number - 1) }

  /// SIGKILL and SIGSTOP: cannot be blocked, caught or ignored.
  static let unblockable: UInt64 = SIGKILL.bit | SIGSTOP.bit
  /// Those that belong to the instruction at pc: delivered before all others.
  static let synchronous: UInt64 = SIGSEGV.bit | SIGBUS.bit | SIGILL.bit | SIGTRAP.bit | SIGFPE.bit | SIGSYS.bit
  /// Those that stop a process by default.
  static let stopping: UInt64 = SIGSTOP.bit | SIGTSTP.bit | SIGTTIN.bit | SIGTTOU.bit
  /// Signals from this number on are queued, each of them; of those below at most one is pending.
  static let firstRealTime = 32
}
