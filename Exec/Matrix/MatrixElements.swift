import RVFloat

/// What is done to single elements of matrices, in both versions. Elements are words in the low bits, `width` bytes of which count.
enum MatrixElement {
  /// An integer operation; the second result says that the element was saturated.
  enum Integer {
    case add, subtract, multiply, multiplyHigh, max, min, maxUnsigned, minUnsigned, shiftRight, shiftLeft, shiftRightArithmetic
    /// Rounded, as a scaling shift of vectors. Version 0.3.
    case scale
    /// To a quarter of the width.
    case clip, clipUnsigned
  }

  static func integer(
    _ operation: Integer, _ a: UInt64, _ b: UInt64, width: Int, saturates: Bool, rounding: VectorRounding
  ) -> (UInt64, Bool) {
    width == 8
      ? integer(operation, a, b, saturates, rounding)
      : { (UInt64($0.0), $0.1) }(integer(operation, UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b), saturates, rounding))
  }

  @inline(__always)
  private static func integer<T: Lane>(_ operation: Integer, _ a: T, _ b: T, _ saturates: Bool, _ rounding: VectorRounding) -> (T, Bool) {
    let (x, y) = (a.signed, b.signed)
    let shift = b & T(truncatingIfNeeded: T.bitWidth - 1)
    switch operation {
    case .add: return saturates ? SaturatingAdd.lane(a, b, rounding) : (a &+ b, false)
    case .subtract: return saturates ? SaturatingSubtract.lane(a, b, rounding) : (a &- b, false)
    case .multiply: return (a &* b, false)
    case .multiplyHigh: return (T(x.multipliedFullWidth(by: y).high), false)
    case .max: return (x > y ? a : b, false)
    case .min: return (x < y ? a : b, false)
    case .maxUnsigned: return (a > b ? a : b, false)
    case .minUnsigned: return (a < b ? a : b, false)
    case .shiftRight: return (a &>> shift, false)
    case .shiftLeft: return (a &<< shift, false)
    case .shiftRightArithmetic: return (T(x &>> y), false)
    case .scale: return ScalingShiftArithmetic.lane(a, b, rounding)
    case .clip:
      let value = ScalingShiftArithmetic.lane(a, b, rounding).0.signed
      let largest = T.Signed.max &>> T.Signed(truncatingIfNeeded: T.bitWidth * 3 / 4)
      if value > largest { return (T(largest), true) }
      return value < ~largest ? (T(~largest), true) : (T(value), false)
    case .clipUnsigned:
      let value = ScalingShift.lane(a, b, rounding).0
      let largest = T.max &>> T(truncatingIfNeeded: T.bitWidth * 3 / 4)
      return value > largest ? (largest, true) : (value, false)
    }
  }

  // MARK: Floating point

  /// Between numbers as registers hold them.
  enum Float {
    case add, subtract, multiply, max, min

    /// Its result in a rounding mode, boxed operands and result.
    func result(_ a: UInt64, _ b: UInt64, width: Int, _ mode: UInt32) -> UInt64 {
      let index = width.trailingZeroBitCount
      let operation: FloatOperation2 =
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .max: .max
        case .min: .min
        }
      return operation.explicit.map { $0[index](a, b, mode) } ?? operation.host[index](a, b)
    }

    var rounds: Bool {
      switch self {
      case .add, .subtract, .multiply: true
      case .max, .min: false
      }
    }
  }

  /// An element as a register holds it.
  @inline(__always)
  static func boxed(_ bits: UInt64, width: Int) -> UInt64 { width == 8 ? bits : bits | ~0 << UInt64(8 * width) }

  /// Formats that elements are converted between.
  enum Format {
    case e4m3, e5m2, half, bfloat, single, tf32, double
    case int8, uint8, int32, uint32
    case int4, uint4

    var bits: Int {
      switch self {
      case .int4, .uint4: 4
      case .e4m3, .e5m2, .int8, .uint8: 8
      case .half, .bfloat: 16
      case .single, .tf32, .int32, .uint32: 32
      case .double: 64
      }
    }
  }

  /// One element from a format to another; only pairs that instructions have. Flags go to the host's.
  static func convert(_ bits: UInt64, _ from: Format, _ to: Format, _ mode: UInt32, saturates: Bool) -> UInt64 {
    switch (from, to) {
    case (.e4m3, .half): return rvf_fcvt_h_s_rm(boxed(UInt64(rvf_fcvt_s_e4m3(UInt8(bits))), width: 4), 0)
    case (.e5m2, .half): return rvf_fcvt_h_s_rm(boxed(UInt64(rvf_fcvt_s_e5m2(UInt8(bits))), width: 4), 0)
    case (.half, .e4m3), (.half, .e5m2):
      let single = UInt32(truncatingIfNeeded: rvf_fcvt_s_h_rm(boxed(bits, width: 2), 0))
      return convert(UInt64(single), .single, to, mode, saturates: saturates)
    case (.single, .e4m3): return UInt64(rvf_fcvt_e4m3_s(UInt32(bits), saturates, mode))
    case (.single, .e5m2): return UInt64(rvf_fcvt_e5m2_s(UInt32(bits), saturates, mode))
    case (.half, .single): return rvf_fcvt_s_h_rm(boxed(bits, width: 2), mode)
    case (.bfloat, .single): return rvf_fcvt_s_bf16_rm(boxed(bits, width: 2), mode)
    case (.single, .half): return rvf_fcvt_h_s_rm(boxed(bits, width: 4), mode)
    case (.single, .bfloat): return rvf_fcvt_bf16_s_rm(boxed(bits, width: 4), mode)
    case (.single, .double): return rvf_fcvt_d_s_rm(boxed(bits, width: 4), mode)
    case (.double, .single): return rvf_fcvt_s_d_rm(bits, mode)
    // Truncated to 10 bits behind the point. NaNs are as those of other conversions: widening one says whether it signals.
    case (.single, .tf32), (.tf32, .single):
      guard bits & 0x7fff_ffff > 0x7f80_0000 else { return bits & ~0x1fff }
      _ = rvf_fcvt_d_s(boxed(bits, width: 4))
      return 0x7fc0_0000
    case (.int8, .half): return rvf_fcvt_h_w_rm(bits.signExtended(width: 1), mode)
    case (.uint8, .half): return rvf_fcvt_h_wu_rm(bits, mode)
    case (.int32, .single): return rvf_fcvt_s_w_rm(bits, mode)
    case (.uint32, .single): return rvf_fcvt_s_wu_rm(bits, mode)
    case (.single, .int32): return rvf_fcvt_w_s_rm(boxed(bits, width: 4), mode)
    case (.single, .uint32): return rvf_fcvt_wu_s_rm(boxed(bits, width: 4), mode)
    case (.half, .int8): return rvf_fcvt_i8_h_rm(boxed(bits, width: 2), mode)
    case (.half, .uint8): return rvf_fcvt_u8_h_rm(boxed(bits, width: 2), mode)
    case (.int4, _): return (bits ^ 8) &- 8
    case (.uint4, _): return bits
    default: return bits
    }
  }
}
