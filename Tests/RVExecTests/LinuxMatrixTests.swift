import Foundation
import Testing

/// The matrix kernels of Examples/rvm, to the bit, against a second implementation of the extension in C, which runs them under qemu:
/// Tests/guests/rvm-emulator.c catches SIGILL.
@Suite(
  "Matrix kernels under another implementation",
  .enabled(if: LinuxToolchain.gcc != nil && LinuxToolchain.qemu != nil, "riscv64-linux-gnu-gcc, qemu-riscv64"),
  .enabled(if: LinuxToolchain.binary != nil && clang != nil, "RVSIM_BIN, clang beside swift"))
struct LinuxMatrixTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// TLEN and TRLEN.
  private static let tiles = [("512", "128"), ("512", "32"), ("8192", "512"), ("512", "512")]

  /// The kernel with the emulator; its checksum takes in sums that round.
  private func build(_ kernel: String, vendor: Bool, in folder: ScratchFolder) throws -> String {
    let (clang, gcc) = (try #require(clang), try #require(LinuxToolchain.gcc))
    let machine = ["-march=rv64gc_zve64d_zfh_zvfh", "--target=riscv64-linux-gnu", "-isystem", "/usr/riscv64-linux-gnu/include"]
    // qemu 7.2 has no bfloat16 vectors.
    let flags =
      ["-O2", "-std=gnu17", "-fno-vectorize", "-fno-slp-vectorize", "-DROUNDED=1", "-DWITHOUT_BFLOAT"]
      + (vendor ? ["-DRVM03"] : [])
    let (object, program) = (folder.file("kernel.o"), folder.file("kernel"))
    let source = Self.root.appending(path: "Examples/rvm/\(kernel).c").path
    let (status, output) = try LinuxToolchain.run(clang, machine + flags + ["-c", "-o", object, source], in: folder)
    try #require(status == 0, "\(output)")
    let emulator = Self.root.appending(path: "Tests/guests/rvm-emulator.c").path
    let (linked, words) = try LinuxToolchain.run(gcc, ["-O2", "-static", "-o", program, object, emulator, "-lm"], in: folder)
    try #require(linked == 0, "\(words)")
    return program
  }

  /// Prints the same under both with both orders of sums, and judges itself right.
  private func compare(_ program: String, _ options: [String], _ environment: [String: String], in folder: ScratchFolder) throws {
    let (qemu, rvsim) = (try #require(LinuxToolchain.qemu), try #require(LinuxToolchain.binary))
    let processor = ["-cpu", "rv64,v=true,vext_spec=v1.0,vlen=128,Zfh=true"]
    for (order, chain) in [("dot-then-add", "0"), ("chain-from-c", "1")] {
      let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.merging(["RVM_CHAIN": chain]) { $1 }
      let theirs = try LinuxToolchain.run(qemu, processor + [program], in: folder, environment: all)
      let ours = try LinuxToolchain.run(rvsim, ["run", "--rvm-accumulate", order] + options + [program], in: folder)
      #expect(theirs.0 == 0 && ours.0 == 0 && theirs.1 == ours.1, "\(order) \(options): \(theirs), here \(ours)")
    }
  }

  @Test("Version 0.6, four shapes of tiles", arguments: ["qgemm", "sgemm", "hgemm", "bgemm", "conv2d"])
  func newest(_ kernel: String) throws {
    let folder = try ScratchFolder()
    let program = try build(kernel, vendor: false, in: folder)
    for (tlen, trlen) in Self.tiles {
      try compare(program, ["--rvm-tlen", tlen, "--rvm-trlen", trlen], ["RVM_TLEN": tlen, "RVM_TRLEN": trlen], in: folder)
    }
  }

  @Test("The first kernel, compiled by gcc, four shapes of tiles")
  func first() throws {
    let (folder, gcc) = (try ScratchFolder(), try #require(LinuxToolchain.gcc))
    let sources = ["Examples/rvm/first.c", "Tests/guests/rvm-emulator.c"].map { Self.root.appending(path: $0).path }
    let program = folder.file("first")
    let flags = ["-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-static", "-o", program]
    let (status, output) = try LinuxToolchain.run(gcc, flags + sources + ["-lm"], in: folder)
    try #require(status == 0, "\(output)")
    for (tlen, trlen) in Self.tiles {
      try compare(program, ["--rvm-tlen", tlen, "--rvm-trlen", trlen], ["RVM_TLEN": tlen, "RVM_TRLEN": trlen], in: folder)
    }
  }

  @Test("Version 0.3, three lengths of rows", arguments: ["qgemm", "sgemm", "hgemm", "conv2d"])
  func vendor(_ kernel: String) throws {
    let folder = try ScratchFolder()
    let program = try build(kernel, vendor: true, in: folder)
    for rlen in ["128", "256", "512"] {
      try compare(program, ["--rvm", "0.3", "--rvm-rlen", rlen], ["RVM_VERSION": "3", "RVM_RLEN": rlen], in: folder)
    }
  }
}

/// The one beside swift.
private let clang: String? = {
  for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") {
    let swift = URL(fileURLWithPath: "\(folder)/swift").resolvingSymlinksInPath()
    let tool = swift.deletingLastPathComponent().appendingPathComponent("clang").path
    if FileManager.default.isExecutableFile(atPath: swift.path), FileManager.default.isExecutableFile(atPath: tool) {
      return tool
    }
  }
  return nil
}()
