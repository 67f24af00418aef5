import RVExec
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends a run from outside: when its time is up, or on Ctrl-C.
///
/// A thread waits for either and then asks the system to pause until the run has come back. The guest may be inside a system call
/// of the host meanwhile: a signal without meaning (SIGURG) interrupts that.
final class Supervisor: Sendable {
  enum Event: UInt8 { case none, timeout, interrupt }

  /// How long a run may take to come back, in milliseconds.
  private static let patience = 3000

  private let event = Atomic<UInt8>(Event.none.rawValue)
  private let readEnd: Int32
  private let writeEnd: Int32
  private nonisolated(unsafe) let system: System
  private let runner = pthread_self()
  private nonisolated(unsafe) var thread: pthread_t?
  private let timeout: Duration?
  private let ownsInterrupt: Bool
  private let giveUp: @Sendable (Event) -> Never

  /// What ended the run.
  var reason: Event { Event(rawValue: event.load(ordering: .acquiring)) ?? .none }

  /// Watches over a system that is about to run on this thread.
  ///
  /// - Parameters:
  ///   - timeout: by the host's clock, from now on.
  ///   - ownsInterrupt: whether Ctrl-C is this run's.
  ///   - giveUp: ends the process, because the run does not come back.
  /// - Returns: `nil` when there is nothing to watch for, or the host has no pipe or thread left.
  init?(_ system: System, timeout: Duration?, ownsInterrupt: Bool, giveUp: @escaping @Sendable (Event) -> Never) {
    var ends: [Int32] = [-1, -1]
    guard timeout != nil || ownsInterrupt, pipe(&ends) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
    self.system = system
    self.timeout = timeout
    self.ownsInterrupt = ownsInterrupt
    self.giveUp = giveUp
    Self.handle(SIGURG) { _ in }
    Self.unblock(SIGURG)
    if ownsInterrupt {
      interruptPipe.store(writeEnd, ordering: .releasing)
      Self.unblock(SIGINT)
      Self.handle(SIGINT) { _ in
        let saved = errno
        var byte = UInt8(ascii: "i")
        _ = write(interruptPipe.load(ordering: .acquiring), &byte, 1)
        errno = saved
      }
    }
    let body = Unmanaged.passRetained(self)
    var created: pthread_t?
    #if canImport(Darwin)
      let result = pthread_create(&created, nil, { Supervisor.start($0) }, body.toOpaque())
    #else
      var raw = pthread_t()
      let result = pthread_create(&raw, nil, { $0.flatMap { Supervisor.start($0) } }, body.toOpaque())
      created = raw
    #endif
    if result != 0 {
      body.release()
      created = nil
    }
    thread = created
  }

  /// The run has come back: ends the thread.
  func stop() {
    if ownsInterrupt {
      signal(SIGINT, SIG_DFL)
      interruptPipe.store(-1, ordering: .releasing)
    }
    var byte = UInt8(ascii: "q")
    _ = write(writeEnd, &byte, 1)
    if let thread { pthread_join(thread, nil) }
    thread = nil
    close(readEnd)
    close(writeEnd)
  }

  private static func start(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<Supervisor>.fromOpaque(argument).takeRetainedValue().watch()
    return nil
  }

  private func watch() {
    let end = timeout.map { ContinuousClock.now + $0 }
    while reason == .none {
      switch wait(milliseconds: end.map { Self.milliseconds(until: $0) }) {
      case UInt8(ascii: "q"): return
      case UInt8(ascii: "i"): event.store(Event.interrupt.rawValue, ordering: .releasing)
      default:
        if let end, ContinuousClock.now >= end { event.store(Event.timeout.rawValue, ordering: .releasing) }
      }
    }
    // A single request might fall between two runs of a loop and be lost.
    let patience = ContinuousClock.now + .milliseconds(Self.patience)
    repeat {
      system.requestPause()
      pthread_kill(runner, SIGURG)
      if wait(milliseconds: 10) == UInt8(ascii: "q") { return }
    } while ContinuousClock.now < patience
    giveUp(reason)
  }

  private static func milliseconds(until end: ContinuousClock.Instant) -> Int {
    let (seconds, attoseconds) = (end - ContinuousClock.now).components
    return Swift.max(0, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
  }

  /// Waits for a byte from the pipe.
  private func wait(milliseconds: Int?) -> UInt8? {
    var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds.map { Int32(clamping: $0) } ?? -1) > 0 else { return nil }
    var byte: UInt8 = 0
    return read(readEnd, &byte, 1) == 1 ? byte : nil
  }

  /// Who started this process may have left signals blocked.
  private static func unblock(_ number: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Installs a handler that interrupts system calls.
  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
  }
}

/// Where the handler of SIGINT reports; handlers can reach nothing but globals.
private let interruptPipe = Atomic<Int32>(-1)
