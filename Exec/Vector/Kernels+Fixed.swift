// Fixed-point arithmetic. "V", chapter 12.

extension VectorRounding {
  /// What is added to `value >> shift` (logical or arithmetic, the bits shifted out are the same): 0 or 1. "V", section 3.8.
  @inline(__always)
  func increment<T: Lane>(_ value: T, _ shift: T) -> T {
    if shift == 0 { return 0 }
    let half = value &>> (shift &- 1) & 1
    switch self {
    case .nearestUp: return half
    case .nearestEven:
      let below = value & ((1 as T) &<< (shift &- 1) &- 1)
      return half & (below != 0 ? 1 : value &>> shift & 1)
    case .down: return 0
    case .odd:
      let lost = value & ((1 as T) &<< shift &- 1)
      return value &>> shift & 1 == 0 && lost != 0 ? 1 : 0
    }
  }
}

enum SaturatingAdd: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (sum, overflows) = a.signed.addingReportingOverflow(b.signed)
    return overflows ? (T(a.signed < 0 ? .min : .max), true) : (T(sum), false)
  }
}
enum SaturatingAddUnsigned: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? (.max, true) : (sum, false)
  }
}
enum SaturatingSubtract: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (difference, overflows) = a.signed.subtractingReportingOverflow(b.signed)
    return overflows ? (T(a.signed < 0 ? .min : .max), true) : (T(difference), false)
  }
}
enum SaturatingSubtractUnsigned: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    a < b ? (0, true) : (a &- b, false)
  }
}

/// Half of a sum or difference whose bit SEW is `top`, rounded.
@inline(__always)
private func half<T: Lane>(_ low: T, _ top: Bool, _ rounding: VectorRounding) -> (T, Bool) {
  let highest = (1 as T) &<< T(truncatingIfNeeded: T.bitWidth - 1)
  return ((low &>> 1 | (top ? highest : 0)) &+ rounding.increment(low, 1), false)
}

enum AverageAdd: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (sum, overflows) = a.signed.addingReportingOverflow(b.signed)
    return half(T(sum), (sum < 0) != overflows, rounding)
  }
}
enum AverageAddUnsigned: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (sum, carry) = a.addingReportingOverflow(b)
    return half(sum, carry, rounding)
  }
}
enum AverageSubtract: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (difference, overflows) = a.signed.subtractingReportingOverflow(b.signed)
    return half(T(difference), (difference < 0) != overflows, rounding)
  }
}
enum AverageSubtractUnsigned: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let (difference, borrow) = a.subtractingReportingOverflow(b)
    return half(difference, borrow, rounding)
  }
}

/// vsmul: the product without its second sign bit, rounded; -1 times -1 saturates.
enum FractionalMultiply: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    if a.signed == .min, b.signed == .min { return (T(T.Signed.max), true) }
    let (high, low) = a.signed.multipliedFullWidth(by: b.signed)
    let bits = T(truncatingIfNeeded: low)
    let top = T(truncatingIfNeeded: T.bitWidth - 1)
    return ((T(high) &<< 1 | bits &>> top) &+ rounding.increment(bits, top), false)
  }
}

enum ScalingShift: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let shift = b & T(truncatingIfNeeded: T.bitWidth - 1)
    return (a &>> shift &+ rounding.increment(a, shift), false)
  }
}
enum ScalingShiftArithmetic: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let shift = b & T(truncatingIfNeeded: T.bitWidth - 1)
    return (T(a.signed &>> T.Signed(truncatingIfNeeded: shift)) &+ rounding.increment(a, shift), false)
  }
}

/// Narrowing clips work on elements of 2 · SEW bits, of which the result fits into SEW.
enum Clip: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let value = ScalingShiftArithmetic.lane(a, b, rounding).0.signed
    let largest = T.Signed.max &>> T.Signed(truncatingIfNeeded: T.bitWidth / 2)
    if value > largest { return (T(largest), true) }
    return value < ~largest ? (T(~largest), true) : (T(value), false)
  }
}
enum ClipUnsigned: FixedKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool) {
    let value = ScalingShift.lane(a, b, rounding).0
    let largest = T.max &>> T(truncatingIfNeeded: T.bitWidth / 2)
    return value > largest ? (largest, true) : (value, false)
  }
}
