import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Process groups and sessions, and signals from process to process.
extension LinuxUser {
  /// Whether anybody else may send signals.
  var hasRelatives: Bool { processes?.hasOthers(ids.pid) ?? false }

  /// Not 0 when there is something to collect.
  var mailboxFlag: UnsafePointer<UInt32>? {
    guard let entry = processes?.entry(ids.pid) else { return nil }
    return UnsafePointer(UnsafeMutableRawPointer(entry).advanced(by: Self.flagOffset).assumingMemoryBound(to: UInt32.self))
  }

  private static let flagOffset = MemoryLayout<ProcessTable.Entry>.offset(of: \.flag) ?? 0

  /// Fires timers, and takes what relatives have sent.
  func collectSignals() {
    fireTimers()
    guard let processes, let flag = mailboxFlag, flag.pointee != 0 else { return }
    for info in processes.locked({ processes.takeMessages(ids.pid) }) {
      let isStop = info.code == SignalInfo.Code.stopped || info.code == SignalInfo.Code.continued
      if info.signal == Signal.SIGCHLD.rawValue, isStop,
        signals.actions[info.signal].has(SignalState.Flags.noChildStop)
      {
        continue
      }
      signals.raise(info)
    }
    reapIgnored()
  }

  // MARK: Sending

  func kill(_ process: Int32, _ signal: Int32) throws(LinuxError) -> CallResult {
    guard (0...Int32(SignalState.count)).contains(signal) else { throw .EINVAL }
    if process == .min { throw .ESRCH }
    let info = SignalInfo(Int(signal), code: SignalInfo.Code.user, process: ids.pid, user: options.identity.user)
    if Int(process) == ids.pid { return try send(info) }
    guard let processes else {
      guard process == 0 || Int(process) == -ids.group else { throw .ESRCH }
      return try send(info)
    }
    var found = false
    processes.locked {
      for entry in processes.all {
        let isMeant =
          switch process {
          case -1: entry.pointee.pid != ids.pid
          case 0: entry.pointee.group == ids.group
          case ..<0: entry.pointee.group == -Int(process)
          default: entry.pointee.pid == Int(process)
          }
        guard isMeant else { continue }
        found = true
        if entry.pointee.pid == ids.pid || signal == 0 { continue }
        processes.post(info, to: entry)
      }
    }
    guard found else { throw .ESRCH }
    // Oneself last.
    if process == 0 || Int(process) == -ids.group { return try send(info) }
    return .ok
  }

  /// To one process or the one thread of it.
  func send(_ info: SignalInfo, to pid: Int) throws(LinuxError) -> CallResult {
    if pid == ids.pid { return try send(info) }
    guard let processes else { throw .ESRCH }
    var result: LinuxError? = .ESRCH
    processes.locked {
      guard let entry = processes.entry(pid) else { return }
      result = info.signal == 0 || processes.post(info, to: entry) ? nil : .EAGAIN
    }
    if let result { throw result }
    return .ok
  }

  // MARK: Stopping

  /// Does what SIGSTOP asks for, until somebody sends SIGCONT.
  func stop(_ signal: Int) {
    guard let processes, hasRelatives else {
      report(once: "signal \(signal) would stop the program, and nobody is there to let it go on: ignored")
      return
    }
    processes.locked {
      guard let entry = processes.entry(ids.pid) else { return }
      entry.pointee.state = ProcessTable.State.stopped
      processes.tell(parentOf: entry, code: SignalInfo.Code.stopped, status: Int32(signal))
    }
    while !hart.pauseRequested, processes.locked({ processes.entry(ids.pid)?.pointee.state == ProcessTable.State.stopped }) {
      // SIGCONT sets the state before its message comes.
      _ = host_poll(nil, 0, 200_000_000, mailboxFlag)
      for info in processes.locked({ processes.takeMessages(ids.pid) }) { signals.raise(info) }
    }
  }

  // MARK: Groups and sessions

  /// The group and session of a process.
  private func member(_ process: Int32) throws(LinuxError) -> ProcessIdentity {
    if isSelf(process) { return ids }
    guard let entry = processes?.locked({ processes?.entry(Int(process))?.pointee }) else { throw .ESRCH }
    var result = ids
    (result.pid, result.parent, result.group, result.session) = (entry.pid, entry.parent, entry.group, entry.session)
    return result
  }

  func group(of process: Int32) throws(LinuxError) -> Int { try member(process).group }
  func session(of process: Int32) throws(LinuxError) -> Int { try member(process).session }

  /// The parent, or 1 once it is gone.
  var parent: Int { processes?.locked { processes?.entry(ids.pid)?.pointee.parent } ?? ids.parent }

  func setGroup(_ process: Int32, _ group: Int32) throws(LinuxError) -> CallResult {
    guard group >= 0 else { throw .EINVAL }
    let target = try member(process)
    let new = group == 0 ? target.pid : Int(group)
    if target.pid != ids.pid {
      guard target.parent == ids.pid else { throw .ESRCH }
      guard target.session == ids.session else { throw .EPERM }
      if processes?.locked({ processes?.entry(target.pid)?.pointee.hasExecuted }) == true { throw .EACCES }
    }
    if target.session == target.pid { throw .EPERM }
    if new != target.pid {
      let exists = processes?.locked { processes?.all.contains { $0.pointee.group == new && $0.pointee.session == ids.session } }
      guard exists ?? (new == ids.group) else { throw .EPERM }
    }
    if target.pid == ids.pid { ids.group = new }
    processes?.locked { processes?.entry(target.pid)?.pointee.group = new }
    return .ok
  }

  func newSession() throws(LinuxError) -> CallResult {
    if ids.group == ids.pid { throw .EPERM }
    (ids.group, ids.session) = (ids.pid, ids.pid)
    processes?.locked {
      processes?.entry(ids.pid)?.pointee.group = ids.pid
      processes?.entry(ids.pid)?.pointee.session = ids.pid
    }
    return .value(ids.pid)
  }
}
