/// Integer arithmetic: "V", sections 11.1 to 11.16.
extension ModelCase {
  typealias Function = @Sendable (_ a: UInt64, _ b: UInt64, _ bits: Int) -> UInt64

  /// The forms of an instruction whose second operand is a vector, x register or immediate.
  static func forms(
    _ name: String, _ forms: String, _ wanted: ModelCase, suffix: String = "v",
    _ body: @escaping @Sendable (inout VectorModel, ModelOperands, _ b: (VectorModel, Int) -> UInt64) -> Void
  ) -> [ModelCase] {
    forms.map { form in
      var one = wanted
      one.mnemonic = "\(name).\(suffix)\(form)" + (wanted.readsCarry ? "m" : "")
      switch form {
      case "v": (one.second, one.vs1) = (.vector, wanted.vs1 == .none ? .group(0) : wanted.vs1)
      case "x": (one.second, one.vs1) = (.x, .none)
      case "u": (one.mnemonic, one.second, one.vs1) = ("\(name).\(suffix)i" + (wanted.readsCarry ? "m" : ""), .unsigned, .none)
      default: (one.second, one.vs1) = (.signed, .none)
      }
      let second = one.second
      one.run = { model, o in
        body(&model, o) { model, index in
          switch second {
          case .vector: model[o.vs1, index, model.sew]
          case .x: o.x & Bits.mask(model.bits)
          default: Bits.unsigned(Int64(o.imm), model.bits)
          }
        }
      }
      return one
    }
  }

  private static func binary(_ name: String, _ forms: String, _ function: @escaping Function) -> [ModelCase] {
    self.forms(name, forms, ModelCase(mnemonic: "", run: { _, _ in })) { model, o, b in
      let before = model
      model.group(o, width: model.sew) { function(before[o.vs2, $0, before.sew], b(before, $0), before.bits) }
    }
  }

  private static func fused(_ name: String, _ function: @escaping @Sendable (_ a: UInt64, _ b: UInt64, _ d: UInt64) -> UInt64)
    -> [ModelCase]
  {
    self.forms(name, "vx", ModelCase(mnemonic: "", run: { _, _ in })) { model, o, b in
      let before = model
      model.group(o, width: model.sew) {
        function(before[o.vs2, $0, before.sew], b(before, $0), before[o.vd, $0, before.sew])
      }
    }
  }

  /// All bits of a product.
  static func product(_ a: Int64, _ b: Int64) -> (high: Int64, low: UInt64) { a.multipliedFullWidth(by: b) }

  private static func high(_ a: UInt64, _ b: UInt64, _ bits: Int, _ aSigned: Bool, _ bSigned: Bool) -> UInt64 {
    let x = aSigned ? Int128(Bits.signed(a, bits)) : Int128(a)
    let y = bSigned ? Int128(Bits.signed(b, bits)) : Int128(b)
    // Below 2^127, but for the product of two unsigned doubles.
    if bits == 64, !aSigned, !bSigned { return a.multipliedFullWidth(by: b).high }
    return UInt64(truncatingIfNeeded: (x * y) >> Int128(bits))
  }

  static let integers: [ModelCase] =
    binary("vadd", "vxi") { a, b, _ in a &+ b } + binary("vsub", "vx") { a, b, _ in a &- b }
    + binary("vrsub", "xi") { a, b, _ in b &- a } + binary("vand", "vxi") { a, b, _ in a & b }
    + binary("vor", "vxi") { a, b, _ in a | b } + binary("vxor", "vxi") { a, b, _ in a ^ b }
    + binary("vsll", "vxu") { a, b, bits in a << (b & UInt64(bits - 1)) }
    + binary("vsrl", "vxu") { a, b, bits in a >> (b & UInt64(bits - 1)) }
    + binary("vsra", "vxu") { a, b, bits in UInt64(bitPattern: Bits.signed(a, bits) >> Int64(b & UInt64(bits - 1))) }
    + binary("vminu", "vx") { a, b, _ in min(a, b) } + binary("vmaxu", "vx") { a, b, _ in max(a, b) }
    + binary("vmin", "vx") { a, b, bits in Bits.signed(a, bits) < Bits.signed(b, bits) ? a : b }
    + binary("vmax", "vx") { a, b, bits in Bits.signed(a, bits) > Bits.signed(b, bits) ? a : b }
    + binary("vmul", "vx") { a, b, _ in a &* b } + binary("vmulh", "vx") { a, b, bits in high(a, b, bits, true, true) }
    + binary("vmulhu", "vx") { a, b, bits in high(a, b, bits, false, false) }
    + binary("vmulhsu", "vx") { a, b, bits in high(a, b, bits, true, false) }
    + binary("vdivu", "vx") { a, b, _ in b == 0 ? ~0 : a / b } + binary("vremu", "vx") { a, b, _ in b == 0 ? a : a % b }
    + binary("vdiv", "vx") { a, b, bits in
      let (x, y) = (Bits.signed(a, bits), Bits.signed(b, bits))
      return y == 0 ? ~0 : y == -1 ? 0 &- a : UInt64(bitPattern: x / y)
    }
    + binary("vrem", "vx") { a, b, bits in
      let (x, y) = (Bits.signed(a, bits), Bits.signed(b, bits))
      return y == 0 ? a : y == -1 ? 0 : UInt64(bitPattern: x % y)
    }
    + fused("vmacc") { a, b, d in a &* b &+ d } + fused("vnmsac") { a, b, d in d &- a &* b }
    + fused("vmadd") { a, b, d in b &* d &+ a } + fused("vnmsub") { a, b, d in a &- b &* d }

  // MARK: Wider and narrower

  static let widening: [ModelCase] =
    ["u", ""].flatMap { sign in
      let isUnsigned = sign == "u"
      @Sendable func wide(_ value: UInt64, _ bits: Int) -> UInt64 {
        isUnsigned ? value : UInt64(bitPattern: Bits.signed(value, bits))
      }
      let shape = ModelCase(mnemonic: "", vd: .group(1), widths: 0...2, standsApart: true, run: { _, _ in })
      var second = shape
      second.vs2 = .group(1)
      let sums: [(String, @Sendable (UInt64, UInt64) -> UInt64)] = [
        ("vwadd", { $0 &+ $1 }), ("vwsub", { $0 &- $1 }), ("vwmul", { $0 &* $1 }),
      ]
      return sums.flatMap { name, function in
        forms(name + sign, "vx", shape) { model, o, b in
          let before = model
          model.group(o, width: model.sew + 1) {
            function(wide(before[o.vs2, $0, before.sew], before.bits), wide(b(before, $0), before.bits))
          }
        }
          + (name == "vwmul"
            ? []
            : forms(name + sign, "vx", second, suffix: "w") { model, o, b in
              let before = model
              model.group(o, width: model.sew + 1) {
                function(before[o.vs2, $0, before.sew + 1], wide(b(before, $0), before.bits))
              }
            })
      }
        + forms("vwmacc" + sign, "vx", shape) { model, o, b in
          let before = model
          model.group(o, width: model.sew + 1) {
            wide(before[o.vs2, $0, before.sew], before.bits) &* wide(b(before, $0), before.bits)
              &+ before[o.vd, $0, before.sew + 1]
          }
        }
        + [1, 2, 3].map { log in
          ModelCase(
            mnemonic: isUnsigned ? "vzext.vf\(1 << log)" : "vsext.vf\(1 << log)", vs2: .group(-log), widths: log...3,
            standsApart: true
          ) {
            model, o in
            let before = model
            let width = before.sew - log
            model.group(o, width: model.sew) { wide(before[o.vs2, $0, width], 8 << width) }
          }
        }
    }

  static let narrowing: [ModelCase] = [false, true].flatMap { isSigned in
    forms(
      isSigned ? "vnsra" : "vnsrl", "vxu",
      ModelCase(mnemonic: "", vs2: .group(1), widths: 0...2, standsApart: true, run: { _, _ in }), suffix: "w"
    ) {
      model, o, b in
      let before = model
      model.group(o, width: model.sew) {
        let (a, shift) = (before[o.vs2, $0, before.sew + 1], b(before, $0) & UInt64(2 * before.bits - 1))
        return isSigned ? UInt64(bitPattern: Bits.signed(a, 2 * before.bits) >> Int64(shift)) : a >> shift
      }
    }
  }

  // MARK: Masks as results, carries, merges

  static let comparisons: [ModelCase] = {
    func one(_ name: String, _ forms: String, _ function: @escaping @Sendable (UInt64, UInt64, Int) -> Bool) -> [ModelCase] {
      ModelCase.forms(name, forms, ModelCase(mnemonic: "", vd: .bits, standsApart: true, run: { _, _ in })) { model, o, b in
        let before = model
        model.mask(o) { function(before[o.vs2, $0, before.sew], b(before, $0), before.bits) }
      }
    }
    return one("vmseq", "vxi") { a, b, _ in a == b } + one("vmsne", "vxi") { a, b, _ in a != b }
      + one("vmsltu", "vx") { a, b, _ in a < b } + one("vmsleu", "vxi") { a, b, _ in a <= b }
      + one("vmsgtu", "xi") { a, b, _ in a > b }
      + one("vmslt", "vx") { Bits.signed($0, $2) < Bits.signed($1, $2) }
      + one("vmsle", "vxi") { Bits.signed($0, $2) <= Bits.signed($1, $2) }
      + one("vmsgt", "xi") { Bits.signed($0, $2) > Bits.signed($1, $2) }
  }()

  static let carries: [ModelCase] = {
    let shape = ModelCase(mnemonic: "", isMaskable: false, readsCarry: true, run: { _, _ in })
    var toMask = shape
    (toMask.vd, toMask.standsApart) = (.bits, true)
    return forms("vadc", "vxi", shape) { model, o, b in
      let before = model
      model.group(o, width: model.sew) { before[o.vs2, $0, before.sew] &+ b(before, $0) &+ (before.bit(0, $0) ? 1 : 0) }
    }
      + forms("vsbc", "vx", shape) { model, o, b in
        let before = model
        model.group(o, width: model.sew) { before[o.vs2, $0, before.sew] &- b(before, $0) &- (before.bit(0, $0) ? 1 : 0) }
      }
      + forms("vmadc", "vxi", toMask) { model, o, b in
        let before = model
        model.mask(o) {
          let sum = UInt128(before[o.vs2, $0, before.sew]) + UInt128(b(before, $0)) + (before.bit(0, $0) ? 1 : 0)
          return sum >> UInt128(before.bits) != 0
        }
      }
      + forms("vmsbc", "vx", toMask) { model, o, b in
        let before = model
        model.mask(o) { UInt128(before[o.vs2, $0, before.sew]) < UInt128(b(before, $0)) + (before.bit(0, $0) ? 1 : 0) }
      }
      + forms("vmerge", "vxi", shape) { model, o, b in
        let before = model
        model.group(o, width: model.sew) { before.bit(0, $0) ? b(before, $0) : before[o.vs2, $0, before.sew] }
      }
  }()
}
