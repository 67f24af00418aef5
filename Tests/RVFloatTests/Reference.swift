// The reference: IEEE 754 by definition. Every finite value is an exact integer times a power of two, sums are formed on
// integers as wide as they need to be, and rounding looks for the two neighbours in the format and picks one. Slow, and shares
// no idea with the library: no sticky shifts, no host arithmetic.

struct Format: Sendable {
  let name: String
  let width: Int
  let fraction: Int
  let bias: Int

  static let h = Format(name: "h", width: 16, fraction: 10, bias: 15)
  static let bf16 = Format(name: "bf16", width: 16, fraction: 7, bias: 127)
  static let s = Format(name: "s", width: 32, fraction: 23, bias: 127)
  static let d = Format(name: "d", width: 64, fraction: 52, bias: 1023)

  var sign: UInt64 { 1 << (width - 1) }
  var infinity: UInt64 { ((sign - 1) >> fraction) << fraction }
  var quietBit: UInt64 { 1 << (fraction - 1) }
  var nan: UInt64 { infinity | quietBit }
  var boxMask: UInt64 { width == 64 ? 0 : ~0 << UInt64(width) }
  /// The exponent of the unit of subnormal numbers.
  var lowestUnit: Int { 1 - bias - fraction }

  func box(_ bits: UInt64) -> UInt64 { boxMask | bits }
  func unbox(_ register: UInt64) -> UInt64 { register & boxMask == boxMask ? register & ~boxMask : nan }
}

enum Rounding: UInt32, CaseIterable { case rne, rtz, rdn, rup, rmm }

struct Flags: OptionSet, CustomStringConvertible {
  let rawValue: UInt32
  static let nx = Flags(rawValue: 1), uf = Flags(rawValue: 2), of = Flags(rawValue: 4), dz = Flags(rawValue: 8)
  static let nv = Flags(rawValue: 16)
  var description: String {
    let names = [(Flags.nv, "NV"), (.dz, "DZ"), (.of, "OF"), (.uf, "UF"), (.nx, "NX")].filter { contains($0.0) }.map(\.1)
    return names.isEmpty ? "-" : names.joined(separator: "|")
  }
}

/// A register and the flags raised on the way to it.
struct Outcome: Equatable {
  var register: UInt64
  var flags: Flags = []
}

/// ±magnitude · 2^exponent and, if `more`, something beyond that (in magnitude) but less than one unit.
struct Exact {
  var negative: Bool
  var magnitude: UInt128
  var exponent: Int
  var more = false

  /// floor(log2) of the magnitude.
  var order: Int { exponent + 127 - magnitude.leadingZeroBitCount }
}

enum Value {
  case zero(negative: Bool)
  case finite(Exact)
  case infinite(negative: Bool)
  case nan(signalling: Bool)

  init(_ bits: UInt64, _ f: Format) {
    let negative = bits & f.sign != 0
    let magnitude = bits & ~f.sign
    if magnitude == 0 {
      self = .zero(negative: negative)
    } else if magnitude == f.infinity {
      self = .infinite(negative: negative)
    } else if magnitude > f.infinity {
      self = .nan(signalling: magnitude & f.quietBit == 0)
    } else {
      let biased = Int(magnitude >> UInt64(f.fraction))
      let fraction = magnitude & ((1 << UInt64(f.fraction)) - 1)
      let significand = biased == 0 ? fraction : fraction | 1 << UInt64(f.fraction)
      self = .finite(Exact(negative: negative, magnitude: UInt128(significand), exponent: f.lowestUnit + max(biased, 1) - 1))
    }
  }

  var isNaN: Bool { if case .nan = self { true } else { false } }
  var isSignalling: Bool { if case .nan(true) = self { true } else { false } }
  var isZero: Bool { if case .zero = self { true } else { false } }
  var isInfinite: Bool { if case .infinite = self { true } else { false } }
  var isNegative: Bool {
    switch self {
    case .zero(let negative), .infinite(let negative): negative
    case .finite(let exact): exact.negative
    case .nan: false
    }
  }
}

extension Exact {
  /// The magnitude as a multiple of 2^unit, rounded, and whether that changed it.
  func rounded(toUnit unit: Int, _ rounding: Rounding) -> (count: UInt128, inexact: Bool) {
    let shift = unit - exponent
    if shift <= 0 {
      precondition(!more && -shift <= magnitude.leadingZeroBitCount)
      return (magnitude << UInt128(-shift), false)
    }
    let below = shift >= 128 ? 0 : magnitude >> UInt128(shift)
    let rest = shift >= 128 ? magnitude : magnitude & ((1 << UInt128(shift)) - 1)
    let inexact = rest != 0 || more
    // -1, 0, 1: nearer to `below`, halfway, nearer to `below + 1`.
    let half: UInt128 = shift > 128 ? 0 : 1 << UInt128(shift - 1)
    let side = shift > 128 ? -1 : rest < half ? -1 : rest > half || more ? 1 : 0
    let up =
      switch rounding {
      case .rne: side > 0 || (side == 0 && below & 1 == 1)
      case .rmm: side >= 0
      case .rtz: false
      case .rdn: inexact && negative
      case .rup: inexact && !negative
      }
    return (up ? below + 1 : below, inexact)
  }

  /// The nearest neighbour in the format, and the flags.
  func encoded(_ f: Format, _ rounding: Rounding) -> Outcome {
    let precision = f.fraction + 1
    let sign = negative ? f.sign : 0
    let unit = max(order - precision + 1, f.lowestUnit)
    let (count, inexact) = rounded(toUnit: unit, rounding)
    let carried = count == 1 << UInt128(precision)
    if unit + precision - 1 + (carried ? 1 : 0) > f.bias {
      let toInfinity =
        switch rounding {
        case .rne, .rmm: true
        case .rtz: false
        case .rdn: negative
        case .rup: !negative
        }
      return Outcome(register: f.box(sign | (toInfinity ? f.infinity : f.infinity - 1)), flags: [.of, .nx])
    }
    // Tiny: below the smallest normal number when rounded as if there were no smallest exponent.
    let free = rounded(toUnit: order - precision + 1, rounding)
    let tiny = order + (free.count == 1 << UInt128(precision) ? 1 : 0) < 1 - f.bias
    let bits = UInt64(count) + UInt64(unit - f.lowestUnit) << UInt64(f.fraction)
    return Outcome(register: f.box(sign | bits), flags: inexact ? (tiny ? [.uf, .nx] : .nx) : [])
  }

  /// a + b on as many words as it takes; nil for zero.
  static func sum(_ a: Exact, _ b: Exact) -> Exact? {
    precondition(!a.more && !b.more)
    let lowest = min(a.exponent, b.exponent)
    let words = (max(a.order, b.order) - lowest) / 64 + 2
    func spread(_ x: Exact) -> [UInt64] {
      var result = [UInt64](repeating: 0, count: words)
      let shift = x.exponent - lowest
      let (at, by) = (shift / 64, UInt64(shift % 64))
      let parts = [UInt64(truncatingIfNeeded: x.magnitude), UInt64(truncatingIfNeeded: x.magnitude >> 64)]
      for (i, part) in parts.enumerated() where part != 0 {
        result[at + i] |= part << by
        if by != 0, part >> (64 - by) != 0 { result[at + i + 1] |= part >> (64 - by) }
      }
      return result
    }
    var (x, y) = (spread(a), spread(b))
    var negative = a.negative
    if a.negative == b.negative {
      var carry: UInt64 = 0
      for i in 0..<words {
        let (s, o1) = x[i].addingReportingOverflow(y[i])
        let (t, o2) = s.addingReportingOverflow(carry)
        x[i] = t
        carry = o1 || o2 ? 1 : 0
      }
    } else {
      let differing = (0..<words).last { x[$0] != y[$0] }
      guard let differing else { return nil }
      if x[differing] < y[differing] {
        swap(&x, &y)
        negative = b.negative
      }
      var borrow: UInt64 = 0
      for i in 0..<words {
        let (s, o1) = x[i].subtractingReportingOverflow(y[i])
        let (t, o2) = s.subtractingReportingOverflow(borrow)
        x[i] = t
        borrow = o1 || o2 ? 1 : 0
      }
    }
    // The two highest words that matter, and whether anything is left below them.
    let top = x.lastIndex { $0 != 0 }!
    if top < 2 { return Exact(negative: negative, magnitude: UInt128(x[1]) << 64 | UInt128(x[0]), exponent: lowest) }
    let magnitude = UInt128(x[top]) << 64 | UInt128(x[top - 1])
    // 65 bits or more are in the magnitude, more than any precision needs.
    return Exact(
      negative: negative, magnitude: magnitude, exponent: lowest + 64 * (top - 1), more: x[..<(top - 1)].contains { $0 != 0 })
  }
}

/// The operations on bits (not registers) of a format.
enum Reference {
  static func nan(_ f: Format, _ operands: [Value], invalid: Bool = false) -> Outcome {
    Outcome(register: f.box(f.nan), flags: invalid || operands.contains(where: \.isSignalling) ? .nv : [])
  }

  static func signed(_ f: Format, _ magnitude: UInt64, _ negative: Bool) -> Outcome {
    Outcome(register: f.box(negative ? magnitude | f.sign : magnitude))
  }

  static func add(_ f: Format, _ a: UInt64, _ b: UInt64, _ rounding: Rounding) -> Outcome {
    sum(f, Value(a, f), Value(b, f), rounding)
  }

  static func sub(_ f: Format, _ a: UInt64, _ b: UInt64, _ rounding: Rounding) -> Outcome { add(f, a, b ^ f.sign, rounding) }

  static func sum(_ f: Format, _ a: Value, _ b: Value, _ rounding: Rounding) -> Outcome {
    switch (a, b) {
    case (.nan, _), (_, .nan): return nan(f, [a, b])
    case (.infinite(let x), .infinite(let y)): return x == y ? signed(f, f.infinity, x) : nan(f, [], invalid: true)
    case (.infinite(let x), _), (_, .infinite(let x)): return signed(f, f.infinity, x)
    case (.zero(let x), .zero(let y)): return signed(f, 0, x == y ? x : rounding == .rdn)
    case (.zero, .finite(let x)), (.finite(let x), .zero): return x.encoded(f, rounding)
    case (.finite(let x), .finite(let y)):
      guard let exact = Exact.sum(x, y) else { return signed(f, 0, rounding == .rdn) }
      return exact.encoded(f, rounding)
    }
  }

  static func product(_ a: Value, _ b: Value) -> Value {
    let negative = a.isNegative != b.isNegative
    switch (a, b) {
    case (.finite(let x), .finite(let y)):
      return .finite(Exact(negative: negative, magnitude: x.magnitude * y.magnitude, exponent: x.exponent + y.exponent))
    case (.zero, _), (_, .zero): return .zero(negative: negative)
    default: return .infinite(negative: negative)
    }
  }

  static func mul(_ f: Format, _ a: UInt64, _ b: UInt64, _ rounding: Rounding) -> Outcome {
    let (x, y) = (Value(a, f), Value(b, f))
    if x.isNaN || y.isNaN { return nan(f, [x, y]) }
    if (x.isZero && y.isInfinite) || (x.isInfinite && y.isZero) { return nan(f, [], invalid: true) }
    switch product(x, y) {
    case .finite(let exact): return exact.encoded(f, rounding)
    case .zero(let negative): return signed(f, 0, negative)
    case .infinite(let negative): return signed(f, f.infinity, negative)
    case .nan: preconditionFailure()
    }
  }

  static func fma(_ f: Format, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ rounding: Rounding) -> Outcome {
    let (x, y, z) = (Value(a, f), Value(b, f), Value(c, f))
    let invalid = (x.isZero && y.isInfinite) || (x.isInfinite && y.isZero)
    if x.isNaN || y.isNaN || z.isNaN || invalid { return nan(f, [x, y, z], invalid: invalid) }
    return sum(f, product(x, y), z, rounding)
  }

  static func div(_ f: Format, _ a: UInt64, _ b: UInt64, _ rounding: Rounding) -> Outcome {
    let (x, y) = (Value(a, f), Value(b, f))
    let negative = x.isNegative != y.isNegative
    switch (x, y) {
    case (.nan, _), (_, .nan): return nan(f, [x, y])
    case (.zero, .zero), (.infinite, .infinite): return nan(f, [], invalid: true)
    case (.infinite, _): return signed(f, f.infinity, negative)
    case (.zero, _), (_, .infinite): return signed(f, 0, negative)
    case (_, .zero): return Outcome(register: signed(f, f.infinity, negative).register, flags: .dz)
    case (.finite(let p), .finite(let q)):
      let up = p.magnitude.leadingZeroBitCount - 1
      let (quotient, remainder) = (p.magnitude << UInt128(up)).quotientAndRemainder(dividingBy: q.magnitude)
      return Exact(
        negative: negative, magnitude: quotient, exponent: p.exponent - up - q.exponent, more: remainder != 0
      ).encoded(f, rounding)
    }
  }

  static func sqrt(_ f: Format, _ a: UInt64, _ rounding: Rounding) -> Outcome {
    let x = Value(a, f)
    switch x {
    case .nan: return nan(f, [x])
    case .zero(let negative): return signed(f, 0, negative)
    case .infinite(negative: false): return signed(f, f.infinity, false)
    case .infinite: return nan(f, [], invalid: true)
    case .finite(let p):
      if p.negative { return nan(f, [], invalid: true) }
      var up = p.magnitude.leadingZeroBitCount - 2
      if (p.exponent - up) % 2 != 0 { up -= 1 }
      let square = p.magnitude << UInt128(up)
      // Newton's iteration from above ends at the integer part of the root.
      var root: UInt128 = 1 << 64
      while true {
        let next = (root + square / root) >> 1
        if next >= root { break }
        root = next
      }
      return Exact(negative: false, magnitude: root, exponent: (p.exponent - up) / 2, more: root * root != square)
        .encoded(f, rounding)
    }
  }

  static func convert(_ from: Format, _ to: Format, _ a: UInt64, _ rounding: Rounding) -> Outcome {
    let x = Value(a, from)
    switch x {
    case .nan: return nan(to, [x])
    case .zero(let negative): return signed(to, 0, negative)
    case .infinite(let negative): return signed(to, to.infinity, negative)
    case .finite(let exact): return exact.encoded(to, rounding)
    }
  }

  static func fromInteger<I: FixedWidthInteger>(_ f: Format, _ x: I, _ rounding: Rounding) -> Outcome {
    if x == 0 { return signed(f, 0, false) }
    return Exact(negative: x < 0, magnitude: UInt128(x.magnitude), exponent: 0).encoded(f, rounding)
  }

  static func toInteger<I: FixedWidthInteger>(_ f: Format, _ a: UInt64, _ rounding: Rounding, _: I.Type) -> Outcome {
    func register(_ x: I) -> UInt64 {
      I.bitWidth == 32 ? UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: x))) : UInt64(truncatingIfNeeded: x)
    }
    let x = Value(a, f)
    switch x {
    case .nan, .infinite(negative: false): return Outcome(register: register(I.max), flags: .nv)
    case .infinite: return Outcome(register: register(I.min), flags: .nv)
    case .zero: return Outcome(register: 0)
    case .finite(let exact):
      if exact.order >= 64 { return Outcome(register: register(exact.negative ? I.min : I.max), flags: .nv) }
      let (count, inexact) = exact.rounded(toUnit: 0, rounding)
      let integer = exact.negative ? -Int128(count) : Int128(count)
      if integer < Int128(I.min) { return Outcome(register: register(I.min), flags: .nv) }
      if integer > Int128(I.max) { return Outcome(register: register(I.max), flags: .nv) }
      return Outcome(register: register(I(integer)), flags: inexact ? .nx : [])
    }
  }

  static func round(_ f: Format, _ a: UInt64, _ rounding: Rounding, raisingInexact: Bool) -> Outcome {
    let x = Value(a, f)
    switch x {
    case .nan: return nan(f, [x])
    case .zero, .infinite: return Outcome(register: f.box(a))
    case .finite(let exact):
      if exact.exponent >= 0 { return Outcome(register: f.box(a)) }
      let (count, inexact) = exact.rounded(toUnit: 0, rounding)
      let flags: Flags = inexact && raisingInexact ? .nx : []
      if count == 0 { return Outcome(register: signed(f, 0, exact.negative).register, flags: flags) }
      let whole = Exact(negative: exact.negative, magnitude: count, exponent: 0).encoded(f, rounding)
      precondition(whole.flags.isEmpty)
      return Outcome(register: whole.register, flags: flags)
    }
  }

  /// fcvtmod.w.d: towards zero, modulo 2^32.
  static func modular(_ a: UInt64) -> Outcome {
    var outcome = toInteger(.d, a, .rtz, Int32.self)
    guard case .finite(let exact) = Value(a, .d) else { return Outcome(register: 0, flags: outcome.flags) }
    var low: UInt64 = 0  // the 32 low bits of the integer part
    for bit in 0..<32 where bit - exact.exponent >= 0 && bit - exact.exponent < 128 {
      low |= UInt64(truncatingIfNeeded: exact.magnitude >> UInt128(bit - exact.exponent) & 1) << UInt64(bit)
    }
    outcome.register = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: exact.negative ? 0 &- low : low)))
    return outcome
  }

  /// -1, 0, 1 or nil when unordered.
  static func order(_ f: Format, _ a: UInt64, _ b: UInt64) -> Int? {
    func key(_ x: Value) -> (Int, UInt128)? {  // (sign · size class, aligned magnitude)
      switch x {
      case .nan: nil
      case .zero: (0, 0)
      case .infinite(let negative): (negative ? -100_000 : 100_000, 0)
      case .finite(let e): ((e.negative ? -1 : 1) * (e.order + 10_000), e.magnitude << UInt128(e.magnitude.leadingZeroBitCount))
      }
    }
    guard let x = key(Value(a, f)), let y = key(Value(b, f)) else { return nil }
    if x.0 != y.0 { return x.0 < y.0 ? -1 : 1 }
    if x.1 == y.1 { return 0 }
    return (x.1 < y.1) == (x.0 > 0) ? -1 : 1
  }

  enum Comparison { case eq, lt, le, ltq, leq }

  static func compare(_ f: Format, _ a: UInt64, _ b: UInt64, _ comparison: Comparison) -> Outcome {
    let signals = Value(a, f).isSignalling || Value(b, f).isSignalling
    guard let order = order(f, a, b) else {
      return Outcome(register: 0, flags: signals || comparison == .lt || comparison == .le ? .nv : [])
    }
    let holds =
      switch comparison {
      case .eq: order == 0
      case .lt, .ltq: order < 0
      case .le, .leq: order <= 0
      }
    return Outcome(register: holds ? 1 : 0)
  }

  static func extreme(_ f: Format, _ a: UInt64, _ b: UInt64, least: Bool, propagating: Bool) -> Outcome {
    let (x, y) = (Value(a, f), Value(b, f))
    let flags: Flags = x.isSignalling || y.isSignalling ? .nv : []
    if (x.isNaN && y.isNaN) || (propagating && (x.isNaN || y.isNaN)) { return Outcome(register: f.box(f.nan), flags: flags) }
    if x.isNaN { return Outcome(register: f.box(b), flags: flags) }
    if y.isNaN { return Outcome(register: f.box(a), flags: flags) }
    var order = order(f, a, b)!
    if order == 0 { order = x.isNegative == y.isNegative ? 0 : x.isNegative ? -1 : 1 }
    return Outcome(register: f.box((order <= 0) == least ? a : b))
  }

  static func classify(_ f: Format, _ a: UInt64) -> UInt64 {
    switch Value(a, f) {
    case .infinite(let negative): negative ? 1 << 0 : 1 << 7
    case .zero(let negative): negative ? 1 << 3 : 1 << 4
    case .nan(let signalling): signalling ? 1 << 8 : 1 << 9
    case .finite(let e) where e.order < 1 - f.bias: e.negative ? 1 << 2 : 1 << 5
    case .finite(let e): e.negative ? 1 << 1 : 1 << 6
    }
  }
}
