import Foundation
import Synchronization

@testable import RVSimCLI

/// What a command line came to.
struct Outcome {
  var code: Int32
  var output: String
  var error: String
}

/// Calls the library as the binary does, and keeps what it says. The guest's own output is not part of it.
func rvsim(_ arguments: String..., environment: [String: String] = [:]) -> Outcome { rvsim(arguments, environment) }

func rvsim(_ arguments: [String], _ environment: [String: String] = [:]) -> Outcome {
  let kept = Kept()
  let console = Console(output: { kept.add($0, toOutput: true) }, error: { kept.add($0, toOutput: false) })
  let code = RVSim.main(arguments, environment: environment, console: console)
  return kept.texts.withLock { Outcome(code: code, output: $0.output, error: $0.error) }
}

private final class Kept: Sendable {
  let texts = Mutex((output: "", error: ""))
  func add(_ text: String, toOutput: Bool) {
    texts.withLock { if toOutput { $0.output += text } else { $0.error += text } }
  }
}

/// A folder that goes away with the process's temporary files.
enum Scratch {
  static let folder: URL = {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("rvsim-cli-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }()

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func write(_ text: String, _ name: String) throws -> String {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }

  static func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}

/// Programs of the host that tests use.
enum Tools {
  /// In the folder of the `swift` that runs the tests.
  static func besideSwift(_ name: String) -> String? {
    for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
      let swift = URL(fileURLWithPath: "\(folder)/swift").resolvingSymlinksInPath()
      let tool = swift.deletingLastPathComponent().appendingPathComponent(name).path
      if FileManager.default.isExecutableFile(atPath: swift.path), FileManager.default.isExecutableFile(atPath: tool) {
        return tool
      }
    }
    return nil
  }

  /// In the folders of PATH.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static let clang = besideSwift("ld.lld") == nil ? nil : besideSwift("clang")
  static let objdump = besideSwift("llvm-objdump")

  static let spike: String? = {
    if let named = ProcessInfo.processInfo.environment["RVSIM_SPIKE"] { return named }
    return find("spike")
  }()

  static let capstone = ProcessInfo.processInfo.environment["RVSIM_CAPSTONE_LIB"]

  /// The built binary: RVSIM_BIN, or the one beside the test bundle.
  static let binary: String? = {
    if let named = ProcessInfo.processInfo.environment["RVSIM_BIN"] {
      return FileManager.default.isExecutableFile(atPath: named) ? named : nil
    }
    let running = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath().deletingLastPathComponent()
    let itself = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    return [running, itself].map { $0.appendingPathComponent("rvsim").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  struct Failed: Error, CustomStringConvertible { var description: String }

  /// Runs a program to its end.
  static func run(_ tool: String, _ arguments: [String], input: String? = nil, after: (Process) -> Void = { _ in }) throws
    -> Outcome
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    let (output, error) = (Scratch.path(UUID().uuidString), Scratch.path(UUID().uuidString))
    for path in [output, error] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: error)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    after(process)
    process.waitUntilExit()
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(code: code, output: try Scratch.read(output), error: try Scratch.read(error))
  }
}

/// Guests made for the tests.
enum Guest {
  private static let script = """
    ENTRY(_start)
    SECTIONS {
      . = 0x80000000;
      .text : { *(.text.init) *(.text*) }
      . = ALIGN(4096);
      .data : { *(.data*) *(.sdata*) *(.bss*) *(.sbss*) }
      . = ALIGN(64);
      tohost = .; . = . + 8;
      fromhost = .; . = . + 64;
      begin_signature = .; . = . + 16; end_signature = .;
      . = ALIGN(16); . = . + 4096; stack_top = .;
      /DISCARD/ : { *(.comment) *(.note*) }
    }
    """

  /// Assembly (or C, by its name) for a bare machine; `exit` is a label that ends with the code in a0.
  static func bare(_ source: String, _ name: String = "guest.S", march: String = "rv64gc", flags: [String] = []) throws -> String
  {
    let exit = """

      exit:
        slli a0, a0, 1
        ori a0, a0, 1
        la t0, tohost
        sd a0, 0(t0)
      1: j 1b
      """
    let script = try Scratch.write(Self.script, "bare.ld")
    return try build(name.hasSuffix(".S") ? source + exit : source, name, march, flags + ["-T", script])
  }

  /// The same as a static Linux program; `exit` calls exit_group.
  static func linux(_ source: String, march: String = "rv64gc") throws -> String {
    try build(source + "\nexit:\n  li a7, 94\n  ecall\n", "linux.S", march, [])
  }

  private static func build(_ source: String, _ name: String, _ march: String, _ flags: [String]) throws -> String {
    guard let clang = Tools.clang else { throw Tools.Failed(description: "no clang") }
    let id = UUID().uuidString
    let input = try Scratch.write(source, "\(id)-\(name)")
    let elf = Scratch.path("\(id).elf")
    let result = try Tools.run(
      clang,
      [
        "--target=riscv64-unknown-elf", "-march=\(march)", "-mabi=lp64d", "-mcmodel=medany", "-nostdlib", "-static",
        "-fuse-ld=lld",
      ]
        + flags + [input, "-o", elf])
    guard result.code == 0 else { throw Tools.Failed(description: result.error) }
    return elf
  }
}
