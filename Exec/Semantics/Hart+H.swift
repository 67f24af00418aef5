import RVDecoder
import RVFloat

/// Zfh, Zfhmin, Zfbfmin, Zfa. The loop has checked mstatus.FS.
extension Hart {
  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: H, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) {
    let x = state.x
    let f = state.f
    let rd = Int(op.rd)
    let rs1 = Int(op.rs1)
    let rs2 = Int(op.rs2)
    let rs3 = Int(op.rs3)
    let aux = op.aux
    let address = x[rs1] &+ UInt64(bitPattern: Int64(op.imm))
    switch instruction {
    case .flh:
      f[rd] = UInt64(try m.load(address, as: UInt16.self)) | 0xffff_ffff_ffff_0000
      watch.load(address, width: 2)
    case .fsh:
      try m.store(address, UInt16(truncatingIfNeeded: f[rs2]))
      watch.store(address, width: 2)
      return
    case .fmadd_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmadd_h, rvf_fmadd_h_rm)
    case .fmsub_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmsub_h, rvf_fmsub_h_rm)
    case .fnmsub_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmsub_h, rvf_fnmsub_h_rm)
    case .fnmadd_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmadd_h, rvf_fnmadd_h_rm)
    case .fadd_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], rvf_fadd_h, rvf_fadd_h_rm)
    case .fsub_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], rvf_fsub_h, rvf_fsub_h_rm)
    case .fmul_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], rvf_fmul_h, rvf_fmul_h_rm)
    case .fdiv_h: f[rd] = try state.rounded(aux, f[rs1], f[rs2], rvf_fdiv_h, rvf_fdiv_h_rm)
    case .fsqrt_h: f[rd] = try state.rounded(aux, f[rs1], rvf_fsqrt_h, rvf_fsqrt_h_rm)
    case .fsgnj_h: f[rd] = rvf_fsgnj_h(f[rs1], f[rs2])
    case .fsgnjn_h: f[rd] = rvf_fsgnjn_h(f[rs1], f[rs2])
    case .fsgnjx_h: f[rd] = rvf_fsgnjx_h(f[rs1], f[rs2])
    case .fmin_h: f[rd] = rvf_fmin_h(f[rs1], f[rs2])
    case .fmax_h: f[rd] = rvf_fmax_h(f[rs1], f[rs2])
    case .fcvt_h_w: f[rd] = try state.rounded(aux, x[rs1], rvf_fcvt_h_w, rvf_fcvt_h_w_rm)
    case .fcvt_h_wu: f[rd] = try state.rounded(aux, x[rs1], rvf_fcvt_h_wu, rvf_fcvt_h_wu_rm)
    case .fcvt_h_l: f[rd] = try state.rounded(aux, x[rs1], rvf_fcvt_h_l, rvf_fcvt_h_l_rm)
    case .fcvt_h_lu: f[rd] = try state.rounded(aux, x[rs1], rvf_fcvt_h_lu, rvf_fcvt_h_lu_rm)
    case .fcvt_h_s: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_h_s, rvf_fcvt_h_s_rm)
    case .fcvt_s_h: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_s_h, rvf_fcvt_s_h_rm)
    case .fcvt_h_d: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_h_d, rvf_fcvt_h_d_rm)
    case .fcvt_d_h: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_d_h, rvf_fcvt_d_h_rm)
    case .fcvt_bf16_s: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_bf16_s, rvf_fcvt_bf16_s_rm)
    case .fcvt_s_bf16: f[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_s_bf16, rvf_fcvt_s_bf16_rm)
    case .fmv_h_x: f[rd] = x[rs1] | 0xffff_ffff_ffff_0000
    case .fli_h: f[rd] = rvf_fli_h(UInt32(op.rs1))
    case .fminm_h: f[rd] = rvf_fminm_h(f[rs1], f[rs2])
    case .fmaxm_h: f[rd] = rvf_fmaxm_h(f[rs1], f[rs2])
    case .fround_h: f[rd] = try state.rounded(aux, f[rs1], rvf_fround_h, rvf_fround_h_rm)
    case .froundnx_h: f[rd] = try state.rounded(aux, f[rs1], rvf_froundnx_h, rvf_froundnx_h_rm)
    case .fli_s: f[rd] = rvf_fli_s(UInt32(op.rs1))
    case .fminm_s: f[rd] = rvf_fminm_s(f[rs1], f[rs2])
    case .fmaxm_s: f[rd] = rvf_fmaxm_s(f[rs1], f[rs2])
    case .fround_s: f[rd] = try state.rounded(aux, f[rs1], rvf_fround_s, rvf_fround_s_rm)
    case .froundnx_s: f[rd] = try state.rounded(aux, f[rs1], rvf_froundnx_s, rvf_froundnx_s_rm)
    case .fli_d: f[rd] = rvf_fli_d(UInt32(op.rs1))
    case .fminm_d: f[rd] = rvf_fminm_d(f[rs1], f[rs2])
    case .fmaxm_d: f[rd] = rvf_fmaxm_d(f[rs1], f[rs2])
    case .fround_d: f[rd] = try state.rounded(aux, f[rs1], rvf_fround_d, rvf_fround_d_rm)
    case .froundnx_d: f[rd] = try state.rounded(aux, f[rs1], rvf_froundnx_d, rvf_froundnx_d_rm)

    // To an x register: the float state stays as clean as it was, but for flags.
    case .feq_h:
      x[rd] = rvf_feq_h(f[rs1], f[rs2])
      return
    case .flt_h:
      x[rd] = rvf_flt_h(f[rs1], f[rs2])
      return
    case .fle_h:
      x[rd] = rvf_fle_h(f[rs1], f[rs2])
      return
    case .fclass_h:
      x[rd] = rvf_fclass_h(f[rs1])
      return
    case .fcvt_w_h:
      x[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_w_h, rvf_fcvt_w_h_rm)
      return
    case .fcvt_wu_h:
      x[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_wu_h, rvf_fcvt_wu_h_rm)
      return
    case .fcvt_l_h:
      x[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_l_h, rvf_fcvt_l_h_rm)
      return
    case .fcvt_lu_h:
      x[rd] = try state.rounded(aux, f[rs1], rvf_fcvt_lu_h, rvf_fcvt_lu_h_rm)
      return
    case .fmv_x_h:
      x[rd] = sext16(UInt16(truncatingIfNeeded: f[rs1]))
      return
    case .fltq_h:
      x[rd] = rvf_fltq_h(f[rs1], f[rs2])
      return
    case .fleq_h:
      x[rd] = rvf_fleq_h(f[rs1], f[rs2])
      return
    case .fltq_s:
      x[rd] = rvf_fltq_s(f[rs1], f[rs2])
      return
    case .fleq_s:
      x[rd] = rvf_fleq_s(f[rs1], f[rs2])
      return
    case .fltq_d:
      x[rd] = rvf_fltq_d(f[rs1], f[rs2])
      return
    case .fleq_d:
      x[rd] = rvf_fleq_d(f[rs1], f[rs2])
      return
    case .fcvtmod_w_d:
      x[rd] = rvf_fcvtmod_w_d(f[rs1])
      return
    }
    state.makeFloatDirty()
  }
}
