import RVDecoder
import RVExec

/// One vector instruction with all that it needs.
extension Generator {
  mutating func visit(_ cell: VectorCell) {
    let row = table.rows[cell.row]
    let groupOf = row.work == .vcrypto ? 4 : 1
    if context.isStale || random.chance(45) || groupOf > 1 { configure(cell.sew, cell.lmul, groupOf: groupOf) }
    guard let (word, op) = vectorWord(row, masked: cell.masked) else { return }
    kept |= row.reads(op).x
    defer { kept = 0 }
    let operands = VectorOperands.shared[cell.row]
    if VectorCells.isFloat(row) { floatState() }
    switch row.work {
    case .vsmul, .vscale, .vnclip, .vaverage, .vsaturate:
      if random.chance(50) { append("csrrwi", Operands(rs1: UInt8(random.below(4)), imm: 0xa)) }
      if random.chance(50) { append("csrrwi", Operands(imm: 9)) }
    default: break
    }
    if case .vl = row.row { return vectorMemory(row, word, op, operands) }
    scalars(row, op, operands)
    sources(row, op, operands)
    let traps = random.chance(3)
    if traps { append("csrrwi", Operands(rs1: UInt8(1 + random.below(min(31, max(1, context.vl + 1)))), imm: 8)) }
    append(.word(word))
    if traps { append("csrrwi", Operands(imm: 8)) }
  }

  /// A rounding mode, and flags that are down.
  private mutating func floatState() {
    if random.chance(3) {
      // No mode: everything traps that could round, and the rest too.
      append("csrrwi", Operands(rs1: UInt8(5 + random.below(3)), imm: 2))
      frm = nil
    } else if frm == nil || random.chance(50) {
      let mode = random.below(5)
      append("csrrwi", Operands(rs1: UInt8(mode), imm: 2))
      frm = mode
    }
    if random.chance(40) { append("csrrwi", Operands(imm: 1)) }
  }

  // MARK: Operands

  /// A word whose operands the type allows.
  private mutating func vectorWord(_ row: RowInfo, masked: Bool) -> (word: UInt32, op: Op)? {
    let operands = VectorOperands.shared[Int(row.id)]
    for _ in 0..<400 {
      var bits = UInt32(truncatingIfNeeded: random.next()) & ~(1 << 25) | (masked ? 0 : 1 << 25)
      // Close together they overlap.
      let close = random.chance(35) ? UInt8(random.below(4) * 8) : nil
      for use in row.uses where use.file == .v {
        let (operand, place): (VectorOperands.Operand, UInt32) =
          switch use.slot {
          case .rd: (operands.vd, 7)
          case .rs1: (operands.vs1, 15)
          default: (operands.vs2, 20)
          }
        guard let (emul, _) = operand.size(context.type, elen: context.elen) else { return nil }
        let number = (close ?? 0) + UInt8(random.below(close == nil ? 32 : 8))
        bits = bits & ~(31 << place) | UInt32(number & ~(1 << UInt8(max(emul, 0)) - 1)) << place
      }
      guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { continue }
      let op = decoder.decode(word)
      guard row.writes(op).x & Reserved.mask == 0, operands.allow(op, context.type, elen: context.elen) else { continue }
      if case .vl = row.row {
        guard Self.isFree(op.rs1) else { continue }
        if row.uses.contains(where: { $0.slot == .rs2 && $0.file == .x }), !Self.isFree(op.rs2) || op.rs2 == op.rs1 { continue }
      }
      return (word, op)
    }
    return nil
  }

  private mutating func scalars(_ row: RowInfo, _ op: Op, _ operands: VectorOperands) {
    switch operands.source {
    case .x:
      kept = 0
      if Self.isFree(op.rs1), row.work == .vslide || row.work == .vgather, random.chance(60) {
        number(op.rs1, UInt64(random.below(2 * max(1, context.vlmax))))
      } else {
        refreshSources(row, op, percent: 70)
      }
      kept = row.reads(op).x
    case .f:
      guard random.chance(80), let format = Self.format(row, width: context.sew) else { return }
      let kind = FloatClass(rawValue: random.below(FloatClass.count(format))) ?? .normal
      load(FloatValues.value(kind, format, &random), register: op.rs1, integer: false)
    default: break
    }
  }

  /// Fills some of the source registers.
  private mutating func sources(_ row: RowInfo, _ op: Op, _ operands: VectorOperands) {
    if op.aux & 1 == 0 || operands.readsCarries, random.chance(25) { fill(0, 1, from: .masks) }
    // Results are seldom numbers of all classes.
    let percent = VectorCells.isFloat(row) ? 75 : 45
    for use in row.uses where use.file == .v && use.isRead && random.chance(percent) {
      let operand = use.slot == .rd ? operands.vd : use.slot == .rs1 ? operands.vs1 : operands.vs2
      fill(op[use.slot], operand, row, isIndex: use.slot == .rs1 && row.work == .vgather, whole: operands.whole)
    }
  }

  mutating func fill(_ number: UInt8, _ operand: VectorOperands.Operand, _ row: RowInfo, isIndex: Bool, whole: UInt8) {
    guard let (emul, eew) = operand.size(context.type, elen: context.elen) else { return }
    if whole != 0 { return fill(number, Int(whole), from: .noise) }
    var kind = VectorPools.Kind.noise
    if operand.width == VectorOperands.Operand.bit {
      kind = .masks
    } else if isIndex, random.chance(60) {
      kind = VectorPools.index(width: eew)
    } else if VectorCells.isFloat(row), random.chance(88) {
      switch Self.format(row, width: eew) {
      case FloatFormat.half?: kind = .half
      case FloatFormat.bfloat?: kind = .bfloat
      case FloatFormat.single?: kind = .single
      case FloatFormat.double?: kind = .double
      default: kind = .noise
      }
    }
    let length = operand.width < -1 ? 1 : 1 << max(emul, 0)
    fill(number, length, from: kind)
  }

  /// Loads whole registers from a pool.
  /// - Parameter count: 1, 2, 4 or 8, of which the number is a multiple.
  mutating func fill(_ number: UInt8, _ count: Int, from kind: VectorPools.Kind) {
    let room = (context.pools.size - count * context.vlenb) / 8
    fill(number, count, at: context.pools.address(kind) + UInt64(random.below(room + 1) * 8))
  }

  mutating func fill(_ number: UInt8, _ count: Int, at address: UInt64) {
    let base = register()
    append(.address(rd: base, .absolute(address)))
    append("vl\(count)re8.v", Operands(rd: number, rs1: base, aux: 1))
  }

  /// The format of numbers in elements of `1 << width` bytes.
  static func format(_ row: RowInfo, width: Int) -> FloatFormat? {
    switch width {
    case 1: row.mnemonic.contains("bf16") ? .bfloat : .half
    case 2: .single
    case 3: .double
    default: nil
    }
  }
}
