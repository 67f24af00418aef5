/// A binary floating-point format by its numbers of bits.
struct FloatFormat: Sendable, Hashable {
  var exponent: Int
  var fraction: Int
  var width: Int { 1 + exponent + fraction }

  static let half = FloatFormat(exponent: 5, fraction: 10)
  static let bfloat = FloatFormat(exponent: 8, fraction: 7)
  static let single = FloatFormat(exponent: 8, fraction: 23)
  static let double = FloatFormat(exponent: 11, fraction: 52)

  var bias: Int { (1 << (exponent - 1)) - 1 }
  var maxExponent: UInt64 { (1 << UInt64(exponent)) - 1 }
  var fractionMask: UInt64 { (1 << UInt64(fraction)) - 1 }
  var sign: UInt64 { 1 << UInt64(width - 1) }
  var quiet: UInt64 { 1 << UInt64(fraction - 1) }
  var infinity: UInt64 { maxExponent << UInt64(fraction) }

  /// The value's bits in an f register: boxed.
  func boxed(_ bits: UInt64) -> UInt64 { width == 64 ? bits : bits | ~0 << UInt64(width) }
  func isBoxed(_ register: UInt64) -> Bool { width == 64 || register >> UInt64(width) == ~0 >> UInt64(width) }

  init(exponent: Int, fraction: Int) {
    self.exponent = exponent
    self.fraction = fraction
  }

  /// By the letters of mnemonics.
  init?(suffix: some StringProtocol) {
    switch suffix {
    case "h": self = .half
    case "s", "w": self = .single
    case "d": self = .double
    case "bf16": self = .bfloat
    default: return nil
    }
  }

  /// Bits of ±significand · 2^scale for a finite number: the significand is not 0 for others than subnormals.
  func parts(_ bits: UInt64) -> (negative: Bool, significand: UInt64, scale: Int) {
    let e = Int(bits >> UInt64(fraction) & maxExponent)
    let f = bits & fractionMask
    let scale = max(e, 1) - bias - fraction
    return (bits & sign != 0, e == 0 ? f : f | 1 << UInt64(fraction), scale)
  }
}

/// Classes of operands whose combinations are to be seen.
enum FloatClass: Int, CaseIterable, Sendable {
  case positiveZero, negativeZero, subnormal, normal, infinity, quietNaN, signalingNaN
  /// A narrow value that is not boxed.
  case unboxed

  static func count(_ format: FloatFormat) -> Int { format.width == 64 ? 7 : 8 }

  var name: String { ["+0", "-0", "subnormal", "normal", "inf", "qNaN", "sNaN", "unboxed"][rawValue] }

  init(register: UInt64, _ format: FloatFormat) {
    guard format.isBoxed(register) else {
      self = .unboxed
      return
    }
    let bits = format.width == 64 ? register : register & ((1 << UInt64(format.width)) - 1)
    let e = bits >> UInt64(format.fraction) & format.maxExponent
    let f = bits & format.fractionMask
    switch (e, f) {
    case (0, 0): self = bits & format.sign == 0 ? .positiveZero : .negativeZero
    case (0, _): self = .subnormal
    case (format.maxExponent, 0): self = .infinity
    case (format.maxExponent, _): self = f & format.quiet != 0 ? .quietNaN : .signalingNaN
    default: self = .normal
    }
  }
}
