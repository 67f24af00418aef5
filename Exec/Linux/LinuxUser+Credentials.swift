/// Who the process is to the system, and how it is scheduled: an ordinary user who can become nobody else.
extension LinuxUser {
  /// setuid and its kin: everyone may become what he is already; -1 leaves an identity alone.
  func become(_ wanted: [UInt32], own: UInt32, mayBeAbsent: Bool) throws(LinuxError) -> CallResult {
    for identity in wanted where identity != own {
      if identity == .max {
        guard mayBeAbsent else { throw .EINVAL }
      } else {
        throw .EPERM
      }
    }
    return .ok
  }

  /// capget: `struct __user_cap_header_struct` and the sets, all empty.
  func capabilities(_ header: UInt64, to data: UInt64) throws(LinuxError) -> CallResult {
    let words = try capabilityWords(header)
    let process: Int32 = try space.get(header &+ 4)
    guard process >= 0 else { throw .EINVAL }
    guard isSelf(process) else { throw .ESRCH }
    if data == 0 { return .ok }
    guard space.write(data, [UInt8](repeating: 0, count: words * 12)) else { throw .EFAULT }
    return .ok
  }

  /// capset: no capability can be had.
  func setCapabilities(_ header: UInt64, from data: UInt64) throws(LinuxError) -> CallResult {
    let words = try capabilityWords(header)
    guard isSelf(try space.get(header &+ 4)) else { throw .EPERM }
    guard let sets = space.read(data, count: words * 12) else { throw .EFAULT }
    guard sets.allSatisfy({ $0 == 0 }) else { throw .EPERM }
    return .ok
  }

  /// Words of a set in the header's version; an unknown version is answered with the newest.
  private func capabilityWords(_ header: UInt64) throws(LinuxError) -> Int {
    switch try space.get(header, as: UInt32.self) {
    case 0x1998_0330: return 1
    case 0x2007_1026, 0x2008_0522: return 2
    default:
      try space.put(UInt32(0x2008_0522), at: header)
      throw .EINVAL
    }
  }

  // MARK: Scheduling

  /// getpriority tells 20 less the nice value.
  func priority(_ kind: Int32, _ who: Int32) throws(LinuxError) -> CallResult {
    try requireOwn(kind, who)
    return .value(20 - nice)
  }

  func setPriority(_ kind: Int32, _ who: Int32, _ value: Int32) throws(LinuxError) -> CallResult {
    try requireOwn(kind, who)
    let new = Int(max(-20, min(19, value)))
    if new < nice { throw .EACCES }
    nice = new
    return .ok
  }

  /// ioprio_get: kinds are one higher than those of getpriority.
  func storagePriority(_ kind: Int32, _ who: Int32) throws(LinuxError) -> CallResult {
    try requireOwn(kind &- 1, who)
    return .value(Int(storagePriority))
  }

  /// ioprio_set: a class from bit 13 on, and a level below.
  func setStoragePriority(_ kind: Int32, _ who: Int32, _ value: Int32) throws(LinuxError) -> CallResult {
    let level = value & 0x1fff
    switch value >> 13 {
    case 0 where level == 0: break  // IOPRIO_CLASS_NONE
    case 1: throw .EPERM  // real time
    case 2 where level < 8, 3: break  // best effort, idle
    default: throw .EINVAL
    }
    try requireOwn(kind &- 1, who)
    storagePriority = value
    return .ok
  }

  private func requireOwn(_ kind: Int32, _ who: Int32) throws(LinuxError) {
    let own: Bool
    switch kind {
    case 0: own = isSelf(who)
    case 1: own = who == 0 || Int(who) == ids.group
    case 2: own = who == 0 || UInt32(bitPattern: who) == options.identity.user
    default: throw .EINVAL
    }
    guard own else { throw .ESRCH }
  }

  private enum Policy {
    static let realTime: ClosedRange<Int32> = 1...2
    /// SCHED_OTHER, SCHED_BATCH, SCHED_IDLE.
    static let ordinary: Set<Int32> = [0, 3, 5]
    static let deadline: Int32 = 6
  }

  func scheduler(_ process: Int32) throws(LinuxError) -> CallResult {
    guard process >= 0 else { throw .EINVAL }
    guard isSelf(process) else { throw .ESRCH }
    return .ok
  }

  func setScheduler(_ process: Int32, policy: Int32?, parameters: UInt64) throws(LinuxError) -> CallResult {
    guard process >= 0, parameters != 0 else { throw .EINVAL }
    let priority: Int32 = try space.get(parameters)
    guard isSelf(process) else { throw .ESRCH }
    // SCHED_RESET_ON_FORK is 0x40000000.
    let policy = (policy ?? 0) & ~0x4000_0000
    if Policy.realTime.contains(policy) {
      guard (1...99).contains(priority) else { throw .EINVAL }
      throw .EPERM
    }
    guard Policy.ordinary.contains(policy), priority == 0 else { throw .EINVAL }
    return .ok
  }

  func schedulerParameters(_ process: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    guard process >= 0, address != 0 else { throw .EINVAL }
    guard isSelf(process) else { throw .ESRCH }
    try space.put(Int32(0), at: address)
    return .ok
  }

  func priorityLimit(_ policy: Int32, realTime: Int) throws(LinuxError) -> CallResult {
    if Policy.realTime.contains(policy) { return .value(realTime) }
    guard Policy.ordinary.contains(policy) || policy == Policy.deadline else { throw .EINVAL }
    return .ok
  }

  /// sched_rr_get_interval: the slice of an ordinary process.
  func slice(_ process: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    _ = try scheduler(process)
    var layout = GuestLayout(capacity: 16)
    layout.put(nanoseconds: 4_000_000)
    try space.put(layout, at: address)
    return .ok
  }

  /// sched_getattr: `struct sched_attr` of 48 bytes.
  func schedulerAttributes(_ process: Int32, to address: UInt64, size: UInt32, flags: UInt32) throws(LinuxError) -> CallResult {
    guard process >= 0, address != 0, (48...4096).contains(size), flags == 0 else { throw .EINVAL }
    guard isSelf(process) else { throw .ESRCH }
    var layout = GuestLayout(capacity: 48)
    layout.put(UInt32(48))
    layout.put(UInt32(0))
    layout.put(UInt64(0))
    layout.put(Int32(nice))
    layout.pad(to: 48)
    try space.put(layout, at: address)
    return .ok
  }

  // MARK: membarrier

  /// One thread sees its own stores in order: every barrier is there already.
  func barrier(_ command: Int32, flags: UInt32) throws(LinuxError) -> CallResult {
    let known: Int32 = 0x1f | 0x60
    guard flags == 0, command >= 0 else { throw .EINVAL }
    switch command {
    case 0: return .value(UInt64(known))
    // MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED and its SYNC_CORE form
    case 0x10, 0x40: barriers |= command
    case 0x08, 0x20:
      guard barriers & command << 1 != 0 else { throw .EPERM }
    case 1, 2, 4: break
    default: throw .EINVAL
    }
    return .ok
  }
}
