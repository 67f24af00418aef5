import RVDecoder

/// Floating point: operands of chosen classes, every rounding mode.
extension Generator {
  mutating func float(_ row: RowInfo, _ shape: FloatShape, _ visit: Int) {
    let cell = shape.cell(visit % shape.cellCount)
    guard var (word, op) = word(row, freeBase: shape.takesInteger) else { return }
    // Operands of their own, mostly: one register can hold but one class.
    for _ in 0..<20 where shape.sources.count > 1 && (cell.tie || cell.cancels || cell.first != cell.second || random.chance(90))
    {
      if Set(shape.sources.map { op[$0] }).count == shape.sources.count { break }
      if let other = self.word(row) { (word, op) = other }
    }
    if shape.hasMode {
      var operands = row.operands(of: word)
      let isStatic = random.chance(60)
      operands.aux = isStatic ? UInt8(cell.mode) : 7
      guard let encoded = Encoder.encode(row, operands) else { return }
      word = encoded
      op = decoder.decode(word)
      if !isStatic, frm != cell.mode {
        append("csrrwi", Operands(rs1: UInt8(cell.mode), imm: 2))
        frm = cell.mode
      }
    }
    if random.chance(60) { append("csrrwi", Operands(imm: 1)) }
    if shape.takesInteger {
      load(integer(cell.integer, shape), register: op.rs1, integer: true)
    } else if let format = shape.format {
      let values = operands(cell, shape, format)
      for (slot, value) in zip(shape.sources, values) { load(value, register: op[slot], integer: false) }
    }
    append(.word(word))
  }

  private mutating func operands(_ cell: FloatShape.Cell, _ shape: FloatShape, _ format: FloatFormat) -> [UInt64] {
    if cell.tie {
      guard let arithmetic = shape.arithmetic else { return [FloatValues.tie(format, to: shape.target, &random)] }
      let pair = FloatValues.tiePair(product: arithmetic != .sum, format, &random)
      return [pair.0, pair.1, FloatValues.value(random.chance(50) ? .positiveZero : .negativeZero, format, &random)]
    }
    if cell.cancels {
      return FloatValues.cancelling(fused: shape.arithmetic == .fused, subtracts: shape.subtracts, format, &random)
    }
    let a = FloatValues.value(cell.first, format, &random)
    var b = FloatValues.value(cell.second, format, &random)
    // Equal, or nearly so: cancellation.
    if cell.first == cell.second, random.chance(25) { b = random.chance(50) ? a : a ^ (format.sign | UInt64(random.below(4))) }
    if FloatClass(register: b, format) != cell.second { b = a }
    let third = FloatClass(rawValue: random.below(FloatClass.count(format))) ?? .normal
    return [a, b, FloatValues.value(random.chance(60) ? .normal : third, format, &random)]
  }

  private mutating func integer(_ kind: Int, _ shape: FloatShape) -> UInt64 {
    let negative = random.chance(50)
    let precision = (shape.target?.fraction ?? 52) + 1
    let value: UInt64
    switch kind {
    case 0: value = 0
    case 1: value = max(1, random.next() & ((1 << UInt64(1 + random.below(precision))) - 1))
    case 2:
      let odd = 1 | 1 << UInt64(precision) | random.next() & ((1 << UInt64(precision)) - 1)
      value = odd << UInt64(random.below(max(1, 63 - precision)))
    default: value = random.chance(50) ? random.next() : random.pick(integers)
    }
    return negative ? 0 &- value : value
  }

  /// Loads a constant into a register.
  mutating func load(_ value: UInt64, register: UInt8, integer: Bool) {
    let slot = constants.count
    constants.append(value)
    let page = slot / 512
    if page != constantPage {
      append(.address(rd: Reserved.constants, .absolute(Layout.constants + UInt64(page) * 4096 + 2048)))
      constantPage = page
    }
    append(integer ? "ld" : "fld", Operands(rd: register, rs1: Reserved.constants, imm: Int32(slot % 512 * 8 - 2048)))
  }

  /// Rows with f registers.
  private var floatRows: [RowInfo] {
    table.rows.filter { row in row.isEnabled(by: options.isa.extensions) && row.uses.contains { $0.file == .f } }
  }

  /// An instruction with f registers; an address lies in the data area.
  private mutating func anyFloat() {
    let row = random.pick(floatRows)
    let isAccess = row.work == .load || row.work == .store
    guard let (word, op) = word(row, freeBase: isAccess) else { return }
    if isAccess {
      let address = Layout.data + 4096 + UInt64(random.below(4096))
      append(.address(rd: op.rs1, .absolute(address &- UInt64(bitPattern: Int64(op.imm)))))
    }
    append(.word(word))
  }

  /// Floating point is off for a while: its instructions and CSRs trap.
  mutating func floatOff() {
    guard !isUserMode, !isInLoop else { return }
    let mask = register()
    append("lui", Operands(rd: mask, imm: 0x6000))
    kept |= 1 << UInt32(mask)
    defer { kept &= ~(1 << UInt32(mask)) }
    append("csrrc", Operands(rs1: mask, imm: 0x300))
    for _ in 0..<1 + random.below(4) {
      anyFloat()
    }
    append("csrrs", Operands(rd: register(), imm: Int32(random.pick([1, 2, 3]))))
    append("csrrs", Operands(rs1: mask, imm: 0x300))
    if random.chance(50) {
      // Initial or clean: what makes the state dirty?
      let bit = register()
      append("lui", Operands(rd: bit, imm: random.chance(50) ? 0x2000 : 0x4000))
      append("csrrc", Operands(rs1: bit, imm: 0x300))
      anyFloat()
      append("csrrs", Operands(rd: register(), imm: 0x300))
      append("csrrs", Operands(rs1: mask, imm: 0x300))
    }
  }
}
