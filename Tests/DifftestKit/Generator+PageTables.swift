/// Page tables of privileged programs: a frame that always works, and random entries in it.
enum PageTables {
  /// Where they lie: the place of the constants of other programs.
  static let base = Layout.constants
  /// Tables by their number: the one that covers gigapages, the roots of Sv48 and Sv57 above it, two of 2 MiB pages, four of 4 KiB pages.
  static let gigapages = 0
  static let root48 = 1
  static let root57 = 2
  static let megapages = 3..<5
  static let pages = 5..<9
  static let count = 9
  /// Entries of a table of 4 KiB pages: those where a larger page in its place would lead into the data, too.
  static let inUse = 272..<288

  static func address(_ table: Int) -> UInt64 { base + UInt64(table) * 4096 }

  /// All of memory is seen as it is by S mode, and this much higher by U mode.
  static let userOffset: UInt64 = 0x4000_0000
  /// Virtual addresses of the random entries of ``gigapages`` begin here.
  static let firstRandom = 4
  static let lastRandom = 9

  static func pointer(_ table: Int) -> UInt64 { (address(table) >> 12) << 10 | 1 }
}

extension Generator {
  /// The tables as the program finds them.
  mutating func pageTables() -> [UInt64] {
    var words = [UInt64](repeating: 0, count: PageTables.count * 512)
    func set(_ table: Int, _ index: Int, _ entry: UInt64) { words[table * 512 + index] = entry }
    set(PageTables.gigapages, 2, (0x8000_0000 >> 12) << 10 | 0xcf)
    set(PageTables.gigapages, 3, (0x8000_0000 >> 12) << 10 | 0xdf)
    set(PageTables.gigapages, 4, PageTables.pointer(3))
    set(PageTables.gigapages, 5, PageTables.pointer(4))
    for index in 6...PageTables.lastRandom { set(PageTables.gigapages, index, entry(level: 2)) }
    set(PageTables.root48, 0, PageTables.pointer(PageTables.gigapages))
    set(PageTables.root57, 0, PageTables.pointer(PageTables.root48))
    for table in PageTables.megapages { for index in 0..<16 { set(table, index, entry(level: 1)) } }
    for table in PageTables.pages { for index in PageTables.inUse { set(table, index, entry(level: 0)) } }
    return words
  }

  /// A random entry: mostly one that works, with one thing or more wrong about it.
  mutating func entry(level: Int) -> UInt64 {
    if level > 0, random.chance(level == 1 ? 70 : 25) {
      let below = level == 1 ? random.below(PageTables.pages.count) + 5 : random.below(2) + 3
      var entry = PageTables.pointer(below)
      if random.chance(10) { entry |= random.pick([1 << 4, 1 << 6, 1 << 7, 1 << 63, 1 << 61, 3 << 61, 1 << 54, 1 << 5, 0x300]) }
      if random.chance(4) { entry &= ~1 }
      return entry
    }
    var number: UInt64
    switch level {
    case 1, 2: number = 0x8_0000
    default: number = Layout.data >> 12 + UInt64(random.below(Int(Layout.dataPages)))
    }
    if random.chance(5) { number = random.pick([0x7_0000, 0x8_0400, 0xfff_ffff_ffff, 0x10_0000]) }
    if level > 0, random.chance(12) { number += 1 << UInt64(random.below(9 * level)) }
    var flags: UInt64 = random.pick([0xcf, 0xcf, 0xc7, 0xc3, 0xc9, 0xcb, 0xcf, 0xc1 | 2])
    if random.chance(50) { flags |= 0x10 }
    if random.chance(20) { flags &= ~0x40 }
    if random.chance(25) { flags &= ~0x80 }
    if random.chance(20) { flags |= 0x20 }
    if random.chance(10) { flags = random.next() & 0xff }
    if random.chance(8) { flags = random.pick([0x01, 0x21, 0xc5, 0xd5]) }
    var entry = number << 10 | flags | (random.chance(20) ? random.next() & 0x300 : 0)
    if random.chance(level == 0 ? 25 : 3) {
      entry |= 1 << 63
      // 64 KiB is the only range; the others are told by the lowest bit that is set.
      entry = entry & ~(0xf << 10) | random.pick([8, 8, 8, 8, 8, 0, 0, 4, 2, 1, 12]) << 10
    }
    if random.chance(12) { entry |= random.pick([1, 2, 3]) << 61 }
    if random.chance(4) { entry |= 1 << UInt64(54 + random.below(7)) }
    return entry
  }

  /// An address that the random entries translate, or that is close to one.
  mutating func testAddress(fetch: Bool = false) -> UInt64 {
    var address: UInt64
    // Where a large page leads into the data.
    let inside = Layout.data & 0x1f_f000 + UInt64(random.below(Int(Layout.dataPages))) << 12
    if random.chance(20), let edge = physicalEdge() {
      // As S mode sees it, or U mode.
      return (fetch ? edge & ~3 : edge) + (isTranslated && random.chance(50) ? PageTables.userOffset : 0)
    }
    if !isTranslated, random.chance(60) {
      return Layout.data + UInt64(random.below(Int(Layout.dataPages))) << 12 | (fetch ? 0x40 : offset())
    }
    switch random.below(12) {
    case 0: address = UInt64(6 + random.below(PageTables.lastRandom - 5)) << 30 | inside
    case 1: address = PageTables.userOffset * 3 | inside
    case 2: address = 0x8000_0000 | inside
    default: address = random.pick([4, 5]) << 30 | UInt64(random.below(16)) << 21 | inside
    }
    if fetch { address |= random.chance(30) ? 0xff8 : UInt64(1 + random.below(1000)) << 2 } else { address |= offset() }
    switch random.below(28) {
    case 0: address |= 1 << 38
    case 1: address |= ~0 << 38
    case 2: address |= 1 << 47
    case 3: address |= ~0 << 57
    default: break
    }
    return address
  }

  /// An address in the data at an edge of an entry of memory protection; `nil` when there is none.
  mutating func physicalEdge() -> UInt64? {
    guard !edges.isEmpty else { return nil }
    let edge = random.pick(edges) &- 8 + UInt64(random.below(12))
    return random.chance(50) ? edge & ~7 : random.chance(50) ? edge & ~3 : edge
  }

  private mutating func offset() -> UInt64 {
    switch random.below(5) {
    case 0: 4096 - UInt64(random.below(9))
    case 1: UInt64(random.below(4096))
    default: UInt64(random.below(512)) << 3
    }
  }
}
