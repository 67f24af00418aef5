import Foundation
import RVDecoder
import RVExec
import RVLoader

/// Small bare-metal programs in assembly, and what came of running them.
struct BareGuest {
  let system: System
  let image: Image
  let ending: Ending
  let output: String
  let errors: String
  let complaints: [String]
  let signature: String?

  /// Words from the label `out` on, which is also the signature.
  func words(_ count: Int) -> [UInt64] {
    guard let out = image.symbols["out"]?.address else { return [] }
    return (0..<count).compactMap { system.space.read(out + UInt64(8 * $0), as: UInt64.self) }
  }

  static let clang: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map { URL(fileURLWithPath: String($0)).appendingPathComponent("swift") }
    guard let swift = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else { return nil }
    let clang = swift.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("clang").path
    return FileManager.default.isExecutableFile(atPath: clang) ? clang : nil
  }()

  static let plain = "rv64imafdc_zicsr_zifencei_zicntr_zihpm_zicclsm"

  /// Assembles `code`, which begins at `_start` in M mode and may use `out` (512 bytes unless said) and the macros below, and runs it.
  ///
  /// - Parameters:
  ///   - batch: how many records an observer gets at once; `nil` runs without one.
  ///   - elsewhere: called with the ELF file, to run it elsewhere too.
  static func run(
    _ code: String, isa: String = plain, input: String = "", limit: UInt64 = 100_000, signature granularity: Int = 8,
    out: Int = 512,
    batch: Int? = nil, _ configure: (inout BareOptions) -> Void = { _ in }, elsewhere: (String) throws -> Void = { _ in }
  ) throws -> BareGuest {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bare-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let elf = folder.appendingPathComponent("guest").path
    try assemble(code, out: out, to: elf, in: folder)
    try elsewhere(elf)
    var options = BareOptions()
    let (output, errors, complaints) = (MemorySink(), MemorySink(), Complaints())
    options.output = output
    options.errors = errors
    options.input = MemorySource(Array(input.utf8))
    options.complain = { complaints.lines.append($0) }
    options.memorySize = 64 << 20
    configure(&options)
    let image = try Image(path: elf)
    let system = try BareMetal.system(image, isa: ISA(isa), options: options)
    system.observer = batch.map(Onlooker.init)
    let ending = system.run(limit: limit)
    let platform = system.platform as? BareMetal
    platform?.flush()
    return BareGuest(
      system: system, image: image, ending: ending, output: output.text, errors: errors.text, complaints: complaints.lines,
      signature: platform?.signatureText(granularity: granularity))
  }

  private final class Onlooker: RetireObserver {
    let batchCapacity: Int
    init(_ capacity: Int) { batchCapacity = capacity }
    func drain(_ batch: RetiredBatch, of hart: Hart) {}
    func trapped(_ trap: Trap, on hart: Hart) {}
  }

  private final class Complaints { var lines: [String] = [] }

  /// `exit code`: the HTIF way. `console byte`. `record`: a trap handler that appends mcause, mepc and mtval to what s10 points
  /// to and goes on where s11 says.
  private static func assemble(_ code: String, out: Int, to elf: String, in folder: URL) throws {
    let text = """
      .macro exit code
        li t5, \\code << 1 | 1
        la t6, tohost
        sd t5, 0(t6)
      9: j 9b
      .endm
      .macro console byte
        li t5, 1 << 56 | 1 << 48 | \\byte
        la t6, tohost
        sd t5, 0(t6)
      .endm
      .option norvc
      .text
      .globl _start
      _start:
      \(code)
      .balign 64
      record:
        csrr t3, mcause
        sd t3, 0(s10)
        csrr t3, mepc
        sd t3, 8(s10)
        csrr t3, mtval
        sd t3, 16(s10)
        addi s10, s10, 24
        csrw mepc, s11
        li t3, 0x1800
        csrs mstatus, t3
        mret
      .data
      .balign 4096
      .globl tohost, fromhost, begin_signature, end_signature, out
      tohost: .dword 0
      fromhost: .dword 0
      .balign 64
      begin_signature:
      out: .space \(out)
      end_signature:
      scratch: .space 512
      """
    let source = folder.appendingPathComponent("guest.S")
    try text.write(to: source, atomically: true, encoding: .utf8)
    let script = folder.appendingPathComponent("guest.ld")
    try "ENTRY(_start) SECTIONS { . = 0x80000000; .text : { *(.text) } . = ALIGN(4096); .data : { *(.data) } }"
      .write(to: script, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: clang ?? "clang")
    process.arguments = [
      "--target=riscv64-unknown-elf", "-fuse-ld=lld", "-march=rv64gc", "-mabi=lp64d", "-mno-relax", "-nostdlib", "-static",
      "-T", script.path, "-o", elf, source.path,
    ]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let words = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    struct Failure: Error { var words: String }
    guard process.terminationStatus == 0 else { throw Failure(words: String(decoding: words, as: UTF8.self)) }
    // For a look at what Spike makes of the same programs.
    if let keep = ProcessInfo.processInfo.environment["RVSIM_KEEP_GUESTS"] {
      try? FileManager.default.copyItem(atPath: elf, toPath: "\(keep)/\(UUID().uuidString)")
    }
  }
}
