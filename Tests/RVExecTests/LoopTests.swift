import Foundation
import RVDecoder
import RVExec
import Testing

@Suite("The run loop")
struct LoopTests {
  /// Sums and stores in two nested loops, with a call into the next page and back.
  private func nestedLoops() throws -> HartProgram {
    let p = try #require(HartProgram())
    p.emit("lui", rd: 10, imm: Int32(bitPattern: 0x8004_0000))
    p.emit("slli", rd: 10, rs1: 10, imm: 32)
    p.emit("srli", rd: 10, rs1: 10, imm: 32)
    p.emit("addi", rd: 5, imm: 50)
    let outer = p.here
    p.emit("addi", rd: 6, imm: 30)
    let inner = p.here
    p.emit("add", rd: 7, rs1: 7, rs2: 6)
    p.emit("mul", rd: 8, rs1: 7, rs2: 6)
    p.emit("sd", rs1: 10, rs2: 8)
    p.emit("ld", rd: 9, rs1: 10)
    let call = p.here
    p.emit("jal", rd: 1, imm: Int32(HartProgram.base + 0x1000 - call))
    p.emit("addi", rd: 6, rs1: 6, imm: -1)
    p.emit("bne", rs1: 6, imm: Int32(truncatingIfNeeded: Int64(inner) - Int64(p.here)))
    p.emit("addi", rd: 5, rs1: 5, imm: -1)
    p.emit("bne", rs1: 5, imm: Int32(truncatingIfNeeded: Int64(outer) - Int64(p.here)))
    p.emit("ebreak")
    p.here = HartProgram.base + 0x1000
    p.emit("xor", rd: 11, rs1: 11, rs2: 9)
    p.emit("jalr", rs1: 1)
    return p
  }

  @Test("a limit is met exactly, wherever it falls, and a run cut into pieces ends as a whole one")
  func limits() throws {
    let whole = try nestedLoops()
    guard case .trap(let trap) = whole.hart.run() else {
      Issue.record("no trap")
      return
    }
    #expect(trap.cause == .breakpoint)
    let total = whole.hart.retired
    for piece: UInt64 in [1, 2, 3, 1000, 4095, 4096, 4097, 5000] {
      let p = try nestedLoops()
      var expected: UInt64 = 0
      while expected + piece < total {
        guard case .pause = p.hart.run(limit: piece) else {
          Issue.record("stopped early")
          return
        }
        expected += piece
        #expect(p.hart.retired == expected)
      }
      guard case .trap = p.hart.run(limit: piece + 1) else {
        Issue.record("no trap after \(total) instructions in pieces of \(piece)")
        return
      }
      #expect(p.snapshot == whole.snapshot)
    }
  }

  @Test("records are the same whatever the batches' capacity", arguments: [1, 7, 1024])
  func batches(capacity: Int) throws {
    func trace(_ capacity: Int) throws -> (pcs: [UInt64], runs: [MemoryRun], state: [UInt64]) {
      let p = try nestedLoops()
      let batch = p.hart.makeBatch(capacity: capacity)
      var pcs: [UInt64] = []
      var runs: [MemoryRun] = []
      while true {
        let stop = p.hart.record(into: batch, limit: .max)
        pcs += batch.records.map { batch.pc($0) }
        runs += Array(batch.memoryRuns)
        guard case .pause = stop else { break }
      }
      return (pcs, runs, p.snapshot)
    }
    let reference = try trace(100)
    let other = try trace(capacity)
    #expect(other.pcs == reference.pcs)
    #expect(other.runs == reference.runs)
    #expect(other.state == reference.state)
    #expect(reference.runs.count == 2 * 50 * 30)
    #expect(reference.pcs.count == Int(reference.state[65]) + 1, "the ebreak traps and is recorded")
  }

  @Test("recording does not change what is computed")
  func recordingIsNeutral() throws {
    let plain = try nestedLoops()
    _ = plain.hart.run()
    let recorded = try nestedLoops()
    let batch = recorded.hart.makeBatch()
    while case .pause = recorded.hart.record(into: batch, limit: 17) {}
    #expect(plain.snapshot == recorded.snapshot)
  }

  @Test("a request for a pause stops an endless loop")
  func pauseRequest() async throws {
    let p = try #require(HartProgram())
    p.emit("jal", imm: 0)
    nonisolated(unsafe) let hart = p.hart
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.05)
      hart.requestPause()
    }
    thread.start()
    guard case .pause = p.hart.run() else {
      Issue.record("no pause")
      return
    }
    #expect(p.hart.pauseRequested)
    #expect(p.hart.pc == HartProgram.base)
  }

  @Test("x0 stays zero whoever writes it")
  func zeroRegister() throws {
    let p = try #require(HartProgram())
    p.emit("addi", rd: 0, imm: 5)
    p.emit("lui", rd: 0, imm: 0x1000)
    p.emit("jal", rd: 0, imm: 4)
    p.emit("addi", rd: 5, rs1: 0, imm: 1)
    p.emit("ebreak")
    _ = p.hart.run()
    #expect(p.hart[x: 0] == 0)
    #expect(p.hart[x: 5] == 1)
  }

  @Test("division by zero and the overflow of the least number by -1 do not trap")
  func divisionCorners() throws {
    let least = UInt64(1) << 63
    let least32 = UInt64(bitPattern: Int64(Int32.min))
    let cases: [(String, UInt64, UInt64, UInt64)] = [
      ("div", least, .max, least), ("rem", least, .max, 0), ("divw", least32, .max, least32), ("remw", least32, .max, 0),
      ("div", 7, 0, .max), ("rem", 7, 0, 7), ("divu", 7, 0, .max), ("remu", 7, 0, 7),
      ("divw", 7, 0, .max), ("remw", least32, 0, least32), ("divuw", 7, 0, .max), ("remuw", 0x8000_0000, 0, least32),
      ("div", .max, .max, 1), ("div", least, 1, least), ("rem", least, 1, 0),
    ]
    for (mnemonic, a, b, result) in cases {
      let p = try #require(HartProgram())
      p.hart[x: 5] = a
      p.hart[x: 6] = b
      p.emit(mnemonic, rd: 7, rs1: 5, rs2: 6)
      p.emit("ebreak")
      _ = p.hart.run()
      #expect(p.hart[x: 7] == result, "\(mnemonic) of \(a) by \(b)")
      #expect(p.hart.retired == 1)
    }
  }

  @Test("a jump to unmapped memory faults at the target, and the jump has retired")
  func fetchFault() throws {
    let p = try #require(HartProgram())
    p.emit("addi", rd: 5, imm: 64)
    p.emit("jalr", rd: 1, rs1: 5)
    guard case .trap(let trap) = p.hart.run() else {
      Issue.record("no trap")
      return
    }
    #expect(trap.cause == .instructionAccess && trap.tval == 64)
    #expect(p.hart.pc == 64)
    #expect(p.hart[x: 1] == HartProgram.base + 8)
    #expect(p.hart.retired == 2)
  }

  @Test("without compressed instructions a taken branch to a half-aligned target traps at the branch, an untaken one does not")
  func misalignedTarget() throws {
    let p = try #require(HartProgram(isa: ISA([.m, .a, .f, .d, .zicsr, .zifencei])))
    p.emit("beq", rs1: 5, rs2: 6, imm: 10)
    p.emit("bne", rs1: 5, rs2: 6, imm: 10)
    p.hart[x: 6] = 1
    guard case .trap(let trap) = p.hart.run() else {
      Issue.record("no trap")
      return
    }
    #expect(trap.cause == .instructionMisaligned)
    #expect(trap.tval == HartProgram.base + 14)
    #expect(p.hart.pc == HartProgram.base + 4)
    #expect(p.hart.retired == 1)
  }
}

@Suite("Systems")
struct SystemLifetimeTests {
  @Test("a system that is no longer used gives its memory back")
  func noCycle() throws {
    weak var space: AddressSpace?
    weak var hart: Hart?
    do {
      let guest = try BareGuest.run("exit 0")
      space = guest.system.space
      hart = guest.system.hart
      #expect(guest.ending == .exited(0))
    }
    #expect(space == nil)
    #expect(hart == nil)
  }
}
