import RVDecoder

@testable import RVExec

/// The vector registers of a hart, and single instructions on them.
final class VectorUnit {
  let program: HartProgram
  private let decoder: Decoder

  init?(isa: ISA = .max) {
    guard let program = HartProgram(isa: isa) else { return nil }
    self.program = program
    decoder = Decoder(isa: isa)
    program.hart.state.pointee.vs = 3
    program.hart.state.pointee.set(fs: 3)
  }

  var hart: Hart { program.hart }

  /// Bytes from the beginning of a register on.
  subscript(_ register: Int, _ count: Int) -> [UInt8] {
    let start = register * hart.state.pointee.vectorBytesEach
    return Array(hart.vectorBytes[start..<start + count])
  }

  /// The first 16 bytes of a register; what is set may be longer.
  subscript(_ register: Int) -> [UInt8] {
    get { self[register, 16] }
    set {
      let start = register * hart.state.pointee.vectorBytesEach
      UnsafeMutableRawBufferPointer(rebasing: hart.vectorBytes[start...]).copyBytes(from: newValue)
    }
  }

  /// Executes one instruction.
  /// - Parameters:
  ///   - sew: log2 of bytes.
  ///   - lmul: log2.
  ///   - policy: vta in bit 0, vma in bit 1.
  func run(
    _ mnemonic: String, rd: UInt8, rs1: UInt8 = 0, rs2: UInt8 = 0, imm: Int32 = 0, masked: Bool = false, sew: Int = 2, lmul: Int = 0,
    vl: UInt64 = 4, policy: UInt64 = 0
  ) throws {
    let s = hart.state
    s.pointee.vtype = VectorType(written: UInt64(lmul & 7 | sew << 3) | policy << 6, elen: Int(s.pointee.elen))
    s.pointee.vl = vl
    let op = decoder.decode(HartProgram.word(mnemonic, rd: rd, rs1: rs1, rs2: rs2, imm: imm, aux: masked ? 0 : 1))
    try hart.filling(op) { () throws(Trap) in try execute(op) }
  }

  private func execute(_ op: Op) throws(Trap) {
    switch op.row {
    case .v(let row): try hart.execute(row, op)
    case .vp(let row): try hart.execute(row, op)
    case .vf(let row): try hart.execute(row, op)
    case .vk(let row): try hart.execute(row, op)
    case .smt(let row): try hart.execute(row, op)
    default: throw Trap(.illegalInstruction)
    }
  }
}

extension HartState {
  fileprivate var vectorBytesEach: Int { Int(vlenb) }
}

/// Bytes of hexadecimal digits.
func hex(_ text: String) -> [UInt8] {
  let digits = Array(text.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) }
}

/// Words as they lie in memory.
func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] { words.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) } }

func words<Word: FixedWidthInteger>(_ bytes: [UInt8], bigEndian: Bool = false) -> [Word] {
  let size = MemoryLayout<Word>.size
  return stride(from: 0, to: bytes.count, by: size).map { at in
    let word = (0..<size).reduce(Word(0)) { $0 | Word(truncatingIfNeeded: UInt64(bytes[at + $1])) << Word(8 * $1) }
    return bigEndian ? word.byteSwapped : word
  }
}
