/// Caches, translation and memory of one core.
final class Hierarchy {
  let l1i: Cache?
  let l1d: Cache
  let l2: Cache?
  let l3: Cache?
  let memory: MainMemory
  private let machine: Machine
  private let translation: TranslationParameters?
  private var tlb: TranslationCache
  private var secondTLB: TranslationCache
  private(set) var walks: UInt64 = 0

  init(_ machine: Machine) {
    self.machine = machine
    let line = machine.l2?.line ?? machine.l1d?.line ?? 64
    memory = MainMemory(machine.memory, line: line)
    var below = Cache.Below.memory(memory)
    l3 = machine.l3.map { Cache($0, below: below) }
    if let l3 { below = .cache(l3) }
    l2 = machine.l2.map { Cache($0, below: below) }
    if let l2 { below = .cache(l2) }
    l1i = machine.l1i.map { Cache($0, below: below) }
    l1d = Cache(machine.l1d ?? CacheParameters(), below: below)
    translation = machine.translation
    tlb = TranslationCache(entries: machine.translation?.entries ?? 1)
    secondTLB = TranslationCache(entries: max(machine.translation?.secondEntries ?? 1, 1))
  }

  /// A load or store of bytes that lie in one line.
  /// - Returns: when the data are there.
  @inline(__always)
  func data(_ address: UInt64, at time: Ticks, isStore: Bool) -> Ticks {
    l1d.access(physical(address), at: translated(address, at: time), isStore: isStore)
  }

  /// - Returns: when the bytes of a line of code are there.
  func code(_ address: UInt64, at time: Ticks) -> Ticks {
    l1i?.access(physical(address), at: time, isStore: false) ?? time
  }

  /// User mode has no page tables, and a machine has: pages lie at places that a fixed mix of their number gives, so that neighbours are none in
  /// memory.
  @inline(__always)
  private func physical(_ address: UInt64) -> UInt64 {
    let page = address >> 12
    // One to one on 40 bits: multiplication by an odd number, and a shift folded in.
    var mixed = page &* 0x9e37_79b9_7f4a_7c15 & 0xff_ffff_ffff
    mixed ^= mixed >> 19
    return mixed << 12 | address & 0xfff
  }

  /// When an access may go on: its page is known.
  @inline(__always)
  private func translated(_ address: UInt64, at time: Ticks) -> Ticks {
    guard let translation else { return time }
    let page = address >> 12
    if tlb.knows(page) { return time }
    return walk(page, translation, at: time)
  }

  /// The walk's reads go through the caches: the tables of a level lie side by side.
  @inline(never)
  private func walk(_ page: UInt64, _ translation: TranslationParameters, at time: Ticks) -> Ticks {
    defer { tlb.learn(page) }
    var time = time &+ translation.secondLatency
    if translation.secondEntries > 0 {
      if secondTLB.knows(page) { return time }
      secondTLB.learn(page)
    }
    walks &+= 1
    for level in (0..<translation.levels).reversed() {
      let entry = 1 << 50 | UInt64(level) << 44 | (page >> UInt64(9 * level)) << 3
      time = l1d.access(entry, at: time, isStore: false)
    }
    return time
  }
}

/// Pages that are known: four ways, least recently used out first.
struct TranslationCache {
  private var pages: [UInt64]
  private var used: [UInt64]
  private var clock: UInt64 = 0
  private let sets: Int
  private let ways: Int
  private var last: UInt64 = .max

  init(entries: Int) {
    ways = min(entries, 4)
    sets = max(1, entries / ways)
    pages = Array(repeating: .max, count: sets * ways)
    used = Array(repeating: 0, count: sets * ways)
  }

  @inline(__always)
  mutating func knows(_ page: UInt64) -> Bool {
    if page == last { return true }
    let set = Int(page % UInt64(sets)) * ways
    for way in set..<set + ways where pages[way] == page {
      clock += 1
      used[way] = clock
      last = page
      return true
    }
    return false
  }

  mutating func learn(_ page: UInt64) {
    let set = Int(page % UInt64(sets)) * ways
    var victim = set
    for way in set..<set + ways where used[way] < used[victim] { victim = way }
    clock += 1
    pages[victim] = page
    used[victim] = clock
    last = page
  }
}
