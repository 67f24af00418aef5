import CElf

extension SymbolTable {
  /// Reads `.symtab`, or `.dynsym` if that holds nothing. A damaged table gives the symbols that can be read.
  init(_ handle: borrowing ElfHandle, _ sections: SectionTable, segments: [ProgramHeader]) {
    for type in [SectionTable.symbols, SectionTable.dynamicSymbols] {
      guard let section = sections.first(ofType: type) else { continue }
      self = SymbolTable(handle, sections, segments, section: section)
      if !isEmpty { return }
    }
    self.init()
  }

  private init(_ handle: borrowing ElfHandle, _ sections: SectionTable, _ segments: [ProgramHeader], section: Int) {
    let link = sections.sections[section].link
    guard sections.sections.indices.contains(link), sections.sections[link].type == SectionTable.strings,
      let data = sections.data(handle, section: section)
    else {
      self.init()
      return
    }
    let names = sections.bytes(handle, section: link)
    var entries: [Entry] = []
    // Indices of entries and places of names have 32 bits.
    let count = names.count < UInt32.max ? min(Int(data.pointee.d_size) / 24, Int(UInt32.max) - 1) : 0
    for index in 0..<count {
      var symbol = GElf_Sym()
      guard index <= Int(Int32.max), gelf_getsym(data, Int32(index), &symbol) != nil else { break }
      if let entry = Entry(symbol, names, sections, segments) { entries.append(entry) }
    }
    self.init(entries: entries, names: names)
  }
}

extension SymbolTable.Entry {
  /// A symbol worth keeping, or nil (ELF gABI, "Symbol Table"; RISC-V ELF psABI, "Mapping Symbol").
  fileprivate init?(_ symbol: GElf_Sym, _ names: [UInt8], _ sections: SectionTable, _ segments: [ProgramHeader]) {
    switch symbol.st_info & 15 {
    case 0: kind = .notype
    case 1: kind = .object
    case 2, 10: kind = .function
    default: return nil
    }
    switch symbol.st_info >> 4 {
    case 0: binding = .local
    case 1, 10: binding = .global
    case 2: binding = .weak
    default: return nil
    }

    let start = Int(symbol.st_name)
    guard start < names.count, let end = names[start...].firstIndex(of: 0), end > start else { return nil }
    guard !Self.isMarker(names[start..<end], isLabel: kind == .notype) else { return nil }
    nameStart = UInt32(start)
    nameCount = UInt32(end - start)

    address = symbol.st_value
    size = symbol.st_size
    isAbsolute = symbol.st_shndx == 0xfff1
    switch symbol.st_shndx {
    case 0, 0xfff2:  // Undefined; common, which has no address yet.
      return nil
    case let index where sections.sections.indices.contains(Int(index)):
      let section = sections.sections[Int(index)]
      guard section.isAllocated else { return nil }
      limit = section.end
    default:
      let address = address
      limit = segments.first { $0.address <= address && address - $0.address < $0.memorySize }?.end.value ?? address
    }
  }

  /// Whether a name is a mapping symbol (`$x`, `$d`, with an ISA or a suffix) or a local label of the assembler.
  private static func isMarker(_ name: ArraySlice<UInt8>, isLabel: Bool) -> Bool {
    let first = name.prefix(2)
    if first.elementsEqual(".L".utf8) { return true }
    guard isLabel, first.elementsEqual("$x".utf8) || first.elementsEqual("$d".utf8) else { return false }
    let rest = name.dropFirst(2)
    return rest.isEmpty || rest.first == UInt8(ascii: ".") || rest.starts(with: "rv".utf8)
  }
}
