/// Masks: "V", chapter 15.
extension ModelCase {
  static let masks: [ModelCase] = {
    let logic: [(String, @Sendable (Bool, Bool) -> Bool)] = [
      ("vmand", { $0 && $1 }), ("vmnand", { !($0 && $1) }), ("vmandn", { $0 && !$1 }), ("vmxor", { $0 != $1 }),
      ("vmor", { $0 || $1 }),
      ("vmnor", { !($0 || $1) }), ("vmorn", { $0 || !$1 }), ("vmxnor", { $0 == $1 }),
    ]
    let pairs = logic.map { name, function in
      ModelCase(mnemonic: name + ".mm", vd: .bits, vs2: .bits, vs1: .bits, second: .vector, isMaskable: false) { model, o in
        let before = model
        model.mask(o) { function(before.bit(o.vs2, $0), before.bit(o.vs1, $0)) }
      }
    }
    // Up to the first bit that is set, it or not, or it alone.
    let firsts = [("vmsbf.m", true, false), ("vmsif.m", true, true), ("vmsof.m", false, true)].map { name, before, at in
      ModelCase(mnemonic: name, vd: .bits, vs2: .bits, standsApart: true) { model, o in
        let old = model
        let first = (0..<old.vl).first { old.isActive($0, o) && old.bit(o.vs2, $0) } ?? Int.max
        model.mask(o) { $0 < first ? before : $0 == first && at }
      }
    }
    return pairs + firsts + [
      ModelCase(mnemonic: "vcpop.m", vd: .none, vs2: .bits) { model, o in
        model.scalar = UInt64((0..<model.vl).count { model.isActive($0, o) && model.bit(o.vs2, $0) })
      },
      ModelCase(mnemonic: "vfirst.m", vd: .none, vs2: .bits) { model, o in
        model.scalar = (0..<model.vl).first { model.isActive($0, o) && model.bit(o.vs2, $0) }.map { UInt64($0) } ?? ~0
      },
      ModelCase(mnemonic: "viota.m", vs2: .bits, standsApart: true) { model, o in
        let before = model
        var sum: UInt64 = 0
        model.group(o, width: model.sew) { index in
          defer { if before.bit(o.vs2, index) { sum += 1 } }
          return sum
        }
      },
      ModelCase(mnemonic: "vid.v", vs2: .none) { model, o in model.group(o, width: model.sew) { UInt64($0) } },
    ]
  }()
}
