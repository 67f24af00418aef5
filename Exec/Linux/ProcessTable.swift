import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processes of a guest: each is a process of the host, and all of them share this table.
///
/// It comes into being with the first fork. Process numbers are counted up from that of the first process, so they are the same in
/// every run in which processes are started in the same order. Signals between processes are put into the receiver's entry, and
/// SIGURG wakes its host process.
final class ProcessTable {
  enum State {
    static let running = 1
    static let stopped = 2
    static let zombie = 3
  }

  /// A signal on its way.
  struct Message {
    var signal = 0
    var code: Int32 = 0
    var error: Int32 = 0
    var fields: InlineArray<4, UInt64> = [0, 0, 0, 0]
  }

  struct Entry {
    /// The guest's number; 0 while the entry is free.
    var pid = 0
    /// The host's; that of the parent while the child borrows the parent's process (vfork).
    var hostPid: Int32 = 0
    var isBorrowed = false
    var hasExecuted = false
    var parent = 0
    var group = 0
    var session = 0
    var state = 0
    /// The signal for the parent when it ends; 0 for none.
    var exitSignal = 0
    /// How it ended or stopped, as in siginfo: CLD_… and exit code or signal.
    var code: Int32 = 0
    var status: Int32 = 0
    /// A stop or going on that wait has not yet reported.
    var isNews = false
    /// Its clocks at the end, in nanoseconds.
    var elapsed: UInt64 = 0
    var used: UInt64 = 0
    /// Not 0 when there are messages, or a child has changed.
    var flag: UInt32 = 0
    var messageCount = 0
    var messages = InlineArray<32, Message>(repeating: Message())

    /// Messages that fit.
    static let room = 32  // The length of `messages`.
  }

  static let count = 1024

  private let base: UnsafeMutableRawPointer
  private let entries: UnsafeMutablePointer<Entry>
  /// Entries from here on were never used; the next process number.
  private let top: UnsafeMutablePointer<Int>
  private let next: UnsafeMutablePointer<Int>
  private static let size = 128 + count * MemoryLayout<Entry>.stride

  /// The user of all of them.
  private let user: UInt32

  /// A table with one process.
  /// - Returns: `nil` when the host denies the memory.
  init?(_ ids: ProcessIdentity, user: UInt32) {
    guard let base = host_shared_memory(Self.size) else { return nil }
    guard host_lock_create(base) == 0 else {
      munmap(base, Self.size)
      return nil
    }
    self.base = base
    self.user = user
    top = (base + Int(host_lock_size)).bindMemory(to: Int.self, capacity: 2)
    next = top + 1
    entries = (base + 128).bindMemory(to: Entry.self, capacity: Self.count)
    next.pointee = ids.pid
    _ = add(group: ids.group, session: ids.session, parent: ids.parent, exitSignal: 0)
  }

  deinit { munmap(base, Self.size) }

  func locked<T>(_ body: () -> T) -> T {
    host_lock(base)
    defer { host_unlock(base) }
    return body()
  }

  private var used: UnsafeMutableBufferPointer<Entry> { UnsafeMutableBufferPointer(start: entries, count: top.pointee) }

  /// The entries in use, in the order of their numbers. Under the lock, or nothing that matters is read.
  var all: [UnsafeMutablePointer<Entry>] {
    used.indices.filter { entries[$0].pid != 0 }.map { entries + $0 }.sorted { $0.pointee.pid < $1.pointee.pid }
  }

  func entry(_ pid: Int) -> UnsafeMutablePointer<Entry>? {
    guard pid > 0, let index = used.firstIndex(where: { $0.pid == pid }) else { return nil }
    return entries + index
  }

  /// Whether anybody but `pid` can send signals.
  func hasOthers(_ pid: Int) -> Bool { used.contains { $0.pid != 0 && $0.pid != pid && $0.state != State.zombie } }

  /// A new process, which is this host process until somebody says otherwise.
  /// - Returns: its number; `nil` when the table is full.
  func add(group: Int, session: Int, parent: Int, exitSignal: Int) -> Int? {
    locked {
      guard let index = used.firstIndex(where: { $0.pid == 0 }) ?? (top.pointee < Self.count ? top.pointee : nil) else {
        return nil
      }
      var entry = Entry()
      (entry.pid, entry.hostPid, entry.state) = (next.pointee, getpid(), State.running)
      (entry.group, entry.session, entry.parent, entry.exitSignal) = (group, session, parent, exitSignal)
      (entries + index).initialize(to: entry)
      next.pointee += 1
      top.pointee = max(top.pointee, index + 1)
      return entry.pid
    }
  }

  func remove(_ pid: Int) { locked { entry(pid)?.pointee.pid = 0 } }

  // MARK: Under the lock

  /// Puts a signal into an entry and wakes its process.
  /// - Returns: `false` when there is no room.
  @discardableResult
  func post(_ info: SignalInfo, to entry: UnsafeMutablePointer<Entry>) -> Bool {
    guard entry.pointee.state != State.zombie else { return true }
    if info.signal == Signal.SIGKILL.rawValue, !entry.pointee.isBorrowed {
      let host = entry.pointee.hostPid
      finish(entry, code: SignalInfo.Code.killed, status: Int32(info.signal), elapsed: 0, used: 0)
      kill(host, SIGKILL)
      return true
    }
    if info.signal == Signal.SIGCONT.rawValue, entry.pointee.state == State.stopped {
      entry.pointee.state = State.running
      tell(parentOf: entry, code: SignalInfo.Code.continued, status: Int32(info.signal))
    }
    guard entry.pointee.messageCount < Entry.room else { return false }
    var message = Message(signal: info.signal, code: info.code, error: info.error)
    for (index, field) in info.fields.prefix(4).enumerated() { message.fields[index] = field }
    entry.pointee.messages[entry.pointee.messageCount] = message
    entry.pointee.messageCount += 1
    wake(entry)
    return true
  }

  private func wake(_ entry: UnsafeMutablePointer<Entry>) {
    entry.pointee.flag = 1
    kill(entry.pointee.hostPid, SIGURG)
  }

  /// Takes what has come for a process.
  func takeMessages(_ pid: Int) -> [SignalInfo] {
    guard let entry = entry(pid) else { return [] }
    entry.pointee.flag = 0
    defer { entry.pointee.messageCount = 0 }
    return (0..<entry.pointee.messageCount).map { index in
      let message = entry.pointee.messages[index]
      var info = SignalInfo(message.signal, code: message.code)
      info.error = message.error
      info.fields = message.fields.indices.map { message.fields[$0] }
      return info
    }
  }

  /// Notes a stop or going on, and tells the parent.
  func tell(parentOf entry: UnsafeMutablePointer<Entry>, code: Int32, status: Int32) {
    (entry.pointee.code, entry.pointee.status, entry.pointee.isNews) = (code, status, true)
    guard let parent = self.entry(entry.pointee.parent) else { return }
    post(SignalInfo(child: entry.pointee.pid, user: user, code: code, status: status), to: parent)
  }

  /// A process is over: a zombie until its parent has waited for it. Its children have no parent any more.
  func finish(_ entry: UnsafeMutablePointer<Entry>, code: Int32, status: Int32, elapsed: UInt64, used: UInt64) {
    (entry.pointee.code, entry.pointee.status, entry.pointee.state) = (code, status, State.zombie)
    (entry.pointee.elapsed, entry.pointee.used) = (elapsed, used)
    for child in all where child.pointee.parent == entry.pointee.pid {
      child.pointee.parent = 1
      if child.pointee.state == State.zombie { child.pointee.pid = 0 }
    }
    guard let parent = self.entry(entry.pointee.parent) else {
      entry.pointee.pid = 0
      return
    }
    if entry.pointee.exitSignal != 0 {
      var info = SignalInfo(child: entry.pointee.pid, user: user, code: code, status: status)
      info.signal = entry.pointee.exitSignal
      post(info, to: parent)
    }
    wake(parent)
  }
}
