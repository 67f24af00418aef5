import RVExec
import Testing

/// Rules of the privileged machine, one program each. Random ones run in lock-step with Spike.
@Suite("Privileged machine", .enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct PrivilegedTests {
  static let isa = BareGuest.plain + "_svadu_svpbmt_svnapot_svinval_sstc_sscofpmf_smstateen"

  /// `keep value`: the next word of `out`. `enter mode, label`: mret to S (1) or U (0). `map`: Sv39 on, memory as it is for S mode, and
  /// at 0x4000_0000 `page` and then `page2` as the entries in a0 and a1 say (flags).
  private static let macros = """
    .macro keep register
      sd \\register, 0(s10)
      addi s10, s10, 8
    .endm
    .macro enter mode, label
      la t0, \\label
      csrw mepc, t0
      li t0, 0x1800
      csrc mstatus, t0
      li t0, \\mode << 11
      csrs mstatus, t0
      mret
    .endm
    .macro map first, second
      la t0, root
      la t1, l1
      srli t1, t1, 2
      ori t1, t1, 1
      sd t1, 8(t0)
      li t1, 0x200000cf
      sd t1, 16(t0)
      la t1, l1
      la t2, l0
      srli t2, t2, 2
      ori t2, t2, 1
      sd t2, 0(t1)
      la t1, l0
      la t2, page
      srli t2, t2, 2
      ori t3, t2, \\first
      sd t3, 0(t1)
      addi t2, t2, 0x400
      ori t3, t2, \\second
      sd t3, 8(t1)
      srli t0, t0, 12
      li t1, 8 << 60
      or t0, t0, t1
      csrw satp, t0
      sfence.vma
    .endm
    .pushsection .data
    .balign 4096
    root: .space 4096
    l1: .space 4096
    l0: .space 4096
    page: .space 4096
    page2: .space 4096
    .popsection
    la s10, out

    """

  private func run(_ code: String, isa: String = isa) throws -> BareGuest {
    try BareGuest.run(Self.macros + code, isa: isa)
  }

  // MARK: Delegation

  @Test("a delegated call from user mode ends in supervisor mode")
  func delegatedCall() throws {
    let guest = try run(
      """
      li t0, 0x100; csrw medeleg, t0; la t0, handler; csrw stvec, t0; enter 0, user
      user: ecall
      .balign 4
      handler: csrr a0, scause; keep a0; csrr a0, sepc; la a1, user; sub a0, a0, a1; keep a0; csrr a0, sstatus; andi a0, a0, 0x100
      keep a0; exit 0
      """)
    #expect(guest.words(3) == [8, 0, 0])
  }

  @Test("an exception of machine mode is not delegated")
  func machineKeeps() throws {
    let guest = try run(
      "li t0, 8; csrw medeleg, t0; la t0, handler; csrw mtvec, t0; ebreak; .balign 4\nhandler: csrr a0, mcause; keep a0; exit 0")
    #expect(guest.words(1) == [3])
  }

  @Test("sret needs no TSR, sfence.vma and satp no TVM, wfi no TW", arguments: [
    ("1 << 22", "sret"), ("1 << 20", "sfence.vma"), ("1 << 20", "sinval.vma x0, x0"), ("1 << 20", "csrr a0, satp"), ("1 << 21", "wfi"),
  ])
  func trapsOnRequest(_ bit: String, _ instruction: String) throws {
    let guest = try run(
      """
      li t0, \(bit); csrs mstatus, t0; la t0, handler; csrw mtvec, t0; enter 1, supervisor
      .option arch, +svinval
      supervisor: \(instruction)
      .balign 4
      handler: csrr a0, mcause; keep a0; csrr a0, mepc; la a1, supervisor; sub a0, a0, a1; keep a0; exit 0
      """)
    #expect(guest.words(2) == [2, 0])
  }

  // MARK: Interrupts

  @Test("a delegated software interrupt is taken in supervisor mode, by its vector")
  func vector() throws {
    let guest = try run(
      """
      li t0, 2; csrw mideleg, t0; csrw mie, t0; la t0, vectors + 1; csrw stvec, t0; enter 1, supervisor
      supervisor: csrsi sstatus, 2
      at: csrsi sip, 2
      nop
      .balign 64
      vectors: j wrong
      csrr a0, scause; keep a0; csrr a0, sepc; la a1, at + 4; sub a0, a0, a1; keep a0; exit 0
      wrong: exit 1
      """)
    #expect(guest.ending == .exited(0))
    #expect(guest.words(2) == [1 << 63 | 1, 0])
  }

  @Test("the supervisor timer comes exactly when time reaches stimecmp")
  func timer() throws {
    let guest = try run(
      """
      li t0, 1 << 63; csrw menvcfg, t0; li t0, 0x20; csrw mideleg, t0; csrw mie, t0; la t0, handler; csrw stvec, t0
      li t0, 7; csrw mcounteren, t0; li t0, 300; csrw stimecmp, t0; csrw minstret, x0; enter 1, supervisor
      supervisor: csrsi sstatus, 2
      1: j 1b
      .balign 4
      handler: csrr a0, scause; keep a0; csrr a1, time; keep a1; exit 0
      """)
    #expect(guest.words(2) == [1 << 63 | 5, 300])
    // The handler's second read comes two instructions after the interrupt: the tick has just begun.
    #expect(guest.ending == .exited(0))
  }

  @Test("wfi lets time pass up to the next timer")
  func sleeping() throws {
    let guest = try run(
      """
      li t0, 1 << 63; csrw menvcfg, t0; li t0, 0x20; csrw mie, t0; li t0, 1000000; csrw stimecmp, t0; wfi; csrr a0, time; keep a0; exit 0
      """)
    #expect(guest.words(1) == [1_000_000])
  }

  @Test("priorities: external, software, timer; machine before supervisor")
  func priorities() throws {
    let guest = try run(
      """
      li t0, 0x2222; csrw mie, t0; csrw mip, t0; la t0, handler; csrw mtvec, t0; li s0, 4; csrsi mstatus, 8
      .balign 4
      handler: csrr a0, mcause; keep a0; li t0, 1; sll t0, t0, a0; csrc mie, t0; addi s0, s0, -1; bnez s0, 1f; exit 0
      1: mret
      """)
    #expect(guest.words(4) == [9, 1, 5, 13].map { 1 << 63 | $0 })
  }

  @Test("a device raises a line, and lowers it")
  func lines() throws {
    let hart = try run("exit 0").system.hart
    hart.machineTimer = .max
    hart.setInterrupt(.supervisorExternal, on: true)
    #expect(try hart.readCSR(0x344) == 0x200)
    try hart.writeCSR(0x344, 0)
    #expect(try hart.readCSR(0x344) == 0x200)
    hart.setInterrupt(.supervisorExternal, on: false)
    hart.setInterrupt(.machineSoftware, on: true)
    hart.machineTimer = hart.time
    #expect(try hart.readCSR(0x344) == 0x88)
    #expect(!hart.isInterruptPending)
    try hart.writeCSR(0x304, 8)
    #expect(hart.isInterruptPending)
  }

  // MARK: Page tables

  /// What a load (or store …) at 0x4000_0000 raises in supervisor mode, and the entry's flags afterwards.
  private func access(_ flags: String, _ instruction: String, mode: Int = 1, before: String = "") throws -> (cause: UInt64, flags: UInt64) {
    let guest = try run(
      """
      map \(flags), 0; la t0, handler; csrw mtvec, t0; la t0, root; li t1, 0x200000df; sd t1, 24(t0); \(before)
      li s0, 0x40000000; la t0, inside; li t1, \(mode == 0 ? "0x40000000" : "0"); add t0, t0, t1; csrw mepc, t0
      li t0, 0x1800; csrc mstatus, t0; li t0, \(mode) << 11; csrs mstatus, t0; mret
      inside: \(instruction)
      ecall
      .balign 4
      handler: csrr a0, mcause; keep a0; la t0, l0; ld a0, 0(t0); andi a0, a0, 0x3ff; keep a0; exit 0
      """)
    return (guest.words(2)[0], guest.words(2)[1])
  }

  @Test("permissions of a page", arguments: [
    ("0xc3", "ld a0, 0(s0)", 1, 9), ("0xc3", "sd a0, 0(s0)", 1, 15), ("0xc3", "ld a0, 0(s0)", 0, 13), ("0xd3", "ld a0, 0(s0)", 0, 8),
    ("0xd3", "ld a0, 0(s0)", 1, 13), ("0xc9", "ld a0, 0(s0)", 1, 13), ("0xc5", "ld a0, 0(s0)", 1, 13), ("0xc0", "ld a0, 0(s0)", 1, 13),
    ("0xc1", "ld a0, 0(s0)", 1, 13), ("0xc7", "amoadd.d a0, a0, (s0)", 1, 9), ("0xc3", "amoadd.d a0, a0, (s0)", 1, 15),
    ("0xc7", "jr s0", 1, 12), ("0xd7", "sd a0, 0(s0)", 0, 8),
  ])
  func permissions(_ flags: String, _ instruction: String, _ mode: Int, _ cause: UInt64) throws {
    #expect(try access(flags, instruction, mode: mode).cause == cause)
  }

  @Test("SUM and MXR")
  func sumAndMXR() throws {
    #expect(try access("0xd3", "ld a0, 0(s0)", before: "li t0, 1 << 18; csrs mstatus, t0").cause == 9)
    #expect(try access("0xc9", "ld a0, 0(s0)", before: "li t0, 1 << 19; csrs mstatus, t0").cause == 9)
    #expect(try access("0xdb", "jr s0", before: "li t0, 1 << 18; csrs mstatus, t0").cause == 12)
  }

  @Test("accessed and dirty: a fault, or set by hardware when menvcfg says so")
  func marks() throws {
    let on = "li t0, 1 << 61; csrw menvcfg, t0"
    #expect(try access("0x07", "ld a0, 0(s0)") == (13, 0x07))
    #expect(try access("0x47", "sd a0, 0(s0)") == (15, 0x47))
    #expect(try access("0x07", "ld a0, 0(s0)", before: on) == (9, 0x47))
    #expect(try access("0x07", "sd a0, 0(s0)", before: on) == (9, 0xc7))
  }

  @Test("a store into a page that is not there writes its first part")
  func crossing() throws {
    let guest = try run(
      """
      map 0xc7, 0; la t0, handler; csrw mtvec, t0; enter 1, inside
      inside: li s0, 0x40000ffc; li a0, -1; sd a0, 0(s0)
      .balign 4
      handler: csrr a0, mcause; keep a0; csrr a0, mtval; keep a0; la t0, page + 4088; ld a0, 0(t0); keep a0; exit 0
      """)
    #expect(guest.words(3) == [15, 0x4000_1000, 0xffff_ffff_0000_0000])
  }

  @Test("machine mode with MPRV sees what the other mode sees")
  func borrowed() throws {
    let guest = try run(
      """
      map 0xc7, 0; la t0, page; li a0, 77; sd a0, 0(t0); li s0, 0x40000000
      li t0, 0x1800; csrc mstatus, t0; li t0, 0x20800; csrs mstatus, t0; ld a0, 0(s0); li t0, 0x20000; csrc mstatus, t0; keep a0; exit 0
      """)
    #expect(guest.words(1) == [77])
  }

  @Test("another page at the same address is seen after sfence.vma")
  func remapped() throws {
    let guest = try run(
      """
      map 0xc7, 0; la t0, page2; li a0, 78; sd a0, 0(t0); la t0, handler; csrw mtvec, t0; enter 1, inside
      inside: li s0, 0x40000000; ld a0, 0(s0); la t0, l0; ld a1, 0(t0); addi a1, a1, 0x400; sd a1, 0(t0); sfence.vma s0; ld a1, 0(s0); ecall
      .balign 4
      handler: keep a0; keep a1; exit 0
      """)
    #expect(guest.words(2) == [0, 78])
  }

  @Test("code is written through one address and run through another")
  func writtenCode() throws {
    let guest = try run(
      """
      map 0xcf, 0; la t0, handler; csrw mtvec, t0; enter 1, inside
      inside: la t1, page; li a0, 0x00008067; sw a0, 4(t1); li a0, 0x00100513; sw a0, 0(t1)
      li s0, 0x40000000; jalr s0; mv a1, a0; li a2, 0x00200513; la t1, page; sw a2, 0(t1); jalr s0; ecall
      .balign 4
      handler: keep a1; keep a0; csrr a0, mcause; keep a0; exit 0
      """)
    #expect(guest.words(3) == [1, 2, 9])
  }

  // MARK: Memory protection

  @Test("memory protection", arguments: [
    // The region NAPOT, NA4 or TOR around `page`, its rights, an access, and its cause.
    ("csrw pmpaddr1, s1; li t0, 0x1f1b00", "ld a0, 0(s0)", 9), ("csrw pmpaddr1, s1; li t0, 0x1f1900", "sd a0, 0(s0)", 7),
    ("csrw pmpaddr1, s1; li t0, 0x1f1800", "lw a0, 4092(s0)", 9), ("csrw pmpaddr1, s1; li t0, 0x1f1800", "lw a0, 0(s0)", 5),
    ("csrw pmpaddr1, s1; li t0, 0x1f1000", "ld a0, 0(s0)", 5), ("csrw pmpaddr1, s1; li t0, 0x1f1300", "ld a0, 0(s0)", 5),
    ("csrw pmpaddr1, s1; li t0, 0x1f1300", "lw a0, 0(s0)", 9), ("csrw pmpaddr1, s1; li t0, 0x1f1300", "jr s0", 1),
  ])
  func protection(_ setup: String, _ instruction: String, _ cause: UInt64) throws {
    let instruction = instruction.replacing("4092(s0)", with: "64(s0)")
    let guest = try run(
      """
      la s0, page; srli s1, s0, 2; li t0, -1; csrw pmpaddr2, t0; ori s1, s1, 3
      \(setup.contains("0x1f10") || setup.contains("0x1f13") ? "andi s1, s1, -4" : "")
      \(setup); csrw pmpcfg0, t0; la t0, handler; csrw mtvec, t0; enter 1, inside
      inside: \(instruction)
      ecall
      .balign 4
      handler: csrr a0, mcause; keep a0; exit 0
      """)
    #expect(guest.words(1) == [cause])
  }

  @Test("a locked entry binds machine mode, and stays")
  func locked() throws {
    let guest = try run(
      """
      la s11, on; la t0, record; csrw mtvec, t0; la s0, page; srli s1, s0, 2; csrw pmpaddr0, s1; li t0, 0x91; csrw pmpcfg0, t0
      sw a0, 0(s0)
      on: csrwi pmpcfg0, 0; csrr a0, pmpcfg0; keep a0; lw a0, 4(s0); exit 0
      """)
    #expect(guest.ending == .exited(0))
    #expect(guest.words(4)[0] == 7 && guest.words(4)[3] == 0x91)
  }

  // MARK: What cannot go on

  @Test("a supervisor handler that cannot be fetched ends the run when the fault is delegated to it, and not before")
  func storm() throws {
    let code = "la t0, handler; csrw mtvec, t0; enter 1, inside; inside: ebreak\n.balign 4\nhandler: exit 0"
    let stuck = try run("li t0, 0x1008; csrw medeleg, t0; li t0, 0x50000000; csrw stvec, t0; map 0xc7, 0; " + code)
    guard case .unhandled(_, let reason) = stuck.ending else {
      Issue.record("ended by \(stuck.ending)")
      return
    }
    #expect(reason == "the supervisor trap handler at 0x50000000 is not mapped")
    #expect(try run("li t0, 8; csrw medeleg, t0; li t0, 0x50000000; csrw stvec, t0; map 0xc7, 0; " + code).ending == .exited(0))
  }
}
