#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Timers: those of setitimer, those of POSIX, and descriptors.
extension LinuxUser {
  private func now(_ clock: GuestTimer.Clock) -> UInt64 {
    switch clock {
    case .elapsed: elapsed
    case .processor: self.clock.processor(run: hart.elapsed)
    }
  }

  /// Nanoseconds until the next timer expires; `nil` without one. While the program waits, it uses no time.
  func timeToTimer(whileIdle: Bool) -> UInt64? {
    var least: UInt64?
    for timer in timers where !(whileIdle && timer.clock == .processor) {
      guard let expiry = timer.expiry else { continue }
      let now = now(timer.clock)
      least = min(least ?? .max, expiry > now ? expiry - now : 0)
    }
    return least
  }

  /// Does what the timers that are due stand for.
  func fireTimers() {
    if timers.isEmpty { return }
    for timer in timers {
      let count = timer.expirations(at: now(timer.clock))
      if count == 0 { continue }
      switch timer.action {
      case .interval(let signal): signals.raise(SignalInfo(signal, code: SignalInfo.Code.kernel))
      case .posix(let number, let info):
        guard var info else { continue }
        if signals.addOverruns(count, timer: number) { continue }
        info.fields[0] = UInt64(UInt32(bitPattern: number)) | UInt64(UInt32(clamping: min(count - 1, Int(Int32.max)))) << 32
        signals.raise(info)
      case .file(let reference):
        guard let file = reference.file else { continue }
        var sum = UInt64(count)
        _ = hostWrite(file.descriptor, &sum, 8)
      }
    }
    timers.removeAll {
      if case .file(let reference) = $0.action { reference.file == nil } else { false }
    }
  }

  /// A timer's signal reaches the program.
  func delivered(timer: Int32, _ info: SignalInfo) {
    posixTimer(timer)?.overrun = Int(UInt32(truncatingIfNeeded: (info.fields.first ?? 0) >> 32))
  }

  private func posixTimer(_ number: Int32) -> GuestTimer? {
    timers.first { if case .posix(number, _) = $0.action { true } else { false } }
  }

  // MARK: struct itimerval and struct itimerspec

  struct Setting {
    var interval: UInt64
    var value: UInt64
  }

  func setting(at address: UInt64, unit: UInt64) throws(LinuxError) -> Setting {
    func time(_ address: UInt64) throws(LinuxError) -> UInt64 {
      let (seconds, parts) = (try space.get(address, as: Int64.self), try space.get(address &+ 8, as: Int64.self))
      guard seconds >= 0, parts >= 0, UInt64(parts) < 1_000_000_000 / unit else { throw .EINVAL }
      let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, more) = product.addingReportingOverflow(UInt64(parts) * unit)
      // A hundred years are for ever.
      return min(overflow || more ? .max : sum, VirtualClock.longest)
    }
    return Setting(interval: try time(address), value: try time(address &+ 16))
  }

  func put(_ timer: GuestTimer?, at address: UInt64, unit: UInt64) throws(LinuxError) {
    var layout = GuestLayout(capacity: 32)
    for time in [timer?.expiry == nil ? 0 : timer?.interval ?? 0, timer.map { $0.remaining(at: now($0.clock)) } ?? 0] {
      layout.put(time / 1_000_000_000)
      layout.put(time % 1_000_000_000 / unit)
    }
    try space.put(layout, at: address)
  }

  func arm(_ timer: GuestTimer, _ setting: Setting) {
    timer.interval = setting.interval
    timer.expiry = setting.value == 0 ? nil : now(timer.clock) &+ setting.value
  }

  // MARK: setitimer

  private func intervalTimer(_ which: Int32) throws(LinuxError) -> (Signal, GuestTimer.Clock, GuestTimer?) {
    let kinds: [(Signal, GuestTimer.Clock)] = [(.SIGALRM, .elapsed), (.SIGVTALRM, .processor), (.SIGPROF, .processor)]
    guard (0..<3).contains(which) else { throw .EINVAL }
    let (signal, clock) = kinds[Int(which)]
    return (signal, clock, timers.first { if case .interval(signal) = $0.action { true } else { false } })
  }

  func getIntervalTimer(_ which: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    try put(try intervalTimer(which).2, at: address, unit: 1000)
    return .ok
  }

  func setIntervalTimer(_ which: Int32, new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    // Without a new value Linux takes zeros.
    let setting = new == 0 ? Setting(interval: 0, value: 0) : try setting(at: new, unit: 1000)
    let (signal, clock, existing) = try intervalTimer(which)
    if old != 0 { try put(existing, at: old, unit: 1000) }
    let timer = existing ?? GuestTimer(clock: clock, action: .interval(signal))
    if existing == nil { timers.append(timer) }
    arm(timer, setting)
    return .ok
  }

  // MARK: POSIX timers

  private func timerClock(_ clock: Int32) throws(LinuxError) -> GuestTimer.Clock {
    switch clock {
    case 0, 1, 7, 8, 9, 11: .elapsed
    case 2, 3: .processor
    default: throw .EINVAL
    }
  }

  static func isRealTime(_ clock: Int32) -> Bool { [0, 8, 11].contains(clock) }

  /// `struct sigevent`: value, signal, notification, thread.
  func createTimer(_ clock: Int32, event: UInt64, to address: UInt64) throws(LinuxError) -> CallResult {
    let kind = try timerClock(clock)
    let number = nextTimer
    var info: SignalInfo? = SignalInfo(.SIGALRM, code: SignalInfo.Code.timer)
    var value = UInt64(UInt32(bitPattern: number))
    if event != 0 {
      value = try space.get(event)
      let signal = try space.get(event &+ 8, as: Int32.self)
      let notification = try space.get(event &+ 12, as: Int32.self)
      switch notification {
      case 1: info = nil  // SIGEV_NONE
      case 0, 2, 4:  // SIGEV_SIGNAL, SIGEV_THREAD, SIGEV_THREAD_ID
        guard (1...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
        if notification == 4, !isSelf(try space.get(event &+ 16, as: Int32.self)) { throw .EINVAL }
        info?.signal = Int(signal)
        info?.isDirected = notification == 4
      default: throw .EINVAL
      }
    }
    info?.fields = [UInt64(UInt32(bitPattern: number)), value]
    info?.timer = number
    try space.put(number, at: address)
    nextTimer += 1
    timers.append(GuestTimer(clock: kind, action: .posix(number, info), isRealTime: Self.isRealTime(clock)))
    return .ok
  }

  private func existingTimer(_ number: Int32) throws(LinuxError) -> GuestTimer {
    guard let timer = posixTimer(number) else { throw .EINVAL }
    return timer
  }

  func setTimer(_ number: Int32, flags: Int32, new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    guard new != 0 else { throw .EINVAL }
    let setting = try setting(at: new, unit: 1)
    let timer = try existingTimer(number)
    if old != 0 { try put(timer, at: old, unit: 1) }
    signals.forget(timer: number)
    timer.overrun = 0
    arm(timer, setting, isAbsolute: flags & 1 != 0)
    return .ok
  }

  /// TIMER_ABSTIME and TFD_TIMER_ABSTIME: the value is a time of the clock.
  func arm(_ timer: GuestTimer, _ setting: Setting, isAbsolute: Bool) {
    arm(timer, setting)
    guard isAbsolute, setting.value != 0 else { return }
    let now = timer.isRealTime ? clock.real(run: hart.elapsed) : now(timer.clock)
    timer.expiry = self.now(timer.clock) &+ (setting.value > now ? setting.value - now : 0)
    fireTimers()
  }

  func getTimer(_ number: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    try put(try existingTimer(number), at: address, unit: 1)
    return .ok
  }

  func timerOverrun(_ number: Int32) throws(LinuxError) -> CallResult { .value(try existingTimer(number).overrun) }

  func deleteTimer(_ number: Int32) throws(LinuxError) -> CallResult {
    let timer = try existingTimer(number)
    timers.removeAll { $0 === timer }
    signals.forget(timer: number)
    return .ok
  }
}
