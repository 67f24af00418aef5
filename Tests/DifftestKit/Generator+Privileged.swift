import RVDecoder

/// Programs of all privilege modes. Machine mode sets the stage (page tables, protection, delegation, interrupts), supervisor and
/// user mode play on it, every trap leads on to the next instruction or back to machine mode.
///
/// All instructions have four bytes, so that a handler can skip one without looking at it. What data pages hold and what is stored there is
/// made of harmless instructions and calls: whatever is jumped to ends soon.
extension Generator {
  mutating func privilegedProgram() -> Program {
    integers = []
    privilegedStart()
    while integers.count < Layout.integerCount - 40 { episode() }
    end()
    while integers.count < Layout.integerCount { integers.append(0) }
    return Program(seed: seed, items: items, integers: integers, constants: pageTables(), data: Self.landing)
  }

  /// Pages of calls. At their ends short no-operations lead into a call that crosses to the next page.
  private static let landing: [UInt8] = {
    var page: [UInt8] = []
    page.put16(0, 1)
    while page.count < 0xff8 { page.put32(0x73) }
    page.put16(1, 1, 1, 0x73)
    return Array(repeatElement(page, count: Int(Layout.dataPages)).joined())
  }()

  // MARK: Frame

  private mutating func privilegedStart() {
    let (t, u) = Reserved.scratch
    let vectors = 14
    let machine = 1 + 2 * vectors
    let supervisor = machine + 22
    let over = supervisor + 19
    jump("jal", Operands(), to: .item(over), pinned: true)
    for _ in 0..<vectors { jump("jal", Operands(), to: .item(machine), pinned: true) }
    for _ in 0..<vectors { jump("jal", Operands(), to: .item(supervisor), pinned: true) }
    precondition(items.count == machine)
    for csr in [0x343, 0x341, 0x300] as [Int32] { append("csrrs", Operands(rd: u, imm: csr), pinned: true) }
    append("csrrs", Operands(rd: t, imm: 0x342), pinned: true)
    jump("blt", Operands(rs1: t), to: .item(machine + 15), pinned: true)
    append("addi", Operands(rd: u, rs1: t, imm: -8), pinned: true)
    append("sltiu", Operands(rd: u, rs1: u, imm: 5), pinned: true)
    jump("bne", Operands(rs1: u), to: .item(machine + 17), pinned: true)
    append("sltiu", Operands(rd: u, rs1: t, imm: 2), pinned: true)
    jump("bne", Operands(rs1: u), to: .item(machine + 17), pinned: true)
    append("csrrs", Operands(rd: t, imm: 0x341), pinned: true)
    append("addi", Operands(rd: t, rs1: t, imm: 4), pinned: true)
    append("csrrw", Operands(rs1: t, imm: 0x341), pinned: true)
    append("mret", pinned: true)
    append("mret", pinned: true)
    // An interrupt: none any more.
    append("csrrwi", Operands(imm: 0x304), pinned: true)
    append("mret", pinned: true)
    // A call, or nothing to go on with.
    append("csrrw", Operands(rs1: Reserved.resume, imm: 0x341), pinned: true)
    append("lui", Operands(rd: u, imm: 0x2000), pinned: true)
    append("addi", Operands(rd: u, rs1: u, imm: -0x800), pinned: true)
    append("csrrs", Operands(rs1: u, imm: 0x300), pinned: true)
    append("mret", pinned: true)
    precondition(items.count == supervisor)
    for csr in [0x143, 0x141, 0x100] as [Int32] { append("csrrs", Operands(rd: u, imm: csr), pinned: true) }
    append("csrrs", Operands(rd: t, imm: 0x142), pinned: true)
    jump("blt", Operands(rs1: t), to: .item(supervisor + 16), pinned: true)
    append("addi", Operands(rd: u, rs1: t, imm: -8), pinned: true)
    jump("beq", Operands(rs1: u), to: .item(supervisor + 18), pinned: true)
    append("sltiu", Operands(rd: u, rs1: t, imm: 2), pinned: true)
    jump("bne", Operands(rs1: u), to: .item(supervisor + 18), pinned: true)
    append("addi", Operands(rd: u, rs1: t, imm: -12), pinned: true)
    jump("beq", Operands(rs1: u), to: .item(supervisor + 18), pinned: true)
    append("csrrs", Operands(rd: t, imm: 0x141), pinned: true)
    append("addi", Operands(rd: t, rs1: t, imm: 4), pinned: true)
    append("csrrw", Operands(rs1: t, imm: 0x141), pinned: true)
    append("sret", pinned: true)
    append("sret", pinned: true)
    append("csrrwi", Operands(imm: 0x104), pinned: true)
    append("sret", pinned: true)
    append("ecall", pinned: true)
    precondition(items.count == over)
    for (csr, item) in [(0x305, 1), (0x105, 1 + vectors)] as [(Int32, Int)] {
      append(.address(rd: 5, .item(item)), pinned: true)
      append("addi", Operands(rd: 5, rs1: 5, imm: Int32(random.below(2))), pinned: true)
      append("csrrw", Operands(rs1: 5, imm: csr), pinned: true)
    }
    append(.address(rd: Reserved.integers, .absolute(Layout.integers + 2048)), pinned: true)
    append("csrrwi", Operands(imm: 3), pinned: true)
    append("csrrwi", Operands(imm: 0xb02), pinned: true)
    append("csrrwi", Operands(imm: 0xb00), pinned: true)
    let mask: UInt8 = 6
    append("lui", Operands(rd: mask, imm: 0x2000), pinned: true)
    append("csrrs", Operands(rs1: mask, imm: 0x300), pinned: true)
    for register in UInt8(1)..<28 where Reserved.mask >> UInt32(register) & 1 == 0 {
      append("addi", Operands(rd: register, imm: Int32(register)), pinned: true)
    }
    for register in UInt8(0)..<32 {
      append("fmv.d.x", Operands(rd: register, rs1: 1), pinned: true)
    }
    // Supervisor and user mode may fetch the program and walk the frame of the tables; the rest is up to the last entry.
    write(0x3b0, Layout.code >> 2 | 0x1_ffff, pinned: true)
    write(0x3b1, PageTables.base >> 2 | 0x7ff, pinned: true)
    write(0x3bf, 1 << 54 - 1, pinned: true)
    protection = [UInt8](repeating: 0, count: 16)
    protection[0] = 0x1d
    protection[1] = 0x1b
    protection[15] = 0x1f
    writeProtection(pinned: true)
  }

  /// Loads a number into a register, from the pool.
  mutating func constant(_ register: UInt8, _ value: UInt64, pinned: Bool = false) {
    if value < 0x800 { return append("addi", Operands(rd: register, imm: Int32(value)), pinned: pinned) }
    var slot = integers.firstIndex(of: value) ?? integers.count
    if slot == integers.count {
      if slot == Layout.integerCount { slot = 0 } else { integers.append(value) }
    }
    append("ld", Operands(rd: register, rs1: Reserved.integers, imm: Int32(slot * 8 - 2048)), pinned: pinned)
  }

  private static let temporary: UInt8 = 27

  mutating func write(_ csr: Int32, _ value: UInt64, pinned: Bool = false) {
    constant(Self.temporary, value, pinned: pinned)
    append("csrrw", Operands(rd: random.chance(30) && csr != 0x344 ? 26 : 0, rs1: Self.temporary, imm: csr), pinned: pinned)
  }

  private mutating func writeProtection(pinned: Bool = false) {
    for (csr, first) in [(0x3a0, 0), (0x3a2, 8)] as [(Int32, Int)] {
      write(csr, (0..<8).reduce(0) { $0 | UInt64(protection[first + $1]) << UInt64(8 * $1) }, pinned: pinned)
    }
  }

  // MARK: Episodes

  private mutating func episode() {
    for _ in 0..<1 + random.below(3) { setting() }
    switch random.below(10) {
    case 0..<2: modified()
    default: break
    }
    switch random.below(10) {
    case 0..<2: borrowed()
    case 2: waiting()
    default: visit(user: random.chance(50))
    }
  }

  /// One part of the stage.
  private mutating func setting() {
    switch random.below(14) {
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
      write(0x303, random.next() & 0x2222)
      write(0x304, random.next() & 0x2222)
      write(0x344, random.chance(50) ? 0 : random.next() & 0x2222)
    case 8:
      append("csrrwi", Operands(imm: 0x304))
      write(0x30a, random.next() & (0xf0 | 7 << 61))
      write(0x14d, random.chance(50) ? 0 : ~0)
      write(0x10a, random.next() & 0xf0)
      if random.chance(50) { write(0x304, random.next() & 0x2222) }
    case 9:
      write(0x306, random.next() & 0xff)
      write(0x106, random.next() & 0xff)
      write(0x30c, random.next() & (3 << 62 | 1))
    default: protect()
    }
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
      ? Layout.data + UInt64(random.below(Int(Layout.dataPages * 4096))) : PageTables.address(3 + random.below(6)) + UInt64(random.below(4096))
    guard protection[index] & 0x80 == 0 else { return }
    let rights = UInt8(random.pick([0, 1, 3, 4, 5, 7, 7, 2, 6]))
    switch random.below(5) {
    case 0:
      protection[index] = 0x10 | rights
      write(0x3b0 + Int32(index), place >> 2)
    case 1:
      guard index > 2, protection[index - 1] & 0x80 == 0 else { return }
      let length = UInt64(random.pick([4, 8, 100, 4096, 5000, 0]))
      write(0x3b0 + Int32(index) - 1, place >> 2)
      write(0x3b0 + Int32(index), (place + length) >> 2)
      protection[index - 1] = 0
      protection[index] = 0x08 | rights
    case 2: protection[index] = 0
    default:
      let size = UInt64(3 + random.below(14))
      write(0x3b0 + Int32(index), (place & ~(1 << size - 1)) >> 2 | (1 << (size - 3) - 1))
      protection[index] = 0x18 | rights
    }
    if random.chance(8) { protection[15] ^= 0x07 }
    let isLocked = protection[index] & 0x18 != 0 && random.chance(4)
    if isLocked { protection[index] |= 0x80 }
    writeProtection()
    if random.chance(25) {
      // The frame's own checks of the registers.
      append("csrrs", Operands(rd: 26, imm: 0x3a0))
      append("csrrs", Operands(rd: 26, imm: 0x3b0 + Int32(random.below(17))))
    }
  }

  /// Another entry in one of the tables.
  private mutating func modified() {
    let table = 3 + random.below(6)
    let index = table < 5 ? random.below(16) : random.pick(PageTables.inUse)
    constant(5, entry(level: table < 5 ? 1 : 0))
    append(.address(rd: 6, .absolute(PageTables.address(table) + UInt64(index * 8))))
    append("sd", Operands(rs1: 6, rs2: 5))
    append("sfence.vma", Operands(rs1: random.chance(30) ? 6 : 0))
    append("sfence.vma")
  }

  /// Loads and stores of machine mode with another mode's eyes.
  private mutating func borrowed() {
    addresses()
    append(.address(rd: Reserved.resume, .item(items.count)))
    constant(26, 0x1800)
    append("csrrc", Operands(rs1: 26, imm: 0x300))
    constant(26, 0x2_0000 | (random.chance(50) ? 0x800 : 0))
    append("csrrs", Operands(rs1: 26, imm: 0x300))
    for _ in 0..<8 + random.below(12) { access() }
    append("lui", Operands(rd: 26, imm: 0x2_0000))
    append("csrrc", Operands(rs1: 26, imm: 0x300))
  }

  /// wfi with something pending.
  private mutating func waiting() {
    append("csrrwi", Operands(imm: 0x304))
    append("csrrci", Operands(rs1: 8, imm: 0x300))
    write(0x344, 2)
    append("csrrwi", Operands(rs1: 2, imm: 0x304))
    append("wfi")
    append("csrrwi", Operands(imm: 0x304))
  }

  private static let addressRegisters: [UInt8] = [5, 6, 7, 8, 9, 10]
  private static let valueRegisters: [UInt8] = [16, 17, 18, 19]

  private mutating func addresses() {
    for register in Self.addressRegisters { constant(register, testAddress()) }
    for (register, value) in zip(Self.valueRegisters, [0x73_0000_0073, 0x13_0000_0013, 0x7300_0013_7300_1313, 0] as [UInt64]) {
      constant(register, value)
    }
    constant(11, testAddress(fetch: true))
  }

  /// A visit to S or U mode: at the end, or when it cannot go on, machine mode continues behind it.
  private mutating func visit(user: Bool) {
    addresses()
    let resume = items.count
    append(.word(0x13))
    constant(26, 0x1800)
    append("csrrc", Operands(rs1: 26, imm: 0x300))
    if !user {
      constant(26, 0x800)
      append("csrrs", Operands(rs1: 26, imm: 0x300))
    }
    let offset = (user && isTranslated) != random.chance(3) ? PageTables.userOffset : 0
    constant(26, offset)
    // Where sret in the middle leads to.
    let middle = items.count
    append(.word(0x13))
    let entry = items.count
    append(.word(0x13))
    append("add", Operands(rd: 25, rs1: 25, rs2: 26))
    append("csrrw", Operands(rs1: 25, imm: 0x341))
    append("mret")
    items[entry].kind = .address(rd: 25, .item(items.count))
    for _ in 0..<6 + random.below(12) { act(user: user) }
    if !user, random.chance(25) {
      constantFree("csrrw", 24, 0x141)
      if random.chance(50) { append("csrrci", Operands(rs1: 0, imm: 0x100)) }
      append("sret")
      items[middle].kind = .address(rd: 24, .item(items.count, offset: random.chance(60) && isTranslated ? Int64(PageTables.userOffset) : 0))
      for _ in 0..<4 + random.below(8) { act(user: true) }
    }
    if random.chance(65) { append("jalr", Operands(rs1: 11)) }
    append("ecall")
    items[resume].kind = .address(rd: Reserved.resume, .item(items.count))
  }

  private mutating func constantFree(_ mnemonic: String, _ register: UInt8, _ csr: Int32) {
    append(mnemonic, Operands(rs1: register, imm: csr))
  }

  private mutating func act(user: Bool) {
    switch random.below(20) {
    case 0: append("sfence.vma", Operands(rs1: random.chance(50) ? random.pick(Self.addressRegisters) : 0))
    case 1: append(random.pick(["sfence.w.inval", "sfence.inval.ir", "sinval.vma", "mret"]))
    case 2 where trapsWait: append("wfi")
    case 3..<6:
      let csr = random.pick(Self.supervisorCSRs)
      append("csrrs", Operands(rd: 20, imm: csr))
    case 6:
      let csr = random.pick([0x140, 0x106, 0x10a, 0x144, 0x104, 0x14d, 0x100, 0x142, 0x143, 0x5a8, 0x180, 0x10c] as [Int32])
      // satp is written as it is, or not at all.
      if csr == 0x180 {
        append("csrrs", Operands(rd: 20, imm: csr))
      } else if csr == 0x100 {
        append("csrrw", Operands(rd: 20, rs1: 17, imm: csr))
      } else {
        append("csrrw", Operands(rd: 20, rs1: random.pick(Self.valueRegisters), imm: csr))
      }
    default: access()
    }
  }

  private static let supervisorCSRs: [Int32] = [
    0x100, 0x104, 0x105, 0x106, 0x10a, 0x10c, 0x10d, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180, 0x5a8, 0xc00, 0xc02, 0xc03, 0xda0,
    0x300, 0x302, 3, 0x744,
  ]

  private mutating func access() {
    let base = random.pick(Self.addressRegisters)
    let value = random.pick(Self.valueRegisters)
    let imm = Int32(random.chance(50) ? 0 : random.below(32) - 16)
    switch random.below(14) {
    case 0..<4: append(random.pick(["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "ld"]), Operands(rd: 21, rs1: base, imm: imm))
    case 4: append(random.pick(["flw", "fld", "flh"]), Operands(rd: 21, rs1: base, imm: imm))
    case 5: append(random.pick(["fsw", "fsd", "fsh"]), Operands(rs1: base, rs2: 0, imm: imm))
    case 6..<9: append(random.pick(["sb", "sh", "sw", "sd", "sd"]), Operands(rs1: base, rs2: value, imm: imm))
    case 9, 12, 13:
      append(
        random.pick(["amoswap.w", "amoswap.d", "amoor.w", "amoand.d", "amoswap.b", "amoor.h", "amocas.w", "amocas.d"]),
        Operands(rd: 22, rs1: base, rs2: value))
    case 10:
      // One width in a program: Spike does not compare it.
      let width = seed % 2 == 0 ? "w" : "d"
      append("lr." + width, Operands(rd: 22, rs1: base))
      if random.chance(60) {
        append("sc." + width, Operands(rd: 23, rs1: random.chance(70) ? base : random.pick(Self.addressRegisters), rs2: value))
      }
    default: append(random.pick(["cbo.zero", "cbo.clean", "cbo.flush", "cbo.inval"]), Operands(rs1: base))
    }
  }
}
