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

/// Programs of vector instructions: each visits a part of all cells (instruction, type, masked or not), the next seed the next part.
extension Generator {
  mutating func vectorProgram(_ shared: Shared, _ vector: VectorOptions) -> Program {
    fillIntegers()
    constants = context.pools.words(&random, integers: integers)
    start()
    vectorStart()
    // Neighbours are far apart in the list, which is in the order of types; what one program visits is put in that order again.
    let all = shared.cells
    let step = all.count % 7919 == 0 ? 7907 : 7919
    let mine = (0..<options.visits).map { all[(Int(seed) * options.visits + $0) * step % all.count] }
    var groups = Dictionary(grouping: mine) { $0.sew * 8 + $0.lmul + 3 }.sorted { $0.key < $1.key }.map(\.value)
    groups.shuffle(using: &random)
    for var group in groups {
      group.shuffle(using: &random)
      context.isStale = true
      for cell in group {
        switch random.below(100) {
        case 0..<3: reservedType()
        case 3: vectorOff()
        case 4..<9: reservedOperands(shared)
        case 9: keepLength()
        case 10..<13: readVectorCSRs()
        default: break
        }
        visit(cell)
      }
    }
    end()
    return Program(seed: seed, items: items, integers: integers, constants: constants, data: noise())
  }

  /// Turns vectors on, fills all registers, and types and lengths with something.
  private mutating func vectorStart() {
    append("addi", Operands(rd: 6, imm: 0x600), pinned: true)
    append("csrrs", Operands(rs1: 6, imm: 0x300), pinned: true)
    for group in stride(from: UInt8(0), to: 32, by: 8) { fill(group, 8, from: .noise) }
  }

  // MARK: Types

  /// Sets the type of the cell, and a length of one of four classes.
  mutating func configure(_ sew: Int, _ lmul: Int, groupOf: Int = 1) {
    let bits = VectorCells.vtype(sew: sew, lmul: lmul, policy: random.below(4))
    context.sew = sew
    context.lmul = lmul
    context.type = VectorType(written: bits, elen: context.elen)
    context.isStale = false
    let vlmax = context.vlmax
    var length: Int
    switch random.below(10) {
    case 0: length = 0
    case 1: length = 1
    case 2..<6: length = 1 + random.below(vlmax)
    default: length = vlmax + (random.chance(30) ? random.below(1000) : 0)
    }
    if groupOf > 1, random.chance(95) { length = length / groupOf * groupOf }
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
