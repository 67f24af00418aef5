/// One level of cache: tags, the time at which each line's fill is done, misses in flight. Lines are named by their address over the line size.
///
/// Contents change in program order, whatever the times are: a stated approximation.
struct Cache {
  /// 1, 2 or 3.
  let level: MemoryLevel
  let latency: Ticks
  let lineBytes: Int
  private let below: UnsafeMutablePointer<Cache>?
  private let memory: UnsafeMutablePointer<MainMemory>
  private let setMask: UInt64
  private let logLine: UInt64
  private let logPage: UInt64
  private let ways: Int
  private let count: Int
  /// Line numbers by set and way; `empty` where there is none.
  private let tags: UnsafeMutablePointer<UInt64>
  /// When the line is there.
  private let filled: UnsafeMutablePointer<Ticks>
  private let used: UnsafeMutablePointer<UInt64>
  /// Written lines: 1. Where the line came from: the level, from bit 1 on.
  private let marks: UnsafeMutablePointer<UInt8>
  /// The way that was used last, by set.
  private let recent: UnsafeMutablePointer<UInt8>
  private var clock: UInt64 = 0
  private let inFlight: UnsafeMutablePointer<Ticks>
  private let inFlightCount: Int
  private var port: Calendar
  private var streams: Streams
  private let storeStream: Int
  private let refill: Ticks
  private let replacement: CacheParameters.Replacement
  private var random: UInt64 = 0x9e37_79b9_7f4a_7c15
  /// How addresses change on the way below: those of the first level are the program's own.
  private let placing: PagePlacing
  /// The line that a store missed last, and how many before it were its neighbours.
  private var storeLine: UInt64 = .max
  private var storeRun = 0
  private(set) var accesses: UInt64 = 0
  private(set) var missCount: UInt64 = 0
  private(set) var writeBacks: UInt64 = 0
  private(set) var prefetches: UInt64 = 0
  /// Where the last access that took longer than a hit had its line from.
  private(set) var lastSource = MemoryLevel.l1
  private static let empty = UInt64.max

  init(
    _ parameters: CacheParameters, _ level: MemoryLevel, below: UnsafeMutablePointer<Cache>?,
    memory: UnsafeMutablePointer<MainMemory>,
    placing: PagePlacing
  ) {
    self.level = level
    self.below = below
    self.memory = memory
    self.placing = placing
    logPage = placing.logPage
    latency = parameters.latency
    lineBytes = parameters.line
    ways = parameters.ways
    count = Int(parameters.size) / parameters.line
    setMask = UInt64(count / ways - 1)
    logLine = UInt64(parameters.line.trailingZeroBitCount)
    tags = .allocate(capacity: count)
    filled = .allocate(capacity: count)
    used = .allocate(capacity: count)
    marks = .allocate(capacity: count)
    recent = .allocate(capacity: count / ways)
    tags.initialize(repeating: Self.empty, count: count)
    filled.initialize(repeating: 0, count: count)
    used.initialize(repeating: 0, count: count)
    marks.initialize(repeating: 0, count: count)
    recent.initialize(repeating: 0, count: count / ways)
    inFlightCount = parameters.misses
    inFlight = .allocate(capacity: inFlightCount)
    inFlight.initialize(repeating: 0, count: inFlightCount)
    storeStream = parameters.storeStream
    refill = parameters.refill
    replacement = parameters.replacement
    port = Calendar(slot: max(parameters.interval, 1))
    streams = Streams(count: parameters.streams, ahead: parameters.ahead)
  }

  func free() {
    tags.deallocate()
    filled.deallocate()
    used.deallocate()
    marks.deallocate()
    recent.deallocate()
    inFlight.deallocate()
    port.free()
    streams.free()
  }

  /// Time begins anew; lines stay.
  mutating func resetTime() {
    filled.update(repeating: 0, count: count)
    inFlight.update(repeating: 0, count: inFlightCount)
    port.reset()
  }

  /// Accesses one line.
  /// - Parameters:
  ///   - address: of any byte of it.
  ///   - time: when the request is here.
  /// - Returns: when the data are there.
  @inline(__always)
  mutating func access(_ address: UInt64, at time: Ticks, isStore: Bool) -> Ticks {
    let line = address &>> logLine
    accesses &+= 1
    let start = port.reserve(time)
    let set = Int(line & setMask)
    let way = set &* ways &+ Int(recent[set])
    if tags[way] == line { return hit(line, way, at: start, isStore: isStore) }
    return search(line, set, at: start, isStore: isStore)
  }

  /// A load of a line that is there; `nil` otherwise, and nothing has changed then.
  @inline(__always)
  mutating func hit(_ address: UInt64, at time: Ticks) -> Ticks? {
    let line = address &>> logLine
    let set = Int(line & setMask)
    if streams.mayFollow(line) { return nil }
    var way = set &* ways &+ Int(recent[set])
    if tags[way] != line {
      let first = set &* ways
      way = first
      while tags[way] != line {
        way &+= 1
        if way == first &+ ways { return nil }
      }
      recent[set] = UInt8(truncatingIfNeeded: way &- first)
    }
    guard filled[way] <= time else { return nil }
    accesses &+= 1
    touch(way)
    return port.reserve(time) &+ latency
  }

  /// The order in which lines came does not change when they are used.
  @inline(__always)
  private mutating func touch(_ way: Int) {
    if replacement == .fifo { return }
    clock &+= 1
    used[way] = clock
  }

  @inline(__always)
  private mutating func hit(_ line: UInt64, _ way: Int, at start: Ticks, isStore: Bool) -> Ticks {
    touch(way)
    if isStore { marks[way] |= 1 }
    if streams.mayFollow(line) { follow(line, at: start) }
    let end = start &+ latency
    if filled[way] > end {
      lastSource = MemoryLevel(mark: marks[way])
      return filled[way]
    }
    return end
  }

  @inline(never)
  private mutating func search(_ line: UInt64, _ set: Int, at start: Ticks, isStore: Bool) -> Ticks {
    let first = set &* ways
    for way in first..<first &+ ways where tags[way] == line {
      recent[set] = UInt8(truncatingIfNeeded: way &- first)
      return hit(line, way, at: start, isStore: isStore)
    }
    return miss(line, set, at: start, isStore: isStore, isDemand: true)
  }

  /// Whether a line is here or on its way.
  private func holds(_ line: UInt64) -> Bool {
    let first = Int(line & setMask) &* ways
    for way in first..<first &+ ways where tags[way] == line { return true }
    return false
  }

  private mutating func miss(_ line: UInt64, _ set: Int, at time: Ticks, isStore: Bool, isDemand: Bool) -> Ticks {
    if isStore, isDemand, storeStream > 0 {
      storeRun = line == storeLine &+ 1 ? storeRun &+ 1 : 0
      storeLine = line
      if storeRun >= storeStream { return take(line, set, at: time &+ latency) }
    }
    // A free place among the misses in flight.
    var slot = 0
    for k in 1..<inFlightCount where inFlight[k] < inFlight[slot] { slot = k }
    let start = max(time &+ (isDemand ? latency : 0), inFlight[slot])
    let done = request(line, at: start)
    inFlight[slot] = done &+ refill
    if isDemand { missCount &+= 1 } else { prefetches &+= 1 }
    let way = place(line, set, at: done, mark: (isStore ? 1 : 0) | source.mark)
    if isDemand {
      recent[set] = way
      lastSource = source
      prefetch(streams.begin(line), at: start)
    }
    return done
  }

  /// A line that stores will fill: nobody reads it.
  private mutating func take(_ line: UInt64, _ set: Int, at time: Ticks) -> Ticks {
    missCount &+= 1
    // What it pushes out has to have left.
    let before = writeBackEnd
    recent[set] = place(line, set, at: time, mark: 1)
    return max(time, before)
  }

  /// Puts a line in the place of the one that was used least recently.
  /// - Returns: the way.
  private mutating func place(_ line: UInt64, _ set: Int, at time: Ticks, mark: UInt8) -> UInt8 {
    let first = set &* ways
    var victim = first
    var isFull = true
    for way in first..<first &+ ways {
      if tags[way] == Self.empty { (victim, isFull) = (way, false); break }
      if used[way] < used[victim] { victim = way }
    }
    if isFull, replacement == .random {
      random ^= random &<< 13
      random ^= random &>> 7
      random ^= random &<< 17
      victim = first &+ Int((random &>> 20) % UInt64(ways))
    }
    if marks[victim] & 1 != 0, tags[victim] != Self.empty { writeBack(tags[victim], at: time) }
    clock &+= 1
    tags[victim] = line
    filled[victim] = time
    used[victim] = clock
    marks[victim] = mark
    return UInt8(truncatingIfNeeded: victim &- first)
  }

  /// When the line that was written back last had been taken.
  private var writeBackEnd: Ticks = 0

  /// What the request that was made last got its line from.
  private var source = MemoryLevel.l1

  @inline(never)
  private mutating func follow(_ line: UInt64, at time: Ticks) {
    prefetch(streams.follow(line), at: time)
  }

  private mutating func prefetch(_ lines: Range<UInt64>, at time: Ticks) {
    // Streams end at a page: what comes behind lies elsewhere.
    let logLines = logPage &- logLine
    for line in lines where line &>> logLines == (lines.lowerBound &- 1) &>> logLines && !holds(line) {
      _ = miss(line, Int(line & setMask), at: time, isStore: false, isDemand: false)
    }
  }

  /// A whole line comes from above: it need not be read.
  /// - Returns: when it has been taken.
  mutating func writeWhole(_ address: UInt64, at time: Ticks) -> Ticks {
    let line = address &>> logLine
    accesses &+= 1
    let start = port.reserve(time)
    let set = Int(line & setMask)
    let first = set &* ways
    for way in first..<first &+ ways where tags[way] == line {
      touch(way)
      marks[way] |= 1
      return start
    }
    missCount &+= 1
    let before = writeBackEnd
    recent[set] = place(line, set, at: start, mark: 1)
    return max(start, before)
  }

  private mutating func request(_ line: UInt64, at time: Ticks) -> Ticks {
    guard let below else {
      source = .dram
      return memory.pointee.read(bytes: lineBytes, at: time)
    }
    let done = below.pointee.access(placing.physical(line &<< logLine), at: time, isStore: false)
    source = done > time &+ below.pointee.latency ? below.pointee.lastSource : below.pointee.level
    return done
  }

  private mutating func writeBack(_ line: UInt64, at time: Ticks) {
    writeBacks &+= 1
    if let below {
      writeBackEnd = below.pointee.writeWhole(placing.physical(line &<< logLine), at: time)
    } else {
      writeBackEnd = memory.pointee.write(bytes: lineBytes, at: time)
    }
  }
}

/// Where data came from.
public enum MemoryLevel: UInt8, Sendable, CaseIterable {
  case l1, l2, l3, dram

  var mark: UInt8 { rawValue &<< 1 }
  init(mark: UInt8) {
    self =
      switch mark &>> 1 {
      case 0: .l1;
      case 1: .l2;
      case 2: .l3;
      default: .dram
      }
  }
}

/// Runs of neighbouring lines that are fetched ahead of use.
struct Streams {
  private let next: UnsafeMutablePointer<UInt64>
  private let end: UnsafeMutablePointer<UInt64>
  private let count: Int
  private var victim = 0
  private let ahead: UInt64
  /// Bits of the lines that would go on with a stream, by their lowest digits.
  private var expected: UInt64 = 0

  init(count: Int, ahead: Int) {
    self.count = count
    next = .allocate(capacity: count)
    end = .allocate(capacity: count)
    next.initialize(repeating: .max, count: count)
    end.initialize(repeating: .max, count: count)
    self.ahead = UInt64(ahead)
  }

  func free() {
    next.deallocate()
    end.deallocate()
  }

  /// Whether a hit may be the next line of a stream.
  @inline(__always)
  func mayFollow(_ line: UInt64) -> Bool { expected &>> (line & 63) & 1 != 0 }

  private mutating func expect() {
    expected = 0
    for k in 0..<count where next[k] != .max { expected |= 1 &<< (next[k] & 63) }
  }

  /// A hit: if it is the next line of a stream, the lines to fetch.
  mutating func follow(_ line: UInt64) -> Range<UInt64> {
    for k in 0..<count where next[k] == line {
      next[k] = line &+ 1
      expect()
      let wanted = line &+ 1 &+ ahead
      guard wanted > end[k] else { break }
      defer { end[k] = wanted }
      return max(end[k], line &+ 1)..<wanted
    }
    return line &+ 1..<line &+ 1
  }

  /// A miss: the second of two neighbours begins a stream.
  mutating func begin(_ line: UInt64) -> Range<UInt64> {
    let nothing = line &+ 1..<line &+ 1
    guard count > 0 else { return nothing }
    defer { expect() }
    for k in 0..<count where next[k] == line {
      next[k] = line &+ 1
      end[k] = line &+ 1 &+ ahead
      return line &+ 1..<end[k]
    }
    next[victim] = line &+ 1
    end[victim] = line &+ 1
    victim = victim &+ 1 == count ? 0 : victim &+ 1
    return nothing
  }
}

/// DRAM behind a bus.
struct MainMemory {
  private let latency: Ticks
  private var bus: Calendar
  private(set) var readBytes: UInt64 = 0
  private(set) var writtenBytes: UInt64 = 0

  /// - Parameter line: bytes of a transfer.
  init(_ parameters: MemoryParameters, line: Int) {
    latency = parameters.latency
    bus = Calendar(slot: max(1, Ticks(line) * .perCycle * 8 / parameters.bandwidth))
  }

  func free() { bus.free() }

  mutating func resetTime() { bus.reset() }

  mutating func read(bytes: Int, at time: Ticks) -> Ticks {
    readBytes &+= UInt64(bytes)
    return bus.reserve(time) &+ latency
  }

  /// - Returns: when they are on the bus.
  mutating func write(bytes: Int, at time: Ticks) -> Ticks {
    writtenBytes &+= UInt64(bytes)
    return bus.reserve(time)
  }
}
