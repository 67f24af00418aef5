import RVDecoder

/// Dot products of four bytes, added to elements of 32 bits. Zvqdotq (Zvdot4a8i), XTheadVdot.
extension Hart {
  @inline(never)
  func dot<K: TernaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    guard state.pointee.vtype.sew == 2 else { throw Trap(.illegalInstruction) }
    let (e, b) = try begin(op)
    guard e.isMasked, vectorOperands[Int(op.id)].masksProducts else { return e.ternary(kernel, UInt32.self, b) }
    let first = e.spare(1)
    for index in 0..<e.count {
      let four = UInt32(e.file.load(fromByteOffset: index >> 1, as: UInt8.self)) >> UInt32(4 * (index & 1)) & 15
      // Bit k of the four to byte k, which becomes all ones.
      let bytes = (four &* 0x0020_4081 & 0x0101_0101) &* 0xff
      let second =
        switch b {
        case .elements(let elements): Elements.element(index, of: elements, width: 2)
        case .scalar(let scalar): scalar
        }
      let a = UInt32(truncatingIfNeeded: Elements.element(index, of: e.vs2, width: 2)) & bytes
      let d = UInt32(truncatingIfNeeded: Elements.element(index, of: e.vd, width: 2))
      Elements.store(UInt64(K.lane(a, UInt32(truncatingIfNeeded: second), d)), index, of: first, width: 2)
    }
    e.vd.copyMemory(from: first, byteCount: e.count * 4)
  }
}

/// d + Σ a[k] · b[k], with the bytes of a and b signed or not. Elements of 32 bits.
enum Dot<A: FixedWidthInteger, B: FixedWidthInteger>: TernaryKernel {
  @inline(__always)
  static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T {
    let (x, y) = (UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b))
    var sum = UInt32(truncatingIfNeeded: d)
    for byte: UInt32 in 0..<4 {
      let factor = Int32(truncatingIfNeeded: A(truncatingIfNeeded: x &>> (8 &* byte)))
      sum &+= UInt32(bitPattern: factor &* Int32(truncatingIfNeeded: B(truncatingIfNeeded: y &>> (8 &* byte))))
    }
    return T(truncatingIfNeeded: sum)
  }
}
