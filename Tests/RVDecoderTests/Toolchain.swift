import Foundation

/// The LLVM tools beside the `swift` that runs the tests.
enum Toolchain {
  static let directory: URL? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for folder in path.split(separator: ":") {
      let swift = URL(fileURLWithPath: String(folder)).appendingPathComponent("swift").resolvingSymlinksInPath()
      let bin = swift.deletingLastPathComponent()
      let tools = ["llvm-objdump", "llvm-objcopy", "clang"].map { bin.appendingPathComponent($0).path }
      if tools.allSatisfy({ FileManager.default.isExecutableFile(atPath: $0) }) { return bin }
    }
    return nil
  }()

  static var isThere: Bool { directory != nil }

  @discardableResult
  static func run(_ tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = directory?.appendingPathComponent(tool)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    return String(decoding: data, as: UTF8.self)
  }

  /// All extensions of `ISA.max` that llvm knows as features.
  static let features =
    "+m,+a,+f,+d,+c,+b,+zcb,+zcmop,+zimop,+zicbom,+zicbop,+zicboz,+zfh,+zfbfmin,+zfa,+zabha,+zacas,+zawrs,+zbc,+zbkb,+zbkx,"
    + "+zbkc,+zkn,+zks,+zicond,+svinval,+zihintntl,+zihintpause,+zicsr,+zifencei,"
    + "+v,+zvfh,+zvfbfmin,+zvfbfwma,+zvbb,+zvbc,+zvkg,+zvkned,+zvknhb,+zvksed,+zvksh,+experimental-zvqdotq,+xtheadvdot,"
    + "+xtheadba,+xtheadbb,+xtheadbs,+xtheadcmo,+xtheadcondmov,+xtheadfmemidx,+xtheadmac,+xtheadmemidx,+xtheadmempair,+xtheadsync"

  /// What llvm-objdump prints at each address of these bytes: mnemonic and operands with one blank between them, without the
  /// symbols of targets.
  static func disassemble(_ bytes: [UInt8], aliases: Bool) throws -> [UInt64: String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rvsim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (raw, object) = (folder.appendingPathComponent("words"), folder.appendingPathComponent("words.o").path)
    try Data(bytes).write(to: raw)
    try run(
      "llvm-objcopy",
      ["-I", "binary", "-O", "elf64-littleriscv", "--rename-section", ".data=.text,code,alloc", raw.path, object])
    try run("llvm-objcopy", ["--strip-all", object])
    return lines(
      try run("llvm-objdump", ["-d", "--mattr=" + features] + (aliases ? [] : ["-M", "no-aliases"]) + [object]))
  }

  static func lines(_ text: String) -> [UInt64: String] {
    var result: [UInt64: String] = [:]
    for line in text.split(separator: "\n") {
      let columns = line.split(separator: "\t")
      guard columns.count >= 2, let colon = line.firstIndex(of: ":"),
        let address = UInt64(line[..<colon].drop { $0 == " " }, radix: 16)
      else { continue }
      var assembly = columns[1...].joined(separator: " ")
      if let symbol = assembly.range(of: " <"), !assembly.hasPrefix("<") { assembly.removeSubrange(symbol.lowerBound...) }
      while assembly.last == " " { assembly.removeLast() }
      result[address] = assembly
    }
    return result
  }
}
