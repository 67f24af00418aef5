import RVDecoder

/// What happens on the stage: visits to S and U mode, and accesses of machine mode in other eyes or within its own bounds.
extension Generator {
  mutating func episode() {
    for _ in 0..<1 + random.below(3) { setting() }
    switch random.below(10) {
    case 0..<2: modified()
    default: break
    }
    switch random.below(10) {
    case 0..<2: borrowed()
    case 2: waiting()
    case 3, 4: bound()
    default: visit(user: random.chance(50))
    }
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

  /// Machine mode near the edges of protection: what is locked binds it, too.
  private mutating func bound() {
    for register in Self.addressRegisters {
      constant(register, physicalEdge() ?? Layout.data + UInt64(random.below(0x1000)) << 3)
    }
    values()
    constant(11, (physicalEdge() ?? Layout.data) & ~3)
    append(.address(rd: Reserved.resume, .item(items.count + 1)))
    for _ in 0..<6 + random.below(10) { access() }
    append(.address(rd: Reserved.resume, .item(items.count + 2)))
    append("jalr", Operands(rs1: 11))
    append("addi")
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

  /// Hold the bits SUM and MXR.
  private static let statusRegisters: (sum: UInt8, mxr: UInt8) = (12, 13)

  private mutating func addresses() {
    for register in Self.addressRegisters { constant(register, testAddress()) }
    values()
    constant(11, testAddress(fetch: true))
  }

  private mutating func values() {
    for (register, value) in zip(Self.valueRegisters, [0x73_0000_0073, 0x13_0000_0013, 0x7300_0013_7300_1313, 0] as [UInt64]) {
      constant(register, value)
    }
    constant(Self.statusRegisters.sum, 1 << 18)
    constant(Self.statusRegisters.mxr, 1 << 19)
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
      items[middle].kind = .address(
        rd: 24, .item(items.count, offset: random.chance(60) && isTranslated ? Int64(PageTables.userOffset) : 0))
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
    case 7 where !user: regarded()
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

  /// The same access before and after a change of SUM or MXR, without a fence.
  private mutating func regarded() {
    let bit = random.chance(70) ? Self.statusRegisters.sum : Self.statusRegisters.mxr
    let base = random.pick(Self.addressRegisters)
    let isLoad = random.chance(60)
    for change in random.chance(50) ? ["csrrs", "csrrc"] : ["csrrc", "csrrs"] {
      append(change, Operands(rs1: bit, imm: 0x100))
      append(isLoad ? "ld" : "sd", isLoad ? Operands(rd: 21, rs1: base) : Operands(rs1: base, rs2: 16))
    }
  }

  private static let supervisorCSRs: [Int32] = [
    0x100, 0x104, 0x105, 0x106, 0x10a, 0x10c, 0x10d, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180, 0x5a8, 0xc00, 0xc01, 0xc02,
    0xc03, 0xda0,
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
