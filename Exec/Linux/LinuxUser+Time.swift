#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What time it is for the guest, in nanoseconds; `run` is ``Hart/elapsed``.
struct VirtualClock {
  let source: LinuxOptions.Clock
  let epoch: UInt64
  /// Nanoseconds that were slept: time that passed without instructions.
  private(set) var slept: UInt64 = 0

  init(source: LinuxOptions.Clock, epoch: UInt64) {
    self.source = source
    self.epoch = epoch
  }

  /// Since the start of the program.
  func monotonic(run: UInt64) -> UInt64 {
    switch source {
    case .virtual: run &+ slept
    case .host: hostClock(CLOCK_MONOTONIC)
    }
  }

  /// Since 1970.
  func real(run: UInt64) -> UInt64 {
    switch source {
    case .virtual: epoch &+ run &+ slept
    case .host: hostClock(CLOCK_REALTIME)
    }
  }

  /// Used by the program.
  func processor(run: UInt64) -> UInt64 {
    switch source {
    case .virtual: run
    case .host: hostClock(CLOCK_PROCESS_CPUTIME_ID)
    }
  }

  /// A hundred years: no sum of clocks overflows.
  static let longest: UInt64 = 3_153_600_000_000_000_000

  mutating func pass(_ nanoseconds: UInt64) {
    slept = min(slept.addingReportingOverflow(nanoseconds).overflow ? .max : slept + nanoseconds, Self.longest)
  }
}

/// Clocks and sleeping.
extension LinuxUser {
  private static let second: UInt64 = 1_000_000_000

  /// Nanoseconds of a clock of the guest's (linux/time.h).
  private func now(_ clock: Int32) throws(LinuxError) -> UInt64 {
    switch clock {
    case 0, 5, 8, 11: self.clock.real(run: hart.elapsed)
    case 1, 4, 6, 7, 9: self.clock.monotonic(run: hart.elapsed)
    case 2, 3: processTime
    default: throw .EINVAL
    }
  }

  /// Nanoseconds that the process has used.
  var processTime: UInt64 {
    switch options.clock {
    case .virtual: hart.elapsed &- startTime
    case .host: clock.processor(run: hart.elapsed)
    }
  }

  func clockTime(_ clock: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    var layout = GuestLayout(capacity: 16)
    layout.put(nanoseconds: try now(clock))
    try space.put(layout, at: address)
    return .ok
  }

  func clockResolution(_ clock: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    _ = try now(clock)
    if address == 0 { return .ok }
    var layout = GuestLayout(capacity: 16)
    // The coarse clocks tick with the scheduler, 250 times a second; here they are as fine as the others, and do not say so.
    layout.put(nanoseconds: clock == 5 || clock == 6 ? 4_000_000 : 1)
    try space.put(layout, at: address)
    return .ok
  }

  func timeOfDay(to address: UInt64, zone: UInt64) throws(LinuxError) -> CallResult {
    if address != 0 {
      var layout = GuestLayout(capacity: 16)
      layout.put(microsecondsOf: try now(0))
      try space.put(layout, at: address)
    }
    if zone != 0 { try space.put(UInt64(0), at: zone) }
    return .ok
  }

  /// Reads a `struct timespec`.
  func duration(at address: UInt64) throws(LinuxError) -> UInt64 {
    let seconds: Int64 = try space.get(address)
    let nanoseconds: Int64 = try space.get(address &+ 8)
    guard seconds >= 0, (0..<Int64(Self.second)).contains(nanoseconds) else { throw .EINVAL }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: Self.second)
    let (sum, more) = product.addingReportingOverflow(UInt64(nanoseconds))
    return overflow || more ? .max : sum
  }

  func sleep(_ address: UInt64, remainder: UInt64) throws(LinuxError) -> CallResult {
    try sleep(for: try duration(at: address), remainder: remainder)
  }

  func sleep(clock: Int32, flags: Int32, _ address: UInt64, remainder: UInt64) throws(LinuxError) -> CallResult {
    let start = try now(clock)
    // The thread's own time, the raw clock and the coarse ones wake nobody.
    if (3...6).contains(clock) { throw .EOPNOTSUPP }
    let time = try duration(at: address)
    if flags & 1 == 0 { return try sleep(for: time, remainder: remainder) }
    // TIMER_ABSTIME: after a signal the call is made again as it is.
    if time > start { try idle(until: deadline(after: time - start)) }
    return .ok
  }

  private func sleep(for time: UInt64, remainder: UInt64) throws(LinuxError) -> CallResult {
    let end = deadline(after: time)
    do throws(LinuxError) {
      try idle(until: end)
    } catch {
      guard error == .ERESTARTNOHAND else { throw error }
      if remainder != 0 {
        var layout = GuestLayout(capacity: 16)
        layout.put(nanoseconds: end > elapsed ? end - elapsed : 0)
        try space.put(layout, at: remainder)
      }
      // A handler runs: Linux goes on sleeping only after a stop.
      throw .EINTR
    }
    return .ok
  }

  /// `struct tms` in ticks of a hundredth of a second.
  func processTimes(to address: UInt64) throws(LinuxError) -> UInt64 {
    let tick: UInt64 = 10_000_000
    if address != 0 {
      var layout = GuestLayout(capacity: 32)
      layout.put(processTime / tick)
      layout.put(UInt64(0))
      layout.put(childrenTime / tick)
      layout.pad(to: 32)
      try space.put(layout, at: address)
    }
    return try now(1) / tick
  }

  /// `struct rusage`: the user's time, and nothing else.
  func resourceUsage(_ who: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    guard (-1...1).contains(who) else { throw .EINVAL }
    try space.put(Self.usage(of: who == -1 ? childrenTime : processTime), at: address)
    return .ok
  }
}
