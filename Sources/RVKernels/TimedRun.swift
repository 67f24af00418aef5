import RVDecoder
import RVExec
import RVModels

/// Feeds a timing model with what a hart retires; another observer may look on as well.
public final class TimingObserver: RetireObserver {
  public let model: TimingModel
  public let batchCapacity: Int
  private let next: (any RetireObserver)?

  /// - Parameter next: sees each batch behind the model. It decides how long batches are: cycles do not depend on that.
  public init(_ model: TimingModel, batchCapacity: Int = 1024, then next: (any RetireObserver)? = nil) {
    self.model = model
    self.batchCapacity = next?.batchCapacity ?? batchCapacity
    self.next = next
  }

  public func drain(_ batch: RetiredBatch, of hart: Hart) {
    model.consume(batch.records, batch.memoryRuns, batch.vectorStates, batch.tileSizes, batch.ops)
    next?.drain(batch, of: hart)
  }

  public func trapped(_ trap: Trap, on hart: Hart) { next?.trapped(trap, on: hart) }
}
