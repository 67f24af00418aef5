/// Operands of floating-point instructions.
struct FloatValues {
  /// A register's bits of a class.
  static func value(_ kind: FloatClass, _ format: FloatFormat, _ random: inout Random) -> UInt64 {
    let sign = random.chance(50) ? format.sign : 0
    let noise = random.next() & format.fractionMask
    let sparse = random.pick([0, 1, format.fractionMask, format.quiet, 1 << UInt64(random.below(format.fraction))])
    let fraction = random.chance(50) ? noise : sparse
    let one = UInt64(format.bias) << UInt64(format.fraction)
    switch kind {
    case .positiveZero: return format.boxed(0)
    case .negativeZero: return format.boxed(format.sign)
    case .subnormal: return format.boxed(sign | max(1, fraction))
    case .infinity: return format.boxed(sign | format.infinity)
    case .quietNaN:
      return format.boxed(random.chance(40) ? format.infinity | format.quiet : sign | format.infinity | format.quiet | fraction)
    case .signalingNaN: return format.boxed(sign | format.infinity | max(1, fraction & ~format.quiet))
    case .normal:
      let bias = format.bias
      let exponent: Int
      switch random.below(8) {
      case 0: exponent = 1 + random.below(3)
      case 1: exponent = Int(format.maxExponent) - 1 - random.below(3)
      case 2: exponent = bias + random.below(min(70, bias))
      case 3: exponent = bias + random.pick([-1, 0, 1])
      case 4: exponent = bias / 2 + random.below(5) - 2
      case 5: exponent = bias + bias / 2 + random.below(5) - 2
      case 6: exponent = bias - random.below(min(format.fraction + 3, bias))
      default: exponent = 1 + random.below(Int(format.maxExponent) - 1)
      }
      return format.boxed(sign | UInt64(max(1, exponent)) << UInt64(format.fraction) | fraction)
    case .unboxed:
      let bits = random.pick([one, random.next() & (format.sign << 1 &- 1), sign | format.infinity])
      let upper = random.pick([0, random.next(), ~0 << UInt64(format.width + 1)])
      let result = upper << UInt64(format.width == 32 ? 32 : 0) & ~(format.sign << 1 &- 1) | bits
      return format.isBoxed(result) ? bits : result
    }
  }

  /// A number half-way between two integers, or between two numbers of a narrower format.
  static func tie(_ format: FloatFormat, to narrow: FloatFormat?, _ random: inout Random) -> UInt64 {
    let sign = random.chance(50) ? format.sign : 0
    if let narrow, narrow.fraction < format.fraction {
      let bit = UInt64(format.fraction - narrow.fraction - 1)
      let low = max(1, narrow.bias > 400 ? 1 : format.bias - narrow.bias + 1)
      let high = min(Int(format.maxExponent) - 1, format.bias + narrow.bias)
      let exponent = low + random.below(max(1, high - low))
      let fraction = random.next() & format.fractionMask & ~((2 << bit) - 1) | 1 << bit
      return format.boxed(sign | UInt64(exponent) << UInt64(format.fraction) | fraction)
    }
    // n + 1/2 with n below 2^digits.
    let digits = random.below(format.fraction)
    let n = (1 << UInt64(digits)) - 1 & random.next()
    return integer(2 * n + 1, scale: -1, format) | (sign == 0 ? 0 : format.sign)
  }

  /// significand · 2^scale, which must fit.
  static func integer(_ significand: UInt64, scale: Int, _ format: FloatFormat) -> UInt64 {
    guard significand != 0 else { return format.boxed(0) }
    let top = 63 - significand.leadingZeroBitCount
    let exponent = top + scale + format.bias
    guard exponent > 0, exponent < Int(format.maxExponent), top <= format.fraction else { return format.boxed(0) }
    let fraction = significand << UInt64(format.fraction - top) & format.fractionMask
    return format.boxed(UInt64(exponent) << UInt64(format.fraction) | fraction)
  }

  /// Two operands whose sum (or product) lies exactly between two numbers.
  static func tiePair(product: Bool, _ format: FloatFormat, _ random: inout Random) -> (UInt64, UInt64) {
    let p = format.fraction
    let signs = (random.chance(50) ? format.sign : 0, random.chance(50) ? format.sign : 0)
    var pair: (UInt64, UInt64)
    if product {
      // Odd significands of k and p + 2 - k bits, both with a high leading part: a product of p + 2 bits.
      let k = 3 + random.below(p - 3)
      let a = 1 | 3 << UInt64(k - 2) | random.next() & ((1 << UInt64(k)) - 1)
      let m = p + 2 - k
      let b = 1 | 3 << UInt64(m - 2) | random.next() & ((1 << UInt64(m)) - 1)
      pair = (integer(a, scale: -(k - 1), format), integer(b, scale: -(m - 1), format))
    } else {
      let a = 1 << UInt64(p) | random.next() & format.fractionMask
      pair = (integer(a, scale: -p, format), integer(1 | (random.next() & 3) << 1, scale: -p - 1, format))
    }
    return (pair.0 ^ signs.0, pair.1 ^ signs.1)
  }

  /// Operands of a sum (or fused sum) whose terms cancel.
  static func cancelling(fused: Bool, subtracts: Bool, _ format: FloatFormat, _ random: inout Random) -> [UInt64] {
    let exponent = UInt64(format.bias - 2 + random.below(5)) << UInt64(format.fraction)
    let a = exponent | random.next() & format.fractionMask | (random.chance(50) ? format.sign : 0)
    let opposite = subtracts ? a : a ^ format.sign
    guard fused else { return [format.boxed(a), format.boxed(opposite)] }
    // a times a power of two.
    let power = random.below(5) - 2
    let b = UInt64(format.bias + power) << UInt64(format.fraction)
    let shift = UInt64(bitPattern: Int64(power)) << UInt64(format.fraction)
    let c = opposite & (format.sign | format.fractionMask) | (exponent &+ shift)
    return [format.boxed(a), format.boxed(b), format.boxed(c)]
  }

  /// Whether the exact significand `value` lies half-way between two numbers of `format`.
  static func isTie(_ value: UInt128, _ format: FloatFormat) -> Bool {
    guard value != 0 else { return false }
    return 128 - value.leadingZeroBitCount - value.trailingZeroBitCount == format.fraction + 2
  }

  /// Whether a·b + c (a + b when `product` is false) is an exact tie; `false` when the exponents lie too far apart to say.
  static func isTie(product: Bool, _ a: UInt64, _ b: UInt64, _ c: UInt64?, _ format: FloatFormat) -> Bool {
    let (x, y) = (format.parts(a), format.parts(b))
    var value: UInt128
    var scale: Int
    var negative: Bool
    if product {
      value = UInt128(x.significand) * UInt128(y.significand)
      scale = x.scale + y.scale
      negative = x.negative != y.negative
    } else {
      value = UInt128(x.significand)
      scale = x.scale
      negative = x.negative
    }
    if let addend = product ? c.map({ format.parts($0) }) : y, addend.significand != 0 {
      var other = UInt128(addend.significand)
      let shift = scale - addend.scale
      let room = shift > 0 ? value.leadingZeroBitCount : other.leadingZeroBitCount
      guard shift.magnitude < room - 1 else { return false }
      if shift > 0 { value <<= UInt128(shift) } else { other <<= UInt128(-shift) }
      scale = min(scale, addend.scale)
      if negative == addend.negative { value += other } else { value = value > other ? value - other : other - value }
    }
    let size = 128 - value.leadingZeroBitCount
    let top = size + scale + format.bias - 1
    return isTie(value, format) && top > 0 && top < Int(format.maxExponent)
  }
}
