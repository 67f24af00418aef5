/// The system calls about signals.
extension LinuxUser {
  func signalAction(_ signal: Int32, new: UInt64, old: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size == 8, (1...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    let current = signals.actions[Int(signal)]
    if new != 0 {
      let action = SignalState.Action(
        handler: try space.get(new), flags: try space.get(new &+ 8, as: UInt64.self) & SignalState.Flags.known,
        mask: try space.get(new &+ 16, as: UInt64.self) & ~Signal.unblockable)
      if Signal.unblockable & Signal.bit(Int(signal)) != 0 { throw .EINVAL }
      signals.actions[Int(signal)] = action
      signals.dropIgnored(Int(signal))
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
      signals.mask &= ~Signal.unblockable
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

  // MARK: Waiting for signals

  /// Reads a set of signals for a mask that holds while a call waits.
  func temporaryMask(at address: UInt64, size: UInt64) throws(LinuxError) -> UInt64? {
    if address == 0 { return nil }
    guard size == 8 else { throw .EINVAL }
    return try space.get(address, as: UInt64.self) & ~Signal.unblockable
  }

  /// Changes the mask until a signal was delivered, or the call is over.
  func setTemporaryMask(_ mask: UInt64?) {
    guard let mask else { return }
    signals.savedMask = signals.mask
    signals.mask = mask
  }

  func suspend(mask address: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size == 8 else { throw .EINVAL }
    let mask = try space.get(address, as: UInt64.self) & ~Signal.unblockable
    setTemporaryMask(mask)
    do throws(LinuxError) {
      try idle(until: nil)
    } catch {
      // A pause of the simulator is no signal: the whole call is made again.
      if error == .paused, let old = signals.savedMask { (signals.mask, signals.savedMask) = (old, nil) }
      throw error
    }
    return .ok
  }

  /// rt_sigtimedwait: takes a signal of a set without calling its handler.
  func waitForSignal(set address: UInt64, info: UInt64, timeout: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size == 8 else { throw .EINVAL }
    let set = try space.get(address, as: UInt64.self) & ~Signal.unblockable
    let end = timeout == 0 ? nil : deadline(after: try duration(at: timeout))
    while true {
      collectSignals()
      if let found = signals.take(from: set) {
        if let timer = found.timer { delivered(timer: timer, found) }
        if info != 0 { try space.put(found.layout, at: info) }
        return .value(found.signal)
      }
      // Those of the set wake, blocked or not.
      let mask = signals.mask
      signals.mask &= ~set
      defer { signals.mask = mask }
      do throws(LinuxError) {
        if try idle(until: end) == .time { throw .EAGAIN }
      } catch {
        guard error == .ERESTARTNOHAND else { throw error }
        if signals.pending & set == 0 { throw .EINTR }
      }
    }
  }

  // MARK: The alternate stack

  /// `stack_t`: address, flags, size.
  func alternateStack(_ new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    let current = signals.stack
    if new != 0 {
      try setAlternateStack(try space.get(new), flags: try space.get(new &+ 8), size: try space.get(new &+ 16))
    }
    if old != 0 { try space.put(current.layout(flags: current.flags(at: hart[x: 2])), at: old) }
    return .ok
  }

  func setAlternateStack(_ address: UInt64, flags: UInt32, size: UInt64) throws(LinuxError) {
    if signals.stack.holds(hart[x: 2]) { throw .EPERM }
    switch flags & ~AlternateStack.Flags.autoDisarm {
    case AlternateStack.Flags.disable: signals.stack = AlternateStack(address: 0, flags: flags, size: 0)
    case 0, AlternateStack.Flags.onStack:
      guard size >= AlternateStack.minimumSize else { throw .ENOMEM }
      signals.stack = AlternateStack(address: address, flags: flags, size: size)
    default: throw .EINVAL
    }
  }

  // MARK: Sending

  /// tkill, and tgkill with the process that the thread is to belong to.
  func kill(thread: Int32, process: Int32?, _ signal: Int32) throws(LinuxError) -> CallResult {
    guard thread > 0, process.map({ $0 > 0 }) ?? true else { throw .EINVAL }
    guard (0...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    var info = SignalInfo(Int(signal), code: SignalInfo.Code.thread, process: ids.pid, user: options.identity.user)
    info.isDirected = true
    guard process.map({ $0 == thread }) ?? true else { throw .ESRCH }
    return try send(info, to: Int(thread))
  }

  /// rt_sigqueueinfo, and rt_tgsigqueueinfo with a thread.
  func queue(_ process: Int32, thread: Int32?, _ signal: Int32, info address: UInt64) throws(LinuxError) -> CallResult {
    guard let bytes = space.read(address, count: SignalInfo.size) else { throw .EFAULT }
    var info = SignalInfo(bytes: bytes)
    info.signal = Int(signal)
    info.isDirected = thread != nil
    guard process > 0, thread.map({ $0 > 0 }) ?? true else { throw .EINVAL }
    let target = thread ?? process
    // Only to oneself may one pretend to be the kernel or kill.
    if info.code >= 0 || info.code == SignalInfo.Code.thread, !isSelf(target) { throw .EPERM }
    guard (0...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    guard thread == nil || thread == process else { throw .ESRCH }
    return try send(info, to: Int(target))
  }

  /// To this process.
  func send(_ info: SignalInfo) throws(LinuxError) -> CallResult {
    if info.signal == 0 { return .ok }
    guard signals.raise(info) else { throw .EAGAIN }
    return .ok
  }
}
