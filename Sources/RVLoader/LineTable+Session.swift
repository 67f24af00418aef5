import CElf

extension LineTable {
  /// What the handles of libelf and libdw read from: a file or a copy of bytes. It outlives them.
  enum Backing: ~Copyable {
    case file(OpenFile)
    case bytes(ByteStorage)

    var source: ByteSource {
      switch self {
      case .file(let file): file.source
      case .bytes(let storage): .memory(UnsafeRawBufferPointer(storage.bytes))
      }
    }
  }

  /// A copy of bytes that stays where it is.
  struct ByteStorage: ~Copyable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ source: [UInt8]) {
      bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
      bytes.copyBytes(from: source)
    }

    deinit { bytes.deallocate() }
  }

  /// Handles of libelf and libdw on one file, and what was learnt through them. One thread at a time may use it.
  final class Session {
    private let backing: Backing
    private var handle: ElfHandle?
    private let dwarf: OpaquePointer
    /// The sections with code.
    private let code: [SectionTable.Section]
    /// Which unit covers which addresses; nil before the first look-up.
    private var units: UnitRanges?

    /// Nil if the file is no RISC-V ELF64 file or has no debug information.
    init?(_ backing: consuming Backing) {
      guard let header = try? FileHeader(backing.source, path: ""), header.hasSections,
        let handle = try? ElfHandle(backing.source)
      else { return nil }
      code = SectionTable(handle, header).sections.filter { $0.isCode && $0.isAllocated }
      guard let dwarf = dwarf_begin_elf(handle.elf, DWARF_C_READ, nil) else { return nil }
      var unit: OpaquePointer?
      guard dwarf_get_units(dwarf, nil, &unit, nil, nil, nil, nil) == 0 else {
        dwarf_end(dwarf)
        return nil
      }
      self.dwarf = dwarf
      self.handle = consume handle
      self.backing = backing
    }

    // libdw first, then libelf, then the bytes under both.
    deinit {
      dwarf_end(dwarf)
      handle = nil
    }

    func location(of address: UInt64) -> SourceLocation? {
      let units = units ?? UnitRanges(dwarf, code)
      self.units = units
      return units.covering(address).lazy.compactMap { self.location(of: address, unit: $0) }.first
    }

    /// The line of an address in the unit whose entry is at an offset.
    private func location(of address: UInt64, unit: Dwarf_Off) -> SourceLocation? {
      var entry = Dwarf_Die()
      guard dwarf_offdie(dwarf, unit, &entry) != nil, let row = dwarf_getsrc_die(&entry, address) else { return nil }
      var line: Int32 = 0
      var column: Int32 = 0
      // Line 0 is code that belongs to no line.
      guard dwarf_lineno(row, &line) == 0, line > 0, let file = dwarf_linesrc(row, nil, nil) else { return nil }
      if dwarf_linecol(row, &column) != 0 || column < 0 { column = 0 }
      return SourceLocation(file: String(cString: file), line: Int(line), column: Int(column))
    }
  }
}
