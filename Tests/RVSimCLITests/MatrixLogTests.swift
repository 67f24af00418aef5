import Foundation
import Testing

@testable import RVSimCLI

/// What traces and crash pages say of matrix programs.
@Suite(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct MatrixLogTests {
  /// Two rows of three bytes are loaded, and stored as far as a second tile goes.
  private static let source = """
    .globl _start
    _start:
      li t0, 1 << 25
      csrs mstatus, t0
      la a0, data
      li a1, 8
      .word 0x2000002b | 2 << 15 # msettilemi 2
      .word 0x1000002b | 3 << 15 # msettileki 3
      .insn r 0x2b, 0, 2, x0, a0, a1 # mlae8 tr0, (a0), a1
      .word 0x2000002b | 1 << 15 # msettilemi 1
      addi a0, a0, 32
      .insn r 0x2b, 0, 3, x0, a0, a1 # msae8 tr0, (a0), a1
      csrr a2, 0x803
      csrwi 0x805, 5
      li a0, 0
      j exit
    .data
    .balign 64
    data: .dword 0x0807060504030201, 0x1817161514131211
    .zero 64
    .text
    """

  @Test func logsHaveSizesAndElements() throws {
    let elf = try Guest.bare(Self.source, march: "rv64gc")
    let log = Scratch.path("matrix-\(UUID().uuidString).log")
    let result = rvsim("run", "--trace", "spike=" + log, elf)
    #expect(result.code == 0, "\(result.error)")
    let lines = try Scratch.read(log).split(separator: "\n").map(String.init)
    let at = try #require(lines.firstIndex { $0.hasSuffix("mlae8 tr0, (a0), a1") })
    let load = lines[at + 1]
    let base = try #require(load.firstRange(of: "mem 0x")).upperBound
    let start = try #require(UInt64(load[base...].prefix(16), radix: 16))
    func hex(_ value: UInt64) -> String { "0x" + String(repeating: "0", count: 16 - String(value, radix: 16).count) + String(value, radix: 16) }
    let loaded = [0, 1, 2, 8, 9, 10].map { " mem " + hex(start + $0) }.joined()
    #expect(load.hasSuffix("(0x04b5002b) m2 n0 k3" + loaded))
    let stored = (0..<3).map { " mem " + hex(start + 32 + $0) + " 0x0\($0 + 1)" }.joined()
    #expect(lines.contains { $0.hasSuffix("(0x06b5002b) m1 n0 k3" + stored) })
    #expect(lines.contains { $0.hasSuffix("csrr a2, mtilem") } && lines.contains { $0.hasSuffix(" x12 " + hex(1)) })
    #expect(lines.contains { $0.contains(" c2053_mtilek " + hex(5)) })
  }
}
