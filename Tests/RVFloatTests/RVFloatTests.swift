import RVFloat
import Testing

/// Release builds try more.
#if DEBUG
  let effort = 1
#else
  let effort = 8
#endif

/// Runs operations between `rvf_enter` and `rvf_leave` and collects what differs from the reference.
struct Trial {
  private(set) var failures = 0
  private(set) var count = 0

  /// One call in the given mode, flags taken before and after.
  func run(_ rounding: Rounding, _ body: () -> UInt64) -> Outcome {
    let saved = rvf_enter(rounding.rawValue)
    let register = body()
    let flags = Flags(rawValue: rvf_take_flags())
    rvf_leave(saved)
    return Outcome(register: register, flags: flags)
  }

  mutating func expect(_ outcome: Outcome, _ expected: Outcome, _ what: @autoclosure () -> String) {
    count += 1
    if outcome == expected { return }
    failures += 1
    if failures <= 10 {
      Issue.record("\(what()): \(describe(outcome)), expected \(describe(expected))")
    }
  }

  private func describe(_ o: Outcome) -> String { "\(hex(o.register)) \(o.flags)" }

  mutating func check(_ operation: UnaryOperation, _ a: UInt64, integer: Bool = false) {
    let bits = integer ? a : operation.from.unbox(a)
    for rounding in Rounding.allCases {
      let expected = operation.reference(bits, rounding)
      if rounding != .rmm {
        let outcome = run(rounding) { operation.current(a) }
        expect(outcome, expected, "\(operation.name) \(hex(a)) \(rounding)")
      }
      let outcome = run(rounding.other) { operation.inMode(a, rounding.rawValue) }
      expect(outcome, expected, "\(operation.name) \(hex(a)), rm \(rounding)")
    }
  }

  mutating func check(_ operation: BinaryOperation, _ a: UInt64, _ b: UInt64) {
    let (x, y) = (operation.format.unbox(a), operation.format.unbox(b))
    for rounding in Rounding.allCases {
      let expected = operation.reference(x, y, rounding)
      if rounding != .rmm {
        let outcome = run(rounding) { operation.current(a, b) }
        expect(outcome, expected, "\(operation.name) \(hex(a)) \(hex(b)) \(rounding)")
      }
      let outcome = run(rounding.other) { operation.inMode(a, b, rounding.rawValue) }
      expect(outcome, expected, "\(operation.name) \(hex(a)) \(hex(b)), rm \(rounding)")
    }
  }

  mutating func check(_ operation: TernaryOperation, _ a: UInt64, _ b: UInt64, _ c: UInt64) {
    let (x, y, z) = (operation.format.unbox(a), operation.format.unbox(b), operation.format.unbox(c))
    for rounding in Rounding.allCases {
      let expected = operation.reference(x, y, z, rounding)
      if rounding != .rmm {
        let outcome = run(rounding) { operation.current(a, b, c) }
        expect(outcome, expected, "\(operation.name) \(hex(a)) \(hex(b)) \(hex(c)) \(rounding)")
      }
      let outcome = run(rounding.other) { operation.inMode(a, b, c, rounding.rawValue) }
      expect(outcome, expected, "\(operation.name) \(hex(a)) \(hex(b)) \(hex(c)), rm \(rounding)")
    }
  }

  mutating func check(_ operation: ExactOperation, _ a: UInt64, _ b: UInt64) {
    let expected = operation.reference(operation.format.unbox(a), operation.format.unbox(b))
    let outcome = run(.rup) { operation.function(a, b) }
    expect(outcome, expected, "\(operation.name) \(hex(a)) \(hex(b))")
  }
}

extension Rounding {
  /// Another mode to be in while `_rm` is told to use this one.
  var other: Rounding { Rounding(rawValue: (rawValue + 1) % 4)! }
}

func hex(_ x: UInt64) -> String { "0x" + String(x, radix: 16) }

// Serialised, because one test takes the host's abilities away for a while: the others would then try the wrong path.
@Suite(.serialized) struct RVFloatTests {
  @Test(arguments: binaryOperations.indices) func `sums, differences, products, quotients`(_ index: Int) {
    let operation = binaryOperations[index]
    let f = operation.format
    var trial = Trial()
    let operands = f.classes.map(f.box) + f.improper
    for a in operands { for b in operands { trial.check(operation, a, b) } }
    var random = Random(state: UInt64(index))
    for _ in 0..<1_500 * effort {
      let (a, b) = f.randomPair(&random)
      trial.check(operation, f.box(a), f.box(b))
    }
    #expect(trial.failures == 0)
  }

  @Test(arguments: ternaryOperations.indices) func `fused multiply and add`(_ index: Int) {
    let operation = ternaryOperations[index]
    var trial = Trial()
    checkFused(operation, &trial, seed: UInt64(index) + 100, randoms: 1_500 * effort)
    #expect(trial.failures == 0)
  }

  /// All triples of few classes, and addends that bring the sum near ties, the smallest normal number, or cancel the product.
  func checkFused(_ operation: TernaryOperation, _ trial: inout Trial, seed: UInt64, randoms: Int) {
    let f = operation.format
    let operands = f.fewClasses.map(f.box) + f.improper.prefix(1)
    for a in operands { for b in operands { for c in operands { trial.check(operation, a, b, c) } } }
    var random = Random(state: seed)
    for _ in 0..<randoms {
      let (a, b) = f.randomPair(&random)
      var c = f.random(&random)
      let product = Reference.mul(f, a, b, .rtz).register & ~f.boxMask
      switch random.below(4) {
      case 0: c = product ^ f.sign ^ UInt64(random.below(3))
      case 1 where product & ~f.sign < f.infinity:
        // Some precisions above or below the product, with few bits: sums next to ties.
        let exponent = Int(product & ~f.sign) >> f.fraction + random.below(4 * f.fraction) - 2 * f.fraction
        c = c & f.sign | UInt64(min(max(exponent, 0), 2 * f.bias)) << UInt64(f.fraction) | (c & 3) << UInt64(f.fraction - 2)
      default: break
      }
      trial.check(operation, f.box(a), f.box(b), f.box(c))
    }
  }

  @Test(arguments: unaryOperations.indices) func `roots, rounding, conversions of floats`(_ index: Int) {
    let operation = unaryOperations[index]
    let f = operation.from
    var trial = Trial()
    if f.width == 16 {
      for a in stride(from: 0, to: UInt64(0x10000), by: effort == 1 ? 13 : 1) { trial.check(operation, f.box(a)) }
    }
    for a in f.classes { trial.check(operation, f.box(a)) }
    for a in f.improper { trial.check(operation, a) }
    var random = Random(state: UInt64(index) + 200)
    for _ in 0..<2_000 * effort { trial.check(operation, f.box(f.random(&random))) }
    // Around the ends of the integer types and of narrower formats, and at ties of integers and of the target.
    for exponent in max(-160, 1 - f.bias)...min(130, f.bias) where exponent < 20 || exponent > 29 || exponent & 1 == 0 {
      let ones = (UInt64(1) << UInt64(f.fraction)) - 1
      for cut in 0...f.fraction {
        let full = ones & ~(ones >> UInt64(cut))
        for fraction in [full, full ^ 1, full | ones >> UInt64(cut + 1), random.next() & full] where fraction <= ones {
          if effort == 1 && random.below(4) != 0 { continue }
          let a = f.bits(exponent: exponent, fraction: fraction)
          trial.check(operation, f.box(a))
          trial.check(operation, f.box(a | f.sign))
        }
      }
    }
    #expect(trial.failures == 0)
  }

  @Test(arguments: integerOperations.indices) func `conversions of integers`(_ index: Int) {
    let operation = integerOperations[index]
    var trial = Trial()
    var random = Random(state: UInt64(index) + 300)
    for high in 0..<64 {
      for low in 0...high {
        let base = UInt64(1) << UInt64(high)
        for x in [base, base | 1 << UInt64(low), base &- 1 << UInt64(low), base &- 1, base | random.next() & (base - 1)] {
          trial.check(operation, x, integer: true)
          if effort > 1 { trial.check(operation, 0 &- x, integer: true) }
        }
      }
    }
    trial.check(operation, 0, integer: true)
    #expect(trial.failures == 0)
  }

  @Test(arguments: exactOperations.indices) func `comparisons, extremes, signs`(_ index: Int) {
    let operation = exactOperations[index]
    let f = operation.format
    var trial = Trial()
    let operands = f.classes.map(f.box) + f.improper
    for a in operands { for b in operands { trial.check(operation, a, b) } }
    var random = Random(state: UInt64(index) + 400)
    for _ in 0..<2_000 * effort {
      let (a, b) = f.randomPair(&random)
      trial.check(operation, f.box(a), f.box(b))
    }
    #expect(trial.failures == 0)
  }

  @Test func `classes`() {
    var trial = Trial()
    for (f, function) in classifications {
      var random = Random(state: 500)
      let operands = f.classes.map(f.box) + f.improper + (0..<5_000).map { _ in f.box(f.random(&random)) }
      for a in operands {
        trial.expect(
          trial.run(.rne) { function(a) }, Outcome(register: Reference.classify(f, f.unbox(a))), "fclass.\(f.name) \(hex(a))")
      }
    }
    #expect(trial.failures == 0)
  }

  @Test func `modular conversion`() {
    var trial = Trial()
    var random = Random(state: 600)
    var operands = Format.d.classes
    for exponent in -3...90 { operands += (0..<20).map { _ in Format.d.bits(exponent: exponent, fraction: random.next() >> 12) } }
    operands += [
      0x41df_ffff_ffc0_0000, 0x41df_ffff_ffe0_0000, 0x41e0_0000_0000_0000, 0xc1e0_0000_0000_0000, 0xc1e0_0000_0020_0000,
      0xc1e0_0000_001f_ffff,
    ]
    for a in operands {
      for x in [a, a | Format.d.sign] {
        trial.expect(trial.run(.rup) { rvf_fcvtmod_w_d(x) }, Reference.modular(x), "fcvtmod.w.d \(hex(x))")
      }
    }
    #expect(trial.failures == 0)
  }

  /// The manual's table, as numbers.
  @Test func `constants`() {
    let values: [Double] = [
      -1, 0, 0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0.0625, 0.125, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875,
      1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, 16, 128, 256, 32768, 65536, .infinity, .nan,
    ]
    for (f, function) in [(Format.h, rvf_fli_h), (.s, rvf_fli_s), (.d, rvf_fli_d)] {
      for (index, value) in values.enumerated() {
        let expected = index == 1 ? f.box(1 << UInt64(f.fraction)) : Reference.convert(.d, f, value.bitPattern, .rne).register
        #expect(function(UInt32(index)) == expected, "fli.\(f.name) \(index)")
        #expect(function(UInt32(index) + 32) == expected)
      }
    }
  }

  /// What runs where the host has neither FMA nor F16C.
  @Test func `the same on a plain host`() {
    let usual = rvf_assume_plain_host(true)
    defer { _ = rvf_assume_plain_host(usual) }
    var trial = Trial()
    for (index, operation) in ternaryOperations.enumerated() {
      checkFused(operation, &trial, seed: UInt64(index) + 700, randoms: 200 * effort)
    }
    var random = Random(state: 800)
    for operation in binaryOperations where operation.format.name == "h" {
      for a in Format.h.classes { for b in Format.h.classes { trial.check(operation, Format.h.box(a), Format.h.box(b)) } }
      for _ in 0..<2_000 {
        let (a, b) = Format.h.randomPair(&random)
        trial.check(operation, Format.h.box(a), Format.h.box(b))
      }
    }
    for operation in unaryOperations where ["fsqrt.h", "fcvt.h.s"].contains(operation.name) {
      for _ in 0..<5_000 { trial.check(operation, operation.from.box(operation.from.random(&random))) }
    }
    #expect(trial.failures == 0)
  }
}
