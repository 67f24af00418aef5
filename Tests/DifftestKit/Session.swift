import RVDecoder
import Synchronization

/// Runs many seeds, several at a time.
public final class Session: Sendable {
  let spike: Spike
  let options: Generator.Options
  private let shared: Generator.Shared

  public init(spike: Spike, options: Generator.Options) {
    self.spike = spike
    self.options = options
    shared = Generator.Shared(isa: options.isa, vector: options.vector)
  }

  /// What came of a seed.
  public struct Outcome: Sendable {
    public var seed: UInt64
    /// `nil`: it passed.
    public var failure: String?
  }

  private final class Tally: Sendable {
    let state: Mutex<Progress>
    init(_ progress: Progress) { state = Mutex(progress) }
  }

  private struct Progress {
    var next: UInt64
    var coverage: Coverage
    var outcomes: [Outcome] = []
    var reductions = 0
  }

  /// - Parameters:
  ///   - keep: directory for the programs and logs of seeds that fail.
  ///   - report: called with each outcome, by one thread at a time.
  public func run(
    seeds: ClosedRange<UInt64>, jobs: Int, keep: String? = nil, reductions: Int = 3, stopAfter: Int = .max,
    report: @escaping @Sendable (Outcome) -> Void = { _ in }
  ) async throws -> (outcomes: [Outcome], coverage: Coverage) {
    let directory = try keep ?? Files.temporaryDirectory()
    defer { if keep == nil { Files.removeDirectory(directory) } }
    let progress = Tally(Progress(next: seeds.lowerBound, coverage: Coverage(shared)))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, jobs) {
        group.addTask { [self] in
          while true {
            let seed = progress.state.withLock { state -> UInt64? in
              guard state.next <= seeds.upperBound, state.outcomes.count(where: { $0.failure != nil }) < stopAfter else {
                return nil
              }
              state.next += 1
              return state.next - 1
            }
            guard let seed else { return }
            let mayReduce = progress.state.withLock { $0.reductions < reductions }
            let (outcome, coverage) = one(seed, directory, keep != nil, reduces: mayReduce)
            progress.state.withLock { state in
              state.coverage.add(coverage)
              state.outcomes.append(outcome)
              if outcome.failure != nil { state.reductions += 1 }
              report(outcome)
            }
          }
        }
      }
    }
    return progress.state.withLock { ($0.outcomes.sorted { $0.seed < $1.seed }, $0.coverage) }
  }

  private func one(_ seed: UInt64, _ directory: String, _ keeps: Bool, reduces: Bool) -> (Outcome, Coverage) {
    var generator = Generator(seed: seed, options: options, shared: shared)
    let program = generator.program(shared)
    let trial = Trial(spike: spike, options: options, directory: directory, name: "seed\(seed)")
    let empty = Coverage(shared)
    do {
      guard let result = try trial.run(program, coverage: empty) else {
        return (Outcome(seed: seed, failure: "the program cannot be assembled"), empty)
      }
      guard let divergence = result.divergence else {
        trial.clean()
        return (Outcome(seed: seed), result.coverage)
      }
      var text = "\(divergence)"
      if reduces {
        let small = Trial(spike: spike, options: options, directory: directory, name: "seed\(seed)-small")
        var reducer = Reducer(small, program, divergence, coverage: empty)
        reducer.reduce()
        text += "\nshortest program that diverges:\n\(reducer.listing)\nwhere it \(reducer.divergence)"
        _ = try? small.run(reducer.best, coverage: empty)
        if !keeps { small.clean() }
      }
      if !keeps { trial.clean() }
      return (Outcome(seed: seed, failure: text), result.coverage)
    } catch {
      if !keeps { trial.clean() }
      return (Outcome(seed: seed, failure: "\(error)"), empty)
    }
  }
}
