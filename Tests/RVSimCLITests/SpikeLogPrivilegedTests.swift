import Testing

@testable import RVSimCLI

/// The log of programs in S and U mode behind page tables against the one that Spike itself writes.
@Suite("Commit logs of S and U mode", .enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct SpikeLogPrivilegedTests {
  /// Pages as S mode finds them from s1 to s4: written and read; only read; none; the user's. s5 leads to no memory at all.
  private static func instruction(_ random: inout SpikeLogTests.SystemSeeded) -> String {
    func pick(_ from: [String], _ random: inout SpikeLogTests.SystemSeeded) -> String {
      from[Int(random.next() % UInt64(from.count))]
    }
    let (a, b) = (pick(["a0", "a1", "a2", "a3"], &random), pick(["a0", "a1", "a2", "a3"], &random))
    let page = pick(["s1", "s1", "s2", "s3", "s4", "s5"], &random)
    let offset = random.next() % 500 * 4
    return pick(
      [
        "add \(a), \(a), \(b)", "mulw \(a), \(a), \(b)", "ld \(a), \(offset)(\(page))", "lhu \(a), \(offset)(\(page))",
        "sd \(b), \(offset)(\(page))", "sb \(b), \(offset)(\(page))", "amoadd.d \(a), \(b), (\(page))",
        "amoswap.w \(a), \(b), (\(page))",
        "lr.d \(a), (s1)\n  sc.d \(b), \(a), (s1)", "fld fa0, \(offset)(\(page))", "fsd fa0, \(offset)(\(page))",
        "fcvt.d.l fa0, \(a)",
        "ecall", "ebreak", ".word 0", "csrr \(a), mstatus", "csrr \(a), sstatus", "csrr \(a), scause", "csrr \(a), stval",
        "csrw sscratch, \(a)", "csrsi sip, 2", "csrsi sie, 2", "csrci sie, 2", "csrsi sstatus, 2", "csrci sstatus, 2",
        "csrs sstatus, s6", "csrc sstatus, s6", "sfence.vma", "sfence.vma s1, zero", "fence.i",
      ], &random)
  }

  private static func program(seed: UInt64) -> String {
    var random = SpikeLogTests.SystemSeeded(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
    for _ in 0..<10 { _ = random.next() }
    func some(_ count: Int) -> String { (0..<count).map { _ in "  \(instruction(&random))\n" }.joined() }
    return """
      .option norvc
      .globl _start
      _start:
        la t0, machine
        csrw mtvec, t0
        la t0, supervisor
        csrw stvec, t0
        # No timer.
        li t0, 0x2004000
        li t1, -1
        sd t1, 0(t0)
        # All exceptions but calls of S mode.
        li t0, 0xb1ff
        csrw medeleg, t0
        li t0, 0x222
        csrw mideleg, t0
        csrwi mie, 8
        la t0, root
        la t1, middle
        la t2, last
        la t3, buffer
        srli t4, t1, 2
        ori t4, t4, 1
        sd t4, 8(t0)
        li t4, 0x200000cf
        sd t4, 16(t0)
        li t4, 0x200000df
        sd t4, 24(t0)
        srli t4, t2, 2
        ori t4, t4, 1
        sd t4, 0(t1)
        srli t4, t3, 2
        ori t5, t4, 0xc7
        sd t5, 0(t2)
        ori t5, t4, 0x43
        sd t5, 8(t2)
        ori t5, t4, 0xd7
        sd t5, 24(t2)
        li t4, 0xc7
        sd t4, 32(t2)
        srli t0, t0, 12
        li t1, 8 << 60
        or t0, t0, t1
        csrw satp, t0
        sfence.vma
        li t0, 0x2000
        csrs mstatus, t0
        li t0, 0x1800
        csrc mstatus, t0
        li t0, 0x800
        csrs mstatus, t0
        la t0, begin
        csrw mepc, t0
        mret
      begin:
        li s1, 0x40000000
        li s2, 0x40001000
        li s3, 0x40002000
        li s4, 0x40003000
        li s5, 0x40004000
        li s6, 0x40000
        li a0, 0x123456789
        li a1, -7
        li a2, 0
        li a3, 3

      """ + some(250) + """
          # The same in user mode, which has another view of the program.
          li t0, 0x100
          csrc sstatus, t0
          la t0, user
          li t1, 0x40000000
          add t0, t0, t1
          csrw sepc, t0
          sret
        user:

        """ + some(120) + """
            li a7, 77
            ecall
            .balign 4
          supervisor:
            li s7, 77
            beq a7, s7, 1f
            csrr s8, scause
            bltz s8, 2f
            csrr s8, stval
            csrr s8, sepc
            addi s8, s8, 4
            csrw sepc, s8
            sret
          1: ecall
          2: csrci sip, 2
            sret
            .balign 4
          machine:
            li s9, 77
            beq a7, s9, leave
            csrr s10, mcause
            li s11, 0x2000000
            bltz s10, 1f
            csrr s10, mepc
            addi s10, s10, 4
            csrw mepc, s10
            # A software interrupt, as soon as S mode goes on.
            li s10, 1
            sw s10, 0(s11)
            mret
          1: sw zero, 0(s11)
            mret
          leave:
            li a0, 0
            j exit
            .data
            .balign 4096
          root: .zero 4096
          middle: .zero 4096
          last: .zero 4096
          buffer: .zero 4096
          """
  }

  @Test(
    "page faults, calls, software interrupts: byte for byte as Spike, but for mvip",
    .enabled(if: Tools.spike != nil, "Spike (RVSIM_SPIKE, or spike on PATH)"), arguments: 1...6 as ClosedRange<UInt64>)
  func asSpike(seed: UInt64) throws {
    let elf = try Guest.bare(Self.program(seed: seed))
    let (own, theirs) = (Scratch.path("own-s-\(seed).log"), Scratch.path("spike-s-\(seed).log"))
    let result = rvsim("run", "--max-insns", "100000", "--isa", SpikeLogTests.isa, "--trace", "spike=\(own)", elf)
    #expect(result.code == 0, "\(result.error)")
    let spike = try #require(Tools.spike)
    #expect(try Tools.run(spike, ["--isa=\(SpikeLogTests.isa)", "-l", "--log-commits", "--log=\(theirs)", elf]).code == 0)
    let lines = SpikeLogTests.commits(try Scratch.read(own))
    // With a write of sip Spike shows mvip, a register of the advanced interrupt architecture, which neither machine has.
    let text = try Scratch.read(theirs).replacing(#/\ c777_mvip\ 0x[0-9a-f]{16}/#, with: "")
    let expected = SpikeLogTests.commits(text).prefix(lines.count)
    if let index = zip(lines, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      Issue.record("line \(index): \(lines[index]) here, \(expected[index]) on Spike, after \(index > 0 ? lines[index - 1] : "")")
    }
    #expect(lines.count == expected.count)
    // In both modes, with faults and with interrupts of both levels.
    for part in ["core   0: 1 0x", "core   0: 0 0x", "page_fault", "interrupt #1", "interrupt #3", "trap_user_ecall"] {
      #expect(lines.contains { $0.contains(part) }, "no \(part)")
    }
  }
}
