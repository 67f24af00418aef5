import Foundation
import RVExec
import RVTraces
import Testing

/// Statistics in their forms, and what a run puts into them.
struct StatisticsTests {
  static let sample = Statistics(
    elf: "a \"b\",|.elf", environment: "bare", isa: "rv64imac", instructions: 1_234_567,
    traps: ["breakpoint": 2, "illegal instruction": 1], exit: .init(.exited(256), code: 255))

  @Test func json() {
    #expect(
      Self.sample.formatted(.json, host: .init(seconds: 1)) == """
        {
          "elf": "a \\"b\\",|.elf",
          "environment": "bare",
          "exit": {
            "code": 255,
            "guestCode": 256,
            "kind": "exited"
          },
          "instructions": 1234567,
          "isa": "rv64imac",
          "schema": "rvsim.stats/1",
          "traps": 3,
          "trapsByCause": {
            "breakpoint": 2,
            "illegal instruction": 1
          }
        }

        """)
  }

  @Test func csv() {
    #expect(
      Self.sample.formatted(.csv, host: nil) == """
        name,value
        elf,"a ""b"",|.elf"
        environment,bare
        exit.code,255
        exit.guestCode,256
        exit.kind,exited
        instructions,1234567
        isa,rv64imac
        schema,rvsim.stats/1
        traps,3
        trapsByCause.breakpoint,2
        trapsByCause.illegal instruction,1

        """)
  }

  @Test func markdown() {
    let text = Self.sample.formatted(.md, host: nil)
    #expect(text.hasPrefix("| name | value |\n|---|---|\n| elf | a \"b\",\\|.elf |\n"))
    #expect(text.contains("| instructions | 1234567 |\n"))
  }

  @Test func text() {
    let text = Self.sample.formatted(.text, host: .init(seconds: 0.5))
    #expect(text.contains("  instructions                      1,234,567\n"))
    #expect(text.hasSuffix("host (differs from run to run)\n  seconds  0.500\n  MIPS     2.5\n"))
    #expect(!Self.sample.formatted(.text, host: nil).contains("host"))
  }

  @Test(arguments: [
    (Ending.exited(3), "exited"), (.killed(signal: 11, trap: nil), "signal"), (.unhandled(Trap(.breakpoint), reason: ""), "trap"),
    (.asleep, "asleep"), (.limit(.time), "limit"), (.interrupted, "interrupted"),
  ])
  func kinds(ending: Ending, kind: String) {
    #expect(Statistics.Exit(ending, code: 0).kind == kind)
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
  func ofARun() throws {
    let elf = try Guest.linux(".globl _start\n_start: li a7, 172\n ecall\n li a0, 4\n j exit")
    let file = Scratch.path("stats-\(UUID().uuidString).json")
    for _ in 0..<2 {
      #expect(rvsim("run", "--stats", file, "--stats-format", "json", "--isa", "rv64gc", elf).code == 4)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file))) as? [String: Any])
      #expect(object["schema"] as? String == "rvsim.stats/1")
      #expect(object["instructions"] as? Int == 5 || object["instructions"] as? Int == 6)
      #expect(object["traps"] as? Int == 2)
      #expect(object["environment"] as? String == "user")
      #expect((object["exit"] as? [String: Any])?["code"] as? Int == 4)
      #expect(object["host"] == nil)
    }
    let first = try Scratch.read(file)
    _ = rvsim("run", "--stats", file, "--stats-format", "json", "--isa", "rv64gc", elf)
    #expect(try Scratch.read(file) == first)
    let toError = rvsim("run", "--stats", "-", elf)
    #expect(toError.error.hasPrefix("statistics of \(elf)\n"))
    #expect(toError.output == "")
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
  func signature() throws {
    let elf = try Guest.bare(
      ".globl _start\n_start: la t0, begin_signature\n li t1, 0x12345678\n sw t1, 0(t0)\n sb t1, 15(t0)\n li a0, 0\n j exit")
    let file = Scratch.path("signature")
    #expect(rvsim("run", "--signature", file, elf).code == 0)
    #expect(try Scratch.read(file) == "12345678\n00000000\n00000000\n78000000\n")
    #expect(rvsim("run", "--signature", file, "--signature-granularity", "16", elf).code == 0)
    #expect(try Scratch.read(file) == "78000000000000000000000012345678\n")
  }
}
