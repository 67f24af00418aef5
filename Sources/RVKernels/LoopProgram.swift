import RVDecoder
import RVModels

/// A loop as a program for Linux: an ELF file without sections but for its symbols' sake, an ordinary guest of the ordinary machine.
///
/// It sets registers, mask and vtype, says where the region of interest begins, goes round, says where it ends, and exits with 0.
public struct LoopProgram {
  /// Data behind the code: random bytes for registers, and room for strided accesses.
  static let dataSize = 1 << 20
  /// The address that loads and stores use: a multiple of 8 and not of 16, so that most accesses cross a line.
  static let address: UInt64 = TinyProgram.dataAddress + UInt64(dataSize / 2) + 40

  public let bytes: [UInt8]

  public init(_ loop: InstructionLoop) {
    bytes = TinyProgram.elf(Self.code(loop), data: Self.data, room: Self.dataSize)
  }

  private static func code(_ loop: InstructionLoop) -> [UInt32] {
    var a = TinyProgram.Assembler()
    let data = UInt32(TinyProgram.dataAddress)
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
    a.exit()
    return a.words
  }

  /// Bytes of a fixed sequence, for the registers.
  private static let data: [UInt8] = {
    var bytes: [UInt8] = []
    var x: UInt64 = 0x9e37_79b9_7f4a_7c15
    while bytes.count < 8192 * 8 {
      x ^= x << 13
      x ^= x >> 7
      x ^= x << 17
      for k in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: x >> UInt64(8 * k))) }
    }
    return bytes
  }()
}
