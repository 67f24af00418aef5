import Foundation
import RVExec
import Testing

@Suite(.enabled(if: BareGuest.clang != nil, "no clang beside swift"))
struct BareHTIFTests {
  /// `call number, …`: a proxied system call with arguments in a0…a6; the result comes in a0.
  private let call = """
    .macro call number
      la t0, block
      li t1, \\number
      sd t1, 0(t0); sd a0, 8(t0); sd a1, 16(t0); sd a2, 24(t0); sd a3, 32(t0); sd a4, 40(t0); sd a5, 48(t0); sd a6, 56(t0)
      la t1, tohost
      sd t0, 0(t1)
      ld t2, 8(t1)
      sd t2, 64(t0)
      sd zero, 8(t1)
      ld a0, 0(t0)
    .endm
    .macro keep
      sd a0, 0(s10); addi s10, s10, 8
    .endm
    .pushsection .data
    .balign 64
    block: .space 128
    .popsection
    la s10, out
    """

  // MARK: Ends

  @Test(arguments: [0, 1, 255, 256, 77777])
  func exitCode(_ code: Int) throws {
    #expect(try BareGuest.run("exit \(code)").ending == .exited(code))
  }

  @Test(arguments: [
    "la t6, tohost; li t5, 7; sw t5, 0(t6)", "la t6, tohost; li t5, 7; sw t5, 0(t6); sw zero, 4(t6)",
    "la t6, tohost; li t5, 7; sw zero, 4(t6); sw t5, 0(t6)", "la t6, tohost; li t5, 7; amoswap.d t4, t5, (t6)",
    "la t6, tohost; li t5, 7; sh t5, 0(t6)",
  ])
  func widths(_ code: String) throws {
    #expect(try BareGuest.run("\(code)\n1: j 1b").ending == .exited(3))
  }

  @Test func exitCall() throws {
    #expect(try BareGuest.run("\(call)\nli a0, 300; call 93\n1: j 1b").ending == .exited(300))
  }

  // MARK: Console

  @Test func putchar() throws {
    let guest = try BareGuest.run(
      "console 'h'; console 'i'; console 10; la t0, tohost; ld a0, 0(t0); la t0, out; sd a0, 0(t0); exit 0")
    #expect(guest.output == "hi\n")
    #expect(guest.words(1) == [0])
  }

  @Test func putcharWithTheHighHalfFirst() throws {
    #expect(try BareGuest.run("la t0, tohost; li t1, 0x01010000; sw t1, 4(t0); li t1, 'x'; sw t1, 0(t0); exit 0").output == "x")
  }

  @Test func whatIsPrintedIsNotLost() throws {
    #expect(try BareGuest.run("console 'a'; .word 0").output == "a")
    #expect(try BareGuest.run("console 'b'\n1: j 1b").output == "b")
    #expect(try BareGuest.run("console 'c'; wfi").output == "c")
  }

  @Test func getchar() throws {
    // Two questions before the first answer is taken.
    let ask = "li t1, 1 << 56; sd t1, 0(t0)"
    let guest = try BareGuest.run(
      """
      la t0, tohost; la s10, out
      \(ask)
      \(ask)
      ld a0, 8(t0); sd a0, 0(s10); sd zero, 8(t0)
      ld a0, 8(t0); sd a0, 8(s10); sd zero, 8(t0)
      ld a0, 8(t0); sd a0, 16(s10)
      \(ask)
      ld a0, 8(t0); sd a0, 24(s10)
      exit 0
      """, input: "AB")
    #expect(guest.words(4) == [0x0100_0000_0000_0141, 0x0100_0000_0000_0142, 0, 0])
    #expect(guest.complaints.count == 1)
  }

  @Test func unknownDevice() throws {
    let twice = "la t0, tohost; li t1, 7 << 56 | 3 << 48; sd t1, 0(t0); sd t1, 0(t0); exit 0"
    let guest = try BareGuest.run(twice)
    #expect(guest.ending == .exited(0))
    #expect(guest.complaints == ["HTIF has no device 7 with a command 3"])
  }

  @Test func identify() throws {
    let guest = try BareGuest.run(
      """
      la t1, out; slli t1, t1, 8; ori t1, t1, 255; li t2, 1 << 56 | 255 << 48; or t1, t1, t2; la t0, tohost
      sd t1, 0(t0); exit 0
      """
    )
    #expect(guest.words(1) == [0x646362])
  }

  // MARK: Calls

  @Test func streams() throws {
    let guest = try BareGuest.run(
      """
      \(call)
      .pushsection .data
      text: .ascii "out\\n"
      .popsection
      li a0, 1; la a1, text; li a2, 4; call 64; keep
      li a0, 2; la a1, text; li a2, 2; call 64; keep
      li a0, 0; la a1, scratch; li a2, 3; call 63; keep
      la t0, scratch; ld a0, 0(t0); keep
      li a0, 0; la a1, text; li a2, 1; call 64; keep
      li a0, 1; li a1, 0x1000; li a2, 1; call 64; keep
      li a0, 9; call 57; keep
      call 1234; keep
      la t0, block; ld a0, 64(t0); keep
      exit 0
      """, input: "input")
    #expect(guest.words(9).map(Int64.init(bitPattern:)) == [4, 2, 3, 0x706e69, -9, -14, -9, -38, 1])
    #expect((guest.output, guest.errors) == ("out\n", "ou"))
    #expect(guest.complaints == ["HTIF: system call 1234 is not supported"])
  }

  @Test func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("htif-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let guest = try BareGuest.run(
      """
      \(call)
      .pushsection .data
      folder: .asciz "\(folder)"
      name: .asciz "one"
      other: .asciz "two"
      sub: .asciz "sub"
      text: .ascii "0123456789"
      .balign 8
      status: .space 512
      .popsection
      la a0, folder; call 49; keep
      li a0, -100; la a1, name; li a2, 4; li a3, 0x42; li a4, 0644; call 56; keep
      li a0, 3; la a1, text; li a2, 10; call 64; keep
      li a0, 3; li a1, 4; li a2, 0; call 62; keep
      li a0, 3; la a1, scratch; li a2, 100; call 63; keep
      li a0, 3; la a1, scratch; li a2, 2; li a3, 7; call 67; keep
      la t0, scratch; lhu a0, 0(t0); keep
      li a0, 3; la a1, text; li a2, 1; li a3, 20; call 68; keep
      li a0, 3; li a1, 16; call 46; keep
      li a0, 3; la a1, status; call 80; keep
      la t0, status; ld a0, 48(t0); keep
      lwu a0, 16(t0); keep
      li a0, 3; li a1, 3; call 25; keep
      li a0, -100; la a1, name; li a2, 4; li a3, -100; la a4, other; li a5, 4; li a6, 0; call 37; keep
      li a0, -100; la a1, other; li a2, 4; li a3, -100; la a4, sub; li a5, 4; call 38; keep
      li a0, -100; la a1, name; li a2, 4; li a3, 0; call 35; keep
      li a0, -100; la a1, name; li a2, 4; li a3, 0; call 48; keep
      li a0, -100; la a1, sub; li a2, 4; la a3, status; li a4, 0; call 79; keep
      li a0, -100; la a1, sub; li a2, 4; li a3, 0; li a4, 0x7ff; la a5, status; call 291; keep
      la t0, status; ld a0, 40(t0); keep
      lhu a0, 28(t0); keep
      la a0, sub; li a1, 4; la a2, status; call 1039; keep
      li a0, 3; call 57; keep
      li a0, -100; la a1, name; li a2, 4; li a3, 0755; call 34; keep
      li a0, -100; la a1, sub; li a2, 4; la a3, scratch; li a4, 9; call 78; keep
      la a0, scratch; li a1, 400; call 17; keep
      la a0, scratch; li a1, 3; call 17; keep
      exit 0
      """)
    let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    #expect(
      guest.words(27).map(Int64.init(bitPattern:)) == [
        0, 3, 10, 4, 6, 2, 0x3837, 1, 0, 0, 16, 0o100644, 2, 0, 0, 0, -2, 0, 0, 16, 0o100644, 0, 0, 0, -22,
        Int64(real.utf8.count + 1), -34,
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["one", "sub"])
  }

  @Test func withoutFiles() throws {
    let guest = try BareGuest.run(
      """
      \(call)
      .pushsection .data
      name: .asciz "/etc/passwd"
      .popsection
      li a0, -100; la a1, name; li a2, 12; li a3, 0; call 56; keep
      li a0, 1; la a1, scratch; call 80; keep
      la t0, scratch; lwu a0, 16(t0); keep
      exit 0
      """
    ) { $0.files = .none }
    #expect(guest.words(3).map(Int64.init(bitPattern:)) == [-13, 0, 0o20620])
  }

  @Test func mainArguments() throws {
    let guest = try BareGuest.run(
      """
      \(call)
      la a0, scratch; li a1, 512; call 2011; keep
      la t0, scratch; ld a0, 0(t0); keep
      ld t1, 16(t0); ld a0, 0(t1); keep
      ld a0, 24(t0); keep
      la a0, scratch; li a1, 8; call 2011; keep
      exit 0
      """
    ) { $0.arguments = ["prog", "argumen"] }
    #expect(guest.words(5).map(Int64.init(bitPattern:)) == [0, 2, 0x6e_656d_7567_7261, 0, -12])
  }

  @Test func blockOutsideMemory() throws {
    let guest = try BareGuest.run("la t0, tohost; li t1, 0x1000; sd t1, 0(t0)\n1: j 1b")
    #expect(guest.ending == .exited(255))
    #expect(guest.complaints == ["HTIF: the system call's block at 0x1000 is not in memory"])
  }

  // MARK: Signature

  @Test func signature() throws {
    let code = "la t0, out; li t1, 0x0123456789abcdef; sd t1, 0(t0); li t1, 7; sw t1, 508(t0); exit 0"
    let words = try #require(try BareGuest.run(code, signature: 4).signature).split(separator: "\n")
    #expect(words.count == 128)
    #expect((words[0], words[1], words[2], words[127]) == ("89abcdef", "01234567", "00000000", "00000007"))
    let lines = try #require(try BareGuest.run(code, signature: 16).signature).split(separator: "\n")
    #expect(lines[0] == "00000000000000000123456789abcdef")
  }
}
