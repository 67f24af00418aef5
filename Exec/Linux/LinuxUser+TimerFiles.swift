import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// timerfd: descriptors that count expirations.
extension LinuxUser {
  func createTimerFile(_ clock: Int32, flags: UInt32) throws(LinuxError) -> Int {
    guard [0, 1, 7, 8, 9].contains(clock), flags & ~(OpenFlags.nonBlocking | OpenFlags.closeOnExec) == 0 else { throw .EINVAL }
    let isNonBlocking = flags & OpenFlags.nonBlocking
    let descriptor = try host { host_event_counter(0, 0, isNonBlocking != 0 ? 1 : 0) }
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: 2 | isNonBlocking)
    file.kind = .timer
    let timer = GuestTimer(clock: .elapsed, action: .file(.init(file: file)), isRealTime: Self.isRealTime(clock))
    file.timer = timer
    timers.append(timer)
    return Int(try files.add(file, closesOnExec: flags & OpenFlags.closeOnExec != 0, limit: openFileLimit))
  }

  private func timerFile(_ descriptor: Int32) throws(LinuxError) -> (OpenFile, GuestTimer) {
    let file = try files.file(descriptor)
    guard let timer = file.timer else { throw .EINVAL }
    return (file, timer)
  }

  func setTimerFile(_ descriptor: Int32, flags: Int32, new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    let setting = try setting(at: new, unit: 1)
    // TFD_TIMER_CANCEL_ON_SET changes nothing: the clock is never set.
    guard flags & ~3 == 0 else { throw .EINVAL }
    let (file, timer) = try timerFile(descriptor)
    if old != 0 { try put(timer, at: old, unit: 1) }
    // Expirations so far are forgotten.
    var descriptors = [pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)]
    if host_poll(&descriptors, 1, 0, nil) > 0 {
      var count: UInt64 = 0
      _ = hostRead(file.descriptor, &count, 8)
    }
    arm(timer, setting, isAbsolute: flags & 1 != 0)
    return .ok
  }

  func getTimerFile(_ descriptor: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    try put(try timerFile(descriptor).1, at: address, unit: 1)
    return .ok
  }
}
