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

  /// A type that is reserved, or too much for ELEN; instructions after it trap, but for those that do not ask for the type.
  private mutating func reservedType() {
    let source = register()
    let type = register(not: 1 << UInt32(source))
    let bits: UInt64
    switch random.below(5) {
    case 0: bits = 4 | UInt64(random.below(4)) << 3
    case 1: bits = UInt64(4 + random.below(4)) << 3 | random.next() & 7
    case 2: bits = 1 << UInt64(8 + random.below(56)) | random.next() & 0xff
    case 3: bits = UInt64(random.pick([0x1d, 0x1e, 0x1f, 0x16, 0x15, 0x0d]))
    default: bits = random.next() & 0x7ff
    }
    refresh(source)
    number(type, bits)
    if bits < 0x400, random.chance(30) {
      append("vsetivli", Operands(rd: register(), rs1: UInt8(random.below(32)), imm: Int32(bits)))
    } else if bits < 0x800, random.chance(40) {
      append("vsetvli", Operands(rd: register(), rs1: source, imm: Int32(bits)))
    } else {
      append("vsetvl", Operands(rd: register(), rs1: source, rs2: type))
    }
    for _ in 0..<1 + random.below(2) { anyVector() }
    context.isStale = true
  }

  /// The form that keeps vl: with the same ratio of SEW to LMUL, or (reserved) another.
  private mutating func keepLength() {
    let shift = random.pick([-1, 0, 1, 2])
    let (sew, lmul) = (context.sew + shift, context.lmul + (random.chance(70) ? shift : 0))
    guard !context.isStale, 0...3 ~= sew, -3...3 ~= lmul else { return }
    append("vsetvli", Operands(rd: 0, rs1: 0, imm: Int32(VectorCells.vtype(sew: sew, lmul: lmul, policy: random.below(4)))))
    anyVector()
    context.isStale = true
  }

  /// Vectors (or floating point) are off, or were not used yet, for an instruction or two.
  private mutating func vectorOff() {
    let mask = register()
    let isFloat = random.chance(30)
    func set(_ state: Int, _ generator: inout Generator) {
      if isFloat {
        generator.append("lui", Operands(rd: mask, imm: Int32(state << 13)))
      } else {
        generator.append("addi", Operands(rd: mask, imm: Int32(state << 9)))
      }
    }
    set(3, &self)
    append("csrrc", Operands(rs1: mask, imm: 0x300))
    let state = random.below(3)
    if state != 0 {
      set(state, &self)
      append("csrrs", Operands(rs1: mask, imm: 0x300))
    }
    for _ in 0..<1 + random.below(2) { anyVector() }
    append("csrrs", Operands(rd: register(), imm: random.pick([8, 9, 10, 15, 0xc20, 0xc21, 0xc22, 0x300])))
    set(3, &self)
    append("csrrs", Operands(rs1: mask, imm: 0x300))
    append("csrrwi", Operands(imm: 8))
    context.isStale = true
  }

  private mutating func readVectorCSRs() {
    let number = random.pick([8, 9, 10, 15, 0xc20, 0xc21, 0xc22, 3, 1] as [Int32])
    if number < 16, random.chance(50) {
      let value = number == 8 ? 0 : number == 3 ? 0 : random.below(32)
      append(random.pick(["csrrwi", "csrrsi", "csrrci"]), Operands(rd: register(), rs1: UInt8(value), imm: number))
      if number == 8 { append("csrrwi", Operands(imm: 8)) }
    } else {
      append("csrrs", Operands(rd: register(), imm: number))
    }
    if number == 8, random.chance(30) {
      // As many bits as VLEN has.
      let source = register()
      refresh(source)
      append("csrrw", Operands(rs1: source, imm: 8))
      append("csrrwi", Operands(rd: register(), imm: 8))
    }
  }

  // MARK: Reserved encodings

  /// Operands that nobody has looked at: most of them are not allowed.
  private mutating func reservedOperands(_ shared: Shared) {
    if context.isStale { return }
    if random.chance(15) {
      // No row at all, perhaps.
      let word = UInt32(truncatingIfNeeded: random.next()) & ~0x7f | 0x57
      if decoder.row(for: word) == nil { append(.word(word)) }
      return
    }
    anyVector(legal: false)
    context.isStale = random.chance(20)
  }

  /// Any row but indexed stores, which could go anywhere.
  private mutating func anyVector(legal: Bool = false) {
    let row = random.pick(vectorRows)
    guard row.work != .vstoreindex, !row.mnemonic.hasPrefix("vsuxseg"), !row.mnemonic.hasPrefix("vsoxseg"), row.work != .vset
    else { return }
    for _ in 0..<100 {
      guard let (word, op) = word(row, freeBase: { if case .vl = row.row { true } else { false } }()) else { return }
      if case .vl = row.row {
        if row.uses.contains(where: { $0.slot == .rs2 && $0.file == .x }) {
          guard isBase(op.rs2), op.rs2 != op.rs1 else { continue }
          number(op.rs2, UInt64(random.below(9)))
        }
        append(.address(rd: op.rs1, .absolute(Layout.data + 0x4000 + UInt64(random.below(0x400) * 8))))
      }
      append(.word(word))
      append("csrrwi", Operands(imm: 8))
      return
    }
  }
}
