import Foundation
import RVExec
import Testing

@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareSemihostingTests {
  /// `semi operation`: argument in a1, result in a0; `ask operation, words…` fills a block first. `keep` stores a0.
  private let macros = """
    .macro semi operation
      li a0, \\operation
      slli x0, x0, 31
      ebreak
      srai x0, x0, 7
    .endm
    .macro ask operation a=0 b=0 c=0 d=0
      la a1, block
      li t0, \\a
      sd t0, 0(a1)
      li t0, \\b
      sd t0, 8(a1)
      li t0, \\c
      sd t0, 16(a1)
      li t0, \\d
      sd t0, 24(a1)
      semi \\operation
    .endm
    .macro keep
      sd a0, 0(s10)
      addi s10, s10, 8
    .endm
    .pushsection .data
    .balign 64
    block: .space 64
    .popsection
    la s10, out
    """

  private func run(
    _ code: String, input: String = "", _ configure: (inout BareOptions) -> Void = { _ in }
  ) throws -> BareGuest {
    // Addresses of data are not constants for li: the blocks name them through registers, or lie ready in memory.
    try BareGuest.run("\(macros)\n\(code)", input: input, configure)
  }

  @Test func exits() throws {
    #expect(try run("ask 0x18, 0x20026, 42").ending == .exited(42))
    #expect(try run("ask 0x20, 0x20026, 7").ending == .exited(7))
    #expect(try run("ask 0x18, 0x20023").ending == .exited(1))
  }

  @Test func theEbreakCountsAndTheNextInstructionRuns() throws {
    let guest = try run(
      "csrr s0, minstret; semi 0x31; csrr s1, minstret; sub a1, s1, s0; keep; mv a0, a1; keep; ask 0x18, 0x20026, 0")
    // csrr, li, slli, ebreak, srai.
    #expect(guest.words(2) == [1_000_000_000, 5])
  }

  @Test func onlyTheSequenceIsACall() throws {
    let guest = try run(
      "la t0, handler; csrw mtvec, t0; nop; ebreak; srai x0, x0, 7\n.balign 4\nhandler: csrr a0, mcause; keep; exit 0")
    #expect(guest.words(1) == [3])
    let off = try run("la t0, handler; csrw mtvec, t0; semi 0x31; exit 1\n.balign 4\nhandler: exit 0") { $0.semihosting = false }
    #expect(off.ending == .exited(0))
  }

  @Test func console() throws {
    let guest = try run(
      """
      .pushsection .data
      tt: .asciz ":tt"
      text: .asciz "text\\n"
      .balign 8
      open_in: .dword tt, 0, 3
      open_out: .dword tt, 4, 3
      open_err: .dword tt, 8, 3
      read: .dword 1, scratch, 4
      write: .dword 2, text, 5
      write_err: .dword 3, text, 2
      .popsection
      la a1, open_in; semi 1; keep
      la a1, open_out; semi 1; keep
      la a1, open_err; semi 1; keep
      la a1, write; semi 5; keep
      la a1, write_err; semi 5; keep
      la a1, text; semi 3
      la a1, text; semi 4
      la a1, read; semi 6; keep
      semi 7; keep
      la a1, read; semi 6; keep
      la a1, read; semi 6; keep
      la t0, scratch; ld a0, 0(t0); keep
      ask 9, 1; keep
      ask 9, 7; keep
      ask 12, 2; keep
      ask 10, 2, 0; keep
      ask 2, 3; keep
      ask 2, 3; keep
      ask 0x13; keep
      ask 0x18, 0x20026, 0
      """, input: "abcdefg")
    #expect(
      guest.words(16).map(Int64.init(bitPattern:)) == [
        1, 2, 3, 0, 0, 0, 0x65, 2, 4, 0x6463_6766, 1, 0, 0, -1, 0, -1,
      ])
    #expect(guest.output == "text\nttext\n")
    #expect(guest.errors == "te")
  }

  @Test func files() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("semi-\(UUID().uuidString)").path
    let length = path.utf8.count
    let guest = try run(
      """
      .pushsection .data
      name: .asciz "\(path)"
      other: .asciz "\(path)x"
      text: .ascii "0123456789"
      .balign 8
      open_read: .dword name, 1, \(length)
      open_write: .dword name, 5, \(length)
      open_append: .dword name, 9, \(length)
      open_other: .dword other, 0, \(length + 1)
      write: .dword 1, text, 10
      write_more: .dword 1, text, 3
      read: .dword 1, scratch, 16
      rename: .dword name, \(length), other, \(length + 1)
      remove: .dword other, \(length + 1)
      .popsection
      la a1, open_read; semi 1; keep
      semi 0x13; keep
      la a1, open_write; semi 1; keep
      la a1, write; semi 5; keep
      ask 2, 1; keep
      la a1, open_append; semi 1; keep
      la a1, write_more; semi 5; keep
      ask 2, 1; keep
      la a1, open_read; semi 1; keep
      ask 12, 1; keep
      ask 10, 1, 8; keep
      la a1, read; semi 6; keep
      la t0, scratch; ld a0, 0(t0); keep
      ask 9, 1; keep
      ask 8, -1; keep
      la a1, rename; semi 15; keep
      la a1, open_other; semi 1; keep
      la a1, remove; semi 14; keep
      la a1, remove; semi 14; keep
      ask 0x18, 0x20026, 0
      """)
    #expect(
      guest.words(19).map(Int64.init(bitPattern:)) == [
        -1, 2, 1, 0, 0, 1, 0, 0, 1, 13, 0, 11, 0x32_3130_3938, 0, 1, 0, 2, 0, -1,
      ])
    let denied = try run(
      """
      .pushsection .data
      name: .asciz "/etc/passwd"
      .balign 8
      open: .dword name, 0, 11
      .popsection
      la a1, open; semi 1; keep; ask 0x18, 0x20026, 0
      """
    ) { $0.files = .none }
    #expect(denied.words(1) == [.max])
  }

  @Test func surroundings() throws {
    let guest = try run(
      """
      .pushsection .data
      .balign 8
      line: .dword scratch, 100
      short: .dword scratch, 3
      heap: .dword scratch
      elapsed: .dword 0
      features: .dword magic, 0, 22
      magic: .ascii ":semihosting-features"
      .balign 8
      bytes: .dword 1, scratch, 8
      .popsection
      la a1, line; semi 0x15; keep
      la t0, line; ld a0, 8(t0); keep
      la t0, scratch; ld a0, 0(t0); keep
      la a1, short; semi 0x15; keep
      la a1, heap; semi 0x16; keep
      la t0, scratch; ld a0, 8(t0); keep
      ld a0, 16(t0); keep
      la a1, elapsed; semi 0x30; keep
      la t0, elapsed; ld a0, 0(t0); keep
      semi 0x10; keep
      semi 0x11; keep
      semi 0x99; keep
      ask 0x18, 0x20026, 0
      """
    ) { $0.arguments = ["a", "bc d"] }
    let words = guest.words(12)
    #expect(words[0...4] == [0, 6, 0x0000_6420_6362_2061, .max, 0])
    #expect(words[5...7] == [0x83f0_0000, 0x8400_0000, 0])
    #expect(words[8] > 20 && words[8] < 100)
    #expect(words[9...11] == [0, 1_577_836_800, .max])
  }
}
