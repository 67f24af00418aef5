import CElf

/// The file header, checked by hand before libelf sees a byte (ELF gABI, "ELF Header"; RISC-V ELF psABI, "File Header").
struct FileHeader {
  var osABI: UInt8
  var type: UInt16
  var flags: UInt32
  var entry: UInt64
  var programHeaders: UInt64
  var programHeaderSize: UInt16
  var programHeaderCount: UInt16
  /// Whether there is a table of section headers that lies inside the file. If not, the file counts as stripped: programs run
  /// without.
  var hasSections: Bool

  static let size: UInt64 = 64
  static let executable: UInt16 = 2
  static let sharedObject: UInt16 = 3
  static let entryOffset: UInt64 = 24

  /// A header of any ELF64 little-endian RISC-V file, whatever its type.
  init(_ source: ByteSource, path: String) throws(LoadError) {
    func fail(_ reason: LoadError.Reason, at offset: UInt64? = nil) -> LoadError {
      LoadError(reason, path: path, offset: offset)
    }
    let bytes: [UInt8]
    do throws(LoadError.Reason) {
      bytes = try source.read(offset: 0, count: min(Self.size, source.size))
    } catch {
      throw fail(error)
    }
    guard !bytes.isEmpty else { throw fail(.empty) }
    let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]
    guard bytes.prefix(4).elementsEqual(magic.prefix(bytes.count)) else { throw fail(.badMagic(Array(bytes.prefix(4))), at: 0) }
    guard bytes.count == Self.size else { throw fail(.tooShort(have: UInt64(bytes.count), need: Self.size)) }

    guard bytes[4] == 2 else { throw fail(.wrongClass(bytes[4], machine: bytes.little(at: 18)), at: 4) }
    guard bytes[5] == 1 else { throw fail(.wrongByteOrder(bytes[5]), at: 5) }
    guard bytes[6] == 1 else { throw fail(.wrongVersion(UInt32(bytes[6])), at: 6) }
    let machine: UInt16 = bytes.little(at: 18)
    guard machine == 243 else { throw fail(.wrongMachine(machine), at: 18) }
    let version: UInt32 = bytes.little(at: 20)
    guard version == 1 else { throw fail(.wrongVersion(version), at: 20) }

    osABI = bytes[7]
    type = bytes.little(at: 16)
    entry = bytes.little(at: Int(Self.entryOffset))
    programHeaders = bytes.little(at: 32)
    flags = bytes.little(at: 48)
    programHeaderSize = bytes.little(at: 54)
    programHeaderCount = bytes.little(at: 56)
    let sections: UInt64 = bytes.little(at: 40)
    let sectionSize: UInt16 = bytes.little(at: 58)
    let sectionCount: UInt16 = bytes.little(at: 60)
    // A count of 0 with a table means "see the first section header": libelf reads that one.
    hasSections =
      sections != 0 && sectionSize == 64 && source.contains(offset: sections, count: max(1, UInt64(sectionCount)) * 64)
  }

  /// What makes the file a program: its type, its base, and program headers inside the file.
  func checkProgram(_ source: ByteSource, path: String) throws(LoadError) {
    guard type == Self.executable || type == Self.sharedObject else {
      throw LoadError(.wrongType(type), path: path, offset: 16)
    }
    guard flags & 8 == 0 else { throw LoadError(.embeddedBase, path: path, offset: 48) }
    guard programHeaderCount != 0 else { throw LoadError(.noSegments, path: path, offset: 56) }
    guard programHeaderSize == 56 else {
      throw LoadError(.wrongProgramHeaderSize(have: programHeaderSize, need: 56), path: path, offset: 54)
    }
    let limit = UInt16(65536 / 56 as Int)
    guard programHeaderCount <= limit else {
      throw LoadError(.tooManyProgramHeaders(count: programHeaderCount, limit: limit), path: path, offset: 56)
    }
    let size = UInt64(programHeaderCount) * 56
    guard source.contains(offset: programHeaders, count: size) else {
      throw LoadError(
        .programHeadersOutsideFile(start: programHeaders, size: size, fileSize: source.size), path: path, offset: 32)
    }
  }
}

extension Array where Element == UInt8 {
  /// A little-endian number; the caller has checked that it lies inside.
  func little<Value: FixedWidthInteger>(at offset: Int) -> Value {
    self[offset..<offset + MemoryLayout<Value>.size].reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }
}
