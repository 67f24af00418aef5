import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// wait4 and waitid: what has become of children.
extension LinuxUser {
  /// W… options (linux/wait.h).
  private enum WaitOptions {
    static let noHang: UInt32 = 1
    static let stopped: UInt32 = 2
    static let exited: UInt32 = 4
    static let continued: UInt32 = 8
    static let noWait: UInt32 = 0x100_0000
    /// __WNOTHREAD, __WALL, __WCLONE: there are no threads.
    static let kinds: UInt32 = 0xe000_0000
  }

  private enum Selection {
    case any
    case process(Int)
    case group(Int)

    func contains(_ entry: ProcessTable.Entry) -> Bool {
      switch self {
      case .any: true
      case .process(let pid): entry.pid == pid
      case .group(let group): entry.group == group
      }
    }
  }

  /// A child that has something to say, as it was then.
  private struct Report {
    var child: Int
    var code: Int32
    var status: Int32
    var used: UInt64
  }

  func wait(_ process: Int32, to address: UInt64, options: UInt32, usage: UInt64) throws(LinuxError) -> CallResult {
    typealias Options = WaitOptions
    guard options & ~(Options.noHang | Options.stopped | Options.continued | Options.kinds) == 0 else { throw .EINVAL }
    if process == .min { throw .ESRCH }
    let selection: Selection =
      switch process {
      case -1: .any
      case 0: .group(ids.group)
      case ..<0: .group(-Int(process))
      default: .process(Int(process))
      }
    guard let report = try report(of: selection, options | Options.exited) else { return .ok }
    if address != 0 {
      let status: Int32 =
        switch report.code {
        case SignalInfo.Code.exited: report.status << 8
        case SignalInfo.Code.stopped: report.status << 8 | 0x7f
        case SignalInfo.Code.continued: 0xffff
        default: report.status
        }
      try space.put(status, at: address)
    }
    if usage != 0 { try space.put(Self.usage(of: report.used), at: usage) }
    return .value(report.child)
  }

  /// waitid: P_ALL, P_PID, P_PGID; the answer is a siginfo.
  func wait(
    _ kind: Int32, _ process: Int32, info: UInt64, options: UInt32, usage: UInt64
  ) throws(LinuxError) -> CallResult {
    typealias Options = WaitOptions
    let events = Options.exited | Options.stopped | Options.continued
    guard options & ~(Options.noHang | Options.noWait | events | Options.kinds) == 0, options & events != 0 else { throw .EINVAL }
    let selection: Selection
    switch kind {
    case 0: selection = .any
    case 1 where process > 0: selection = .process(Int(process))
    case 2 where process >= 0: selection = .group(process == 0 ? ids.group : Int(process))
    default: throw .EINVAL
    }
    let report = try report(of: selection, options)
    if info != 0 {
      var answer = SignalInfo(0, code: 0)
      if let report {
        answer = SignalInfo(child: report.child, user: self.options.identity.user, code: report.code, status: report.status)
      }
      // The fields of no child are zeros; what lies behind is left alone.
      guard space.write(info, answer.layout.bytes.prefix(28)) else { throw .EFAULT }
    }
    if usage != 0, let report { try space.put(Self.usage(of: report.used), at: usage) }
    return .ok
  }

  /// Waits until one of the children selected has changed.
  /// - Returns: `nil` when none has, and the call is not to wait.
  private func report(of selection: Selection, _ options: UInt32) throws(LinuxError) -> Report? {
    guard let processes else { throw .ECHILD }
    var found: Report?
    while true {
      noticeLostChildren()
      let exists = processes.locked {
        let children = processes.all.filter { $0.pointee.parent == ids.pid && selection.contains($0.pointee) }
        found = take(from: children, options)
        return !children.isEmpty
      }
      if let found {
        return found
      }
      if !exists { throw .ECHILD }
      if options & WaitOptions.noHang != 0 { return nil }
      var nothing: [pollfd] = []
      do throws(LinuxError) {
        // A child that something outside has killed says nothing: look now and then.
        _ = try wait(&nothing, until: nil, child: { self.hasNews(selection, options) })
      } catch {
        throw error == .ERESTARTNOHAND ? .ERESTARTSYS : error
      }
    }
  }

  private func isNews(_ entry: ProcessTable.Entry, _ options: UInt32) -> Bool {
    if entry.state == ProcessTable.State.zombie { return options & WaitOptions.exited != 0 }
    guard entry.isNews else { return false }
    let wanted = entry.code == SignalInfo.Code.stopped ? WaitOptions.stopped : WaitOptions.continued
    return options & wanted != 0
  }

  /// Whether there is something to report, or nobody left who could.
  private func hasNews(_ selection: Selection, _ options: UInt32) -> Bool {
    noticeLostChildren()
    guard let processes else { return true }
    return processes.locked {
      let children = processes.all.filter { $0.pointee.parent == ids.pid && selection.contains($0.pointee) }
      return children.isEmpty || children.contains { isNews($0.pointee, options) }
    }
  }

  private func take(from children: [UnsafeMutablePointer<ProcessTable.Entry>], _ options: UInt32) -> Report? {
    for child in children where isNews(child.pointee, options) {
      let entry = child.pointee
      let report = Report(child: entry.pid, code: entry.code, status: entry.status, used: entry.used)
      if options & WaitOptions.noWait != 0 { return report }
      if entry.state == ProcessTable.State.zombie { reap(child) } else { child.pointee.isNews = false }
      return report
    }
    return nil
  }

  /// A zombie goes. What it did has happened before now: the clock is not behind its end.
  private func reap(_ child: UnsafeMutablePointer<ProcessTable.Entry>) {
    let entry = child.pointee
    if !entry.isBorrowed {
      var status: Int32 = 0
      while waitpid(entry.hostPid, &status, 0) < 0, errno == EINTR {}
    }
    childrenTime += entry.used
    child.pointee.pid = 0
    if entry.elapsed > elapsed, options.clock == .virtual {
      clock.pass(entry.elapsed - elapsed)
      hart.timeSkew = clock.slept
    }
  }

  /// SIGCHLD is ignored, or SA_NOCLDWAIT: nobody will wait for those that are over.
  func reapIgnored() {
    let action = signals.actions[Signal.SIGCHLD.rawValue]
    guard action.handler == SignalState.Action.ignore || action.has(SignalState.Flags.noChildWait) else { return }
    processes?.locked {
      for child in processes?.all ?? [] where child.pointee.parent == ids.pid && child.pointee.state == ProcessTable.State.zombie
      {
        reap(child)
      }
    }
  }

  /// Children whose host process has been killed from outside.
  private func noticeLostChildren() {
    guard let processes else { return }
    processes.locked {
      for child in processes.all where child.pointee.parent == ids.pid && child.pointee.state != ProcessTable.State.zombie {
        if child.pointee.isBorrowed { continue }
        let signal = host_child_end(child.pointee.hostPid)
        if signal < 0 { continue }
        // A copy of the simulator does not end by itself without having said so.
        let status = signal == 0 ? Int32(Signal.SIGKILL.rawValue) : signal
        processes.finish(child, code: SignalInfo.Code.killed, status: status, elapsed: 0, used: 0)
      }
    }
  }

  /// `struct rusage` of so much user time.
  static func usage(of nanoseconds: UInt64) -> GuestLayout {
    var layout = GuestLayout(capacity: 144)
    layout.put(microsecondsOf: nanoseconds)
    layout.pad(to: 144)
    return layout
  }
}
