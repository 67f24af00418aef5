import Testing

@testable import RVSimCLI

/// One exit code for each way to end.
@Suite(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct ExitCodeTests {
  @Test(arguments: [0, 1, 7, 255])
  func bareGuestsOwn(code: Int) throws {
    let result = rvsim("run", try Guest.bare(".globl _start\n_start: li a0, \(code)\n j exit"))
    #expect(result.code == Int32(code))
    #expect(result.error == "")
    #expect(result.output == "")
  }

  @Test(arguments: [0, 3, 255])
  func linuxGuestsOwn(code: Int) throws {
    let result = rvsim("run", try Guest.linux(".globl _start\n_start: li a0, \(code)\n j exit"))
    #expect(result.code == Int32(code))
    #expect(result.error == "")
  }

  @Test func linuxCodesHaveEightBits() throws {
    #expect(rvsim("run", try Guest.linux(".globl _start\n_start: li a0, 0x105\n j exit")).code == 5)
  }

  @Test(arguments: [256, 1000])
  func largeCodesAreNoSuccess(code: Int) throws {
    let result = rvsim("run", try Guest.bare(".globl _start\n_start: li a0, \(code)\n j exit"))
    #expect(result.code == 255)
    #expect(result.error == "rvsim: the guest's exit code is \(code), which does not fit: exit code 255\n")
  }

  @Test(arguments: [
    ("unimp", 132), ("ebreak", 133), ("li t0, 9\n ld a0, 0(t0)", 139), ("li t0, 8\n ld a0, 0(t0)", 139), ("sd a0, 8(x0)", 139),
    ("li t0, 8\n jr t0", 139),
  ])
  func unhandledTraps(code: String, exit: Int32) throws {
    let result = rvsim("run", try Guest.bare(".globl _start\n_start: \(code)\n j exit"))
    #expect(result.code == exit)
    #expect(result.error.hasPrefix("rvsim: unhandled trap: "))
  }

  @Test func misalignedTrapsWhenAsked() throws {
    let elf = try Guest.bare(".globl _start\n_start: la t0, _start\n lw a0, 1(t0)\n li a0, 0\n j exit")
    #expect(rvsim("run", elf).code == 0)
    let result = rvsim("run", "--misaligned", "trap", elf)
    #expect(result.code == 135)
    #expect(result.error.hasPrefix("rvsim: unhandled trap: load address misaligned at address 0x80000001; "))
  }

  @Test(arguments: [("unimp", 132), ("ld a0, 8(x0)", 139), ("ebreak", 133)])
  func killedBySignals(code: String, exit: Int32) throws {
    let result = rvsim("run", try Guest.linux(".globl _start\n_start: \(code)\n j exit"))
    #expect(result.code == exit)
    #expect(result.error.hasPrefix("rvsim: killed by signal \(exit - 128) (SIG"))
  }

  @Test func instructionLimit() throws {
    let elf = try Guest.bare(".globl _start\n_start: nop\n1: j 1b")
    let result = rvsim("run", "--max-insns", "1000", elf)
    #expect(result.code == 124)
    #expect(result.error == "rvsim: limit of 1000 instructions reached at pc 0x80000002 <_start+0x2>\n")
    #expect(rvsim(["run", elf], ["RVSIM_MAX_INSNS": "10"]).error.contains("limit of 10 instructions"))
    #expect(rvsim(["run", "--max-insns=7", elf], ["RVSIM_MAX_INSNS": "10"]).error.contains("limit of 7 instructions"))
  }

  @Test func timeLimit() throws {
    let result = rvsim("run", "--timeout", "100ms", try Guest.bare(".globl _start\n_start: nop\n1: j 1b"))
    #expect(result.code == 124)
    #expect(result.error == "rvsim: limit of 100 ms reached at pc 0x80000002 <_start+0x2>\n")
  }

  @Test func asleep() throws {
    let result = rvsim("run", try Guest.bare(".globl _start\n_start: wfi\n j exit"))
    #expect(result.code == 124)
    #expect(result.error.hasPrefix("rvsim: the guest waits for an interrupt that nothing can raise, at pc 0x8000000"))
  }

  @Test func guestArguments() throws {
    // The first letter of the last argument.
    let elf = try Guest.linux(
      ".globl _start\n_start: ld t0, 0(sp)\n slli t0, t0, 3\n add t0, t0, sp\n ld t0, 0(t0)\n lbu a0, 0(t0)\n j exit")
    #expect(rvsim("run", elf, "-v").code == 45)
    #expect(rvsim("run", elf, "--", "x").code == 120)
    #expect(rvsim("run", "--", elf, "--help").code == 45)
    #expect(rvsim("run", elf, "x", "--").code == 45)
    #expect(rvsim("run", elf, "--version").code == 45)
    #expect(rvsim("run", elf).code == 47)
  }

  @Test func missingExtensionIsNamed() throws {
    let elf = try Guest.bare(".globl _start\n_start: rol a0, a0, a0\n j exit", march: "rv64gc_zbb")
    let result = rvsim("run", "--isa", "rv64gc", elf)
    #expect(result.code == 132)
    #expect(result.error.contains("  the word 0x60a51533 needs zbb; add it to --isa\n"))
    #expect(rvsim("run", "--isa", "elf", elf).code == 0)
  }
}
