import RVDecoder
import RVLoader

/// A whole guest: memory, harts and the platform around them. Nothing is global: many systems live in one process.
///
/// This is also the interface for stopping, stepping and inspecting: ``step()``, ``run(limit:)``, ``requestPause()``, `hart`, `space`.
public final class System {
  public let space: AddressSpace
  public let hart: Hart
  public let platform: any Platform
  /// Looked on by; `nil` runs at full speed.
  public var observer: (any RetireObserver)? {
    didSet { batch = observer.map { hart.makeBatch(capacity: $0.batchCapacity) } }
  }
  private var batch: RetiredBatch?
  /// How the program ended; `nil` while it can go on.
  public private(set) var ending: Ending?

  public init(space: AddressSpace, hart: Hart, platform: any Platform) {
    self.space = space
    self.hart = hart
    self.platform = platform
  }

  /// Runs until the program ends, `limit` more instructions have retired, or ``requestPause()`` was called.
  /// - Returns: the ending; `.limit(.instructions)` when the limit was reached, which is not the end of the program: it may be run on.
  public func run(limit: UInt64 = .max) -> Ending {
    let result = runOn(limit)
    platform.returns(with: result)
    return result
  }

  private func runOn(_ limit: UInt64) -> Ending {
    if let ending { return ending }
    // Who steps through a program does not step through the processes that it starts.
    let isStep = limit == 1
    var limit = limit
    let start = hart.retired
    while true {
      let done = hart.retired &- start
      if hart.pauseRequested {
        hart.resume()
        return .interrupted
      }
      if hart.waitsForInterrupt {
        if let result = wake() { return result }
        continue
      }
      if done >= limit { return .limit(.instructions) }
      let event = platform.eventCount(on: hart)
      if event <= hart.retired {
        if let result = follow(platform.handleEvent(on: hart)) { return result }
        continue
      }
      let stop = advance(min(limit - done, event - hart.retired))
      switch stop {
      case .pause, .wait: continue
      case .halt: return end(platform.ending(of: hart))
      case .trap(let trap):
        observer?.trapped(trap, on: hart)
        let action = platform.handle(trap, on: hart)
        if case .resumeAsCopy = action, isStep { limit = .max }
        if let result = follow(action) { return result }
      }
    }
  }

  private func end(_ result: Ending) -> Ending {
    ending = result
    return result
  }

  /// The hart executes wfi: lets time pass until something is pending.
  /// - Returns: the ending, when that will never be.
  private func wake() -> Ending? {
    if !hart.isInterruptPending {
      guard platform.idle(hart, until: hart.nextTimer) else { return end(platform.ending(of: hart)) }
      if platform.eventCount(on: hart) <= hart.retired, let result = follow(platform.handleEvent(on: hart)) { return result }
    }
    if hart.isInterruptPending { hart.waitsForInterrupt = false }
    return nil
  }

  /// Does what the platform says.
  /// - Returns: the ending, if that is it.
  private func follow(_ action: PlatformAction) -> Ending? {
    switch action {
    case .resume: return nil
    case .resumeAsCopy:
      // The copy is looked on by nobody, and nobody tells it the time.
      observer = nil
      hart.dropTimekeeper()
      return nil
    case .end(let result):
      ending = result
      return result
    }
  }

  /// Executes one instruction (or takes one exception).
  /// - Returns: the ending, if this was the last one.
  public func step() -> Ending? {
    switch run(limit: 1) {
    case .limit: nil
    case let result: result
    }
  }

  /// Makes ``run(limit:)`` return `.interrupted` soon. May be called from another thread or a signal handler.
  public func requestPause() { hart.requestPause() }

  private func advance(_ limit: UInt64) -> Stop {
    guard let observer, let batch else { return hart.run(limit: limit) }
    let stop = hart.record(into: batch, limit: Int(clamping: limit))
    observer.drain(batch, of: hart)
    return stop
  }
}
