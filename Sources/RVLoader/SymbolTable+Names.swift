extension SymbolTable {
  /// A hash table from names to entries that owns no strings: open addressing over the bytes of the names.
  struct NameIndex: Sendable {
    /// The upper half of a hash, then in the lower half an index into the entries plus 1; 0 is free. The count is a power of two
    /// and at least twice the number of entries.
    private var slots: [UInt64] = []

    init() {}

    init(entries: [Entry], names: [UInt8]) {
      guard !entries.isEmpty else { return }
      var size = 4
      while size < entries.count * 2 { size *= 2 }
      slots = [UInt64](repeating: 0, count: size)
      for (index, entry) in entries.enumerated() {
        let name = names[entry.nameRange]
        let hash = Self.hash(name)
        let slot = slot(hash) { names[entries[$0].nameRange].elementsEqual(name) }
        // Entries come with ascending addresses: a later one wins by its binding only.
        if let other = Self.index(slots[slot]), entries[other].binding >= entry.binding { continue }
        slots[slot] = Self.tag(hash) | UInt64(index + 1)
      }
    }

    /// The index of the best entry with a name.
    func find(_ name: String, in table: SymbolTable) -> Int? {
      guard !slots.isEmpty else { return nil }
      return Self.index(slots[slot(Self.hash(name.utf8)) { table.name(table.entries[$0]).elementsEqual(name.utf8) }])
    }

    /// The slot of the name with a hash, or the free one where it belongs.
    private func slot(_ hash: UInt64, isName: (Int) -> Bool) -> Int {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while let index = Self.index(slots[slot]), Self.tag(slots[slot]) != Self.tag(hash) || !isName(index) {
        slot = (slot + 1) & (slots.count - 1)
      }
      return slot
    }

    private static func index(_ slot: UInt64) -> Int? { slot == 0 ? nil : Int(slot & 0xffff_ffff) - 1 }

    private static func tag(_ hash: UInt64) -> UInt64 { hash & 0xffff_ffff_0000_0000 }

    /// FNV-1a, its upper half mixed into the lower one, which selects the slot.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
      let value = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      return (value ^ value >> 32) &* 0x9e37_79b9_7f4a_7c15
    }
  }
}
