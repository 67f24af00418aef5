import RVDecoder

/// Start, trap handler and end of a program.
extension Generator {
  mutating func start() {
    let code = Layout.code
    // The handler's place is known only when it is written: it comes first, behind a jump.
    jump("jal", Operands(), to: .item(handlerSize), pinned: true)
    handler()
    precondition(items.count == handlerSize)
    append(.address(rd: 5, .item(1)), pinned: true)
    append("csrrw", Operands(rs1: 5, imm: 0x305), pinned: true)
    append(.address(rd: 5, .absolute(code)), pinned: true)
    append("addi", Operands(rd: 6, imm: 1), pinned: true)
    append("slli", Operands(rd: 6, rs1: 6, imm: 13), pinned: true)
    append("csrrs", Operands(rs1: 6, imm: 0x300), pinned: true)
    append(.address(rd: Reserved.integers, .absolute(Layout.integers + 2048)), pinned: true)
    append("csrrwi", Operands(imm: 0xb02), pinned: true)
    append("csrrwi", Operands(imm: 0xb00), pinned: true)
    append("csrrwi", Operands(imm: 3), pinned: true)
    for register in UInt8(1)..<32 where Reserved.mask >> UInt32(register) & 1 == 0 { refresh(register) }
    for register in UInt8(0)..<32 {
      append(
        "fld", Operands(rd: register, rs1: Reserved.integers, imm: Int32(random.below(Layout.integerCount) * 8 - 2048)))
    }
  }

  private var handlerSize: Int { 22 }

  /// Looks at the cause, and goes on behind the instruction; after a failed fetch at the resume register; after a call from user
  /// mode in machine mode.
  private mutating func handler() {
    let (t, u) = Reserved.scratch
    let next = items.count
    append("csrrs", Operands(rd: u, imm: 0x343), pinned: true)
    append("csrrs", Operands(rd: u, imm: 0x300), pinned: true)
    append("csrrs", Operands(rd: t, imm: 0x342), pinned: true)
    append("sltiu", Operands(rd: u, rs1: t, imm: 2), pinned: true)
    jump("beq", Operands(rs1: u), to: .item(next + 7), pinned: true)
    append("csrrw", Operands(rs1: Reserved.resume, imm: 0x341), pinned: true)
    append("mret", pinned: true)
    // next + 7
    append("addi", Operands(rd: t, rs1: t, imm: -8), pinned: true)
    jump("bne", Operands(rs1: t), to: .item(next + 12), pinned: true)
    append("addi", Operands(rd: u, imm: 3), pinned: true)
    append("slli", Operands(rd: u, rs1: u, imm: 11), pinned: true)
    append("csrrs", Operands(rs1: u, imm: 0x300), pinned: true)
    // next + 12
    append("csrrs", Operands(rd: t, imm: 0x341), pinned: true)
    append("lhu", Operands(rd: u, rs1: t), pinned: true)
    append("andi", Operands(rd: u, rs1: u, imm: 3), pinned: true)
    append("sltiu", Operands(rd: u, rs1: u, imm: 3), pinned: true)
    append("slli", Operands(rd: u, rs1: u, imm: 1), pinned: true)
    append("sub", Operands(rd: t, rs1: t, rs2: u), pinned: true)
    append("addi", Operands(rd: t, rs1: t, imm: 4), pinned: true)
    append("csrrw", Operands(rs1: t, imm: 0x341), pinned: true)
    append("mret", pinned: true)
  }

  mutating func end() {
    append(.address(rd: 5, .absolute(Layout.tohost)), pinned: true)
    append("addi", Operands(rd: 6, imm: 1), pinned: true)
    append("sd", Operands(rs1: 5, rs2: 6), pinned: true)
    let here = items.count
    append("ebreak", pinned: true)
    jump("jal", Operands(), to: .item(here), pinned: true)
  }
}
