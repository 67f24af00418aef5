import Foundation
import Testing

@testable import RVSimCLI

/// The binary itself: streams, signals, pipes.
@Suite(.enabled(if: Tools.binary != nil && Tools.clang != nil, "the built rvsim (RVSIM_BIN), clang and ld.lld"))
struct BinaryTests {
  private func binary() throws -> String { try #require(Tools.binary) }

  @Test func version() throws {
    let result = try Tools.run(binary(), ["--version"])
    #expect(result.code == 0)
    #expect(result.output == "rvsim \(RVSim.version)\n")
    #expect(result.error == "")
  }

  @Test func guestWrites() throws {
    let elf = try Guest.linux(
      """
      .globl _start
      _start: li a0, 1
        la a1, text
        li a2, 3
        li a7, 64
        ecall
        li a0, 2
        la a1, text
        li a2, 3
        li a7, 64
        ecall
        li a0, 9
        j exit
      text: .ascii "hi\\n"
      .balign 4
      """)
    let result = try Tools.run(binary(), ["run", elf])
    #expect(result.code == 9)
    #expect(result.output == "hi\n")
    #expect(result.error == "hi\n")
  }

  private static let vectorOptions: [(options: [String], code: Int32)] = [
    ([], 20), (["--vlen", "64"], 19), (["--vlen", "65536", "--elen", "64"], 29), (["--vlen", "256", "--elen", "32"], 5),
    (["--isa", "rv64gcv_zvl512b"], 22), (["--isa", "rv64gc_zve32x", "--vlen", "512", "--vl", "half"], 70),
    (["--agnostic", "ones"], 52), (["--agnostic", "ones", "--vl", "half", "--reduction", "tree"], 116),
  ]

  /// Exits with log2 of vlenb, 16 more if 64-bit elements are there, 32 more if a tail became ones; 64 more for half of AVL.
  @Test(arguments: vectorOptions)
  func vectors(options: [String], code: Int32) throws {
    let elf = try Guest.bare(
      """
      .globl _start
      _start: li t0, 0x200
        csrs mstatus, t0
        csrr t0, vlenb
        li a0, -1
      1: addi a0, a0, 1
        srli t0, t0, 1
        bnez t0, 1b
        vsetvli t0, x0, e64, m1, ta, ma
        csrr t1, vtype
        bltz t1, 1f
        addi a0, a0, 16
      1: vsetivli x0, 2, e8, m1, ta, ma
        vmv.v.i v1, 1
        vsetvli x0, x0, e8, m1, ta, ma
        vsetivli x0, 3, e8, m1, ta, ma
        vslidedown.vi v2, v1, 2
        vmv.x.s t0, v2
        addi t0, t0, 1
        bnez t0, 1f
        addi a0, a0, 32
      1: vsetvli t0, x0, e8, m1, ta, ma
        addi t1, t0, 2
        vsetvli t2, t1, e8, m1, ta, ma
        beq t2, t0, 1f
        addi a0, a0, 64
      1: j exit
      """, march: "rv64gcv")
    let result = try Tools.run(binary(), ["run"] + options + [elf])
    #expect(result.code == code)
    #expect(result.error == "")
  }

  @Test func interrupt() throws {
    let elf = try Guest.bare(".globl _start\n_start: nop\n1: j 1b")
    let stats = Scratch.path("interrupted.json")
    let result = try Tools.run(binary(), ["run", "--stats", stats, "--stats-format", "json", elf]) { process in
      Thread.sleep(forTimeInterval: 1)
      process.interrupt()
    }
    #expect(result.code == 130)
    #expect(result.error == "rvsim: interrupted at pc 0x80000002 <_start+0x2>\n")
    #expect(try Scratch.read(stats).contains("\"kind\": \"interrupted\""))
  }

  @Test func timeoutWhileTheGuestSleepsInTheHost() throws {
    // Reading from a pipe that nobody writes to.
    let elf = try Guest.linux(
      ".globl _start\n_start: addi sp, sp, -16\n li a0, 0\n mv a1, sp\n li a2, 1\n li a7, 63\n ecall\n li a0, 0\n j exit")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try binary())
    process.arguments = ["run", "--timeout", "300ms", elf]
    let (input, error) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = error
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 124)
    let words = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(words.hasPrefix("rvsim: limit of 300 ms reached at pc 0x"), "\(words)")
    input.fileHandleForWriting.closeFile()
  }

  @Test func readerThatGoesAway() throws {
    let elf = try Guest.bare(DisasmTests.source)
    for command in ["\"$1\" disasm \"$2\" | head -n 1", "\"$1\" run --help | head -n 1"] {
      let result = try Tools.run("/bin/bash", ["-c", "set -o pipefail; \(command); exit $?", "bash", binary(), elf])
      #expect(result.code >= 0 && result.code != 139 && result.code != 132, "\(command): \(result)")
    }
    let full = try Tools.run("/bin/bash", ["-c", "\"$1\" disasm \"$2\" > /dev/full", "bash", binary(), elf])
    #expect(full.code == 125)
    #expect(full.error == "rvsim: cannot write to standard output: No space left on device\n")
  }

  @Test func standardInputFromAFile() throws {
    let elf = try Guest.linux(
      ".globl _start\n_start: addi sp, sp, -16\n li a0, 0\n mv a1, sp\n li a2, 1\n li a7, 63\n ecall\n lbu a0, 0(sp)\n j exit")
    let file = try Scratch.write("A", "input.txt")
    #expect(try Tools.run(binary(), ["run", "--stdin", file, elf]).code == 65)
  }

  @Test func completions() throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try Tools.run(binary(), ["--generate-completion-script", shell])
      #expect(result.code == 0)
      #expect(result.output.contains("max-insns"))
      #expect(result.error == "")
    }
    let script = try Scratch.write(try Tools.run(binary(), ["--generate-completion-script", "bash"]).output, "rvsim.bash")
    #expect(try Tools.run("/bin/bash", ["-n", script]).code == 0)
  }
}
