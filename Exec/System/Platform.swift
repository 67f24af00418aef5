import RVDecoder
import RVLoader

/// What surrounds a hart: bare metal with HTIF, or Linux. Asked only when a loop has stopped.
public protocol Platform: AnyObject {
  /// The instruction at `hart.pc` raised an exception (a system call is one), or an interrupt comes before it.
  /// - Returns: what to do next; with `.resume` the hart's pc says where.
  func handle(_ trap: Trap, on hart: Hart) -> PlatformAction
  /// The hart halted: a store or call has ended the program.
  func ending(of hart: Hart) -> Ending
  /// The hart waits for an interrupt (wfi), and none is pending. Lets time pass up to `timer`, or blocks until there is input
  /// for a device that can raise an interrupt; called again while nothing is pending.
  ///
  /// - Parameter timer: when the next timer interrupt comes, in ticks of ``Hart/time``; `nil` for never.
  /// - Returns: `false` when nothing can ever raise an interrupt.
  func idle(_ hart: Hart, until timer: UInt64?) -> Bool
  /// The count of retired instructions at which the platform wants ``handleEvent(on:)``: a device looks for input, a timer of the process
  /// expires. A count that has been reached means at once, `.max` never. Asked each time before the hart runs; who moves it while the
  /// hart runs calls ``Hart/eventMoved()``.
  func eventCount(on hart: Hart) -> UInt64
  /// That count is reached: the hart stands between two instructions.
  func handleEvent(on hart: Hart) -> PlatformAction
  /// ``System/run(limit:)`` is about to return. A platform that has made a copy of the process does not come back from here in the
  /// copy.
  func returns(with ending: Ending)
  /// The program will not go on: whatever else it has started ends too. May be called from another thread.
  func abandon()
  /// The program that runs, where it lies in memory, when it is no longer the one that the system began with.
  var otherProgram: Image? { get }
}

extension Platform {
  /// Time is virtual: what would be slept is over at once.
  public func idle(_ hart: Hart, until timer: UInt64?) -> Bool {
    guard let timer else { return false }
    hart.time = max(hart.time, timer)
    return true
  }
  public func eventCount(on hart: Hart) -> UInt64 { .max }
  public func handleEvent(on hart: Hart) -> PlatformAction { .resume }
  public func returns(with ending: Ending) {}
  public func abandon() {}
  public var otherProgram: Image? { nil }
}

/// What a platform makes of an exception.
public enum PlatformAction: Sendable {
  /// It is dealt with; go on at the hart's pc.
  case resume
  /// The same, in a copy of the host's process that was made just now: the observer belongs to the original.
  case resumeAsCopy
  /// The program is over.
  case end(Ending)
}

/// How a program ended.
public enum Ending: Sendable, Equatable {
  /// It said so, with its own code.
  case exited(Int)
  /// Linux: killed by a signal; `trap` is what the hart did to earn it, if it did.
  case killed(signal: Int, trap: Trap?)
  /// Bare metal: an exception that no handler can take; `reason` says why not, in a few words.
  case unhandled(Trap, reason: String)
  /// The hart waits for an interrupt, and nothing can raise one.
  case asleep
  /// A limit that the user set is reached.
  case limit(Limit)
  /// The user pressed Ctrl-C.
  case interrupted

  public enum Limit: Sendable, Equatable { case instructions, time }
}

/// Looks at what a hart did, batch by batch, in program order.
public protocol RetireObserver: AnyObject {
  /// Records per batch; 1 to see the hart's registers right after each instruction.
  var batchCapacity: Int { get }
  /// `batch` is full, or the hart stopped. The batch is valid during the call.
  func drain(_ batch: RetiredBatch, of hart: Hart)
  /// The hart raised an exception, and has not yet been redirected.
  func trapped(_ trap: Trap, on hart: Hart)
}
