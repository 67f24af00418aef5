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
    // Pending from reset on, but Spike sees that only when time goes on for the first time.
    store(CLINTRegister.mtimecmp, ~0, pinned: true)
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
    append("csrrw", Operands(rd: random.chance(30) ? 26 : 0, rs1: Self.temporary, imm: csr), pinned: pinned)
  }

  mutating func writeProtection(pinned: Bool = false) {
    for (csr, first) in [(0x3a0, 0), (0x3a2, 8)] as [(Int32, Int)] {
      write(csr, (0..<8).reduce(0) { $0 | UInt64(protection[first + $1]) << UInt64(8 * $1) }, pinned: pinned)
    }
  }
}

/// Registers of the CLINT, for hart 0.
enum CLINTRegister {
  static let msip: UInt64 = 0x200_0000
  static let mtimecmp: UInt64 = 0x200_4000
  static let mtime: UInt64 = 0x200_bff8
  static let all: Range<UInt64> = 0x200_0000..<0x20c_0000
}
