/// System calls that a program has the host do for it through HTIF. Numbers and layouts are those of Linux on RISC-V; paths come
/// with their length, the final zero included.
final class ProxiedCalls {
  enum Outcome {
    case result(Int64)
    case exit(Int)
    case unknown
  }

  private let space: AddressSpace
  private let files: HostFiles
  private let arguments: [String]

  init(space: AddressSpace, files: HostFiles, arguments: [String]) {
    self.space = space
    self.files = files
    self.arguments = arguments
  }

  /// - Parameter a: the seven arguments.
  func perform(_ number: UInt64, _ a: [UInt64]) -> Outcome {
    do throws(CallError) {
      return try dispatch(number, a)
    } catch {
      return .result(-error.number)
    }
  }

  private struct CallError: Error { var number: Int64 }

  private func dispatch(_ number: UInt64, _ a: [UInt64]) throws(CallError) -> Outcome {
    switch number {
    case 17: return .result(try put(files.currentFolder(), at: a[0], limit: a[1], terminated: true))
    case 25: return .result(files.control(a[0], a[1], a[2]))
    case 34: return .result(files.makeFolder(a[0], try path(a[1], a[2]), a[3]))
    case 35: return .result(files.unlink(a[0], try path(a[1], a[2]), flags: a[3]))
    case 37: return .result(files.link(a[0], try path(a[1], a[2]), a[3], try path(a[4], a[5]), flags: a[6]))
    case 38: return .result(files.rename(a[0], try path(a[1], a[2]), a[3], try path(a[4], a[5])))
    case 46: return .result(files.truncate(a[0], Int64(bitPattern: a[1])))
    case 48: return .result(files.access(a[0], try path(a[1], a[2]), a[3]))
    case 49:
      guard let path = space.readCString(a[0]) else { throw CallError(number: GuestError.fault) }
      return .result(files.changeFolder(path))
    case 56: return .result(files.open(a[0], try path(a[1], a[2]), flags: a[3], mode: a[4]))
    case 57: return .result(files.close(a[0]))
    case 62: return .result(files.seek(a[0], Int64(bitPattern: a[1]), from: a[2]))
    case 63: return .result(try put(files.read(a[0], try count(a[1], a[2], .write)), at: a[1]))
    case 64: return .result(files.write(a[0], try bytes(a[1], a[2])))
    case 67: return .result(try put(files.read(a[0], try count(a[1], a[2], .write), offset: Int64(bitPattern: a[3])), at: a[1]))
    case 68: return .result(files.write(a[0], try bytes(a[1], a[2]), offset: Int64(bitPattern: a[3])))
    case 78: return .result(try put(files.readLink(a[0], try path(a[1], a[2]), try count(a[3], a[4], .write)), at: a[3]))
    case 79: return .result(try fileStatus(a[0], try path(a[1], a[2]), flags: a[4], at: a[3], extended: false))
    case 80:
      var status = ProxiedFileStatus.terminal
      let error = files.status(a[0], &status)
      if error == 0 { try put(status.stat, at: a[1]) }
      return .result(error)
    case 93: return .exit(Int(Int32(truncatingIfNeeded: a[0])))
    case 291: return .result(try fileStatus(a[0], try path(a[1], a[2]), flags: a[3], at: a[5], extended: true))
    case 1039: return .result(try fileStatus(Self.here, try path(a[0], a[1]), flags: 0x100, at: a[2], extended: false))
    case 2011: return .result(try mainArguments(at: a[0], limit: a[1]))
    default: return .unknown
    }
  }

  /// AT_FDCWD.
  private static let here = UInt64(bitPattern: -100)

  // MARK: Guest memory

  /// A length, if all of the buffer can be reached.
  private func count(_ address: UInt64, _ length: UInt64, _ need: Rights) throws(CallError) -> Int {
    guard let count = Int(exactly: length), space.pointer(to: address, length: count, need: need) != nil else {
      throw CallError(number: GuestError.fault)
    }
    return count
  }

  private func bytes(_ address: UInt64, _ length: UInt64) throws(CallError) -> [UInt8] {
    guard let bytes = space.read(address, count: try count(address, length, .read)) else {
      throw CallError(number: GuestError.fault)
    }
    return bytes
  }

  private func path(_ address: UInt64, _ length: UInt64) throws(CallError) -> [UInt8] {
    if length > 1 << 16 { throw CallError(number: GuestError.nameTooLong) }
    return Array(try bytes(address, length).prefix { $0 != 0 })
  }

  private func put(_ bytes: [UInt8], at address: UInt64) throws(CallError) {
    guard space.write(address, bytes) else { throw CallError(number: GuestError.fault) }
  }

  /// Writes what was read, and gives its length.
  private func put(
    _ result: HostFiles.Result, at address: UInt64, limit: UInt64 = .max, terminated: Bool = false
  ) throws(CallError) -> Int64 {
    switch result {
    case .error(let error): return error
    case .bytes(var bytes):
      if terminated { bytes.append(0) }
      if UInt64(bytes.count) > limit { throw CallError(number: GuestError.range) }
      try put(bytes, at: address)
      return Int64(bytes.count)
    }
  }

  private func fileStatus(
    _ folder: UInt64, _ path: [UInt8], flags: UInt64, at address: UInt64, extended: Bool
  ) throws(CallError) -> Int64 {
    var status = ProxiedFileStatus.terminal
    // AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW.
    let error =
      path.isEmpty && flags & 0x1000 != 0
      ? files.status(folder, &status) : files.status(folder, path, followsLinks: flags & 0x100 == 0, &status)
    if error == 0 { try put(extended ? status.statx : status.stat, at: address) }
    return error
  }

  /// argc, the pointers to the arguments, a null pointer, an empty environment, and then the arguments' bytes.
  private func mainArguments(at address: UInt64, limit: UInt64) throws(CallError) -> Int64 {
    var words = [UInt64(arguments.count)]
    var text: [UInt8] = []
    let start = address &+ UInt64(8 * (arguments.count + 3))
    for argument in arguments {
      words.append(start &+ UInt64(text.count))
      text += Array(argument.utf8) + [0]
    }
    words += [0, 0]
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } + text
    if UInt64(bytes.count) > limit { throw CallError(number: GuestError.noMemory) }
    try put(bytes, at: address)
    return 0
  }
}
