import RVDecoder
import RVExec
import RVModels

/// Feeds a timing model with what a hart retires, and tells the hart the time; another observer may look on as well.
public final class TimingObserver: RetireObserver, Timekeeper {
  public let model: TimingModel
  public let batchCapacity: Int
  private let next: (any RetireObserver)?

  /// - Parameter next: sees each batch behind the model. It decides how long batches are: cycles do not depend on that.
  public init(_ model: TimingModel, batchCapacity: Int = 1024, then next: (any RetireObserver)? = nil) {
    self.model = model
    self.batchCapacity = next?.batchCapacity ?? batchCapacity
    self.next = next
  }

  /// Looks on, and tells the time.
  public func attach(to system: System) {
    system.observer = self
    system.hart.timekeeper = self
  }

  public func drain(_ batch: RetiredBatch, of hart: Hart) {
    model.consume(batch.records, batch.memoryRuns, batch.vectorStates, batch.tileSizes, batch.ops, next: hart.pc)
    next?.drain(batch, of: hart)
  }

  public func trapped(_ trap: Trap, on hart: Hart) { next?.trapped(trap, on: hart) }

  public var cycles: UInt64 { model.cycles }
  public var hertz: UInt64 { UInt64(model.machine.hertz) }

  public func count(of event: HardwareEvent) -> UInt64 {
    let counts = model.counts
    func cycles(_ ticks: Ticks) -> UInt64 { UInt64(ticks / .perCycle) }
    func cache(_ name: String) -> (accesses: UInt64, misses: UInt64) {
      model.cache(name).map { ($0.accesses, $0.misses) } ?? (0, 0)
    }
    return switch event {
    case .branches: counts.branches
    case .mispredicted: counts.mispredicted
    case .l1dAccesses: cache("l1d").accesses
    case .l1dMisses: cache("l1d").misses
    case .l1iMisses: cache("l1i").misses
    case .l2Accesses: cache("l2").accesses
    case .l2Misses: cache("l2").misses
    case .l3Misses: cache("l3").misses
    case .pageWalks: model.walks
    case .vectorInstructions: counts.vectorInstructions
    case .frontEndCycles: cycles(counts.frontEnd + counts.badSpeculation)
    case .memoryCycles: cycles(counts.memory)
    case .vectorCycles: cycles(counts.vector)
    }
  }
}
