import RVDecoder
import RVLoader

/// Linux around one process of one thread: static and static-PIE programs of the riscv64 ABI.
///
/// The guest's memory is the window of its ``AddressSpace``; host memory is reached only through checked ranges of it. Clocks,
/// identities and random bytes are the same on every run (``LinuxOptions``); files are those of the host.
public final class LinuxUser: Platform {
  let space: AddressSpace
  let hart: Hart
  let options: LinuxOptions
  let image: Image
  /// The absolute path of the program, for /proc/self/exe.
  let executablePath: String
  var memory: GuestMappings
  var files: FileTable
  var clock: VirtualClock
  var random: RandomBytes
  var signals = SignalState()
  var limits: [ResourceLimit]
  /// prctl(PR_SET_NAME): at most 15 bytes.
  var threadName: [UInt8]
  var umask: UInt32 = 0o022
  var robustList: UInt64 = 0
  var clearChildThread: UInt64 = 0
  private var reported: Set<String> = []

  init(hart: Hart, image: Image, memory: GuestMappings, files: FileTable, random: RandomBytes, options: LinuxOptions) {
    self.hart = hart
    self.image = image
    self.memory = memory
    self.files = files
    self.random = random
    self.options = options
    space = hart.space
    clock = VirtualClock(source: options.clock, epoch: options.epoch)
    executablePath = hostRealPath(image.path) ?? image.path
    threadName = Array(executablePath.utf8.split(separator: UInt8(ascii: "/")).last?.prefix(15) ?? [])
    limits = ResourceLimit.defaults(stackSize: options.stackSize)
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
    var memory = try GuestMappings(space: space, stackSize: options.stackSize)
    let placed = try memory.load(image, into: space)
    var random = RandomBytes(seed: options.seed)
    let stack = GuestStack(
      image: placed, argument0: options.argument0 ?? image.path, arguments: arguments, environment: environment, isa: isa,
      identity: options.identity)
    hart[x: 2] = try stack.build(in: space, memory: memory, random: &random)
    hart.pc = placed.entry
    // As Linux sets senvcfg: cbo.zero, cbo.clean and cbo.flush are the user's, cbo.inval is not.
    if isa.contains(.zicboz) { hart.csr.menvcfg |= 0x80 }
    if isa.contains(.zicbom) { hart.csr.menvcfg |= 0x40 }
    let files = try FileTable(options: options)
    let platform = LinuxUser(hart: hart, image: placed, memory: memory, files: files, random: random, options: options)
    return System(space: space, hart: hart, platform: platform)
  }

  public func handle(_ trap: Trap, on hart: Hart) -> PlatformAction {
    guard trap.cause == .userCall else {
      let signal = Signal(trap.cause)
      return end(.killed(signal: signal.rawValue, trap: trap))
    }
    // A reservation does not survive the way into the kernel and back.
    hart.state.pointee.reservation = HartState.noReservation
    let arguments = CallArguments(hart)
    let result: CallResult
    do throws(LinuxError) {
      result = try call(hart[x: 17], arguments)
    } catch {
      if error == .ERESTARTSYS { return .resume }
      result = .value(error.result)
    }
    hart.state.pointee.retired &+= 1
    switch result {
    case .value(let value):
      hart[x: 10] = value
      hart.pc &+= 4
      if let signal = signals.takeFatal() { return end(.killed(signal: signal, trap: nil)) }
      return .resume
    case .end(let ending): return end(ending)
    }
  }

  public func ending(of hart: Hart) -> Ending { .exited(0) }

  private func end(_ ending: Ending) -> PlatformAction {
    memory.writeBackAll(in: space)
    return .end(ending)
  }

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
  /// - Throws: what the host says; `ERESTARTSYS` when the simulator is to pause: the guest makes its call again after that.
  @discardableResult
  func host<T: FixedWidthInteger>(_ body: () -> T) throws(LinuxError) -> T {
    while true {
      if hart.pauseRequested { throw .ERESTARTSYS }
      let result = body()
      if result >= 0 { return result }
      let error = LinuxError(host: hostErrno())
      if error != .EINTR { throw error }
    }
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
  case end(Ending)

  static var ok: CallResult { .value(0) }
  static func value(_ value: Int) -> CallResult { .value(UInt64(bitPattern: Int64(value))) }
}
