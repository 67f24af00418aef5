import RVDecoder
import RVFloat

/// F and D (unprivileged ISA, chapters "F" and "D"). One direct C call each; the loop has checked mstatus.FS.
extension Hart {
  @inline(__always)
  func execute<M: GuestMemory, W: Watch>(
    _ instruction: F, _ op: OpPointer, _ x: UnsafeMutablePointer<UInt64>, _ f: UnsafeMutablePointer<UInt64>, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let rd = Int(op.pointee.rd)
    let rs1 = Int(op.pointee.rs1)
    let rs2 = Int(op.pointee.rs2)
    let rs3 = Int(op.pointee.rs3)
    let aux = op.pointee.aux
    let address = x[rs1] &+ UInt64(bitPattern: Int64(op.pointee.imm))
    switch instruction {
    case .flw:
      f[rd] = UInt64(try m.load(address, as: UInt32.self)) | 0xffff_ffff_0000_0000
      watch.load(address, width: 4)
    case .fld:
      f[rd] = try m.load(address, as: UInt64.self)
      watch.load(address, width: 8)
    case .fsw:
      try m.store(address, low32(f[rs2]))
      watch.store(address, width: 4)
      return
    case .fsd:
      try m.store(address, f[rs2])
      watch.store(address, width: 8)
      return
    case .fmadd_s: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmadd_s, rvf_fmadd_s_rm)
    case .fmsub_s: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmsub_s, rvf_fmsub_s_rm)
    case .fnmsub_s: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmsub_s, rvf_fnmsub_s_rm)
    case .fnmadd_s: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmadd_s, rvf_fnmadd_s_rm)
    case .fadd_s: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fadd_s, rvf_fadd_s_rm)
    case .fsub_s: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fsub_s, rvf_fsub_s_rm)
    case .fmul_s: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fmul_s, rvf_fmul_s_rm)
    case .fdiv_s: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fdiv_s, rvf_fdiv_s_rm)
    case .fsqrt_s: f[rd] = try rounded(aux, f[rs1], rvf_fsqrt_s, rvf_fsqrt_s_rm)
    case .fsgnj_s: f[rd] = rvf_fsgnj_s(f[rs1], f[rs2])
    case .fsgnjn_s: f[rd] = rvf_fsgnjn_s(f[rs1], f[rs2])
    case .fsgnjx_s: f[rd] = rvf_fsgnjx_s(f[rs1], f[rs2])
    case .fmin_s: f[rd] = rvf_fmin_s(f[rs1], f[rs2])
    case .fmax_s: f[rd] = rvf_fmax_s(f[rs1], f[rs2])
    case .fcvt_s_w: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_s_w, rvf_fcvt_s_w_rm)
    case .fcvt_s_wu: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_s_wu, rvf_fcvt_s_wu_rm)
    case .fcvt_s_l: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_s_l, rvf_fcvt_s_l_rm)
    case .fcvt_s_lu: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_s_lu, rvf_fcvt_s_lu_rm)
    case .fmadd_d: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmadd_d, rvf_fmadd_d_rm)
    case .fmsub_d: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fmsub_d, rvf_fmsub_d_rm)
    case .fnmsub_d: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmsub_d, rvf_fnmsub_d_rm)
    case .fnmadd_d: f[rd] = try rounded(aux, f[rs1], f[rs2], f[rs3], rvf_fnmadd_d, rvf_fnmadd_d_rm)
    case .fadd_d: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fadd_d, rvf_fadd_d_rm)
    case .fsub_d: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fsub_d, rvf_fsub_d_rm)
    case .fmul_d: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fmul_d, rvf_fmul_d_rm)
    case .fdiv_d: f[rd] = try rounded(aux, f[rs1], f[rs2], rvf_fdiv_d, rvf_fdiv_d_rm)
    case .fsqrt_d: f[rd] = try rounded(aux, f[rs1], rvf_fsqrt_d, rvf_fsqrt_d_rm)
    case .fsgnj_d: f[rd] = rvf_fsgnj_d(f[rs1], f[rs2])
    case .fsgnjn_d: f[rd] = rvf_fsgnjn_d(f[rs1], f[rs2])
    case .fsgnjx_d: f[rd] = rvf_fsgnjx_d(f[rs1], f[rs2])
    case .fmin_d: f[rd] = rvf_fmin_d(f[rs1], f[rs2])
    case .fmax_d: f[rd] = rvf_fmax_d(f[rs1], f[rs2])
    case .fcvt_d_w: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_d_w, rvf_fcvt_d_w_rm)
    case .fcvt_d_wu: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_d_wu, rvf_fcvt_d_wu_rm)
    case .fcvt_d_l: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_d_l, rvf_fcvt_d_l_rm)
    case .fcvt_d_lu: f[rd] = try rounded(aux, x[rs1], rvf_fcvt_d_lu, rvf_fcvt_d_lu_rm)
    case .fcvt_s_d: f[rd] = try rounded(aux, f[rs1], rvf_fcvt_s_d, rvf_fcvt_s_d_rm)
    case .fcvt_d_s: f[rd] = try rounded(aux, f[rs1], rvf_fcvt_d_s, rvf_fcvt_d_s_rm)
    case .fmv_w_x: f[rd] = x[rs1] | 0xffff_ffff_0000_0000
    case .fmv_d_x: f[rd] = x[rs1]

    // To an x register: the float state stays as clean as it was, but for flags.
    case .feq_s:
      x[rd] = rvf_feq_s(f[rs1], f[rs2])
      return
    case .flt_s:
      x[rd] = rvf_flt_s(f[rs1], f[rs2])
      return
    case .fle_s:
      x[rd] = rvf_fle_s(f[rs1], f[rs2])
      return
    case .fclass_s:
      x[rd] = rvf_fclass_s(f[rs1])
      return
    case .fcvt_w_s:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_w_s, rvf_fcvt_w_s_rm)
      return
    case .fcvt_wu_s:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_wu_s, rvf_fcvt_wu_s_rm)
      return
    case .fcvt_l_s:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_l_s, rvf_fcvt_l_s_rm)
      return
    case .fcvt_lu_s:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_lu_s, rvf_fcvt_lu_s_rm)
      return
    case .feq_d:
      x[rd] = rvf_feq_d(f[rs1], f[rs2])
      return
    case .flt_d:
      x[rd] = rvf_flt_d(f[rs1], f[rs2])
      return
    case .fle_d:
      x[rd] = rvf_fle_d(f[rs1], f[rs2])
      return
    case .fclass_d:
      x[rd] = rvf_fclass_d(f[rs1])
      return
    case .fcvt_w_d:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_w_d, rvf_fcvt_w_d_rm)
      return
    case .fcvt_wu_d:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_wu_d, rvf_fcvt_wu_d_rm)
      return
    case .fcvt_l_d:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_l_d, rvf_fcvt_l_d_rm)
      return
    case .fcvt_lu_d:
      x[rd] = try rounded(aux, f[rs1], rvf_fcvt_lu_d, rvf_fcvt_lu_d_rm)
      return
    case .fmv_x_w:
      x[rd] = sext32(low32(f[rs1]))
      return
    case .fmv_x_d:
      x[rd] = f[rs1]
      return
    }
    state.pointee.fs = 3
  }

  // An operation that rounds: in the host's current mode where that is the instruction's, else in an explicit one.

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ fast: @convention(c) (UInt64) -> UInt64, _ exact: @convention(c) (UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if state.pointee.hostRounding &>> rm & 1 != 0 { return fast(a) }
    return exact(a, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ fast: @convention(c) (UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if state.pointee.hostRounding &>> rm & 1 != 0 { return fast(a, b) }
    return exact(a, b, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ fast: @convention(c) (UInt64, UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if state.pointee.hostRounding &>> rm & 1 != 0 { return fast(a, b, c) }
    return exact(a, b, c, try rounding(rm))
  }

  /// The rounding mode of an instruction: its own, or frm. Reserved values are illegal instructions.
  @inline(never)
  func rounding(_ rm: UInt8) throws(Trap) -> UInt32 {
    let mode = rm == 7 ? state.pointee.frm : rm
    if mode > 4 { throw Trap(.illegalInstruction) }
    return UInt32(mode)
  }
}
