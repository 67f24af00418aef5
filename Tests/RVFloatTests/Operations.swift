import RVFloat

/// The library's functions beside the reference's.

typealias Unary = @convention(c) (UInt64) -> UInt64
typealias UnaryRM = @convention(c) (UInt64, UInt32) -> UInt64
typealias Binary = @convention(c) (UInt64, UInt64) -> UInt64
typealias BinaryRM = @convention(c) (UInt64, UInt64, UInt32) -> UInt64
typealias Ternary = @convention(c) (UInt64, UInt64, UInt64) -> UInt64
typealias TernaryRM = @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64

struct UnaryOperation: Sendable {
  let name: String
  let from: Format
  let current: Unary
  let inMode: UnaryRM
  let reference: @Sendable (UInt64, Rounding) -> Outcome
}

struct BinaryOperation: Sendable {
  let name: String
  let format: Format
  let current: Binary
  let inMode: BinaryRM
  let reference: @Sendable (UInt64, UInt64, Rounding) -> Outcome
}

struct TernaryOperation: Sendable {
  let name: String
  let format: Format
  let current: Ternary
  let inMode: TernaryRM
  let reference: @Sendable (UInt64, UInt64, UInt64, Rounding) -> Outcome
}

struct ExactOperation: Sendable {
  let name: String
  let format: Format
  let function: Binary
  let reference: @Sendable (UInt64, UInt64) -> Outcome
}

let binaryOperations: [BinaryOperation] = [
  .init(name: "fadd.h", format: .h, current: rvf_fadd_h, inMode: rvf_fadd_h_rm) { Reference.add(.h, $0, $1, $2) },
  .init(name: "fsub.h", format: .h, current: rvf_fsub_h, inMode: rvf_fsub_h_rm) { Reference.sub(.h, $0, $1, $2) },
  .init(name: "fmul.h", format: .h, current: rvf_fmul_h, inMode: rvf_fmul_h_rm) { Reference.mul(.h, $0, $1, $2) },
  .init(name: "fdiv.h", format: .h, current: rvf_fdiv_h, inMode: rvf_fdiv_h_rm) { Reference.div(.h, $0, $1, $2) },
  .init(name: "fadd.s", format: .s, current: rvf_fadd_s, inMode: rvf_fadd_s_rm) { Reference.add(.s, $0, $1, $2) },
  .init(name: "fsub.s", format: .s, current: rvf_fsub_s, inMode: rvf_fsub_s_rm) { Reference.sub(.s, $0, $1, $2) },
  .init(name: "fmul.s", format: .s, current: rvf_fmul_s, inMode: rvf_fmul_s_rm) { Reference.mul(.s, $0, $1, $2) },
  .init(name: "fdiv.s", format: .s, current: rvf_fdiv_s, inMode: rvf_fdiv_s_rm) { Reference.div(.s, $0, $1, $2) },
  .init(name: "fadd.d", format: .d, current: rvf_fadd_d, inMode: rvf_fadd_d_rm) { Reference.add(.d, $0, $1, $2) },
  .init(name: "fsub.d", format: .d, current: rvf_fsub_d, inMode: rvf_fsub_d_rm) { Reference.sub(.d, $0, $1, $2) },
  .init(name: "fmul.d", format: .d, current: rvf_fmul_d, inMode: rvf_fmul_d_rm) { Reference.mul(.d, $0, $1, $2) },
  .init(name: "fdiv.d", format: .d, current: rvf_fdiv_d, inMode: rvf_fdiv_d_rm) { Reference.div(.d, $0, $1, $2) },
]

let ternaryOperations: [TernaryOperation] = [
  .init(name: "fmadd.h", format: .h, current: rvf_fmadd_h, inMode: rvf_fmadd_h_rm) {
    Reference.fma(.h, $0, $1, $2, $3)
  },
  .init(name: "fmsub.h", format: .h, current: rvf_fmsub_h, inMode: rvf_fmsub_h_rm) {
    Reference.fma(.h, $0, $1, $2 ^ Format.h.sign, $3)
  },
  .init(name: "fnmsub.h", format: .h, current: rvf_fnmsub_h, inMode: rvf_fnmsub_h_rm) {
    Reference.fma(.h, $0 ^ Format.h.sign, $1, $2, $3)
  },
  .init(name: "fnmadd.h", format: .h, current: rvf_fnmadd_h, inMode: rvf_fnmadd_h_rm) {
    Reference.fma(.h, $0 ^ Format.h.sign, $1, $2 ^ Format.h.sign, $3)
  },
  .init(name: "fmadd.s", format: .s, current: rvf_fmadd_s, inMode: rvf_fmadd_s_rm) {
    Reference.fma(.s, $0, $1, $2, $3)
  },
  .init(name: "fmsub.s", format: .s, current: rvf_fmsub_s, inMode: rvf_fmsub_s_rm) {
    Reference.fma(.s, $0, $1, $2 ^ Format.s.sign, $3)
  },
  .init(name: "fnmsub.s", format: .s, current: rvf_fnmsub_s, inMode: rvf_fnmsub_s_rm) {
    Reference.fma(.s, $0 ^ Format.s.sign, $1, $2, $3)
  },
  .init(name: "fnmadd.s", format: .s, current: rvf_fnmadd_s, inMode: rvf_fnmadd_s_rm) {
    Reference.fma(.s, $0 ^ Format.s.sign, $1, $2 ^ Format.s.sign, $3)
  },
  .init(name: "fmadd.d", format: .d, current: rvf_fmadd_d, inMode: rvf_fmadd_d_rm) {
    Reference.fma(.d, $0, $1, $2, $3)
  },
  .init(name: "fmsub.d", format: .d, current: rvf_fmsub_d, inMode: rvf_fmsub_d_rm) {
    Reference.fma(.d, $0, $1, $2 ^ Format.d.sign, $3)
  },
  .init(name: "fnmsub.d", format: .d, current: rvf_fnmsub_d, inMode: rvf_fnmsub_d_rm) {
    Reference.fma(.d, $0 ^ Format.d.sign, $1, $2, $3)
  },
  .init(name: "fnmadd.d", format: .d, current: rvf_fnmadd_d, inMode: rvf_fnmadd_d_rm) {
    Reference.fma(.d, $0 ^ Format.d.sign, $1, $2 ^ Format.d.sign, $3)
  },
]

let unaryOperations: [UnaryOperation] = [
  .init(name: "fsqrt.h", from: .h, current: rvf_fsqrt_h, inMode: rvf_fsqrt_h_rm) { Reference.sqrt(.h, $0, $1) },
  .init(name: "fround.h", from: .h, current: rvf_fround_h, inMode: rvf_fround_h_rm) {
    Reference.round(.h, $0, $1, raisingInexact: false)
  },
  .init(name: "froundnx.h", from: .h, current: rvf_froundnx_h, inMode: rvf_froundnx_h_rm) {
    Reference.round(.h, $0, $1, raisingInexact: true)
  },
  .init(name: "fcvt.w.h", from: .h, current: rvf_fcvt_w_h, inMode: rvf_fcvt_w_h_rm) {
    Reference.toInteger(.h, $0, $1, Int32.self)
  },
  .init(name: "fcvt.wu.h", from: .h, current: rvf_fcvt_wu_h, inMode: rvf_fcvt_wu_h_rm) {
    Reference.toInteger(.h, $0, $1, UInt32.self)
  },
  .init(name: "fcvt.l.h", from: .h, current: rvf_fcvt_l_h, inMode: rvf_fcvt_l_h_rm) {
    Reference.toInteger(.h, $0, $1, Int64.self)
  },
  .init(name: "fcvt.lu.h", from: .h, current: rvf_fcvt_lu_h, inMode: rvf_fcvt_lu_h_rm) {
    Reference.toInteger(.h, $0, $1, UInt64.self)
  },
  .init(name: "fsqrt.s", from: .s, current: rvf_fsqrt_s, inMode: rvf_fsqrt_s_rm) { Reference.sqrt(.s, $0, $1) },
  .init(name: "fround.s", from: .s, current: rvf_fround_s, inMode: rvf_fround_s_rm) {
    Reference.round(.s, $0, $1, raisingInexact: false)
  },
  .init(name: "froundnx.s", from: .s, current: rvf_froundnx_s, inMode: rvf_froundnx_s_rm) {
    Reference.round(.s, $0, $1, raisingInexact: true)
  },
  .init(name: "fcvt.w.s", from: .s, current: rvf_fcvt_w_s, inMode: rvf_fcvt_w_s_rm) {
    Reference.toInteger(.s, $0, $1, Int32.self)
  },
  .init(name: "fcvt.wu.s", from: .s, current: rvf_fcvt_wu_s, inMode: rvf_fcvt_wu_s_rm) {
    Reference.toInteger(.s, $0, $1, UInt32.self)
  },
  .init(name: "fcvt.l.s", from: .s, current: rvf_fcvt_l_s, inMode: rvf_fcvt_l_s_rm) {
    Reference.toInteger(.s, $0, $1, Int64.self)
  },
  .init(name: "fcvt.lu.s", from: .s, current: rvf_fcvt_lu_s, inMode: rvf_fcvt_lu_s_rm) {
    Reference.toInteger(.s, $0, $1, UInt64.self)
  },
  .init(name: "fsqrt.d", from: .d, current: rvf_fsqrt_d, inMode: rvf_fsqrt_d_rm) { Reference.sqrt(.d, $0, $1) },
  .init(name: "fround.d", from: .d, current: rvf_fround_d, inMode: rvf_fround_d_rm) {
    Reference.round(.d, $0, $1, raisingInexact: false)
  },
  .init(name: "froundnx.d", from: .d, current: rvf_froundnx_d, inMode: rvf_froundnx_d_rm) {
    Reference.round(.d, $0, $1, raisingInexact: true)
  },
  .init(name: "fcvt.w.d", from: .d, current: rvf_fcvt_w_d, inMode: rvf_fcvt_w_d_rm) {
    Reference.toInteger(.d, $0, $1, Int32.self)
  },
  .init(name: "fcvt.wu.d", from: .d, current: rvf_fcvt_wu_d, inMode: rvf_fcvt_wu_d_rm) {
    Reference.toInteger(.d, $0, $1, UInt32.self)
  },
  .init(name: "fcvt.l.d", from: .d, current: rvf_fcvt_l_d, inMode: rvf_fcvt_l_d_rm) {
    Reference.toInteger(.d, $0, $1, Int64.self)
  },
  .init(name: "fcvt.lu.d", from: .d, current: rvf_fcvt_lu_d, inMode: rvf_fcvt_lu_d_rm) {
    Reference.toInteger(.d, $0, $1, UInt64.self)
  },
  .init(name: "fcvt.s.d", from: .d, current: rvf_fcvt_s_d, inMode: rvf_fcvt_s_d_rm) {
    Reference.convert(.d, .s, $0, $1)
  },
  .init(name: "fcvt.h.s", from: .s, current: rvf_fcvt_h_s, inMode: rvf_fcvt_h_s_rm) {
    Reference.convert(.s, .h, $0, $1)
  },
  .init(name: "fcvt.h.d", from: .d, current: rvf_fcvt_h_d, inMode: rvf_fcvt_h_d_rm) {
    Reference.convert(.d, .h, $0, $1)
  },
  .init(name: "fcvt.bf16.s", from: .s, current: rvf_fcvt_bf16_s, inMode: rvf_fcvt_bf16_s_rm) {
    Reference.convert(.s, .bf16, $0, $1)
  },
  .init(name: "fcvt.d.s", from: .s, current: rvf_fcvt_d_s, inMode: rvf_fcvt_d_s_rm) {
    Reference.convert(.s, .d, $0, $1)
  },
  .init(name: "fcvt.s.h", from: .h, current: rvf_fcvt_s_h, inMode: rvf_fcvt_s_h_rm) {
    Reference.convert(.h, .s, $0, $1)
  },
  .init(name: "fcvt.d.h", from: .h, current: rvf_fcvt_d_h, inMode: rvf_fcvt_d_h_rm) {
    Reference.convert(.h, .d, $0, $1)
  },
  .init(name: "fcvt.s.bf16", from: .bf16, current: rvf_fcvt_s_bf16, inMode: rvf_fcvt_s_bf16_rm) {
    Reference.convert(.bf16, .s, $0, $1)
  },
]

/// From x registers: `from` is only the width of the operand there.
let integerOperations: [UnaryOperation] = [
  .init(name: "fcvt.h.w", from: .d, current: rvf_fcvt_h_w, inMode: rvf_fcvt_h_w_rm) {
    Reference.fromInteger(.h, Int32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.h.wu", from: .d, current: rvf_fcvt_h_wu, inMode: rvf_fcvt_h_wu_rm) {
    Reference.fromInteger(.h, UInt32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.h.l", from: .d, current: rvf_fcvt_h_l, inMode: rvf_fcvt_h_l_rm) {
    Reference.fromInteger(.h, Int64(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.h.lu", from: .d, current: rvf_fcvt_h_lu, inMode: rvf_fcvt_h_lu_rm) {
    Reference.fromInteger(.h, UInt64(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.s.w", from: .d, current: rvf_fcvt_s_w, inMode: rvf_fcvt_s_w_rm) {
    Reference.fromInteger(.s, Int32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.s.wu", from: .d, current: rvf_fcvt_s_wu, inMode: rvf_fcvt_s_wu_rm) {
    Reference.fromInteger(.s, UInt32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.s.l", from: .d, current: rvf_fcvt_s_l, inMode: rvf_fcvt_s_l_rm) {
    Reference.fromInteger(.s, Int64(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.s.lu", from: .d, current: rvf_fcvt_s_lu, inMode: rvf_fcvt_s_lu_rm) {
    Reference.fromInteger(.s, UInt64(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.d.w", from: .d, current: rvf_fcvt_d_w, inMode: rvf_fcvt_d_w_rm) {
    Reference.fromInteger(.d, Int32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.d.wu", from: .d, current: rvf_fcvt_d_wu, inMode: rvf_fcvt_d_wu_rm) {
    Reference.fromInteger(.d, UInt32(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.d.l", from: .d, current: rvf_fcvt_d_l, inMode: rvf_fcvt_d_l_rm) {
    Reference.fromInteger(.d, Int64(truncatingIfNeeded: $0), $1)
  },
  .init(name: "fcvt.d.lu", from: .d, current: rvf_fcvt_d_lu, inMode: rvf_fcvt_d_lu_rm) {
    Reference.fromInteger(.d, UInt64(truncatingIfNeeded: $0), $1)
  },
]

let exactOperations: [ExactOperation] = [
  .init(name: "feq.h", format: .h, function: rvf_feq_h) { Reference.compare(.h, $0, $1, .eq) },
  .init(name: "flt.h", format: .h, function: rvf_flt_h) { Reference.compare(.h, $0, $1, .lt) },
  .init(name: "fle.h", format: .h, function: rvf_fle_h) { Reference.compare(.h, $0, $1, .le) },
  .init(name: "fltq.h", format: .h, function: rvf_fltq_h) { Reference.compare(.h, $0, $1, .ltq) },
  .init(name: "fleq.h", format: .h, function: rvf_fleq_h) { Reference.compare(.h, $0, $1, .leq) },
  .init(name: "fmin.h", format: .h, function: rvf_fmin_h) {
    Reference.extreme(.h, $0, $1, least: true, propagating: false)
  },
  .init(name: "fmax.h", format: .h, function: rvf_fmax_h) {
    Reference.extreme(.h, $0, $1, least: false, propagating: false)
  },
  .init(name: "fminm.h", format: .h, function: rvf_fminm_h) {
    Reference.extreme(.h, $0, $1, least: true, propagating: true)
  },
  .init(name: "fmaxm.h", format: .h, function: rvf_fmaxm_h) {
    Reference.extreme(.h, $0, $1, least: false, propagating: true)
  },
  .init(name: "fsgnj.h", format: .h, function: rvf_fsgnj_h) {
    Outcome(register: Format.h.box($0 & ~Format.h.sign | $1 & Format.h.sign))
  },
  .init(name: "fsgnjn.h", format: .h, function: rvf_fsgnjn_h) {
    Outcome(register: Format.h.box($0 & ~Format.h.sign | ~$1 & Format.h.sign))
  },
  .init(name: "fsgnjx.h", format: .h, function: rvf_fsgnjx_h) {
    Outcome(register: Format.h.box($0 & ~Format.h.sign | ($0 ^ $1) & Format.h.sign))
  },
  .init(name: "feq.s", format: .s, function: rvf_feq_s) { Reference.compare(.s, $0, $1, .eq) },
  .init(name: "flt.s", format: .s, function: rvf_flt_s) { Reference.compare(.s, $0, $1, .lt) },
  .init(name: "fle.s", format: .s, function: rvf_fle_s) { Reference.compare(.s, $0, $1, .le) },
  .init(name: "fltq.s", format: .s, function: rvf_fltq_s) { Reference.compare(.s, $0, $1, .ltq) },
  .init(name: "fleq.s", format: .s, function: rvf_fleq_s) { Reference.compare(.s, $0, $1, .leq) },
  .init(name: "fmin.s", format: .s, function: rvf_fmin_s) {
    Reference.extreme(.s, $0, $1, least: true, propagating: false)
  },
  .init(name: "fmax.s", format: .s, function: rvf_fmax_s) {
    Reference.extreme(.s, $0, $1, least: false, propagating: false)
  },
  .init(name: "fminm.s", format: .s, function: rvf_fminm_s) {
    Reference.extreme(.s, $0, $1, least: true, propagating: true)
  },
  .init(name: "fmaxm.s", format: .s, function: rvf_fmaxm_s) {
    Reference.extreme(.s, $0, $1, least: false, propagating: true)
  },
  .init(name: "fsgnj.s", format: .s, function: rvf_fsgnj_s) {
    Outcome(register: Format.s.box($0 & ~Format.s.sign | $1 & Format.s.sign))
  },
  .init(name: "fsgnjn.s", format: .s, function: rvf_fsgnjn_s) {
    Outcome(register: Format.s.box($0 & ~Format.s.sign | ~$1 & Format.s.sign))
  },
  .init(name: "fsgnjx.s", format: .s, function: rvf_fsgnjx_s) {
    Outcome(register: Format.s.box($0 & ~Format.s.sign | ($0 ^ $1) & Format.s.sign))
  },
  .init(name: "feq.d", format: .d, function: rvf_feq_d) { Reference.compare(.d, $0, $1, .eq) },
  .init(name: "flt.d", format: .d, function: rvf_flt_d) { Reference.compare(.d, $0, $1, .lt) },
  .init(name: "fle.d", format: .d, function: rvf_fle_d) { Reference.compare(.d, $0, $1, .le) },
  .init(name: "fltq.d", format: .d, function: rvf_fltq_d) { Reference.compare(.d, $0, $1, .ltq) },
  .init(name: "fleq.d", format: .d, function: rvf_fleq_d) { Reference.compare(.d, $0, $1, .leq) },
  .init(name: "fmin.d", format: .d, function: rvf_fmin_d) {
    Reference.extreme(.d, $0, $1, least: true, propagating: false)
  },
  .init(name: "fmax.d", format: .d, function: rvf_fmax_d) {
    Reference.extreme(.d, $0, $1, least: false, propagating: false)
  },
  .init(name: "fminm.d", format: .d, function: rvf_fminm_d) {
    Reference.extreme(.d, $0, $1, least: true, propagating: true)
  },
  .init(name: "fmaxm.d", format: .d, function: rvf_fmaxm_d) {
    Reference.extreme(.d, $0, $1, least: false, propagating: true)
  },
  .init(name: "fsgnj.d", format: .d, function: rvf_fsgnj_d) {
    Outcome(register: Format.d.box($0 & ~Format.d.sign | $1 & Format.d.sign))
  },
  .init(name: "fsgnjn.d", format: .d, function: rvf_fsgnjn_d) {
    Outcome(register: Format.d.box($0 & ~Format.d.sign | ~$1 & Format.d.sign))
  },
  .init(name: "fsgnjx.d", format: .d, function: rvf_fsgnjx_d) {
    Outcome(register: Format.d.box($0 & ~Format.d.sign | ($0 ^ $1) & Format.d.sign))
  },
]

let classifications: [(Format, Unary)] = [(.h, rvf_fclass_h), (.s, rvf_fclass_s), (.d, rvf_fclass_d)]
