import RVDecoder

/// Branches, jumps, loops.
extension Generator {
  /// A word of a direct jump whose operands are kept; the immediate comes later.
  private func operands(_ row: RowInfo, _ word: UInt32) -> Operands { row.operands(of: word & (row.isCompressed ? 0xffff : ~0)) }

  mutating func direct(_ row: RowInfo) {
    guard let (word, op) = word(row) else { return }
    var operands = operands(row, word)
    if row.work == .branch, !row.isCompressed, random.chance(20) { operands.rs2 = operands.rs1 }
    refreshSources(row, op)
    let here = items.count
    let count = random.below(4)
    append(.jump(row: row.id, operands, .item(here + 1 + count)))
    stuffing(count)
    // The target must exist.
    if items.count < here + 1 + count { stuffing(here + 1 + count - items.count) }
    append("addi")
  }

  mutating func indirect(_ row: RowInfo) {
    guard let (word, op) = word(row, freeBase: true) else { return }
    let here = items.count
    let count = random.below(4)
    let odd: Int64 = random.chance(20) ? 1 : 0
    append(.address(rd: op.rs1, .item(here + 2 + count, offset: odd - Int64(op.imm))))
    append(.word(word))
    while items.count < here + 2 + count { stuffing(1) }
    append("addi")
  }

  mutating func loop(_ body: (inout Generator) -> Void) {
    guard !isInLoop else { return body(&self) }
    isInLoop = true
    append("addi", Operands(rd: Reserved.counter, imm: Int32(1 + random.below(6))))
    let start = items.count
    // Constants are addressed anew in each turn.
    constantPage = -1
    frm = nil
    body(&self)
    constantPage = -1
    frm = nil
    append("addi", Operands(rd: Reserved.counter, rs1: Reserved.counter, imm: -1))
    if items.count > start + 1 { jump("blt", Operands(rs1: 0, rs2: Reserved.counter), to: .item(start)) }
    isInLoop = false
  }

  /// A jump to where no memory is: the handler goes on behind it.
  mutating func badJump() {
    guard let row = table.row(mnemonic: "jalr"), let (word, op) = word(row, freeBase: true)
    else { return }
    let here = items.count
    append(.address(rd: Reserved.resume, .item(here + 3)))
    refresh(op.rs1, slot: Self.firstBad + random.below(Self.badAddresses.count))
    append(.word(word & 0x000f_ffff | (random.chance(50) ? 0 : 0x0040_0000)))
    append("addi")
  }

  /// A jump over the first half of an instruction whose second half is one, too.
  mutating func jumpIntoMiddle() {
    guard let short = table.row(mnemonic: random.pick(["c.addi", "c.li", "c.xor", "c.slli", "c.addiw"])), let inner = word(short),
      let lui = table.row(mnemonic: "lui")
    else { return }
    let word = lui.match | UInt32(register()) << 7 | inner.word << 16
    let here = items.count
    jump("beq", Operands(rs1: 0, rs2: random.chance(50) ? 0 : register()), to: .item(here + 1, offset: 2))
    append(.word(word))
    append("addi")
  }

  /// An instruction is written over another, and runs after fence.i.
  mutating func changedCode() {
    guard let (word, _) = word(random.pick(plain.filter { !$0.isCompressed && $0.work == .alu })), !isInLoop else { return }
    let address = register()
    let value = register(not: 1 << UInt32(address))
    load(UInt64(word) | random.next() << 32, register: value, integer: true)
    append(.address(rd: address, .item(items.count + 3)))
    append("sw", Operands(rs1: address, rs2: value))
    append("fence.i")
    append("addi", Operands(rd: register(), imm: Int32(random.below(100))))
  }
}
