/// Floating point, single and double, rounded to nearest even by the host's own arithmetic: "V", chapter 13. A NaN is the canonical one.
extension ModelCase {
  private static func float(_ bits: UInt64) -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  private static func bits(_ value: Float) -> UInt64 { value.isNaN ? 0x7fc0_0000 : UInt64(value.bitPattern) }
  private static func bits(_ value: Double) -> UInt64 { value.isNaN ? 0x7ff8_0000_0000_0000 : value.bitPattern }

  /// A vector or an f register as the second operand.
  private static func forms(
    _ name: String, _ shape: ModelCase = ModelCase(mnemonic: "", run: { _, _ in }),
    _ body: @escaping @Sendable (inout VectorModel, ModelOperands, _ b: (VectorModel, Int) -> UInt64) -> Void
  ) -> [ModelCase] {
    ["v", "f"].map { form in
      var one = shape
      one.mnemonic = "\(name).v\(form)"
      (one.contents, one.widths) = (.floats, 2...(shape.vd == .group(1) ? 2 : 3))
      (one.vs1, one.second) = form == "v" ? (.group(0), .vector) : (.none, .f)
      one.run = { model, o in
        body(&model, o) { model, index in form == "v" ? model[o.vs1, index, model.sew] : o.f & Bits.mask(model.bits) }
      }
      return one
    }
  }

  private static func binary(
    _ name: String, _ single: @escaping @Sendable (Float, Float) -> Float,
    _ double: @escaping @Sendable (Double, Double) -> Double
  ) -> [ModelCase] {
    forms(name) { model, o, b in
      let before = model
      model.group(o, width: model.sew) {
        let (x, y) = (before[o.vs2, $0, before.sew], b(before, $0))
        return before.sew == 2 ? bits(single(float(x), float(y))) : bits(double(Double(bitPattern: x), Double(bitPattern: y)))
      }
    }
  }

  private static func fused(
    _ name: String, _ single: @escaping @Sendable (Float, Float, Float) -> Float,
    _ double: @escaping @Sendable (Double, Double, Double) -> Double
  ) -> [ModelCase] {
    forms(name) { model, o, b in
      let before = model
      model.group(o, width: model.sew) {
        let (x, y, d) = (before[o.vs2, $0, before.sew], b(before, $0), before[o.vd, $0, before.sew])
        if before.sew == 2 { return bits(single(float(x), float(y), float(d))) }
        return bits(double(Double(bitPattern: x), Double(bitPattern: y), Double(bitPattern: d)))
      }
    }
  }

  private static func comparison(
    _ name: String, _ single: @escaping @Sendable (Float, Float) -> Bool, _ double: @escaping @Sendable (Double, Double) -> Bool
  ) -> [ModelCase] {
    forms(name, ModelCase(mnemonic: "", vd: .bits, standsApart: true, run: { _, _ in })) { model, o, b in
      let before = model
      model.mask(o) {
        let (x, y) = (before[o.vs2, $0, before.sew], b(before, $0))
        return before.sew == 2 ? single(float(x), float(y)) : double(Double(bitPattern: x), Double(bitPattern: y))
      }
    }
  }

  /// Bits of sign, and of the rest.
  private static func sign(_ name: String, _ function: @escaping @Sendable (_ a: UInt64, _ b: UInt64, _ sign: UInt64) -> UInt64)
    -> [ModelCase]
  {
    forms(name) { model, o, b in
      let before = model
      let sign: UInt64 = 1 << UInt64(before.bits - 1)
      model.group(o, width: model.sew) { function(before[o.vs2, $0, before.sew], b(before, $0), sign) }
    }
  }

  /// The sum in the order of elements.
  private static let ordered = ["vfredosum.vs", "vfredusum.vs"].map { name in
    ModelCase(mnemonic: name, vd: .single(0), vs1: .single(0), second: .vector, contents: .floats, widths: 2...3) { model, o in
      let active = (0..<model.vl).filter { model.isActive($0, o) }
      let start = model[o.vs1, 0, model.sew]
      // Without an active element the unordered sum is Spike's choice: the scalar, a NaN made canonical.
      if model.sew == 2 {
        let sum = active.reduce(float(start)) { $0 + float(model[o.vs2, $1, 2]) }
        model.single(o, width: 2, active.isEmpty && name == "vfredosum.vs" ? start : bits(sum))
      } else {
        let sum = active.reduce(Double(bitPattern: start)) { $0 + Double(bitPattern: model[o.vs2, $1, 3]) }
        model.single(o, width: 3, active.isEmpty && name == "vfredosum.vs" ? start : bits(sum))
      }
    }
  }

  static let floats: [ModelCase] =
    binary("vfadd", { $0 + $1 }, { $0 + $1 }) + binary("vfsub", { $0 - $1 }, { $0 - $1 })
    + binary("vfmul", { $0 * $1 }, { $0 * $1 })
    + binary("vfdiv", { $0 / $1 }, { $0 / $1 })
    + fused("vfmacc", { $2.addingProduct($0, $1) }, { $2.addingProduct($0, $1) })
    + fused("vfnmsac", { $2.addingProduct(-$0, $1) }, { $2.addingProduct(-$0, $1) })
    + fused("vfmadd", { $0.addingProduct($1, $2) }, { $0.addingProduct($1, $2) })
    + comparison("vmfeq", { $0 == $1 }, { $0 == $1 }) + comparison("vmfne", { $0 != $1 }, { $0 != $1 })
    + comparison("vmflt", { $0 < $1 }, { $0 < $1 }) + comparison("vmfle", { $0 <= $1 }, { $0 <= $1 })
    + sign("vfsgnj") { a, b, sign in a & ~sign | b & sign } + sign("vfsgnjn") { a, b, sign in a & ~sign | ~b & sign }
    + sign("vfsgnjx") { a, b, sign in a ^ b & sign }
    + forms("vfwmul", ModelCase(mnemonic: "", vd: .group(1), standsApart: true, run: { _, _ in })) { model, o, b in
      let before = model
      model.group(o, width: 3) { bits(Double(float(before[o.vs2, $0, 2])) * Double(float(b(before, $0)))) }
    }
    + ordered
    + [
      ModelCase(mnemonic: "vfcvt.f.x.v", widths: 2...3) { model, o in
        let before = model
        model.group(o, width: model.sew) {
          let value = Bits.signed(before[o.vs2, $0, before.sew], before.bits)
          return before.sew == 2 ? bits(Float(value)) : bits(Double(value))
        }
      },
      ModelCase(mnemonic: "vfsqrt.v", contents: .floats, widths: 2...3) { model, o in
        let before = model
        model.group(o, width: model.sew) {
          let value = before[o.vs2, $0, before.sew]
          return before.sew == 2 ? bits(float(value).squareRoot()) : bits(Double(bitPattern: value).squareRoot())
        }
      },
    ]
}
