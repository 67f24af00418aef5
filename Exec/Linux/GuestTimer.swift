/// Something that happens when a clock has reached a time.
final class GuestTimer {
  /// What it counts: time that passes, or time that the program uses.
  enum Clock { case elapsed, processor }

  enum Action {
    /// An interval timer: a signal from the kernel.
    case interval(Signal)
    /// A POSIX timer, by its number: the signal is `nil` with SIGEV_NONE.
    case posix(Int32, SignalInfo?)
    /// A descriptor counts expirations: a host counter that reads as the guest's.
    case file(WeakFile)
  }

  struct WeakFile { weak var file: OpenFile? }

  let clock: Clock
  let action: Action
  /// Times that are not relative are those of CLOCK_REALTIME.
  let isRealTime: Bool
  /// By the clock, in nanoseconds; `nil` while it is not armed.
  var expiry: UInt64?
  /// Nanoseconds from one expiration to the next; 0 for a single one.
  var interval: UInt64 = 0
  /// Expirations that the last signal delivered stood for beside its own.
  var overrun = 0

  init(clock: Clock, action: Action, isRealTime: Bool = false) {
    self.clock = clock
    self.isRealTime = isRealTime
    self.action = action
  }

  /// Expirations up to `now`; arms itself for the next one.
  func expirations(at now: UInt64) -> Int {
    guard let time = expiry, time <= now else { return 0 }
    guard interval > 0 else {
      expiry = nil
      return 1
    }
    let count = (now - time) / interval + 1
    expiry = time &+ count &* interval
    return Int(clamping: count)
  }

  /// Nanoseconds until it expires; 0 when it is not armed.
  func remaining(at now: UInt64) -> UInt64 { expiry.map { $0 > now ? $0 - now : 1 } ?? 0 }
}
