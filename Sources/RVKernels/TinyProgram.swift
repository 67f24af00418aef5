import RVDecoder

/// Programs for Linux put together from instructions: an ELF file with one segment, an ordinary guest of the ordinary machine.
enum TinyProgram {
  static let base: UInt64 = 0x10000
  static let dataOffset = 0x2000
  static var dataAddress: UInt64 { base + UInt64(dataOffset) }

  /// Assembled from the rows.
  struct Assembler {
    var words: [UInt32] = []

    mutating func emit(_ mnemonic: String, _ operands: Operands) {
      guard let (row, _) = InstructionLoop.find(mnemonic), let word = row.word(operands) else {
        preconditionFailure("\(mnemonic) has no such form")
      }
      words.append(word)
    }

    /// A number of 31 bits.
    mutating func load(_ register: UInt8, _ value: UInt32) {
      let upper = (value &+ 0x800) & 0xffff_f000
      let low = Int32(bitPattern: value &- upper)
      if upper != 0 { emit("lui", .init(rd: register, imm: Int32(bitPattern: upper))) }
      if low != 0 || upper == 0 {
        emit(upper == 0 ? "addi" : "addiw", .init(rd: register, rs1: upper == 0 ? 0 : register, imm: low))
      }
    }

    /// Ends the program, with 0.
    mutating func exit() {
      load(10, 0)
      load(17, 93)
      words.append(0x73)
    }
  }

  /// - Parameters:
  ///   - data: bytes at ``dataAddress``.
  ///   - room: bytes of memory there, zeros behind the data.
  static func elf(_ code: [UInt32], data: [UInt8], room: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(dataOffset + data.count)
    func add(_ value: UInt64, _ width: Int) {
      for k in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * k))) }
    }
    bytes += [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 3] + Array(repeating: 0, count: 8)
    add(2, 2); add(243, 2); add(1, 4)
    let entry = base + 120
    add(entry, 8); add(64, 8); add(0, 8)
    add(5, 4)  // RVC, double-float ABI
    add(64, 2); add(56, 2); add(1, 2); add(0, 2); add(0, 2); add(0, 2)
    add(1, 4); add(7, 4); add(0, 8); add(base, 8); add(base, 8)
    add(UInt64(dataOffset + data.count), 8); add(UInt64(dataOffset + max(room, data.count)), 8); add(4096, 8)
    for word in code { add(UInt64(word), 4) }
    precondition(bytes.count <= dataOffset, "code is longer than its room")
    bytes += Array(repeating: 0, count: dataOffset - bytes.count)
    bytes += data
    return bytes
  }
}
