/// Semihosting: calls of the host by `slli x0,x0,31; ebreak; srai x0,x0,7` with the operation in a0 and its argument, mostly the
/// address of a block of 64-bit words, in a1. Operations and numbers are those of Arm's "Semihosting for AArch32 and AArch64",
/// which "RISC-V Semihosting" takes over.
final class Semihosting {
  enum Outcome {
    case result(UInt64)
    case exit(Int)
  }

  private enum Handle {
    case console(UInt64)
    case file(UInt64)
    case features(Int)
  }

  private let space: AddressSpace
  /// Addresses are the program's, virtual ones.
  private unowned let hart: Hart
  private let files: HostFiles
  private let console: Console
  private let arguments: [String]
  /// First address after the program, for the heap.
  private let programEnd: UInt64
  private var handles: [Handle?] = [nil]
  private var lastError: Int64 = 0

  init(hart: Hart, files: HostFiles, console: Console, arguments: [String], programEnd: UInt64) {
    self.hart = hart
    space = hart.space
    self.files = files
    self.console = console
    self.arguments = arguments
    self.programEnd = programEnd
  }

  /// Whether the ebreak at `hart.pc` is in the middle of the sequence.
  func isCall() -> Bool {
    let pc = hart.pc
    return hart.word(at: pc) == 0x0010_0073 && hart.word(at: pc &- 4) == 0x01f0_1013 && hart.word(at: pc &+ 4) == 0x4070_5013
  }

  private static let failed = UInt64.max

  func perform() -> Outcome {
    let (operation, argument) = (hart[x: 10], hart[x: 11])
    let clock = hart.elapsed
    switch operation & 0xffff_ffff {
    case 0x01: return .result(open(argument))
    case 0x02: return .result(close(word(argument, 0)))
    case 0x03: if let byte = hart.read(argument, as: UInt8.self) { console.put(byte) }
    case 0x04: if let text = hart.readCString(argument) { console.print(text) }
    case 0x05: return .result(write(argument))
    case 0x06: return .result(read(argument))
    case 0x07: return .result(console.read(1).first.map(UInt64.init) ?? Self.failed)
    case 0x08: return .result(Int64(bitPattern: word(argument, 0)) < 0 ? 1 : 0)
    case 0x09:
      if case .console? = handle(word(argument, 0)) { return .result(1) }
      return .result(0)
    case 0x0a: return .result(seek(word(argument, 0), word(argument, 1)))
    case 0x0c: return .result(length(word(argument, 0)))
    case 0x0e: return .result(path(argument, 0).map { done(files.unlink(Self.here, $0, flags: 0)) } ?? failure(GuestError.fault))
    case 0x0f:
      guard let old = path(argument, 0), let new = path(argument, 2) else { return .result(failure(GuestError.fault)) }
      return .result(done(files.rename(Self.here, old, Self.here, new)))
    case 0x10: return .result(clock / 10_000_000)
    case 0x11: return .result(Self.epoch + clock / 1_000_000_000)
    case 0x13: return .result(UInt64(bitPattern: lastError))
    case 0x15: return .result(commandLine(argument))
    case 0x16: return .result(heap(argument))
    // The reason in word 0: 0x20026 is the end of the application, with its code in word 1.
    case 0x18, 0x20:
      let isEnd = word(argument, 0) == 0x20026
      return .exit(isEnd ? Int(Int32(truncatingIfNeeded: word(argument, 1))) : 1)
    case 0x30: return .result(hart.write(argument, clock) ? 0 : Self.failed)
    case 0x31: return .result(1_000_000_000)
    default: return .result(failure(GuestError.noSuchCall))
    }
    return .result(0)
  }

  /// 1 January 2020, when every program is started: clocks are virtual.
  private static let epoch: UInt64 = 1_577_836_800
  private static let here = UInt64(bitPattern: -100)

  // MARK: Arguments

  private func word(_ block: UInt64, _ index: Int) -> UInt64 { hart.read(block &+ UInt64(8 * index), as: UInt64.self) ?? 0 }

  /// A path by address and length, the final zero not counted.
  private func path(_ block: UInt64, _ index: Int) -> [UInt8]? {
    Int(exactly: word(block, index + 1)).flatMap { hart.read(word(block, index), count: $0) }
  }

  private func failure(_ error: Int64) -> UInt64 {
    lastError = error
    return Self.failed
  }

  /// The result of a call: itself, or -1 with the error kept for SYS_ERRNO.
  private func done(_ result: Int64) -> UInt64 { result < 0 ? failure(-result) : UInt64(result) }

  // MARK: Files

  private func handle(_ number: UInt64) -> Handle? { number < UInt64(handles.count) ? handles[Int(number)] : nil }

  private func add(_ handle: Handle) -> UInt64 {
    if let free = handles.indices.dropFirst().first(where: { handles[$0] == nil }) {
      handles[free] = handle
      return UInt64(free)
    }
    handles.append(handle)
    return UInt64(handles.count - 1)
  }

  private func open(_ block: UInt64) -> UInt64 {
    let mode = word(block, 1)
    guard let name = Int(exactly: word(block, 2)).flatMap({ hart.read(word(block, 0), count: $0) }) else {
      return failure(GuestError.fault)
    }
    guard mode < 12 else { return failure(GuestError.invalid) }
    switch String(decoding: name, as: UTF8.self) {
    case ":tt": return add(.console(mode / 4))
    case ":semihosting-features": return add(.features(0))
    default: break
    }
    // fopen's r, w, a, two of each (text, binary), then with a plus.
    let access: UInt64 = mode & 2 != 0 ? 2 : mode < 4 ? 0 : 1
    let creation: UInt64 = [0, 0o1100, 0o2100][Int(mode / 4)]
    let descriptor = files.open(Self.here, name, flags: access | creation, mode: 0o644)
    return descriptor < 0 ? failure(-descriptor) : add(.file(UInt64(descriptor)))
  }

  private func close(_ number: UInt64) -> UInt64 {
    guard let handle = handle(number) else { return failure(GuestError.badDescriptor) }
    handles[Int(number)] = nil
    if case .file(let descriptor) = handle { return done(files.close(descriptor)) }
    return 0
  }

  /// - Returns: bytes that were not written.
  private func write(_ block: UInt64) -> UInt64 {
    let length = word(block, 2)
    guard let bytes = Int(exactly: length).flatMap({ hart.read(word(block, 1), count: $0) }) else {
      lastError = GuestError.fault
      return length
    }
    let written: Int64 =
      switch handle(word(block, 0)) {
      case .console(let stream): files.write(stream, bytes)
      case .file(let descriptor): files.write(descriptor, bytes)
      case .features, nil: -GuestError.badDescriptor
      }
    if written < 0 { lastError = -written }
    return length - UInt64(max(0, written))
  }

  /// - Returns: bytes of the buffer that were not filled.
  private func read(_ block: UInt64) -> UInt64 {
    let (number, buffer, length) = (word(block, 0), word(block, 1), word(block, 2))
    guard let count = Int(exactly: length), hart.mayWrite(buffer, count: count) else {
      return failure(GuestError.fault)
    }
    let result: HostFiles.Result
    switch handle(number) {
    case .console(let stream): result = files.read(stream, count)
    case .file(let descriptor): result = files.read(descriptor, count)
    case .features(let position):
      // The magic bytes, then: SYS_EXIT_EXTENDED is there, ":tt" has a standard error.
      let bytes = Array([0x53, 0x48, 0x46, 0x42, 3].dropFirst(position).prefix(count)) as [UInt8]
      handles[Int(number)] = .features(position + bytes.count)
      result = .bytes(bytes)
    case nil: result = .error(-GuestError.badDescriptor)
    }
    switch result {
    case .error(let error): return failure(-error)
    case .bytes(let bytes):
      hart.write(buffer, bytes)
      return length - UInt64(bytes.count)
    }
  }

  private func seek(_ number: UInt64, _ position: UInt64) -> UInt64 {
    switch handle(number) {
    case .file(let descriptor):
      let result = files.seek(descriptor, Int64(bitPattern: position), from: 0)
      return result < 0 ? failure(-result) : 0
    case .features:
      handles[Int(number)] = .features(Int(min(position, 5)))
      return 0
    case .console: return failure(GuestError.illegalSeek)
    case nil: return failure(GuestError.badDescriptor)
    }
  }

  private func length(_ number: UInt64) -> UInt64 {
    switch handle(number) {
    case .file(let descriptor):
      var status = ProxiedFileStatus.terminal
      let error = files.status(descriptor, &status)
      return error < 0 ? failure(-error) : UInt64(status.size)
    case .features: return 5
    case .console: return 0
    case nil: return failure(GuestError.badDescriptor)
    }
  }

  // MARK: The program's surroundings

  /// Fills a buffer given by address and length with the arguments, and sets the length.
  private func commandLine(_ block: UInt64) -> UInt64 {
    let line = Array(arguments.joined(separator: " ").utf8)
    guard UInt64(line.count) < word(block, 1), hart.write(word(block, 0), line + [0]) else { return Self.failed }
    return hart.write(block &+ 8, UInt64(line.count)) ? 0 : Self.failed
  }

  /// Heap from the program's end, stack from the end of memory downwards; they meet a mebibyte below it.
  private func heap(_ block: UInt64) -> UInt64 {
    let end = space.low &+ space.size
    let border = end &- min(1 << 20, space.size / 8)
    let start = min((programEnd &+ 15) & ~15, border)
    for (index, value) in [start, border, end, border].enumerated() {
      guard hart.write(word(block, 0) &+ UInt64(8 * index), value) else { return Self.failed }
    }
    return 0
  }
}
