import Foundation
import Testing

@testable import RVSimCLI

/// The log against the one that Spike itself writes.
@Suite(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct SpikeLogTests {
  /// What a random program may use without leaving its buffer: s0 points into it, s1 to its beginning.
  private struct Generator {
    var random: SystemSeeded
    let registers = ["a0", "a1", "a2", "a3", "a4", "a5", "t1", "t2", "s2", "s3"]
    let floats = ["fa0", "fa1", "fa2", "ft0", "ft1", "fs2", "ft11"]

    mutating func pick(_ from: [String]) -> String { from[Int(random.next() % UInt64(from.count))] }
    mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.next() % UInt64(range.count)) }

    mutating func instruction(_ index: Int) -> String {
      let x = { (g: inout Generator) in g.pick(g.registers) }
      let f = { (g: inout Generator) in g.pick(g.floats) }
      switch number(0...13) {
      case 0:
        return
          "\(pick(["add", "sub", "xor", "and", "or", "sll", "srl", "sra", "sltu", "addw", "mul", "mulhu", "div", "remw"])) \(x(&self)), \(x(&self)), \(x(&self))"
      case 1: return "\(pick(["addi", "xori", "andi", "slti", "addiw"])) \(x(&self)), \(x(&self)), \(number(-2048...2047))"
      case 2:
        return "\(pick(["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"])) \(pick(registers + ["zero"])), \(number(0...255) * 8)(s1)"
      case 3: return "\(pick(["sb", "sh", "sw", "sd"])) \(x(&self)), \(number(0...255) * 8)(s1)"
      case 4: return "\(pick(["ld", "lw", "lh"])) \(x(&self)), \(number(0...2000))(s1)"
      case 5: return "\(pick(["sd", "sw", "sh"])) \(x(&self)), \(number(0...2000))(s1)"
      case 6:
        let width = pick(["w", "d"])
        return
          "\(pick(["amoadd", "amoswap", "amoxor", "amomaxu", "amomin"])).\(width)\(pick(["", ".aq", ".aqrl"])) \(pick(registers + ["zero"])), \(x(&self)), (s1)"
      case 7:
        let width = pick(["w", "d"])
        return
          "lr.\(width) \(x(&self)), (s1)\n\(number(0...2) == 0 ? "" : " sc.\(width) \(x(&self)), \(x(&self)), (s1)\n") sc.\(width) \(x(&self)), \(x(&self)), (s1)"
      case 8:
        return
          "\(pick(["fadd", "fsub", "fmul", "fdiv", "fmin", "fsgnjx"])).\(pick(["s", "d"])) \(f(&self)), \(f(&self)), \(f(&self))"
      case 9: return "\(pick(["fmadd", "fnmsub"])).\(pick(["s", "d"])) \(f(&self)), \(f(&self)), \(f(&self)), \(f(&self))"
      case 10:
        return pick([
          "fcvt.w.d \(x(&self)), \(f(&self))", "fcvt.d.l \(f(&self)), \(x(&self))", "fmv.d.x \(f(&self)), \(x(&self))",
          "fmv.x.w \(x(&self)), \(f(&self))", "feq.s \(x(&self)), \(f(&self)), \(f(&self))", "fcvt.s.d \(f(&self)), \(f(&self))",
          "fsqrt.d \(f(&self)), \(f(&self))", "fclass.d \(x(&self)), \(f(&self))",
        ])
      case 11: return "\(pick(["fld", "flw", "fsd", "fsw"])) \(f(&self)), \(number(0...255) * 8)(s1)"
      case 12:
        return pick([
          "csrrw \(x(&self)), fcsr, zero", "csrrwi \(x(&self)), fflags, \(number(0...31))", "csrrsi \(x(&self)), frm, 0",
          "csrrw \(x(&self)), mscratch, \(x(&self))", "csrr \(x(&self)), mstatus", "csrrw \(x(&self)), frm, zero",
          "csrw mepc, \(x(&self))",
          "ebreak", "ecall", ".word 0", "ld \(x(&self)), 16(zero)", "csrrc \(x(&self)), minstret, zero", "fence",
          "csrci mstatus, 8",
        ])
      default: return "\(pick(["beq", "bltu", "bge"])) \(x(&self)), \(x(&self)), skip\(index)\n nop\nskip\(index):"
      }
    }
  }

  /// xorshift: the same programs everywhere.
  struct SystemSeeded {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state >> 8
    }
  }

  private static func program(seed: UInt64) -> String {
    var generator = Generator(random: SystemSeeded(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1))
    for _ in 0..<10 { _ = generator.random.next() }
    var text = """
      .globl _start
      _start:
        la t0, handler
        csrw mtvec, t0
        li t0, 0x2000
        csrs mstatus, t0
        la s1, buffer
        li a0, 0x123456789abcdef0
        li a1, 3
        li a2, -1
        li t1, 0x4009000000000000
        fmv.d.x fa0, t1
        fmv.d.x fa1, a0
        fcvt.d.w fa2, a1
        fcvt.s.w ft0, a1
        fcvt.d.w ft1, a2
        fmv.d.x fs2, a0
        fcvt.d.l ft11, a0

      """
    for index in 0..<300 { text += "  \(generator.instruction(index))\n" }
    return text + """
        # The rest in user mode.
        li t0, 0x1800
        csrc mstatus, t0
        la t0, user
        csrw mepc, t0
        mret
      user:
        li t0, 3
      again:
        addi t0, t0, -1
        bnez t0, again
        csrr a0, mstatus
        li a7, 77
        ecall
        .balign 4
      handler:
        li s4, 77
        beq a7, s4, leave
        csrr s3, mepc
        lhu s4, 0(s3)
        andi s4, s4, 3
        addi s3, s3, 2
        li s5, 3
        bne s4, s5, 1f
        addi s3, s3, 2
      1: csrw mepc, s3
        mret
      leave:
        li a0, 0
        j exit
        .data
        .balign 4096
      buffer: .zero 4096
      """
  }

  /// Without the lines of -l: they are in Spike's own words.
  static func commits(_ log: String) -> [Substring] {
    log.split(separator: "\n").filter { !$0.hasPrefix("core   0: 0x") && !$0.hasPrefix("core   0: >>>>") }
  }

  static let isa = "rv64gc_zicntr_zihpm_zicclsm"

  @Test(.enabled(if: Tools.spike != nil, "Spike (RVSIM_SPIKE, or spike on PATH)"), arguments: 1...8 as ClosedRange<UInt64>)
  func asSpike(seed: UInt64) throws {
    let elf = try Guest.bare(Self.program(seed: seed))
    let (own, theirs) = (Scratch.path("own-\(seed).log"), Scratch.path("spike-\(seed).log"))
    let result = rvsim("run", "--max-insns", "100000", "--isa", Self.isa, "--trace", "spike=\(own)", elf)
    #expect(result.code == 0, "\(result.error)")
    let spike = try #require(Tools.spike)
    let reference = try Tools.run(spike, ["--isa=\(Self.isa)", "-l", "--log-commits", "--log=\(theirs)", elf])
    #expect(reference.code == 0)
    let lines = Self.commits(try Scratch.read(own))
    // Spike looks at tohost once in a while: it goes on for thousands of lines.
    let expected = Self.commits(try Scratch.read(theirs)).prefix(lines.count)
    #expect(lines.count > 300)
    if let index = zip(lines, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      Issue.record("line \(index): \(lines[index]) here, \(expected[index]) on Spike, after \(index > 0 ? lines[index - 1] : "")")
    }
    #expect(lines.count == expected.count)
  }

  @Test func form() throws {
    let elf = try Guest.bare(".globl _start\n_start: li a0, 2\nloop: addi a0, a0, -1\n bnez a0, loop\n sw a0, 8(sp)\n j exit")
    let file = Scratch.path("form.log")
    #expect(rvsim("run", "--trace", "spike=\(file)", elf).code == 139)
    #expect(
      try Scratch.read(file)
        == """
        core   0: 0x0000000000001000 (0x00000297) auipc t0, 0x0
        core   0: 3 0x0000000000001000 (0x00000297) x5  0x0000000000001000
        core   0: 0x0000000000001004 (0x02028593) addi a1, t0, 0x20
        core   0: 3 0x0000000000001004 (0x02028593) x11 0x0000000000001020
        core   0: 0x0000000000001008 (0xf1402573) csrr a0, mhartid
        core   0: 3 0x0000000000001008 (0xf1402573) x10 0x0000000000000000
        core   0: 0x000000000000100c (0x0182b283) ld t0, 0x18(t0)
        core   0: 3 0x000000000000100c (0x0182b283) x5  0x0000000080000000 mem 0x0000000000001018
        core   0: 0x0000000000001010 (0x00028067) jr t0
        core   0: 3 0x0000000000001010 (0x00028067)
        core   0: >>>>  _start
        core   0: 0x0000000080000000 (0x00004509) li a0, 0x2
        core   0: 3 0x0000000080000000 (0x4509) x10 0x0000000000000002
        core   0: >>>>  loop
        core   0: 0x0000000080000002 (0x0000157d) addi a0, a0, -0x1
        core   0: 3 0x0000000080000002 (0x157d) x10 0x0000000000000001
        core   0: 0x0000000080000004 (0x0000fd7d) bnez a0, 0x80000002
        core   0: 3 0x0000000080000004 (0xfd7d)
        core   0: >>>>  loop
        core   0: 0x0000000080000002 (0x0000157d) addi a0, a0, -0x1
        core   0: 3 0x0000000080000002 (0x157d) x10 0x0000000000000000
        core   0: 0x0000000080000004 (0x0000fd7d) bnez a0, 0x80000002
        core   0: 3 0x0000000080000004 (0xfd7d)
        core   0: 0x0000000080000006 (0x0000c408) sw a0, 0x8(s0)
        core   0: exception trap_store_access_fault, epc 0x0000000080000006
        core   0:           tval 0x0000000000000008

        """.replacingOccurrences(of: "0x0000c408) sw a0, 0x8(s0)", with: "0x0000c42a) sw a0, 0x8(sp)"))
  }

  @Test func linuxPrograms() throws {
    let file = Scratch.path("linux.log")
    #expect(rvsim("run", "--trace", "spike=\(file)", try Guest.linux(".globl _start\n_start: li a0, 7\n j exit")).code == 7)
    let lines = try Scratch.read(file).split(separator: "\n")
    #expect(lines.first == "core   0: >>>>  _start")
    #expect(lines.contains { $0.hasPrefix("core   0: 0 0x") && $0.hasSuffix(" x10 0x0000000000000007") })
    #expect(lines.last?.contains("exception trap_user_ecall, epc 0x") == true)
  }

  @Test func aRepeatedInstructionIsCounted() throws {
    let file = Scratch.path("repeated.log")
    #expect(
      rvsim("run", "--max-insns", "5", "--trace", "spike=\(file)", try Guest.bare(".globl _start\n_start: j _start")).code == 124)
    let lines = try Scratch.read(file).split(separator: "\n").filter { $0.contains("80000000") }
    #expect(lines.filter { $0.hasPrefix("core   0: 0x") }.count == 1)
    #expect(lines.filter { $0.hasPrefix("core   0: 3 0x0000000080000000") }.count == 5)
  }
}
