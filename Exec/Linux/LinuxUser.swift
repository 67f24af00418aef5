import CHost
import RVDecoder
import RVLoader

/// Linux around a process of one thread, and around those that it starts: static and static-PIE programs of the riscv64 ABI.
///
/// The guest's memory is the window of its ``AddressSpace``; host memory is reached only through checked ranges of it. Clocks,
/// identities and random bytes are the same on every run (``LinuxOptions``); files are those of the host.
public final class LinuxUser: Platform {
  let space: AddressSpace
  let hart: Hart
  let options: LinuxOptions
  var image: Image
  /// Whether the program has executed another one.
  var hasExecuted = false
  /// The absolute path of the program, for /proc/self/exe.
  var executablePath: String
  /// argv and envp as the program got them.
  var arguments: [[UInt8]]
  var environment: [[UInt8]]
  var memory: GuestMappings
  var files: FileTable
  var clock: VirtualClock
  var random: RandomBytes
  var signals = SignalState()
  var timers: [GuestTimer] = []
  /// Number of the next POSIX timer.
  var nextTimer: Int32 = 0
  /// Who the process is among others.
  var ids: ProcessIdentity
  /// All processes of the guest, once there was a second one.
  var processes: ProcessTable?
  /// Whether this is a copy of the host's process, which a fork of the guest has made.
  var isCopy = false
  /// Processes that wait while a child of vfork borrows their memory, the last one the lender of the present one.
  var borrowers: [SavedProcess] = []
  /// The deadline of the hart, while SIGURG makes it zero.
  var wakeWord: UnsafeMutablePointer<UInt64>?
  /// Nanoseconds that children used which have been waited for.
  var childrenTime: UInt64 = 0
  /// The count of instructions when the process began.
  var startTime: UInt64 = 0
  var limits: [ResourceLimit]
  /// prctl(PR_SET_NAME): at most 15 bytes.
  var threadName: [UInt8]
  var umask: UInt32 = 0o022
  var nice = 0
  /// What ioprio_set said.
  var storagePriority: Int32 = 0
  var hasNoNewPrivileges = false
  /// What TIOCSPGRP said.
  var foregroundGroup: Int?
  /// Commands of membarrier that were registered.
  var barriers: Int32 = 0
  var robustList: UInt64 = 0
  var clearChildThread: UInt64 = 0
  private var reported: Set<String> = []

  init(
    hart: Hart, stack: GuestStack, memory: GuestMappings, files: FileTable, random: RandomBytes, options: LinuxOptions
  ) {
    self.hart = hart
    image = stack.image
    arguments = stack.arguments
    environment = stack.environment
    self.memory = memory
    self.files = files
    self.random = random
    self.options = options
    space = hart.space
    ids = ProcessIdentity(options.identity)
    clock = VirtualClock(source: options.clock, epoch: options.epoch)
    executablePath = hostRealPath(image.path) ?? image.path
    threadName = []
    limits = ResourceLimit.defaults(stackSize: options.stackSize)
    setThreadName(Array(image.path.utf8))
  }

  deinit {
    if let wakeWord { host_wake_unregister(wakeWord) }
  }

  /// A process that is about to execute its first instruction.
  ///
  /// - Parameters:
  ///   - image: a static executable or a static PIE, as the loader gives it.
  ///   - arguments: argv[1] and on; argv[0] is the image's path unless ``LinuxOptions/argument0`` says otherwise.
  ///   - environment: strings of the form NAME=value.
  public static func system(
    _ image: Image, isa: ISA, arguments: [String], environment: [String], options: LinuxOptions = LinuxOptions()
  ) throws(SystemError) -> System {
    if let interpreter = image.interpreter { throw .needsInterpreter(interpreter) }
    if image.kind == .dynamicPIE { throw .needsInterpreter("ld.so") }
    guard let space = AddressSpace.user(size: options.addressSpaceSize),
      let hart = Hart(space: space, isa: isa, isUserMode: true)
    else { throw .noMemory(bytes: options.addressSpaceSize) }
    hart.vectorChoices = options.vector
    hart.matrixChoices = options.matrix
    var memory = try GuestMappings(space: space, stackSize: options.stackSize)
    let placed = try memory.load(image, into: space)
    var random = RandomBytes(seed: options.seed)
    let stack = GuestStack(
      image: placed, name: Array(image.path.utf8),
      arguments: ([options.argument0 ?? image.path] + arguments).map { Array($0.utf8) },
      environment: environment.map { Array($0.utf8) },
      isa: isa, identity: options.identity)
    hart[x: 2] = try stack.build(in: space, memory: &memory, random: &random)
    hart.pc = placed.entry
    // As Linux sets senvcfg: cbo.zero, cbo.clean and cbo.flush are the user's, cbo.inval is not.
    if isa.contains(.zicboz) { hart.csr.menvcfg |= 0x80 }
    if isa.contains(.zicbom) { hart.csr.menvcfg |= 0x40 }
    let files = try FileTable(options: options)
    let platform = LinuxUser(hart: hart, stack: stack, memory: memory, files: files, random: random, options: options)
    return System(space: space, hart: hart, platform: platform)
  }

  public func handle(_ trap: Trap, on hart: Hart) -> PlatformAction {
    guard trap.cause == .userCall else {
      if trap.isPageFault, memory.bring(trap.tval, in: space) { return .resume }
      force(signal(of: trap))
      return deliverSignals(trap: trap)
    }
    // A reservation does not survive the way into the kernel and back.
    hart.state.pointee.reservation = HartState.noReservation
    let arguments = CallArguments(hart)
    let result: CallResult
    var interrupted: InterruptedCall?
    do throws(LinuxError) {
      result = try call(hart[x: 17], arguments)
    } catch {
      switch error {
      case .paused: return .resume
      case .deadlock:
        options.report("deadlock: the program waits for something that can never be, pc 0x\(String(hart.pc, radix: 16))")
        hart.state.pointee.retired &+= 1
        return end(.asleep)
      default:
        result = .value(error.result)
        if error.restarts { interrupted = InterruptedCall(error: error, argument: arguments[0]) }
      }
    }
    hart.state.pointee.retired &+= 1
    switch result {
    case .value(let value):
      hart[x: 10] = value
      hart.pc &+= 4
    case .registers: break
    case .copy: return .resumeAsCopy
    case .end(let ending): return end(ending)
    }
    if !timers.isEmpty || processes != nil { collectSignals() }
    return signals.needsAttention ? deliverSignals(interrupting: interrupted) : .resume
  }

  public func eventCount(on hart: Hart) -> UInt64 {
    hart.wakeFlag = mailboxFlag
    if let flag = hart.wakeFlag, flag.pointee != 0 { return hart.retired }
    guard let time = timeToTimer(whileIdle: false) else { return .max }
    // The host's clock does not count instructions.
    if options.clock == .virtual || time == 0 { return hart.count(after: time) }
    return hart.retired.addingReportingOverflow(100_000).overflow ? .max : hart.retired + 100_000
  }

  public var otherProgram: Image? { hasExecuted ? image : nil }

  public func handleEvent(on hart: Hart) -> PlatformAction {
    collectSignals()
    return deliverSignals()
  }

  public func ending(of hart: Hart) -> Ending { .exited(0) }

  private func call(_ number: UInt64, _ arguments: CallArguments) throws(LinuxError) -> CallResult {
    guard let index = Int(exactly: number), let syscall = Syscall(rawValue: index) else {
      report(once: "system call \(Syscall.name(of: number) ?? "without a name") (\(number)) is not supported: ENOSYS")
      throw .ENOSYS
    }
    return try serve(syscall, arguments)
  }

  /// Says something on standard error, once.
  func report(once line: String) {
    if reported.insert(line).inserted { options.report(line) }
  }

  /// Makes a host call until it is not interrupted by a signal.
  /// - Parameter mayWait: whether it may wait for somebody else, whom no poll has seen before.
  /// - Throws: what the host says; `.paused` when the simulator is to pause; `ERESTARTSYS` when a signal of the guest is to be
  ///   delivered.
  @discardableResult
  func host<T: FixedWidthInteger>(mayWait: Bool = false, _ body: () -> T) throws(LinuxError) -> T {
    // A relative's signal that comes when it has been looked for, and the host does not yet wait, wakes nobody; nor do the program's
    // own timers.
    let isWatched = mayWait && (hasRelatives || timeToTimer(whileIdle: true) != nil)
    var start: UInt64 = 0
    if isWatched {
      start = hostTime
      host_tick(1)
    }
    defer { if isWatched { host_tick(0) } }
    while true {
      if hart.pauseRequested { throw .paused }
      let result = body()
      if result >= 0 { return result }
      let error = LinuxError(host: hostErrno())
      if error != .EINTR { throw error }
      if isWatched { passWaited(since: &start) }
      collectSignals()
      if signals.hasDeliverable { throw .ERESTARTSYS }
    }
  }
}

/// Who a process is among others.
struct ProcessIdentity {
  var pid: Int
  var parent: Int
  var group: Int
  var session: Int

  init(_ identity: LinuxOptions.Identity) {
    pid = identity.pid
    parent = identity.parent
    group = pid
    session = pid
  }
}

/// a0…a5 of a system call.
struct CallArguments {
  private let x: InlineArray<6, UInt64>

  init(_ hart: Hart) {
    x = InlineArray { hart[x: 10 + $0] }
  }

  subscript(_ index: Int) -> UInt64 { x[index] }
  /// As `int`: the upper half is ignored.
  func int(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: x[index]) }
  func unsigned(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: x[index]) }
  func signed(_ index: Int) -> Int64 { Int64(bitPattern: x[index]) }
}

/// What a system call comes to, if it does not fail.
enum CallResult {
  /// Goes to a0.
  case value(UInt64)
  /// The call has set all registers, pc among them.
  case registers
  /// Likewise, in a copy of the host's process that was made just now.
  case copy
  case end(Ending)

  static var ok: CallResult { .value(0) }
  static func value(_ value: Int) -> CallResult { .value(UInt64(bitPattern: Int64(value))) }
}
