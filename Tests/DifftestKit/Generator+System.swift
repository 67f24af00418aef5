import RVDecoder

/// CSRs, traps, user mode.
extension Generator {
  /// CSRs that take any value without harm to the program.
  private static let writable: [Int32] = [
    1, 1, 2, 2, 3, 3, 0x340, 0x340, 0x341, 0x342, 0x343, 0x306, 0x30a, 0x30a, 0x323, 0x33f, 0xb03, 0xb1f, 0xb00, 0xb02, 0x320,
  ]
  /// CSRs that are read here: some are read-only, some would end the program when written.
  private static let readable: [Int32] = [
    0x300, 0x301, 0x304, 0x305, 0xf11, 0xf12, 0xf13, 0xf14, 0xf15, 0xc00, 0xc02, 0xc03, 0xc1f, 0xb00, 0xb02, 0x306, 0x30a, 0x320,
  ]
  /// CSRs that trap when written, or always.
  private static let trapping: [Int32] = [
    0xc00, 0xc02, 0xc05, 0xf11, 0xf14, 0x8ff, 0x5c0, 0x7c0, 0xcff, 0x744, 0x004, 0x600, 0x3a1, 0x310,
  ]

  mutating func csr(_ row: RowInfo) {
    let isImmediate = row.mnemonic.hasSuffix("i")
    let isSwap = row.mnemonic.hasPrefix("csrrw")
    let kind = random.below(10)
    let number =
      kind < 6 || (isSwap && kind < 9) ? random.pick(Self.writable) : random.pick(kind < 9 ? Self.readable : Self.trapping)
    let onlyReads = kind >= 6 && kind < 9 && !isSwap
    var rs1 = isImmediate ? UInt8(random.below(32)) : random.chance(15) ? 0 : register()
    if onlyReads { rs1 = 0 }
    if !isImmediate { refresh(rs1) }
    let rd = random.chance(20) ? 0 : register()
    // Back to a valid mode soon.
    append(row.mnemonic, Operands(rd: rd, rs1: rs1, imm: number))
    if number == 2 || number == 3 {
      frm = nil
      if random.chance(30),
        let row = table.row(mnemonic: random.pick(["fadd.s", "fsqrt.d", "fcvt.l.d", "fcvt.s.w", "fmadd.d", "fsgnj.s"])),
        let (word, _) = word(row)
      {
        append(.word(word))
      }
      append("csrrwi", Operands(rs1: UInt8(random.below(5)), imm: 2))
    }
    // Without S mode Spike asks a senvcfg that nobody can write, too: cache blocks in user mode are compared with menvcfg = 0.
    if number == 0x30a, !isUserMode {
      append("csrrs", Operands(rd: register(), imm: 0x30a))
      append("csrrwi", Operands(imm: 0x30a))
    }
    if number == 0x320, !isUserMode { append("csrrwi", Operands(imm: 0x320)) }
  }

  mutating func call(_ row: RowInfo) {
    guard let (word, _) = word(row) else { return }
    append(.word(word))
    // The handler returns to machine mode after a call.
    if isUserMode, row.mnemonic == "ecall" { enterUserMode() }
  }

  mutating func asIs(_ row: RowInfo) { if let (word, _) = word(row) { append(.word(word)) } }

  mutating func wfi(_ row: RowInfo) {
    guard !isUserMode, !isInLoop else { return }
    // mstatus.TW makes it trap in user mode.
    let mask = register()
    append("lui", Operands(rd: mask, imm: 0x20_0000))
    append("csrrs", Operands(rs1: mask, imm: 0x300))
    enterUserMode()
    append("wfi")
    leaveUserMode()
    append("lui", Operands(rd: mask, imm: 0x20_0000))
    append("csrrc", Operands(rs1: mask, imm: 0x300))
  }

  /// sret in user mode. Where a way leads here in machine mode, it goes on behind itself.
  mutating func failingReturn() {
    let address = register()
    append(.address(rd: address, .item(items.count + 3)))
    append("csrrw", Operands(rs1: address, imm: 0x141))
    append("sret")
  }

  /// mret (or sret) to user mode, behind itself.
  mutating func enterUserMode(bySupervisor: Bool = false) {
    let address = register()
    let mask = register(not: 1 << UInt32(address))
    let here = items.count
    append(.address(rd: address, .item(here + (bySupervisor ? 5 : 6))))
    append("csrrw", Operands(rs1: address, imm: bySupervisor ? 0x141 : 0x341))
    if bySupervisor {
      // mstatus.SPP = 0.
      append("addi", Operands(rd: mask, imm: 0x100))
    } else {
      // mstatus.MPP = 0.
      append("lui", Operands(rd: mask, imm: 0x2000))
      append("addi", Operands(rd: mask, rs1: mask, imm: -0x800))
    }
    append("csrrc", Operands(rs1: mask, imm: 0x300))
    append(bySupervisor ? "sret" : "mret")
    append("addi")
    isUserMode = true
  }

  mutating func leaveUserMode() {
    append("ecall")
    isUserMode = false
  }

  /// A word that is no instruction.
  mutating func illegal() {
    for _ in 0..<100 {
      var word = UInt32(truncatingIfNeeded: random.next())
      switch random.below(4) {
      case 0: word = word & 0xffff
      case 1:
        // Close to an instruction: one bit of its fixed ones turned.
        let row = random.pick(table.rows)
        word = row.match | word & ~row.mask
        word ^= 1 << UInt32(random.below(row.isCompressed ? 16 : 32))
        if row.isCompressed { word &= 0xffff }
      case 2:
        // A reserved rounding mode.
        let row = random.pick(table.rows.filter { $0.operands.contains(.roundingMode) })
        word = (row.match | word & ~row.mask) & ~0x7000 | (random.chance(50) ? 0x5000 : 0x6000)
      default: break
      }
      if word & 3 != 3 { word &= 0xffff }
      guard decoder.row(for: word) == nil else { continue }
      append(.word(word))
      return
    }
  }
}
