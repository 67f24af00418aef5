import Testing

@testable import RVSimCLI

/// The clocks of a guest on a machine: all tell the model's time.
@Suite(.enabled(if: Tools.clang != nil, "no clang beside swift"))
struct ClockTests {
  /// Ends with the number of the first check that fails.
  private static let timer = """
    .globl _start
    _start:
      la t0, handler
      csrw mtvec, t0
      li s0, 0x200bff8
      li s1, 0x2004000
      csrr s2, mcycle
      ld s3, 0(s0)
      addi t0, s3, 1000
      sd t0, 0(s1)
      li t0, 128
      csrw mie, t0
      csrsi mstatus, 8
    1: addi s4, s4, 1
      j 1b
    .align 2
    handler:
      csrr s5, mcycle
      ld s6, 0(s0)
      sub s5, s5, s2
      sub s6, s6, s3
      # 1000 ticks of 100 ns are 160,000 cycles at 1600 MHz, less a part of the first tick.
      li a0, 1
      li t0, 159800
      blt s5, t0, exit
      li a0, 2
      li t0, 162000
      bgt s5, t0, exit
      li a0, 3
      li t0, 1000
      blt s6, t0, exit
      li a0, 4
      li t0, 1010
      bgt s6, t0, exit
      # Turns of the loop: neither nanoseconds nor instructions.
      li a0, 5
      li t0, 101000
      blt s4, t0, exit
      li a0, 6
      li t0, 162000
      bgt s4, t0, exit
      li a0, 0
    """

  @Test("A timer interrupt comes when the machine's time has reached it, and mtime and mcycle agree")
  func interrupt() throws {
    let elf = try Guest.bare(Self.timer, march: "rv64gc_zicsr")
    let outcome = rvsim("run", "--machine", "spacemit-x60", "--max-insns", "3000000", elf)
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(rvsim("run", "--machine", "spacemit-x60", "--max-insns", "3000000", elf).error == outcome.error)
  }

  @Test("Linux's clock and cycle agree at the machine's frequency")
  func linux() throws {
    let source = """
      .globl _start
      _start:
        addi sp, sp, -32
        li a0, 1
        mv a1, sp
        li a7, 113
        ecall
        rdcycle s0
        li t0, 100000
      1: addi t0, t0, -1
        bnez t0, 1b
        rdcycle s1
        li a0, 1
        addi a1, sp, 16
        li a7, 113
        ecall
        ld t1, 8(sp)
        ld t2, 24(sp)
        sub t2, t2, t1
        sub s1, s1, s0
        # A cycle is 5/8 ns.
        slli t3, s1, 2
        add t3, t3, s1
        srli t3, t3, 3
        li a0, 1
        blt t2, t3, exit
        addi t3, t3, 200
        li a0, 2
        bgt t2, t3, exit
        li a0, 3
        li t4, 100000
        blt s1, t4, exit
        li a0, 0
      """
    let outcome = rvsim("run", "--machine", "spacemit-x60", try Guest.linux(source, march: "rv64gc_zicsr"))
    #expect(outcome.code == 0, "\(outcome.error)")
  }

  @Test(
    "hpmcounter3 counts branches, and an event that mhpmevent selects is counted by its number; without a machine they stay 0")
  func events() throws {
    let source = """
      .globl _start
      _start:
        li t0, 1
        csrw mhpmevent5, t0
        csrr s0, mhpmcounter3
        csrr s1, mhpmcounter5
        li t0, 100
      1: addi t0, t0, -1
        bnez t0, 1b
        csrr s2, mhpmcounter3
        csrr s3, mhpmcounter5
        sub a0, s2, s0
        sub a1, s3, s1
        beq a0, a1, exit
        li a0, 255
      """
    let elf = try Guest.bare(source, march: "rv64gc_zicsr")
    #expect(rvsim("run", "--machine", "spacemit-x60", elf).code == 100)
    #expect(rvsim("run", elf).code == 0)
  }
}
