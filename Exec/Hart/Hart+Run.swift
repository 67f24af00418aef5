import RVDecoder
import RVFloat
import Synchronization

/// Why a hart stopped running.
public enum Stop: Sendable {
  /// The asked-for number of instructions has retired, or somebody set the deadline: go on when you like.
  case pause
  /// The instruction at pc, or its fetch, raised an exception; nobody has handled it yet.
  case trap(Trap)
  /// The last instruction ended the program.
  case halt
  /// The last instruction was wfi, and no interrupt is pending: ``Hart/waitsForInterrupt`` is set.
  case wait
}

extension Hart {
  /// Ops between two looks of a loop at its deadline, at most: what a page of code holds.
  private static let slack: UInt64 = 4096

  /// Runs without looking on, until `limit` more instructions have retired (exactly), or something else stops it.
  ///
  /// Interrupts are taken between two instructions, and always between the same two: those of timers exactly when time reaches them.
  /// - Parameter limit: instructions; `.max` for no limit.
  public func run(limit: UInt64 = .max) -> Stop {
    let end = limit > .max - state.pointee.retired ? UInt64.max : state.pointee.retired + limit
    hasMovedEvent = false
    while !pauseRequested {
      if let trap = interrupt { return .trap(trap) }
      if state.pointee.retired >= end { return .pause }
      let stop = run(upTo: min(end, countOfNextTimer))
      guard case .pause = stop else { return stop }
      // The platform's turn: it has to say anew when, or somebody has set the deadline.
      if hasMovedEvent || state.pointee.deadline == 0 { return .pause }
    }
    return .pause
  }

  /// Runs until `end` instructions have retired since reset, or a loop has returned for another reason: there may be more to do.
  private func run(upTo end: UInt64) -> Stop {
    defer { state.pointee.attention = 0 }
    // The last few, exactly.
    if deviceAccess == .awaited || end - state.pointee.retired <= Self.slack { return record(scratchBatch, upTo: end) }
    setDeadline(end == .max ? .max : end - Self.slack)
    var watch = Nothing()
    return stop(inGuestEnvironment { loop(&watch) })
  }

  /// Runs and records, until the batch is full, `limit` instructions have retired or something else stops it.
  public func record(into batch: RetiredBatch, limit: Int) -> Stop {
    batch.count = 0
    batch.runCount = 0
    batch.vectorCount = 0
    batch.tileCount = 0
    guard limit > 0, !pauseRequested else { return .pause }
    if let trap = interrupt { return .trap(trap) }
    let (end, overflows) = state.pointee.retired.addingReportingOverflow(UInt64(limit))
    defer { state.pointee.attention = 0 }
    return record(batch, upTo: min(overflows ? .max : end, countOfNextTimer))
  }

  private func record(_ batch: RetiredBatch, upTo end: UInt64) -> Stop {
    let start = state.pointee.retired
    if end <= start { return .pause }
    let isAlone = deviceAccess == .awaited
    deviceAccess = isAlone ? .served : .none
    setDeadline(.max)
    var watch = Recording(batch, of: self, limit: isAlone ? 1 : Int(clamping: end - start))
    let exit = inGuestEnvironment { loop(&watch) }
    if isAlone { deviceAccess = .none }
    batch.count = watch.count
    batch.runCount = watch.runCount
    batch.vectorCount = watch.vectorCount
    batch.tileCount = watch.tileCount
    return stop(exit)
  }

  /// Called by the bus before it serves an access. Loops have the exact count of instructions, and with it the time, in a register; and
  /// after an access they would have to look for interrupts. So the instruction is begun once more, as the only one of a run.
  func serveDevice() throws(Trap) {
    if deviceAccess == .served { return }
    deviceAccess = .awaited
    throw Trap.alone
  }

  /// A batch for ``record(into:limit:)`` of this hart.
  public func makeBatch(capacity: Int = 1024) -> RetiredBatch {
    RetiredBatch(capacity: capacity, arena: UnsafeRawPointer(code.base), vectorAccesses: max(8 * Int(state.pointee.vlenb), 2 * (unit?.mostRuns ?? 0)))
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

  /// A request that comes just before this is not lost: the flags are looked at afterwards.
  private func setDeadline(_ deadline: UInt64) {
    state.pointee.deadline = deadline
    if pauseRequested { state.pointee.deadline = 0 }
    guard let wakeFlag else { return }
    // Whoever set the flag saw the old deadline, or is yet to clear this one.
    atomicMemoryFence(ordering: .sequentiallyConsistent)
    if wakeFlag.pointee != 0 { state.pointee.deadline = 0 }
  }

  @inline(__always)
  private func loop<W: Watch>(_ watch: inout W) -> LoopExit {
    let first: OpPointer
    do throws(Trap) { first = try resolve(state.pointee.pc) } catch { return .trap(error) }
    if isUserMode { return loop(UserMemory(self), from: first, &watch) }
    return isTranslating ? loop(TranslatedMemory(self), from: first, &watch) : loop(PhysicalMemory(self), from: first, &watch)
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
    state.pointee.set(fs: 3)
    return raised
  }

  private func stop(_ exit: LoopExit) -> Stop {
    switch exit {
    case .pause: return .pause
    case .halt: return waitsForInterrupt ? .wait : .halt
    case .trap(var trap):
      if trap.cause == .illegalInstruction, trap.tval == 0 { trap.tval = UInt64(word(at: pc) ?? 0) }
      return .trap(trap)
    }
  }
}
