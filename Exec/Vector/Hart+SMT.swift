import RVDecoder

/// SpacemiT's XSMTVDot: products of small matrices of bytes in vector registers, added to a pair of registers of 32-bit sums.
///
/// "Instruction description" and "Programmer's Model" of the IME extension, version 1.0. A is M × K bytes in vs1 (2M rows in a pair of registers
/// for the sliding forms), B is N × K in vs2, the result M × N in vd and vd + 1, all by rows; M = N, K = 2M, as many as fill the registers: 4 × 4 × 8
/// at VLEN 256, 8 × 8 × 16 at 1024, 16 × 16 × 32 at 4096. Sums wrap.
extension Hart {
  @inline(never)
  func execute(_ instruction: SMT, _ op: Op) throws(Trap) {
    switch instruction {
    case .smt_vmadot: try multiply(op, Int8.self, Int8.self, slide: 0)
    case .smt_vmadotu: try multiply(op, UInt8.self, UInt8.self, slide: 0)
    case .smt_vmadotsu: try multiply(op, Int8.self, UInt8.self, slide: 0)
    case .smt_vmadotus: try multiply(op, UInt8.self, Int8.self, slide: 0)
    case .smt_vmadot1: try multiply(op, Int8.self, Int8.self, slide: 1)
    case .smt_vmadot1u: try multiply(op, UInt8.self, UInt8.self, slide: 1)
    case .smt_vmadot1su: try multiply(op, Int8.self, UInt8.self, slide: 1)
    case .smt_vmadot1us: try multiply(op, UInt8.self, Int8.self, slide: 1)
    case .smt_vmadot2: try multiply(op, Int8.self, Int8.self, slide: 2)
    case .smt_vmadot2u: try multiply(op, UInt8.self, UInt8.self, slide: 2)
    case .smt_vmadot2su: try multiply(op, Int8.self, UInt8.self, slide: 2)
    case .smt_vmadot2us: try multiply(op, UInt8.self, Int8.self, slide: 2)
    case .smt_vmadot3: try multiply(op, Int8.self, Int8.self, slide: 3)
    case .smt_vmadot3u: try multiply(op, UInt8.self, UInt8.self, slide: 3)
    case .smt_vmadot3su: try multiply(op, Int8.self, UInt8.self, slide: 3)
    case .smt_vmadot3us: try multiply(op, UInt8.self, Int8.self, slide: 3)
    }
  }

  /// - Parameter slide: rows of A that are left out at its beginning.
  /// - Throws: an illegal-instruction exception unless SEW is 8, LMUL 1 and vl VLMAX at VLEN 256, 1024 or 4096. The specification lets an
  ///   implementation have the other units or not; for two copies of a unit (VLEN 128, 512, 2048) its text and its pictures disagree.
  @inline(__always)
  private func multiply<A: FixedWidthInteger, B: FixedWidthInteger>(_ op: Op, _: A.Type, _: B.Type, slide: Int) throws(Trap) {
    let s = state
    let type = s.pointee.vtype
    let vlenb = Int(s.pointee.vlenb)
    guard s.pointee.vs != 0, !type.isIllegal, s.pointee.vstart == 0, type.sew == 0, type.lmul == 0, Int(s.pointee.vl) == vlenb,
      vlenb == 32 || vlenb == 128 || vlenb == 512
    else { throw Trap(.illegalInstruction) }
    s.pointee.vs = 3
    let e = Elements(op, s, sew: 0)
    let size = 1 << (vlenb.trailingZeroBitCount / 2)
    let depth = 2 * size
    // The operands may overlap the destination.
    let sums = e.spare(0).assumingMemoryBound(to: UInt32.self)
    let old = e.vd.assumingMemoryBound(to: UInt32.self)
    let a = (e.vs1 + slide * depth).assumingMemoryBound(to: A.self)
    let b = e.vs2.assumingMemoryBound(to: B.self)
    for i in 0..<size {
      for j in 0..<size {
        var sum: Int32 = 0
        for k in 0..<depth { sum &+= Int32(truncatingIfNeeded: a[i * depth + k]) &* Int32(truncatingIfNeeded: b[j * depth + k]) }
        sums[i * size + j] = old[i * size + j] &+ UInt32(bitPattern: sum)
      }
    }
    e.vd.copyMemory(from: sums, byteCount: 2 * vlenb)
  }
}
