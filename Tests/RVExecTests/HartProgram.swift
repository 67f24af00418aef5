import RVDecoder
import RVExec

/// A few instructions in the memory of a bare hart, written by the encoder: what the tests of the loop run.
final class HartProgram {
  static let base: UInt64 = 0x8000_0000

  let space: AddressSpace
  let hart: Hart
  /// Where the next instruction goes.
  var here = HartProgram.base

  init?(isa: ISA = .max) {
    guard let space = AddressSpace.physical(size: 1 << 20), let hart = Hart(space: space, isa: isa, isUserMode: false) else { return nil }
    self.space = space
    self.hart = hart
    hart.pc = Self.base
  }

  /// The word of an instruction.
  static func word(
    _ mnemonic: String, rd: UInt8 = 0, rs1: UInt8 = 0, rs2: UInt8 = 0, imm: Int32 = 0, aux: UInt8 = 0
  ) -> UInt32 {
    guard let row = InstructionTable.shared.row(mnemonic: mnemonic),
      let word = Encoder.encode(row, Operands(rd: rd, rs1: rs1, rs2: rs2, imm: imm, aux: aux))
    else { return 0 }
    return word
  }

  /// Puts an instruction at ``here``.
  func emit(_ mnemonic: String, rd: UInt8 = 0, rs1: UInt8 = 0, rs2: UInt8 = 0, imm: Int32 = 0, aux: UInt8 = 0) {
    put(Self.word(mnemonic, rd: rd, rs1: rs1, rs2: rs2, imm: imm, aux: aux))
  }

  /// Puts a word at ``here``: two bytes when its low bits say so.
  func put(_ word: UInt32) {
    let count = word & 3 == 3 ? 4 : 2
    space.poke(here, (0..<count).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) })
    here += UInt64(count)
  }

  /// Fills with c.nop up to an address.
  func pad(to address: UInt64) {
    while here < address { put(0x0001) }
  }

  /// Registers, pc and counts, to compare runs.
  var snapshot: [UInt64] { (0..<32).map { hart[x: $0] } + (0..<32).map { hart[f: $0] } + [hart.pc, hart.retired] }
}
