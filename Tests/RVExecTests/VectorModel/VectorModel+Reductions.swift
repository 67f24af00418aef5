/// Integer reductions: "V", sections 14.1 and 14.2.
extension ModelCase {
  private static func reduction(
    _ name: String, wider: Int = 0, isSigned: Bool = false,
    _ function: @escaping @Sendable (_ sum: UInt64, _ element: UInt64, _ bits: Int) -> UInt64
  ) -> ModelCase {
    ModelCase(
      mnemonic: name, vd: .single(wider), vs1: .single(wider), second: .vector, widths: 0...(3 - wider), standsApart: wider != 0
    ) { model, o in
      var sum = model[o.vs1, 0, model.sew + wider]
      for index in 0..<model.vl where model.isActive(index, o) {
        let element = model[o.vs2, index, model.sew]
        sum =
          function(sum, isSigned ? UInt64(bitPattern: Bits.signed(element, model.bits)) : element, model.bits)
          & Bits.mask(model.bits << wider)
      }
      model.single(o, width: model.sew + wider, sum)
    }
  }

  static let reductions: [ModelCase] = [
    reduction("vredsum.vs") { sum, a, _ in sum &+ a }, reduction("vredand.vs") { sum, a, _ in sum & a },
    reduction("vredor.vs") { sum, a, _ in sum | a }, reduction("vredxor.vs") { sum, a, _ in sum ^ a },
    reduction("vredminu.vs") { sum, a, _ in min(sum, a) }, reduction("vredmaxu.vs") { sum, a, _ in max(sum, a) },
    reduction("vredmin.vs") { sum, a, bits in Bits.signed(sum, bits) < Bits.signed(a, bits) ? sum : a },
    reduction("vredmax.vs") { sum, a, bits in Bits.signed(sum, bits) > Bits.signed(a, bits) ? sum : a },
    reduction("vwredsumu.vs", wider: 1) { sum, a, _ in sum &+ a },
    reduction("vwredsum.vs", wider: 1, isSigned: true) { sum, a, _ in sum &+ a },
  ]
}
