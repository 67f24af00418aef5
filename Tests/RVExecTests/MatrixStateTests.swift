import RVDecoder
import Testing

@testable import RVExec

/// CSRs, context status and legality of matrix instructions, version 0.6 (shared/specs/rvm.md, sections 2 and 7).
@Suite struct MatrixState {
  @Test func controlRegisters() throws {
    let machine = try MatrixMachine()
    for (number, value) in [
      (0x802, 0), (0x803, 0), (0x80a, 0), (0xcc0, 7 << 61 | 0x2ef as UInt64), (0xcc1, 1024), (0xcc2, 64), (0xcc3, 1024),
    ] as [(Int, UInt64)] { #expect(try machine.csr(number) == value, "\(number)") }
    #expect(machine.ms == 1)
    // Fields of xmcsr under their own numbers; what is reserved stays 0.
    try machine.set(csr: 0x802, .max)
    #expect(machine.ms == 3)
    for (number, value) in [(0x802, 0xfbf), (0x806, 3), (0x807, 1), (0x808, 0x17), (0x809, 7), (0x80a, 1)] as [(Int, UInt64)] {
      #expect(try machine.csr(number) == value, "\(number)")
    }
    for number in 0x806...0x80a { try machine.set(csr: number, 0) }
    #expect(try machine.csr(0x802) == 0)
    try machine.set(csr: 0x809, 2)
    try machine.set(csr: 0x808, 0x1f)
    #expect(try machine.csr(0x802) == 2 << 8 | 0x17 << 3)
    try machine.set(csr: 0x804, 0x1234_5678_9abc)
    #expect(try machine.csr(0x804) == 0x1234_5678_9abc)
    for number in 0xcc0...0xcc3 { #expect(throws: Trap(.illegalInstruction)) { try machine.set(csr: number, 1) } }
    #expect(throws: Trap(.illegalInstruction)) { try machine.csr(0x801) }
    #expect(throws: Trap(.illegalInstruction)) { try machine.csr(0x80b) }
  }

  @Test func shapes() throws {
    let machine = try MatrixMachine {
      $0.elen = 64
      $0.tlen = 2048
      $0.trlen = 256
    }
    #expect(try machine.csr(0xcc0) == 7 << 61 | 0x3ff)
    #expect(try machine.csr(0xcc1) == 256 && machine.csr(0xcc2) == 32 && machine.csr(0xcc3) == 8 * 8 * 8)
    for (tlen, trlen, elen) in [(96, 32, 32), (512, 1024, 32), (1 << 24, 32, 32), (512, 128, 128), (512, 8, 32)] {
      var choices = MatrixChoices()
      (choices.tlen, choices.trlen, choices.elen) = (tlen, trlen, elen)
      #expect(choices.problem != nil)
    }
  }

  @Test func contextStatus() throws {
    let machine = try MatrixMachine()
    #expect(try machine.csr(0x300) >> 25 & 3 == 1)
    #expect(machine.run("msettileki", imm: 4) == nil && machine.ms == 3)
    #expect(try machine.csr(0x300) >> 63 == 1 && machine.csr(0x100) >> 25 & 3 == 3)
    #expect(machine.run("mrelease") == nil && machine.ms == 1)
    try machine.sizes(1, 1, 1)
    machine.ms = 2
    machine.hart[x: 10] = HartProgram.base + 0x1000
    // Reading instructions leave it as it is.
    #expect(machine.run("msae8", rs1: 10) == nil && machine.run("mmovb.x.m", rd: 5, rs2: 1) == nil && machine.ms == 2)
    #expect(machine.run("mlae8", rs1: 10) == nil && machine.ms == 3)
    try machine.set(csr: 0x300, 0)
    #expect(machine.ms == 0)
    for row in machine.rows.values { #expect(machine.run(row.match)?.cause == .illegalInstruction, "\(row.mnemonic)") }
    #expect(throws: Trap(.illegalInstruction)) { try machine.csr(0x803) }
    #expect(throws: Trap(.illegalInstruction)) { try machine.csr(0xcc0) }
    #expect(throws: Trap(.illegalInstruction)) { try machine.set(csr: 0x803, 1) }
  }

  /// Section 7, one after the other.
  @Test func illegal() throws {
    let machine = try MatrixMachine()
    machine.hart[x: 10] = HartProgram.base + 0x1000
    try machine.sizes(16, 16, 16)
    // Reserved words: func4, uop, funct3, size, size_sup, imm3, fields that are not used.
    for word in [0x7000_002b, 0x2b | 2 << 12, 0xbc00_002b, 0x0e00_002b, 0x3402_0fab | 1 << 20, 0x1a80_082b | 1 << 10, 0x0d00_022b, 0x2200_042b] as [UInt32] {
      #expect(machine.run(word)?.cause == .illegalInstruction, "\(String(word, radix: 16))")
    }
    // Classes of registers.
    #expect(machine.isIllegal("mlae8", rd: 4, rs1: 10) && machine.isIllegal("mlce8", rd: 3, rs1: 10) && machine.isIllegal("msbte8", rd: 4, rs1: 10))
    #expect(machine.isIllegal("mmacc.w.b", rd: 3) && machine.isIllegal("mmacc.w.b", rd: 4, rs1: 4) && machine.isIllegal("mmacc.w.b", rd: 4, rs2: 7))
    #expect(machine.isIllegal("madd.w.mm", rd: 4, rs1: 4, rs2: 0) && machine.isIllegal("mfcvtl.s.h", rd: 4, rs1: 1))
    #expect(machine.isIllegal("mrslideup", rd: 4, rs1: 1) && machine.isIllegal("mpack", rd: 0, rs1: 1, rs2: 4))
    #expect(machine.run("mmov.mm", rd: 4, rs1: 1) == nil)
    // Elements wider than ELEN; features that are missing, and those that no bit stands for.
    #expect(machine.isIllegal("mfmacc.d.s", rd: 4, rs1: 0, rs2: 1) && machine.isIllegal("mfadd.d.mm", rd: 4, rs1: 4, rs2: 5))
    for name in ["mmacc.d.h", "mfmacc.s.tf32", "mmacc.w.bp", "mmaccu.w.bp"] { #expect(machine.isIllegal(name, rd: 4, rs1: 0, rs2: 1)) }
    #expect(machine.isIllegal("mfcvt.tf32.s", rd: 4, rs1: 5))
    let unlisted = try MatrixMachine {
      $0.elen = 64
      $0.hasUnlisted = true
    }
    for name in ["mmacc.d.h", "mfmacc.s.tf32", "mfmacc.d"] { #expect(unlisted.run(name, rd: 4, rs1: 0, rs2: 1) == nil) }
    #expect(unlisted.isIllegal("mmacc.w.bp", rd: 4, rs1: 0, rs2: 1))
    // Sizes.
    for (m, n, k, isLegal) in [(16, 16, 64, true), (17, 16, 64, false), (16, 17, 64, false), (16, 16, 65, false), (0, 0, 0, true), (1 << 62, 1, 1, false)] {
      try machine.sizes(UInt64(m), UInt64(n), UInt64(k))
      #expect(machine.isIllegal("mmacc.w.b", rd: 4, rs1: 0, rs2: 1) == !isLegal, "\(m) \(n) \(k)")
    }
    try machine.sizes(16, 99, 32)
    #expect(machine.run("mlae16", rs1: 10) == nil && machine.isIllegal("mlae32", rs1: 10) && machine.isIllegal("mlbe8", rs1: 10))
    try machine.sizes(16, 32, 99)
    #expect(machine.run("mlce16", rd: 4, rs1: 10) == nil && machine.isIllegal("mlce32", rd: 4, rs1: 10))
    #expect(machine.run("mfadd.h.mm", rd: 4, rs1: 5, rs2: 6) == nil && machine.isIllegal("mfadd.s.mm", rd: 4, rs1: 5, rs2: 6))
    try machine.sizes(16, 16, 3)
    #expect(machine.isIllegal("pmmacc.w.b", rd: 4, rs1: 0, rs2: 1))
    try machine.sizes(16, 16, 128)
    #expect(machine.run("pmmacc.w.b", rd: 4, rs1: 0, rs2: 1) == nil)
    // Rounding modes, where something is rounded.
    try machine.sizes(16, 16, 16)
    try machine.set(csr: 0x809, 5)
    #expect(machine.isIllegal("mfmacc.s", rd: 4, rs1: 0, rs2: 1) && machine.isIllegal("mfadd.s.mm", rd: 4, rs1: 5, rs2: 6))
    #expect(machine.isIllegal("mfcvtl.h.s", rd: 4, rs1: 5) && machine.isIllegal("mfscvt.w.s", rd: 4, rs1: 5))
    #expect(machine.run("mfcvtl.s.h", rd: 4, rs1: 5) == nil && machine.run("mfmax.s.mm", rd: 4, rs1: 5, rs2: 6) == nil)
    #expect(machine.run("mmacc.w.b", rd: 4, rs1: 0, rs2: 1) == nil)
    // Groups of registers.
    #expect(machine.isIllegal("mzero2r", rd: 1) && machine.isIllegal("mzero4r", rd: 2) && machine.isIllegal("mzero8r", rd: 4))
    #expect(machine.run("mzero2r", rd: 6) == nil && machine.run("mzero8r", rd: 0) == nil)
  }
}
