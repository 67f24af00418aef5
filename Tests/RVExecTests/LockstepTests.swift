import DifftestKit
import Foundation
import Testing

/// Without Spike the tests are skipped, but not in CI: there they fail.
private let isWanted = Spike() != nil || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false

/// Random programs in lock-step with Spike: the fixed seeds of CI. `make difftest SEEDS=…` runs others.
@Suite("Lock-step with Spike", .enabled(if: isWanted, "RVSIM_SPIKE is not set and no spike is in PATH"))
struct LockstepTests {
  private func run(_ seeds: ClosedRange<UInt64>, misalignedTraps: Bool, isPrivileged: Bool = false) async throws -> Coverage {
    let spike = try #require(Spike(misalignedTraps: misalignedTraps), "CI needs RVSIM_SPIKE")
    let session = Session(spike: spike, options: Generator.Options(misalignedTraps: misalignedTraps, isPrivileged: isPrivileged))
    let result = try await session.run(seeds: seeds, jobs: 2, reductions: 1, stopAfter: 3)
    for outcome in result.outcomes {
      if let failure = outcome.failure { Issue.record("seed \(outcome.seed) \(failure)") }
    }
    return result.coverage
  }

  @Test("every instruction a thousand times, every cell")
  func everything() async throws {
    let coverage = try await run(CISeeds.everything, misalignedTraps: false)
    let floor = coverage.floor
    #expect(floor.count >= 1000, "\(floor.mnemonic) was executed \(floor.count) times")
    let cells = coverage.filled
    #expect(cells.filled == cells.all, "\(cells.all - cells.filled) cells are empty")
  }

  @Test("misaligned accesses that trap")
  func misalignedTraps() async throws {
    _ = try await run(CISeeds.misalignedTraps, misalignedTraps: true)
  }

  private func run(_ seeds: ClosedRange<UInt64>, vlen: Int, misalignedTraps: Bool = false) async throws -> VectorCoverage {
    let vector = VectorOptions(vlen: vlen)
    let spike = try #require(Spike(misalignedTraps: misalignedTraps, vector: vector), "CI needs RVSIM_SPIKE")
    let session = Session(spike: spike, options: try Generator.Options(vector: vector, misalignedTraps: misalignedTraps))
    let result = try await session.run(seeds: seeds, jobs: 2, reductions: 1, stopAfter: 3)
    for outcome in result.outcomes {
      if let failure = outcome.failure { Issue.record("VLEN \(vlen), seed \(outcome.seed) \(failure)") }
    }
    return try #require(result.coverage.vector)
  }

  @Test("vector instructions with misaligned elements that trap")
  func vectorMisalignedTraps() async throws {
    _ = try await run(CISeeds.vectorMisalignedTraps, vlen: 256, misalignedTraps: true)
  }

  @Test("vector instructions with every type that they take, at six VLENs")
  func vector() async throws {
    for (vlen, seeds) in CISeeds.vector {
      let coverage = try await run(seeds, vlen: vlen)
      #expect(coverage.unexpected == [])
      if vlen == 128 {
        let (cells, others) = (coverage.cells, coverage.others)
        #expect(cells.lowest >= 5, "a cell was executed \(cells.lowest) times")
        #expect(others.filled * 100 >= others.all * 96, "\(others.filled) of \(others.all)")
      }
    }
  }

  @Test("estimates: every half-precision number, every table index at the edges of the others, in every rounding mode")
  func estimates() throws {
    let result = try #require(try EstimateTrial.run(), "CI needs RVSIM_SPIKE")
    #expect(result.divergence == nil)
    // Loops of nine instructions over 32, 16 and 8 numbers a time.
    #expect(result.compared >= 5 * 9 * (0x1_0000 / 32))
  }

  @Test("page tables, protection, delegation and interrupts in all modes")
  func privileged() async throws {
    let coverage = try await run(CISeeds.privileged, misalignedTraps: false, isPrivileged: true)
    let (pages, protections) = (coverage.filledPages, coverage.filledProtections)
    #expect(pages.filled * 100 >= pages.all * 96, "\(pages.filled) of \(pages.all) cells of page tables: \(pages.empty)")
    #expect(
      protections.filled * 100 >= protections.all * 92,
      "\(protections.filled) of \(protections.all) cells of protection: \(protections.empty)")
    // Software, timer, external and counter overflow, as far as a program can raise them.
    for number in [1, 3, 5, 7, 9, 13] {
      #expect(coverage.interrupts[number] >= 50, "interrupt \(number) was taken \(coverage.interrupts[number]) times")
    }
    _ = try await run(CISeeds.privilegedMisalignedTraps, misalignedTraps: true, isPrivileged: true)
  }
}
