import CElf

/// The section headers of a file that has usable ones, read by libelf (ELF gABI, "Sections").
struct SectionTable {
  struct Section {
    var type: UInt32
    var flags: UInt64
    var address: UInt64
    var size: UInt64
    /// `sh_link`: of a symbol table, the section of its names.
    var link: Int

    /// `SHF_ALLOC`: it lies in memory when the program runs.
    var isAllocated: Bool { flags & 2 != 0 }
    /// `SHF_EXECINSTR`.
    var isCode: Bool { flags & 4 != 0 }
    /// `SHF_COMPRESSED`.
    var isCompressed: Bool { flags & 0x800 != 0 }
    /// The first address after it; the last of all addresses if it lies.
    var end: UInt64 { address.addingReportingOverflow(size).overflow ? .max : address + size }

    func contains(_ address: UInt64) -> Bool { address >= self.address && address < end }
  }

  /// By number; number 0 is the undefined section.
  private(set) var sections: [Section] = []

  static let symbols: UInt32 = 2
  static let strings: UInt32 = 3
  static let dynamicSymbols: UInt32 = 11
  static let riscvAttributes: UInt32 = 0x7000_0003

  init(_ handle: borrowing ElfHandle, _ header: FileHeader) {
    guard header.hasSections else { return }
    var section = elf_getscn(handle.elf, 0)
    while let current = section {
      var header = GElf_Shdr()
      guard gelf_getshdr(current, &header) != nil else { return }
      sections.append(
        Section(
          type: header.sh_type, flags: header.sh_flags, address: header.sh_addr, size: header.sh_size, link: Int(header.sh_link)))
      section = elf_nextscn(handle.elf, current)
    }
  }

  /// The number of the first section of a type.
  func first(ofType type: UInt32) -> Int? { sections.firstIndex { $0.type == type } }

  /// The contents of a section as libelf presents it; nil if it lies outside the file, has no bytes or is compressed.
  func data(_ handle: borrowing ElfHandle, section: Int) -> UnsafeMutablePointer<Elf_Data>? {
    guard sections.indices.contains(section), !sections[section].isCompressed else { return nil }
    guard let found = elf_getscn(handle.elf, section), let data = elf_getdata(found, nil), data.pointee.d_buf != nil else {
      return nil
    }
    return data
  }

  /// A copy of the contents of a section, empty if there are none.
  func bytes(_ handle: borrowing ElfHandle, section: Int) -> [UInt8] {
    guard let data = data(handle, section: section) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: data.pointee.d_buf, count: Int(data.pointee.d_size)))
  }

  /// The contents of `.riscv.attributes`, empty if there is none.
  func attributes(_ handle: borrowing ElfHandle) -> [UInt8] {
    first(ofType: Self.riscvAttributes).map { bytes(handle, section: $0) } ?? []
  }
}
