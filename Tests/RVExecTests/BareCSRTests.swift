import RVExec
import Testing

/// What reads back from a CSR after a write. The values are Spike's (`--triggers=0`).
struct WARLCase: Sendable, CustomTestStringConvertible {
  var csr: String
  /// Written values, and what is read after each.
  var pairs: [(UInt64, UInt64)]
  var isa = BareGuest.plain

  var testDescription: String { "\(csr) on \(isa)" }

  static let all: [WARLCase] = [
    WARLCase(
      csr: "mstatus",
      pairs: [
        (0, 0xa_0000_0000), (.max, 0x8000_000a_007e_79aa), (0x800, 0xa_0000_0800), (0x1000, 0xa_0000_0000), (0x1800, 0xa_0000_1800),
        (0x2000, 0xa_0000_2000), (0x6000, 0x8000_000a_0000_6000), (0x20_0000, 0xa_0020_0000),
      ]),
    WARLCase(csr: "mstatus", pairs: [(.max, 0x8000_000a_007e_79aa)], isa: "rv64im_zicsr"),
    WARLCase(csr: "mstatus", pairs: [(.max, 0x8000_000a_0062_79aa)], isa: "rv64im_zicsr_svbare"),
    WARLCase(csr: "sstatus", pairs: [(.max, 0x8000_0002_000c_6122), (0, 0x2_0000_0000)]),
    WARLCase(csr: "medeleg", pairs: [(.max, 0xc_b3fe)]),
    WARLCase(csr: "medeleg", pairs: [(.max, 0xc_b3ff)], isa: "rv64im_zicsr"),
    WARLCase(csr: "mideleg", pairs: [(.max, 0x222)]),
    WARLCase(csr: "mideleg", pairs: [(.max, 0x2222)], isa: "rv64i_zicsr_sscofpmf"),
    WARLCase(csr: "sie", pairs: [(.max, 0)]),
    WARLCase(csr: "stvec", pairs: [(0x8000_0003, 0x8000_0001)]),
    WARLCase(csr: "sepc", pairs: [(.max, .max - 1)]),
    WARLCase(csr: "scause", pairs: [(.max, .max)]),
    WARLCase(csr: "stval", pairs: [(.max, .max)]),
    WARLCase(csr: "scounteren", pairs: [(.max, 0xffff_ffff)]),
    WARLCase(
      csr: "satp", pairs: [(8 << 60 | 0xfff_ffff_ffff_ffff, 8 << 60 | 0xfff_ffff_ffff_ffff), (7 << 60 | 5, 8 << 60 | 0xfff_ffff_ffff_ffff),
        (10 << 60 | 1, 10 << 60 | 1), (11 << 60, 10 << 60 | 1), (3, 3)]),
    WARLCase(csr: "satp", pairs: [(9 << 60, 0), (8 << 60 | 2, 8 << 60 | 2)], isa: "rv64i_zicsr_sv39"),
    WARLCase(csr: "satp", pairs: [(8 << 60, 0), (5, 0)], isa: "rv64i_zicsr_svbare"),
    WARLCase(csr: "senvcfg", pairs: [(.max, 0)]),
    WARLCase(csr: "senvcfg", pairs: [(.max, 0xf0), (0x20, 0)], isa: "rv64i_zicsr_zicbom_zicboz"),
    WARLCase(csr: "menvcfg", pairs: [(.max, 7 << 61)], isa: "rv64i_zicsr_svadu_svpbmt_sstc"),
    WARLCase(csr: "stimecmp", pairs: [(.max, .max), (7, 7)], isa: "rv64i_zicsr_sstc"),
    WARLCase(csr: "mstateen0", pairs: [(.max, 0xd000_0000_0000_0001)], isa: "rv64i_zicsr_smstateen"),
    WARLCase(csr: "mstateen3", pairs: [(.max, 1 << 63)], isa: "rv64i_zicsr_smstateen"),
    WARLCase(csr: "sstateen0", pairs: [(.max, 0)], isa: "rv64i_zicsr_smstateen"),
    WARLCase(csr: "0x5a8", pairs: [(.max, 0xffff_ffff)]),
    WARLCase(csr: "pmpcfg0", pairs: [(0x0000_0000_0000_121b, 0x101b), (0x7f, 0x1f), (0, 0)]),
    WARLCase(csr: "pmpcfg0", pairs: [(0x9f, 0x9f), (0, 0x9f)]),
    WARLCase(csr: "pmpaddr15", pairs: [(.max, 0x3f_ffff_ffff_ffff), (5, 5)]),
    WARLCase(csr: "pmpaddr16", pairs: [(.max, 0)]),
    WARLCase(csr: "pmpcfg4", pairs: [(.max, 0)]),
    WARLCase(csr: "mtvec", pairs: [(0x8000_0003, 0x8000_0001), (0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_fffc)]),
    WARLCase(csr: "mepc", pairs: [(.max, .max - 1), (6, 6)]),
    WARLCase(csr: "mepc", pairs: [(.max, .max - 3), (6, 4)], isa: "rv64im_zicsr"),
    WARLCase(csr: "mcause", pairs: [(.max, .max)]),
    WARLCase(csr: "mtval", pairs: [(.max, .max)]),
    WARLCase(csr: "mscratch", pairs: [(0x1234_5678_9abc_def0, 0x1234_5678_9abc_def0)]),
    WARLCase(csr: "mie", pairs: [(.max, 0xaaa), (0, 0)]),
    // The timer's is pending from the start: mtimecmp is zero.
    WARLCase(csr: "mip", pairs: [(.max, 0x2a2), (0, 0x80)]),
    WARLCase(csr: "mcounteren", pairs: [(.max, 0xffff_ffff)]),
    WARLCase(csr: "mcounteren", pairs: [(.max, 7)], isa: "rv64i_zicntr"),
    WARLCase(csr: "mcounteren", pairs: [(.max, 0)], isa: "rv64i_zicsr"),
    WARLCase(csr: "mcountinhibit", pairs: [(.max, 0xffff_fffd), (0, 0)]),
    WARLCase(csr: "mhpmevent3", pairs: [(.max, 0)]),
    WARLCase(csr: "mhpmevent31", pairs: [(.max, 0xf000_0000_0000_0000)], isa: "rv64i_zicsr_sscofpmf"),
    WARLCase(csr: "mhpmcounter3", pairs: [(.max, 0)]),
    WARLCase(csr: "menvcfg", pairs: [(.max, 0)]),
    WARLCase(csr: "menvcfg", pairs: [(.max, 0xf0), (0x20, 0), (0x10, 0x10)], isa: "rv64i_zicsr_zicbom_zicboz"),
    WARLCase(csr: "mseccfg", pairs: [(.max, 0x300)], isa: "rv64i_zkr"),
    WARLCase(csr: "tselect", pairs: [(.max, 0)]),
    WARLCase(csr: "tdata1", pairs: [(.max, 0)]),
    WARLCase(csr: "0x7a8", pairs: [(.max, 0x1fff)]),
    WARLCase(csr: "fcsr", pairs: [(.max, 0xff), (0x45, 0x45)]),
    WARLCase(csr: "frm", pairs: [(.max, 7)]),
    WARLCase(csr: "fflags", pairs: [(.max, 31)]),
    WARLCase(
      csr: "misa",
      pairs: [
        (0, 0x8000_0000_0014_0100), (.max, 0x8000_0000_0014_112d), (1 << 3, 0x8000_0000_0014_0100),
        (1 << 5, 0x8000_0000_0014_0120),
        (.max, 0x8000_0000_0014_112d),
      ]),
    WARLCase(csr: "misa", pairs: [(.max, 0x8000_0000_0014_0102), (0, 0x8000_0000_0014_0100)], isa: "rv64i_zicsr_zba_zbb_zbs"),
  ]
}

@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareCSRTests {
  @Test(arguments: WARLCase.all)
  func readsBack(_ warl: WARLCase) throws {
    // The float state is on where there is one.
    let writes = warl.pairs.map { "li t0, \($0.0); csrw \(warl.csr), t0; csrr a0, \(warl.csr); sd a0, 0(s10); addi s10, s10, 8" }
    let on = warl.csr.hasPrefix("f") ? "li t0, 0x6000; csrs mstatus, t0\n" : ""
    let guest = try BareGuest.run("la s10, out\n\(on)\(writes.joined(separator: "\n"))\nexit 0", isa: warl.isa)
    #expect(guest.ending == .exited(0))
    #expect(guest.words(warl.pairs.count) == warl.pairs.map(\.1))
  }

  @Test func constants() throws {
    let guest = try BareGuest.run(
      """
      la s10, out
      .irp csr, mvendorid, marchid, mimpid, mhartid, 0xf15, misa
        csrr a0, \\csr
        sd a0, 0(s10)
        addi s10, s10, 8
      .endr
      exit 0
      """)
    #expect(guest.words(6) == [0, 5, 0, 0, 0, 0x8000_0000_0014_112d])
  }

  /// CSRs of modes and extensions that are not there.
  @Test(arguments: [
    "stimecmp", "mstateen0", "scountovf", "hstatus", "vsatp", "0x3a1", "0x744", "mseccfg", "dcsr", "0x7b1", "mtval2", "0x15",
    "0x321", "0x310", "0x7c0", "0x800",
  ])
  func absent(_ csr: String) throws {
    let guest = try BareGuest.run(
      """
      la t0, handler; csrw mtvec, t0; csrr a0, \(csr); exit 1
      .balign 4
      handler: csrr a0, mcause; la t0, out; sd a0, 0(t0); exit 0
      """
    )
    #expect(guest.words(1) == [2])
  }

  @Test func reset() throws {
    let guest = try BareGuest.run(
      """
      csrr s0, minstret; csrr s1, mcycle; la s2, out; sd s0, 0(s2); sd s1, 8(s2); li t1, 0x1000; ld a2, 0(t1)
      lw a3, 12(t1); ld a4, 24(t1); lwu a5, 32(t1); exit 0
      """
    )
    let hart = guest.system.hart
    #expect((hart[x: 5], hart[x: 10], hart[x: 11]) == (0x8000_0000, 0, 0x1020))
    #expect(guest.words(2) == [5, 6])
    #expect(hart[x: 12] == 0x0202_8593_0000_0297 && hart[x: 13] == 0x0182_b283 && hart[x: 14] == 0x8000_0000 && hart[x: 15] == 0xedfe_0dd0)
  }

  @Test func counters() throws {
    let guest = try BareGuest.run(
      """
      la s10, out
      .macro keep csr
        csrr a0, \\csr
        sd a0, 0(s10)
        addi s10, s10, 8
      .endm
      csrwi mcycle, 20
      keep mcycle
      csrwi minstret, 0
      keep instret
      csrwi mcountinhibit, 4
      keep minstret
      nop
      keep minstret
      csrwi minstret, 9
      keep minstret
      csrwi mcountinhibit, 0
      keep minstret
      keep cycle
      exit 0
      """)
    #expect(guest.words(7) == [20, 0, 3, 3, 9, 10, 43])
  }

  @Test func extensionsGoAndComeBack() throws {
    let guest = try BareGuest.run(
      """
      la s10, out; la s11, one; la t0, record; csrw mtvec, t0
      csrwi misa, 4; li a0, 3
      mul a0, a0, a0
      one: la s11, two; csrwi misa, 0
      .half 1, 1
      two: li t0, -1; csrw misa, t0
      mul a0, a0, a0
      .option rvc
      c.addi a0, 1
      c.nop
      .option norvc
      la t0, out; sd a0, 64(t0); exit 0
      """)
    #expect(guest.ending == .exited(0))
    let words = guest.words(9)
    #expect((words[0], words[3]) == (2, 2))
    #expect(words[8] == 10)
  }

  @Test func compressedStaysBetweenWords() throws {
    // The csrw lies two bytes behind a word.
    let guest = try BareGuest.run(
      ".option rvc\nc.nop\n.option norvc\ncsrwi misa, 0; csrr a0, misa; la t0, out; sd a0, 0(t0); exit 0\n.balign 4")
    #expect(guest.words(1) == [0x8000_0000_0014_112d])
  }

  /// What Spike's commit log has for these instructions.
  @Test func writesForTheLog() throws {
    let guest = try BareGuest.run("exit 0")
    let hart = guest.system.hart
    hart.logsCSRWrites = true
    // The jump to itself at the end: nothing is raised by it.
    _ = hart.run(limit: 1)
    func write(_ number: Int, _ value: UInt64) throws -> [String] {
      try hart.writeCSR(number, value)
      return hart.takeCSRWrites(fsBefore: hart.state.pointee.fs, vsBefore: hart.state.pointee.vs).map { "\($0.number) \(String($0.value, radix: 16))" }
    }
    #expect(try write(0x300, 0x2000) == ["768 a00002000"])
    #expect(try write(0x003, 0xe5) == ["768 8000000a00006000", "2 7", "1 5"])
    #expect(try write(0x001, 0xff) == ["1 1f"])
    #expect(try write(0x340, 9) == ["832 9"])
    #expect(try write(0x7a8, 9) == ["1704 9"])
    #expect(try write(0x7a0, 9) == ["1952 0"])
    #expect(try write(0x7a1, 9) == [])
    #expect(try write(0xb03, 9) == [])
    #expect(try write(0xb02, 9) == ["2818 9"])
    #expect(try write(0x344, 9) == ["777 0", "836 80"])
    #expect(try write(0x303, 0x22) == ["771 22"])
    #expect(try write(0x104, 0x22) == ["260 22", "772 22"].reversed())
    #expect(try write(0x144, 0x22) == ["836 82"])
    #expect(try write(0x100, 0x2000) == ["768 a00002000"])
    #expect(try write(0x3b0, 8) == ["944 8"])
    #expect(try write(0x3a0, 0x9f) == ["928 9f"])
    #expect(try write(0x3b0, 9) == [])
    #expect(try write(0x3a4, 9) == [])
    #expect(try write(0x301, 0) == ["769 8000000000140100"])
  }

  @Test func seedRepeats() throws {
    let code = "csrrwi a0, seed, 0; csrrwi a1, seed, 0; la t0, out; sd a0, 0(t0); sd a1, 8(t0); exit 0"
    let first = try BareGuest.run(code, isa: "rv64i_zkr").words(2)
    #expect(first.allSatisfy { $0 >> 16 == 0x8000 } && first[0] != first[1])
    #expect(try BareGuest.run(code, isa: "rv64i_zkr").words(2) == first)
    let guest = try BareGuest.run("la t0, h; csrw mtvec, t0; csrr a0, seed; exit 1\n.balign 4\nh: exit 0", isa: "rv64i_zkr")
    #expect(guest.ending == .exited(0))
  }
}
