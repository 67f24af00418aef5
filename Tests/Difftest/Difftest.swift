import ArgumentParser
import DifftestKit
import RVDecoder

/// Random programs in lock-step with Spike.
@main
struct Difftest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rvsim-difftest",
    abstract: "Runs random programs on rvsim and on Spike and compares them instruction by instruction.",
    discussion: "Spike is taken from RVSIM_SPIKE or the PATH. The exit code is 1 when a program diverges.")

  @Option(help: "The first and the last seed (1-100), or one.")
  var seeds = "1-100"

  @Option(help: "How often a program visits each instruction (12); how many pairs a vector program visits (700).")
  var visits: Int?

  @Option(help: "Extensions to test, as a -march string; Spike knows them all.")
  var isa: String?

  @Option(help: "What misaligned loads and stores do: ok or trap.")
  var misaligned = "ok"

  @Flag(help: "Programs of all privilege modes, with page tables, protection and interrupts.")
  var privileged = false

  @Flag(help: "Programs of vector instructions: every legal pair of instruction and vtype, with and without a mask.")
  var vector = false

  @Option(help: "VLEN of vector programs, in bits: 64 to 4096.")
  var vlen = 128

  @Flag(help: "Vector programs take vector bit manipulation and cryptography in.")
  var crypto = false

  @Option(help: "Seeds at a time.")
  var jobs = 2

  @Option(help: "Directory that keeps programs and logs of failing seeds.")
  var keep: String?

  @Option(help: "File for the table of what was covered.")
  var coverage: String?

  @Option(help: "Divergences to reduce to the shortest program.")
  var reduce = 3

  @Flag(help: "Stop at the first divergence.")
  var failFast = false

  func run() async throws {
    let bounds = seeds.split(separator: "-").map { UInt64($0) }
    guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, first <= last, bounds.count <= 2 else {
      throw ValidationError("--seeds wants a range like 1-100, not '\(seeds)'")
    }
    guard ["ok", "trap"].contains(misaligned) else { throw ValidationError("--misaligned is ok or trap") }
    guard vlen.nonzeroBitCount == 1, 64...4096 ~= vlen else { throw ValidationError("--vlen is a power of two from 64 to 4096") }
    let vectorOptions = vector ? VectorOptions(vlen: vlen, crypto: crypto) : nil
    guard let spike = Spike(misalignedTraps: misaligned == "trap", vector: vectorOptions) else {
      throw ValidationError("no Spike: set RVSIM_SPIKE, or put it into PATH")
    }
    let extensions = try isa.map { try ISA($0) } ?? .scalar
    let options =
      try vectorOptions.map { try Generator.Options(vector: $0, visits: visits ?? 700, misalignedTraps: misaligned == "trap") }
      ?? Generator.Options(isa: extensions, visits: visits ?? 12, misalignedTraps: misaligned == "trap", isPrivileged: privileged)
    let session = Session(spike: spike, options: options)
    let result = try await session.run(
      seeds: first...last, jobs: jobs, keep: keep, reductions: reduce, stopAfter: failFast ? 1 : .max
    ) { outcome in
      if let failure = outcome.failure { print("seed \(outcome.seed) \(failure)\n") }
    }
    let table = result.coverage.vector?.table ?? (privileged ? result.coverage.pageTable : result.coverage.table)
    if let coverage { try Table.write(table, to: coverage) } else { print(table) }
    let failed = result.outcomes.count { $0.failure != nil }
    print("\(result.coverage.instructions) instructions compared")
    print("\(result.outcomes.count - failed) passed, \(failed) failed")
    if failed > 0 { throw ExitCode(1) }
  }
}
