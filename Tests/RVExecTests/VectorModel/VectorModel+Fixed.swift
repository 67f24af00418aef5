/// Fixed point: "V", chapter 12. Sums and products in 128 bits, rounded as section 3.8 says.
extension ModelCase {
  /// `value` / 2^`shift`, rounded by vxrm.
  static func rounded(_ value: Int128, _ shift: Int, _ vxrm: Int) -> Int128 {
    if shift == 0 { return value }
    let below = value & ((1 << Int128(shift)) - 1)
    let half: Int128 = 1 << Int128(shift - 1)
    let result = value >> Int128(shift)
    let isUp: Bool
    switch vxrm {
    // To nearest, up; to nearest even; down; to odd.
    case 0: isUp = below >= half
    case 1: isUp = below > half || below == half && result & 1 != 0
    case 2: isUp = false
    default: isUp = below != 0 && result & 1 == 0
    }
    return result + (isUp ? 1 : 0)
  }

  /// The nearest number of some bits; and vxsat.
  private static func saturated(_ value: Int128, _ bits: Int, _ isSigned: Bool, _ vxsat: inout Bool) -> UInt64 {
    let low: Int128 = isSigned ? -(1 << Int128(bits - 1)) : 0
    let high: Int128 = (1 << Int128(isSigned ? bits - 1 : bits)) - 1
    if value < low || value > high { vxsat = true }
    return UInt64(truncatingIfNeeded: min(max(value, low), high))
  }

  private static func extended(_ value: UInt64, _ bits: Int, _ isSigned: Bool) -> Int128 {
    isSigned ? Int128(Bits.signed(value, bits)) : Int128(value)
  }

  private static let shape = ModelCase(mnemonic: "", run: { _, _ in })

  /// Results that saturate, or are rounded.
  private static func one(
    _ name: String, _ forms: String, isSigned: Bool, saturates: Bool,
    _ function: @escaping @Sendable (_ a: Int128, _ b: Int128, _ bits: Int, _ vxrm: Int) -> Int128
  ) -> [ModelCase] {
    self.forms(name, forms, shape) { model, o, b in
      let before = model
      var vxsat = false
      model.group(o, width: model.sew) {
        let a = extended(before[o.vs2, $0, before.sew], before.bits, isSigned)
        let value = function(a, extended(b(before, $0), before.bits, isSigned), before.bits, before.vxrm)
        return saturates ? saturated(value, before.bits, isSigned, &vxsat) : UInt64(truncatingIfNeeded: value)
      }
      if vxsat { model.vxsat = true }
    }
  }

  static let fixedPoint: [ModelCase] =
    one("vsaddu", "vxi", isSigned: false, saturates: true) { a, b, _, _ in a + b }
    + one("vsadd", "vxi", isSigned: true, saturates: true) { a, b, _, _ in a + b }
    + one("vssubu", "vx", isSigned: false, saturates: true) { a, b, _, _ in a - b }
    + one("vssub", "vx", isSigned: true, saturates: true) { a, b, _, _ in a - b }
    + one("vaaddu", "vx", isSigned: false, saturates: false) { a, b, _, vxrm in rounded(a + b, 1, vxrm) }
    + one("vaadd", "vx", isSigned: true, saturates: false) { a, b, _, vxrm in rounded(a + b, 1, vxrm) }
    + one("vasubu", "vx", isSigned: false, saturates: false) { a, b, _, vxrm in rounded(a - b, 1, vxrm) }
    + one("vasub", "vx", isSigned: true, saturates: false) { a, b, _, vxrm in rounded(a - b, 1, vxrm) }
    + one("vsmul", "vx", isSigned: true, saturates: true) { a, b, bits, vxrm in rounded(a * b, bits - 1, vxrm) }
    + one("vssrl", "vxu", isSigned: false, saturates: false) { a, b, bits, vxrm in
      rounded(a, Int(truncatingIfNeeded: b) & (bits - 1), vxrm)
    }
    + one("vssra", "vxu", isSigned: true, saturates: false) { a, b, bits, vxrm in
      rounded(a, Int(truncatingIfNeeded: b) & (bits - 1), vxrm)
    }
    + [false, true].flatMap { isSigned in
      forms(
        isSigned ? "vnclip" : "vnclipu", "vxu",
        ModelCase(mnemonic: "", vs2: .group(1), widths: 0...2, standsApart: true, run: { _, _ in }), suffix: "w"
      ) {
        model, o, b in
        let before = model
        var vxsat = false
        model.group(o, width: model.sew) {
          let a = extended(before[o.vs2, $0, before.sew + 1], 2 * before.bits, isSigned)
          let value = rounded(a, Int(b(before, $0) & UInt64(2 * before.bits - 1)), before.vxrm)
          return saturated(value, before.bits, isSigned, &vxsat)
        }
        if vxsat { model.vxsat = true }
      }
    }
}
