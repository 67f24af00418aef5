/// Dispositions, mask, and what is pending. Signals are numbered from 1 to 64; sets have bit n - 1 for signal n.
struct SignalState {
  /// `struct sigaction` of the kernel on riscv64: there is no restorer.
  struct Action {
    static let ignore: UInt64 = 1

    var handler: UInt64 = 0
    var flags: UInt64 = 0
    var mask: UInt64 = 0

    var hasHandler: Bool { handler > Self.ignore }
    func has(_ flag: UInt64) -> Bool { flags & flag != 0 }
  }

  /// SA_… flags.
  enum Flags {
    static let noChildStop: UInt64 = 1
    static let noChildWait: UInt64 = 2
    static let alternateStack: UInt64 = 0x0800_0000
    static let restart: UInt64 = 0x1000_0000
    static let noDefer: UInt64 = 0x4000_0000
    static let resetHandler: UInt64 = 0x8000_0000
    /// What the kernel knows; SA_SIGINFO changes nothing: the handler always gets all three arguments.
    static let known: UInt64 = 7 | 0x400 | 0x800 | alternateStack | restart | noDefer | resetHandler
  }

  static let count = 64
  /// Signals that may wait, for RLIMIT_SIGPENDING.
  static let queueLimit = 4096

  var actions = [Action](repeating: Action(), count: count + 1)
  var mask: UInt64 = 0
  /// What the mask is to be again once a signal was delivered: rt_sigsuspend and its kin have changed it.
  var savedMask: UInt64?
  var stack = AlternateStack()
  /// In the order in which they came.
  private(set) var queue: [SignalInfo] = []

  /// Pending signals as a set.
  var pending: UInt64 { pending { _ in true } }

  /// Those among them that have a property.
  func pending(where isMeant: (SignalInfo) -> Bool) -> UInt64 {
    queue.reduce(0) { isMeant($1) ? $0 | Signal.bit($1.signal) : $0 }
  }

  func isIgnored(_ signal: Int) -> Bool {
    switch actions[signal].handler {
    case 0:
      switch Signal.defaultAction(signal) {
      case .ignore, .proceed: true
      case .end, .stop: false
      }
    case Action.ignore: true
    default: false
    }
  }

  private func isBlocked(_ signal: Int) -> Bool { mask & Signal.bit(signal) != 0 }

  /// Whether something is to be done before the program goes on.
  var needsAttention: Bool { !queue.isEmpty || savedMask != nil }

  /// Whether a signal would be delivered now: a call that waits is to be interrupted.
  var hasDeliverable: Bool {
    if queue.isEmpty { return false }
    return queue.contains { !isBlocked($0.signal) && !isIgnored($0.signal) }
  }

  /// Makes a signal pending, unless it is ignored or pending already.
  /// - Returns: `false` when it could not be queued.
  @discardableResult
  mutating func raise(_ info: SignalInfo) -> Bool {
    let signal = info.signal
    guard (1...Self.count).contains(signal) else { return true }
    if signal == Signal.SIGCONT.rawValue { drop(Signal.stopping) }
    if Signal.stopping & Signal.bit(signal) != 0 { drop(Signal.SIGCONT.bit) }
    // A signal that is blocked may have another disposition by the time it is not.
    if isIgnored(signal), !isBlocked(signal) { return true }
    if signal < Signal.firstRealTime {
      if queue.contains(where: { $0.signal == signal && $0.isDirected == info.isDirected }) { return true }
    } else if queue.count >= Self.queueLimit {
      return false
    }
    queue.append(info)
    return true
  }

  private mutating func drop(_ set: UInt64) { queue.removeAll { Signal.bit($0.signal) & set != 0 } }

  /// A disposition changed: what is pending and ignored now is gone.
  mutating func dropIgnored(_ signal: Int) {
    if isIgnored(signal) { drop(Signal.bit(signal)) }
  }

  mutating func dropAll() { queue.removeAll() }

  /// Takes the next pending signal of a set: those of the instruction first, then those sent to the thread, then by number.
  mutating func take(from set: UInt64) -> SignalInfo? {
    if queue.isEmpty { return nil }
    func order(_ info: SignalInfo) -> (Int, Int, Int) {
      let isOwn = Signal.synchronous & Signal.bit(info.signal) != 0
      return (isOwn && info.isDirected ? 0 : 1, info.isDirected ? 0 : 1, isOwn ? info.signal : info.signal + Self.count)
    }
    var best: Int?
    for (index, info) in queue.enumerated() where set & Signal.bit(info.signal) != 0 {
      if best.map({ order(info) < order(queue[$0]) }) ?? true { best = index }
    }
    return best.map { queue.remove(at: $0) }
  }

  mutating func takeDeliverable() -> SignalInfo? { take(from: ~mask) }

  /// Counts more expirations of a timer whose signal is pending still.
  /// - Returns: `false` when it is not.
  mutating func addOverruns(_ count: Int, timer: Int32) -> Bool {
    guard let index = queue.firstIndex(where: { $0.timer == timer }), !queue[index].fields.isEmpty else { return false }
    let old = Int(Int32(bitPattern: UInt32(truncatingIfNeeded: queue[index].fields[0] >> 32)))
    let sum = UInt64(UInt32(truncatingIfNeeded: min(old + count, Int(Int32.max))))
    queue[index].fields[0] = queue[index].fields[0] & 0xffff_ffff | sum << 32
    return true
  }

  mutating func forget(timer: Int32) { queue.removeAll { $0.timer == timer } }

  /// execve: what was caught has its default action again, what is ignored stays so.
  mutating func resetForNewProgram() {
    for signal in 1...Self.count {
      actions[signal] = Action(handler: actions[signal].hasHandler ? 0 : actions[signal].handler)
    }
    stack = AlternateStack()
    savedMask = nil
  }
}

/// What sigaltstack set.
struct AlternateStack {
  enum Flags {
    static let onStack: UInt32 = 1
    static let disable: UInt32 = 2
    static let autoDisarm: UInt32 = 0x8000_0000
  }

  /// MINSIGSTKSZ.
  static let minimumSize: UInt64 = 2048

  var address: UInt64 = 0
  var flags: UInt32 = 0
  var size: UInt64 = 0

  /// Whether a stack pointer lies on it.
  func holds(_ pointer: UInt64) -> Bool {
    flags & Flags.autoDisarm == 0 && pointer > address && pointer - address <= size
  }

  /// As sigaltstack reports it.
  func flags(at pointer: UInt64) -> UInt32 {
    let state = size == 0 ? Flags.disable : holds(pointer) ? Flags.onStack : 0
    return state | flags & Flags.autoDisarm
  }

  /// `stack_t`.
  func layout(flags: UInt32) -> GuestLayout {
    var layout = GuestLayout(capacity: 24)
    layout.put(address)
    layout.put(flags)
    layout.put(UInt32(0))
    layout.put(size)
    return layout
  }
}
