import RVExec
import Testing

/// One way to trap: what the code does (the instruction at the label `at`), and what the handler must find.
struct TrapCase: Sendable, CustomTestStringConvertible {
  var name: String
  var code: String
  var cause: UInt64
  /// Expressions of the assembler.
  var epc = "at"
  var tval: String
  var isa = BareGuest.plain
  var trapsMisaligned = false

  var testDescription: String { name }

  static let all: [TrapCase] = [
    TrapCase(name: "illegal word", code: "at: .word 0xffffffff", cause: 2, tval: "0xffffffff"),
    TrapCase(name: "all zero is one halfword", code: "at: .word 0", cause: 2, tval: "0"),
    TrapCase(name: "illegal halfword", code: "at: .half 0x8002, 0x8002", cause: 2, tval: "0x8002"),
    TrapCase(name: "absent CSR", code: "at: csrr a0, 0x744", cause: 2, tval: "0x74402573"),
    TrapCase(name: "read-only CSR", code: "at: csrw mhartid, a0", cause: 2, tval: "0xf1451073"),
    TrapCase(name: "float state off", code: "at: fadd.s fa0, fa0, fa0", cause: 2, tval: "0x00a57553"),
    TrapCase(
      name: "reserved rounding mode", code: "li t0, 0x6000; csrs mstatus, t0; csrwi frm, 5\nat: fadd.s fa0, fa0, fa0", cause: 2,
      tval: "0x00a57553"),
    TrapCase(name: "extension off", code: "at: mul a0, a0, a0", cause: 2, tval: "0x02a50533", isa: "rv64i_zicsr"),
    TrapCase(name: "ebreak", code: "at: ebreak", cause: 3, tval: "at"),
    TrapCase(name: "c.ebreak", code: "at: .half 0x9002, 0x9002", cause: 3, tval: "at"),
    TrapCase(name: "ecall from M", code: "at: ecall", cause: 11, tval: "0"),
    TrapCase(
      name: "ecall from U", code: "la t0, at; csrw mepc, t0; li t0, 0x1800; csrc mstatus, t0; mret\nat: ecall", cause: 8,
      tval: "0"),
    TrapCase(
      name: "M-mode CSR from U", code: "la t0, at; csrw mepc, t0; li t0, 0x1800; csrc mstatus, t0; mret\nat: csrr a0, mstatus",
      cause: 2,
      tval: "0x30002573"),
    TrapCase(
      name: "counter that U may not read",
      code: "csrwi mcounteren, 5; csrwi scounteren, 7; la t0, at - 4; csrw mepc, t0; li t0, 0x1800; csrc mstatus, t0; mret; rdcycle a0\nat: rdtime a0",
      cause: 2,
      tval: "0xc0102573"),
    TrapCase(
      name: "wfi in U with TW", code: userCode("li t0, 0x200000; csrs mstatus, t0", "at: wfi"), cause: 2, tval: "0x10500073"),
    TrapCase(name: "wfi in U", code: userCode("", "at: wfi"), cause: 2, tval: "0x10500073"),
    TrapCase(name: "sret in U", code: userCode("", "at: sret"), cause: 2, tval: "0x10200073"),
    TrapCase(name: "sfence.vma in U", code: userCode("", "at: sfence.vma"), cause: 2, tval: "0x12000073"),
    TrapCase(name: "S-mode CSR from U", code: userCode("", "at: csrr a0, sscratch"), cause: 2, tval: "0x14002573"),
    TrapCase(name: "load below memory", code: "li t0, 0x7ffffff8\nat: ld a0, 0(t0)", cause: 5, tval: "0x7ffffff8"),
    TrapCase(name: "load at the top", code: "li t0, -8\nat: ld a0, 0(t0)", cause: 5, tval: "-8"),
    TrapCase(name: "store below memory", code: "li t0, 0x70000000\nat: sb a0, 5(t0)", cause: 7, tval: "0x70000005"),
    TrapCase(name: "store to the boot ROM", code: "li t0, 0x1000\nat: sw a0, 0(t0)", cause: 7, tval: "0x1000"),
    TrapCase(name: "amo below memory", code: "li t0, 0x70000000\nat: amoadd.w a0, a0, (t0)", cause: 7, tval: "0x70000000"),
    TrapCase(name: "lr below memory", code: "li t0, 0x70000000\nat: lr.w a0, (t0)", cause: 5, tval: "0x70000000"),
    TrapCase(name: "jump out of memory", code: "li t0, 0x70000000; jr t0", cause: 1, epc: "0x70000000", tval: "0x70000000"),
    TrapCase(name: "a jump clears bit 0", code: "la t0, at + 1; jr t0; nop\nat: ebreak", cause: 3, tval: "at"),
    TrapCase(
      name: "misaligned jump", code: "la t0, at + 6\nat: jr t0", cause: 0, tval: "at + 6", isa: "rv64ima_zicsr"),
    TrapCase(name: "misaligned branch", code: "at: .word 0x00000163", cause: 0, tval: "at + 2", isa: "rv64ima_zicsr"),
    TrapCase(
      name: "misaligned load", code: "la t0, scratch\nat: lw a0, 2(t0)", cause: 4, tval: "scratch + 2", trapsMisaligned: true),
    TrapCase(
      name: "misaligned store", code: "la t0, scratch\nat: sd a0, 4(t0)", cause: 6, tval: "scratch + 4", trapsMisaligned: true),
    TrapCase(name: "misaligned lr", code: "la t0, scratch + 2\nat: lr.w a0, (t0)", cause: 5, tval: "scratch + 2"),
    TrapCase(name: "misaligned sc", code: "la t0, scratch + 2\nat: sc.w a0, a0, (t0)", cause: 7, tval: "scratch + 2"),
    TrapCase(name: "misaligned amo", code: "la t0, scratch + 4\nat: amoadd.d a0, a0, (t0)", cause: 7, tval: "scratch + 4"),
    TrapCase(
      name: "misaligned lr that traps", code: "la t0, scratch + 2\nat: lr.w a0, (t0)", cause: 4, tval: "scratch + 2",
      trapsMisaligned: true),
    TrapCase(
      name: "misaligned amo that traps", code: "la t0, scratch + 4\nat: amoadd.d a0, a0, (t0)", cause: 6, tval: "scratch + 4",
      trapsMisaligned: true),
  ]

  private static func userCode(_ before: String, _ code: String) -> String {
    "\(before); la t0, at; csrw mepc, t0; li t0, 0x1800; csrc mstatus, t0; mret\n\(code)"
  }
}

@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareTrapTests {
  @Test(arguments: TrapCase.all)
  func cause(_ trap: TrapCase) throws {
    let guest = try BareGuest.run(
      """
      la s10, out; la s11, resume; la t0, record; csrw mtvec, t0
      \(trap.code)
      exit 1
      resume: exit 0
      .pushsection .data
      .globl want
      want: .dword \(trap.cause), \(trap.epc), \(trap.tval)
      .popsection
      """, isa: trap.isa
    ) { $0.trapsMisaligned = trap.trapsMisaligned }
    #expect(guest.ending == .exited(0))
    let want = try #require(guest.image.symbols["want"]?.address)
    #expect(guest.words(3) == (0..<3).map { guest.system.space.read(want + UInt64(8 * $0), as: UInt64.self) ?? 0 })
  }

  @Test func misalignedAccessesAreDone() throws {
    let guest = try BareGuest.run(
      """
      la t0, out; li t1, 0x1122334455667788
      sd t1, 3(t0); lw a0, 5(t0); sd a0, 64(t0); exit 0
      """)
    #expect(guest.ending == .exited(0))
    #expect(guest.words(9) == [0x4455_6677_8800_0000, 0x1122_33, 0, 0, 0, 0, 0, 0, 0x3344_5566])
  }

  @Test func mstatusThroughATrap() throws {
    // MIE and MPIE, MPP from U, MPRV off after a return to U.
    let guest = try BareGuest.run(
      """
      la s10, out; la t0, handler; csrw mtvec, t0
      li t0, 0x21808; csrc mstatus, t0; li t0, 0x20080; csrs mstatus, t0
      la t0, user; csrw mepc, t0; csrr a0, mstatus; sd a0, 0(s10)
      mret
      user: ecall
      .balign 4
      handler: csrr a0, mstatus; sd a0, 8(s10); csrr a0, mcause; sd a0, 16(s10); exit 0
      """)
    #expect(guest.words(3) == [0xa_0002_0080, 0xa_0000_0080, 8])
  }

  // MARK: No handler

  @Test func noHandler() throws {
    let guest = try BareGuest.run(".word 0xffffffff")
    guard case .unhandled(let trap, let reason) = guest.ending else {
      Issue.record("ended by \(guest.ending)")
      return
    }
    #expect(trap == Trap(.illegalInstruction, 0xffff_ffff))
    #expect(reason == "no trap handler is set")
    #expect(guest.system.hart.pc == 0x8000_0000)
  }

  @Test func handlerOutsideMemory() throws {
    let guest = try BareGuest.run("li t0, 0x40000000; csrw mtvec, t0; ecall")
    #expect(guest.ending == .unhandled(Trap(.machineCall), reason: "the trap handler at 0x40000000 is not in memory"))
  }

  @Test func handlerThatTraps() throws {
    let guest = try BareGuest.run("la t0, handler; csrw mtvec, t0; ecall\n.balign 4\nhandler: ebreak")
    #expect(
      guest.ending == .unhandled(Trap(.breakpoint, guest.system.hart.pc), reason: "the trap handler's first instruction traps"))
  }

  @Test func entryOutsideMemory() throws {
    let guest = try BareGuest.run("li t0, 0; jr t0")
    #expect(guest.ending == .unhandled(Trap(.instructionAccess, 0), reason: "no trap handler is set"))
  }

  @Test func sleepForEver() throws {
    #expect(try BareGuest.run("wfi; exit 0").ending == .asleep)
    let noTimer = "li t0, 0x2004000; li t1, -1; sd t1, 0(t0)"
    #expect(try BareGuest.run("\(noTimer); li t0, 0x888; csrw mie, t0; wfi; exit 0").ending == .asleep)
    // mtimecmp is zero at reset, so that the timer's interrupt is pending.
    #expect(try BareGuest.run("li t0, 0x888; csrw mie, t0; wfi; exit 0").ending == .exited(0))
  }

  @Test func limit() throws {
    let guest = try BareGuest.run("1: j 1b", limit: 12345)
    #expect(guest.ending == .limit(.instructions))
    #expect(guest.system.hart.retired == 12345)
  }
}
