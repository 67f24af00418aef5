import DifftestKit
import Foundation
import RVDecoder

@testable import RVExec

/// A hart beside a model: both execute the same instruction on the same state.
final class ModelBench {
  private static let memorySize = 1 << 20
  let hart: Hart
  private let space: AddressSpace
  private var here: UInt64 = 0x8000_0000
  private(set) var model: VectorModel
  private var random: Random

  init?(vlen: Int, fillsOnes: Bool, seed: UInt64) throws {
    guard let space = AddressSpace.physical(size: 4 << 20),
      let hart = Hart(space: space, isa: try ISA("rv64gcv_zvl\(vlen)b"), isUserMode: false)
    else { return nil }
    (self.space, self.hart) = (space, hart)
    hart.vectorChoices.agnostic = fillsOnes ? .ones : .undisturbed
    hart.state.pointee.vs = 3
    hart.state.pointee.set(fs: 3)
    model = VectorModel(vlen: vlen, fillsOnes: fillsOnes)
    random = Random(seed: seed)
    model.memory = (0..<Self.memorySize / 8).flatMap { _ in
      let word = random.next()
      return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    }
    space.poke(VectorModel.memoryBase, model.memory)
    for register in stride(from: 0, to: 32, by: 8) { fill(register, .noise) }
  }

  // MARK: Contents

  private enum Fill { case noise, numbers(Int), floats(Int), below(UInt64, Int) }

  /// Fills eight registers.
  private func fill(_ register: Int, _ kind: Fill) {
    let start = register * model.vlenb
    switch kind {
    case .noise:
      for at in stride(from: 0, to: 8 * model.vlenb, by: 8) { VectorModel.put(random.next(), &model.bytes, start + at, 3) }
    case .numbers(let width): elements(start, width) { number(width) }
    case .floats(let width): elements(start, width) { float(width) }
    case .below(let limit, let width): elements(start, width) { random.next() % limit }
    }
  }

  private func elements(_ start: Int, _ width: Int, _ element: () -> UInt64) {
    for at in stride(from: 0, to: 8 * model.vlenb, by: 1 << width) { VectorModel.put(element(), &model.bytes, start + at, width) }
  }

  private func number(_ width: Int) -> UInt64 {
    let bits = 8 << width
    switch random.below(4) {
    case 0:
      let lowest: UInt64 = 1 << UInt64(bits - 1)
      return random.pick([0, 1, ~0, ~1, lowest, lowest - 1, lowest + 1] as [UInt64])
    case 1: return UInt64(random.below(32))
    default: return random.next()
    }
  }

  /// Numbers whose sums and products round, and special ones.
  private func float(_ width: Int) -> UInt64 {
    let value = Double(Int64(bitPattern: random.next()) >> 12) * 0x1p-30
    let special: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0x1p-149, 0x1.fffffep127, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    ]
    let chosen = random.chance(12) ? random.pick(special) : value
    if width == 2 { return random.chance(3) ? 0x7f80_0001 : UInt64(Float(chosen).bitPattern) }
    return random.chance(3) ? 0x7ff0_0000_0000_0001 : chosen.bitPattern
  }

  // MARK: One instruction

  /// Executes the instruction under a type of its own choice on both sides.
  /// - Returns: what differs; `nil`: nothing.
  func run(_ one: ModelCase) -> String? {
    guard let masked = settings(one) else { return "\(one.mnemonic): no type suits it" }
    var o = ModelOperands()
    o.isMasked = masked
    operands(&o, one)
    contents(&o, one)
    guard let word = word(one, o) else { return "\(one.mnemonic): cannot be encoded" }
    prepare(o)
    step(word)
    one.run(&model, o)
    return difference(one, o)
  }

  /// Picks SEW, LMUL, vl and policies that the instruction takes.
  private func settings(_ one: ModelCase) -> Bool? {
    for _ in 0..<200 {
      model.sew = random.pick(Array(one.widths))
      model.lmul = random.below(7) - 3
      guard !VectorType(written: UInt64(model.sew << 3 | model.lmul & 7), elen: 3).isIllegal,
        [one.vd, one.vs1, one.vs2].allSatisfy({ registers($0) != nil })
      else { continue }
      let vlmax = model.vlmax
      model.vl = random.pick([
        0, 1, vlmax, vlmax, vlmax - 1, random.below(vlmax + 1), random.below(vlmax + 1), random.below(vlmax + 1),
      ])
      (model.tailAgnostic, model.maskAgnostic) = (random.chance(50), random.chance(50))
      model.vxrm = random.below(4)
      return one.isMaskable && random.chance(60)
    }
    return nil
  }

  /// How many registers an operand takes; `nil` when the type does not allow it.
  private func registers(_ operand: ModelCase.Operand) -> Int? {
    func group(_ delta: Int) -> Int? {
      let (emul, eew) = (model.lmul + delta, model.sew + delta)
      return -3...3 ~= emul && 0...3 ~= eew ? 1 << max(0, emul) : nil
    }
    switch operand {
    case .none, .bits: return 1
    case .group(let delta): return group(delta)
    case .single(let delta): return 0...3 ~= model.sew + delta ? 1 : nil
    case .fixed(let width): return group(width - model.sew)
    case .whole(let count): return count
    }
  }

  /// Registers: the destination in v8…v15, sources in v16…v23 and v24…v31, or, where that is allowed, one over the other.
  private func operands(_ o: inout ModelOperands, _ one: ModelCase) {
    func place(_ operand: ModelCase.Operand, _ base: Int) -> Int {
      let count = registers(operand) ?? 1
      return base + random.below(8 / count) * count
    }
    o.vd = place(one.vd, 8)
    o.vs2 = place(one.vs2, 16)
    o.vs1 = place(one.vs1, 24)
    if !one.standsApart, one.memory == .none {
      if one.vs2 == one.vd, random.chance(20) { o.vs2 = o.vd }
      if one.vs1 == one.vd, random.chance(20) { o.vs1 = o.vd }
    }
    if one.vs1 == one.vs2, random.chance(10) { o.vs1 = o.vs2 }
    guard one.isSegment, let count = registers(one.vd) else { return }
    o.fields = count == 8 ? 1 : 2 + random.below(8 / count - 1)
    o.vd = 8
  }

  private func contents(_ o: inout ModelOperands, _ one: ModelCase) {
    if random.chance(50) { fill(0, .noise) }
    for (register, operand) in [(o.vd, one.vd), (o.vs2, one.vs2), (o.vs1, one.vs1)] where operand != .none {
      let width: Int =
        switch operand {
        case .group(let delta), .single(let delta): model.sew + delta
        case .fixed(let width): width
        default: 3
        }
      let isIndex = register == o.vs2 ? one.contents == .indices : register == o.vs1 && one.contents == .smallIndices
      let limit = one.contents == .indices ? UInt64(Self.memorySize / 4) : UInt64(2 * model.vlmax)
      let mask = Bits.mask(8 << width)
      fill(
        register & 24,
        operand == .bits
          ? .noise : isIndex ? .below(min(limit, mask), width) : one.contents == .floats ? .floats(width) : .numbers(width)
      )
    }
    o.x = one.contents == .smallIndices && random.chance(85) ? UInt64(random.below(2 * model.vlmax)) : number(3)
    o.f = model.sew == 2 ? float(2) | 0xffff_ffff_0000_0000 : float(3)
    o.imm = one.second == .signed ? random.below(32) - 16 : one.second == .unsigned ? random.below(32) : 0
    // Room on both sides for every stride and index.
    o.base = VectorModel.memoryBase + UInt64(Self.memorySize / 2 + random.below(64))
    let limit = Self.memorySize / 4 / max(1, model.vl)
    o.stride = Int64(random.pick([0, 1, 4, o.fields << 3, limit, -limit, random.below(2 * limit + 1) - limit]))
    if o.stride.magnitude > limit { o.stride = 1 }
  }

  private static let scalar: UInt8 = 12
  private static let distance: UInt8 = 13
  private static let result: UInt8 = 14
  private static let avl: UInt8 = 10
  private static let type: UInt8 = 11

  private func word(_ one: ModelCase, _ o: ModelOperands) -> UInt32? {
    let isAccess = one.memory != .none
    let first: UInt8 =
      switch one.second {
      case .vector: UInt8(o.vs1)
      case .x, .f: Self.scalar
      default: isAccess ? Self.scalar : 0
      }
    let word = HartProgram.word(
      one.mnemonic, rd: one.vd == .none ? Self.result : UInt8(o.vd), rs1: first,
      rs2: one.isStrided ? Self.distance : one.vs2 == .none ? 0 : UInt8(o.vs2),
      imm: one.isSegment ? Int32(o.fields - 1) : Int32(o.imm), aux: o.isMasked ? 0 : 1)
    return word == 0 ? nil : word
  }

  private func prepare(_ o: ModelOperands) {
    hart.vectorBytes.copyBytes(from: model.bytes)
    hart[x: Int(Self.avl)] = UInt64(model.vl)
    hart[x: Int(Self.type)] =
      UInt64(model.lmul & 7 | model.sew << 3 | (model.tailAgnostic ? 64 : 0) | (model.maskAgnostic ? 128 : 0))
    hart[x: Int(Self.scalar)] = o.x
    hart[x: Int(Self.distance)] = UInt64(bitPattern: o.stride)
    hart[f: Int(Self.scalar)] = o.f
    hart.state.pointee.vxrm = UInt8(model.vxrm)
    hart.state.pointee.vxsat = 0
    model.vxsat = false
    model.scalar = 0
    hart[x: Int(Self.result)] = 0
    base = o.base
  }

  private var base: UInt64 = 0

  private func step(_ word: UInt32) {
    let isAccess = [0x07, 0x27].contains(word & 0x7f)
    if isAccess { hart[x: Int(Self.scalar)] = base }
    let start = here
    for word in [HartProgram.word("vsetvl", rs1: Self.avl, rs2: Self.type), word] {
      space.poke(here, (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) })
      here += 4
    }
    hart.pc = start
    stop = hart.run(limit: 2)
  }

  private var stop = Stop.pause

  private func difference(_ one: ModelCase, _ o: ModelOperands) -> String? {
    let context =
      "\(one.mnemonic) e\(model.bits) LMUL 2^\(model.lmul) vl \(model.vl) of \(model.vlmax), ta \(model.tailAgnostic), ma \(model.maskAgnostic), \(o)"
    guard case .pause = stop else { return "\(context): \(stop)" }
    if hart.state.pointee.vl != UInt64(model.vl) { return "\(context): vl" }
    let ours = hart.vectorBytes
    let same = model.bytes.withUnsafeBytes { theirs in
      ours.baseAddress.flatMap { a in theirs.baseAddress.map { b in memcmp(a, b, theirs.count) == 0 } } == true
    }
    if !same, let at = ours.indices.first(where: { ours[$0] != model.bytes[$0] }) {
      return "\(context): v\(at / model.vlenb) byte \(at % model.vlenb) is \(ours[at]), in the model \(model.bytes[at])"
    }
    if one.vd == .none, hart[x: Int(Self.result)] != model.scalar {
      return "\(context): \(hart[x: Int(Self.result)]), in the model \(model.scalar)"
    }
    if (hart.state.pointee.vxsat != 0) != model.vxsat { return "\(context): vxsat" }
    if one.memory == .store, space.peek(VectorModel.memoryBase, count: Self.memorySize) != model.memory {
      return "\(context): memory"
    }
    return nil
  }
}
