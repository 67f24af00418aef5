import RVDecoder

/// What floating-point vector instructions have in common. "V", chapter 13.
extension Hart {
  /// Whether elements of SEW bits can be numbers, the float state is on, and frm is a rounding mode.
  /// - Parameter widest: log2 of the bytes of the widest element that the operation can have (a source or result of 2 · SEW bits counts).
  func requireVectorFloat(widest: Int) throws(Trap) {
    let s = state
    let sew = s.pointee.vtype.sew
    let isNumber =
      switch sew {
      case 1: isa.contains(.zvfh)
      case 2: isa.contains(.zve32f)
      case 3: isa.contains(.zve64d)
      default: false
      }
    guard isNumber, sew <= widest, s.pointee.fs != 0, s.pointee.frm < 5 else { throw Trap(.illegalInstruction) }
  }

  /// The scalar operand of f[rs1] for elements of SEW bits: the canonical NaN where it is not boxed. "V", section 13.1 (and D, 21.2).
  func unboxed(_ op: Op, _ sew: Int) -> UInt64 {
    let value = state.f[Int(op.rs1)]
    switch sew {
    case 1: return value >= 0xffff_ffff_ffff_0000 ? value & 0xffff : 0x7e00
    case 2: return value >= 0xffff_ffff_0000_0000 ? value & 0xffff_ffff : 0x7fc0_0000
    default: return value
    }
  }
}
