import RVExec
import Testing

/// Names of the devices' registers for guests.
enum DeviceNames {
  static let text = """
    .equ CLINT, 0x2000000
    .equ MTIMECMP, 0x2004000
    .equ MTIME, 0x200bff8
    .equ PLIC, 0xc000000
    .equ PENDING, 0xc001000
    .equ ENABLE, 0xc002000
    .equ CONTEXT, 0xc200000
    .equ UART, 0x10000000
    .equ FINISHER, 0x100000
    .macro put value, address, width=w
      li t5, \\value
      li t6, \\address
      s\\width t5, (t6)
    .endm
    .macro handler name
      la t5, \\name
      csrw mtvec, t5
    .endm
    .macro keep register
      sd \\register, (s10)
      addi s10, s10, 8
    .endm
    la s10, out

    """
}

/// Interrupts from CLINT and PLIC come at the right instruction, in the right order, however the hart is run.
@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareInterruptTests {
  private func run(_ code: String, batch: Int? = nil, input: String = "") throws -> BareGuest {
    try BareGuest.run(DeviceNames.text + code, isa: "rv64gc_zicntr_sv39", input: input, batch: batch)
  }

  static let batches: [Int?] = [nil, 1, 7, 1024]

  @Test("the timer's interrupt comes at the instruction where time reaches mtimecmp", arguments: batches)
  func timer(_ batch: Int?) throws {
    let guest = try run(
      """
      handler done
      put 100, MTIMECMP, d
      li t0, 0x80; csrw mie, t0; csrsi mstatus, 8
      1: addi s3, s3, 1; ld s4, (t6); j 1b
      .balign 4
      done: csrr a0, minstret; rdtime a1; li t0, MTIME; ld a2, (t0); csrr a3, mcause; keep a0; keep a1; keep a2; keep a3; exit 0
      """, batch: batch)
    // Five instructions of the boot ROM count, but take no time.
    #expect(guest.words(4) == [10_005, 100, 100, 1 << 63 | 7])
  }

  @Test("mtime counts on from what was written, in ticks of 100 instructions", arguments: batches)
  func timeIsSet(_ batch: Int?) throws {
    let guest = try run(
      """
      handler done
      li t0, MTIME; li t1, 0xfedcba9876543210; sd t1, (t0)
      csrr s5, minstret
      ld a0, (t0); rdtime a1; keep a0; keep a1
      addi t1, t1, 3; li t2, MTIMECMP; sd t1, (t2)
      li t1, 0x80; csrw mie, t1; csrsi mstatus, 8
      1: j 1b
      .balign 4
      done: csrr a0, minstret; sub a0, a0, s5; keep a0; ld a0, (t0); keep a0; exit 0
      """, batch: batch)
    // The tick begins with the store, which retires after it.
    #expect(guest.words(4) == [0xfedc_ba98_7654_3210, 0xfedc_ba98_7654_3210, 299, 0xfedc_ba98_7654_3213])
  }

  @Test("mtime may be written in parts, and wraps") func timeInParts() throws {
    let guest = try run(
      """
      li t0, MTIME; li t1, -1; sw t1, 4(t0); sh t1, 2(t0); li t2, 0x7f; sb t2, 1(t0)
      ld a0, (t0); srli a0, a0, 8; keep a0
      sd t1, (t0); li t3, 60; 1: addi t3, t3, -1; bnez t3, 1b
      ld a0, (t0); keep a0; exit 0
      """)
    #expect(guest.words(2) == [0xff_ffff_ffff_ff7f, 0])
  }

  @Test("a software interrupt comes right behind the store to msip", arguments: batches)
  func software(_ batch: Int?) throws {
    let guest = try run(
      """
      handler done
      li t0, 8; csrw mie, t0; csrsi mstatus, 8; li t1, 1; li t0, CLINT
      sw t1, (t0)
      .globl after
      after: nop; nop; exit 1
      .balign 4
      done: csrr a0, mepc; keep a0; csrr a0, mcause; keep a0; csrr a0, mip; keep a0
      sw zero, (t0); csrr a0, mip; keep a0; exit 0
      """, batch: batch)
    #expect(guest.words(4) == [guest.image.symbols["after"]?.address ?? 0, 1 << 63 | 3, 0x88, 0x80])
  }

  @Test("an atomic on msip raises the interrupt too; atomics of other devices fault") func atomics() throws {
    let guest = try run(
      """
      la s11, 2f; handler record
      li t0, CLINT; li t1, 1; amoor.w a0, t1, (t0); csrr a1, mip; keep a0; keep a1; amoand.w a0, zero, (t0); keep a0
      1: lr.w a0, (t0)
      2: la s11, 4f
      3: li t0, UART; amoadd.w a0, t1, (t0)
      4: exit 0
      """)
    #expect(guest.ending == .exited(0))
    #expect(
      guest.words(9).indices.map { [0, 1, 2, 3, 5, 6, 8].contains($0) ? guest.words(9)[$0] : 0 } == [
        0, 0x88, 1, 5, 0, 0x200_0000, 7, 0, 0x1000_0000,
      ])
  }

  @Test("the UART's interrupt arrives through the PLIC, is claimed and completed", arguments: batches)
  func external(_ batch: Int?) throws {
    let guest = try run(
      """
      handler done
      put 3, PLIC + 4; put 2, ENABLE; put 2, CONTEXT
      li t0, 0x800; csrw mie, t0; csrsi mstatus, 8; li t1, 2; li t0, UART
      sb t1, 1(t0)
      .globl after
      after: nop; nop; exit 1
      .balign 4
      done: csrr a0, mepc; keep a0; csrr a0, mcause; keep a0
      li t1, PENDING; lw a0, (t1); keep a0
      li t1, CONTEXT; lw a0, 4(t1); keep a0; lw a0, 4(t1); keep a0
      csrr a0, mip; andi a0, a0, -129; keep a0
      # Completed while the line is up: it is pending again.
      li t2, 1; sw t2, 4(t1); csrr a0, mip; andi a0, a0, -129; keep a0
      # The threshold masks it.
      li t2, 3; sw t2, (t1); csrr a0, mip; andi a0, a0, -129; keep a0
      exit 0
      """, batch: batch)
    #expect(guest.words(8) == [guest.image.symbols["after"]?.address ?? 0, 1 << 63 | 11, 2, 1, 0, 0, 0x800, 0])
  }

  @Test("a request that was let through stays when the device takes it back, and is seen without being enabled") func latched()
    throws
  {
    let guest = try run(
      """
      put 1, PLIC + 4; put 2, UART + 1, b; put 0, UART + 1, b
      li t0, PENDING; lw a0, (t0); keep a0
      put 2, ENABLE; put 2, ENABLE + 0x80
      csrr a0, mip; andi a0, a0, -129; keep a0
      li t0, CONTEXT; lw a0, 4(t0); keep a0; csrr a0, mip; andi a0, a0, -129; keep a0
      exit 0
      """)
    #expect(guest.words(4) == [2, 0xa00, 1, 0])
  }

  @Test("all interrupts together are taken in the order of their priorities") func priorities() throws {
    let guest = try run(
      """
      handler done
      put 1, PLIC + 4; put 2, ENABLE; put 2, UART + 1, b; put 1, CLINT
      li t0, 0x222; csrs mip, t0; li t0, 0xaaa; csrw mie, t0; csrsi mstatus, 8
      exit 0
      .balign 4
      done: csrr a0, mcause; andi a0, a0, 63; keep a0; li a1, 1; sll a1, a1, a0; csrc mie, a1; mret
      """)
    #expect(guest.words(7) == [11, 3, 7, 9, 1, 5, 0])
  }

  @Test("the PLIC's second context interrupts supervisor mode") func supervisor() throws {
    let guest = try run(
      """
      li t0, -1; csrw pmpaddr0, t0; li t0, 31; csrw pmpcfg0, t0
      la t0, done; csrw stvec, t0; la t0, super; csrw mepc, t0; li t0, 0x1000; csrc mstatus, t0; li t0, 0x800; csrs mstatus, t0
      li t0, 0x222; csrw mideleg, t0; csrw sie, t0
      put 7, PLIC + 4; put 2, ENABLE + 0x80; put 6, CONTEXT + 0x1000
      mret
      super: csrsi sstatus, 2; li t1, 2; li t0, UART
      sb t1, 1(t0)
      .globl after
      after: nop; exit 1
      .balign 4
      done: csrr a0, sepc; keep a0; csrr a0, scause; keep a0; li t0, CONTEXT + 0x1000; lw a0, 4(t0); keep a0; csrr a0, sip; keep a0
      exit 0
      """)
    #expect(guest.words(4) == [guest.image.symbols["after"]?.address ?? 0, 1 << 63 | 9, 1, 0])
  }

  @Test("wfi ends at the timer's tick, though nothing else happens until then", arguments: batches)
  func sleepUntilTheTimer(_ batch: Int?) throws {
    let guest = try run(
      """
      put 1000000, MTIMECMP, d
      li t0, 0x80; csrw mie, t0
      wfi
      rdtime a0; keep a0; csrr a0, minstret; keep a0; exit 0
      """, batch: batch)
    #expect(guest.words(1) == [1_000_000])
    #expect(guest.words(2)[1] < 100)
  }
}
