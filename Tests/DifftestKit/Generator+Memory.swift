import RVDecoder

/// Loads, stores, atomics, cache blocks.
extension Generator {
  /// Alignments modulo 16, then accesses over a page's end that begin 1, 2 … bytes before it.
  static func memoryCells(width: Int) -> Int { 16 + width - 1 }

  /// An address in the data area.
  private mutating func address(_ cell: Int, width: Int, evenPage: Bool? = nil) -> UInt64 {
    var index = 1 + random.below(Int(Layout.dataPages) - 3)
    if let evenPage, (index % 2 == 0) != evenPage { index += 1 }
    let page = Layout.data + UInt64(index) * 4096
    if cell >= 16 { return page + 4096 - UInt64(cell - 15) }
    return page + UInt64(random.below(4096 / 16 - 1) * 16 + cell)
  }

  mutating func memory(_ row: RowInfo, _ width: Int, _ visit: Int) {
    guard let (word, op) = word(row, freeBase: true) else { return }
    let address = address(visit % Self.memoryCells(width: width), width: width)
    if row.work == .store, op.rs2 != op.rs1 { refreshSources(row, op, percent: 30) }
    append(.address(rd: op.rs1, .absolute(address &- UInt64(bitPattern: Int64(op.imm)))))
    append(.word(word))
    if row.work == .store, random.chance(60) {
      append("ld", Operands(rd: register(), rs1: op.rs1, imm: max(-2048, min(2040, op.imm))))
    }
  }

  mutating func atomic(_ row: RowInfo, _ width: Int, _ visit: Int) {
    guard let (word, op) = word(row, freeBase: true) else { return }
    let isCompare = row.mnemonic.hasPrefix("amocas")
    let offset = random.chance(8) ? random.below(16) : 0
    // Reservations of 4 and of 8 bytes live in different pages: whether sizes must agree is left open.
    let isReservation = row.mnemonic.hasPrefix("lr") || row.mnemonic.hasPrefix("sc")
    let aligned = address(visit * width % 16, width: width, evenPage: isReservation ? width == 4 : nil)
    let address = aligned / UInt64(width) * UInt64(width) + UInt64(offset)
    let base = op.rs1
    if op.rs2 != base { refreshSources(row, op, percent: 40) }
    append(.address(rd: base, .absolute(address)))
    kept |= 1 << UInt32(base)
    defer { kept &= ~(1 << UInt32(base)) }
    if row.mnemonic.hasPrefix("sc."), random.chance(75) {
      // Now and then to another address, or with something between.
      let other = random.chance(10) ? register() : base
      if other != base { append(.address(rd: other, .absolute(address ^ UInt64(width)))) }
      append(width == 4 ? "lr.w" : "lr.d", Operands(rd: register(), rs1: other))
      stuffing(random.below(3))
      if random.chance(10) { append("ecall") }
    }
    if isCompare, random.chance(60), op.rd != base, op.rd < 32, op.rd != 0 {
      let load = width == 1 ? "lb" : width == 2 ? "lh" : width == 4 ? "lw" : "ld"
      append(load, Operands(rd: op.rd, rs1: base))
      if width == 16, op.rd + 1 != base { append("ld", Operands(rd: op.rd + 1, rs1: base, imm: 8)) }
    }
    append(.word(word))
    if width < 16, !row.mnemonic.hasPrefix("lr"), row.writes(op).x >> UInt32(base) & 1 == 0, random.chance(60) { append("ld", Operands(rd: register(), rs1: base)) }
  }

  mutating func block(_ row: RowInfo) {
    guard let (word, op) = word(row, freeBase: true) else { return }
    append(.address(rd: op.rs1, .absolute(address(random.below(16), width: 1))))
    append(.word(word))
    if random.chance(60) { append("ld", Operands(rd: register(), rs1: op.rs1, imm: Int32(random.below(128) - 64))) }
  }

  /// An access to where nothing is, or over the end of memory.
  mutating func badAccess() {
    let rows = table.rows.filter { row in
      guard row.isEnabled(by: options.isa.extensions) else { return false }
      switch row.work {
      case .load, .store, .atomic: return true
      default: return false
      }
    }
    let row = random.pick(rows)
    guard let (word, op) = word(row, freeBase: true) else { return }
    // Spike writes the bytes of a store before the end of memory, and then faults: left open, and not compared.
    let last = row.work == .load ? Layout.end - UInt64(random.below(8)) : Layout.end - 8
    let address = random.chance(30) ? last : random.pick(Self.badAddresses)
    load(address &- UInt64(bitPattern: Int64(op.imm)), register: op.rs1, integer: true)
    append(.word(word))
  }
}
