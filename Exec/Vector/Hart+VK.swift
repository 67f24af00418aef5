import RVDecoder

/// Vector bit manipulation, carry-less products, cryptography, dot products. Zvbb, Zvbc, Zvk*, Zvqdotq, XTheadVdot.
extension Hart {
  @inline(never)
  func execute(_ instruction: VK, _ op: Op) throws(Trap) {
    switch instruction {
    case .vandn_vv, .vandn_vx: try binary(op, AndNot.self)
    case .vrol_vv, .vrol_vx: try shifting { () throws(Trap) in try binary(op, RotateLeft.self) }
    case .vror_vv, .vror_vx, .vror_vi: try shifting { () throws(Trap) in try binary(op, RotateRight.self) }
    case .vwsll_vv, .vwsll_vx, .vwsll_vi: try shifting { () throws(Trap) in try widen(op, ShiftLeft.self, ZeroExtended.self, ZeroExtended.self) }
    case .vbrev8_v: try binary(op, ReverseBitsInBytes.self)
    case .vrev8_v: try binary(op, ReverseBytes.self)
    case .vbrev_v: try binary(op, ReverseBits.self)
    case .vclz_v: try binary(op, LeadingZeros.self)
    case .vctz_v: try binary(op, TrailingZeros.self)
    case .vcpop_v: try binary(op, Ones.self)
    case .vclmul_vv, .vclmul_vx: try carrylessMultiply(op, CarrylessMultiply.self)
    case .vclmulh_vv, .vclmulh_vx: try carrylessMultiply(op, CarrylessMultiplyHigh.self)

    case .vghsh_vv: try groupsOfThree(op, .words4) { GHASH.add($0, $2, thenMultiplyBy: $1) }
    case .vgmul_vv: try groups(op, .words4) { GHASH.multiply($0, by: $1) }

    case .vaesdm_vv: try groups(op, .words4) { VectorAES.decryptMiddle($0, $1) }
    case .vaesdm_vs: try groups(op, .words4, sharesKey: true) { VectorAES.decryptMiddle($0, $1) }
    case .vaesdf_vv: try groups(op, .words4) { VectorAES.decryptFinal($0, $1) }
    case .vaesdf_vs: try groups(op, .words4, sharesKey: true) { VectorAES.decryptFinal($0, $1) }
    case .vaesem_vv: try groups(op, .words4) { VectorAES.encryptMiddle($0, $1) }
    case .vaesem_vs: try groups(op, .words4, sharesKey: true) { VectorAES.encryptMiddle($0, $1) }
    case .vaesef_vv: try groups(op, .words4) { VectorAES.encryptFinal($0, $1) }
    case .vaesef_vs: try groups(op, .words4, sharesKey: true) { VectorAES.encryptFinal($0, $1) }
    case .vaesz_vs: try groups(op, .words4, sharesKey: true) { $0.words4 ^= $1.words4 }
    case .vaeskf1_vi: try groups(op, .words4) { VectorAES.expand128($0, $1, round: op.imm) }
    case .vaeskf2_vi: try groups(op, .words4) { VectorAES.expand256($0, $1, round: op.imm) }

    case .vsha2ms_vv: try sha2(op, { SHA2.schedule(&$0, $1, $2) }, { SHA2.schedule(&$0, $1, $2) })
    case .vsha2ch_vv: try sha2(op, { SHA2.compress(&$0, $1, $2[2], $2[3]) }, { SHA2.compress(&$0, $1, $2[2], $2[3]) })
    case .vsha2cl_vv: try sha2(op, { SHA2.compress(&$0, $1, $2[0], $2[1]) }, { SHA2.compress(&$0, $1, $2[0], $2[1]) })

    case .vsm4k_vi: try groups(op, .words4) { SM4.expand($0, $1, round: op.imm) }
    case .vsm4r_vv: try groups(op, .words4) { SM4.rounds($0, $1) }
    case .vsm4r_vs: try groups(op, .words4, sharesKey: true) { SM4.rounds($0, $1) }
    case .vsm3me_vv: try groupsOfThree(op, .words8) { SM3.expand($0, $1, $2) }
    case .vsm3c_vi: try groups(op, .words8) { SM3.compress($0, $1, round: op.imm) }

    case .vqdot_vv, .vqdot_vx: try dot(op, Dot<Int8, Int8>.self)
    case .vqdotu_vv, .vqdotu_vx: try dot(op, Dot<UInt8, UInt8>.self)
    case .vqdotsu_vv, .vqdotsu_vx: try dot(op, Dot<Int8, UInt8>.self)
    case .vqdotus_vx: try dot(op, Dot<UInt8, Int8>.self)
    // The names tell of rs1 or vs1 first: vs2's signs are the others.
    case .th_vmaqa_vv, .th_vmaqa_vx: try dot(op, Dot<Int8, Int8>.self)
    case .th_vmaqau_vv, .th_vmaqau_vx: try dot(op, Dot<UInt8, UInt8>.self)
    case .th_vmaqasu_vv, .th_vmaqasu_vx: try dot(op, Dot<UInt8, Int8>.self)
    case .th_vmaqaus_vx: try dot(op, Dot<Int8, UInt8>.self)
    }
  }

  /// Zvbc has elements of 64 bits alone.
  private func carrylessMultiply<K: BinaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    guard state.pointee.vtype.sew == 3 else { throw Trap(.illegalInstruction) }
    try binary(op, kernel)
  }
}
