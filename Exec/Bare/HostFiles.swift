#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The open files of a bare-metal program: descriptors 0, 1 and 2 are the console, the others files of the host.
///
/// Results are as a Linux kernel gives them: not negative, or an error number negated. The working folder is this object's own:
/// the host process has one for all its systems.
final class HostFiles {
  private enum Entry {
    case input, output, errors
    case file(Int32)
  }

  private let console: Console
  private let policy: BareOptions.FilePolicy
  private var entries: [Entry?] = [.input, .output, .errors]
  /// Nil until the program changes it.
  private var folder: String?

  init(console: Console, policy: BareOptions.FilePolicy) {
    self.console = console
    self.policy = policy
  }

  deinit {
    for case .file(let descriptor) in entries { _ = close(descriptor) }
  }

  // MARK: Descriptors

  private func entry(_ descriptor: UInt64) -> Entry? {
    descriptor < UInt64(entries.count) ? entries[Int(descriptor)] : nil
  }

  /// The host's descriptor of an open file that is not the console.
  private func file(_ descriptor: UInt64) -> Int32? {
    if case .file(let host) = entry(descriptor) { host } else { nil }
  }

  private func add(_ host: Int32) -> Int64 {
    if let free = entries.firstIndex(where: { $0 == nil }) {
      entries[free] = .file(host)
      return Int64(free)
    }
    entries.append(.file(host))
    return Int64(entries.count - 1)
  }

  /// What a path means: the host's descriptor of its folder, and the path.
  private func resolve(_ folder: UInt64, _ path: [UInt8]) -> (Int32, String)? {
    let path = String(decoding: path, as: UTF8.self)
    if path.utf8.first == UInt8(ascii: "/") { return (AT_FDCWD, path) }
    if Int32(truncatingIfNeeded: folder) == -100 {
      return (AT_FDCWD, self.folder.map { path.isEmpty ? path : $0 + "/" + path } ?? path)
    }
    return file(folder).map { ($0, path) }
  }

  private func result(_ value: Int) -> Int64 { value == -1 ? lastError : Int64(value) }
  private func result(_ value: Int32) -> Int64 { result(Int(value)) }
  private var lastError: Int64 { -GuestError.number(of: errno) }

  /// Does something with a path, if the policy lets it.
  private func at(_ folder: UInt64, _ path: [UInt8], _ body: (Int32, String) -> Int32) -> Int64 {
    guard policy == .host else { return -GuestError.access }
    guard let (host, path) = resolve(folder, path) else { return -GuestError.badDescriptor }
    return result(body(host, path))
  }

  // MARK: Bytes

  func read(_ descriptor: UInt64, _ count: Int, offset: Int64? = nil) -> Result {
    switch entry(descriptor) {
    case nil: return .error(-GuestError.badDescriptor)
    case .output, .errors: return .error(-GuestError.badDescriptor)
    case .input: return offset == nil ? .bytes(console.read(count)) : .error(-GuestError.illegalSeek)
    case .file(let host):
      var count = count
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        count =
          offset.map { pread(host, buffer.baseAddress, buffer.count, off_t($0)) }
          ?? hostRead(host, buffer.baseAddress, buffer.count)
        filled = max(0, count)
      }
      return count < 0 ? .error(lastError) : .bytes(bytes)
    }
  }

  enum Result {
    case bytes([UInt8])
    case error(Int64)
  }

  func write(_ descriptor: UInt64, _ bytes: [UInt8], offset: Int64? = nil) -> Int64 {
    switch entry(descriptor) {
    case nil, .input: return -GuestError.badDescriptor
    case .output where offset != nil, .errors where offset != nil: return -GuestError.illegalSeek
    case .output: console.print(bytes)
    case .errors: console.printError(bytes)
    case .file(let host):
      return result(
        bytes.withUnsafeBytes { buffer in
          offset.map { pwrite(host, buffer.baseAddress, buffer.count, off_t($0)) }
            ?? hostWrite(host, buffer.baseAddress, buffer.count)
        })
    }
    return Int64(bytes.count)
  }

  // MARK: Open files

  func open(_ folder: UInt64, _ path: [UInt8], flags: UInt64, mode: UInt64) -> Int64 {
    let descriptor = at(folder, path) { openat($0, $1, ProxiedOpenFlags.host(flags), mode_t(truncatingIfNeeded: mode)) }
    return descriptor < 0 ? descriptor : add(Int32(descriptor))
  }

  func close(_ descriptor: UInt64) -> Int64 {
    guard let entry = entry(descriptor) else { return -GuestError.badDescriptor }
    entries[Int(descriptor)] = nil
    if case .file(let host) = entry { return result(close(host)) }
    return 0
  }

  private func close(_ host: Int32) -> Int32 { hostClose(host) }

  func seek(_ descriptor: UInt64, _ offset: Int64, from origin: UInt64) -> Int64 {
    guard let host = file(descriptor) else {
      return -(entry(descriptor) == nil ? GuestError.badDescriptor : GuestError.illegalSeek)
    }
    guard origin <= 2 else { return -GuestError.invalid }
    return result(Int(lseek(host, off_t(offset), Int32(origin))))
  }

  func truncate(_ descriptor: UInt64, _ length: Int64) -> Int64 {
    guard let host = file(descriptor) else { return -(entry(descriptor) == nil ? GuestError.badDescriptor : GuestError.invalid) }
    return result(ftruncate(host, off_t(length)))
  }

  /// F_GETFD, F_SETFD, F_GETFL, F_SETFL.
  func control(_ descriptor: UInt64, _ command: UInt64, _ argument: UInt64) -> Int64 {
    switch (entry(descriptor), command) {
    case (nil, _): return -GuestError.badDescriptor
    case (.input, 3): return 0
    case (.output, 3), (.errors, 3): return 1
    case (.file(let host), 1): return result(fcntl(host, F_GETFD))
    case (.file(let host), 2): return result(fcntl(host, F_SETFD, Int32(truncatingIfNeeded: argument)))
    case (.file(let host), 3):
      let flags = fcntl(host, F_GETFL)
      return flags < 0 ? lastError : Int64(ProxiedOpenFlags.guest(flags))
    case (.file(let host), 4): return result(fcntl(host, F_SETFL, ProxiedOpenFlags.host(argument)))
    case (_, 1), (_, 2), (_, 4): return 0
    default: return -GuestError.invalid
    }
  }

  /// What is known of a file; 0, or an error.
  func status(_ descriptor: UInt64, _ status: inout ProxiedFileStatus) -> Int64 {
    switch entry(descriptor) {
    case nil: return -GuestError.badDescriptor
    case .file(let host):
      var buffer = stat()
      guard fstat(host, &buffer) == 0 else { return lastError }
      status = ProxiedFileStatus(buffer)
    // A terminal, whatever stands behind it: what a program prints does not depend on it.
    default: status = ProxiedFileStatus.terminal
    }
    return 0
  }

  // MARK: Paths

  func status(_ folder: UInt64, _ path: [UInt8], followsLinks: Bool, _ status: inout ProxiedFileStatus) -> Int64 {
    var buffer = stat()
    let error = at(folder, path) { fstatat($0, $1, &buffer, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) }
    if error == 0 { status = ProxiedFileStatus(buffer) }
    return error
  }

  func access(_ folder: UInt64, _ path: [UInt8], _ mode: UInt64) -> Int64 {
    at(folder, path) { faccessat($0, $1, Int32(truncatingIfNeeded: mode), 0) }
  }

  func makeFolder(_ folder: UInt64, _ path: [UInt8], _ mode: UInt64) -> Int64 {
    at(folder, path) { mkdirat($0, $1, mode_t(truncatingIfNeeded: mode)) }
  }

  func unlink(_ folder: UInt64, _ path: [UInt8], flags: UInt64) -> Int64 {
    at(folder, path) { unlinkat($0, $1, flags & 0x200 != 0 ? AT_REMOVEDIR : 0) }
  }

  func link(_ folder: UInt64, _ path: [UInt8], _ newFolder: UInt64, _ newPath: [UInt8], flags: UInt64) -> Int64 {
    guard let (to, target) = resolve(newFolder, newPath) else { return -GuestError.badDescriptor }
    return at(folder, path) { linkat($0, $1, to, target, flags & 0x400 != 0 ? AT_SYMLINK_FOLLOW : 0) }
  }

  func rename(_ folder: UInt64, _ path: [UInt8], _ newFolder: UInt64, _ newPath: [UInt8]) -> Int64 {
    guard let (to, target) = resolve(newFolder, newPath) else { return -GuestError.badDescriptor }
    return at(folder, path) { renameat($0, $1, to, target) }
  }

  func readLink(_ folder: UInt64, _ path: [UInt8], _ count: Int) -> Result {
    guard policy == .host else { return .error(-GuestError.access) }
    guard let (host, path) = resolve(folder, path) else { return .error(-GuestError.badDescriptor) }
    var buffer = [CChar](repeating: 0, count: max(1, min(count, 4096)))
    let length = readlinkat(host, path, &buffer, min(count, buffer.count))
    return length < 0 ? .error(lastError) : .bytes(buffer.prefix(length).map { UInt8(bitPattern: $0) })
  }

  /// The working folder's path.
  func currentFolder() -> Result {
    if policy == .none { return .bytes(Array("/".utf8)) }
    return realPath(folder ?? ".").map { .bytes(Array($0.utf8)) } ?? .error(lastError)
  }

  func changeFolder(_ path: [UInt8]) -> Int64 {
    var status = ProxiedFileStatus.terminal
    let error = self.status(UInt64(bitPattern: -100), path, followsLinks: true, &status)
    guard error == 0 else { return error }
    guard status.isFolder else { return -GuestError.notFolder }
    guard let (_, path) = resolve(UInt64(bitPattern: -100), path), let real = realPath(path) else { return lastError }
    folder = real
    return 0
  }

  private func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}

private func hostClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
