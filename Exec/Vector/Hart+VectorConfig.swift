import RVDecoder

/// vsetvli, vsetivli, vsetvl. "V", chapter 6.
extension Hart {
  func configure(_ instruction: V, _ op: Op) throws(Trap) {
    let s = state
    guard s.pointee.vs != 0 else { throw Trap(.illegalInstruction) }
    s.pointee.vs = 3
    let vlenb = Int(s.pointee.vlenb)
    let (requested, bits): (AVL, UInt64) =
      switch instruction {
      case .vsetivli: (.length(UInt64(op.rs1)), UInt64(UInt32(bitPattern: op.imm)))
      case .vsetvl: (length(op), s.x[Int(op.rs2)])
      default: (length(op), UInt64(UInt32(bitPattern: op.imm)))
      }
    var type = VectorType(written: bits, elen: Int(s.pointee.elen))
    let vlmax = type.vlmax(vlenb: vlenb)
    // vl can only be kept where VLMAX stays; elsewhere that is reserved, and vill is Spike's choice.
    if case .keep = requested, vlmax != s.pointee.vtype.vlmax(vlenb: vlenb) { type = .illegal }
    s.pointee.vtype = type
    switch requested {
    case _ where type.isIllegal: s.pointee.vl = 0
    case .keep: break
    case .largest: s.pointee.vl = UInt64(vlmax)
    case .length(let length): s.pointee.vl = min(length, UInt64(vlmax))
      // Any vl from half of AVL to VLMAX is allowed here.
      if _slowPath(s.pointee.halvesLength), length > UInt64(vlmax), length < 2 * UInt64(vlmax) { s.pointee.vl = (length + 1) / 2 }
    }
    s.pointee.vstart = 0
    s.x[Int(op.rd)] = s.pointee.vl
  }

  /// The application's vector length.
  private enum AVL {
    case keep, largest
    case length(UInt64)
  }

  @inline(__always)
  private func length(_ op: Op) -> AVL {
    if op.rs1 != 0 { return .length(state.x[Int(op.rs1)]) }
    return op.rd == Op.sink ? .keep : .largest
  }
}
