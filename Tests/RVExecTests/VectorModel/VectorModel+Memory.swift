/// Loads and stores without faults: "V", chapter 7.
extension VectorModel {
  /// Where element `index` lies.
  typealias Place = (_ model: VectorModel, _ index: Int) -> UInt64

  private func at(_ address: UInt64) -> Int { Int(address &- Self.memoryBase) }

  /// Fields of a segment go to groups of registers one behind the other.
  mutating func load(_ o: ModelOperands, width: Int, _ place: Place) {
    let before = self
    for field in 0..<o.fields {
      var operands = o
      operands.vd += field * registers(width)
      let old = self
      group(operands, width: width) { Self.number(old.memory, old.at(place(before, $0)) + field << width, width) }
    }
  }

  mutating func store(_ o: ModelOperands, width: Int, _ place: Place) {
    for index in 0..<vl where isActive(index, o) {
      for field in 0..<o.fields {
        let value = self[o.vd + field * registers(width), index, width]
        let address = at(place(self, index)) + field << width
        Self.put(value, &memory, address, width)
      }
    }
  }
}

extension ModelCase {
  /// A load and the store of the same form.
  private static func pair(
    _ load: String, _ store: String, _ shape: ModelCase, width: @escaping @Sendable (VectorModel) -> Int,
    _ place: @escaping @Sendable (ModelOperands, Int) -> VectorModel.Place
  ) -> [ModelCase] {
    [(load, Memory.load), (store, Memory.store)].map { name, kind in
      var one = shape
      (one.mnemonic, one.memory) = (name, kind)
      one.run = { model, o in
        let width = width(model)
        let place = place(o, width)
        kind == .load ? model.load(o, width: width, place) : model.store(o, width: width, place)
      }
      return one
    }
  }

  static let accesses: [ModelCase] =
    (0...3).flatMap { log in
      let bits = 8 << log
      var plain = ModelCase(mnemonic: "", vd: .fixed(log), vs2: .none, run: { _, _ in })
      var indexed = ModelCase(mnemonic: "", vs2: .fixed(log), contents: .indices, standsApart: true, run: { _, _ in })
      return [false, true].flatMap { isSegment in
        (plain.isSegment, indexed.isSegment) = (isSegment, isSegment)
        var strided = plain
        strided.isStrided = true
        let name = isSegment ? "segNe\(bits)" : "e\(bits)"
        let index = isSegment ? "segNei\(bits)" : "ei\(bits)"
        return pair("vl\(name).v", "vs\(name).v", plain, width: { _ in log }) { o, width in
          { _, index in o.base &+ UInt64(index * o.fields << width) }
        }
          + pair("vls\(name).v", "vss\(name).v", strided, width: { _ in log }) { o, _ in
            { _, index in o.base &+ UInt64(bitPattern: o.stride &* Int64(index)) }
          }
          + pair("vlux\(index).v", "vsox\(index).v", indexed, width: { $0.sew }) { o, _ in
            { model, index in o.base &+ model[o.vs2, index, log] }
          }
          + pair("vlox\(index).v", "vsux\(index).v", indexed, width: { $0.sew }) { o, _ in
            { model, index in o.base &+ model[o.vs2, index, log] }
          }
          + pair("vl\(name)ff.v", "", plain, width: { _ in log }) { o, width in
            { _, index in o.base &+ UInt64(index * o.fields << width) }
          }.prefix(1)
      }
    }
    + [
      ModelCase(mnemonic: "vlm.v", vd: .bits, vs2: .none, isMaskable: false, memory: .load) { model, o in
        let length = (model.vl + 7) / 8
        let from = Int(o.base &- VectorModel.memoryBase)
        for index in 0..<length { model.bytes[o.vd * model.vlenb + index] = model.memory[from + index] }
        if model.fillsOnes, model.vl > 0 { model.ones(o.vd * model.vlenb + length, to: (o.vd + 1) * model.vlenb) }
      },
      ModelCase(mnemonic: "vsm.v", vd: .bits, vs2: .none, isMaskable: false, memory: .store) { model, o in
        let to = Int(o.base &- VectorModel.memoryBase)
        for index in 0..<(model.vl + 7) / 8 { model.memory[to + index] = model.bytes[o.vd * model.vlenb + index] }
      },
    ]
    + [1, 2, 4, 8].flatMap { count in
      [
        ModelCase(mnemonic: "vl\(count)re8.v", vd: .whole(count), vs2: .none, isMaskable: false, memory: .load) { model, o in
          let from = Int(o.base &- VectorModel.memoryBase)
          for index in 0..<count * model.vlenb { model.bytes[o.vd * model.vlenb + index] = model.memory[from + index] }
        },
        ModelCase(mnemonic: "vs\(count)r.v", vd: .whole(count), vs2: .none, isMaskable: false, memory: .store) { model, o in
          let to = Int(o.base &- VectorModel.memoryBase)
          for index in 0..<count * model.vlenb { model.memory[to + index] = model.bytes[o.vd * model.vlenb + index] }
        },
      ]
    }
}
