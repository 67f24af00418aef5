import RVDecoder
import RVExec
import Testing

@Suite("Code that changes")
struct CodeChangeTests {
  /// A loop of three rounds whose body stores the word in x11 to the address in x10 before it reaches `patched`, where
  /// x12 is counted up by 1 (as it stands) or by what the new instruction says.
  private func program(patchedAt offset: UInt64, fence: Bool) throws -> HartProgram {
    let p = try #require(HartProgram())
    let start = p.here
    p.emit("addi", rd: 5, rs1: 5, imm: 1)
    p.emit("addi", rd: 6, imm: 2)
    // The store happens from the second round on: in the first the old instruction is executed.
    p.emit("blt", rs1: 5, rs2: 6, imm: 8)
    p.emit("sw", rs1: 10, rs2: 11)
    if fence { p.emit("fence.i") }
    let jump = p.here
    p.emit("jal", imm: Int32(HartProgram.base + offset - jump))
    p.here = HartProgram.base + offset
    p.emit("addi", rd: 12, rs1: 12, imm: 1)
    p.emit("addi", rd: 7, imm: 3)
    p.emit("beq", rs1: 5, rs2: 7, imm: 8)
    p.emit("jal", imm: Int32(truncatingIfNeeded: Int64(start) - Int64(p.here)))
    p.emit("ebreak")
    p.hart[x: 10] = HartProgram.base + offset
    p.hart[x: 11] = UInt64(HartProgram.word("addi", rd: 12, rs1: 12, imm: 100))
    return p
  }

  @Test(
    "a store to an executed instruction takes effect at once, with and without fence.i",
    arguments: [0x40, 0x800, 0x1000, 0x5ffe, 0xffe] as [UInt64], [false, true])
  func takesEffect(offset: UInt64, fence: Bool) throws {
    let p = try program(patchedAt: offset, fence: fence)
    // The word at an odd halfword is stored misaligned; half of it may lie in the next page.
    guard case .trap(let trap) = p.hart.run() else {
      Issue.record("no trap")
      return
    }
    #expect(trap.cause == .breakpoint)
    #expect(p.hart[x: 12] == 1 + 100 + 100)
  }

  @Test("the instruction right behind a store may be the one that changes")
  func nextInstruction() throws {
    let p = try #require(HartProgram())
    p.emit("sw", rs1: 10, rs2: 11)
    p.emit("addi", rd: 12, imm: 1)
    p.emit("ebreak")
    p.hart[x: 10] = HartProgram.base + 4
    p.hart[x: 11] = UInt64(HartProgram.word("addi", rd: 12, imm: 77))
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 77)
  }

  @Test("records name what was executed, though it changed within the batch", arguments: [0x40, 0xffe, 0x5ffe] as [UInt64])
  func recordsOfChangedCode(offset: UInt64) throws {
    func trace(_ capacity: Int) throws -> [String] {
      let p = try program(patchedAt: offset, fence: false)
      // The new instruction is another one.
      p.hart[x: 11] = UInt64(HartProgram.word("xori", rd: 12, rs1: 12, imm: 100))
      let batch = p.hart.makeBatch(capacity: capacity)
      var lines: [String] = []
      while true {
        let stop = p.hart.record(into: batch, limit: .max)
        for record in batch.records {
          let mnemonic = InstructionTable.shared.row(of: batch.op(record))?.mnemonic ?? "?"
          lines.append("\(String(batch.pc(record), radix: 16)) \(mnemonic)")
        }
        guard case .pause = stop else { return lines }
      }
    }
    let exact = try trace(1)
    #expect(try trace(1024) == exact)
    #expect(exact.count { $0.hasSuffix("xori") } == 2)
  }

  @Test("two short instructions in the place of a long one, and the other way round")
  func lengthChanges() throws {
    let p = try #require(HartProgram())
    let start = p.here
    p.emit("addi", rd: 12, rs1: 12, imm: 1)
    p.emit("addi", rd: 5, rs1: 5, imm: 1)
    p.emit("sw", rs1: 10, rs2: 11)
    p.emit("addi", rd: 6, imm: 2)
    p.emit("bne", rs1: 5, rs2: 6, imm: Int32(truncatingIfNeeded: Int64(start) - Int64(p.here)))
    p.emit("ebreak")
    p.hart[x: 10] = start
    // c.addi x12, 3 twice.
    p.hart[x: 11] = 0x060d_060d
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 1 + 3 + 3)
    #expect(p.hart.retired == 5 + 6)
    p.hart[x: 5] = 1
    p.hart[x: 11] = UInt64(HartProgram.word("addi", rd: 12, rs1: 12, imm: 10))
    p.hart.pc = start + 8
    p.hart[x: 6] = 0
    p.hart[x: 12] = 0
    p.hart.pc = start + 4
    p.hart[x: 5] = 0
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 10)
  }

  @Test("an instruction across a page end is executed, and its second half may change")
  func straddling() throws {
    let p = try #require(HartProgram())
    p.pad(to: HartProgram.base + 0xffe)
    let at = p.here
    p.emit("addi", rd: 12, rs1: 12, imm: 1)
    p.emit("ebreak")
    p.hart.pc = at
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 1)
    // Only the half in the second page: the immediate's upper bits.
    let word = HartProgram.word("addi", rd: 12, rs1: 12, imm: 33)
    p.space.write(at + 2, [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 24)])
    p.hart.pc = at
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 34)
  }

  @Test("an instruction whose second half cannot be fetched faults there, with the pc of its first half")
  func straddlingIntoNothing() throws {
    let p = try #require(HartProgram())
    let end = HartProgram.base + p.space.size
    p.here = end - 2
    p.put(0x0001)
    p.space.poke(end - 2, [0x13, 0x05])
    p.hart.pc = end - 2
    guard case .trap(let trap) = p.hart.run() else {
      Issue.record("no trap")
      return
    }
    #expect(trap.cause == .instructionAccess)
    #expect(trap.tval == end)
    #expect(p.hart.pc == end - 2)
    #expect(p.hart.retired == 0)
  }

  @Test("a jump into the middle of a long instruction executes what its bytes say there")
  func middleOfInstruction() throws {
    let p = try #require(HartProgram())
    // lui x12, 0x060d0 + …: its upper half is c.addi x12, 3 … chosen so that the halfword 0x060d stands at +2.
    p.put(0x060d_0637)
    p.emit("ebreak")
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 0x060d_0000)
    p.hart.pc = HartProgram.base + 2
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 0x060d_0003)
    p.hart.pc = HartProgram.base
    _ = p.hart.run()
    #expect(p.hart[x: 12] == 0x060d_0000)
  }

  @Test("a page full of jumps to elsewhere is decoded again and again without running out of room")
  func crowdedPage() throws {
    let p = try #require(HartProgram())
    // 1,023 jumps of 4 bytes, each to the same distance in the page behind; there, jumps back to the one after.
    let count: Int32 = 1023
    for index in 0..<count {
      p.here = HartProgram.base + UInt64(4 * index)
      p.emit("jal", imm: 0x1000)
      p.here = HartProgram.base + UInt64(0x1000 + 4 * index)
      p.emit("jal", imm: -0x1000 + 4)
    }
    p.here = HartProgram.base + UInt64(4 * count)
    p.emit("ebreak")
    for entry: UInt64 in [0, 2044, 4, 1000, 512] {
      p.hart.pc = HartProgram.base + entry
      guard case .trap(let trap) = p.hart.run() else {
        Issue.record("no trap")
        return
      }
      #expect(trap.cause == .breakpoint)
      #expect(p.hart.pc == HartProgram.base + UInt64(4 * count))
    }
  }
}
