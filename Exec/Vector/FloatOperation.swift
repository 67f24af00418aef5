import RVFloat

typealias Float1 = @convention(c) @Sendable (UInt64) -> UInt64
typealias Float2 = @convention(c) @Sendable (UInt64, UInt64) -> UInt64
typealias Float3 = @convention(c) @Sendable (UInt64, UInt64, UInt64) -> UInt64
typealias Float1RM = @convention(c) @Sendable (UInt64, UInt32) -> UInt64
typealias Float2RM = @convention(c) @Sendable (UInt64, UInt64, UInt32) -> UInt64
typealias Float3RM = @convention(c) @Sendable (UInt64, UInt64, UInt64, UInt32) -> UInt64
/// Results, three sources (the third of no meaning for operations with two), count, whether the second source is one element for all.
typealias VectorBlock = @convention(c) @Sendable (
  UnsafeMutableRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?, Int, Bool
) -> Void
typealias FloatBlock1 = @convention(c) @Sendable (UnsafeMutableRawPointer?, UnsafeRawPointer?, Int) -> Void

/// An operation by formats: half, single, double, as index 1, 2, 3 (log2 of bytes).
struct ByFormat<Function: Sendable>: Sendable {
  let half, single, double: Function

  init(_ half: Function, _ single: Function, _ double: Function) {
    self.half = half
    self.single = single
    self.double = double
  }

  @inline(__always)
  subscript(width: Int) -> Function { width == 1 ? half : width == 2 ? single : double }
}

/// An operation with two sources: in the host's mode, in a given mode (which only RMM needs), and for whole vectors.
struct FloatOperation2: Sendable {
  let host: ByFormat<Float2>
  var explicit: ByFormat<Float2RM>?
  let blocks: ByFormat<VectorBlock>

  static let add = FloatOperation2(
    host: .init(rvf_fadd_h, rvf_fadd_s, rvf_fadd_d), explicit: .init(rvf_fadd_h_rm, rvf_fadd_s_rm, rvf_fadd_d_rm),
    blocks: .init(rvf_vector_add_h, rvf_vector_add_s, rvf_vector_add_d))
  static let subtract = FloatOperation2(
    host: .init(rvf_fsub_h, rvf_fsub_s, rvf_fsub_d), explicit: .init(rvf_fsub_h_rm, rvf_fsub_s_rm, rvf_fsub_d_rm),
    blocks: .init(rvf_vector_sub_h, rvf_vector_sub_s, rvf_vector_sub_d))
  static let multiply = FloatOperation2(
    host: .init(rvf_fmul_h, rvf_fmul_s, rvf_fmul_d), explicit: .init(rvf_fmul_h_rm, rvf_fmul_s_rm, rvf_fmul_d_rm),
    blocks: .init(rvf_vector_mul_h, rvf_vector_mul_s, rvf_vector_mul_d))
  static let divide = FloatOperation2(
    host: .init(rvf_fdiv_h, rvf_fdiv_s, rvf_fdiv_d), explicit: .init(rvf_fdiv_h_rm, rvf_fdiv_s_rm, rvf_fdiv_d_rm),
    blocks: .init(rvf_vector_div_h, rvf_vector_div_s, rvf_vector_div_d))
  static let min = FloatOperation2(
    host: .init(rvf_fmin_h, rvf_fmin_s, rvf_fmin_d), blocks: .init(rvf_vector_min_h, rvf_vector_min_s, rvf_vector_min_d))
  static let max = FloatOperation2(
    host: .init(rvf_fmax_h, rvf_fmax_s, rvf_fmax_d), blocks: .init(rvf_vector_max_h, rvf_vector_max_s, rvf_vector_max_d))
  static let sign = FloatOperation2(
    host: .init(rvf_fsgnj_h, rvf_fsgnj_s, rvf_fsgnj_d), blocks: .init(rvf_vector_sgnj_h, rvf_vector_sgnj_s, rvf_vector_sgnj_d))
  static let oppositeSign = FloatOperation2(
    host: .init(rvf_fsgnjn_h, rvf_fsgnjn_s, rvf_fsgnjn_d), blocks: .init(rvf_vector_sgnjn_h, rvf_vector_sgnjn_s, rvf_vector_sgnjn_d))
  static let signProduct = FloatOperation2(
    host: .init(rvf_fsgnjx_h, rvf_fsgnjx_s, rvf_fsgnjx_d), blocks: .init(rvf_vector_sgnjx_h, rvf_vector_sgnjx_s, rvf_vector_sgnjx_d))
  static let equal = FloatOperation2(
    host: .init(rvf_feq_h, rvf_feq_s, rvf_feq_d), blocks: .init(rvf_vector_eq_h, rvf_vector_eq_s, rvf_vector_eq_d))
  static let less = FloatOperation2(
    host: .init(rvf_flt_h, rvf_flt_s, rvf_flt_d), blocks: .init(rvf_vector_lt_h, rvf_vector_lt_s, rvf_vector_lt_d))
  static let lessEqual = FloatOperation2(
    host: .init(rvf_fle_h, rvf_fle_s, rvf_fle_d), blocks: .init(rvf_vector_le_h, rvf_vector_le_s, rvf_vector_le_d))
}

/// ±(a · b) ± c
struct FloatOperation3: Sendable {
  let explicit: ByFormat<Float3RM>
  let blocks: ByFormat<VectorBlock>

  static let multiplyAdd = FloatOperation3(
    explicit: .init(rvf_fmadd_h_rm, rvf_fmadd_s_rm, rvf_fmadd_d_rm),
    blocks: .init(rvf_vector_madd_h, rvf_vector_madd_s, rvf_vector_madd_d))
  static let multiplySubtract = FloatOperation3(
    explicit: .init(rvf_fmsub_h_rm, rvf_fmsub_s_rm, rvf_fmsub_d_rm),
    blocks: .init(rvf_vector_msub_h, rvf_vector_msub_s, rvf_vector_msub_d))
  static let negatedMultiplyAdd = FloatOperation3(
    explicit: .init(rvf_fnmsub_h_rm, rvf_fnmsub_s_rm, rvf_fnmsub_d_rm),
    blocks: .init(rvf_vector_nmsub_h, rvf_vector_nmsub_s, rvf_vector_nmsub_d))
  static let negatedMultiplySubtract = FloatOperation3(
    explicit: .init(rvf_fnmadd_h_rm, rvf_fnmadd_s_rm, rvf_fnmadd_d_rm),
    blocks: .init(rvf_vector_nmadd_h, rvf_vector_nmadd_s, rvf_vector_nmadd_d))
}

/// One element of one width from one of another: conversions, roots, classes. Where `explicit` is missing the result does not depend
/// on a mode.
struct FloatOperation1: Sendable {
  let host: Float1
  let explicit: Float1RM?
  /// The same as `host` for whole vectors.
  let block: FloatBlock1?

  init(_ host: Float1, _ explicit: Float1RM?, block: FloatBlock1? = nil) {
    self.host = host
    self.explicit = explicit
    self.block = block
  }
}
