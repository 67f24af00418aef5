/// Writes a test program as an ELF file: two segments, and a symbol table with `tohost` and `fromhost`, which Spike asks for.
public enum ELFWriter {
  public static func file(_ program: Program, _ assembly: Assembly) -> [UInt8] {
    let data = dataBytes(program)
    let headers = 64 + 2 * 56
    let codeOffset = (headers + 4095) / 4096 * 4096
    let dataOffset = (codeOffset + assembly.code.count + 4095) / 4096 * 4096
    let names = Array("\0tohost\0fromhost\0_start\0.data\0.symtab\0.strtab\0".utf8)
    let symbolOffset = (dataOffset + data.count + 7) / 8 * 8
    let nameOffset = symbolOffset + 4 * 24
    let sectionOffset = (nameOffset + names.count + 7) / 8 * 8

    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    file.put16(2, 243)
    file.put32(1)
    file.put64(Layout.code, 64, UInt64(sectionOffset))
    // RVC and the double float ABI.
    file.put32(5)
    file.put16(64, 56, 2, 64, 4, 3)
    for (offset, address, count) in [(codeOffset, Layout.code, assembly.code.count), (dataOffset, Layout.tohost, data.count)] {
      file.put32(1, 7)
      file.put64(UInt64(offset), address, address, UInt64(count), UInt64(count), 4096)
    }
    file.pad(to: codeOffset)
    file += assembly.code
    file.pad(to: dataOffset)
    file += data
    file.pad(to: symbolOffset)
    file.put64(0, 0, 0)
    for (name, address, size) in [(1, Layout.tohost, UInt64(8)), (8, Layout.tohost + 8, 8), (17, Layout.code, 4)] {
      file.put32(UInt32(name))
      file += [0x11, 0]
      file.put16(address == Layout.code ? 0xfff1 : 1)
      file.put64(address, size)
    }
    file += names
    file.pad(to: sectionOffset)
    file.section(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    file.section(24, 1, 3, Layout.tohost, dataOffset, data.count, 0, 0, 4096, 0)
    file.section(30, 2, 0, 0, symbolOffset, 4 * 24, 3, 1, 8, 24)
    file.section(38, 3, 0, 0, nameOffset, names.count, 0, 0, 1, 0)
    return file
  }

  /// From ``Layout/tohost`` on.
  private static func dataBytes(_ program: Program) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    bytes.pad(to: Int(Layout.integers - Layout.tohost))
    for value in program.integers { bytes.put64(value) }
    bytes.pad(to: Int(Layout.data - Layout.tohost))
    bytes += program.data
    bytes.pad(to: Int(Layout.constants - Layout.tohost))
    for value in program.constants { bytes.put64(value) }
    return bytes
  }
}

extension [UInt8] {
  mutating func pad(to size: Int) { append(contentsOf: repeatElement(0, count: Swift.max(0, size - count))) }

  mutating func put16(_ values: UInt16...) { for value in values { put(value) } }
  mutating func put32(_ values: UInt32...) { for value in values { put(value) } }
  mutating func put64(_ values: UInt64...) { for value in values { put(value) } }

  private mutating func put<T: FixedWidthInteger>(_ value: T) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func section(
    _ name: UInt32, _ type: UInt32, _ flags: UInt64, _ address: UInt64, _ offset: Int, _ size: Int, _ link: UInt32,
    _ info: UInt32, _ alignment: UInt64, _ entrySize: UInt64
  ) {
    put32(name, type)
    put64(flags, address, UInt64(offset), UInt64(size))
    put32(link, info)
    put64(alignment, entrySize)
  }
}
