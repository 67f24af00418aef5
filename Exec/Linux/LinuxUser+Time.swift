#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What time it is for the guest, in nanoseconds.
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
  func monotonic(retired: UInt64) -> UInt64 {
    switch source {
    case .virtual: retired &+ slept
    case .host: hostClock(CLOCK_MONOTONIC)
    }
  }

  /// Since 1970.
  func real(retired: UInt64) -> UInt64 {
    switch source {
    case .virtual: epoch &+ retired &+ slept
    case .host: hostClock(CLOCK_REALTIME)
    }
  }

  /// Used by the program.
  func processor(retired: UInt64) -> UInt64 {
    switch source {
    case .virtual: retired
    case .host: hostClock(CLOCK_PROCESS_CPUTIME_ID)
    }
  }

  mutating func pass(_ nanoseconds: UInt64) {
    // A hundred years at most: no sum of clocks overflows.
    slept = min(slept.addingReportingOverflow(nanoseconds).overflow ? .max : slept + nanoseconds, 3_153_600_000_000_000_000)
  }
}

/// Clocks and sleeping.
extension LinuxUser {
  private static let second: UInt64 = 1_000_000_000

  /// Nanoseconds of a clock of the guest's (linux/time.h).
  private func now(_ clock: Int32) throws(LinuxError) -> UInt64 {
    switch clock {
    case 0, 5, 8, 11: self.clock.real(retired: hart.retired)
    case 1, 4, 6, 7, 9: self.clock.monotonic(retired: hart.retired)
    case 2, 3: self.clock.processor(retired: hart.retired)
    default: throw .EINVAL
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
    try pass(try duration(at: address))
    return .ok
  }

  func sleep(clock: Int32, flags: Int32, _ address: UInt64, remainder: UInt64) throws(LinuxError) -> CallResult {
    guard flags & ~1 == 0, clock != 3 else { throw .EINVAL }
    let start = try now(clock)
    let time = try duration(at: address)
    // TIMER_ABSTIME
    if flags == 0 { try pass(time) } else if time > start { try pass(time - start) }
    return .ok
  }

  /// Lets time pass.
  func pass(_ nanoseconds: UInt64) throws(LinuxError) {
    switch options.clock {
    case .virtual:
      clock.pass(nanoseconds)
      hart.timeSkew = clock.slept
    case .host:
      var time = timespec(tv_sec: Int(clamping: nanoseconds / Self.second), tv_nsec: Int(nanoseconds % Self.second))
      try host {
        var rest = timespec()
        let result = nanosleep(&time, &rest)
        if result != 0 { time = rest }
        return result
      }
    }
  }

  /// `struct tms` in ticks of a hundredth of a second.
  func processTimes(to address: UInt64) throws(LinuxError) -> UInt64 {
    let tick: UInt64 = 10_000_000
    if address != 0 {
      var layout = GuestLayout(capacity: 32)
      layout.put(try now(2) / tick)
      layout.pad(to: 32)
      try space.put(layout, at: address)
    }
    return try now(1) / tick
  }

  /// `struct rusage`: the user's time, and nothing else.
  func resourceUsage(_ who: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    guard (-1...1).contains(who) else { throw .EINVAL }
    var layout = GuestLayout(capacity: 144)
    layout.put(microsecondsOf: who == -1 ? 0 : try now(2))
    layout.pad(to: 144)
    try space.put(layout, at: address)
    return .ok
  }
}
