/// An entry of a ``TranslationTable``, 16 bytes: what the loop compares and adds.
struct TranslationEntry {
  /// Virtual address of the page; ``TranslationTable/empty`` (or zero, where no page 0 can be) without one.
  var tag: UInt64
  /// What takes a virtual address to an offset in the memory window, modulo 2^64.
  var distance: UInt64
}

/// Translations of one kind of access in one mode: a large direct-mapped table, looked into by the loops.
///
/// An entry says that the whole page may be accessed so. Only pages of memory are in it, no devices. What the rights byte of a page has
/// to say is asked after it, so that nothing has to leave the table when a page becomes decoded.
struct TranslationTable {
  /// Entries; a power of two.
  static let count = 1 << 15
  static let size = UInt64(count * MemoryLayout<TranslationEntry>.stride)
  /// No page: its low bits are not zero.
  static let empty: UInt64 = .max
  /// No page any more, but the index is still among those in use.
  private static let removed: UInt64 = .max - 1

  /// Zeroed memory is an empty table but for entry 0, the only one where page 0 could be.
  let entries: UnsafeMutablePointer<TranslationEntry>
  /// Indices of entries in use, so that to empty a table that holds little costs little.
  private var used: [UInt16] = []
  /// An entry came from a leaf that covers more than its page.
  private(set) var holdsLarge = false

  init(_ memory: UnsafeMutableRawPointer) {
    entries = memory.bindMemory(to: TranslationEntry.self, capacity: Self.count)
    entries[0].tag = Self.empty
  }

  @inline(__always)
  static func index(_ address: UInt64) -> Int { Int(truncatingIfNeeded: address >> 12) & (count - 1) }

  /// The distance for an address whose page is in the table.
  func distance(_ address: UInt64) -> UInt64? {
    let entry = entries[Self.index(address)]
    return entry.tag == address & ~(guestPageSize - 1) ? entry.distance : nil
  }

  /// - Returns: the page that had to go.
  @discardableResult
  mutating func fill(_ page: UInt64, distance: UInt64, isLarge: Bool) -> UInt64? {
    let index = Self.index(page)
    let old = entries[index].tag
    let wasEmpty = old == Self.empty || (old == 0 && index != 0)
    if wasEmpty { used.append(UInt16(index)) }
    entries[index] = TranslationEntry(tag: page, distance: distance)
    if isLarge { holdsLarge = true }
    return wasEmpty || old == page || old == Self.removed ? nil : old
  }

  mutating func removeAll() {
    for index in used { entries[Int(index)].tag = Self.empty }
    used.removeAll(keepingCapacity: true)
    holdsLarge = false
  }

  /// Forgets the page of an address, and all pages when a larger leaf may cover it.
  /// - Returns: whether there was something to forget.
  mutating func remove(_ address: UInt64) -> Bool {
    if holdsLarge {
      removeAll()
      return true
    }
    guard distance(address) != nil else { return false }
    entries[Self.index(address)].tag = Self.removed
    return true
  }

  /// Somebody relies on a page that is not in the table: ``remove(_:)`` is to forget everything.
  mutating func distrust() { holdsLarge = true }

  var isEmpty: Bool { used.isEmpty && !holdsLarge }
}
