import Foundation

/// Compilers for RISC-V, as far as this machine has them.
enum Toolchain {
  /// The clang of the Swift toolchain, with `ld.lld` beside it.
  static let clang: String? = besideSwift("ld.lld") == nil ? nil : besideSwift("clang")
  static let symbolizer: String? = besideSwift("llvm-symbolizer")
  static let gcc: String? = inPath("riscv64-linux-gnu-gcc")

  /// Arguments that make clang produce a bare-metal executable.
  static let bareMetal = [
    "--target=riscv64-unknown-elf", "-march=rv64gcv", "-mabi=lp64d", "-mcmodel=medany", "-nostdlib", "-ffreestanding", "-static",
    "-fuse-ld=lld",
  ]

  struct Failure: Error, CustomStringConvertible { var description: String }

  private static func inPath(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func besideSwift(_ name: String) -> String? {
    guard let swift = inPath("swift") else { return nil }
    let folder = URL(fileURLWithPath: swift).resolvingSymlinksInPath().deletingLastPathComponent()
    let path = folder.appendingPathComponent(name).path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// Runs a tool in a folder and gives its output; fails if the tool does.
  @discardableResult
  static func run(_ tool: String, _ arguments: [String], in folder: TemporaryFolder) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: "\(tool) \(arguments): \(text)") }
    return text
  }

  /// A program of three functions; the tests know its lines.
  static let program = """
    int table[4] = {1, 2, 3, 4};
    int results[100];
    __attribute__((noinline)) static int add(int a, int b) {
      return a + b;
    }
    __attribute__((noinline)) int multiply(int a, int b) {
      return a * b;
    }
    __attribute__((noinline)) int dropped(int a) {
      return a / 7;
    }
    void _start(void) {
      results[0] = add(table[0], table[1]);
      results[1] = multiply(table[2], table[3]);
      for (;;) {
      }
    }
    """

  /// Assembly with labels instead of sized functions.
  static let assembly = """
    .globl kernel
    kernel:
      addi a0, a0, 1
    repeat:
      bnez a0, repeat
      ret
    """

  static func write(_ text: String, _ name: String, in folder: TemporaryFolder) throws {
    _ = try folder.write(Array(text.utf8), name)
  }
}
