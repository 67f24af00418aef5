import CElf

extension Image {
  /// A section that holds instructions (`SHF_EXECINSTR`).
  public struct CodeSection: Sendable, Hashable {
    public var name: String
    public var address: UInt64
    /// In bytes.
    public var size: UInt64
  }

  /// The sections of the ELF file at `path` that hold instructions, ascending by address; empty if it has no section headers.
  /// Addresses are those of the file.
  public static func codeSections(path: String) -> [CodeSection] {
    guard let file = try? OpenFile(path: path), let handle = try? ElfHandle(file.source) else { return [] }
    var names = 0
    guard elf_getshdrstrndx(handle.elf, &names) == 0 else { return [] }
    var found: [CodeSection] = []
    var section = elf_nextscn(handle.elf, nil)
    while let current = section {
      var header = GElf_Shdr()
      if gelf_getshdr(current, &header) != nil, header.sh_flags & 6 == 6, header.sh_type == 1, header.sh_size > 0 {
        let name = elf_strptr(handle.elf, names, Int(header.sh_name)).map { String(cString: $0) } ?? ""
        found.append(CodeSection(name: name, address: header.sh_addr, size: header.sh_size))
      }
      section = elf_nextscn(handle.elf, current)
    }
    return found.sorted { $0.address < $1.address }
  }
}
