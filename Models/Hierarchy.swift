/// Caches, translation and memory of one core.
struct Hierarchy {
  let l1i: UnsafeMutablePointer<Cache>?
  let l1d: UnsafeMutablePointer<Cache>
  let l2: UnsafeMutablePointer<Cache>?
  let l3: UnsafeMutablePointer<Cache>?
  let memory: UnsafeMutablePointer<MainMemory>
  private let translation: TranslationParameters?
  private var tlb: TranslationCache
  private var secondTLB: TranslationCache
  private(set) var walks: UInt64 = 0
  private let logPage: UInt64
  private let levels: Int
  /// log2 of the bytes of a line of data.
  let logLine: UInt64
  private let lineMask: UInt64

  init(_ machine: Machine, _ pages: Pages) {
    let line = machine.l2?.line ?? machine.l1d?.line ?? 64
    let memory = UnsafeMutablePointer<MainMemory>.allocate(capacity: 1)
    memory.initialize(to: MainMemory(machine.memory, line: line))
    self.memory = memory
    func make(_ parameters: CacheParameters, _ level: MemoryLevel, _ below: UnsafeMutablePointer<Cache>?) -> UnsafeMutablePointer<
      Cache
    > {
      let cache = UnsafeMutablePointer<Cache>.allocate(capacity: 1)
      cache.initialize(
        to: Cache(
          parameters, level, below: below, memory: memory, placing: level == .l1 ? placing : PagePlacing(pages, isMixed: false)))
      return cache
    }
    let placing = PagePlacing(pages, isMixed: pages != .none)
    let third = machine.l3.map { make($0, .l3, nil) }
    let second = machine.l2.map { make($0, .l2, third) }
    (l3, l2) = (third, second)
    l1i = machine.l1i.map { make($0, .l1, second) }
    l1d = make(machine.l1d ?? CacheParameters(), .l1, second)
    translation = pages == .none ? nil : machine.translation
    tlb = TranslationCache(entries: machine.translation?.entries ?? 1)
    secondTLB = TranslationCache(entries: max(machine.translation?.secondEntries ?? 1, 1))
    logPage = UInt64(pages.logSize)
    levels = (machine.translation?.levels ?? 3) - (pages == .large ? 1 : 0)
    lineMask = UInt64(l1d.pointee.lineBytes - 1)
    logLine = UInt64(l1d.pointee.lineBytes.trailingZeroBitCount)
  }

  func free() {
    for cache in [l1i, l1d, l2, l3] {
      guard let cache else { continue }
      cache.pointee.free()
      cache.deallocate()
    }
    memory.pointee.free()
    memory.deallocate()
    tlb.free()
    secondTLB.free()
  }

  /// Time begins anew; lines stay.
  func resetTime() {
    for cache in [l1i, l1d, l2, l3] { cache?.pointee.resetTime() }
    memory.pointee.resetTime()
  }

  /// A load or store of bytes that lie in one line.
  /// - Returns: when the data are there.
  @inline(__always)
  mutating func data(_ address: UInt64, at time: Ticks, isStore: Bool) -> Ticks {
    l1d.pointee.access(address, at: translated(address, at: time), isStore: isStore)
  }

  /// A load whose page and line are there; `nil` where it is not as plain as that, and nothing has changed then.
  @inline(__always)
  mutating func hit(_ address: UInt64, _ width: Int, at time: Ticks) -> Ticks? {
    guard address & lineMask &+ UInt64(width) &- 1 <= lineMask, translation == nil || tlb.knowsAtOnce(address &>> logPage) else {
      return nil
    }
    return l1d.pointee.hit(address, at: time)
  }

  /// - Returns: when the bytes of a line of code are there.
  mutating func code(_ address: UInt64, _ cache: UnsafeMutablePointer<Cache>, at time: Ticks) -> Ticks {
    cache.pointee.access(address, at: time, isStore: false)
  }

  /// Where an access that took until `end` had its data from.
  @inline(__always)
  func source(begun time: Ticks, end: Ticks) -> MemoryLevel {
    end > time &+ l1d.pointee.latency ? l1d.pointee.lastSource : .l1
  }

  /// When an access may go on: its page is known.
  @inline(__always)
  private mutating func translated(_ address: UInt64, at time: Ticks) -> Ticks {
    let page = address &>> logPage
    if translation == nil || tlb.knowsAtOnce(page) { return time }
    return lookUp(page, at: time)
  }

  @inline(never)
  private mutating func lookUp(_ page: UInt64, at time: Ticks) -> Ticks {
    guard let translation, !tlb.knows(page) else { return time }
    return walk(page, translation, at: time)
  }

  /// The walk's reads go through the caches: the tables of a level lie side by side.
  private mutating func walk(_ page: UInt64, _ translation: TranslationParameters, at time: Ticks) -> Ticks {
    defer { tlb.learn(page) }
    var time = time &+ translation.secondLatency
    if translation.secondEntries > 0 {
      if secondTLB.knows(page) { return time }
      secondTLB.learn(page)
    }
    walks &+= 1
    for level in (0..<levels).reversed() {
      let entry = 1 << 50 | UInt64(level) << 44 | (page >> UInt64(9 * level)) << 3
      time = l1d.pointee.access(entry, at: time, isStore: false)
    }
    return time
  }
}

/// Pages in which the model thinks: a program in user mode has no page tables of its own.
public enum Pages: String, Sendable, CaseIterable {
  /// Addresses are those of memory: bare metal.
  case none
  /// 4 KiB.
  case small
  /// 2 MiB.
  case large

  var logSize: Int { self == .large ? 21 : 12 }
}

/// User mode has no page tables, and a machine has: pages lie at places that a fixed mix of their number gives, so that neighbours are none in
/// memory. The first level of caches is indexed by the program's addresses, as most are; what is below sees places.
struct PagePlacing {
  let logPage: UInt64
  private let isMixed: Bool

  init(_ pages: Pages, isMixed: Bool) {
    logPage = UInt64(pages.logSize)
    self.isMixed = isMixed
  }

  @inline(__always)
  func physical(_ address: UInt64) -> UInt64 {
    guard isMixed else { return address }
    let page = address &>> logPage
    // One to one on 40 bits: multiplication by an odd number, and a shift folded in.
    var mixed = page &* 0x9e37_79b9_7f4a_7c15 & 0xff_ffff_ffff
    mixed ^= mixed &>> 19
    return mixed &<< logPage | address & (1 &<< logPage &- 1)
  }
}

/// Pages that are known: four ways, least recently used out first.
struct TranslationCache {
  private let pages: UnsafeMutablePointer<UInt64>
  private let used: UnsafeMutablePointer<UInt64>
  /// Where a page was found last, by its lowest bits: a place to look first.
  private let found: UnsafeMutablePointer<Int32>
  private static let foundCount = 64
  private var clock: UInt64 = 0
  private let sets: Int
  private let ways: Int

  init(entries: Int) {
    ways = min(entries, 4)
    sets = max(1, entries / ways)
    pages = .allocate(capacity: sets * ways)
    used = .allocate(capacity: sets * ways)
    found = .allocate(capacity: Self.foundCount)
    pages.initialize(repeating: .max, count: sets * ways)
    used.initialize(repeating: 0, count: sets * ways)
    found.initialize(repeating: 0, count: Self.foundCount)
  }

  func free() {
    pages.deallocate()
    used.deallocate()
    found.deallocate()
  }

  /// Whether a page is where it was last; if not it may be known all the same.
  @inline(__always)
  mutating func knowsAtOnce(_ page: UInt64) -> Bool {
    let way = Int(found[Int(page & UInt64(TranslationCache.foundCount &- 1))])
    guard pages[way] == page else { return false }
    clock &+= 1
    used[way] = clock
    return true
  }

  mutating func knows(_ page: UInt64) -> Bool {
    let set = Int(page % UInt64(sets)) &* ways
    for way in set..<set &+ ways where pages[way] == page {
      use(page, way)
      return true
    }
    return false
  }

  mutating func learn(_ page: UInt64) {
    let set = Int(page % UInt64(sets)) &* ways
    var victim = set
    for way in set..<set &+ ways where used[way] < used[victim] { victim = way }
    pages[victim] = page
    use(page, victim)
  }

  private mutating func use(_ page: UInt64, _ way: Int) {
    clock &+= 1
    used[way] = clock
    found[Int(page & UInt64(Self.foundCount &- 1))] = Int32(truncatingIfNeeded: way)
  }
}
