// Operands worth trying: every class and its edges, and seeded random ones that seek ties, cancellation and the ends of the
// range.

/// SplitMix64: the same numbers on every host.
struct Random: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}

extension Format {
  /// ±1.fraction · 2^exponent as bits.
  func bits(exponent: Int, fraction bits: UInt64 = 0) -> UInt64 { UInt64(exponent + bias) << UInt64(fraction) | bits }

  /// All classes, both signs, as bits of the format.
  var classes: [UInt64] {
    let one = bits(exponent: 0)
    let ones = (UInt64(1) << UInt64(fraction)) - 1
    let positive: [UInt64] = [
      0, 1, 2, ones >> 1, ones,  // subnormal
      ones + 1, ones + 2, (ones + 1) << 1,  // smallest normal numbers
      bits(exponent: -fraction - 1), bits(exponent: -fraction - 1, fraction: 1), bits(exponent: -fraction),
      one >> 1, bits(exponent: -1), one - 1, one, one + 1, bits(exponent: 0, fraction: quietBit), bits(exponent: 1) - 1,
      bits(exponent: 1, fraction: quietBit), bits(exponent: fraction), bits(exponent: fraction + 1, fraction: 1),
      infinity - 1 - ones, infinity - 1, infinity,
      nan, nan | 1, infinity | 1, nan - 1,  // quiet, quiet with payload, two signalling
    ]
    return positive + positive.map { $0 | sign }
  }

  /// Fewer of them, for triples.
  var fewClasses: [UInt64] {
    let ones = (UInt64(1) << UInt64(fraction)) - 1
    return [
      0, sign, 1, ones + 1, bits(exponent: 0), bits(exponent: 0) | 1, bits(exponent: 0) | 1 | sign, bits(exponent: 1) - 1,
      sign | ones, infinity - 1, infinity, infinity | sign, nan, infinity | 1, bits(exponent: -bias / 2 - 1, fraction: quietBit),
    ]
  }

  /// Registers that are no proper box of the format.
  var improper: [UInt64] {
    width == 64 ? [] : [0, bits(exponent: 0), boxMask & (boxMask << 1) | bits(exponent: 0), boxMask & ~sign.byteSwapped >> 1 | 1]
  }

  /// Random bits: any pattern, few significant bits (exact results and ties), or near the ends of the range.
  func random(_ r: inout Random) -> UInt64 {
    let mask = sign | (sign - 1)
    let pattern = r.next() & mask
    let ones = (UInt64(1) << UInt64(fraction)) - 1
    switch r.below(8) {
    case 0: return pattern
    case 1: return pattern & ~(ones >> UInt64(r.below(fraction)))
    case 2: return pattern & ~ones | (ones &- UInt64(r.below(4))) & ones
    case 3: return classes[r.below(classes.count)]
    case 4: return pattern & (sign | ones) | UInt64(r.below(3)) << UInt64(fraction)
    default:  // within a few precisions of one, so that pairs meet
      let exponent = r.below(2 * min(bias, fraction + 3)) - min(bias, fraction + 3) + 1
      let significand = r.below(2) == 0 ? pattern & ones : pattern & ones & ~(ones >> UInt64(r.below(fraction)))
      return pattern & sign | bits(exponent: exponent, fraction: significand)
    }
  }

  /// A pair whose sum, product or quotient lies at or near a tie, at the smallest normal number, or at overflow.
  func randomPair(_ r: inout Random) -> (UInt64, UInt64) {
    let a = random(&r)
    let magnitude = a & ~sign
    guard magnitude < infinity, r.below(3) != 0 else { return (a, random(&r)) }
    let exponent = Int(max(magnitude >> UInt64(fraction), 1)) - bias
    let ones = (UInt64(1) << UInt64(fraction)) - 1
    let few = (r.next() & ones) & ~(ones >> UInt64(r.below(4)))
    let near = UInt64(r.below(3))
    let negative = r.below(2) == 0 ? sign : 0
    func clamped(_ e: Int) -> UInt64 {
      e < 1 - bias ? (1 << UInt64(fraction - 1)) | near : bits(exponent: min(e, bias), fraction: (few &+ near) & ones)
    }
    switch r.below(4) {
    case 0: return (a, negative | clamped(exponent - fraction - r.below(3)))  // about half a unit of a
    case 1: return (a, negative | clamped(1 - bias - exponent - r.below(3)))  // the product is about the smallest normal number
    case 2: return (a, negative | clamped(bias - exponent + r.below(3)))  // … or the largest
    default: return (a, a ^ sign ^ UInt64(r.below(4)))  // cancellation
    }
  }
}
