import RVDecoder

/// What machine mode sets before others play: address spaces, status, delegation, interrupts, time, protection.
extension Generator {
  /// One part of the stage.
  mutating func setting() {
    switch random.below(16) {
    case 0..<4:
      let mode = random.pick([8, 8, 8, 9, 9, 10, 10, 0, 7]) as UInt64
      let root = mode == 9 ? PageTables.root48 : mode == 10 ? PageTables.root57 : PageTables.gigapages
      write(0x180, mode << 60 | (random.chance(30) ? random.next() & 0xffff << 44 : 0) | PageTables.address(root) >> 12)
      isTranslated = mode == 7 ? isTranslated : mode != 0
      if random.chance(20) { append("sfence.vma") }
    case 4..<6:
      // SUM, MXR, TVM, TW, TSR, FS and the bits of interrupts; no MPRV here.
      var bits = random.next() & (0x7c_0000 | 0x6000 | 0x1a2)
      if random.chance(40) { bits |= 0x4_2000 }
      trapsReturn = bits >> 22 & 1 != 0
      trapsWait = bits >> 21 & 1 != 0
      if trapsReturn { delegateExceptions() }
      write(0x300, bits)
    case 6: delegateExceptions()
    case 7:
      write(0x303, random.next() & 0x2aaa)
      write(0x304, random.next() & 0x2aaa)
      write(0x344, random.chance(50) ? 0 : random.next() & 0x2222)
    case 8:
      append("csrrwi", Operands(imm: 0x304))
      write(0x30a, random.next() & (0xf0 | 7 << 61))
      // Spike tells STIP of software from STIP of the timer at the next write of either.
      write(0x14d, random.chance(50) ? 0 : ~0)
      write(0x344, random.chance(50) ? 0 : random.next() & 0x2222)
      write(0x10a, random.next() & 0xf0)
      if random.chance(50) { write(0x304, random.next() & 0x2aaa) }
    case 9:
      write(0x306, random.next() & 0xff)
      write(0x106, random.next() & 0xff)
      write(0x30c, random.next() & (3 << 62 | 1))
    case 10: softwareInterrupt()
    case 11 where usesTime: timer()
    default: protect()
    }
  }

  /// CLINT's msip. Spike looks up from a store to a device only at the next CSR instruction: no interrupt may come before that.
  private mutating func softwareInterrupt() {
    append("csrrwi", Operands(imm: 0x304))
    store(CLINTRegister.msip, random.chance(60) ? 1 : 0, width: "w")
    write(0x304, random.next() & 0x2aaa)
  }

  /// A timer that ends soon, or has ended: CLINT's, or the supervisor's; sometimes another time.
  private mutating func timer() {
    append("csrrwi", Operands(imm: 0x304))
    if random.chance(15) { store(CLINTRegister.mtime, random.pick([0, 1000, 1 << 32 - 20, 1 << 40])) }
    let soon = Int32(random.below(random.chance(60) ? 300 : 2000))
    append("csrrs", Operands(rd: 20, imm: 0xc01))
    append("addi", Operands(rd: 20, rs1: 20, imm: random.chance(10) ? -1 : soon))
    if random.chance(60) {
      constant(26, CLINTRegister.mtimecmp)
      append("sd", Operands(rs1: 26, rs2: 20))
      if random.chance(20) { append(random.pick(["lw", "ld", "lhu"]), Operands(rd: 21, rs1: 26)) }
      constant(26, CLINTRegister.mtime)
      append(random.pick(["lw", "ld", "lbu"]), Operands(rd: 21, rs1: 26))
    } else {
      write(0x30a, 1 << 63 | random.next() & (3 << 61 | 0xf0))
      append("csrrw", Operands(rs1: 20, imm: 0x14d))
    }
    if random.chance(30) { append("csrrs", Operands(rd: 21, imm: 0x344)) }
    write(0x304, random.next() & 0x2aaa | 0xa0)
  }

  /// A store of machine mode to a register of a device.
  mutating func store(_ address: UInt64, _ value: UInt64, width: String = "d", pinned: Bool = false) {
    constant(26, address, pinned: pinned)
    constant(25, value, pinned: pinned)
    append("s" + width, Operands(rs1: 26, rs2: 25), pinned: pinned)
  }

  private mutating func delegateExceptions() {
    // Calls of S mode have to reach machine mode; and returns of S mode when they trap.
    write(0x302, random.next() & (trapsReturn ? 0xb1f8 : 0xb1fc))
  }

  /// A new entry of memory protection.
  private mutating func protect() {
    let index = 2 + random.below(13)
    let place =
      random.chance(80)
      ? Layout.data + UInt64(random.below(Int(Layout.dataPages * 4096)))
      : PageTables.address(3 + random.below(6)) + UInt64(random.below(4096))
    guard protection[index] & 0x80 == 0 else { return }
    let rights = UInt8(random.pick([0, 1, 3, 4, 5, 7, 7, 2, 6]))
    switch random.below(5) {
    case 0:
      protection[index] = 0x10 | rights
      edges += [place & ~3, (place & ~3) + 4]
      write(0x3b0 + Int32(index), place >> 2)
    case 1:
      guard index > 2, protection[index - 1] & 0x80 == 0 else { return }
      let length = UInt64(random.pick([4, 8, 100, 4096, 5000, 0]))
      write(0x3b0 + Int32(index) - 1, place >> 2)
      write(0x3b0 + Int32(index), (place + length) >> 2)
      protection[index - 1] = 0
      protection[index] = 0x08 | rights
      edges += [place & ~3, (place + length) & ~3]
    case 2: protection[index] = 0
    default:
      let size = UInt64(3 + random.below(14))
      write(0x3b0 + Int32(index), (place & ~(1 << size - 1)) >> 2 | (1 << (size - 3) - 1))
      protection[index] = 0x18 | rights
      edges += [place & ~(1 << size - 1), (place & ~(1 << size - 1)) + (1 << size)]
    }
    // Page tables are not stored to at random: Spike might have kept what it read there.
    edges = edges.suffix(8).filter { $0 &- Layout.data < Layout.dataPages * 4096 }
    if random.chance(8) { protection[15] ^= 0x07 }
    if random.chance(4) || protection[15] & 0x18 == 0 { protection[15] ^= 0x18 }
    let isLocked = protection[index] & 0x18 != 0 && random.chance(20)
    if isLocked { protection[index] |= 0x80 }
    writeProtection()
    if random.chance(25) {
      // The frame's own checks of the registers.
      append("csrrs", Operands(rd: 26, imm: 0x3a0))
      append("csrrs", Operands(rd: 26, imm: 0x3b0 + Int32(random.below(17))))
    }
  }

  /// Another entry in one of the tables.
  mutating func modified() {
    let table = 3 + random.below(6)
    let index = table < 5 ? random.below(16) : random.pick(PageTables.inUse)
    constant(5, entry(level: table < 5 ? 1 : 0))
    append(.address(rd: 6, .absolute(PageTables.address(table) + UInt64(index * 8))))
    append("sd", Operands(rs1: 6, rs2: 5))
    append("sfence.vma", Operands(rs1: random.chance(30) ? 6 : 0))
    append("sfence.vma")
  }
}
