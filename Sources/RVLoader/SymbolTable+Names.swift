extension SymbolTable {
  /// A hash table from names to entries that owns no strings: open addressing over the bytes of the names.
  struct NameIndex: Sendable {
    /// Indices into the entries plus 1; 0 is free. The count is a power of two and at least twice the number of entries.
    private var slots: [UInt32] = []

    init() {}

    init(entries: [Entry], names: [UInt8]) {
      guard !entries.isEmpty else { return }
      var size = 4
      while size < entries.count * 2 { size *= 2 }
      slots = [UInt32](repeating: 0, count: size)
      func bytes(_ entry: Entry) -> ArraySlice<UInt8> { names[entry.nameRange] }
      for (index, entry) in entries.enumerated() {
        let name = bytes(entry)
        var slot = Int(truncatingIfNeeded: Self.hash(name)) & (size - 1)
        while slots[slot] != 0, !bytes(entries[Int(slots[slot]) - 1]).elementsEqual(name) { slot = (slot + 1) & (size - 1) }
        // Entries come with ascending addresses: a later one wins by its binding only.
        if slots[slot] == 0 || entries[Int(slots[slot]) - 1].binding < entry.binding { slots[slot] = UInt32(index + 1) }
      }
    }

    /// The index of the best entry with a name.
    func find(_ name: String, in table: SymbolTable) -> Int? {
      guard !slots.isEmpty else { return nil }
      var slot = Int(truncatingIfNeeded: Self.hash(name.utf8)) & (slots.count - 1)
      while slots[slot] != 0 {
        let index = Int(slots[slot]) - 1
        if table.name(table.entries[index]).elementsEqual(name.utf8) { return index }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }

    /// FNV-1a, with the upper half folded into the lower one that selects the slot.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
      let value = bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      return value ^ value >> 32
    }
  }
}
