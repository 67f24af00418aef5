/// One level of cache: tags, the time at which each line's fill is done, misses in flight. Lines are named by their address over the line size.
///
/// Contents change in program order, whatever the times are: a stated approximation.
final class Cache {
  /// What is below.
  enum Below {
    case cache(Cache)
    case memory(MainMemory)
  }

  let parameters: CacheParameters
  private let below: Below
  private let setMask: UInt64
  private let logLine: UInt64
  private let ways: Int
  /// Line numbers by set and way; `empty` where there is none.
  private let tags: UnsafeMutablePointer<UInt64>
  /// When the line is there.
  private let filled: UnsafeMutablePointer<Ticks>
  private let used: UnsafeMutablePointer<UInt64>
  private let dirty: UnsafeMutablePointer<Bool>
  private let count: Int
  private var clock: UInt64 = 0
  private var inFlight: [Ticks]
  private var port: Calendar
  private var streams: Streams
  private(set) var accesses: UInt64 = 0
  private(set) var missCount: UInt64 = 0
  private(set) var writeBacks: UInt64 = 0
  private(set) var prefetches: UInt64 = 0
  private static let empty = UInt64.max

  init(_ parameters: CacheParameters, below: Below) {
    self.parameters = parameters
    self.below = below
    ways = parameters.ways
    count = Int(parameters.size) / parameters.line
    setMask = UInt64(count / ways - 1)
    logLine = UInt64(parameters.line.trailingZeroBitCount)
    tags = .allocate(capacity: count)
    filled = .allocate(capacity: count)
    used = .allocate(capacity: count)
    dirty = .allocate(capacity: count)
    tags.initialize(repeating: Self.empty, count: count)
    filled.initialize(repeating: 0, count: count)
    used.initialize(repeating: 0, count: count)
    dirty.initialize(repeating: false, count: count)
    inFlight = Array(repeating: 0, count: parameters.misses)
    port = Calendar(slot: max(parameters.interval, 1))
    streams = Streams(count: parameters.streams, ahead: parameters.ahead)
  }

  deinit {
    tags.deallocate()
    filled.deallocate()
    used.deallocate()
    dirty.deallocate()
  }

  var lineBytes: Int { parameters.line }

  /// Accesses one line.
  /// - Parameters:
  ///   - address: of any byte of it.
  ///   - time: when the request is here.
  /// - Returns: when the data are there.
  @inline(__always)
  func access(_ address: UInt64, at time: Ticks, isStore: Bool) -> Ticks {
    let line = address &>> logLine
    accesses &+= 1
    let start = port.reserve(time)
    let set = Int(line & setMask) &* ways
    clock &+= 1
    for way in set..<set &+ ways where tags[way] == line {
      used[way] = clock
      if isStore { dirty[way] = true }
      if parameters.streams > 0, let next = streams.follow(line) { prefetch(next, at: start) }
      return max(start &+ parameters.latency, filled[way])
    }
    return miss(line, set, at: start, isStore: isStore, isDemand: true)
  }

  /// Whether a line is here or on its way.
  func holds(_ line: UInt64) -> Bool {
    let set = Int(line & setMask) * ways
    return (set..<set + ways).contains { tags[$0] == line }
  }

  @inline(never)
  private func miss(_ line: UInt64, _ set: Int, at time: Ticks, isStore: Bool, isDemand: Bool) -> Ticks {
    // A free place among the misses in flight.
    var slot = 0
    for k in 1..<inFlight.count where inFlight[k] < inFlight[slot] { slot = k }
    let start = max(time &+ (isDemand ? parameters.latency : 0), inFlight[slot])
    let done = request(line, at: start)
    inFlight[slot] = done
    if isDemand { missCount &+= 1 } else { prefetches &+= 1 }
    var victim = set
    for way in set..<set &+ ways {
      if tags[way] == Self.empty { victim = way; break }
      if used[way] < used[victim] { victim = way }
    }
    if dirty[victim], tags[victim] != Self.empty { writeBack(tags[victim], at: done) }
    tags[victim] = line
    filled[victim] = done
    used[victim] = clock
    dirty[victim] = isStore
    if isDemand, parameters.streams > 0 { prefetch(streams.begin(line), at: start) }
    return done
  }

  private func prefetch(_ lines: Range<UInt64>, at time: Ticks) {
    // Streams end at a page: what comes behind lies elsewhere.
    let page = UInt64(4096) >> logLine
    for line in lines where line / page == (lines.lowerBound &- 1) / page && !holds(line) {
      _ = miss(line, Int(line & setMask) &* ways, at: time, isStore: false, isDemand: false)
    }
  }

  private func request(_ line: UInt64, at time: Ticks) -> Ticks {
    switch below {
    case .cache(let cache): cache.access(line << logLine, at: time, isStore: false)
    case .memory(let memory): memory.read(bytes: parameters.line, at: time)
    }
  }

  private func writeBack(_ line: UInt64, at time: Ticks) {
    writeBacks &+= 1
    switch below {
    case .cache(let cache): _ = cache.access(line << logLine, at: time, isStore: true)
    case .memory(let memory): memory.write(bytes: parameters.line, at: time)
    }
  }
}

/// Runs of neighbouring lines that are fetched ahead of use.
struct Streams {
  private var next: [UInt64]
  private var end: [UInt64]
  private var victim = 0
  private let ahead: UInt64

  init(count: Int, ahead: Int) {
    next = Array(repeating: .max, count: count)
    end = next
    self.ahead = UInt64(ahead)
  }

  /// A hit: if it is the next line of a stream, the lines to fetch.
  mutating func follow(_ line: UInt64) -> Range<UInt64>? {
    for k in 0..<next.count where next[k] == line {
      next[k] = line &+ 1
      let wanted = line &+ 1 &+ ahead
      guard wanted > end[k] else { return nil }
      defer { end[k] = wanted }
      return max(end[k], line &+ 1)..<wanted
    }
    return nil
  }

  /// A miss: the second of two neighbours begins a stream.
  mutating func begin(_ line: UInt64) -> Range<UInt64> {
    let nothing = line &+ 1..<line &+ 1
    for k in 0..<next.count where next[k] == line {
      next[k] = line &+ 1
      end[k] = line &+ 1 &+ ahead
      return line &+ 1..<end[k]
    }
    next[victim] = line &+ 1
    end[victim] = line &+ 1
    victim = (victim + 1) % next.count
    return nothing
  }
}

/// DRAM behind a bus.
final class MainMemory {
  private let parameters: MemoryParameters
  private var bus: Calendar
  private let slot: Ticks
  private(set) var readBytes: UInt64 = 0
  private(set) var writtenBytes: UInt64 = 0

  /// - Parameter line: bytes of a transfer.
  init(_ parameters: MemoryParameters, line: Int) {
    self.parameters = parameters
    slot = max(1, Ticks(line) * .perCycle * 8 / parameters.bandwidth)
    bus = Calendar(slot: slot)
  }

  func read(bytes: Int, at time: Ticks) -> Ticks {
    readBytes &+= UInt64(bytes)
    return bus.reserve(time) &+ parameters.latency
  }

  func write(bytes: Int, at time: Ticks) {
    writtenBytes &+= UInt64(bytes)
    _ = bus.reserve(time)
  }
}
