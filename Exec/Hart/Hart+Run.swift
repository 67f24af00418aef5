import RVDecoder
import RVFloat

/// Why a hart stopped running.
public enum Stop: Sendable {
  /// The asked-for number of instructions has retired, or somebody set the deadline: go on when you like.
  case pause
  /// The instruction at pc, or its fetch, raised an exception; nobody has handled it yet.
  case trap(Trap)
  /// The last instruction ended the program.
  case halt
}

extension Hart {
  /// Ops between two looks of a loop at its deadline, at most: what a page of code holds.
  private static let slack: UInt64 = 4096

  /// Runs without looking on, until `limit` more instructions have retired (exactly), or something else stops it.
  ///
  /// - Parameter limit: instructions; `.max` for no limit.
  public func run(limit: UInt64 = .max) -> Stop {
    if pauseRequested { return .pause }
    let end = limit > .max - state.pointee.retired ? UInt64.max : state.pointee.retired + limit
    if end == .max || limit > Self.slack {
      setDeadline(end == .max ? .max : end - Self.slack)
      var watch = Nothing()
      let exit = inGuestEnvironment { loop(&watch) }
      guard case .pause = exit else { return stop(exit) }
      // Long before its time: somebody has set the deadline.
      if pauseRequested || end == .max || end - state.pointee.retired > Self.slack { return .pause }
    }
    // The last few, exactly.
    let batch = scratchBatch
    while state.pointee.retired < end, !pauseRequested {
      let stop = record(into: batch, limit: Int(end - state.pointee.retired))
      guard case .pause = stop else { return stop }
    }
    return .pause
  }

  /// Runs and records, until the batch is full, `limit` instructions have retired or something else stops it.
  public func record(into batch: RetiredBatch, limit: Int) -> Stop {
    guard limit > 0, !pauseRequested else {
      batch.count = 0
      batch.runCount = 0
      return .pause
    }
    setDeadline(.max)
    var watch = Recording(batch, arena: code.base, limit: limit)
    let exit = inGuestEnvironment { loop(&watch) }
    batch.count = watch.count
    batch.runCount = watch.runCount
    return stop(exit)
  }

  /// A batch for ``record(into:limit:)`` of this hart.
  public func makeBatch(capacity: Int = 1024) -> RetiredBatch {
    RetiredBatch(capacity: capacity, arena: UnsafeRawPointer(code.base))
  }

  /// Asks the loop to pause at the next boundary that it looks at. May be called from a signal handler or another thread; ``resume()``
  /// takes it back.
  public func requestPause() {
    state.pointee.pause = 1
    state.pointee.deadline = 0
  }

  /// Whether somebody asked for a pause.
  public var pauseRequested: Bool { state.pointee.pause != 0 }

  /// Takes a request for a pause back.
  public func resume() { state.pointee.pause = 0 }

  /// A request that comes just before this is not lost: the flag is looked at afterwards.
  private func setDeadline(_ deadline: UInt64) {
    state.pointee.deadline = deadline
    if pauseRequested { state.pointee.deadline = 0 }
  }

  @inline(__always)
  private func loop<W: Watch>(_ watch: inout W) -> LoopExit {
    isUserMode ? loop(UserMemory(self), &watch) : loop(PhysicalMemory(self), &watch)
  }

  /// The loops own the floating-point environment: the guest's on the way in, the host's restored on the way out.
  @inline(__always)
  private func inGuestEnvironment(_ body: () -> LoopExit) -> LoopExit {
    let saved = rvf_enter(UInt32(state.pointee.frm))
    let exit = body()
    raisedFlags = gatherFlags()
    rvf_leave(saved)
    return exit
  }

  /// Moves the flags that the host holds to fflags; they make the float state dirty.
  /// - Returns: the flags.
  @discardableResult
  func gatherFlags() -> UInt8 {
    let raised = UInt8(truncatingIfNeeded: rvf_take_flags())
    guard raised != 0, state.pointee.fs != 0 else { return raised }
    state.pointee.fflags |= raised
    state.pointee.fs = 3
    return raised
  }

  private func stop(_ exit: LoopExit) -> Stop {
    switch exit {
    case .pause: return .pause
    case .halt: return .halt
    case .trap(var trap):
      if trap.cause == .illegalInstruction, trap.tval == 0 { trap.tval = UInt64(word(at: pc) ?? 0) }
      return .trap(trap)
    }
  }
}
