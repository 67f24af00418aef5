import RVDecoder
import RVExec

/// What traps, or is seldom: reserved types and operands, vectors that are off, vector CSRs.
extension Generator {
  /// A type that is reserved, or too much for ELEN; instructions after it trap, but for those that do not ask for the type.
  mutating func reservedType() {
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
  mutating func keepLength() {
    let shift = random.pick([-1, 0, 1, 2])
    let (sew, lmul) = (context.sew + shift, context.lmul + (random.chance(70) ? shift : 0))
    guard !context.isStale, 0...3 ~= sew, -3...3 ~= lmul else { return }
    append("vsetvli", Operands(rd: 0, rs1: 0, imm: Int32(VectorCells.vtype(sew: sew, lmul: lmul, policy: random.below(4)))))
    anyVector()
    context.isStale = true
  }

  /// Vectors (or floating point) are off, or were not used yet, for an instruction or two.
  mutating func vectorOff() {
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

  mutating func readVectorCSRs() {
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

  /// Operands that nobody has looked at: most of them are not allowed.
  mutating func reservedOperands(_ shared: Shared) {
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
