@testable import RVLoader

/// Makes ELF files, good ones and others: every field can be set to what a test needs.
struct ELFBuilder {
  struct Program {
    var type: UInt32 = 1
    var flags: UInt32 = 5
    var offset: UInt64
    var address: UInt64
    var fileSize: UInt64
    var memorySize: UInt64
    var alignment: UInt64 = 0x1000
  }

  struct Section {
    var name: String
    var type: UInt32
    var flags: UInt64 = 0
    var address: UInt64 = 0
    var bytes: [UInt8] = []
    /// Set for sections that occupy no file bytes.
    var size: UInt64?
    var link: UInt32 = 0
    var entrySize: UInt64 = 0
    /// Set for sections whose bytes are those of a segment.
    var offset: UInt64?
  }

  struct Symbol {
    var name: String
    var value: UInt64
    var size: UInt64 = 0
    /// `STT_…`
    var type: UInt8 = 0
    /// `STB_…`
    var binding: UInt8 = 1
    var section: UInt16 = 1
  }

  var identification: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  var type: UInt16 = 2
  var machine: UInt16 = 243
  var version: UInt32 = 1
  var entry: UInt64 = 0x10100
  var programHeaders: UInt64 = 64
  var sectionHeaders: UInt64?
  var flags: UInt32 = 5
  var programHeaderSize: UInt16 = 56
  var programHeaderCount: UInt16?
  var sectionHeaderSize: UInt16 = 64
  var sectionCount: UInt16?
  var programs: [Program] = [
    Program(flags: 5, offset: 0, address: 0x10000, fileSize: 0x200, memorySize: 0x200),
    Program(flags: 6, offset: 0x200, address: 0x11200, fileSize: 0x10, memorySize: 0x50),
  ]
  /// Bytes from offset 0x200 on, or from the end of the program headers.
  var data: [UInt8] = (0..<16).map { $0 + 1 }
  var sections: [Section] = []
  var symbols: [Symbol] = []

  static let text = Section(name: ".text", type: 1, flags: 6, address: 0x10100, size: 0x100, offset: 0x100)
  static let dataSection = Section(name: ".data", type: 1, flags: 3, address: 0x11200, size: 0x10, offset: 0x200)

  /// An executable with `.text`, `.data`, symbols and attributes.
  static func complete() -> ELFBuilder {
    var builder = ELFBuilder()
    builder.sections = [text, dataSection]
    builder.symbols = [
      Symbol(name: "_start", value: 0x10100, size: 0x20, type: 2),
      Symbol(name: "loop", value: 0x10110, binding: 0),
      Symbol(name: "$x", value: 0x10100, binding: 0),
      Symbol(name: "table", value: 0x11200, size: 0x10, type: 1, section: 2),
    ]
    builder.sections.append(Section(name: ".riscv.attributes", type: 0x7000_0003, bytes: attributes(arch: "rv64i2p1_c2p0")))
    return builder
  }

  /// A `.riscv.attributes` section: a stack alignment of 16, unaligned access, an ISA string.
  static func attributes(arch: String) -> [UInt8] {
    let values: [UInt8] = [4, 16, 6, 1, 5] + Array(arch.utf8) + [0]
    let block: [UInt8] = [1] + bytes(UInt32(values.count + 5)) + values
    let vendor = Array("riscv\0".utf8) + block
    return [0x41] + bytes(UInt32(vendor.count + 4)) + vendor
  }

  static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  func build() -> [UInt8] {
    var file = [UInt8](repeating: 0, count: 64)
    for program in programs {
      file += Self.bytes(program.type) + Self.bytes(program.flags)
      for field in [program.offset, program.address, program.address, program.fileSize, program.memorySize, program.alignment] {
        file += Self.bytes(field)
      }
    }
    file += [UInt8](repeating: 0, count: max(0, 0x200 - file.count)) + data

    var all = [Section(name: "", type: 0)] + sections
    if !symbols.isEmpty {
      var names: [UInt8] = [0]
      var table = [UInt8](repeating: 0, count: 24)
      for symbol in symbols {
        table += Self.bytes(UInt32(names.count)) + [symbol.binding << 4 | symbol.type, 0] + Self.bytes(symbol.section)
        table += Self.bytes(symbol.value) + Self.bytes(symbol.size)
        names += Array(symbol.name.utf8) + [0]
      }
      all.append(Section(name: ".symtab", type: 2, bytes: table, link: UInt32(all.count + 1), entrySize: 24))
      all.append(Section(name: ".strtab", type: 3, bytes: names))
    }
    var headers: [UInt8] = []
    if all.count > 1 {
      var names: [UInt8] = []
      all.append(Section(name: ".shstrtab", type: 3))
      let places = all.map { section in
        defer { names += Array(section.name.utf8) + [0] }
        return UInt32(names.count)
      }
      all[all.count - 1].bytes = names
      for (section, name) in zip(all, places) {
        while file.count % 8 != 0 { file.append(0) }
        let size = section.size ?? UInt64(section.bytes.count)
        headers += Self.bytes(name) + Self.bytes(section.type) + Self.bytes(section.flags) + Self.bytes(section.address)
        headers += Self.bytes(section.offset ?? UInt64(file.count)) + Self.bytes(size) + Self.bytes(section.link)
        headers += Self.bytes(UInt32(1)) + Self.bytes(UInt64(8)) + Self.bytes(section.entrySize)
        file += section.bytes
      }
      while file.count % 8 != 0 { file.append(0) }
    }
    var header = identification + Self.bytes(type) + Self.bytes(machine) + Self.bytes(version) + Self.bytes(entry)
    header += Self.bytes(programHeaders) + Self.bytes(sectionHeaders ?? (headers.isEmpty ? 0 : UInt64(file.count)))
    header += Self.bytes(flags) + Self.bytes(UInt16(64)) + Self.bytes(programHeaderSize)
    header += Self.bytes(programHeaderCount ?? UInt16(programs.count)) + Self.bytes(sectionHeaderSize)
    let count = headers.isEmpty ? 0 : UInt16(all.count)
    header += Self.bytes(sectionCount ?? count) + Self.bytes(headers.isEmpty ? UInt16(0) : count - 1)
    file.replaceSubrange(0..<64, with: header)
    return file + headers
  }
}
