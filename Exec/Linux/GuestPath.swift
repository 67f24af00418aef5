/// A path as the guest gave it: bytes without a zero, and what it means where the guest's Linux differs from the host's.
struct GuestPath {
  /// With the zero at its end, for host calls.
  let bytes: [CChar]
  /// As text; what is not UTF-8 is replaced, so only for comparing.
  let text: String

  init(_ path: [UInt8]) {
    bytes = path.map { CChar(bitPattern: $0) } + [0]
    text = String(decoding: path, as: UTF8.self)
  }

  /// Without the zero.
  var utf8: [UInt8] { bytes.dropLast().map { UInt8(bitPattern: $0) } }

  var isEmpty: Bool { bytes.count == 1 }
  var isAbsolute: Bool { bytes.first == 0x2f }
  var isRandom: Bool { text == "/dev/urandom" || text == "/dev/random" }
  var isDevice: Bool { ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/random", "/dev/urandom"].contains(text) }

  /// What comes behind /proc/self/ or its other names.
  private func insideProcess(_ process: Int) -> Substring? {
    for prefix in ["/proc/self/", "/proc/thread-self/", "/proc/\(process)/"] where text.hasPrefix(prefix) {
      return text.dropFirst(prefix.count)
    }
    return nil
  }

  /// The program's own file.
  func isExecutable(process: Int) -> Bool { insideProcess(process) == "exe" }

  /// The guest's descriptor that the path stands for.
  func descriptor(process: Int) -> Int32? {
    switch text {
    case "/dev/stdin": return 0
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default: break
    }
    if text.hasPrefix("/dev/fd/") { return Int32(text.dropFirst(8)) }
    guard let rest = insideProcess(process), rest.hasPrefix("fd/") else { return nil }
    return Int32(rest.dropFirst(3))
  }
}

extension LinuxUser {
  /// Reads a path from guest memory.
  func path(at address: UInt64, mayBeEmpty: Bool = false) throws(LinuxError) -> GuestPath {
    let limit = 4096
    guard let bytes = space.readCString(address, limit: limit) else {
      throw space.reachable(from: address, length: limit, need: .read) == limit ? .ENAMETOOLONG : .EFAULT
    }
    if bytes.isEmpty, !mayBeEmpty { throw .ENOENT }
    return GuestPath(bytes)
  }

  /// The host's descriptor for the directory that a relative path starts from.
  /// - Throws: `ENOENT` when no files are to be seen.
  func startDirectory(_ descriptor: Int32, _ path: GuestPath) throws(LinuxError) -> Int32 {
    if options.files == .none, !path.isDevice { throw .ENOENT }
    // AT_FDCWD is -100 for the guest.
    if path.isAbsolute || descriptor == -100 {
      guard let directory = files.directory else { throw .ENOENT }
      return directory.descriptor
    }
    return try files.file(descriptor).descriptor
  }

  /// The path that the host is to be asked for.
  func hostName(_ path: GuestPath) -> [CChar] {
    path.isExecutable(process: ids.pid) ? executablePath.utf8CString.map { $0 } : path.bytes
  }
}
