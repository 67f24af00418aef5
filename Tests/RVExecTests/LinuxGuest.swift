import Foundation
import RVDecoder
import RVExec
import RVLoader

/// Lines that a platform has said; from any thread.
final class Lines: @unchecked Sendable {
  private let lock = NSLock()
  private var stored: [String] = []

  var all: [String] { lock.withLock { stored } }
  func add(_ line: String) { lock.withLock { stored.append(line) } }
}

/// A folder that goes with its owner.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("rvsim-linux-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  func contents(_ name: String) -> String { (try? String(contentsOfFile: file(name), encoding: .utf8)) ?? "" }
}

/// A process whose system calls a test makes by hand.
final class LinuxGuest {
  let system: RVExec.System
  let folder: ScratchFolder
  let lines = Lines()
  /// 64 KiB that can be read and written, with nothing mapped before and behind.
  let scratch: UInt64
  private(set) var ending: Ending?

  var space: AddressSpace { system.space }
  var hart: Hart { system.hart }

  init(isa: ISA = .max, words: [UInt32] = [0x0000_0073], _ change: (inout LinuxOptions) -> Void = { _ in }) throws {
    folder = try ScratchFolder()
    var options = LinuxOptions()
    options.standardInput = .path("/dev/null")
    options.standardOutput = .path(folder.file("stdout"))
    options.standardError = .path(folder.file("stderr"))
    let lines = lines
    options.report = { lines.add($0) }
    change(&options)
    let image = try Image(bytes: Self.executable(words), name: "guest")
    system = try LinuxUser.system(image, isa: isa, arguments: [], environment: [], options: options)
    scratch = 0x1000_0000
    guard call(222, scratch, 0x10000, 3, 0x32, .max, 0) == Int64(scratch) else { throw CocoaError(.coderInvalidValue) }
  }

  /// Makes a system call.
  @discardableResult
  func call(_ number: Int, _ arguments: UInt64...) -> Int64 { call(number, arguments) }

  func call(_ number: Int, _ arguments: [UInt64]) -> Int64 {
    for (index, argument) in arguments.enumerated() { hart[x: 10 + index] = argument }
    hart[x: 17] = UInt64(bitPattern: Int64(number))
    if case .end(let result) = system.platform.handle(Trap(.userCall), on: hart) { ending = result }
    return Int64(bitPattern: hart[x: 10])
  }

  /// Puts a string with its zero at an offset of the scratch memory.
  func put(_ text: String, at offset: UInt64 = 0) -> UInt64 {
    space.write(scratch + offset, Array(text.utf8) + [0])
    return scratch + offset
  }

  func word(_ offset: UInt64) -> UInt64 { space.read(scratch + offset, as: UInt64.self) ?? .max }
  func half(_ offset: UInt64) -> UInt32 { space.read(scratch + offset, as: UInt32.self) ?? .max }
  func text(_ offset: UInt64) -> String { String(decoding: space.readCString(scratch + offset) ?? [], as: UTF8.self) }

  /// Opens a file of the folder.
  func open(_ name: String, _ flags: UInt64, _ mode: UInt64 = 0o644) -> Int64 {
    call(56, UInt64(bitPattern: -100), put(folder.file(name), at: 0xf000), flags, mode)
  }

  /// An ELF executable of one page of code at 0x10000 and one of data behind it.
  static func executable(_ words: [UInt32]) -> [UInt8] {
    func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
    let code = words.flatMap(bytes)
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    file += bytes(UInt16(2)) + bytes(UInt16(243)) + bytes(UInt32(1))
    file += bytes(UInt64(0x10100)) + bytes(UInt64(64)) + bytes(UInt64(0))
    file += bytes(UInt32(5)) + bytes(UInt16(64)) + bytes(UInt16(56)) + bytes(UInt16(2)) + bytes(UInt16(64)) + [0, 0, 0, 0]
    let size = UInt64(0x100 + code.count)
    for (flags, address, length) in [(UInt32(5), UInt64(0x10000), size), (6, 0x11000, 0)] {
      file += bytes(UInt32(1)) + bytes(flags) + bytes(UInt64(0)) + bytes(address) + bytes(address)
      file += bytes(length) + bytes(length == 0 ? 0x1000 : length) + bytes(UInt64(0x1000))
    }
    file += [UInt8](repeating: 0, count: 0x100 - file.count)
    return file + code
  }
}

/// Programs made by the cross compiler, and the emulator to compare with.
enum LinuxToolchain {
  static let gcc = find("riscv64-linux-gnu-gcc")
  static let qemu = find("qemu-riscv64")
  /// Whether the C library can be linked as static PIE.
  static let canLinkStaticPIE: Bool = {
    guard gcc != nil, let folder = try? ScratchFolder() else { return false }
    return (try? compile("int main(void) { return 0; }", ["-static-pie"], in: folder)) != nil
  }()

  /// The simulator's binary, for programs that start others.
  static let binary = ProcessInfo.processInfo.environment["RVSIM_BIN"].flatMap {
    FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
  }

  /// The source of a program of `Tests/guests`.
  static func guest(_ name: String) throws -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: tests.appendingPathComponent("guests/\(name).c"), encoding: .utf8)
  }

  private static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  struct Failure: Error, CustomStringConvertible { var description: String }

  /// - Returns: the path of the executable.
  static func compile(_ source: String, _ options: [String] = ["-static"], in folder: ScratchFolder) throws -> String {
    guard let gcc else { throw Failure(description: "no compiler") }
    try source.write(toFile: folder.file("program.c"), atomically: true, encoding: .utf8)
    let arguments = ["-O1", "-w", "program.c", "-o", "program"] + options
    let (status, output) = try run(gcc, arguments, in: folder)
    guard status == 0 else { throw Failure(description: output) }
    return folder.file("program")
  }

  /// Runs a tool; standard error goes to the same place as standard output.
  static func run(
    _ tool: String, _ arguments: [String], in folder: ScratchFolder, environment: [String: String]? = nil
  ) throws -> (Int, String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    if let environment { process.environment = environment }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (Int(process.terminationStatus), text)
  }

  /// Compiles a program for the host, and runs it there.
  /// - Returns: its standard output; `nil` when the host is no Linux, or has no compiler.
  static func runOnHost(_ source: String, _ options: [String] = [], in folder: ScratchFolder) throws -> String? {
    #if os(Linux)
      guard let compiler = find("gcc") ?? find("clang") ?? find("cc") else { return nil }
      try source.write(toFile: folder.file("host.c"), atomically: true, encoding: .utf8)
      let (status, output) = try run(compiler, ["-O1", "-w", "host.c", "-o", "host"] + options, in: folder)
      guard status == 0 else { throw Failure(description: output) }
      let place = folder.file("on-host")
      try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      return try run("/bin/sh", ["-c", "cd on-host && exec timeout -s KILL 60 ../host"], in: folder).1
    #else
      return nil
    #endif
  }

  /// Runs a program in the simulator.
  static func simulate(
    _ path: String, _ arguments: [String] = [], environment: [String] = [], isa: ISA = .max, in folder: ScratchFolder,
    _ change: (inout LinuxOptions) -> Void = { _ in }
  ) throws -> (ending: Ending, output: String, system: RVExec.System, lines: [String]) {
    var options = LinuxOptions()
    let lines = Lines()
    options.standardInput = .path("/dev/null")
    options.standardOutput = .path(folder.file("stdout"))
    options.standardError = .path(folder.file("stderr"))
    options.report = { lines.add($0) }
    change(&options)
    let system = try LinuxUser.system(
      try Image(path: path), isa: isa, arguments: arguments, environment: environment, options: options)
    let ending = system.run(limit: 50_000_000)
    return (ending, folder.contents("stdout"), system, lines.all)
  }
}
