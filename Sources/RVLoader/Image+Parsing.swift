import CElf

extension Image {
  /// Reads and checks the ELF file at `path`: ELF64, little-endian, RISC-V, `ET_EXEC` or `ET_DYN` (ELF gABI; RISC-V ELF psABI).
  ///
  /// Only headers, loaded segments and symbols are read. A file without section headers is fine and has no symbols.
  /// - Throws: `LoadError` if the file cannot be read or is not such a program, or asks for more than `limits`.
  public init(path: String, limits: Limits = Limits()) throws(LoadError) {
    let file: OpenFile
    do throws(LoadError.Reason) {
      file = try OpenFile(path: path)
    } catch {
      throw LoadError(error, path: path)
    }
    self = try Image(source: file.source, path: path, limits: limits)
  }

  /// Checks the bytes of an ELF file as `init(path:limits:)` does; `name` stands for the path in messages.
  public init(bytes: [UInt8], name: String, limits: Limits = Limits()) throws(LoadError) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(LoadError) in
      try Image(source: .memory(UnsafeRawBufferPointer(buffer)), path: name, limits: limits)
    }
  }

  private init(source: ByteSource, path: String, limits: Limits) throws(LoadError) {
    let header = try FileHeader(source, path: path)
    try header.checkProgram(source, path: path)
    let handle: ElfHandle
    do throws(LoadError.Reason) {
      handle = try ElfHandle(source)
    } catch {
      throw LoadError(error, path: path)
    }
    let programHeaders = try Self.programHeaders(handle, header, path: path)
    let loaded = try Self.checkedSegments(programHeaders, source, path: path, limits: limits)
    try Self.checkEntry(header.entry, loaded, path: path)
    interpreter = try Self.interpreter(programHeaders, source, path: path)
    segments = try Self.contents(of: loaded, source, path: path)
    let sections = SectionTable(handle, header)
    symbols = SymbolTable(handle, sections, segments: loaded)
    attributes = Attributes(section: sections.attributes(handle))

    self.path = path
    kind = header.type == FileHeader.executable ? .executable : interpreter == nil ? .staticPIE : .dynamicPIE
    entry = header.entry
    osABI = header.osABI
    flags = header.flags
    programHeaderCount = Int(header.programHeaderCount)
    programHeaderEntrySize = Int(header.programHeaderSize)
    let tableSize = UInt64(header.programHeaderCount) * UInt64(header.programHeaderSize)
    programHeaderAddress = loaded.lazy.compactMap { $0.address(ofFileOffset: header.programHeaders, count: tableSize) }.first
    if attributes == Attributes(),
      let found = programHeaders.first(where: { $0.type == .attributes }),
      let bytes = try? source.read(offset: found.offset, count: found.fileSize)
    {
      attributes = Attributes(section: bytes)
    }
    readAuxiliary(programHeaders)
  }

  /// What program headers other than `PT_LOAD` and `PT_INTERP` say. The first of a type counts, as it does for Linux.
  private mutating func readAuxiliary(_ headers: [ProgramHeader]) {
    tls = headers.first { $0.type == .threadLocalStorage }.map {
      ThreadLocalStorage(address: $0.address, fileSize: $0.fileSize, memorySize: $0.memorySize, alignment: max($0.alignment, 1))
    }
    let stack = headers.first { $0.type == .gnuStack }
    gnuStackFlags = stack?.flags
    gnuStackSize = stack.flatMap { $0.memorySize == 0 ? nil : $0.memorySize }
    relro = headers.first { $0.type == .gnuRelro }.flatMap { $0.end.overflow ? nil : $0.address..<$0.end.value }
    dynamicAddress = headers.first { $0.type == .dynamic }?.address
  }
}
