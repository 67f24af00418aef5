import RVDecoder
import RVFloat

/// Floating-point vector arithmetic. "V", chapters 13 and 14.
extension Hart {
  @inline(never)
  func execute(_ instruction: VF, _ op: Op) throws(Trap) {
    switch FloatForm(instruction) {
    case .two(let operation): return try float(op, operation)
    case .reversed(let operation): return try floatReversed(op, operation)
    case .fused(let operation, let addsFirst): return try fused(op, operation, addsFirst: addsFirst)
    case nil: break
    }
    switch instruction {
    case .vfwadd_vv, .vfwadd_vf: try floatWiden(op, .add)
    case .vfwsub_vv, .vfwsub_vf: try floatWiden(op, .subtract)
    case .vfwadd_wv, .vfwadd_wf: try floatWiden(op, .add, wideFirst: true)
    case .vfwsub_wv, .vfwsub_wf: try floatWiden(op, .subtract, wideFirst: true)
    case .vfwmul_vv, .vfwmul_vf: try floatWiden(op, .multiply)
    case .vfwmacc_vv, .vfwmacc_vf: try fusedWiden(op, .multiplyAdd)
    case .vfwnmacc_vv, .vfwnmacc_vf: try fusedWiden(op, .negatedMultiplySubtract)
    case .vfwmsac_vv, .vfwmsac_vf: try fusedWiden(op, .multiplySubtract)
    case .vfwnmsac_vv, .vfwnmsac_vf: try fusedWiden(op, .negatedMultiplyAdd)
    case .vfwmaccbf16_vv, .vfwmaccbf16_vf: try fusedWiden(op, .multiplyAdd, bfloat: true)

    case .vmfeq_vv, .vmfeq_vf: try floatCompare(op, .equal)
    case .vmfne_vv, .vmfne_vf: try floatCompare(op, .equal, negated: true)
    case .vmflt_vv, .vmflt_vf: try floatCompare(op, .less)
    case .vmfle_vv, .vmfle_vf: try floatCompare(op, .lessEqual)
    case .vmfgt_vf: try floatCompareReversed(op, .less)
    case .vmfge_vf: try floatCompareReversed(op, .lessEqual)

    case .vfsqrt_v:
      try convert(
        op, .init(.init(rvf_fsqrt_h, rvf_fsqrt_h_rm), .init(rvf_fsqrt_s, rvf_fsqrt_s_rm), .init(rvf_fsqrt_d, rvf_fsqrt_d_rm)))
    case .vfrsqrt7_v: try convert(op, .init(.init(rvf_frsqrt7_h, nil), .init(rvf_frsqrt7_s, nil), .init(rvf_frsqrt7_d, nil)))
    case .vfrec7_v:
      try convert(op, .init(.init(rvf_frec7_h, rvf_frec7_h_rm), .init(rvf_frec7_s, rvf_frec7_s_rm), .init(rvf_frec7_d, rvf_frec7_d_rm)))
    case .vfclass_v: try convert(op, .init(.init(rvf_fclass_h, nil), .init(rvf_fclass_s, nil), .init(rvf_fclass_d, nil)))

    case .vfmerge_vfm:
      try requireVectorFloat(widest: 3)
      try carry(op, Select.self)
    case .vfmv_v_f:
      try requireVectorFloat(widest: 3)
      try binary(op, Second.self)

    case .vfcvt_xu_f_v: try toInteger(op, signed: false)
    case .vfcvt_x_f_v: try toInteger(op, signed: true)
    case .vfcvt_rtz_xu_f_v: try toInteger(op, signed: false, towardsZero: true)
    case .vfcvt_rtz_x_f_v: try toInteger(op, signed: true, towardsZero: true)
    case .vfwcvt_xu_f_v: try toInteger(op, integer: 1, signed: false)
    case .vfwcvt_x_f_v: try toInteger(op, integer: 1, signed: true)
    case .vfwcvt_rtz_xu_f_v: try toInteger(op, integer: 1, signed: false, towardsZero: true)
    case .vfwcvt_rtz_x_f_v: try toInteger(op, integer: 1, signed: true, towardsZero: true)
    case .vfncvt_xu_f_w: try toInteger(op, number: 1, signed: false)
    case .vfncvt_x_f_w: try toInteger(op, number: 1, signed: true)
    case .vfncvt_rtz_xu_f_w: try toInteger(op, number: 1, signed: false, towardsZero: true)
    case .vfncvt_rtz_x_f_w: try toInteger(op, number: 1, signed: true, towardsZero: true)
    case .vfcvt_f_xu_v: try fromInteger(op, signed: false)
    case .vfcvt_f_x_v: try fromInteger(op, signed: true)
    case .vfwcvt_f_xu_v: try fromInteger(op, number: 1, signed: false)
    case .vfwcvt_f_x_v: try fromInteger(op, number: 1, signed: true)
    case .vfncvt_f_xu_w: try fromInteger(op, integer: 1, signed: false)
    case .vfncvt_f_x_w: try fromInteger(op, integer: 1, signed: true)
    case .vfwcvt_f_f_v: try widenFormat(op)
    case .vfncvt_f_f_w: try narrowFormat(op)
    case .vfncvt_rod_f_f_w: try narrowFormat(op, toOdd: true)
    case .vfwcvtbf16_f_f_v: try convertBFloat(op, widening: true)
    case .vfncvtbf16_f_f_w: try convertBFloat(op, widening: false)

    case .vfredusum_vs: try floatReduce(op, .add, isOrdered: false)
    case .vfredosum_vs: try floatReduce(op, .add)
    case .vfredmin_vs: try floatReduce(op, .min)
    case .vfredmax_vs: try floatReduce(op, .max)
    case .vfwredusum_vs: try floatReduce(op, .add, isOrdered: false, widening: true)
    case .vfwredosum_vs: try floatReduce(op, .add, widening: true)
    // FloatForm has them.
    case .vfadd_vv, .vfadd_vf, .vfsub_vv, .vfsub_vf, .vfrsub_vf, .vfmul_vv, .vfmul_vf, .vfdiv_vv, .vfdiv_vf, .vfrdiv_vf,
      .vfmin_vv, .vfmin_vf, .vfmax_vv, .vfmax_vf, .vfsgnj_vv, .vfsgnj_vf, .vfsgnjn_vv, .vfsgnjn_vf, .vfsgnjx_vv, .vfsgnjx_vf,
      .vfmadd_vv, .vfmadd_vf, .vfnmadd_vv, .vfnmadd_vf, .vfmsub_vv, .vfmsub_vf, .vfnmsub_vv, .vfnmsub_vf, .vfmacc_vv, .vfmacc_vf,
      .vfnmacc_vv, .vfnmacc_vf, .vfmsac_vv, .vfmsac_vf, .vfnmsac_vv, .vfnmsac_vf:
      throw Trap(.illegalInstruction)
    }
  }
}
