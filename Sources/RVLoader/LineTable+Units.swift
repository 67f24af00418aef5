import CElf

extension LineTable {
  /// Which compilation unit covers which addresses.
  ///
  /// This is made from the entries of all units and not from `.debug_aranges`: clang writes none, and a file where only the
  /// assembly sources have some would look complete.
  struct UnitRanges {
    private struct Range {
      var start: UInt64
      var end: UInt64
      /// Where the entry of the unit lies in `.debug_info`.
      var unit: Dwarf_Off
      /// The largest `end` up to this one.
      var reach: UInt64 = 0
    }

    /// Ascending by start.
    private var ranges: [Range] = []

    /// Takes those ranges that begin in a section with code; functions that the linker dropped begin elsewhere, at 0 mostly.
    init(_ dwarf: OpaquePointer, _ code: [SectionTable.Section]) {
      var unit: OpaquePointer?
      var entry = Dwarf_Die()
      while dwarf_get_units(dwarf, unit, &unit, nil, nil, &entry, nil) == 0 {
        guard dwarf_tag(&entry) == DW_TAG_compile_unit else { continue }
        let offset = dwarf_dieoffset(&entry)
        var found = Self.stated(&entry)
        if found.isEmpty { found = Self.derived(&entry) }
        for range in found where code.isEmpty || code.contains(where: { $0.contains(range.start) }) {
          ranges.append(Range(start: range.start, end: range.end, unit: offset))
        }
      }
      ranges.sort { ($0.start, $0.unit) < ($1.start, $1.unit) }
      var reach: UInt64 = 0
      for index in ranges.indices {
        reach = max(reach, ranges[index].end)
        ranges[index].reach = reach
      }
    }

    /// The units an address may belong to, the one with the nearest beginning first.
    func covering(_ address: UInt64) -> [Dwarf_Off] {
      let end = ranges.partition { $0.start > address }
      return ranges[..<end].reversed().prefix { $0.reach > address }.filter { $0.end > address }.map(\.unit)
    }

    /// What the unit says: `DW_AT_ranges`, or `DW_AT_low_pc` and `DW_AT_high_pc`.
    private static func stated(_ entry: inout Dwarf_Die) -> [(start: UInt64, end: UInt64)] {
      var result: [(start: UInt64, end: UInt64)] = []
      var base: Dwarf_Addr = 0
      var start: Dwarf_Addr = 0
      var end: Dwarf_Addr = 0
      var position = dwarf_ranges(&entry, 0, &base, &start, &end)
      while position > 0 {
        if start < end { result.append((start, end)) }
        position = dwarf_ranges(&entry, position, &base, &start, &end)
      }
      return result
    }

    /// The sequences of the unit's lines.
    private static func derived(_ entry: inout Dwarf_Die) -> [(start: UInt64, end: UInt64)] {
      var lines: OpaquePointer?
      var count = 0
      guard dwarf_getsrclines(&entry, &lines, &count) == 0 else { return [] }
      var result: [(start: UInt64, end: UInt64)] = []
      var start: UInt64?
      for index in 0..<count {
        guard let line = dwarf_onesrcline(lines, index) else { break }
        var address: Dwarf_Addr = 0
        var isEnd = false
        guard dwarf_lineaddr(line, &address) == 0, dwarf_lineendsequence(line, &isEnd) == 0 else { break }
        let first = start ?? address
        if isEnd, first < address { result.append((first, address)) }
        start = isEnd ? nil : first
      }
      return result
    }
  }
}
