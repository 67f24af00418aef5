import Testing

@testable import RVLoader

/// A way to spoil a good file, and what is said about it.
struct BadFile: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var reason: LoadError.Reason
  var text: String
  var bytes: [UInt8]

  init(_ name: String, _ reason: LoadError.Reason, _ text: String, _ spoil: (inout ELFBuilder) -> Void) {
    var builder = ELFBuilder()
    spoil(&builder)
    self.init(name, reason, text, bytes: builder.build())
  }

  init(_ name: String, _ reason: LoadError.Reason, _ text: String, bytes: [UInt8]) {
    testDescription = name
    self.reason = reason
    self.text = text
    self.bytes = bytes
  }

  static let headers: [BadFile] = [
    BadFile("empty", .empty, "is empty", bytes: []),
    BadFile(
      "script", .badMagic([0x23, 0x21, 0x2f, 0x62]),
      "is not an ELF file: begins with 23 21 2f 62 (a script) (at file offset 0x0)", bytes: Array("#!/bin/sh\n".utf8)),
    BadFile("one byte", .badMagic([0x00]), "is not an ELF file: begins with 00 (at file offset 0x0)", bytes: [0]),
    BadFile(
      "archive", .badMagic([0x21, 0x3c, 0x61, 0x72]),
      "is not an ELF file: begins with 21 3c 61 72 (an archive) (at file offset 0x0)", bytes: Array("!<arch>\n".utf8)),
    BadFile(
      "two bytes of magic", .tooShort(have: 2, need: 64), "is too short for an ELF header: has 2 bytes, needs 64",
      bytes: [0x7f, 0x45]),
    BadFile(
      "cut in the header", .tooShort(have: 63, need: 64), "is too short for an ELF header: has 63 bytes, needs 64",
      bytes: Array(ELFBuilder().build().prefix(63))),
    BadFile(
      "RV32", .wrongClass(1, machine: 243),
      "is a 32-bit RISC-V ELF file (RV32); only 64-bit ones run (at file offset 0x4)"
    ) { $0.identification[4] = 1 },
    BadFile(
      "ARM", .wrongClass(1, machine: 40),
      "is a 32-bit ELF file for ARM; only 64-bit RISC-V ones run (at file offset 0x4)"
    ) {
      $0.identification[4] = 1
      $0.machine = 40
    },
    BadFile("class 9", .wrongClass(9, machine: 243), "has an unknown ELF class 9 (at file offset 0x4)") {
      $0.identification[4] = 9
    },
    BadFile(
      "big-endian", .wrongByteOrder(2),
      "is a big-endian ELF file; only little-endian ones run (at file offset 0x5)"
    ) { $0.identification[5] = 2 },
    BadFile("byte order 0", .wrongByteOrder(0), "has an unknown byte order 0 (at file offset 0x5)") { $0.identification[5] = 0 },
    BadFile("EI_VERSION", .wrongVersion(0), "has an unknown ELF version 0 (at file offset 0x6)") { $0.identification[6] = 0 },
    BadFile("e_version", .wrongVersion(2), "has an unknown ELF version 2 (at file offset 0x14)") { $0.version = 2 },
    BadFile("x86-64", .wrongMachine(62), "is an ELF file for x86-64, not RISC-V (at file offset 0x12)") { $0.machine = 62 },
    BadFile("machine 999", .wrongMachine(999), "is an ELF file for machine 999, not RISC-V (at file offset 0x12)") {
      $0.machine = 999
    },
    BadFile(
      "object file", .wrongType(1),
      "is a relocatable object file (.o), to be linked first, not an executable (at file offset 0x10)"
    ) { $0.type = 1 },
    BadFile("core", .wrongType(4), "is a core dump, not an executable (at file offset 0x10)") { $0.type = 4 },
    BadFile("no type", .wrongType(0), "is an ELF file without a type, not an executable (at file offset 0x10)") { $0.type = 0 },
    BadFile("type 0xfe00", .wrongType(0xfe00), "is an ELF file of type 65024, not an executable (at file offset 0x10)") {
      $0.type = 0xfe00
    },
    BadFile(
      "RVE", .embeddedBase,
      "is built for the embedded base RV64E (EF_RISCV_RVE), which is not supported (at file offset 0x30)"
    ) { $0.flags = 9 },
    BadFile(
      "e_phentsize", .wrongProgramHeaderSize(have: 32, need: 56),
      "has program headers of 32 bytes instead of 56 (at file offset 0x36)"
    ) { $0.programHeaderSize = 32 },
    BadFile(
      "e_phnum", .tooManyProgramHeaders(count: 65535, limit: 1170),
      "has 65535 program headers, more than the 1170 Linux takes (at file offset 0x38)"
    ) { $0.programHeaderCount = 65535 },
    BadFile(
      "e_phoff", .programHeadersOutsideFile(start: .max - 7, size: 112, fileSize: 0x210),
      "is truncated: the program headers are 112 bytes at 0xfffffffffffffff8, the file ends at 0x210 (at file offset 0x20)"
    ) {
      $0.programHeaders = .max - 7
    },
    BadFile(
      "headers cut off", .programHeadersOutsideFile(start: 64, size: 112, fileSize: 175),
      "is truncated: the program headers are 112 bytes at 0x40, the file ends at 0xaf (at file offset 0x20)",
      bytes: Array(ELFBuilder().build().prefix(175))),
  ]

  static let segments: [BadFile] = [
    BadFile("no program headers", .noSegments, "has nothing to load: no PT_LOAD segment (at file offset 0x38)") {
      $0.programHeaderCount = 0
    },
    BadFile("no PT_LOAD", .noSegments, "has nothing to load: no PT_LOAD segment") {
      $0.programs = [.init(type: 4, offset: 0, address: 0, fileSize: 0, memorySize: 0)]
    },
    BadFile(
      "p_filesz", .fileSizeAboveMemorySize(segment: 1, fileSize: 16, memorySize: 15),
      "segment 1 has more bytes in the file (0x10) than in memory (0xf) (at file offset 0x98)"
    ) { $0.programs[1].memorySize = 15 },
    BadFile(
      "cut in a segment", .segmentOutsideFile(segment: 1, start: 0x200, size: 16, fileSize: 0x20f),
      "is truncated: segment 1 is 0x10 bytes at 0x200, the file ends at 0x20f (at file offset 0x80)",
      bytes: Array(ELFBuilder().build().prefix(0x20f))),
    BadFile(
      "p_offset", .segmentOutsideFile(segment: 0, start: .max, size: 0x200, fileSize: 0x210),
      "is truncated: segment 0 is 0x200 bytes at 0xffffffffffffffff, the file ends at 0x210 (at file offset 0x48)"
    ) {
      $0.programs[0].offset = .max
    },
    BadFile(
      "lying sizes", .segmentOutsideFile(segment: 1, start: 0x200, size: .max, fileSize: 0x210),
      "is truncated: segment 1 is 0xffffffffffffffff bytes at 0x200, the file ends at 0x210 (at file offset 0x80)"
    ) {
      $0.programs[1].fileSize = .max
      $0.programs[1].memorySize = .max
    },
    BadFile(
      "overflow", .addressOverflow(segment: 1, address: .max - 15, size: 0x50),
      "segment 1 goes beyond the end of all addresses: 0x50 bytes at 0xfffffffffffffff0 (at file offset 0x88)"
    ) {
      $0.programs[1].address = .max - 15
    },
    BadFile(
      "address limit", .addressAboveLimit(segment: 1, address: 1 << 63 - 0x4f, size: 0x50, limit: 1 << 63),
      "segment 1 goes beyond the address space: 0x50 bytes at 0x7fffffffffffffb1, which ends at 0x8000000000000000"
        + " (at file offset 0x88)"
    ) { $0.programs[1].address = 1 << 63 - 0x4f },
    BadFile(
      "alignment", .alignmentNotPowerOfTwo(segment: 0, alignment: 0x1001),
      "segment 0 has an alignment of 0x1001, which is not a power of two (at file offset 0x70)"
    ) {
      $0.programs[0].alignment = 0x1001
    },
    BadFile(
      "overlap", .segmentsOverlap(first: 0, second: 1, address: 0x101ff),
      "segments 0 and 1 overlap at 0x101ff (at file offset 0x88)"
    ) { $0.programs[1].address = 0x101ff },
    BadFile(
      "same address", .segmentsOverlap(first: 0, second: 1, address: 0x10000),
      "segments 0 and 1 overlap at 0x10000 (at file offset 0x88)"
    ) { $0.programs[1].address = 0x10000 },
    BadFile(
      "2 GiB and a byte", .imageTooLarge(size: 2 << 30 + 1, limit: 2 << 30),
      "is too large: needs 2147483649 bytes of memory, the limit is 2147483648 (at file offset 0xa0)"
    ) {
      $0.programs[1].memorySize = 2 << 30 - 0x1ff
    },
    BadFile(
      "interpreter outside", .badInterpreter(.outsideFile),
      "the path of its interpreter (PT_INTERP) lies outside the file (at file offset 0xb8)"
    ) {
      $0.programs.append(.init(type: 3, flags: 4, offset: 0x300, address: 0, fileSize: 8, memorySize: 8))
    },
    BadFile(
      "interpreter empty", .badInterpreter(.empty),
      "the path of its interpreter (PT_INTERP) is empty (at file offset 0xb8)"
    ) {
      $0.programs.append(.init(type: 3, flags: 4, offset: 0x200, address: 0, fileSize: 0, memorySize: 0))
    },
    BadFile(
      "interpreter too long", .badInterpreter(.tooLong),
      "the path of its interpreter (PT_INTERP) is longer than 4096 bytes (at file offset 0xb8)"
    ) {
      $0.programs.append(.init(type: 3, flags: 4, offset: 0x200, address: 0, fileSize: .max, memorySize: 8))
    },
    BadFile(
      "interpreter not terminated", .badInterpreter(.notTerminated),
      "the path of its interpreter (PT_INTERP) does not end with a zero byte (at file offset 0xb8)"
    ) {
      $0.programs.append(.init(type: 3, flags: 4, offset: 0x200, address: 0, fileSize: 8, memorySize: 8))
    },
    BadFile(
      "odd entry", .entryMisaligned(entry: 0x10101),
      "the entry 0x10101 is odd; instructions begin at even addresses (at file offset 0x18)"
    ) { $0.entry = 0x10101 },
    BadFile(
      "entry nowhere", .entryNotExecutable(entry: 0x10200, segment: nil),
      "the entry 0x10200 lies in no segment (at file offset 0x18)"
    ) { $0.entry = 0x10200 },
    BadFile(
      "entry in data", .entryNotExecutable(entry: 0x11200, segment: 1),
      "the entry 0x11200 lies in segment 1, which is not executable (at file offset 0x18)"
    ) { $0.entry = 0x11200 },
    BadFile(
      "shared library", .entryInFileHeader(entry: 0),
      "the entry 0x0 is the ELF header, no code; a shared library cannot be run (at file offset 0x18)"
    ) {
      $0.type = 3
      $0.entry = 0
      $0.programs[0].address = 0
    },
  ]
}
