/// A pair of limits of a resource (linux/resource.h).
struct ResourceLimit {
  static let data = 2
  static let stack = 3
  static let openFiles = 7
  static let count = 16

  var soft: UInt64
  var hard: UInt64

  static func defaults(stackSize: UInt64) -> [ResourceLimit] {
    var limits = [ResourceLimit](repeating: ResourceLimit(soft: .max, hard: .max), count: count)
    limits[stack].soft = stackSize
    limits[4].soft = 0  // core
    limits[6] = ResourceLimit(soft: 1024, hard: 1024)  // processes
    limits[openFiles] = ResourceLimit(soft: 1024, hard: 1 << 20)
    limits[8] = ResourceLimit(soft: 8 << 20, hard: 8 << 20)  // locked memory
    limits[12] = ResourceLimit(soft: 819_200, hard: 819_200)  // bytes in message queues
    limits[11] = ResourceLimit(soft: UInt64(SignalState.queueLimit), hard: UInt64(SignalState.queueLimit))  // signals
    limits[13] = ResourceLimit(soft: 0, hard: 0)  // nice
    limits[14] = ResourceLimit(soft: 0, hard: 0)  // real-time priority
    return limits
  }
}

/// The process itself and the machine around it.
extension LinuxUser {
  /// Whether an argument means this process.
  func isSelf(_ process: Int32) -> Bool { process == 0 || Int(process) == ids.pid }

  func identities(_ value: UInt32, to addresses: [UInt64]) throws(LinuxError) -> CallResult {
    for address in addresses { try space.put(value, at: address) }
    return .ok
  }

  func groups(count: Int32, to address: UInt64) throws(LinuxError) -> Int {
    guard count >= 0 else { throw .EINVAL }
    if count > 0 { try space.put(options.identity.group, at: address) }
    return 1
  }

  /// `struct new_utsname`.
  func systemName(to address: UInt64) throws(LinuxError) -> CallResult {
    var layout = GuestLayout(capacity: 390)
    let names = ["Linux", options.identity.nodeName, options.identity.release, options.identity.version, "riscv64", "(none)"]
    for name in names { layout.put(name, size: 65) }
    try space.put(layout, at: address)
    return .ok
  }

  /// Bytes of memory that the machine says it has.
  static let machineMemory: UInt64 = 16 << 30

  /// `struct sysinfo`: a machine of 16 GiB with one process.
  func systemInformation(to address: UInt64) throws(LinuxError) -> CallResult {
    let memory = Self.machineMemory
    var layout = GuestLayout(capacity: 112)
    layout.put(clock.monotonic(run: hart.elapsed) / 1_000_000_000)
    for _ in 0..<3 { layout.put(UInt64(0)) }
    for size in [memory, memory / 2, 0, 0, 0, 0] { layout.put(size) }
    layout.put(UInt16(1))
    layout.pad(to: 88)
    layout.put(UInt64(0))
    layout.put(UInt64(0))
    layout.put(UInt32(1))
    layout.pad(to: 112)
    try space.put(layout, at: address)
    return .ok
  }

  func randomBytes(to address: UInt64, count: UInt64, flags: UInt32) throws(LinuxError) -> Int {
    guard flags & ~7 == 0, flags & 6 != 6 else { throw .EINVAL }
    let wanted = Int(min(count, 0x1ff_ffff))
    let length = space.reachable(from: address, length: wanted, need: .write)
    guard wanted == 0 || length > 0, let target = space.pointer(to: address, length: length, need: .write) else {
      if wanted == 0 { return 0 }
      throw .EFAULT
    }
    random.fill(UnsafeMutableRawBufferPointer(start: target, count: length))
    space.wrote(address, length: length)
    return length
  }

  func resourceLimit(_ process: Int32, _ resource: UInt32, new: UInt64, old: UInt64) throws(LinuxError) -> CallResult {
    guard isSelf(process) else { throw .ESRCH }
    guard resource < ResourceLimit.count else { throw .EINVAL }
    let current = limits[Int(resource)]
    if new != 0 {
      let soft: UInt64 = try space.get(new)
      let hard: UInt64 = try space.get(new &+ 8)
      guard soft <= hard else { throw .EINVAL }
      guard hard <= current.hard else { throw .EPERM }
      limits[Int(resource)] = ResourceLimit(soft: soft, hard: hard)
    }
    if old != 0 {
      try space.put(current.soft, at: old)
      try space.put(current.hard, at: old &+ 8)
    }
    return .ok
  }

  // MARK: Threads: there is one

  func setClearChildThread(_ address: UInt64) -> Int {
    clearChildThread = address
    return ids.pid
  }

  func setRobustList(_ address: UInt64, length: UInt64) throws(LinuxError) -> CallResult {
    guard length == 24 else { throw .EINVAL }
    robustList = address
    return .ok
  }

  func getRobustList(_ thread: Int32, to address: UInt64, length: UInt64) throws(LinuxError) -> CallResult {
    guard isSelf(thread) else { throw .ESRCH }
    try space.put(robustList, at: address)
    try space.put(UInt64(24), at: length)
    return .ok
  }

  /// Waking finds nobody. Waiting for a value that is there would last for ever, or until the time is up.
  func futex(
    _ address: UInt64, operation: UInt32, value: UInt32, _ timeout: UInt64, bits: UInt32
  ) throws(LinuxError) -> CallResult {
    let command = operation & 0x7f
    if command == 9 || command == 10, bits == 0 { throw .EINVAL }
    guard address & 3 == 0 else { throw .EINVAL }
    switch command {
    case 1, 10:  // FUTEX_WAKE, FUTEX_WAKE_BITSET
      _ = try space.get(address, as: UInt32.self)
      return .ok
    case 0, 9:  // FUTEX_WAIT, FUTEX_WAIT_BITSET
      guard try space.get(address, as: UInt32.self) == value else { throw .EAGAIN }
      guard timeout != 0 else {
        do throws(LinuxError) {
          try idle(until: nil)
        } catch {
          guard error == .deadlock else { throw error == .ERESTARTNOHAND ? .ERESTARTSYS : error }
          let (word, pc) = (String(address, radix: 16), String(hart.pc, radix: 16))
          options.report("deadlock: the only thread waits for the futex at 0x\(word), pc 0x\(pc)")
          return .end(.asleep)
        }
        return .ok
      }
      let time = try duration(at: timeout)
      // FUTEX_WAIT takes a duration, FUTEX_WAIT_BITSET a time of CLOCK_MONOTONIC or, by a flag, of CLOCK_REALTIME.
      let realTime = operation & 0x100 != 0
      let now = realTime ? clock.real(run: hart.elapsed) : clock.monotonic(run: hart.elapsed)
      do throws(LinuxError) {
        try idle(until: deadline(after: command == 0 ? time : time > now ? time - now : 0))
      } catch {
        throw error == .ERESTARTNOHAND ? .EINTR : error
      }
      throw .ETIMEDOUT
    case 3, 4, 5:  // FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP: nobody waits
      return .ok
    default: throw .ENOSYS
    }
  }

  /// sched_yield: to relatives, if there are any.
  func yieldProcessor() -> CallResult {
    if hasRelatives { hostYield() }
    return .ok
  }

  func affinity(_ thread: Int32, size: UInt32, to address: UInt64) throws(LinuxError) -> Int {
    guard size >= 8, size & 7 == 0 else { throw .EINVAL }
    guard isSelf(thread) else { throw .ESRCH }
    try space.put(UInt64(1), at: address)
    return 8
  }

  func setAffinity(_ thread: Int32, size: UInt32, from address: UInt64) throws(LinuxError) -> CallResult {
    guard isSelf(thread) else { throw .ESRCH }
    guard size > 0 else { throw .EINVAL }
    guard try space.get(address, as: UInt8.self) & 1 != 0 else { throw .EINVAL }
    return .ok
  }

  func processor(to address: UInt64, node: UInt64) throws(LinuxError) -> CallResult {
    if address != 0 { try space.put(UInt32(0), at: address) }
    if node != 0 { try space.put(UInt32(0), at: node) }
    return .ok
  }

  /// The last part of the program's name.
  func setThreadName(_ path: [UInt8]) {
    threadName = Array(path.split(separator: UInt8(ascii: "/")).last?.prefix(15) ?? [])
  }

  func processControl(_ option: Int32, _ argument: UInt64) throws(LinuxError) -> CallResult {
    switch option {
    case 3: return .value(1)  // PR_GET_DUMPABLE
    case 4, 1: return .ok  // PR_SET_DUMPABLE, PR_SET_PDEATHSIG
    case 15:  // PR_SET_NAME
      let reach = space.reachable(from: argument, length: 16, need: .read)
      guard let bytes = space.read(argument, count: reach), reach > 0 else { throw .EFAULT }
      threadName = Array(bytes.prefix { $0 != 0 }.prefix(15))
      return .ok
    case 16:  // PR_GET_NAME
      var layout = GuestLayout(capacity: 16)
      layout.put(threadName)
      layout.pad(to: 16)
      try space.put(layout, at: argument)
      return .ok
    case 7, 23, 27: return .ok  // PR_GET_KEEPCAPS, PR_CAPBSET_READ, PR_GET_SECUREBITS: none
    case 8, 29: return .ok  // PR_SET_KEEPCAPS, PR_SET_TIMERSLACK
    case 38:  // PR_SET_NO_NEW_PRIVS
      guard argument == 1 else { throw .EINVAL }
      hasNoNewPrivileges = true
      return .ok
    case 39: return .value(hasNoNewPrivileges ? 1 : 0)  // PR_GET_NO_NEW_PRIVS
    case 30: return .value(50_000)  // PR_GET_TIMERSLACK
    default: throw .EINVAL
    }
  }
}
