import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// fork, vfork, clone: new processes. Each is a copy of the host's process.
///
/// A child of vfork borrows its parent's memory and therefore its host process, until it executes a program or ends; only then does
/// the host fork. So what it writes on its way is seen by the parent, as posix_spawn expects.
extension LinuxUser {
  /// CLONE_… flags (linux/sched.h).
  private enum CloneFlags {
    static let signal: UInt64 = 0xff
    static let memory: UInt64 = 0x100
    static let files: UInt64 = 0x600
    static let handlers: UInt64 = 0x800
    static let pidfd: UInt64 = 0x1000
    static let vfork: UInt64 = 0x4000
    static let parent: UInt64 = 0x8000
    static let thread: UInt64 = 0x1_0000
    static let threadPointer: UInt64 = 0x8_0000
    static let setParentID: UInt64 = 0x10_0000
    static let clearChildID: UInt64 = 0x20_0000
    static let setChildID: UInt64 = 0x100_0000
    static let namespaces: UInt64 = 0x7e02_0000
    static let defaultHandlers: UInt64 = 0x1_0000_0000
  }

  /// What clone and clone3 ask for.
  struct CloneRequest {
    var flags: UInt64
    /// 0: the parent's stack.
    var stack: UInt64
    var parentID: UInt64
    var childID: UInt64
    var threadPointer: UInt64
    var exitSignal: Int
  }

  /// The arguments are in the order of the architectures with "backwards" clone, of which RISC-V is one.
  func clone(flags: UInt64, stack: UInt64, parentID: UInt64, threadPointer: UInt64, childID: UInt64) throws(LinuxError)
    -> CallResult
  {
    let flags = flags & 0xffff_ffff
    return try clone(
      CloneRequest(
        flags: flags & ~CloneFlags.signal, stack: stack, parentID: parentID, childID: childID, threadPointer: threadPointer,
        exitSignal: Int(flags & CloneFlags.signal)))
  }

  /// clone3: `struct clone_args`.
  func clone(arguments address: UInt64, size: UInt64) throws(LinuxError) -> CallResult {
    guard size >= 64 else { throw .EINVAL }
    guard size <= guestPageSize else { throw .E2BIG }
    func field(_ index: UInt64) throws(LinuxError) -> UInt64 { index * 8 < size ? try space.get(address &+ index &* 8) : 0 }
    let (stack, length) = (try field(5), try field(6))
    guard try field(8) == 0, try field(9) == 0, try field(0) & CloneFlags.signal == 0, (stack == 0) == (length == 0) else {
      throw .EINVAL
    }
    guard try field(4) <= UInt64(SignalState.count) else { throw .EINVAL }
    return try clone(
      CloneRequest(
        flags: try field(0), stack: stack &+ length, parentID: try field(3), childID: try field(2), threadPointer: try field(7),
        exitSignal: Int(try field(4))))
  }

  private func clone(_ request: CloneRequest) throws(LinuxError) -> CallResult {
    func has(_ flag: UInt64) -> Bool { request.flags & flag != 0 }
    guard request.exitSignal <= SignalState.count else { throw .EINVAL }
    if has(CloneFlags.handlers), !has(CloneFlags.memory) { throw .EINVAL }
    if has(CloneFlags.thread), !has(CloneFlags.handlers) { throw .EINVAL }
    if has(CloneFlags.namespaces) { throw .EPERM }
    if has(CloneFlags.thread) || has(CloneFlags.memory) && !has(CloneFlags.vfork) {
      report(once: "threads are not supported yet: clone gives ENOSYS")
      throw .ENOSYS
    }
    if has(CloneFlags.files | CloneFlags.handlers | CloneFlags.pidfd) {
      report(once: "clone cannot share descriptors or handlers with a process, or make a descriptor of one: EINVAL")
      throw .EINVAL
    }
    let table = try processTable()
    let parent = has(CloneFlags.parent) ? ids.parent : ids.pid
    guard let pid = table.add(group: ids.group, session: ids.session, parent: parent, exitSignal: request.exitSignal) else {
      throw .EAGAIN
    }
    if has(CloneFlags.setParentID) { space.write(request.parentID, UInt32(pid)) }
    if has(CloneFlags.memory) {
      table.locked { table.entry(pid)?.pointee.isBorrowed = true }
      borrowers.append(SavedProcess(self, child: pid))
      begin(pid, parent: parent, request)
      return .registers
    }
    guard try forkHost(pid, table) else { return .value(pid) }
    begin(pid, parent: parent, request)
    return .copy
  }

  /// Makes a copy of the host's process.
  /// - Returns: whether this is the copy.
  private func forkHost(_ pid: Int, _ table: ProcessTable) throws(LinuxError) -> Bool {
    let result = fork()
    guard result >= 0 else {
      let error = LinuxError(host: hostErrno())
      table.remove(pid)
      throw error
    }
    let host = result == 0 ? getpid() : result
    table.locked {
      table.entry(pid)?.pointee.hostPid = host
      table.entry(pid)?.pointee.isBorrowed = false
    }
    guard result == 0 else { return false }
    isCopy = true
    // Whoever lent memory to the original has nothing to do with the copy.
    borrowers.removeAll()
    // Ctrl-C ends all processes of a guest; this one has nothing to say about it.
    hostSetDefault(SIGINT)
    return true
  }

  /// The child's first step: it has its parent's registers, and nothing of what is pending.
  private func begin(_ pid: Int, parent: Int, _ request: CloneRequest) {
    func has(_ flag: UInt64) -> Bool { request.flags & flag != 0 }
    (ids.parent, ids.pid) = (parent, pid)
    random.diverge(pid)
    signals.dropAll()
    timers.removeAll()
    childrenTime = 0
    startTime = hart.elapsed
    clearChildThread = has(CloneFlags.clearChildID) ? request.childID : 0
    robustList = 0
    if has(CloneFlags.setChildID) { space.write(request.childID, UInt32(pid)) }
    if has(CloneFlags.defaultHandlers) {
      for signal in 1...SignalState.count where signals.actions[signal].hasHandler { signals.actions[signal] = .init() }
    }
    hart[x: 10] = 0
    if request.stack != 0 { hart[x: 2] = request.stack }
    if has(CloneFlags.threadPointer) { hart[x: 4] = request.threadPointer }
    hart.pc &+= 4
  }

  /// A process that borrows its parent's executes a program: now it becomes one of the host's.
  /// - Returns: whether this is the new process, or nobody borrowed anything; else the parent goes on.
  func detach() throws(LinuxError) -> Bool {
    guard !borrowers.isEmpty, let processes else { return true }
    if try forkHost(ids.pid, processes) { return true }
    resumeLender()
    return false
  }

  /// The parent goes on behind its vfork.
  private func resumeLender() { borrowers.popLast()?.restore(to: self) }

  // MARK: The table

  /// The table of all processes; from now on others may send signals.
  private func processTable() throws(LinuxError) -> ProcessTable {
    if let processes { return processes }
    guard let table = ProcessTable(ids, user: options.identity.user) else { throw .ENOMEM }
    processes = table
    let word = UnsafeMutableRawPointer(hart.state) + (MemoryLayout<HartState>.offset(of: \.deadline) ?? 0)
    wakeWord = word.assumingMemoryBound(to: UInt64.self)
    if let wakeWord, host_wake_register(wakeWord) != 0 { throw .EAGAIN }
    host_wake_install()
    return table
  }

  // MARK: The end

  /// The process is over. The first one of a guest ends the run; another is a zombie from now on.
  func end(_ ending: Ending) -> PlatformAction {
    guard !borrowers.isEmpty || isCopy else {
      memory.writeBackAll(in: space)
      return .end(ending)
    }
    finish(ending)
    if borrowers.isEmpty {
      memory.writeBackAll(in: space)
      _exit(0)
    }
    resumeLender()
    collectSignals()
    return deliverSignals()
  }

  private func finish(_ ending: Ending) {
    guard let processes else { return }
    let (code, status): (Int32, Int32) =
      switch ending {
      case .exited(let status): (SignalInfo.Code.exited, Int32(truncatingIfNeeded: status & 0xff))
      case .killed(let signal, _): (SignalInfo.Code.killed, Int32(truncatingIfNeeded: signal))
      default: (SignalInfo.Code.killed, Int32(Signal.SIGKILL.rawValue))
      }
    processes.locked {
      guard let entry = processes.entry(ids.pid) else { return }
      processes.finish(entry, code: code, status: status, elapsed: elapsed, used: processTime + childrenTime)
    }
  }

  public func returns(with ending: Ending) {
    guard isCopy else { return }
    finish(ending)
    _exit(0)
  }

  public func abandon() {
    for entry in processes?.all ?? [] where entry.pointee.pid != ids.pid && entry.pointee.state != ProcessTable.State.zombie {
      if !entry.pointee.isBorrowed { _ = hostKill(entry.pointee.hostPid, SIGKILL) }
    }
  }
}
