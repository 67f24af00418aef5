import RVDecoder
import RVExec

/// One vector instruction with all that it needs.
extension Generator {
  mutating func visit(_ target: VectorTarget) {
    let cell = target.cell
    let row = table.rows[cell.row]
    let group = VectorCells.groupSize(row)
    // Now and then with what the last one has left.
    if context.isStale || random.chance(92) || group > 1 || target.pair != nil {
      configure(cell.sew, cell.lmul, length: target.length, policy: target.policy, groupOf: group)
    }
    guard let (word, op) = vectorWord(row, masked: cell.masked, apart: target.pair != nil) else { return }
    kept |= row.reads(op).x
    defer { kept = 0 }
    let operands = VectorOperands.shared[cell.row]
    if VectorCells.isFloat(row) { floatState(target) }
    switch row.work {
    case .vsmul, .vscale, .vnclip, .vaverage, .vsaturate:
      if random.chance(50) { append("csrrwi", Operands(rs1: UInt8(random.below(4)), imm: 0xa)) }
      if random.chance(50) { append("csrrwi", Operands(imm: 9)) }
    default: break
    }
    if case .vl = row.row { return vectorMemory(row, word, op, operands, target) }
    scalars(row, op, operands, target)
    sources(row, op, operands, target)
    if target.hasStart {
      setStart(context.vl)
      append(.word(word))
      append("csrrwi", Operands(imm: 8))
    }
    append(.word(word))
  }

  /// Sets vstart to something from 1 to `limit` and a little more, mostly.
  mutating func setStart(_ limit: Int) {
    let last = min(max(limit, 1) + 1, context.vlenb * 8 - 1)
    let value = 1 + random.below(last)
    if value < 32 { return append("csrrwi", Operands(rs1: UInt8(value), imm: 8)) }
    let source = register()
    number(source, UInt64(value))
    append("csrrw", Operands(rs1: source, imm: 8))
  }

  /// A rounding mode, and flags that are down.
  private mutating func floatState(_ target: VectorTarget) {
    if target.pair == nil, random.chance(3) {
      // No mode: everything traps that could round, and the rest too.
      append("csrrwi", Operands(rs1: UInt8(5 + random.below(3)), imm: 2))
      frm = nil
    } else if frm != target.mode, frm == nil || target.pair != nil || random.chance(85) {
      append("csrrwi", Operands(rs1: UInt8(target.mode), imm: 2))
      frm = target.mode
    }
    if random.chance(40) { append("csrrwi", Operands(imm: 1)) }
  }

  // MARK: Operands

  /// A word whose operands the type allows.
  /// - Parameter apart: the sources are not in the same eight registers.
  private mutating func vectorWord(_ row: RowInfo, masked: Bool, apart: Bool) -> (word: UInt32, op: Op)? {
    let operands = VectorOperands.shared[Int(row.id)]
    for _ in 0..<400 {
      var bits = UInt32(truncatingIfNeeded: random.next()) & ~(1 << 25) | (masked ? 0 : 1 << 25)
      // Close together they overlap.
      let close = !apart && random.chance(35) ? UInt8(random.below(4) * 8) : nil
      for use in row.uses where use.file == .v {
        let (operand, place): (VectorOperands.Operand, UInt32) =
          switch use.slot {
          case .rd: (operands.vd, 7)
          case .rs1: (operands.vs1, 15)
          default: (operands.vs2, 20)
          }
        guard let (emul, _) = operand.size(context.type, elen: context.elen) else { return nil }
        let number = (close ?? 0) + UInt8(random.below(close == nil ? 32 : 8))
        var length = 1 << max(emul, 0)
        if operand.width == VectorOperands.Operand.group {
          length = max(1, (VectorCells.groupSize(row) << context.sew) / context.vlenb)
        }
        bits = bits & ~(31 << place) | UInt32(Int(number) & ~(length - 1)) << place
      }
      guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { continue }
      let op = decoder.decode(word)
      guard row.writes(op).x & Reserved.mask == 0, operands.allow(op, context.type, elen: context.elen) else { continue }
      if apart, operands.vs1.isPresent, operands.vs2.isPresent, (op.rs1 ^ op.rs2) & 24 == 0 { continue }
      if case .vl = row.row {
        guard Self.isFree(op.rs1) else { continue }
        if row.uses.contains(where: { $0.slot == .rs2 && $0.file == .x }), !Self.isFree(op.rs2) || op.rs2 == op.rs1 { continue }
      }
      return (word, op)
    }
    return nil
  }

  private mutating func scalars(_ row: RowInfo, _ op: Op, _ operands: VectorOperands, _ target: VectorTarget) {
    switch operands.source {
    case .x:
      kept = 0
      if Self.isFree(op.rs1), [.vslide, .vslidedown, .vgather, .vgatherone].contains(row.work), random.chance(60) {
        number(op.rs1, UInt64(random.below(2 * max(1, context.vlmax))))
      } else {
        refreshSources(row, op, percent: 70)
      }
      kept = row.reads(op).x
    case .f:
      guard target.pair != nil || random.chance(90), let format = Self.format(row, width: context.sew) else { return }
      let value =
        target.pair != nil || random.chance(85) || format.width == 64
        ? VectorNumber.value(target.first, format, &random) : FloatValues.value(.unboxed, format, &random)
      load(value, register: op.rs1, integer: false)
    default: break
    }
  }

  /// Fills some of the source registers.
  private mutating func sources(_ row: RowInfo, _ op: Op, _ operands: VectorOperands, _ target: VectorTarget) {
    // Results are seldom numbers of all classes.
    let isFloat = VectorCells.isFloat(row)
    let percent = isFloat ? 85 : 45
    for use in row.uses where use.file == .v && use.isRead && (target.pair != nil || random.chance(percent)) {
      let operand = use.slot == .rd ? operands.vd : use.slot == .rs1 ? operands.vs1 : operands.vs2
      let first = use.slot == .rd ? nil : use.slot == .rs1 ? target.first : target.second
      fill(
        op[use.slot], operand, row, isIndex: use.slot == .rs1 && (row.work == .vgather || row.work == .vgatherone), whole: operands.whole, first: first,
        isSure: target.pair != nil)
    }
    if op.aux & 1 == 0 || operands.readsCarries, random.chance(isFloat ? 50 : 25) { fillMask(isFirstActive: isFloat) }
  }

  /// Fills v0.
  /// - Parameter isFirstActive: with a mask that has the first element.
  mutating func fillMask(isFirstActive: Bool = false) {
    isFirstActive ? fill(0, 1, from: .masks, place: 0) : fill(0, 1, from: .masks)
  }

  /// - Parameters:
  ///   - first: which of ``VectorNumber`` the first element is to be, mostly.
  ///   - isSure: where numbers are read there shall be numbers.
  mutating func fill(
    _ number: UInt8, _ operand: VectorOperands.Operand, _ row: RowInfo, isIndex: Bool, whole: UInt8, first: Int? = nil,
    isSure: Bool = false
  ) {
    guard let (emul, eew) = operand.size(context.type, elen: context.elen) else { return }
    if whole != 0 { return fill(number, Int(whole), from: .noise) }
    var kind = VectorPools.Kind.noise
    var place: Int?
    if operand.width == VectorOperands.Operand.bit {
      kind = .masks
    } else if isIndex, random.chance(60) {
      kind = VectorPools.index(width: eew)
    } else if VectorCells.isFloat(row), isSure || random.chance(92) {
      switch Self.format(row, width: eew) {
      case FloatFormat.half?: kind = .half
      case FloatFormat.bfloat?: kind = .bfloat
      case FloatFormat.single?: kind = .single
      case FloatFormat.double?: kind = .double
      default: kind = .noise
      }
      if kind != .noise { place = first }
    }
    var length = operand.width < -1 ? 1 : 1 << max(emul, 0)
    if operand.width == VectorOperands.Operand.group { length = max(1, (VectorCells.groupSize(row) << eew) / context.vlenb) }
    fill(number, length, from: kind, place: place)
  }

  /// Loads whole registers from a pool.
  /// - Parameters:
  ///   - count: 1, 2, 4 or 8, of which the number is a multiple.
  ///   - place: which of eight words in a row is the first; any when `nil`.
  mutating func fill(_ number: UInt8, _ count: Int, from kind: VectorPools.Kind, place: Int? = nil) {
    let room = (context.pools.size - count * context.vlenb) / 8
    let word = place.map { random.below(room / 8) * 8 + $0 } ?? random.below(room + 1)
    fill(number, count, at: context.pools.address(kind) + UInt64(word * 8))
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
