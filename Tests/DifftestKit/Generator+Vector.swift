import RVDecoder
import RVExec

/// What vector programs know beside other ones.
struct VectorContext: Sendable {
  let pools: VectorPools
  let vlenb: Int
  let elen: Int
  /// The type in force, and how many elements, as far as they are known.
  var sew = 0
  var lmul = 0
  var vl = 0
  var type = VectorType.illegal
  /// The type has to be set anew before the next instruction that is to do something.
  var isStale = true

  var vlmax: Int { type.vlmax(vlenb: vlenb) }
}

/// What a visit is to fill.
struct VectorTarget: Sendable {
  var cell: VectorCell
  /// The cell's number among those of its row, and how many these are.
  var place: Int
  var count: Int
  /// How often the cell was visited before, in this program and those of lower seeds.
  var round = 0
  /// Which of all pairs of numbers and rounding modes it is to show; otherwise they follow from the visits of the row.
  var pair: Int?

  /// Class of vl, policies, vstart: in 16 rounds a cell sees all combinations, in four all of each.
  var length: Int { pair == nil ? (round + cell.row + cell.index) & 3 : 1 + round % 3 }
  var policy: Int { (round + round / 4 + cell.row) & 3 }
  var hasStart: Bool { pair == nil && (round / 4 + round / 2 + cell.index / 2) & 3 == 0 }
  /// Counts the visits of the row.
  var number: Int { round * count + place }
  /// The numbers for the first active element, and the rounding mode.
  var second: Int { (pair ?? number) % VectorNumber.count }
  var first: Int { (pair ?? number) / VectorNumber.count % VectorNumber.count }
  var mode: Int { (pair ?? number) / (VectorNumber.count * VectorNumber.count) % 5 }
  static let pairs = VectorNumber.count * VectorNumber.count * 5

  static func all(_ cells: [VectorCell]) -> [VectorTarget] {
    let counts = cells.reduce(into: [Int: Int]()) { $0[$1.row, default: 0] += 1 }
    var places: [Int: Int] = [:]
    return cells.map { cell in
      let place = places[cell.row, default: 0]
      places[cell.row] = place + 1
      return VectorTarget(cell: cell, place: place, count: counts[cell.row] ?? 1)
    }
  }
}

/// Programs of vector instructions: each visits a part of all cells (instruction, type, masked or not), the next seed the next part.
extension Generator {
  mutating func vectorProgram(_ shared: Shared, _ vector: VectorOptions) -> Program {
    fillIntegers()
    constants = context.pools.words(&random, integers: integers)
    start()
    vectorStart()
    // Neighbours are far apart in the list, which is in the order of types; what one program visits is put in that order again.
    let all = shared.vectorTargets
    let step = all.count % 7919 == 0 ? 7907 : 7919
    let mine = (0..<options.visits).map { visit in
      let number = Int(seed) * options.visits + visit
      var target = all[number % all.count * step % all.count]
      target.round = number / all.count
      return target
    }
    let pairs = (0..<options.visits / 16).compactMap { pair(shared, Int(seed) * (options.visits / 16) + $0) }
    var groups = Dictionary(grouping: mine + pairs) { $0.cell.sew * 8 + $0.cell.lmul + 3 }.sorted { $0.key < $1.key }.map(\.value)
    groups.shuffle(using: &random)
    for var group in groups {
      group.shuffle(using: &random)
      context.isStale = true
      for target in group {
        switch random.below(100) {
        case 0..<2: reservedType(shared)
        case 2: vectorOff(shared)
        case 3..<9: reservedOperands(shared)
        case 9: keepLength()
        case 10..<13: readVectorCSRs()
        default: break
        }
        visit(target)
      }
    }
    end()
    return Program(seed: seed, items: items, integers: integers, constants: constants, data: noise())
  }

  /// The next row's next pair of numbers, in one of its cells without a mask.
  private mutating func pair(_ shared: Shared, _ number: Int) -> VectorTarget? {
    if shared.numberRows.isEmpty { return nil }
    let cells = shared.numberRows[number % shared.numberRows.count]
    var target = VectorTarget(cell: random.pick(cells), place: 0, count: 1, round: random.below(3))
    target.pair = number / shared.numberRows.count % VectorTarget.pairs
    return target
  }

  /// Turns vectors on, fills all registers, and types and lengths with something.
  private mutating func vectorStart() {
    append("addi", Operands(rd: 6, imm: 0x600), pinned: true)
    append("csrrs", Operands(rs1: 6, imm: 0x300), pinned: true)
    for group in stride(from: UInt8(0), to: 32, by: 8) { fill(group, 8, from: .noise) }
  }

  // MARK: Types

  /// Sets a type, and a length of one of four classes: 0, 1, between, VLMAX.
  /// - Parameter groupOf: the length is a multiple of this, mostly.
  mutating func configure(_ sew: Int, _ lmul: Int, length class: Int? = nil, policy: Int? = nil, groupOf: Int = 1) {
    let bits = VectorCells.vtype(sew: sew, lmul: lmul, policy: policy ?? random.below(4))
    context.sew = sew
    context.lmul = lmul
    context.type = VectorType(written: bits, elen: context.elen)
    context.isStale = false
    let vlmax = context.vlmax
    var length: Int
    switch `class` ?? random.below(4) {
    case 0: length = 0
    case 1: length = groupOf
    case 2: length = vlmax > 2 ? 2 + random.below(vlmax - 2) : vlmax
    default: length = vlmax + (random.chance(30) ? random.below(1000) : 0)
    }
    if groupOf > 1, random.chance(95) { length = min(max(length / groupOf, length == 0 ? 0 : 1) * groupOf, max(vlmax, groupOf)) }
    context.vl = min(length, vlmax)
    let imm = Int32(bits)
    // It sets vstart to 0, too.
    if random.chance(4) { append("csrrwi", Operands(rs1: UInt8(random.below(32)), imm: 8)) }
    let rd = random.chance(30) ? 0 : register()
    if length < 32, random.chance(40) { return append("vsetivli", Operands(rd: rd, rs1: UInt8(length), imm: imm)) }
    if length >= vlmax, rd != 0, random.chance(40) { return append("vsetvli", Operands(rd: rd, rs1: 0, imm: imm)) }
    let source = register()
    number(source, UInt64(length))
    if random.chance(60) { return append("vsetvli", Operands(rd: rd, rs1: source, imm: imm)) }
    let type = register(not: 1 << UInt32(source))
    number(type, bits)
    append("vsetvl", Operands(rd: rd, rs1: source, rs2: type))
  }

  /// A number in a register.
  mutating func number(_ register: UInt8, _ value: UInt64) {
    if value < 0x800 {
      append("addi", Operands(rd: register, imm: Int32(value)))
    } else {
      load(value, register: register, integer: true)
    }
  }
}
