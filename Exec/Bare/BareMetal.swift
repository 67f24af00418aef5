import RVDecoder
import RVLoader

/// A bare machine: DRAM at 0x8000_0000, one hart in M mode, HTIF by the ELF's `tohost` and `fromhost` symbols, semihosting, a
/// boot ROM, and the devices of ``BareMap``.
///
/// It begins as Spike does after its boot ROM: at the ELF's entry, with the hart's number in a0 and the device tree's address in a1.
public final class BareMetal: Platform {
  private let space: AddressSpace
  private let console: Console
  private let htif: HTIF?
  /// Held here alone: the space knows it weakly.
  private let bus: BareBus
  private let semihosting: Semihosting?
  private let signature: Range<UInt64>?
  /// How many instructions had retired when the last trap was taken.
  private var lastTrap: UInt64?

  private init(hart: Hart, image: Image, options: BareOptions) {
    space = hart.space
    console = Console(output: options.output, errors: options.errors, input: options.input)
    let files = HostFiles(console: console, policy: options.files)
    let calls = ProxiedCalls(space: hart.space, files: files, arguments: options.arguments)
    let (console, say) = (console, options.complain)
    let complain: (String) -> Void = {
      console.flush()
      say($0)
    }
    htif = image.symbols["tohost"].map { symbol in
      HTIF(
        space: hart.space, tohost: symbol.address, fromhost: image.symbols["fromhost"]?.address, console: console, calls: calls,
        complain: complain)
    }
    deviceTree =
      BareTree(
        isa: hart.isa, memorySize: hart.space.size, bootArguments: options.arguments.dropFirst().joined(separator: " "),
        hasHTIF: htif != nil
      ).blob
    let rom = BootROM(entry: image.entry, deviceTree: deviceTree)
    bus = BareBus(hart: hart, rom: rom, console: console, htif: htif, complain: complain)
    semihosting =
      options.semihosting
      ? Semihosting(
        hart: hart, files: files, console: console, arguments: options.arguments, programEnd: image.addresses.upperBound) : nil
    if let begin = image.symbols["begin_signature"]?.address, let end = image.symbols["end_signature"]?.address, begin <= end {
      signature = begin..<end
    } else {
      signature = nil
    }
  }

  deinit { console.flush() }

  /// A machine with `image` in memory and its hart at reset.
  ///
  /// A program that runs anywhere, and lies below DRAM in its file, is placed at DRAM's beginning, as Spike does.
  public static func system(_ image: Image, isa: ISA, options: BareOptions = BareOptions()) throws(SystemError) -> System {
    guard let space = AddressSpace.physical(size: options.memorySize) else { throw .noMemory(bytes: options.memorySize) }
    let runsAnywhere = image.kind != .executable && image.addresses.upperBound <= BareMap.dramBase
    let image = runsAnywhere ? image.placed(at: BareMap.dramBase) : image
    space.misalignedAccessTraps = options.trapsMisaligned
    // Memory is zero as yet, so that only bytes of the file have to be written.
    for segment in image.segments {
      guard space.contains(segment.physicalAddress, length: segment.memorySize),
        space.poke(segment.physicalAddress, segment.bytes)
      else {
        throw .segmentOutsideMemory(address: segment.physicalAddress, length: segment.memorySize)
      }
    }
    guard let hart = Hart(space: space, isa: isa, isUserMode: false) else { throw .noMemory(bytes: options.memorySize) }
    hart.vectorChoices = options.vector
    hart.matrixChoices = options.matrix
    let platform = BareMetal(hart: hart, image: image, options: options)
    space.bus = platform.bus
    hart.reset(entry: image.entry)
    return System(space: space, hart: hart, platform: platform)
  }

  // MARK: Platform

  public func handle(_ trap: Trap, on hart: Hart) -> PlatformAction {
    if trap.cause == .breakpoint, let semihosting, semihosting.isCall() {
      // The ebreak is done, and counts.
      hart.pc &+= 4
      hart.state.pointee.retired &+= 1
      switch semihosting.perform() {
      case .result(let value): hart[x: 10] = value
      case .exit(let code):
        console.flush()
        return .end(.exited(code))
      }
      return .resume
    }
    if let reason = hart.whyUnhandled(trap, sameInstructionCount: lastTrap == hart.retired) {
      console.flush()
      return .end(.unhandled(Trap(trap.cause, trap.tval), reason: reason))
    }
    hart.takeTrap(trap)
    lastTrap = hart.retired
    return .resume
  }

  public func ending(of hart: Hart) -> Ending {
    console.flush()
    return hart.waitsForInterrupt ? .asleep : .exited(htif?.exitCode ?? bus.finisher.exitCode ?? 0)
  }

  public func eventCount(on hart: Hart) -> UInt64 { hart.count(at: bus.wakeTime) }

  public func handleEvent(on hart: Hart) -> PlatformAction {
    bus.timeReached()
    return .resume
  }

  public func idle(_ hart: Hart, until timer: UInt64?) -> Bool {
    if bus.waitsForInput { return waitForInput(hart, look: bus.wakeTime, timer: timer) }
    guard let timer else { return false }
    hart.time = max(hart.time, timer)
    return true
  }

  /// Input from a file is there at the next look, and no time passes on the host. For other input the host is waited for, and time passes
  /// as there: up to the timer, or not at all without one.
  private func waitForInput(_ hart: Hart, look: UInt64, timer: UInt64?) -> Bool {
    let now = hart.time
    if !console.isLive || console.waitForKey(nanoseconds: 0) {
      hart.time = max(now, min(look, timer ?? .max))
      return true
    }
    let start = ContinuousClock.now
    let isThere = console.waitForKey(nanoseconds: timer.flatMap { $0 - now > .max / 100 ? nil : ($0 - now) * 100 })
    if let timer {
      let passed = start.duration(to: .now) / .nanoseconds(100)
      hart.time = passed < Double(timer - now) ? now + UInt64(max(0, passed)) : timer
    }
    if isThere { bus.timeReached(always: true) }
    return true
  }

  // MARK: For those who run it

  /// The device tree that the program finds, flattened.
  public let deviceTree: [UInt8]

  /// Prints what the program has printed and nobody has seen yet. To be called when the program is left before its end.
  public func flush() { console.flush() }

  /// The memory between the symbols `begin_signature` and `end_signature` as text: a line for every `granularity` bytes, the
  /// lowest addresses first, each a hexadecimal number of all its digits. `nil` without these symbols, or when they do not name
  /// memory.
  public func signatureText(granularity: Int = 4) -> String? {
    guard let signature, granularity > 0,
      space.contains(signature.lowerBound, length: signature.upperBound - signature.lowerBound),
      let bytes = space.peek(signature.lowerBound, count: signature.count)
    else { return nil }
    var text = ""
    let digits = Array("0123456789abcdef")
    for start in stride(from: 0, to: bytes.count, by: granularity) {
      for index in (start..<start + granularity).reversed() {
        let byte = index < bytes.count ? bytes[index] : 0
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      text.append("\n")
    }
    return text
  }
}

extension Hart {
  /// As Spike's boot ROM leaves a hart: five instructions have been executed.
  func reset(entry: UInt64) {
    pc = entry
    self[x: 5] = entry
    self[x: 10] = csr.hartID
    self[x: 11] = BareMap.romBase + BootROM.deviceTree
    csr.cycle.offset = 5
    csr.instret.offset = 5
  }
}
