import RVDecoder

/// Vector configuration, integer and fixed-point arithmetic. "V", chapters 6, 11 and 12.
extension Hart {
  @inline(never)
  func execute(_ instruction: V, _ op: Op) throws(Trap) {
    switch instruction {
    case .vsetvli, .vsetivli, .vsetvl: return try configure(instruction, op)

    case .vadd_vv, .vadd_vx, .vadd_vi: try binary(op, Add.self)
    case .vsub_vv, .vsub_vx: try binary(op, Subtract.self)
    case .vrsub_vx, .vrsub_vi: try binary(op, ReverseSubtract.self)
    case .vminu_vv, .vminu_vx: try binary(op, MinUnsigned.self)
    case .vmin_vv, .vmin_vx: try binary(op, Min.self)
    case .vmaxu_vv, .vmaxu_vx: try binary(op, MaxUnsigned.self)
    case .vmax_vv, .vmax_vx: try binary(op, Max.self)
    case .vand_vv, .vand_vx, .vand_vi: try binary(op, And.self)
    case .vor_vv, .vor_vx, .vor_vi: try binary(op, Or.self)
    case .vxor_vv, .vxor_vx, .vxor_vi: try binary(op, Xor.self)
    case .vsll_vv, .vsll_vx, .vsll_vi: try shifting { () throws(Trap) in try binary(op, ShiftLeft.self) }
    case .vsrl_vv, .vsrl_vx, .vsrl_vi: try binary(op, ShiftRight.self)
    case .vsra_vv, .vsra_vx, .vsra_vi: try binary(op, ShiftRightArithmetic.self)
    case .vnsrl_wv, .vnsrl_wx, .vnsrl_wi: try narrow(op, ShiftRight.self)
    case .vnsra_wv, .vnsra_wx, .vnsra_wi: try narrow(op, ShiftRightArithmetic.self)

    case .vadc_vvm, .vadc_vxm, .vadc_vim: try carry(op, AddCarry.self)
    case .vsbc_vvm, .vsbc_vxm: try carry(op, SubtractBorrow.self)
    case .vmerge_vvm, .vmerge_vxm, .vmerge_vim: try carry(op, Select.self)
    case .vmadc_vvm, .vmadc_vxm, .vmadc_vim: try carryOut(op, CarryOut.self, reads: true)
    case .vmadc_vv, .vmadc_vx, .vmadc_vi: try carryOut(op, CarryOut.self, reads: false)
    case .vmsbc_vvm, .vmsbc_vxm: try carryOut(op, BorrowOut.self, reads: true)
    case .vmsbc_vv, .vmsbc_vx: try carryOut(op, BorrowOut.self, reads: false)
    case .vmv_v_v, .vmv_v_x, .vmv_v_i: try binary(op, Second.self)

    case .vmseq_vv, .vmseq_vx, .vmseq_vi: try compare(op, Equal.self)
    case .vmsne_vv, .vmsne_vx, .vmsne_vi: try compare(op, NotEqual.self)
    case .vmsltu_vv, .vmsltu_vx: try compare(op, LessUnsigned.self)
    case .vmslt_vv, .vmslt_vx: try compare(op, Less.self)
    case .vmsleu_vv, .vmsleu_vx, .vmsleu_vi: try compare(op, LessEqualUnsigned.self)
    case .vmsle_vv, .vmsle_vx, .vmsle_vi: try compare(op, LessEqual.self)
    case .vmsgtu_vx, .vmsgtu_vi: try compare(op, GreaterUnsigned.self)
    case .vmsgt_vx, .vmsgt_vi: try compare(op, Greater.self)

    case .vsaddu_vv, .vsaddu_vx, .vsaddu_vi: try fixed(op, SaturatingAddUnsigned.self)
    case .vsadd_vv, .vsadd_vx, .vsadd_vi: try fixed(op, SaturatingAdd.self)
    case .vssubu_vv, .vssubu_vx: try fixed(op, SaturatingSubtractUnsigned.self)
    case .vssub_vv, .vssub_vx: try fixed(op, SaturatingSubtract.self)
    case .vaaddu_vv, .vaaddu_vx: try fixed(op, AverageAddUnsigned.self)
    case .vaadd_vv, .vaadd_vx: try fixed(op, AverageAdd.self)
    case .vasubu_vv, .vasubu_vx: try fixed(op, AverageSubtractUnsigned.self)
    case .vasub_vv, .vasub_vx: try fixed(op, AverageSubtract.self)
    case .vsmul_vv, .vsmul_vx:
      try requireHighProducts()
      try fixed(op, FractionalMultiply.self)
    case .vssrl_vv, .vssrl_vx, .vssrl_vi: try fixed(op, ScalingShift.self)
    case .vssra_vv, .vssra_vx, .vssra_vi: try fixed(op, ScalingShiftArithmetic.self)
    case .vnclipu_wv, .vnclipu_wx, .vnclipu_wi: try clip(op, ClipUnsigned.self)
    case .vnclip_wv, .vnclip_wx, .vnclip_wi: try clip(op, Clip.self)

    case .vdivu_vv, .vdivu_vx: try binary(op, DivideUnsigned.self)
    case .vdiv_vv, .vdiv_vx: try binary(op, Divide.self)
    case .vremu_vv, .vremu_vx: try binary(op, RemainderUnsigned.self)
    case .vrem_vv, .vrem_vx: try binary(op, Remainder.self)
    case .vmul_vv, .vmul_vx: try binary(op, Multiply.self)
    case .vmulhu_vv, .vmulhu_vx:
      try requireHighProducts()
      try binary(op, MultiplyHighUnsigned.self)
    case .vmulhsu_vv, .vmulhsu_vx:
      try requireHighProducts()
      try binary(op, MultiplyHighMixed.self)
    case .vmulh_vv, .vmulh_vx:
      try requireHighProducts()
      try binary(op, MultiplyHigh.self)
    case .vmadd_vv, .vmadd_vx: try ternary(op, MultiplyDestination.self)
    case .vnmsub_vv, .vnmsub_vx: try ternary(op, NegatedMultiplyDestination.self)
    case .vmacc_vv, .vmacc_vx: try ternary(op, MultiplyAdd.self)
    case .vnmsac_vv, .vnmsac_vx: try ternary(op, NegatedMultiplyAdd.self)

    case .vwaddu_vv, .vwaddu_vx: try widen(op, Add.self, ZeroExtended.self, ZeroExtended.self)
    case .vwadd_vv, .vwadd_vx: try widen(op, Add.self, SignExtended.self, SignExtended.self)
    case .vwsubu_vv, .vwsubu_vx: try widen(op, Subtract.self, ZeroExtended.self, ZeroExtended.self)
    case .vwsub_vv, .vwsub_vx: try widen(op, Subtract.self, SignExtended.self, SignExtended.self)
    case .vwaddu_wv, .vwaddu_wx: try widen(op, Add.self, ZeroExtended.self, ZeroExtended.self, wideFirst: true)
    case .vwadd_wv, .vwadd_wx: try widen(op, Add.self, SignExtended.self, SignExtended.self, wideFirst: true)
    case .vwsubu_wv, .vwsubu_wx: try widen(op, Subtract.self, ZeroExtended.self, ZeroExtended.self, wideFirst: true)
    case .vwsub_wv, .vwsub_wx: try widen(op, Subtract.self, SignExtended.self, SignExtended.self, wideFirst: true)
    case .vwmulu_vv, .vwmulu_vx: try widen(op, Multiply.self, ZeroExtended.self, ZeroExtended.self)
    case .vwmulsu_vv, .vwmulsu_vx: try widen(op, Multiply.self, SignExtended.self, ZeroExtended.self)
    case .vwmul_vv, .vwmul_vx: try widen(op, Multiply.self, SignExtended.self, SignExtended.self)
    case .vwmaccu_vv, .vwmaccu_vx, .vwmacc_vv, .vwmacc_vx, .vwmaccus_vx, .vwmaccsu_vv, .vwmaccsu_vx: try widenAdd(op)

    case .vzext_vf2: try extend(op, divisor: 1, signed: false)
    case .vsext_vf2: try extend(op, divisor: 1, signed: true)
    case .vzext_vf4: try extend(op, divisor: 2, signed: false)
    case .vsext_vf4: try extend(op, divisor: 2, signed: true)
    case .vzext_vf8: try extend(op, divisor: 3, signed: false)
    case .vsext_vf8: try extend(op, divisor: 3, signed: true)
    }
  }

  /// High halves of products of 64-bit elements, and vsmul of them, belong to V alone, not to its Zve64 subsets. "V", section 18.2.
  private func requireHighProducts() throws(Trap) {
    if state.pointee.vtype.sew == 3, !isa.contains(.v) { throw Trap(.illegalInstruction) }
  }
}
