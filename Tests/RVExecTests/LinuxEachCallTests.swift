import Foundation
import Testing

@testable import RVExec

/// Every system call, made raw with good and bad arguments (`Tests/guests/each-*.c`), line by line beside the host's answer and qemu's.
@Suite("Every Linux system call", .enabled(if: LinuxToolchain.gcc != nil, "riscv64-linux-gnu-gcc is not installed"))
struct LinuxEachCallTests {
  /// Where the guest's Linux is meant to differ from the host's: the line's beginning, and why.
  private static let differences: [String: String] = [
    "setxattr, good": "no attributes, as on a file system that has none", "lsetxattr, good": "likewise",
    "fsetxattr, good": "likewise", "getxattr, good": "likewise", "lgetxattr, good": "likewise", "fgetxattr, good": "likewise",
    "listxattr, good": "likewise", "llistxattr, good": "likewise", "flistxattr, good": "likewise",
    "removexattr, good": "likewise", "lremovexattr, good": "likewise", "fremovexattr, good": "likewise",
    "openat2, good": "ENOSYS: C libraries fall back to openat", "rseq, wild": "ENOSYS, as a kernel without it",
  ]

  /// What a call of ``differences`` says instead.
  private static func refusal(_ call: Substring) -> String { call == "openat2" || call == "rseq" ? "error 38" : "error 95" }

  /// Calls of which qemu 7.2 knows nothing, or which it answers by its own lights: not compared with it, only with the host.
  private static let unknownToQemu: Set<Substring> = [
    // Not in its table: ENOSYS.
    "preadv2", "pwritev2", "fchmodat2", "epoll_pwait2", "restart_syscall", "mlock2", "set_robust_list", "get_robust_list",
    "clone3",
    "execveat", "riscv_hwprobe", "rseq", "openat2",
    // It takes a wild pointer for none, or says EINVAL of it.
    "clock_getres", "nanosleep",
    // It has its own idea of what is mapped where.
    "mmap", "mprotect", "madvise", "mremap", "mlockall",
    // It executes programs of the host only; this line comes behind a pwritev2.
    "execve", "execveat without environment", "pread64, all",
    // It hands the cache to nobody and reads no flags.
    "riscv_flush_icache",
    // It has attributes where the host's file system has them.
    "setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
    "removexattr", "lremovexattr", "fremovexattr",
  ]

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("guests").path

  private static func compile(_ name: String, in folder: ScratchFolder) throws -> (source: String, program: String) {
    let source = try LinuxToolchain.guest(name)
    return (source, try LinuxToolchain.compile(source, ["-static", "-I\(Self.folder)"], in: folder))
  }

  /// A call's line without its result, and the call's name.
  private static func parts(_ line: Substring) -> (name: Substring, call: Substring) {
    let name = line.prefix { $0 != ":" }
    return (name, name.prefix { $0 != "," })
  }

  @Test(
    "Good and bad arguments are answered as on the host",
    .enabled(if: LinuxToolchain.binary != nil, "RVSIM_BIN is not set"),
    arguments: ["each-files", "each-waits", "each-process"])
  func each(name: String) throws {
    let folder = try ScratchFolder()
    let (source, program) = try Self.compile(name, in: folder)
    let rvsim = try #require(LinuxToolchain.binary)
    for place in ["own", "on-qemu"] {
      try FileManager.default.createDirectory(atPath: folder.file(place), withIntermediateDirectories: true)
    }
    let run = "cd own && exec '\(rvsim)' run --timeout 100s '\(program)'"
    let (status, output) = try LinuxToolchain.run("/bin/sh", ["-c", run], in: folder)
    #expect(status == 0)
    let own = output.split(separator: "\n")
    if let expected = try LinuxToolchain.runOnHost(source, ["-I\(Self.folder)"], in: folder) {
      let host = expected.split(separator: "\n")
      #expect(own.count >= host.count)
      var other = host[...]
      for line in own {
        let (name, call) = Self.parts(line)
        // The host has none of RISC-V's own.
        if call.hasPrefix("riscv_") || call.hasPrefix("probe") { continue }
        guard let answer = other.popFirst() else { break }
        if Self.differences[String(name)] != nil {
          #expect(line == "\(name): \(Self.refusal(call))")
          #expect(Self.parts(answer).name == name)
        } else if line != answer {
          Issue.record("\(line), on the host: \(answer)")
        }
      }
    }
    guard let qemu = LinuxToolchain.qemu else { return }
    // By name, as lines are left out; the first of a name.
    let (code, text) = try LinuxToolchain.run(
      "/bin/sh", ["-c", "cd on-qemu && exec timeout 60 '\(qemu)' '\(program)'"], in: folder)
    #expect(code == 0)
    let theirs = Dictionary(text.split(separator: "\n").filter { $0.contains(", ") }.map { (Self.parts($0).name, $0) }) {
      first, _ in first
    }
    var compared = 0
    for line in own {
      let (name, call) = Self.parts(line)
      guard let answer = theirs[name], Self.unknownToQemu.isDisjoint(with: [name, call]) else { continue }
      if Self.differences[String(name)] != nil { continue }
      compared += 1
      if line != answer, own.first(where: { Self.parts($0).name == name }) == line {
        Issue.record("\(line), under qemu: \(answer)")
      }
    }
    #expect(compared > own.count / 3)
  }

  @Test("What would change the machine is refused by the simulator, whoever runs it")
  func refused() throws {
    let folder = try ScratchFolder()
    let (_, program) = try Self.compile("refused", in: folder)
    let result = try LinuxToolchain.simulate(program, in: folder)
    #expect(result.ending == .exited(0))
    var lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.suffix(4) == ["sync, good: 0", "rvsim", "1", "0"])
    lines.removeLast(4)
    #expect(lines.count == 19)
    for line in lines { #expect(line.hasSuffix(": error 1"), "\(line)") }
    #expect(result.lines == [])
  }

  @Test("Each call that is served has a line in one of the guests")
  func complete() throws {
    let names = ["each-files", "each-waits", "each-process", "refused"]
    let text = try names.map { try LinuxToolchain.guest($0) }.joined()
    let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" })
    var made = Set(words.filter { $0.hasPrefix("SYS_") }.map { $0.dropFirst(4) })
    // IS(name, …) and OK(name, …).
    for macro in ["IS(", "OK("] {
      for part in text.components(separatedBy: macro).dropFirst() { made.insert(Substring(part.prefix { $0 != "," })) }
    }
    // By the C library, at each program's start or end or in a handler's return.
    let implied: Set<String> = ["rt_sigreturn"]
    let missing = Syscall.allCases.map { "\($0)" }.filter { !made.contains(Substring($0)) && !implied.contains($0) }
    #expect(missing == [], "system calls without a test in Tests/guests: \(missing.joined(separator: " "))")
  }
}
