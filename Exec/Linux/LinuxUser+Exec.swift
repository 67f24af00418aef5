import RVLoader

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// execve: another program in the same process.
extension LinuxUser {
  /// Scripts that may name each other as interpreters.
  private static let scriptLimit = 5
  /// Bytes of a script's first line that Linux looks at (BINPRM_BUF_SIZE).
  private static let lineLimit = 256

  private struct Program {
    var image: Image
    var executable: String
    var arguments: [[UInt8]]
  }

  func execute(
    _ directory: Int32, _ path: UInt64, _ arguments: UInt64, _ environment: UInt64, flags: UInt32
  ) throws(LinuxError) -> CallResult {
    guard flags & ~(AtFlags.noFollow | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    let path = try self.path(at: path, mayBeEmpty: flags & AtFlags.emptyPath != 0)
    var strings = try self.strings(at: arguments)
    // Linux makes up an empty argv[0].
    if strings.isEmpty { strings.append([]) }
    let variables = try self.strings(at: environment)
    let program = try program(directory, path, strings, depth: 0)
    let stack = GuestStack(
      image: program.image, name: path.utf8, arguments: program.arguments, environment: variables, isa: hart.isa,
      identity: options.identity)
    guard stack.fits(in: options.stackSize) else { throw .E2BIG }
    // A child of vfork becomes a process of its own; its parent goes on.
    let wasBorrowing = !borrowers.isEmpty
    guard try detach() else {
      collectSignals()
      return .registers
    }
    guard start(program, stack, variables) else {
      // Nothing is left to return to.
      signals.raise(SignalInfo(.SIGKILL, code: SignalInfo.Code.kernel))
      return .registers
    }
    return wasBorrowing ? .copy : .registers
  }

  /// An array of pointers to strings, up to its null.
  private func strings(at address: UInt64) throws(LinuxError) -> [[UInt8]] {
    if address == 0 { return [] }
    var result: [[UInt8]] = []
    var total: UInt64 = 0
    while true {
      let pointer: UInt64 = try space.get(address &+ 8 &* UInt64(result.count))
      if pointer == 0 { return result }
      guard let bytes = space.readCString(pointer, limit: 1 << 17) else {
        throw space.reachable(from: pointer, length: 1 << 17, need: .read) == 1 << 17 ? .E2BIG : .EFAULT
      }
      total += UInt64(bytes.count) + 9
      guard total <= options.stackSize else { throw .E2BIG }
      result.append(bytes)
    }
  }

  /// Finds a program, through the interpreters of scripts.
  private func program(
    _ directory: Int32, _ path: GuestPath, _ arguments: [[UInt8]], depth: Int
  ) throws(LinuxError) -> Program {
    let file = try openProgram(directory, path)
    var head = [UInt8](repeating: 0, count: Self.lineLimit)
    let count = head.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, $0.count, 0) }
    head.removeLast(Self.lineLimit - max(0, count))
    if head.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) {
      guard depth < Self.scriptLimit else { throw .ELOOP }
      let line = head.dropFirst(2).prefix { $0 != 0x0a && $0 != 0 }
      let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
      let words = line.drop(while: isBlank)
      let name = Array(words.prefix { !isBlank($0) })
      guard !name.isEmpty else { throw .ENOEXEC }
      var argument = Array(words.dropFirst(name.count).drop(while: isBlank))
      while let last = argument.last, isBlank(last) { argument.removeLast() }
      let rest = (argument.isEmpty ? [] : [argument]) + [path.utf8] + arguments.dropFirst()
      return try program(-100, GuestPath(name), [name] + rest, depth: depth + 1)
    }
    let size = Int(clamping: file.size ?? 0)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, done in
      buffer.initialize(repeating: 0)
      if let base = buffer.baseAddress { file.readAll(into: UnsafeMutableRawPointer(base), length: size, offset: 0) }
      done = size
    }
    let image: Image
    do throws(LoadError) {
      image = try Image(bytes: bytes, name: file.path ?? path.text)
    } catch {
      throw .ENOEXEC
    }
    if image.interpreter != nil || image.kind == .dynamicPIE {
      report(once: "\(path.text): \(SystemError.needsInterpreter(image.interpreter ?? "ld.so"))")
      throw .ENOENT
    }
    return Program(image: image, executable: file.path ?? path.text, arguments: arguments)
  }

  /// Opens a file that may be executed.
  private func openProgram(_ directory: Int32, _ path: GuestPath) throws(LinuxError) -> OpenFile {
    let descriptor: Int32
    if path.isEmpty {
      let file = try files.file(directory)
      descriptor = dup(file.descriptor)
    } else {
      let start = try startDirectory(directory, path)
      let name = hostName(path)
      try host { faccessat(start, name, X_OK, 0) }
      descriptor = try host { openat(start, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    }
    guard descriptor >= 0 else { throw LinuxError(host: hostErrno()) }
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: 0)
    guard file.isRegular else { throw .EACCES }
    return file
  }

  /// Replaces the program.
  /// - Returns: `false` when the new one has no room: the process is lost.
  private func start(_ program: Program, _ stack: GuestStack, _ variables: [[UInt8]]) -> Bool {
    memory.unmap(0..<memory.end, in: space)
    var stack = stack
    do throws(SystemError) {
      memory = try GuestMappings(space: space, stackSize: options.stackSize)
      stack.image = try memory.load(program.image, into: space)
      for index in 1..<32 {
        hart[x: index] = 0
        hart[f: index] = 0
      }
      hart[f: 0] = 0
      hart.setFloatControl(0)
      hart.resetVectors()
      hart.resetUnit()
      hart[x: 2] = try stack.build(in: space, memory: &memory, random: &random)
    } catch {
      return false
    }
    hart.pc = stack.image.entry
    image = stack.image
    hasExecuted = true
    executablePath = program.executable
    arguments = program.arguments
    environment = variables
    setThreadName(stack.name)
    for descriptor in files.descriptors where (try? files.closesOnExec(descriptor)) == true { try? files.close(descriptor) }
    signals.resetForNewProgram()
    timers.removeAll { if case .posix = $0.action { true } else { false } }
    (clearChildThread, robustList) = (0, 0)
    processes?.locked { processes?.entry(ids.pid)?.pointee.hasExecuted = true }
    return true
  }
}
