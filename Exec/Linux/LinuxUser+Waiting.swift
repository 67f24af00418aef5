import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Waiting: for time, for signals, for files.
///
/// A program that is alone waits for the virtual clock only, and that takes no time. What depends on somebody else, a file of the
/// host or a process that it has started, is waited for in the host's time; the virtual clock moves when a time-out or a timer
/// ends such a wait.
extension LinuxUser {
  /// Why a wait is over.
  enum Wake { case ready, time }

  /// A child that something outside has killed says nothing: how often to look, in nanoseconds.
  private static let look: UInt64 = 200_000_000

  /// Nanoseconds since the start of the program.
  var elapsed: UInt64 { clock.monotonic(run: hart.elapsed) }

  /// The time of ``elapsed`` at which a duration is over.
  func deadline(after duration: UInt64) -> UInt64 {
    let (sum, overflow) = elapsed.addingReportingOverflow(duration)
    return overflow ? max(VirtualClock.longest, elapsed) : min(sum, max(VirtualClock.longest, elapsed))
  }

  /// Waits for a time, or for ever when there is none.
  /// - Returns: `.time`.
  /// - Throws: `ERESTARTNOHAND` when a signal is to be delivered; `.deadlock` when nothing can ever end the wait.
  @discardableResult
  func idle(until end: UInt64?) throws(LinuxError) -> Wake {
    var nothing: [pollfd] = []
    return try wait(&nothing, until: end)
  }

  /// Waits until a descriptor is ready, for a time at most.
  ///
  /// - Parameters:
  ///   - isOwn: whether only the program's own timers can make them ready.
  ///   - child: waits for a child too, until this is so.
  func wait(
    _ descriptors: inout [pollfd], until end: UInt64?, isOwn: Bool = false, child: (() -> Bool)? = nil
  ) throws(LinuxError) -> Wake {
    while true {
      if hart.pauseRequested { throw .paused }
      collectSignals()
      if try ready(&descriptors) || child?() == true { return .ready }
      if signals.hasDeliverable { throw .ERESTARTNOHAND }
      let now = elapsed
      if let end, end <= now { return .time }
      let timer = timeToTimer(whileIdle: true)
      let rest = min(end.map { $0 - now } ?? .max, timer ?? .max)
      let isAlone = (descriptors.isEmpty || isOwn) && child == nil && options.clock == .virtual && !hasRelatives
      if isAlone {
        guard rest != .max else { throw .deadlock }
        pass(rest)
        continue
      }
      // The clock of the host moves on its own.
      let slice = child == nil ? rest : min(rest, Self.look)
      if try hostWait(&descriptors, nanoseconds: slice) == 0, options.clock == .virtual, slice == rest { pass(rest) }
    }
  }

  private func ready(_ descriptors: inout [pollfd]) throws(LinuxError) -> Bool {
    descriptors.isEmpty ? false : try hostWait(&descriptors, nanoseconds: 0) > 0
  }

  /// Waits in the host's time; signals of relatives and of the simulator end it.
  /// - Returns: how many descriptors are ready; -1 when it was interrupted.
  private func hostWait(_ descriptors: inout [pollfd], nanoseconds: UInt64) throws(LinuxError) -> Int32 {
    let count = descriptors.count
    let result = descriptors.withUnsafeMutableBufferPointer { host_poll($0.baseAddress, UInt(count), nanoseconds, mailboxFlag) }
    if result >= 0 { return result }
    let error = LinuxError(host: hostErrno())
    guard error == .EINTR else { throw error }
    return -1
  }

  /// Before a call of the host that may wait for a file: a timer or a relative may have to interrupt it.
  func awaitReady(_ file: OpenFile, _ events: Int32) throws(LinuxError) {
    guard !file.isRegular, file.statusFlags & OpenFlags.nonBlocking == 0 else { return }
    guard hasRelatives || timeToTimer(whileIdle: true) != nil || file.kind == .timer else { return }
    var descriptors = [pollfd(fd: file.descriptor, events: Int16(events), revents: 0)]
    do throws(LinuxError) {
      _ = try wait(&descriptors, until: nil, isOwn: file.kind == .timer)
    } catch {
      throw error == .ERESTARTNOHAND ? .ERESTARTSYS : error
    }
  }

  /// Nanoseconds of the host's clock.
  var hostTime: UInt64 { hostClock(CLOCK_MONOTONIC) }

  /// The host has waited since a time: the program's timers have run on.
  func passWaited(since start: inout UInt64) {
    let now = hostTime
    defer { start = now }
    guard options.clock == .virtual, let timer = timeToTimer(whileIdle: true) else { return }
    pass(min(now - start, timer))
  }

  /// Lets time pass: at once on the virtual clock.
  func pass(_ nanoseconds: UInt64) {
    clock.pass(nanoseconds)
    hart.timeSkew = clock.slept
    fireTimers()
  }
}
