import CElf

/// One program header (ELF gABI, "Program Header").
struct ProgramHeader {
  enum Kind { case load, dynamic, interpreter, threadLocalStorage, gnuStack, gnuRelro, attributes, other }

  /// Its number in the file.
  var index: Int
  /// Where it lies in the file.
  var position: UInt64
  var type: Kind
  var flags: Permissions
  var offset: UInt64
  var address: UInt64
  var physicalAddress: UInt64
  var fileSize: UInt64
  var memorySize: UInt64
  var alignment: UInt64

  /// Fields of the header, by their place in it.
  enum Field: UInt64 {
    case offset = 8
    case address = 16
    case fileSize = 32
    case memorySize = 40
    case alignment = 48
  }

  /// Whether it is a `PT_LOAD` that occupies memory; linkers leave empty ones behind.
  var isLoaded: Bool { type == .load && (memorySize != 0 || fileSize != 0) }

  /// The first address after it.
  var end: (value: UInt64, overflow: Bool) {
    let (value, overflow) = address.addingReportingOverflow(memorySize)
    return (value, overflow)
  }

  /// Where bytes of the file lie in memory, if this segment holds them.
  func address(ofFileOffset start: UInt64, count: UInt64) -> UInt64? {
    guard start >= offset, start - offset <= fileSize, count <= fileSize - (start - offset) else { return nil }
    return address + (start - offset)
  }

  init(_ header: GElf_Phdr, index: Int, position: UInt64) {
    self.index = index
    self.position = position
    type =
      switch header.p_type {
      case 1: .load
      case 2: .dynamic
      case 3: .interpreter
      case 7: .threadLocalStorage
      case 0x6474_e551: .gnuStack
      case 0x6474_e552: .gnuRelro
      case 0x7000_0003: .attributes
      default: .other
      }
    flags = Permissions(rawValue: header.p_flags & 7)
    offset = header.p_offset
    address = header.p_vaddr
    physicalAddress = header.p_paddr
    fileSize = header.p_filesz
    memorySize = header.p_memsz
    alignment = header.p_align
  }
}

extension Image {
  /// All program headers, in the order of the file.
  static func programHeaders(
    _ handle: borrowing ElfHandle, _ header: FileHeader, path: String
  ) throws(LoadError) -> [ProgramHeader] {
    var result: [ProgramHeader] = []
    for index in 0..<Int(header.programHeaderCount) {
      var found = GElf_Phdr()
      let position = header.programHeaders + UInt64(index) * UInt64(header.programHeaderSize)
      guard gelf_getphdr(handle.elf, Int32(index), &found) != nil else {
        throw LoadError(.refused(ElfHandle.message), path: path, offset: position)
      }
      result.append(ProgramHeader(found, index: index, position: position))
    }
    return result
  }

  /// The segments to load, ascending by address, each checked by itself and against its neighbours.
  ///
  /// An alignment must be 0 or a power of two. That address and offset are congruent modulo the alignment is not asked for: Linux
  /// needs it, per page, because it maps the file; here bytes are copied, and bare-metal linkers (`ld -n`) do without.
  static func checkedSegments(
    _ headers: [ProgramHeader], _ source: ByteSource, path: String, limits: Limits
  ) throws(LoadError) -> [ProgramHeader] {
    let segments = headers.filter(\.isLoaded)
    guard !segments.isEmpty else { throw LoadError(.noSegments, path: path) }
    var total: UInt64 = 0
    for segment in segments {
      try check(segment, source, path: path, limits: limits)
      let (sum, overflow) = total.addingReportingOverflow(segment.memorySize)
      total = overflow ? .max : sum
      guard total <= limits.memorySize else {
        let offset = segment.position + ProgramHeader.Field.memorySize.rawValue
        throw LoadError(.imageTooLarge(size: total, limit: limits.memorySize), path: path, offset: offset)
      }
    }
    let sorted = segments.sorted { ($0.address, $0.index) < ($1.address, $1.index) }
    for (first, second) in zip(sorted, sorted.dropFirst()) where second.address < first.end.value {
      throw LoadError(
        .segmentsOverlap(first: first.index, second: second.index, address: second.address), path: path,
        offset: second.position + ProgramHeader.Field.address.rawValue)
    }
    return sorted
  }

  private static func check(
    _ segment: ProgramHeader, _ source: ByteSource, path: String, limits: Limits
  ) throws(LoadError) {
    func fail(_ reason: LoadError.Reason, _ field: ProgramHeader.Field) -> LoadError {
      LoadError(reason, path: path, offset: segment.position + field.rawValue)
    }
    let index = segment.index
    guard segment.fileSize <= segment.memorySize else {
      throw fail(
        .fileSizeAboveMemorySize(segment: index, fileSize: segment.fileSize, memorySize: segment.memorySize), .fileSize)
    }
    guard segment.fileSize == 0 || source.contains(offset: segment.offset, count: segment.fileSize) else {
      throw fail(
        .segmentOutsideFile(segment: index, start: segment.offset, size: segment.fileSize, fileSize: source.size), .offset)
    }
    guard !segment.end.overflow else {
      throw fail(.addressOverflow(segment: index, address: segment.address, size: segment.memorySize), .address)
    }
    guard segment.end.value <= limits.address else {
      throw fail(
        .addressAboveLimit(segment: index, address: segment.address, size: segment.memorySize, limit: limits.address), .address)
    }
    guard segment.alignment & (segment.alignment &- 1) == 0 else {
      throw fail(.alignmentNotPowerOfTwo(segment: index, alignment: segment.alignment), .alignment)
    }
  }

  /// That the entry is the address of code.
  static func checkEntry(_ entry: UInt64, _ segments: [ProgramHeader], path: String) throws(LoadError) {
    func fail(_ reason: LoadError.Reason) -> LoadError { LoadError(reason, path: path, offset: FileHeader.entryOffset) }
    guard entry & 1 == 0 else { throw fail(.entryMisaligned(entry: entry)) }
    let segment = segments.first { entry >= $0.address && entry < $0.end.value }
    guard let segment, segment.flags.contains(.execute) else {
      throw fail(.entryNotExecutable(entry: entry, segment: segment?.index))
    }
    if let start = segment.address(ofFileOffset: 0, count: FileHeader.size), entry - start < FileHeader.size {
      throw fail(.entryInFileHeader(entry: entry))
    }
  }

  /// The path in the first `PT_INTERP`.
  static func interpreter(_ headers: [ProgramHeader], _ source: ByteSource, path: String) throws(LoadError) -> String? {
    guard let header = headers.first(where: { $0.type == .interpreter }) else { return nil }
    func fail(_ problem: LoadError.InterpreterProblem) -> LoadError {
      LoadError(.badInterpreter(problem), path: path, offset: header.position + ProgramHeader.Field.offset.rawValue)
    }
    guard header.fileSize <= 4096 else { throw fail(.tooLong) }
    guard let bytes = try? source.read(offset: header.offset, count: header.fileSize) else { throw fail(.outsideFile) }
    guard bytes.first ?? 0 != 0 else { throw fail(.empty) }
    guard let end = bytes.firstIndex(of: 0) else { throw fail(.notTerminated) }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// The bytes of checked segments.
  static func contents(of segments: [ProgramHeader], _ source: ByteSource, path: String) throws(LoadError) -> [Segment] {
    var result: [Segment] = []
    for segment in segments {
      do throws(LoadError.Reason) {
        let bytes = segment.fileSize == 0 ? [] : try source.read(offset: segment.offset, count: segment.fileSize)
        result.append(
          Segment(
            address: segment.address, fileOffset: segment.offset, bytes: bytes, memorySize: segment.memorySize,
            flags: segment.flags, alignment: max(segment.alignment, 1), physicalAddress: segment.physicalAddress))
      } catch {
        throw LoadError(error, path: path, offset: segment.offset)
      }
    }
    return result
  }
}
