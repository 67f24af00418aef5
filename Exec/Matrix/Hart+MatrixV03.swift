import RVDecoder
import RVFloat

/// RVM 0.3 (spec/matrix_body.adoc).
extension Hart {
  /// The unit, for an instruction that may run: mstatus.MS is on, and sizes and registers are legal.
  /// - Throws: an illegal-instruction exception.
  @inline(__always)
  private func matrixV03(_ op: Op) throws(Trap) -> MatrixV03Unit {
    guard state.pointee.ms != 0, let pointer = state.pointee.unit else { throw Trap(.illegalInstruction) }
    let unit = Unmanaged<MatrixV03Unit>.fromOpaque(pointer).takeUnretainedValue()
    guard unit.allows(op) else { throw Trap(.illegalInstruction) }
    return unit
  }

  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: MatrixV03, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) {
    let unit = try matrixV03(op)
    let x = state.x
    switch instruction {
    // Stores and moves to x registers leave the state as it is.
    case .mstb, .msstb: return try unit.store(op, 1, self, m, &watch)
    case .msth, .mssth: return try unit.store(op, 2, self, m, &watch)
    case .mstw, .msstw: return try unit.store(op, 4, self, m, &watch)
    case .mstd, .msstd: return try unit.store(op, 8, self, m, &watch)
    case .mst1mb, .mst1mh, .mst1mw, .mst1md: return try unit.storeWhole(op, 1, self, m, &watch)
    case .mst2mb, .mst2mh, .mst2mw, .mst2md: return try unit.storeWhole(op, 2, self, m, &watch)
    case .mst4mb, .mst4mh, .mst4mw, .mst4md: return try unit.storeWhole(op, 4, self, m, &watch)
    case .mst8mb, .mst8mh, .mst8mw, .mst8md: return try unit.storeWhole(op, 8, self, m, &watch)
    case .mmovb_x_m: return x[Int(op.rd)] = unit.element(op, 1, at: x[Int(op.rs1)])
    case .mmovh_x_m: return x[Int(op.rd)] = unit.element(op, 2, at: x[Int(op.rs1)])
    case .mmovw_x_m: return x[Int(op.rd)] = unit.element(op, 4, at: x[Int(op.rs1)])
    case .mmovd_x_m: return x[Int(op.rd)] = unit.element(op, 8, at: x[Int(op.rs1)])
    case .mrelease: return state.pointee.ms = 1

    // Configuration: the new xmsize is the result.
    case .mcfgk: x[Int(op.rd)] = unit.configure(x[Int(op.rs1)], at: 16, width: 16)
    case .mcfgki: x[Int(op.rd)] = unit.configure(UInt64(op.imm), at: 16, width: 16)
    case .mcfgm: x[Int(op.rd)] = unit.configure(x[Int(op.rs1)], at: 0, width: 8)
    case .mcfgmi: x[Int(op.rd)] = unit.configure(UInt64(op.imm), at: 0, width: 8)
    case .mcfgn: x[Int(op.rd)] = unit.configure(x[Int(op.rs1)], at: 8, width: 8)
    case .mcfgni: x[Int(op.rd)] = unit.configure(UInt64(op.imm), at: 8, width: 8)
    case .mcfg: x[Int(op.rd)] = unit.configure(x[Int(op.rs1)], at: 0, width: 32)

    // Loads; streaming ones are the same.
    case .mldb, .msldb: try unit.load(op, 1, self, m, &watch)
    case .mldh, .msldh: try unit.load(op, 2, self, m, &watch)
    case .mldw, .msldw: try unit.load(op, 4, self, m, &watch)
    case .mldd, .msldd: try unit.load(op, 8, self, m, &watch)
    case .mld1mb, .mld1mh, .mld1mw, .mld1md: try unit.loadWhole(op, 1, self, m, &watch)
    case .mld2mb, .mld2mh, .mld2mw, .mld2md: try unit.loadWhole(op, 2, self, m, &watch)
    case .mld4mb, .mld4mh, .mld4mw, .mld4md: try unit.loadWhole(op, 4, self, m, &watch)
    case .mld8mb, .mld8mh, .mld8mw, .mld8md: try unit.loadWhole(op, 8, self, m, &watch)

    // Moves.
    case .mzero: unit.zero(op)
    case .mmov_mm: unit.move(op)
    case .mmov_mv_x: unit.spread(op, row: x[Int(op.rs3)])
    case .mmov_mv_i: unit.spread(op, row: UInt64(op.imm))
    case .mmovb_m_x: unit.set(op, 1, x[Int(op.rs2)], at: x[Int(op.rs1)])
    case .mmovh_m_x: unit.set(op, 2, x[Int(op.rs2)], at: x[Int(op.rs1)])
    case .mmovw_m_x: unit.set(op, 4, x[Int(op.rs2)], at: x[Int(op.rs1)])
    case .mmovd_m_x: unit.set(op, 8, x[Int(op.rs2)], at: x[Int(op.rs1)])
    case .mdupb_m_x: unit.fill(op, 1, x[Int(op.rs2)])
    case .mduph_m_x: unit.fill(op, 2, x[Int(op.rs2)])
    case .mdupw_m_x: unit.fill(op, 4, x[Int(op.rs2)])
    case .mdupd_m_x: unit.fill(op, 8, x[Int(op.rs2)])

    // Multiplication.
    case .fmmacc_h: try unit.multiply(op, RVF_HALF, RVF_HALF, self)
    case .fmmacc_s: try unit.multiply(op, RVF_SINGLE, RVF_SINGLE, self)
    case .fmmacc_d: try unit.multiply(op, RVF_DOUBLE, RVF_DOUBLE, self)
    case .fwmmacc_h: try unit.multiply(op, RVF_HALF, RVF_SINGLE, self)
    case .fwmmacc_s: try unit.multiply(op, RVF_SINGLE, RVF_DOUBLE, self)
    case .mmaqa_b: unit.multiply(op, 8, true, true)
    case .mmaqau_b: unit.multiply(op, 8, false, false)
    case .mmaqaus_b: unit.multiply(op, 8, false, true)
    case .mmaqasu_b: unit.multiply(op, 8, true, false)
    case .mmaqa_h: unit.multiply(op, 16, true, true)
    case .mmaqau_h: unit.multiply(op, 16, false, false)
    case .mmaqaus_h: unit.multiply(op, 16, false, true)
    case .mmaqasu_h: unit.multiply(op, 16, true, false)
    case .pmmaqa_b: unit.multiply(op, 4, true, true)
    case .pmmaqau_b: unit.multiply(op, 4, false, false)
    case .pmmaqaus_b: unit.multiply(op, 4, false, true)
    case .pmmaqasu_b: unit.multiply(op, 4, true, false)

    // Elements.
    case .madd_s_mm: unit.elements(op, .add, 4, .register)
    case .madd_s_mv_x: unit.elements(op, .add, 4, .row(x[Int(op.rs3)]))
    case .madd_s_mv_i: unit.elements(op, .add, 4, .row(UInt64(op.imm)))
    case .madd_s_mx: unit.elements(op, .add, 4, .scalar(x[Int(op.rs1)]))
    case .madd_d_mm: unit.elements(op, .add, 8, .register)
    case .madd_d_mv_x: unit.elements(op, .add, 8, .row(x[Int(op.rs3)]))
    case .madd_d_mv_i: unit.elements(op, .add, 8, .row(UInt64(op.imm)))
    case .madd_d_mx: unit.elements(op, .add, 8, .scalar(x[Int(op.rs1)]))
    case .msub_s_mm: unit.elements(op, .subtract, 4, .register)
    case .msub_s_mv_x: unit.elements(op, .subtract, 4, .row(x[Int(op.rs3)]))
    case .msub_s_mv_i: unit.elements(op, .subtract, 4, .row(UInt64(op.imm)))
    case .msub_s_mx: unit.elements(op, .subtract, 4, .scalar(x[Int(op.rs1)]))
    case .msub_d_mm: unit.elements(op, .subtract, 8, .register)
    case .msub_d_mv_x: unit.elements(op, .subtract, 8, .row(x[Int(op.rs3)]))
    case .msub_d_mv_i: unit.elements(op, .subtract, 8, .row(UInt64(op.imm)))
    case .msub_d_mx: unit.elements(op, .subtract, 8, .scalar(x[Int(op.rs1)]))
    case .msra_s_mm: unit.elements(op, .scale, 4, .register)
    case .msra_s_mv_x: unit.elements(op, .scale, 4, .row(x[Int(op.rs3)]))
    case .msra_s_mv_i: unit.elements(op, .scale, 4, .row(UInt64(op.imm)))
    case .msra_s_mx: unit.elements(op, .scale, 4, .scalar(x[Int(op.rs1)]))
    case .msra_d_mm: unit.elements(op, .scale, 8, .register)
    case .msra_d_mv_x: unit.elements(op, .scale, 8, .row(x[Int(op.rs3)]))
    case .msra_d_mv_i: unit.elements(op, .scale, 8, .row(UInt64(op.imm)))
    case .msra_d_mx: unit.elements(op, .scale, 8, .scalar(x[Int(op.rs1)]))
    case .mmul_s_mm: unit.elements(op, .multiply, 4, .register)
    case .mmul_s_mv_x: unit.elements(op, .multiply, 4, .row(x[Int(op.rs3)]))
    case .mmul_s_mv_i: unit.elements(op, .multiply, 4, .row(UInt64(op.imm)))
    case .mmul_s_mx: unit.elements(op, .multiply, 4, .scalar(x[Int(op.rs1)]))
    case .mmul_d_mm: unit.elements(op, .multiply, 8, .register)
    case .mmul_d_mv_x: unit.elements(op, .multiply, 8, .row(x[Int(op.rs3)]))
    case .mmul_d_mv_i: unit.elements(op, .multiply, 8, .row(UInt64(op.imm)))
    case .mmul_d_mx: unit.elements(op, .multiply, 8, .scalar(x[Int(op.rs1)]))
    case .mmulh_s_mm: unit.elements(op, .multiplyHigh, 4, .register)
    case .mmulh_s_mv_x: unit.elements(op, .multiplyHigh, 4, .row(x[Int(op.rs3)]))
    case .mmulh_s_mv_i: unit.elements(op, .multiplyHigh, 4, .row(UInt64(op.imm)))
    case .mmulh_s_mx: unit.elements(op, .multiplyHigh, 4, .scalar(x[Int(op.rs1)]))
    case .mmulh_d_mm: unit.elements(op, .multiplyHigh, 8, .register)
    case .mmulh_d_mv_x: unit.elements(op, .multiplyHigh, 8, .row(x[Int(op.rs3)]))
    case .mmulh_d_mv_i: unit.elements(op, .multiplyHigh, 8, .row(UInt64(op.imm)))
    case .mmulh_d_mx: unit.elements(op, .multiplyHigh, 8, .scalar(x[Int(op.rs1)]))
    case .mn4clip_s_mm: unit.elements(op, .clip, 4, .register)
    case .mn4clip_s_mv_x: unit.elements(op, .clip, 4, .row(x[Int(op.rs3)]))
    case .mn4clip_s_mv_i: unit.elements(op, .clip, 4, .row(UInt64(op.imm)))
    case .mn4clip_s_mx: unit.elements(op, .clip, 4, .scalar(x[Int(op.rs1)]))
    case .mn4clip_d_mm: unit.elements(op, .clip, 8, .register)
    case .mn4clip_d_mv_x: unit.elements(op, .clip, 8, .row(x[Int(op.rs3)]))
    case .mn4clip_d_mv_i: unit.elements(op, .clip, 8, .row(UInt64(op.imm)))
    case .mn4clip_d_mx: unit.elements(op, .clip, 8, .scalar(x[Int(op.rs1)]))
    case .mn4clipu_s_mm: unit.elements(op, .clipUnsigned, 4, .register)
    case .mn4clipu_s_mv_x: unit.elements(op, .clipUnsigned, 4, .row(x[Int(op.rs3)]))
    case .mn4clipu_s_mv_i: unit.elements(op, .clipUnsigned, 4, .row(UInt64(op.imm)))
    case .mn4clipu_s_mx: unit.elements(op, .clipUnsigned, 4, .scalar(x[Int(op.rs1)]))
    case .mn4clipu_d_mm: unit.elements(op, .clipUnsigned, 8, .register)
    case .mn4clipu_d_mv_x: unit.elements(op, .clipUnsigned, 8, .row(x[Int(op.rs3)]))
    case .mn4clipu_d_mv_i: unit.elements(op, .clipUnsigned, 8, .row(UInt64(op.imm)))
    case .mn4clipu_d_mx: unit.elements(op, .clipUnsigned, 8, .scalar(x[Int(op.rs1)]))
    }
    state.pointee.ms = 3
  }
}
