/// Moves, slides, gathers, compression: "V", chapter 16.
extension ModelCase {
  private static func slide(_ name: String, _ body: @escaping @Sendable (inout VectorModel, ModelOperands, UInt64) -> Void)
    -> [ModelCase]
  {
    [
      ModelCase(mnemonic: name + ".vx", second: .x, contents: .smallIndices, standsApart: true) { body(&$0, $1, $1.x) },
      ModelCase(mnemonic: name + ".vi", second: .unsigned, standsApart: true) { body(&$0, $1, UInt64($1.imm)) },
    ]
  }

  static let permutations: [ModelCase] =
    slide("vslideup") { model, o, offset in
      let before = model
      let first = Int(min(offset, UInt64(before.vl)))
      model.group(o, width: model.sew, first: first) { before[o.vs2, $0 - first, before.sew] }
    }
    + slide("vslidedown") { model, o, offset in
      let before = model
      model.group(o, width: model.sew) {
        let (from, isOver) = UInt64($0).addingReportingOverflow(offset)
        return isOver || from >= UInt64(before.vlmax) ? 0 : before[o.vs2, Int(from), before.sew]
      }
    }
    + [
      ModelCase(mnemonic: "vslide1up.vx", second: .x, standsApart: true) { model, o in
        let before = model
        model.group(o, width: model.sew) { $0 == 0 ? o.x : before[o.vs2, $0 - 1, before.sew] }
      },
      ModelCase(mnemonic: "vslide1down.vx", second: .x) { model, o in
        let before = model
        model.group(o, width: model.sew) { $0 == before.vl - 1 ? o.x : before[o.vs2, $0 + 1, before.sew] }
      },
      ModelCase(mnemonic: "vrgather.vv", vs1: .group(0), second: .vector, contents: .smallIndices, standsApart: true) {
        model, o in
        let before = model
        model.group(o, width: model.sew) { gathered(before, o, before[o.vs1, $0, before.sew]) }
      },
      ModelCase(mnemonic: "vrgather.vx", second: .x, contents: .smallIndices, standsApart: true) { model, o in
        let before = model
        model.group(o, width: model.sew) { _ in gathered(before, o, o.x) }
      },
      ModelCase(mnemonic: "vrgatherei16.vv", vs1: .fixed(1), second: .vector, contents: .smallIndices, standsApart: true) {
        model, o in
        let before = model
        model.group(o, width: model.sew) { gathered(before, o, before[o.vs1, $0, 1]) }
      },
      ModelCase(mnemonic: "vcompress.vm", vs1: .bits, second: .vector, isMaskable: false, standsApart: true) { model, o in
        let before = model
        let chosen = (0..<before.vl).filter { before.bit(o.vs1, $0) }
        model.group(o, width: model.sew, count: chosen.count) { before[o.vs2, chosen[$0], before.sew] }
      },
      ModelCase(mnemonic: "vmv.x.s", vd: .none, vs2: .single(0), isMaskable: false) { model, o in
        model.scalar = UInt64(bitPattern: Bits.signed(model[o.vs2, 0, model.sew], model.bits))
      },
      ModelCase(mnemonic: "vmv.s.x", vd: .single(0), vs2: .none, second: .x, isMaskable: false) { model, o in
        model.single(o, width: model.sew, o.x)
      },
    ]
    + [1, 2, 4, 8].map { count in
      ModelCase(mnemonic: "vmv\(count)r.v", vd: .whole(count), vs2: .whole(count), isMaskable: false) { model, o in
        let bytes = model.bytes[o.vs2 * model.vlenb..<(o.vs2 + count) * model.vlenb]
        model.bytes.replaceSubrange(o.vd * model.vlenb..<(o.vd + count) * model.vlenb, with: Array(bytes))
      }
    }

  private static func gathered(_ model: VectorModel, _ o: ModelOperands, _ index: UInt64) -> UInt64 {
    index < UInt64(model.vlmax) ? model[o.vs2, Int(index), model.sew] : 0
  }
}
