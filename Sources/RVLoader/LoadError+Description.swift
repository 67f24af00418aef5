#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension LoadError: CustomStringConvertible {
  /// `path: what is wrong (at file offset 0x…)`, without a line break whatever the path contains.
  public var description: String {
    let name = path.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : String($0) }.joined()
    let place = offset.map { " (at file offset \(hex($0)))" } ?? ""
    return "\(name): \(reason)\(place)"
  }
}

extension LoadError.Reason: CustomStringConvertible {
  /// What is wrong, in words that follow the name of the file and a colon.
  public var description: String {
    switch self {
    case .notFound: "no such file"
    case .permissionDenied: "permission to read it is denied"
    case .isDirectory: "is a directory"
    case .notRegularFile: "is not a regular file"
    case .unreadable(let errno): "cannot be read: \(String(cString: strerror(errno)))"
    case .empty: "is empty"
    case .shrunk: "became shorter while it was read"
    case .tooShort(let have, let need): "is too short for an ELF header: has \(have) bytes, needs \(need)"
    case .badMagic(let bytes): "is not an ELF file: begins with \(beginning(bytes))"
    case .wrongClass(1, machine: 243): "is a 32-bit RISC-V ELF file (RV32); only 64-bit ones run"
    case .wrongClass(1, let machine): "is a 32-bit ELF file for \(machineName(machine)); only 64-bit RISC-V ones run"
    case .wrongClass(let value, _): "has an unknown ELF class \(value)"
    case .wrongByteOrder(2): "is a big-endian ELF file; only little-endian ones run"
    case .wrongByteOrder(let value): "has an unknown byte order \(value)"
    case .wrongVersion(let value): "has an unknown ELF version \(value)"
    case .wrongMachine(let value): "is an ELF file for \(machineName(value)), not RISC-V"
    case .wrongType(let value): "is \(typeName(value)), not an executable"
    case .embeddedBase: "is built for the embedded base RV64E (EF_RISCV_RVE), which is not supported"
    case .wrongProgramHeaderSize(let have, let need): "has program headers of \(have) bytes instead of \(need)"
    case .tooManyProgramHeaders(let count, let limit): "has \(count) program headers, more than the \(limit) Linux takes"
    case .programHeadersOutsideFile(let start, let size, let fileSize):
      "is truncated: the program headers are \(size) bytes at \(hex(start)), the file ends at \(hex(fileSize))"
    case .noSegments: "has nothing to load: no PT_LOAD segment"
    case .fileSizeAboveMemorySize(let segment, let fileSize, let memorySize):
      "segment \(segment) has more bytes in the file (\(hex(fileSize))) than in memory (\(hex(memorySize)))"
    case .segmentOutsideFile(let segment, let start, let size, let fileSize):
      "is truncated: segment \(segment) is \(hex(size)) bytes at \(hex(start)), the file ends at \(hex(fileSize))"
    case .addressOverflow(let segment, let address, let size):
      "segment \(segment) goes beyond the end of all addresses: \(hex(size)) bytes at \(hex(address))"
    case .addressAboveLimit(let segment, let address, let size, let limit):
      "segment \(segment) goes beyond the address space: \(hex(size)) bytes at \(hex(address)), which ends at \(hex(limit))"
    case .alignmentNotPowerOfTwo(let segment, let alignment):
      "segment \(segment) has an alignment of \(hex(alignment)), which is not a power of two"
    case .segmentsOverlap(let first, let second, let address): "segments \(first) and \(second) overlap at \(hex(address))"
    case .imageTooLarge(let size, let limit): "is too large: needs \(size) bytes of memory, the limit is \(limit)"
    case .badInterpreter(let problem): "the path of its interpreter (PT_INTERP) \(problem)"
    case .entryMisaligned(let entry): "the entry \(hex(entry)) is odd; instructions begin at even addresses"
    case .entryNotExecutable(let entry, nil): "the entry \(hex(entry)) lies in no segment"
    case .entryNotExecutable(let entry, let segment?):
      "the entry \(hex(entry)) lies in segment \(segment), which is not executable"
    case .entryInFileHeader(let entry): "the entry \(hex(entry)) is the ELF header, no code; a shared library cannot be run"
    case .refused(let message): "cannot be read as ELF: \(message)"
    }
  }
}

extension LoadError.InterpreterProblem: CustomStringConvertible {
  /// The problem as a predicate.
  public var description: String {
    switch self {
    case .outsideFile: "lies outside the file"
    case .empty: "is empty"
    case .tooLong: "is longer than 4096 bytes"
    case .notTerminated: "does not end with a zero byte"
    }
  }
}

private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

/// The first bytes of a file that is no ELF file, and what they hint at.
private func beginning(_ bytes: [UInt8]) -> String {
  let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  let hint: String? =
    switch bytes.prefix(4) {
    case let magic where magic.starts(with: [0x23, 0x21]): "a script"
    case [0x21, 0x3c, 0x61, 0x72]: "an archive"
    case let magic where magic.starts(with: [0x1f, 0x8b]): "a gzip file"
    case let magic where magic.starts(with: [0x4d, 0x5a]): "a Windows program"
    case [0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe]: "a Mach-O file"
    default: nil
    }
  return hint.map { "\(digits) (\($0))" } ?? digits
}

/// `e_type` in words (ELF gABI, "ELF Header").
private func typeName(_ type: UInt16) -> String {
  switch type {
  case 0: "an ELF file without a type"
  case 1: "a relocatable object file (.o), to be linked first"
  case 4: "a core dump"
  default: "an ELF file of type \(type)"
  }
}

/// `e_machine` in words, where people are likely to meet it.
private func machineName(_ machine: UInt16) -> String {
  switch machine {
  case 0: "no machine"
  case 2: "SPARC"
  case 3: "x86"
  case 8: "MIPS"
  case 20: "PowerPC"
  case 21: "PowerPC64"
  case 22: "S/390"
  case 40: "ARM"
  case 43: "SPARC V9"
  case 50: "IA-64"
  case 62: "x86-64"
  case 94: "Xtensa"
  case 183: "AArch64"
  case 190: "CUDA"
  case 224: "AMD GPU"
  case 243: "RISC-V"
  case 247: "BPF"
  case 258: "LoongArch"
  default: "machine \(machine)"
  }
}
