import RVDecoder

/// Vector bit manipulation, carry-less products, cryptography, dot products. Zvbb, Zvbc, Zvk*, Zvqdotq.
extension Hart {
  @inline(never)
  func execute(_ instruction: VK, _ op: Op) throws(Trap) {
    switch instruction {
    case .vandn_vv, .vandn_vx: try binary(op, AndNot.self)
    case .vrol_vv, .vrol_vx: try binary(op, RotateLeft.self)
    case .vror_vv, .vror_vx, .vror_vi: try binary(op, RotateRight.self)
    default: throw Trap(.illegalInstruction)
    }
  }
}
