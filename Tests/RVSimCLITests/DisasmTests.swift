import Foundation
import Testing

@testable import RVSimCLI

/// `rvsim disasm`.
struct DisasmTests {
  @Test func words() {
    let result = rvsim("disasm", "--word", "0x00a50533", "--word", "0x4501", "--word", "32")
    #expect(result.code == 0)
    #expect(
      result.output == "add\ta0, a0, a0\nli\ta0, 0x0\n<unknown>\n" || result.output.hasPrefix("add\ta0, a0, a0\nli\ta0, 0x0\n"))
    #expect(rvsim("disasm", "--no-aliases", "--word", "0x4501").output == "c.li\ta0, 0x0\n")
    #expect(rvsim("disasm", "--isa", "rv64gc", "--word", "0x60a51533").output == "<unknown>\n")
    #expect(rvsim("disasm", "--isa", "rv64gc_zbb", "--word", "0x60a51533").output == "rol\ta0, a0, a0\n")
  }

  static let source = """
    .globl _start
    .type _start,@function
    _start: call work
      beqz a0, done
      li a0, 1
    done: j exit
    .size _start, .-_start
    .globl work
    .type work,@function
    work: addi sp, sp, -16
      fadd.d fa0, fa1, fa2
      la a0, _start
      lr.w.aq t0, (a0)
      csrr a1, mstatus
      addi sp, sp, 16
      ret
    .size work, .-work
    """

  @Test(
    .enabled(if: Tools.clang != nil && Tools.objdump != nil, "clang, ld.lld and llvm-objdump beside swift"),
    arguments: [true, false])
  func asObjdump(aliases: Bool) throws {
    let elf = try Guest.bare(Self.source)
    let objdump = try #require(Tools.objdump)
    let expected = try Tools.run(objdump, ["-d"] + (aliases ? [] : ["-M", "no-aliases"]) + [elf])
    let result = rvsim(["disasm"] + (aliases ? [] : ["--no-aliases"]) + [elf])
    #expect(result.code == 0)
    #expect(result.output == expected.output)
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
  func parts() throws {
    let elf = try Guest.bare(Self.source)
    let work = rvsim("disasm", "--symbol", "work", elf).output
    #expect(work.contains("<work>:\n") && !work.contains("<_start>:\n"))
    #expect(work.hasSuffix("ret\n"))
    let range = rvsim("disasm", "--start", "0x80000000", "--stop", "0x80000008", elf).output
    #expect(range.split(separator: "\n").count == 6, "\(range)")
    #expect(rvsim("disasm", "--start", "0x10", "--stop", "0x20", elf).code == 125)
    let lines = rvsim("disasm", "--line", try Guest.bare(CrashPageTests.source, "lines.c", flags: ["-O1", "-g"])).output
    #expect(lines.contains("lines.c:3\n"))
  }

  @Test func capstoneThatIsNotThere() {
    let result = rvsim(
      "disasm", "--engine", "capstone", "--word", "0x4501", environment: ["RVSIM_CAPSTONE_LIB": "/nowhere/lib.so"])
    #expect(result.code == 125)
    #expect(result.error.hasPrefix("rvsim: Capstone cannot be loaded: "))
  }

  @Test(.enabled(if: Tools.capstone != nil, "RVSIM_CAPSTONE_LIB"))
  func capstone() throws {
    let library = ["RVSIM_CAPSTONE_LIB": try #require(Tools.capstone)]
    let result = rvsim("disasm", "--engine", "capstone", "--word", "0x00a50533", "--word", "0x4501", environment: library)
    #expect(result.error == "")
    #expect(result.output == "add\ta0, a0, a0\nc.li\ta0, 0\n")
    #expect(rvsim("disasm", "--engine", "capstone", "--no-aliases", "--word", "1", environment: library).code == 125)
  }
}
