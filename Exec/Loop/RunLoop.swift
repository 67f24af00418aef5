import RVDecoder
import RVFloat

/// The interpreter: one source of loop and semantics, specialised for each memory and each watch.
///
/// Rules of this file: no allocation, no reference counting, no closure, no existential, no call for an integer instruction.
/// What lives across instructions is the op pointer and the count `n`; everything else is immutable.
extension Hart {
  /// Executes from `first`, the op of `state.pc`, until something ends the loop.
  @inline(never)
  func loop<M: GuestMemory, W: Watch>(_ m: M, from first: OpPointer, _ watch: inout W) -> LoopExit {
    let s = m.state
    let x = s.x
    let f = s.f
    var n = s.pointee.retired
    var op = first
    do throws(Trap) {
      while true {
        let rd = Int(op.pointee.rd)
        let rs1 = Int(op.pointee.rs1)
        let rs2 = Int(op.pointee.rs2)
        let a = x[rs1]
        let b = x[rs2]
        let imm = Int(op.pointee.imm)
        let immediate = UInt64(bitPattern: Int64(imm))
        // One jump for any of these.
        switch op.pointee.fast {
        case .other:
          s.pointee.retired = n
          guard let next = try step(op, m, &watch) else { return .pause }
          n = s.pointee.retired
          op = next
          continue
        case .vectors:
          if _fastPath(executesFast(op, s)) { break }
          s.pointee.retired = n
          guard let next = try step(op, m, &watch) else { return .pause }
          n = s.pointee.retired
          op = next
          continue

        case .lui: x[rd] = immediate
        case .auipc: x[rd] = op.pc &+ immediate
        case .jal:
          x[rd] = op.pc &+ UInt64(op.pointee.length)
          if go(&op, &n, true, imm, s, &watch) { return .pause }
          continue
        case .jalr:
          let target = (a &+ immediate) & ~1
          if target & UInt64(s.pointee.alignmentMask) != 0 { throw Trap(.instructionMisaligned, target) }
          x[rd] = op.pc &+ UInt64(op.pointee.length)
          n &+= 1
          if watch.retired(op, taken: true) || n >= s.pointee.deadline {
            s.pointee.pc = target
            s.pointee.retired = n
            return .pause
          }
          op = try find(target, watch)
          continue
        case .beq:
          if go(&op, &n, a == b, imm, s, &watch) { return .pause }
          continue
        case .bne:
          if go(&op, &n, a != b, imm, s, &watch) { return .pause }
          continue
        case .blt:
          if go(&op, &n, Int64(bitPattern: a) < Int64(bitPattern: b), imm, s, &watch) { return .pause }
          continue
        case .bge:
          if go(&op, &n, Int64(bitPattern: a) >= Int64(bitPattern: b), imm, s, &watch) { return .pause }
          continue
        case .bltu:
          if go(&op, &n, a < b, imm, s, &watch) { return .pause }
          continue
        case .bgeu:
          if go(&op, &n, a >= b, imm, s, &watch) { return .pause }
          continue

        case .lb:
          x[rd] = sext8(try m.load(a &+ immediate, as: UInt8.self))
          watch.load(a &+ immediate, width: 1)
        case .lh:
          x[rd] = sext16(try m.load(a &+ immediate, as: UInt16.self))
          watch.load(a &+ immediate, width: 2)
        case .lw:
          x[rd] = sext32(try m.load(a &+ immediate, as: UInt32.self))
          watch.load(a &+ immediate, width: 4)
        case .ld:
          x[rd] = try m.load(a &+ immediate, as: UInt64.self)
          watch.load(a &+ immediate, width: 8)
        case .lbu:
          x[rd] = UInt64(try m.load(a &+ immediate, as: UInt8.self))
          watch.load(a &+ immediate, width: 1)
        case .lhu:
          x[rd] = UInt64(try m.load(a &+ immediate, as: UInt16.self))
          watch.load(a &+ immediate, width: 2)
        case .lwu:
          x[rd] = UInt64(try m.load(a &+ immediate, as: UInt32.self))
          watch.load(a &+ immediate, width: 4)
        case .sb:
          try m.store(a &+ immediate, UInt8(truncatingIfNeeded: b))
          watch.store(a &+ immediate, width: 1)
        case .sh:
          try m.store(a &+ immediate, UInt16(truncatingIfNeeded: b))
          watch.store(a &+ immediate, width: 2)
        case .sw:
          try m.store(a &+ immediate, UInt32(truncatingIfNeeded: b))
          watch.store(a &+ immediate, width: 4)
        case .sd:
          try m.store(a &+ immediate, b)
          watch.store(a &+ immediate, width: 8)

        case .addi: x[rd] = a &+ immediate
        case .slti: x[rd] = Int64(bitPattern: a) < Int64(imm) ? 1 : 0
        case .sltiu: x[rd] = a < immediate ? 1 : 0
        case .xori: x[rd] = a ^ immediate
        case .ori: x[rd] = a | immediate
        case .andi: x[rd] = a & immediate
        case .slli: x[rd] = a &<< immediate
        case .srli: x[rd] = a &>> immediate
        case .srai: x[rd] = UInt64(bitPattern: Int64(bitPattern: a) &>> Int64(imm))
        case .add: x[rd] = a &+ b
        case .sub: x[rd] = a &- b
        case .sll: x[rd] = a &<< b
        case .slt: x[rd] = Int64(bitPattern: a) < Int64(bitPattern: b) ? 1 : 0
        case .sltu: x[rd] = a < b ? 1 : 0
        case .xor: x[rd] = a ^ b
        case .srl: x[rd] = a &>> b
        case .sra: x[rd] = UInt64(bitPattern: Int64(bitPattern: a) &>> Int64(bitPattern: b))
        case .or: x[rd] = a | b
        case .and: x[rd] = a & b
        case .addiw: x[rd] = sext32(low32(a) &+ low32(immediate))
        case .slliw: x[rd] = sext32(low32(a) &<< low32(immediate))
        case .srliw: x[rd] = sext32(low32(a) &>> low32(immediate))
        case .sraiw: x[rd] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: a) &>> Int32(truncatingIfNeeded: imm)))
        case .addw: x[rd] = sext32(low32(a) &+ low32(b))
        case .subw: x[rd] = sext32(low32(a) &- low32(b))
        case .sllw: x[rd] = sext32(low32(a) &<< low32(b))
        case .srlw: x[rd] = sext32(low32(a) &>> low32(b))
        case .sraw: x[rd] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: a) &>> Int32(truncatingIfNeeded: b)))

        case .mul: x[rd] = a &* b
        case .mulh: x[rd] = UInt64(bitPattern: Int64(bitPattern: a).multipliedFullWidth(by: Int64(bitPattern: b)).high)
        case .mulhsu: x[rd] = a.multipliedFullWidth(by: b).high &- (Int64(bitPattern: a) < 0 ? b : 0)
        case .mulhu: x[rd] = a.multipliedFullWidth(by: b).high
        case .div: x[rd] = UInt64(bitPattern: quotient(Int64(bitPattern: a), Int64(bitPattern: b)))
        case .divu: x[rd] = b == 0 ? .max : a / b
        case .rem: x[rd] = UInt64(bitPattern: remainder(Int64(bitPattern: a), Int64(bitPattern: b)))
        case .remu: x[rd] = b == 0 ? a : a % b
        case .mulw: x[rd] = sext32(low32(a) &* low32(b))
        case .divw: x[rd] = UInt64(bitPattern: Int64(quotient(Int32(truncatingIfNeeded: a), Int32(truncatingIfNeeded: b))))
        case .divuw: x[rd] = low32(b) == 0 ? .max : sext32(low32(a) / low32(b))
        case .remw: x[rd] = UInt64(bitPattern: Int64(remainder(Int32(truncatingIfNeeded: a), Int32(truncatingIfNeeded: b))))
        case .remuw: x[rd] = low32(b) == 0 ? sext32(low32(a)) : sext32(low32(a) % low32(b))

        case .add_uw: x[rd] = UInt64(low32(a)) &+ b
        case .sh1add: x[rd] = a &<< 1 &+ b
        case .sh2add: x[rd] = a &<< 2 &+ b
        case .sh3add: x[rd] = a &<< 3 &+ b
        case .sh1add_uw: x[rd] = UInt64(low32(a)) &<< 1 &+ b
        case .sh2add_uw: x[rd] = UInt64(low32(a)) &<< 2 &+ b
        case .sh3add_uw: x[rd] = UInt64(low32(a)) &<< 3 &+ b
        case .slli_uw: x[rd] = UInt64(low32(a)) &<< immediate

        case .andn: x[rd] = a & ~b
        case .orn: x[rd] = a | ~b
        case .xnor: x[rd] = ~(a ^ b)
        case .clz: x[rd] = UInt64(a.leadingZeroBitCount)
        case .ctz: x[rd] = UInt64(a.trailingZeroBitCount)
        case .cpop: x[rd] = UInt64(a.nonzeroBitCount)
        case .clzw: x[rd] = UInt64(low32(a).leadingZeroBitCount)
        case .ctzw: x[rd] = UInt64(low32(a).trailingZeroBitCount)
        case .cpopw: x[rd] = UInt64(low32(a).nonzeroBitCount)
        case .max: x[rd] = Int64(bitPattern: a) > Int64(bitPattern: b) ? a : b
        case .maxu: x[rd] = a > b ? a : b
        case .min: x[rd] = Int64(bitPattern: a) < Int64(bitPattern: b) ? a : b
        case .minu: x[rd] = a < b ? a : b
        case .sext_b: x[rd] = sext8(UInt8(truncatingIfNeeded: a))
        case .sext_h: x[rd] = sext16(UInt16(truncatingIfNeeded: a))
        case .zext_h: x[rd] = a & 0xffff
        case .rol: x[rd] = a &<< b | a &>> (0 &- b)
        case .ror: x[rd] = a &>> b | a &<< (0 &- b)
        case .rori: x[rd] = a &>> immediate | a &<< (0 &- immediate)
        case .rolw: x[rd] = sext32(low32(a) &<< low32(b) | low32(a) &>> (0 &- low32(b)))
        case .rorw: x[rd] = sext32(low32(a) &>> low32(b) | low32(a) &<< (0 &- low32(b)))
        case .roriw: x[rd] = sext32(low32(a) &>> low32(immediate) | low32(a) &<< (0 &- low32(immediate)))
        case .orc_b: x[rd] = spreadNonzeroBytes(a)
        case .rev8: x[rd] = a.byteSwapped
        case .bclr: x[rd] = a & ~(1 &<< b)
        case .bclri: x[rd] = a & ~(1 &<< immediate)
        case .bext: x[rd] = a &>> b & 1
        case .bexti: x[rd] = a &>> immediate & 1
        case .binv: x[rd] = a ^ 1 &<< b
        case .binvi: x[rd] = a ^ 1 &<< immediate
        case .bset: x[rd] = a | 1 &<< b
        case .bseti: x[rd] = a | 1 &<< immediate
        case .czero_eqz: x[rd] = b == 0 ? 0 : a
        case .czero_nez: x[rd] = b != 0 ? 0 : a

        case .flw:
          try s.requireFloat()
          s.set(f: rd, UInt64(try m.load(a &+ immediate, as: UInt32.self)) | 0xffff_ffff_0000_0000)
          watch.load(a &+ immediate, width: 4)
        case .fld:
          try s.requireFloat()
          s.set(f: rd, try m.load(a &+ immediate, as: UInt64.self))
          watch.load(a &+ immediate, width: 8)
        case .fsw:
          try s.requireFloat()
          try m.store(a &+ immediate, low32(f[rs2]))
          watch.store(a &+ immediate, width: 4)
        case .fsd:
          try s.requireFloat()
          try m.store(a &+ immediate, f[rs2])
          watch.store(a &+ immediate, width: 8)
        case .fmadd_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], f[Int(op.pointee.rs3)], rvf_fmadd_s, rvf_fmadd_s_rm))
        case .fmsub_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], f[Int(op.pointee.rs3)], rvf_fmsub_s, rvf_fmsub_s_rm))
        case .fnmsub_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], f[Int(op.pointee.rs3)], rvf_fnmsub_s, rvf_fnmsub_s_rm))
        case .fnmadd_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], f[Int(op.pointee.rs3)], rvf_fnmadd_s, rvf_fnmadd_s_rm))
        case .fadd_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], rvf_fadd_s, rvf_fadd_s_rm))
        case .fsub_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], rvf_fsub_s, rvf_fsub_s_rm))
        case .fmul_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], rvf_fmul_s, rvf_fmul_s_rm))
        case .fdiv_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], f[rs2], rvf_fdiv_s, rvf_fdiv_s_rm))
        case .fsqrt_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], rvf_fsqrt_s, rvf_fsqrt_s_rm))
        case .fsgnj_s: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fsgnj_s))
        case .fsgnjn_s: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fsgnjn_s))
        case .fsgnjx_s: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fsgnjx_s))
        case .fmin_s: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fmin_s))
        case .fmax_s: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fmax_s))
        case .fcvt_s_w: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_s_w, rvf_fcvt_s_w_rm))
        case .fcvt_s_wu: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_s_wu, rvf_fcvt_s_wu_rm))
        case .fcvt_s_l: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_s_l, rvf_fcvt_s_l_rm))
        case .fcvt_s_lu: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_s_lu, rvf_fcvt_s_lu_rm))
        case .fmadd_d: try s.double(op, rvf_double_madd, rvf_fmadd_d_rm)
        case .fmsub_d: try s.double(op, rvf_double_msub, rvf_fmsub_d_rm)
        case .fnmsub_d: try s.double(op, rvf_double_nmsub, rvf_fnmsub_d_rm)
        case .fnmadd_d: try s.double(op, rvf_double_nmadd, rvf_fnmadd_d_rm)
        case .fadd_d: try s.double(op, rvf_double_add, rvf_fadd_d_rm)
        case .fsub_d: try s.double(op, rvf_double_sub, rvf_fsub_d_rm)
        case .fmul_d: try s.double(op, rvf_double_mul, rvf_fmul_d_rm)
        case .fdiv_d: try s.double(op, rvf_double_div, rvf_fdiv_d_rm)
        case .fsqrt_d: try s.double(op, rvf_double_sqrt, rvf_fsqrt_d_rm)
        case .fsgnj_d: s.set(f: rd, try s.exact(f[rs1] & ~signBit | f[rs2] & signBit))
        case .fsgnjn_d: s.set(f: rd, try s.exact(f[rs1] & ~signBit | ~f[rs2] & signBit))
        case .fsgnjx_d: s.set(f: rd, try s.exact(f[rs1] ^ f[rs2] & signBit))
        case .fmin_d: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fmin_d))
        case .fmax_d: s.set(f: rd, try s.exact(f[rs1], f[rs2], rvf_fmax_d))
        case .fcvt_d_w: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_d_w, rvf_fcvt_d_w_rm))
        case .fcvt_d_wu: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_d_wu, rvf_fcvt_d_wu_rm))
        case .fcvt_d_l: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_d_l, rvf_fcvt_d_l_rm))
        case .fcvt_d_lu: s.set(f: rd, try s.rounded(op.pointee.aux, a, rvf_fcvt_d_lu, rvf_fcvt_d_lu_rm))
        case .fcvt_s_d: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_s_d, rvf_fcvt_s_d_rm))
        case .fcvt_d_s: s.set(f: rd, try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_d_s, rvf_fcvt_d_s_rm))
        case .fmv_w_x: s.set(f: rd, try s.exact(a | 0xffff_ffff_0000_0000))
        case .fmv_d_x: s.set(f: rd, try s.exact(a))
        case .feq_s: x[rd] = try s.exact(f[rs1], f[rs2], rvf_feq_s)
        case .flt_s: x[rd] = try s.exact(f[rs1], f[rs2], rvf_flt_s)
        case .fle_s: x[rd] = try s.exact(f[rs1], f[rs2], rvf_fle_s)
        case .fclass_s: x[rd] = try s.exact(f[rs1], rvf_fclass_s)
        case .fcvt_w_s: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_w_s, rvf_fcvt_w_s_rm)
        case .fcvt_wu_s: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_wu_s, rvf_fcvt_wu_s_rm)
        case .fcvt_l_s: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_l_s, rvf_fcvt_l_s_rm)
        case .fcvt_lu_s: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_lu_s, rvf_fcvt_lu_s_rm)
        case .feq_d: x[rd] = try s.exact(f[rs1], f[rs2], rvf_feq_d)
        case .flt_d: x[rd] = try s.exact(f[rs1], f[rs2], rvf_flt_d)
        case .fle_d: x[rd] = try s.exact(f[rs1], f[rs2], rvf_fle_d)
        case .fclass_d: x[rd] = try s.exact(f[rs1], rvf_fclass_d)
        case .fcvt_w_d: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_w_d, rvf_fcvt_w_d_rm)
        case .fcvt_wu_d: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_wu_d, rvf_fcvt_wu_d_rm)
        case .fcvt_l_d: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_l_d, rvf_fcvt_l_d_rm)
        case .fcvt_lu_d: x[rd] = try s.rounded(op.pointee.aux, f[rs1], rvf_fcvt_lu_d, rvf_fcvt_lu_d_rm)
        case .fmv_x_w: x[rd] = try s.exact(sext32(low32(f[rs1])))
        case .fmv_x_d: x[rd] = try s.exact(f[rs1])
        }
        n &+= 1
        if watch.retired(op, taken: false) {
          s.pointee.pc = position(of: op + 1)
          s.pointee.retired = n
          return .pause
        }
        op += 1
      }
    } catch {
      s.pointee.retired = n
      switch error.origin {
      case .instruction:
        s.pointee.pc = op.pc
        watch.trapped(op)
        return .trap(error)
      case .pc: return .trap(error)
      case .drain: return .pause
      case .alone:
        s.pointee.pc = op.pc
        return .pause
      case .halt, .leave:
        if error.width != 0 { watch.store(error.tval, width: Int(error.width)) }
        s.pointee.pc = op.pc &+ UInt64(op.pointee.length)
        s.pointee.retired = n &+ 1
        _ = watch.retired(op, taken: false)
        return error.origin == .halt ? .halt : .pause
      }
    }
  }

  /// A branch or jal, taken or not.
  /// - Returns: whether the loop has to return; the state is exact then.
  @inline(__always)
  private func go<W: Watch>(
    _ op: inout OpPointer, _ n: inout UInt64, _ taken: Bool, _ distance: Int, _ s: UnsafeMutablePointer<HartState>,
    _ watch: inout W
  ) -> Bool {
    let full = watch.retired(op, taken: taken)
    n &+= 1
    // No host branch: the jump to the next op is predicted as it is.
    op += taken ? distance : 1
    if _slowPath(full || n >= s.pointee.deadline) {
      s.pointee.pc = position(of: op)
      s.pointee.retired = n
      return true
    }
    return false
  }
}
