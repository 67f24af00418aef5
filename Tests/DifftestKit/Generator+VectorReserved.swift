import RVDecoder
import RVExec

/// A way in which a row is reserved.
struct ReservedTarget: Sendable {
  var row: Int
  var reason: VectorReserved

  static func all(_ rows: [RowInfo], isa: ISA, vlenb: Int, decoder: Decoder) -> [ReservedTarget] {
    let elen = isa.contains(.zve64x) ? 3 : 2
    return rows.filter { $0.work != .vset }.flatMap { row in
      let operands = VectorOperands.shared[Int(row.id)]
      var isAccess = false
      if case .vl = row.row { isAccess = true }
      var reasons = VectorReserved.possible(row, isa: isa, elen: elen, vlenb: vlenb, decoder: decoder)
      reasons.insert(.off)
      if operands.whole == 0 || !isAccess { reasons.insert(.type) }
      if !isAccess { reasons.insert(.start) }
      if VectorCells.isFloat(row) { reasons.insert(.rounding) }
      if VectorCells.groupSize(row) > 1 { reasons.insert(.group) }
      return reasons.sorted { $0.rawValue < $1.rawValue }.map { ReservedTarget(row: Int(row.id), reason: $0) }
    }
  }
}

/// What traps, or is seldom: reserved types and operands, vectors that are off, vector CSRs.
extension Generator {
  /// A type that is reserved, or too much for ELEN; instructions after it trap, but for those that do not ask for the type.
  mutating func reservedType(_ shared: Shared) {
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
    for _ in 0..<1 + random.below(4) { anyVector(row(shared, .type)) }
    context.isStale = true
  }

  /// The form that keeps vl: with the same ratio of SEW to LMUL, or (reserved) another.
  mutating func keepLength() {
    let shift = random.pick([-1, 0, 1, 2])
    let (sew, lmul) = (context.sew + shift, context.lmul + (random.chance(70) ? shift : 0))
    guard !context.isStale, 0...3 ~= sew, -3...3 ~= lmul else { return }
    append("vsetvli", Operands(rd: 0, rs1: 0, imm: Int32(VectorCells.vtype(sew: sew, lmul: lmul, policy: random.below(4)))))
    anyVector(random.pick(vectorRows))
    context.isStale = true
  }

  /// Vectors (or floating point) are off, or were not used yet, for an instruction or two.
  mutating func vectorOff(_ shared: Shared) {
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
    for _ in 0..<2 + random.below(5) { anyVector(row(shared, .off)) }
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

  /// A row that may be reserved so.
  private mutating func row(_ shared: Shared, _ reason: VectorReserved) -> RowInfo {
    for _ in 0..<40 {
      let target = random.pick(shared.reserved)
      if target.reason == reason { return table.rows[target.row] }
    }
    return random.pick(vectorRows)
  }

  /// What traps for its operands, or because it is no instruction; operands that nobody has looked at.
  mutating func reservedOperands(_ shared: Shared) {
    switch random.below(10) {
    case 0..<2:
      let slots = shared.possibleEncodings.indices.filter { shared.possibleEncodings[$0] }
      let slot = slots[(Int(seed) * 11 + random.below(30)) % slots.count]
      if let word = VectorEncodings.unassigned(slot, decoder: decoder, &random) { append(.word(word)) }
    case 2:
      if context.isStale { return }
      anyVector(random.pick(vectorRows))
      context.isStale = random.chance(20)
    default:
      for _ in 0..<2 {
        // Each program goes on where its predecessor has ended, nearly.
        let target = shared.reserved[(Int(seed) * 67 + random.below(200)) % shared.reserved.count]
        reserved(target)
      }
    }
  }

  /// The row reserved in this way, under some type.
  private mutating func reserved(_ target: ReservedTarget) {
    let row = table.rows[target.row]
    switch target.reason {
    case .start, .rounding: return
    case .type:
      let type = register()
      number(type, 1 << 63)
      append("vsetvl", Operands(rs2: type))
      context.isStale = true
      if let (word, _) = word(row) { append(.word(word)) }
      return
    case .off:
      let mask = register()
      append("addi", Operands(rd: mask, imm: 0x600))
      append("csrrc", Operands(rs1: mask, imm: 0x300))
      kept |= 1 << UInt32(mask)
      if let (word, _) = word(row) { append(.word(word)) }
      kept = 0
      append("csrrs", Operands(rs1: mask, imm: 0x300))
      return
    case .group:
      configure(row.mnemonic.hasPrefix("vsha2") ? 2 + random.below(2) : 2, 3, length: 2)
      if context.vl % VectorCells.groupSize(row) != 0 { anyVector(row) }
      return
    default: break
    }
    let types = VectorCells.types(elen: context.elen)
    for _ in 0..<500 {
      let type = random.pick(types)
      // Registers of their own and of one group alternate.
      var bits = UInt32(truncatingIfNeeded: random.next())
      if target.reason == .mask { bits &= ~(1 << 25 | 31 << 7) }
      if target.reason == .secondOverlap || target.reason == .firstOverlap, random.chance(70) {
        let place: UInt32 = target.reason == .secondOverlap ? 20 : 15
        let near = UInt32(random.below(4) * 8)
        let other = near + UInt32(random.pick([0, 1, 2, 4]))
        let (vd, source) = random.chance(50) ? (near, other) : (other, near)
        bits = bits & ~(31 << 7 | 31 << place) | vd << 7 | source << place
        bits |= 1 << 25
      }
      guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { continue }
      let op = decoder.decode(word)
      guard row.writes(op).x & Reserved.mask == 0,
        VectorReserved.reason(row, op, type, isa: options.isa, elen: context.elen, vlenb: context.vlenb) == target.reason
      else { continue }
      configure(type.sew, type.lmul, length: 2)
      context.isStale = true
      append(.word(word))
      return
    }
  }

  /// A word of the row with an address that it may access; no indexed store, which could go anywhere.
  private mutating func anyVector(_ row: RowInfo) {
    let isAccess: Bool = if case .vl = row.row { true } else { false }
    guard row.work != .vset else { return }
    let isIndexedStore = row.work == .vstoreindex || row.mnemonic.hasPrefix("vsuxseg") || row.mnemonic.hasPrefix("vsoxseg")
    if isIndexedStore { return }
    for _ in 0..<100 {
      guard let (word, op) = word(row, freeBase: isAccess) else { return }
      if isAccess {
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
