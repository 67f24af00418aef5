/// What a process is while a child borrows its memory.
struct SavedProcess {
  private let child: Int
  private let registers: [UInt64]
  private let floats: [UInt64]
  private let fcsr: UInt32
  private let pc: UInt64
  private let files: FileTable
  private let signals: SignalState
  private let timers: [GuestTimer]
  private let ids: ProcessIdentity
  private let umask: UInt32
  private let limits: [ResourceLimit]
  private let threadName: [UInt8]
  private let clearChildThread: UInt64
  private let childrenTime: UInt64
  private let startTime: UInt64

  init(_ user: LinuxUser, child: Int) {
    let hart = user.hart
    self.child = child
    registers = (1..<32).map { hart[x: $0] }
    floats = (0..<32).map { hart[f: $0] }
    fcsr = UInt32(hart.state.pointee.frm) << 5 | UInt32(hart.state.pointee.fflags)
    pc = hart.pc
    (files, signals, timers, ids) = (user.files, user.signals, user.timers, user.ids)
    (umask, limits, threadName, clearChildThread) = (user.umask, user.limits, user.threadName, user.clearChildThread)
    (childrenTime, startTime) = (user.childrenTime, user.startTime)
  }

  /// Behind the call, which gives the child's number.
  func restore(to user: LinuxUser) {
    let hart = user.hart
    for (index, value) in registers.enumerated() { hart[x: index + 1] = value }
    for (index, value) in floats.enumerated() { hart[f: index] = value }
    hart.setFloatControl(fcsr)
    hart[x: 10] = UInt64(child)
    hart.pc = pc &+ 4
    (user.files, user.signals, user.timers, user.ids) = (files, signals, timers, ids)
    (user.umask, user.limits, user.threadName, user.clearChildThread) = (umask, limits, threadName, clearChildThread)
    (user.childrenTime, user.startTime) = (childrenTime, startTime)
  }
}
