import RVDecoder

/// Linux signals that have a name here: those that a hart earns, and those that are not fatal.
// swift-format-ignore: OneCasePerLine
enum Signal: Int {
  case SIGILL = 4, SIGTRAP = 5, SIGABRT = 6, SIGBUS = 7, SIGKILL = 9, SIGSEGV = 11, SIGPIPE = 13
  case SIGCHLD = 17, SIGCONT = 18, SIGSTOP = 19, SIGTSTP = 20, SIGTTIN = 21, SIGTTOU = 22, SIGURG = 23, SIGWINCH = 28

  /// What Linux makes of an exception.
  init(_ cause: Trap.Cause) {
    self =
      switch cause {
      case .illegalInstruction: .SIGILL
      case .breakpoint: .SIGTRAP
      case .instructionMisaligned, .loadMisaligned, .storeMisaligned: .SIGBUS
      case .instructionAccess, .loadAccess, .storeAccess: .SIGSEGV
      case .instructionPageFault, .loadPageFault, .storePageFault: .SIGSEGV
      // Nobody raises an interrupt here.
      case .userCall, .supervisorCall, .machineCall, .supervisorSoftwareInterrupt, .machineSoftwareInterrupt,
        .supervisorTimerInterrupt, .machineTimerInterrupt, .supervisorExternalInterrupt, .machineExternalInterrupt,
        .counterOverflowInterrupt:
        .SIGILL
      }
  }

  /// Does nothing, or stops the process until SIGCONT, by default.
  static func isHarmless(_ number: Int) -> Bool {
    switch Signal(rawValue: number) {
    case .SIGCHLD, .SIGCONT, .SIGURG, .SIGWINCH, .SIGSTOP, .SIGTSTP, .SIGTTIN, .SIGTTOU: true
    default: false
    }
  }
}

/// Dispositions, mask and what is pending. Signals are numbered from 1 to 64; sets have bit n - 1 for signal n.
struct SignalState {
  /// `struct sigaction` of the kernel on riscv64: no restorer.
  struct Action {
    var handler: UInt64 = 0
    var flags: UInt64 = 0
    var mask: UInt64 = 0
  }

  static let count = 64
  /// SIGKILL and SIGSTOP.
  static let unblockable: UInt64 = 1 << 8 | 1 << 18

  var actions = [Action](repeating: Action(), count: count + 1)
  var mask: UInt64 = 0
  private(set) var pending: UInt64 = 0
  /// Start, flags and size as sigaltstack set them.
  var stack: (address: UInt64, flags: UInt32, size: UInt64) = (0, 2, 0)

  private func isIgnored(_ signal: Int) -> Bool {
    actions[signal].handler == 1 || (actions[signal].handler == 0 && Signal.isHarmless(signal))
  }

  mutating func raise(_ signal: Signal) { raise(signal.rawValue) }

  /// Makes a signal pending unless it is ignored.
  mutating func raise(_ signal: Int) {
    guard (1...Self.count).contains(signal), !isIgnored(signal) else { return }
    pending |= 1 << UInt64(signal - 1)
  }

  /// Whether a program's own function is to be called for a signal.
  func hasHandler(_ signal: Int) -> Bool { actions[signal].handler > 1 }

  /// A pending signal that is not blocked and kills the process.
  mutating func takeFatal() -> Int? {
    guard pending != 0 else { return nil }
    for signal in 1...Self.count where (pending & ~mask) >> UInt64(signal - 1) & 1 != 0 {
      if hasHandler(signal) || isIgnored(signal) { continue }
      pending &= ~(1 << UInt64(signal - 1))
      return signal
    }
    return nil
  }
}

/// Dispositions and masks are kept; functions of the program are not called.
extension LinuxUser {
  func signalAction(_ signal: Int32, new: UInt64, old: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size == 8, (1...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    let current = signals.actions[Int(signal)]
    if new != 0 {
      if SignalState.unblockable >> UInt64(signal - 1) & 1 != 0 { throw .EINVAL }
      signals.actions[Int(signal)] = SignalState.Action(
        handler: try space.get(new), flags: try space.get(new &+ 8),
        mask: try space.get(new &+ 16, as: UInt64.self) & ~SignalState.unblockable)
    }
    if old != 0 {
      var layout = GuestLayout(capacity: 24)
      layout.put(current.handler)
      layout.put(current.flags)
      layout.put(current.mask)
      try space.put(layout, at: old)
    }
    return .ok
  }

  func signalMask(_ how: Int32, new: UInt64, old: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size == 8 else { throw .EINVAL }
    let current = signals.mask
    if new != 0 {
      let set: UInt64 = try space.get(new)
      switch how {
      case 0: signals.mask = current | set
      case 1: signals.mask = current & ~set
      case 2: signals.mask = set
      default: throw .EINVAL
      }
      signals.mask &= ~SignalState.unblockable
    }
    if old != 0 { try space.put(current, at: old) }
    return .ok
  }

  func pendingSignals(to address: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size <= 8 else { throw .EINVAL }
    var layout = GuestLayout(capacity: 8)
    layout.put(signals.pending & signals.mask)
    guard space.write(address, layout.bytes.prefix(Int(size))) else { throw .EFAULT }
    return .ok
  }

  /// `stack_t`: address, flags, size.
  func alternateStack(_ new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    let current = signals.stack
    if new != 0 {
      let address: UInt64 = try space.get(new)
      let flags: UInt32 = try space.get(new &+ 8)
      let size: UInt64 = try space.get(new &+ 16)
      // SS_DISABLE is 2, SS_AUTODISARM the top bit.
      switch flags & 0x7fff_ffff {
      case 2: signals.stack = (0, 2, 0)
      case 0, 1:
        guard size >= 2048 else { throw .ENOMEM }
        signals.stack = (address, flags & 0x8000_0000, size)
      default: throw .EINVAL
      }
    }
    if old != 0 {
      var layout = GuestLayout(capacity: 24)
      layout.put(current.address)
      layout.put(current.flags)
      layout.put(UInt32(0))
      layout.put(current.size)
      try space.put(layout, at: old)
    }
    return .ok
  }

  /// There are no other processes: everyone else is not found.
  func kill(_ process: Int32, _ signal: Int32) throws(LinuxError) -> CallResult {
    guard (0...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    guard isSelf(process) || Int(process) == -options.identity.pid else { throw .ESRCH }
    return try send(signal)
  }

  func kill(thread: Int32, process: Int32?, _ signal: Int32) throws(LinuxError) -> CallResult {
    guard thread > 0, process.map({ $0 > 0 }) ?? true else { throw .EINVAL }
    guard (0...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    guard isSelf(thread), process.map(isSelf) ?? true else { throw .ESRCH }
    return try send(signal)
  }

  private func send(_ signal: Int32) throws(LinuxError) -> CallResult {
    if signal == 0 { return .ok }
    if signals.hasHandler(Int(signal)) {
      report(once: "signal \(signal): calling a handler of the program is not supported: ENOSYS")
      throw .ENOSYS
    }
    signals.raise(Int(signal))
    return .ok
  }
}
