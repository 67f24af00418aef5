import RVDecoder
import RVModels

/// A loop as a program for Linux: an ELF file without sections but for its symbols' sake, an ordinary guest of the ordinary machine.
///
/// It sets registers, mask and vtype, says where the region of interest begins, goes round, says where it ends, and exits with 0.
public struct LoopProgram {
  static let base: UInt64 = 0x10000
  /// Data behind the code: random bytes for registers, and room for strided accesses.
  static let dataOffset = 0x1000
  static let dataSize = 1 << 20
  /// The address that loads and stores use: a multiple of 8 and not of 16, so that most accesses cross a line.
  static let address: UInt64 = base + UInt64(dataOffset) + UInt64(dataSize / 2) + 40

  public let bytes: [UInt8]

  public init(_ loop: InstructionLoop) { bytes = Self.elf(Self.code(loop)) }

  private static func code(_ loop: InstructionLoop) -> [UInt32] {
    var a = Assembler()
    let data = UInt32(base) + UInt32(dataOffset)
    // Random bytes in all vector registers, alternating bits in v0.
    a.emit("vsetvli", .init(rd: 7, rs1: 0, imm: 0xc3))
    a.load(5, data)
    for register in [UInt8(0), 8, 16, 24] { a.emit("vl8re8.v", .init(rd: register, rs1: 5)) }
    a.load(6, 0x5555_5555)
    a.emit("vmv.v.x", .init(rd: 0, rs1: 6, aux: 1))
    a.emit("vsetvli", .init(rd: 7, rs1: 0, imm: Int32(loop.vtype)))
    // ft0 to ft7: numbers around one.
    a.load(6, 3)
    for register in UInt8(0)..<8 { a.emit("fcvt.d.l", .init(rd: register, rs1: 6, aux: 0)) }
    if loop.row.sew == 32 { for register in UInt8(0)..<8 { a.emit("fcvt.s.l", .init(rd: register, rs1: 6, aux: 0)) } }
    if loop.row.sew == 16 { for register in UInt8(0)..<8 { a.emit("fcvt.h.l", .init(rd: register, rs1: 6, aux: 0)) } }
    let isMemory = loop.row.operands.contains("(")
    if isMemory {
      a.load(5, UInt32(address))
      a.load(7, UInt32(address))
      // t3: a stride of 64 fits all; t1: -1.
      a.load(28, 64)
      a.emit("addi", .init(rd: 6, rs1: 0, imm: -1))
    } else {
      a.load(5, 7)
      a.load(6, 9)
      a.load(7, 5)
    }
    a.load(11, UInt32(InstructionLoop.rounds))
    a.words.append(RegionMarker.begin)
    let start = a.words.count
    for _ in 0..<InstructionLoop.unrolled { a.words += loop.body }
    a.emit("addi", .init(rd: 11, rs1: 11, imm: -1))
    a.emit("bne", .init(rs1: 11, rs2: 0, imm: Int32(4 * (start - a.words.count))))
    a.words.append(RegionMarker.end)
    a.load(10, 0)
    a.load(17, 93)
    a.words.append(0x73)
    return a.words
  }

  /// Assembled from the rows.
  private struct Assembler {
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
  }

  private static func elf(_ code: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
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
    let fileSize = dataOffset + 8192 * 8
    add(UInt64(fileSize), 8); add(UInt64(dataOffset + dataSize), 8); add(4096, 8)
    for word in code { add(UInt64(word), 4) }
    precondition(bytes.count <= dataOffset, "code is longer than its room")
    bytes += Array(repeating: 0, count: dataOffset - bytes.count)
    // Bytes of a fixed sequence.
    var x: UInt64 = 0x9e37_79b9_7f4a_7c15
    while bytes.count < fileSize {
      x ^= x << 13
      x ^= x >> 7
      x ^= x << 17
      add(x, 8)
    }
    return bytes
  }
}
