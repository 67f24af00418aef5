import Foundation
import RVLoader
import RVTraces
import Testing

/// Crash pages: their form, and what is found out about a guest.
struct CrashPageTests {
  @Test func page() {
    let page = CrashPage(
      headline: "killed by signal 11 (SIGSEGV): load page fault at address 0x10", hint: nil, pc: 0x10004,
      code: [
        .init(address: 0x10000, word: 0x1141, length: 2, text: "addi\tsp, sp, -0x10", label: "<inner>"),
        .init(address: 0x10004, word: 0x0005_3503, length: 4, text: "ld\ta0, 0x0(a0)"),
      ], x: (0..<32).map { $0 }, f: nil, fcsr: 0, instructions: 12,
      frames: [
        .init(Place(0x10004, symbol: ("inner", 4), source: SourceLocation(file: "a.c", line: 3, column: 7))),
        .init(Place(0x10040, symbol: ("main", 0)), isGuess: true), .init(Place(0x20000)),
      ])
    #expect(
      page.description == """
        rvsim: killed by signal 11 (SIGSEGV): load page fault at address 0x10
          at 0x10004 <inner+0x4> at a.c:3:7
          after 12 instructions

        code:
             <inner>:
             0000000000010000: 1141      addi    sp, sp, -0x10
          -> 0000000000010004: 00053503  ld      a0, 0x0(a0)

        registers:
          pc   0000000000010004  ra   0000000000000001  sp   0000000000000002  gp   0000000000000003
          tp   0000000000000004  t0   0000000000000005  t1   0000000000000006  t2   0000000000000007
          s0   0000000000000008  s1   0000000000000009  a0   000000000000000a  a1   000000000000000b
          a2   000000000000000c  a3   000000000000000d  a4   000000000000000e  a5   000000000000000f
          a6   0000000000000010  a7   0000000000000011  s2   0000000000000012  s3   0000000000000013
          s4   0000000000000014  s5   0000000000000015  s6   0000000000000016  s7   0000000000000017
          s8   0000000000000018  s9   0000000000000019  s10  000000000000001a  s11  000000000000001b
          t3   000000000000001c  t4   000000000000001d  t5   000000000000001e  t6   000000000000001f

        back-trace:
          #0 0x10004 <inner+0x4> at a.c:3:7
          #1 0x10040 <main> (guess)
          #2 0x20000

        """)
  }

  static let source = """
    int volatile *where = (int *)8;
    __attribute__((noinline)) int inner(int x) {
      return *where + x;
    }
    __attribute__((noinline)) int middle(int x) {
      return inner(x + 1) * 3;
    }
    __asm__(".section .text.init,\\"ax\\"\\n.globl _start\\n_start: la sp, stack_top\\n li t0, 0x2000\\n csrs mstatus, t0\\n"
            " call main\\n1: j 1b\\n.text\\n");
    int main(void) {
      return middle(2) + 1;
    }
    """

  /// Lines of the back-trace.
  private func trace(_ error: String) -> [String] {
    error.components(separatedBy: "back-trace:\n").last?.split(separator: "\n").map { line in
      // Without addresses and columns.
      line.split(separator: " ").filter { !$0.hasPrefix("0x") }.joined(separator: " ")
    } ?? []
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"), arguments: [true, false])
  func backTrace(framePointers: Bool) throws {
    let flag = framePointers ? "-fno-omit-frame-pointer" : "-fomit-frame-pointer"
    let elf = try Guest.bare(Self.source, "crash.c", flags: ["-O1", "-g", flag])
    let result = rvsim("run", elf)
    #expect(result.code == 139)
    #expect(result.error.hasPrefix("rvsim: unhandled trap: load access fault at address 0x8; "))
    #expect(result.error.contains("crash.c:3:"))
    #expect(result.error.contains("  -> "))
    #expect(result.error.contains("floating-point registers (fcsr 0x0):"))
    let lines = trace(result.error)
    let functions = lines.compactMap { $0.split(separator: "<").dropFirst().first?.split(separator: "+").first }
    #expect(functions.prefix(4) == ["inner", "middle", "main", "_start"], "\(lines)")
    #expect(lines.filter { $0.hasSuffix("(guess)") }.isEmpty == framePointers)
    #expect(lines.dropFirst().first?.contains("crash.c:6:") == true)
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
  func jumpToNowhere() throws {
    let result = rvsim("run", try Guest.linux(".globl _start\n_start: li t0, 0x40\n jalr t0\n j exit"))
    #expect(result.code == 139)
    #expect(result.error.contains("instruction page fault at address 0x40"))
    #expect(!result.error.contains("code:"))
    #expect(result.error.contains("#1 0x"))
  }
}
