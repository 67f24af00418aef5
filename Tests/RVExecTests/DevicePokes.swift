import DifftestKit
import Foundation
import RVExec

/// A list of loads and stores, each of which a guest does in turn, traps or not. What it reads is compared between rvsim and Spike.
struct DevicePokes {
  /// Mnemonics in the order of the guest's table.
  static let operations = ["lbu", "lhu", "lwu", "ld", "sb", "sh", "sw", "sd", "lr.w", "sc.w", "amoor.w", "amoadd.d"]

  struct Poke {
    /// Index into ``operations``.
    var operation: Int
    var address: UInt64
    var value: UInt64 = 0

    init(_ operation: Int, _ address: UInt64, _ value: UInt64 = 0) {
      (self.operation, self.address, self.value) = (operation, address, value)
    }

    init(_ name: String, _ address: UInt64, _ value: UInt64 = 0) {
      self.init(DevicePokes.operations.firstIndex(of: name) ?? 0, address, value)
    }

    var isLoad: Bool { operation < 4 }
    var width: UInt64 { operation < 8 ? 1 << UInt64(operation % 4) : 8 }
  }

  /// What a poke came to: the value and mip, or the cause, inverted, and the address of its trap.
  struct Result: Equatable, CustomStringConvertible {
    var value: UInt64
    var state: UInt64
    var description: String { "\(String(value, radix: 16)) \(String(state, radix: 16))" }
  }

  struct Comparison {
    var rvsim: [Result]
    var spike: [Result]
    var rvsimOutput: String
    var spikeOutput: String
  }

  struct Failure: Error { var words: String }

  private static func code(_ pokes: [Poke]) -> String {
    let rows = operations.map { name in
      switch name.prefix(2) {
      case "lr": "\(name) a0, (a1); j done"
      case "sc", "am": "\(name) a0, a2, (a1); j done"
      default: "\(name) \(name.hasPrefix("l") ? "a0" : "a2"), (a1); j done"
      }
    }
    return """
      la s0, table; la s1, out; la t0, trapped; csrw mtvec, t0
      next: lw t0, 0(s0); bltz t0, finish; ld a1, 8(s0); ld a2, 16(s0); li a0, 0
      slli t0, t0, 3; la t1, operations; add t1, t1, t0; jr t1
      .balign 8
      operations:
      \(rows.joined(separator: "\n"))
      done: csrr t4, mip
      put: sd a0, 0(s1); sd t4, 8(s1); addi s1, s1, 16; addi s0, s0, 24; j next
      .balign 4
      trapped: csrr a0, mcause; not a0, a0; csrr t4, mtval; la t5, put; csrw mepc, t5; mret
      finish: exit 0
      .pushsection .data
      .balign 64
      table:
      \(pokes.map { ".dword \($0.operation), \($0.address), \($0.value)" }.joined(separator: "\n"))
      .dword -1
      .popsection
      """
  }

  /// Runs the pokes here and in Spike.
  static func compare(_ pokes: [Poke], input: String = "", batch: Int? = nil) throws -> Comparison {
    var spike = SpikeRun()
    let guest = try BareGuest.run(
      code(pokes), isa: "rv64ima_zicsr_zicntr_zicclsm", input: input, limit: 10_000_000, out: 16 * pokes.count, batch: batch,
      elsewhere: { spike = try SpikeRun(elf: $0, input: input) })
    guard guest.ending == .exited(0) else { throw Failure(words: "rvsim: \(guest.ending)") }
    return Comparison(
      rvsim: results(guest.signature ?? ""), spike: results(spike.signature), rvsimOutput: guest.output, spikeOutput: spike.output
    )
  }

  private static func results(_ signature: String) -> [Result] {
    let words = signature.split(separator: "\n").compactMap { UInt64($0, radix: 16) }
    return stride(from: 0, to: words.count - 1, by: 2).map { Result(value: words[$0], state: words[$0 + 1]) }
  }
}

/// What Spike makes of a program.
struct SpikeRun {
  var signature = ""
  var output = ""

  init() {}

  init(elf: String, input: String, seconds: Double = 60) throws {
    let files = ["signature", "input", "output"].map { elf + "." + $0 }
    try Data(input.utf8).write(to: URL(fileURLWithPath: files[1]))
    try Data().write(to: URL(fileURLWithPath: files[2]))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Spike.find() ?? "spike")
    process.arguments = ["--isa=rv64ima_zicsr_zicntr_zicclsm", "-m64", "+signature=\(files[0])", "+signature-granularity=8", elf]
    process.standardInput = FileHandle(forReadingAtPath: files[1])
    process.standardOutput = FileHandle(forWritingAtPath: files[2])
    try process.run()
    let end = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.005) }
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    signature = (try? String(contentsOfFile: files[0], encoding: .utf8)) ?? ""
    output = (try? Data(contentsOf: URL(fileURLWithPath: files[2]))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
