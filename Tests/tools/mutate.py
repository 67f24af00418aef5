#!/usr/bin/env python3
"""Breaks the simulator on purpose, one line at a time, and sees whether CI's seeds of rvsim-difftest notice.

Each fault is put into a copy of the tree, which is built and run against Spike (RVSIM_SPIKE). A fault is caught when the run does not
pass. The last line is "N passed, N failed"; the exit code is 1 when fewer than 45 of the first 50 are caught, fewer than 57 of the 60
of vectors behind them, or fewer than 29 of the 30 of matrices, which Tests/rvm has to find (with --only: when one is missed).
"""

import argparse
import concurrent.futures
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS = "1-150"
TRAP_SEEDS = "1-20"
PRIVILEGED_SEEDS = "1-160"
WANTED = 45
# VLEN and seeds, in the order in which they are run.
VECTOR_SEEDS = [("128", "1-200"), ("64", "1-60"), ("256", "1-30"), ("512", "1-20"), ("1024", "1-15")]
VECTOR_WANTED = 57
# Programs of Tests/rvm for each version, and how many faults of matrices behind the others they must find.
MATRIX_PROGRAMS = {"0.6": 24, "0.3": 16}
MATRIX_COUNT = 30
MATRIX_WANTED = 29

LOOP = "Exec/Loop/RunLoop.swift"
SCALAR = "Exec/Semantics/Scalar.swift"
ATOMIC = "Exec/Semantics/Hart+A.swift"
SYSTEM = "Exec/Semantics/Hart+S.swift"
TRAPS = "Exec/Hart/Hart+Traps.swift"
INTERRUPTS = "Exec/Hart/Hart+Interrupts.swift"
WALK = "Exec/Translation/Hart+Walk.swift"
PMP = "Exec/Translation/PMP.swift"
CONTEXT = "Exec/Translation/Hart+Context.swift"
ACCESS = "Exec/Translation/Hart+TranslatedAccess.swift"
CRYPTO = "Exec/Semantics/Hart+K.swift"
ROUNDING = "Exec/Semantics/Rounding.swift"
ELEMENT = "Sources/RVFloat/element.h"
EXACT = "Sources/RVFloat/exact.c"
HALF = "Sources/RVFloat/half.c"
CONVERT = "Sources/RVFloat/convert.c"
FUSED = "Sources/RVFloat/fused.c"
ZFA = "Sources/RVFloat/zfa.c"
ROWS_C = "Decoder/Rows/C.swift"
VELEMENTS = "Exec/Vector/Elements.swift"
VLOOP = "Exec/Vector/ElementLoop.swift"
VLANE = "Exec/Vector/Lane.swift"
VOPERANDS = "Exec/Vector/VectorOperands.swift"
VTYPE = "Exec/Vector/VectorType.swift"
VCONFIG = "Exec/Vector/Hart+VectorConfig.swift"
VCSR = "Exec/Vector/Hart+VectorCSR.swift"
VFORMS = "Exec/Vector/Hart+Vector.swift"
VKERNELS = "Exec/Vector/Kernels.swift"
VFIXED = "Exec/Vector/Kernels+Fixed.swift"
VV = "Exec/Vector/Hart+V.swift"
VP = "Exec/Vector/Hart+VP.swift"
VL = "Exec/Vector/Hart+VL.swift"
VF = "Exec/Vector/Hart+VF.swift"
MELEMENTS = "Exec/Matrix/MatrixElements.swift"
MARITHMETIC = "Exec/Matrix/MatrixV06Unit+Arithmetic.swift"
MMEMORY = "Exec/Matrix/MatrixV06Unit+Memory.swift"
MMOVES = "Exec/Matrix/MatrixV06Unit+Moves.swift"
MUNIT = "Exec/Matrix/MatrixV06Unit.swift"
M06 = "Exec/Matrix/Hart+MatrixV06.swift"
MVENDOR = "Exec/Matrix/MatrixV03Unit.swift"
MVENDORWORK = "Exec/Matrix/MatrixV03Unit+Work.swift"
MTILE = "Exec/Matrix/TileAccess.swift"
MINTEGER = "Sources/RVFloat/matrix_integer.c"
MFLOAT = "Sources/RVFloat/matrix_float.c"
MEXACT = "Sources/RVFloat/matrix_exact.c"
VWIDE = "Exec/Vector/WideProduct.swift"
VFLOAT = "Exec/Vector/Hart+VectorFloat.swift"

# (file, text that occurs exactly once, text in its place, what is wrong then)
FAULTS = [
    (LOOP, "case .sraiw: x[rd] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: a) &>> Int32(truncatingIfNeeded: imm)))",
     "case .sraiw: x[rd] = UInt64(UInt32(truncatingIfNeeded: Int32(truncatingIfNeeded: a) &>> Int32(truncatingIfNeeded: imm)))",
     "sraiw: no sign extension"),
    (LOOP, "case .srlw: x[rd] = sext32(low32(a) &>> low32(b))", "case .srlw: x[rd] = sext32(low32(a &>> (b & 31)))",
     "srlw: bits from above come in"),
    (LOOP, "case .sll: x[rd] = a &<< b", "case .sll: x[rd] = a &<< (b & 31)", "sll: shift mask of 5 bits"),
    (LOOP, "case .sltiu: x[rd] = a < immediate ? 1 : 0", "case .sltiu: x[rd] = a < immediate & 0xfff ? 1 : 0",
     "sltiu: immediate not sign-extended"),
    (LOOP, "case .mulhsu: x[rd] = a.multipliedFullWidth(by: b).high &- (Int64(bitPattern: a) < 0 ? b : 0)",
     "case .mulhsu: x[rd] = a.multipliedFullWidth(by: b).high &- (Int64(bitPattern: b) < 0 ? a : 0)",
     "mulhsu: the other operand is signed"),
    (LOOP, "case .remuw: x[rd] = low32(b) == 0 ? sext32(low32(a))", "case .remuw: x[rd] = low32(b) == 0 ? a",
     "remuw: by zero, the dividend whole"),
    (LOOP, "case .sh3add_uw: x[rd] = UInt64(low32(a)) &<< 3 &+ b", "case .sh3add_uw: x[rd] = UInt64(low32(a) &<< 3) &+ b",
     "sh3add.uw: carry out of 32 bits lost"),
    (LOOP, "case .ctzw: x[rd] = UInt64(low32(a).trailingZeroBitCount)", "case .ctzw: x[rd] = UInt64(a.trailingZeroBitCount)",
     "ctzw: counts in 64 bits"),
    (LOOP, "case .maxu: x[rd] = a > b ? a : b", "case .maxu: x[rd] = Int64(bitPattern: a) > Int64(bitPattern: b) ? a : b",
     "maxu: signed"),
    (LOOP, "case .roriw: x[rd] = sext32(low32(a) &>> low32(immediate) | low32(a) &<< (0 &- low32(immediate)))",
     "case .roriw: x[rd] = UInt64(low32(a) &>> low32(immediate) | low32(a) &<< (0 &- low32(immediate)))",
     "roriw: no sign extension"),
    (LOOP, "case .czero_nez: x[rd] = b != 0 ? 0 : a", "case .czero_nez: x[rd] = b != 0 ? 0 : b", "czero.nez: wrong operand"),
    (LOOP, "x[rd] = UInt64(try m.load(a &+ immediate, as: UInt32.self))", "x[rd] = sext32(try m.load(a &+ immediate, as: UInt32.self))",
     "lwu: sign-extended"),
    (LOOP, "s.set(f: rd, UInt64(try m.load(a &+ immediate, as: UInt32.self)) | 0xffff_ffff_0000_0000)",
     "s.set(f: rd, UInt64(try m.load(a &+ immediate, as: UInt32.self)))", "flw: not boxed"),
    (LOOP, "if go(&op, &n, a < b, imm, s, &watch) { return .pause }", "if go(&op, &n, a <= b, imm, s, &watch) { return .pause }",
     "bltu: taken when equal"),
    (SCALAR, "  if b == -1 { return 0 &- a }\n", "  if b == -1 { return a == .min ? .max : 0 &- a }\n", "div: saturates on overflow"),
    (SCALAR, "let marks = ((value & low7) &+ low7 | value) & ~low7", "let marks = ((value & low7) &+ low7) & ~low7",
     "orc.b: a byte of 0x80 counts as zero"),
    (ATOMIC, "case .amomaxu_w: try update(op, UInt32.self, m, &watch) { a, b in max(a, b) }",
     "case .amomaxu_w: try update(op, UInt32.self, m, &watch) { a, b in Int32(bitPattern: a) > Int32(bitPattern: b) ? a : b }",
     "amomaxu.w: signed"),
    (ATOMIC, "state.x[Int(op.rd)] = holds ? 0 : 1", "state.x[Int(op.rd)] = holds ? 1 : 0", "sc: result inverted"),
    (ATOMIC, "if old == expected { try m.storeAndGoOn(address, T(truncatingIfNeeded: state.x[Int(op.rs2)])) }",
     "if old != expected { try m.storeAndGoOn(address, T(truncatingIfNeeded: state.x[Int(op.rs2)])) }", "amocas: stores when different"),
    (ATOMIC, "try m.storeAndGoOn(address &+ 8, op.rs2 == 0 ? 0 : x[Int(op.rs2) + 1])", "try m.storeAndGoOn(address &+ 8, x[Int(op.rs2) + 1])",
     "amocas.q: the pair x0 reads x1"),
    (SYSTEM, "case .csrrc: return try accessCSR(op, writes: op.rs1 != 0) { $0 & ~x[Int(op.rs1)] }",
     "case .csrrc: return try accessCSR(op, writes: op.rs1 != 0) { $0 ^ x[Int(op.rs1)] }", "csrrc: toggles bits"),
    (TRAPS, "mpie | old << 11", "mpie | 3 << 11", "a trap from user mode forgets the mode"),
    (TRAPS, "      csr.mtval = trap.tval\n", "      csr.mtval = trap.cause == .breakpoint ? 0 : trap.tval\n", "ebreak: mtval 0"),
    (CRYPTO, "case .clmulr: carrylessProduct(a, b).high << 1 | carrylessProduct(a, b).low >> 63",
     "case .clmulr: carrylessProduct(a, b).high << 1", "clmulr: lowest bit lost"),
    (CRYPTO, "case .sha512sig1: rotated(a, 19) ^ rotated(a, 61) ^ a >> 6", "case .sha512sig1: rotated(a, 19) ^ rotated(a, 61) ^ rotated(a, 6)",
     "sha512sig1: rotates instead of shifting"),
    (CRYPTO, "    if round < 10 {\n", "    if round < 9 {\n", "aes64ks1i: round 9 like round 10"),
    (ROUNDING, "let mode = rm == 7 ? pointee.frm : rm", "let mode = rm == 7 ? pointee.frm & 3 : rm", "dynamic RMM rounds to even"),
    (ELEMENT, "(is_nan_##f(a) && is_nan_##f(b)) ? (bits_t)NAN_##f : is_nan_##f(a) ? b : a;",
     "(is_nan_##f(a) && is_nan_##f(b)) ? a : is_nan_##f(a) ? b : a;", "fmin, fmax: a NaN keeps its payload"),
    (ELEMENT, "return a & (top) ? 8u >> size : 16u << size;", "return a & (top) ? 8u >> size : 8u << (size + (size != 0));",
     "fclass: +0 looks like -0"),
    (ELEMENT, "if (is_signalling_##f(a) || is_signalling_##f(b)) raise_flags(NV);", "if (is_signalling_##f(a)) raise_flags(NV);",
     "fmin, fmax: no NV for a signalling second operand"),
    (ELEMENT, "static inline bits_t sgnjx_##f(bits_t a, bits_t b) { return (bits_t)(a ^ (b & (top))); }",
     "static inline bits_t sgnjx_##f(bits_t a, bits_t b) { return (bits_t)(a | (b & (top))); }", "fsgnjx: or instead of exclusive or"),
    (EXACT, "case RMM: return rest >= half;", "case RMM: return rest > half;", "RMM: ties towards zero"),
    (EXACT, "        tiny = !carries;\n", "        tiny = true;\n", "UF before rounding"),
    (EXACT, "if (x == 0) return boxed(f, rm == RDN, 0);", "if (x == 0) return boxed(f, false, 0);",
     "exact sums: a zero of the wrong sign when rounding down"),
    (HALF, "if (bits & below) bits = (bits & ~below) | (below + 1);", "bits &= ~below;", "half fma: sticky bits lost"),
    (CONVERT, "(host_t)(int64_t)((x) >> 1 | ((x) & 1))", "(host_t)(int64_t)((x) >> 1)", "fcvt from unsigned: sticky bit lost"),
    (CONVERT, "        if (is_signalling_s(a)) raise_flags(NV);\n", "        raise_flags(NV);\n", "widening a quiet NaN raises NV"),
    (FUSED, "FUSED(fnmadd, d, uint64_t, __builtin_fma, SIGN_d, SIGN_d)", "FUSED(fnmadd, d, uint64_t, __builtin_fma, SIGN_d, 0u)",
     "fnmadd.d: sign of the addend"),
    (ZFA, "if (rm == RNE) up = rest > unit / 2 || (rest == unit / 2 && odd);", "if (rm == RNE) up = rest >= unit / 2;",
     "fround: ties away from zero"),
    (ROWS_C, "100 uimm[5] 01 rd'+ uimm[4:0] 01", "100 uimm[4] 01 rd'+ uimm[5|3:0] 01", "c.srai: immediate scrambled"),
    (WALK, "access == .fetch || csr.mstatus & MStatus.sum == 0", "csr.mstatus & MStatus.sum == 0", "SUM: code of user mode, too"),
    (WALK, "let marks = access == .store ? PTE.accessed | PTE.dirty", "let marks = access == .store ? PTE.dirty", "a store does not set A"),
    (WALK, "level != 0 || number & 0xf != 8", "level != 0 || number & 7 != 0", "Svnapot: other sizes, too"),
    (WALK, "return number & (1 << UInt64(9 * level) - 1) == 0", "return level == 0 || number & 0x1ff == 0", "misaligned gigapages pass"),
    (PMP, "return region.first <= first && last <= region.last && region.allows(access, mode)", "return region.allows(access, mode)",
     "PMP: part of an access is enough"),
    (CONTEXT, "let sum = status & MStatus.sum != 0", "let sum = false", "the tables of SUM are not told apart"),
    (CONTEXT, "    for index in 1..<translations.stores.count { translations.stores[index].removeAll() }\n", "",
     "sfence.vma leaves the translations of stores"),
    (ACCESS, "      try storePart(address, width: first, value: value)\n",
     "      _ = try translate(address &+ UInt64(first), length: 1, .store)\n      try storePart(address, width: first, value: value)\n",
     "a crossing store asks for both pages first"),
    (TRAPS, "| spie | old << 8", "| spie | 1 << 8", "SPP: always from S"),
    (INTERRUPTS, "if enabled == 0, mode == 0 ||", "if enabled == 0, mode == 3 ||", "delegated interrupts do not come in user mode"),
]

SCALAR_COUNT = len(FAULTS)

# Vectors: tails, masks, vstart, vxsat, rounding, overlap, widths, NaN, flags of dead lanes.
FAULTS += [
    (VELEMENTS, "as: UInt8.self) >> UInt8(index & 7) & 1 != 0 }", "as: UInt8.self) >> UInt8(7 - index & 7) & 1 != 0 }", "mask: bits of a byte in reverse"),
    (VELEMENTS, "      vd.copyMemory(from: results, byteCount: count * size)\n", "      vd.copyMemory(from: results, byteCount: (count + 1) * size)\n",
     "tail: its first element is written"),
    (VELEMENTS, "target[index] & ~bits | source[index] & bits", "target[index] & ~bits | source[index]", "mask: masked-off elements take in results"),
    (VELEMENTS, "(count + 7) / 8 {\n      let byte = UInt64(", "count / 8 {\n      let byte = UInt64(", "mask: that of the last few elements is an older one"),
    (VELEMENTS, "var active: UInt8 = left < 8 ? (1 << UInt8(left)) - 1 : 0xff", "var active: UInt8 = left < 2 ? (1 << UInt8(left)) - 1 : 0xff",
     "mask results: bits of the tail are written"),
    (VELEMENTS, "      if isMasked { active &= file.load", "      if isMasked, group == 0 { active &= file.load", "mask results: only eight bits are masked"),
    (VELEMENTS, "0x8040_2010_0804_0201", "0x0102_0408_1020_4080", "carries: bits of a byte in reverse"),
    (VLOOP, "for index in 0..<count { out[index] = K.lane(a[index], b) ? 1 : 0 }", "for index in 0..<count { out[index] = K.lane(b, a[index]) ? 1 : 0 }",
     "compares with scalars: the other way round"),
    (VLOOP, "initializeMemory(as: UInt8.self, repeating: 0, count: count)", "initializeMemory(as: UInt8.self, repeating: 1, count: count)",
     "vmadc without a carry in: one comes in"),
    (VLOOP, "if isSaturated, isActive(index) {", "if isSaturated {", "vxsat: set by masked-off elements"),
    (VLANE, "Wide(truncatingIfNeeded: element.signed)", "Wide(truncatingIfNeeded: element)", "widening: no sign extension"),
    (VLOOP, "signed ? To(truncatingIfNeeded: narrow.signed) : To(truncatingIfNeeded: narrow)", "signed ? To(truncatingIfNeeded: narrow.signed) : To(truncatingIfNeeded: scalar)",
     "widening: a scalar keeps its upper bits"),
    (VLOOP, "for index in 0..<count where mask(index) { result =", "for index in 0..<count { result =", "reductions: masked-off elements count"),
    (VOPERANDS, "guard Int(op.rd) & (length - 1) == 0 || vd.width", "guard Int(op.rd) & (length - 1) & 1 == 0 || vd.width",
     "groups of four and eight: aligned to two registers"),
    (VOPERANDS, "guard fields * length <= 8, Int(op.rd)", "guard fields * length <= 16, Int(op.rd)", "segments: up to sixteen registers"),
    (VOPERANDS, "if writes, op.aux & 1 == 0 || readsCarries, op.rd == 0", "if writes, op.aux & 1 == 0, op.rd == 0", "vadc and vmerge may write v0"),
    (VOPERANDS, "vd.width == Operand.bit && row.work != .vmaskset", "vd.width == Operand.bit", "a masked vmsbf may write v0"),
    (VOPERANDS, "return eew < sourceEEW ? target == first :", "return eew < sourceEEW ? target >= first :", "overlap: a narrow result over any part of its source"),
    (VOPERANDS, ": sourceMUL >= 0 && first + length == targetEnd", ": first + length == targetEnd", "overlap: a wide result over a fractional source"),
    (VOPERANDS, "if source.standsApart || fields > 1 { return false }", "if source.standsApart { return false }", "overlap: segments over their indices"),
    (VOPERANDS, "      let emul = eew - type.sew + type.lmul\n      return emul >= -3", "      let emul = eew - type.sew + type.lmul\n      return emul >= -4",
     "EMUL of 1/16"),
    (VTYPE, "> elen + min(lmul, 0) ?", "> elen ?", "fractional LMUL: every SEW up to ELEN"),
    (VTYPE, "bits >> 8 != 0 ||", "bits >> 9 != 0 ||", "vtype: bit 8 is no reserved bit"),
    (VCONFIG, "s.pointee.vl = min(length, UInt64(vlmax))",
     "s.pointee.vl = min(length > UInt64(vlmax) && length < 2 * UInt64(vlmax) ? (length + 1) / 2 : length, UInt64(vlmax))",
     "vl: half of what is asked for"),
    (VCONFIG, "vlmax != s.pointee.vtype.vlmax(vlenb: vlenb)", "vlmax > s.pointee.vtype.vlmax(vlenb: vlenb)",
     "vsetvli x0, x0: kept under a smaller VLMAX"),
    (VCONFIG, "return op.rd == Op.sink ? .keep : .largest", "return .largest", "vsetvli x0, x0: sets vl"),
    (VCSR, "value & (s.pointee.vlenb &* 8 &- 1)", "value & 0xffff", "vstart: sixteen bits"),
    (VCSR, "setFixedRounding(value >> 1)", "setFixedRounding(value)", "vcsr: vxrm in the place of vxsat"),
    (VFORMS, "!type.isIllegal, s.pointee.vstart == 0 || operands.pointee.resumes,", "!type.isIllegal,", "arithmetic runs with any vstart"),
    (VKERNELS, "{ a < b ? a : b } }", "{ a.signed < b.signed ? a : b } }", "vminu: signed"),
    (VKERNELS, "{ T(a.signed &>> T.Signed(truncatingIfNeeded: b)) }", "{ a &>> b }", "vsra: logical"),
    (VKERNELS, "(a.signed < 0 ? b : 0)", "(b.signed < 0 ? a : 0)", "vmulhsu: the other operand is signed"),
    (VKERNELS, "{ a &- d &* b } }", "{ d &* b &- a } }", "vnmsub: sign"),
    (VKERNELS, " | (sum &+ carry < sum ? 1 : 0)", "", "vmadc: the carry that comes in makes none"),
    (VKERNELS, " | (a &- b < carry ? 1 : 0)", "", "vmsbc: the borrow that comes in makes none"),
    (VKERNELS, "{ a.signed <= b.signed }", "{ a <= b }", "vmsle: unsigned"),
    (VFIXED, "return half & (below != 0 ? 1 : value &>> shift & 1)", "return half", "rounding: to even like up"),
    (VFIXED, "return value &>> shift & 1 == 0 && lost != 0 ? 1 : 0", "return lost != 0 ? 1 : 0", "rounding: to odd always adds"),
    (VFIXED, "{ return (T(T.Signed.max), true) }", "{ return (T(T.Signed.max), false) }", "vsmul: no vxsat"),
    (VFIXED, "return value < ~largest ? (T(~largest), true)", "return value < ~largest ? (T(~largest), false)", "vnclip: no vxsat from below"),
    (VFIXED, "return half(T(sum), (sum < 0) != overflows, rounding)", "return half(T(sum), sum < 0, rounding)", "vaadd: overflow lost"),
    (VWIDE, "case .vwmaccsu_vv, .vwmaccsu_vx: self = .unsignedSigned", "case .vwmaccsu_vv, .vwmaccsu_vx: self = .signedUnsigned",
     "vwmaccsu: the other operand is signed"),
    (VV, "if state.pointee.vtype.sew == 3, !isa.contains(.v)", "if state.pointee.vtype.sew == 4, !isa.contains(.v)", "Zve64: high products of 64 bits"),
    (VP, "let there = min(e.count, vlmax - Int(min(offset, UInt64(vlmax))))", "let there = max(0, e.count - Int(min(offset, UInt64(vlmax))))",
     "vslidedown: zeros come in from behind vl"),
    (VP, "e.set(index, from < vlmax ? ", "e.set(index, from < UInt64(e.count) ? ", "vrgather: zero from vl on"),
    (VP, "if e.isActive(index), Elements.bit(index, of: e.vs2) { ones += 1 }", "if Elements.bit(index, of: e.vs2) { ones += 1 }",
     "viota: masked-off elements count"),
    (VP, "byteCount: written << e.sew)", "byteCount: e.count << e.sew)", "vcompress: the rest is written"),
    (VP, "if e.count > 0 { e.setFirst(x[Int(op.rs1)]) }", "e.setFirst(x[Int(op.rs1)])", "vmv.s.x: with vl = 0"),
    (VP, "case .vrgatherei16_vv: try gather(op, indexWidth: 1)", "case .vrgatherei16_vv: try gather(op, indexWidth: state.pointee.vtype.sew)",
     "vrgatherei16: indices of SEW bits"),
    (VL, "          state.pointee.vstart = UInt64(index)\n", "          state.pointee.vstart = UInt64(index + 1)\n", "a fault: vstart behind the element"),
    (VL, "if how.faultOnlyFirst, index > 0 {", "if how.faultOnlyFirst {", "fault-only-first: never faults"),
    (VL, "(e.count + 7) / 8 : e.count", "e.count / 8 : e.count", "vlm, vsm: the last few bits are left out"),
    (VL, "var index = Int(min(state.pointee.vstart, UInt64(count)))", "var index = 0", "loads begin at 0 whatever vstart is"),
    (VL, "<< max(width - type.sew + type.lmul, 0)", "<< max(type.lmul, 0)", "segments: registers as far apart as SEW says"),
    (VL, "let indexWidth = Int(operands.pointee.vs2.width)", "let indexWidth = type.sew", "indices of SEW bits"),
    (VL, "    state.pointee.vstart = 0\n", "", "loads and stores leave vstart"),
    (VF, "case .vmfgt_vf: try floatCompareReversed(op, .less)", "case .vmfgt_vf: try floatCompareReversed(op, .lessEqual)", "vmfgt: or equal"),
    (VF, "case .vfncvt_rod_f_f_w: try narrowFormat(op, toOdd: true)", "case .vfncvt_rod_f_f_w: try narrowFormat(op)", "vfncvt.rod: rounds as frm says"),
    (VFLOAT, "state.pointee.frm == 4 ? 4 : nil", "nil", "RMM like RNE"),
    (VFLOAT, "? value & 0xffff_ffff : 0x7fc0_0000", "? value & 0xffff_ffff : value & 0xffff_ffff", "NaN: a scalar that is not boxed is taken"),
    # Matrices, found by Tests/rvm.
    (MELEMENTS, "case .max: return (x > y ? a : b, false)", "case .max: return (a > b ? a : b, false)", "mmax: unsigned"),
    (MELEMENTS, "(T(x.multipliedFullWidth(by: y).high), false)", "(T(a.multipliedFullWidth(by: b).high), false)", "mmulh: unsigned"),
    (MELEMENTS, "if value > largest { return (T(largest), true) }", "if value > largest { return (T(largest), false) }", "mn4clip: no xmsat"),
    (MELEMENTS, ": (a &- b, false)", ": (b &- a, false)", "msub: ms1 - ms2"),
    (MARITHMETIC, "    flags |= UInt8(truncatingIfNeeded: rvf_take_flags()) & 0x17\n", "", "elements: no flags"),
    (MARITHMETIC, "fillOutside(Int(op.rd), rows: Int(sizeM), bytes: Int(sizeN) * width, 0)",
     "fillOutside(Int(op.rd), rows: rows, bytes: Int(sizeN) * width, 0)", "rows behind mtilem stay"),
    (MARITHMETIC, "to.bits < from.bits ? part * columns : 0)", "0)", "narrowing: always to the lower part"),
    (MARITHMETIC, "(.int4, _), (.uint4, _): false", "(.int4, _), (.uint4, _), (.int8, _): false", "from bytes: any xmfrm will do"),
    (MARITHMETIC, "(row & (rows - 1)) * accumulatorRow", "min(row, rows - 1) * accumulatorRow", ".mv.i: the row is no remainder"),
    (MARITHMETIC, "+ i * accumulatorRow + part * columns)", "+ i * accumulatorRow)", "mn4cliph: to the first quarter"),
    (MUNIT, " && (bits != 4 || columns & 1 == 0)", "", "odd numbers of 4-bit elements are legal"),
    (MUNIT, "case .b: return !isAccumulator && sizeN <= UInt64(rows)", "case .b: return !isAccumulator && sizeM <= UInt64(rows)",
     "mtilen is not looked at"),
    (MUNIT, "isAccumulator, bits > choices.elen", "isAccumulator, bits > 64", "ELEN bounds nothing"),
    (MUNIT, "private static let flagMask: UInt8 = 0x17", "private static let flagMask: UInt8 = 0x1f", "xmfflags has a bit 3"),
    (MUNIT, "saturates = newValue >> 11 & 1 != 0", "saturates = newValue >> 10 & 1 != 0", "xmsaten at another bit of xmcsr"),
    (MMEMORY, "choices.outside == .zero ? 0 : MatrixChoices.poison", "0", "no poison"),
    (MMEMORY, "case .b: (Int(sizeN), Int(sizeK))", "case .b: (Int(sizeM), Int(sizeK))", "mlb loads mtilem rows"),
    (MTILE, "copyMemory(from: memory + i * tile.width, byteCount: tile.width)", "copyMemory(from: memory + i, byteCount: tile.width)",
     "transposed loads: neighbours a byte apart"),
    (MTILE, "      if !isPlain {\n", "      if false {\n", "a store that faults has stored before"),
    (MMOVES, "distance.signum() * (abs(distance) & (rows - 1))", "distance", "row slides: the distance is no remainder"),
    (MMOVES, "(isUp ? 0 : row - shift)).initializeMemory", "(isUp ? row - shift : 0)).initializeMemory", "column slides: zeros at the other end"),
    (MMOVES, "from: second + i * row + (upper2 ? half : 0)", "from: second + i * row + (upper1 ? half : 0)", "mpackhl: lower half"),
    (M06, "case .mrelease: return state.pointee.ms = 1", "case .mrelease: return state.pointee.ms = 2", "mrelease: clean, not initial"),
    (MINTEGER, "(uint8_t)((nibble ^ 8) - 8) : nibble", "nibble : nibble", "4-bit elements are never negative"),
    (MINTEGER, "if (saturate && r > INT32_MAX) r = INT32_MAX, saturated = true;", "if (saturate && r > INT32_MAX) r = INT32_MAX;",
     "products that saturate do not say so"),
    (MFLOAT, "rm == RUP ? ~(bits >> 31) & 0xffff", "rm == RUP ? bits >> 31 & 0xffff", "bfloat16 sums: up is down"),
    (MEXACT, "    if (value > most) {", "    if (value >= most) {", "e4m3, e5m2: the largest number counts as too large"),
    (MVENDORWORK, "bytes: max(bytes - rowBytes, 0))", "bytes: rowBytes)", "0.3, pairs: the right half is not cleared"),
    (MVENDORWORK, "Int(number & UInt64(rows - 1)) * rowBytes", "Int(number & 3) * rowBytes", "0.3: two bits of row number"),
    (MVENDOR, "case .b: return sizeN <= rows * registers && hasWhole(bits)", "case .b: return sizeN <= rows && hasWhole(bits)",
     "0.3, fmmacc.h: sizeN at most RLEN / 32"),
]

# Where programs of all privilege modes are likely to find a fault.
PRIVILEGED = {WALK, PMP, CONTEXT, ACCESS, TRAPS, INTERRUPTS}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="N,N-N", help="numbers of the faults to try, from 1")
    parser.add_argument("--jobs", type=int, default=1, help="faults at a time; each needs a build of its own")
    parser.add_argument("--seeds", default=SEEDS, help=f"seeds to run ({SEEDS})")
    parser.add_argument("--scratch", help="directory for copies and builds, kept for the next time")
    parser.add_argument("--check", action="store_true", help="only see that every fault can be put in")
    return parser.parse_args()


def chosen(text):
    if not text:
        return list(range(len(FAULTS)))
    numbers = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first) - 1, int(last or first))
    return numbers


def check():
    """Every old text must occur exactly once."""
    problems = []
    for number, (name, old, new, note) in enumerate(FAULTS, 1):
        count = (ROOT / name).read_text().count(old)
        if count != 1 or old == new:
            problems.append(f"fault {number} ({note}): its text occurs {count} times in {name}")
    if problems:
        sys.exit("\n".join(problems))


def clang():
    """The one beside swift, as the Makefile takes it."""
    return subprocess.run([ROOT / "Tests/tools/toolchain.sh", "clang"], check=True, capture_output=True, text=True).stdout.strip()


class Copy:
    """A copy of the tree with a build of its own."""

    def __init__(self, folder):
        self.tree = folder / "tree"
        self.build = folder / "build"
        names = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
        wanted = set()
        for name in names.stdout.splitlines():
            source, target = ROOT / name, self.tree / name
            if not source.is_file():
                continue
            wanted.add(target)
            if target.is_file() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
        for path in self.tree.rglob("*"):
            if path.is_file() and path not in wanted and ".build" not in path.parts:
                path.unlink()

    def make(self):
        """Builds, for debugging: one changed file takes seconds. Returns the compiler's words when that fails."""
        for product in ("rvsim-difftest", "rvsim"):
            command = [os.environ.get("SWIFT", "swift"), "build", "-c", "debug", "--product", product, "--scratch-path", str(self.build)]
            result = subprocess.run(command, cwd=self.tree, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            if result.returncode != 0:
                return result.stdout + result.stderr
        return None

    def run(self, *options):
        """What rvsim-difftest says first about a divergence; None when it passes."""
        command = [str(self.build / "debug" / "rvsim-difftest"), "--reduce", "0", "--fail-fast", "--coverage", os.devnull, *options]
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=1800)
        if result.returncode == 0:
            return None
        lines = [line for line in result.stdout.splitlines() if line.startswith("seed")]
        return lines[0] if lines else f"exit {result.returncode}"

    def run_matrices(self, version):
        """The same of Tests/rvm, which needs shared/specs beside the tree."""
        command = [sys.executable, "-B", str(self.tree / "Tests/rvm/run.py"), "--rvsim", str(self.build / "debug" / "rvsim"), "--clang", clang(),
                   "--specs", str(ROOT.parent / "shared/specs"), "--version", version, "--programs", str(MATRIX_PROGRAMS[version])]
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=1800)
        if result.returncode == 0:
            return None
        words = " ".join((result.stdout or result.stderr).split("\n")[:2]).split()
        return " ".join(words)[:160]

    def attempt(self, number, seeds):
        name, old, new, _ = FAULTS[number]
        path = self.tree / name
        original = path.read_text()
        path.write_text(original.replace(old, new))
        try:
            problem = self.make()
            if problem is not None:
                return "error", problem.strip().splitlines()[-1]
            if number >= len(FAULTS) - MATRIX_COUNT:
                runs = (self.run_matrices(version) for version in (("0.3", "0.6") if "V03" in name else ("0.6", "0.3")))
                found = next((one for one in runs if one), None)
                return ("caught", found) if found else ("missed", "")
            if number >= SCALAR_COUNT:
                runs = (self.run("--vector", "--vlen", vlen, "--seeds", numbers) for vlen, numbers in VECTOR_SEEDS)
                found = next((one for one in runs if one), None)
                return ("caught", found) if found else ("missed", "")
            found = self.run("--seeds", PRIVILEGED_SEEDS, "--privileged") if name in PRIVILEGED else None
            found = found or self.run("--seeds", seeds) or self.run("--seeds", TRAP_SEEDS, "--misaligned", "trap")
            return ("caught", found) if found else ("missed", "")
        finally:
            path.write_text(original)


def main():
    options = arguments()
    check()
    numbers = chosen(options.only)
    if options.check:
        print(f"{len(FAULTS)} faults can be put in")
        return 0
    folder = pathlib.Path(options.scratch or tempfile.mkdtemp(prefix="rvsim-mutate."))
    copies = queue.Queue()
    results = {}
    try:
        for job in range(options.jobs):
            copy = Copy(folder / str(job))
            problem = copy.make()
            if problem is not None:
                sys.exit("the tree does not build:\n" + problem)
            copies.put(copy)
        sound = copies.get()
        found = sound.run("--seeds", options.seeds)
        copies.put(sound)
        if found:
            sys.exit("the sound tree does not pass: " + found)

        def attempt(number):
            copy = copies.get()
            try:
                result = copy.attempt(number, options.seeds)
            finally:
                copies.put(copy)
            name, _, _, note = FAULTS[number]
            print(f"{number + 1:3}  {result[0]:7} {name:32} {note:48} {result[1]}", flush=True)
            results[number] = result[0]

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            list(pool.map(attempt, numbers))
    finally:
        if not options.scratch:
            shutil.rmtree(folder, ignore_errors=True)
    caught = sum(1 for result in results.values() if result == "caught")
    print(f"{caught} passed, {len(results) - caught} failed")
    if len(numbers) < len(FAULTS):
        enough = caught == len(numbers)
    else:
        found = [number for number, result in results.items() if result == "caught"]
        matrix = sum(1 for number in found if number >= len(FAULTS) - MATRIX_COUNT)
        scalar = sum(1 for number in found if number < SCALAR_COUNT)
        enough = scalar >= WANTED and len(found) - scalar - matrix >= VECTOR_WANTED and matrix >= MATRIX_WANTED
    return 0 if enough and "error" not in results.values() else 1


if __name__ == "__main__":
    sys.exit(main())
