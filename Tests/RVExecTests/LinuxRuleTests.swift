import Foundation
import RVExec
import Testing

/// Programs of `Tests/guests`: what they see of Linux, compared with the host where a rule is Linux's, with qemu where it is RISC-V's.
@Suite("Linux rules", .enabled(if: LinuxToolchain.gcc != nil, "riscv64-linux-gnu-gcc is not installed"))
struct LinuxRuleTests {
  @Test("Signals: sending, blocking, nesting, waiting and timers are as on the host")
  func signals() throws {
    let folder = try ScratchFolder()
    let source = try LinuxToolchain.guest("signals")
    let program = try LinuxToolchain.compile(source, in: folder)
    let result = try LinuxToolchain.simulate(program, in: folder)
    #expect(result.ending == .killed(signal: 15, trap: nil))
    #expect(result.output.hasSuffix("delete 0 -1\ndone\n"))
    #expect(result.lines == [])
    try compare(result.output, withHost: source, in: folder)
  }

  /// Line by line: a difference is easy to see.
  private func compare(_ output: String, withHost source: String, in folder: ScratchFolder) throws {
    guard let expected = try LinuxToolchain.runOnHost(source, in: folder) else { return }
    let (own, host) = (output.split(separator: "\n"), expected.split(separator: "\n"))
    for (number, lines) in zip(own, host).enumerated() where lines.0 != lines.1 {
      Issue.record("line \(number + 1): \(lines.0), on the host: \(lines.1)")
    }
    #expect(own.count == host.count)
  }

  @Test("Faults tell their address and pc, and a handler may change registers, as under qemu")
  func faults() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(try LinuxToolchain.guest("faults"), ["-static", "-lm"], in: folder)
    let result = try LinuxToolchain.simulate(program, in: folder)
    #expect(result.ending == .exited(0))
    #expect(result.output.hasPrefix("fault 11 code 2 address 20000005 pc-is-address 0\n"))
    #expect(result.lines == [])
    guard let qemu = LinuxToolchain.qemu else { return }
    let (status, output) = try LinuxToolchain.run(qemu, [program], in: folder)
    #expect(status == 0)
    #expect(output == result.output)
  }

  /// New processes are copies of the simulator: they are made by the binary, not by the test.
  @Test(
    "Files, waiting, memory and processes are as on the host", .enabled(if: LinuxToolchain.binary != nil, "RVSIM_BIN is not set"),
    arguments: ["calls", "processes", "restart"])
  func host(name: String) throws {
    let folder = try ScratchFolder()
    let source = try LinuxToolchain.guest(name)
    let program = try LinuxToolchain.compile(source, in: folder)
    let rvsim = try #require(LinuxToolchain.binary)
    let (status, output) = try LinuxToolchain.run(rvsim, ["run", "--timeout", "100s", program], in: folder)
    #expect(status == 0)
    try compare(output, withHost: source, in: folder)
  }

  @Test("Only RISC-V programs are executed, and what is seen in /proc is the guest's")
  func own() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(try LinuxToolchain.guest("own"), in: folder)
    let result = try LinuxToolchain.simulate(program, ["argument"], environment: ["A=b"], in: folder)
    #expect(result.ending == .exited(0))
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "host program -1 8", "exe 1", "cmdline \(program.utf8.count + 1 + 9) argument", "environ A=b", "comm program",
        "auxv 1", "maps: text r-xp 1, stack rw-p 1, vdso r-xp 1, heap rw-p 1", "stat 1000 (program) R 1 1000",
        "status: pid 1000, threads 1",
        "cpuinfo: rv64imafdc 1, hart 1", "meminfo 16777216", "online 0", "cpus 1 entries 6", "cwd 1", "fd 1 links",
        "processors 1",
        "own number 1", "relative comm program", "memory -1 13", "write -1 13", "stat 444 0", "link 1",
      ])
    #expect(result.lines == [])
  }

  @Test(
    "/proc/self is as on the host, and the machine is the one that is simulated",
    .enabled(if: LinuxToolchain.binary != nil, "RVSIM_BIN is not set"))
  func proc() throws {
    let folder = try ScratchFolder()
    let source = try LinuxToolchain.guest("proc")
    let program = try LinuxToolchain.compile(source, in: folder)
    let rvsim = try #require(LinuxToolchain.binary)
    let (status, output) = try LinuxToolchain.run(rvsim, ["run", program], in: folder)
    #expect(status == 0)
    let parts = output.components(separatedBy: "machine\n")
    #expect(parts.count == 2)
    try compare(parts[0], withHost: source, in: folder)
    #expect(
      parts.last == """
        isa rv64imafdcb vectors 1 base 1
        mmu 1, blank line 1
        possible 0
        present 0
        online 0
        offline 
        kernel_max 0
        processors 1 1 1
        another -1

        """)
  }

  @Test("--fs read-only changes nothing, and none has no names but streams and the guest's own")
  func policies() throws {
    let folder = try ScratchFolder()
    let program = try LinuxToolchain.compile(try LinuxToolchain.guest("policy"), in: folder)
    try "content".write(toFile: folder.file("f"), atomically: true, encoding: .utf8)
    let path = folder.file("f")
    func run(_ files: LinuxOptions.FileAccess) throws -> [String] {
      let result = try LinuxToolchain.simulate(program, [path, folder.path], in: folder) { $0.files = files }
      #expect(result.ending == .exited(0))
      return result.output.split(separator: "\n").map(String.init)
    }
    let readOnly = try run(.readOnly)
    #expect(readOnly.prefix(5) == ["read 0", "write 30", "create 30", "truncate 30", "append 30"])
    #expect(readOnly.dropFirst(5).dropLast(4).allSatisfy { $0.hasSuffix(" 30") }, "\(readOnly)")
    let none = try run(.none)
    #expect(none.dropLast(4).allSatisfy { $0.hasSuffix(" 2") }, "\(none)")
    for lines in [readOnly, none] { #expect(lines.suffix(4) == ["null 0", "cpuinfo 0", "maps 0", "write out 0"]) }
    #expect(folder.contents("f") == "content")
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["f", "program", "program.c", "stdout", "stderr"])
  }
}
