import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A host file that the guest has open: what several of its descriptors may share ("open file description").
final class OpenFile {
  let descriptor: Int32
  /// Whether the host's descriptor is closed when the guest's last one is.
  private let isOwned: Bool
  let canRead: Bool
  let canWrite: Bool
  /// The guest's flags as fcntl F_GETFL tells them.
  var statusFlags: UInt32
  /// /dev/random and /dev/urandom: reads give the guest's own random bytes.
  var isRandom = false
  /// Writing needs no care for closed pipes.
  let isRegular: Bool
  let isDirectory: Bool
  /// What it is, when the guest's Linux makes something else of it than the host.
  var kind = Kind.host
  /// The name of a directory in /proc or /sys, where names may mean something else than on the host.
  var virtualPath: String?
  /// Type and permissions, when the host's are not the guest's.
  var virtualMode: UInt32?
  /// What counts a timer's descriptor up.
  var timer: GuestTimer?
  /// What getdents64 gives, from the first call on, and how far it has come.
  var entries: [DirectoryEntry]?
  var position = 0

  enum Kind {
    case host
    /// A counter of the host that the guest's clock counts up.
    case timer
    /// An epoll set.
    case pollSet
  }

  struct DirectoryEntry {
    var name: [UInt8]
    var inode: UInt64
    var type: UInt8
  }

  init(descriptor: Int32, isOwned: Bool, statusFlags: UInt32) {
    self.descriptor = descriptor
    self.isOwned = isOwned
    self.statusFlags = statusFlags
    canRead = statusFlags & OpenFlags.accessMode != OpenFlags.writeOnly
    canWrite = statusFlags & OpenFlags.accessMode != 0
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    isRegular = isKnown && status.st_mode & S_IFMT == S_IFREG
    isDirectory = isKnown && status.st_mode & S_IFMT == S_IFDIR
  }

  deinit {
    if isOwned { close(descriptor) }
  }

  /// The absolute path by which the host knows the file.
  var path: String? {
    #if os(Linux)
      hostRealPath("/proc/self/fd/\(descriptor)")
    #else
      var buffer = [CChar](repeating: 0, count: Int(MAXPATHLEN))
      guard fcntl(descriptor, F_GETPATH, &buffer) >= 0 else { return nil }
      return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
  }

  /// Bytes in the file; `nil` when it is no regular file.
  var size: UInt64? {
    var status = stat()
    guard isRegular, fstat(descriptor, &status) == 0 else { return nil }
    return UInt64(clamping: status.st_size)
  }

  /// Reads up to the end of the file; errors end it too.
  func readAll(into target: UnsafeMutableRawPointer, length: Int, offset: UInt64) {
    var done = 0
    while done < length, let place = off_t(exactly: offset &+ UInt64(done)) {
      let count = pread(descriptor, target + done, length - done, place)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      done += count
    }
  }

  func writeAll(_ bytes: ArraySlice<UInt8>, offset: UInt64) {
    bytes.withUnsafeBytes { source in
      var done = 0
      while done < source.count, let base = source.baseAddress, let place = off_t(exactly: offset &+ UInt64(done)) {
        let count = pwrite(descriptor, base + done, source.count - done, place)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        done += count
      }
    }
  }
}

/// The guest's descriptors.
struct FileTable {
  private struct Entry {
    var file: OpenFile
    var closesOnExec: Bool
  }

  private var entries: [Entry?] = []
  /// The working directory, for calls relative to it.
  private(set) var directory: OpenFile?
  /// Its path.
  private(set) var directoryPath: [UInt8]

  /// Descriptors 0, 1 and 2, and the simulator's working directory.
  init(options: LinuxOptions) throws(SystemError) {
    directoryPath = Array((hostRealPath(".") ?? "/").utf8)
    let here = hostOpen(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if here >= 0 { directory = OpenFile(descriptor: here, isOwned: true, statusFlags: 0) }
    for (number, stream) in [options.standardInput, options.standardOutput, options.standardError].enumerated() {
      let file = try Self.opened(stream, number: Int32(number))
      entries.append(file.map { Entry(file: $0, closesOnExec: false) })
    }
  }

  private static func opened(_ stream: LinuxOptions.Stream, number: Int32) throws(SystemError) -> OpenFile? {
    switch stream {
    case .inherited: return inherited(number)
    case .descriptor(let descriptor): return inherited(descriptor)
    case .path(let path):
      let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
      let descriptor = hostOpen(path, flags | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotOpen(path: path, errno: errno) }
      return OpenFile(descriptor: descriptor, isOwned: true, statusFlags: number == 0 ? 0 : OpenFlags.writeOnly)
    }
  }

  /// The simulator's own descriptor; nothing when it is closed.
  private static func inherited(_ descriptor: Int32) -> OpenFile? {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0 else { return nil }
    return OpenFile(descriptor: descriptor, isOwned: false, statusFlags: OpenFlags.guest(ofHost: flags))
  }

  // MARK: Descriptors

  subscript(_ descriptor: Int32) -> OpenFile? {
    guard descriptor >= 0, Int(descriptor) < entries.count else { return nil }
    return entries[Int(descriptor)]?.file
  }

  /// Descriptors in use.
  var descriptors: [Int32] { entries.indices.filter { entries[$0] != nil }.map(Int32.init) }

  func file(_ descriptor: Int32) throws(LinuxError) -> OpenFile {
    guard let file = self[descriptor] else { throw .EBADF }
    return file
  }

  /// Gives `file` the lowest free number from `minimum` on.
  mutating func add(_ file: OpenFile, closesOnExec: Bool, minimum: Int32 = 0, limit: UInt64) throws(LinuxError) -> Int32 {
    var number = Int(minimum)
    while number < entries.count, entries[number] != nil { number += 1 }
    guard number < Int(clamping: limit), number < 1 << 20 else { throw .EMFILE }
    set(number, file, closesOnExec: closesOnExec)
    return Int32(number)
  }

  /// Gives `file` a number, whatever had it.
  mutating func set(_ number: Int, _ file: OpenFile, closesOnExec: Bool) {
    while entries.count <= number { entries.append(nil) }
    entries[number] = Entry(file: file, closesOnExec: closesOnExec)
  }

  mutating func close(_ descriptor: Int32) throws(LinuxError) {
    _ = try file(descriptor)
    entries[Int(descriptor)] = nil
    while let last = entries.last, last == nil { entries.removeLast() }
  }

  func closesOnExec(_ descriptor: Int32) throws(LinuxError) -> Bool {
    _ = try file(descriptor)
    return entries[Int(descriptor)]?.closesOnExec ?? false
  }

  mutating func setClosesOnExec(_ descriptor: Int32, _ on: Bool) throws(LinuxError) {
    _ = try file(descriptor)
    entries[Int(descriptor)]?.closesOnExec = on
  }

  mutating func setDirectory(_ file: OpenFile, path: [UInt8]) {
    directory = file
    directoryPath = path
  }
}

/// open's flags as riscv64 numbers them (asm-generic/fcntl.h), and the host's.
enum OpenFlags {
  static let accessMode: UInt32 = 0o3
  static let writeOnly: UInt32 = 0o1
  static let create: UInt32 = 0o100
  static let exclusive: UInt32 = 0o200
  static let truncate: UInt32 = 0o1000
  static let append: UInt32 = 0o2000
  static let nonBlocking: UInt32 = 0o4000
  static let dataSync: UInt32 = 0o10000
  static let direct: UInt32 = 0o40000
  static let largeFile: UInt32 = 0o100000
  static let directory: UInt32 = 0o200000
  static let noFollow: UInt32 = 0o400000
  static let closeOnExec: UInt32 = 0o2000000
  static let sync: UInt32 = 0o4000000
  static let path: UInt32 = 0o10000000
  static let temporary: UInt32 = 0o20000000

  /// O_TMPFILE without the O_DIRECTORY in it.
  private static let table: [(guest: UInt32, host: Int32)] = [
    (temporary, host_open_temporary & ~O_DIRECTORY), (path, host_open_path), (direct, host_open_direct),
    (create, O_CREAT), (exclusive, O_EXCL), (truncate, O_TRUNC), (append, O_APPEND), (nonBlocking, O_NONBLOCK),
    (dataSync, O_DSYNC), (sync, O_SYNC), (directory, O_DIRECTORY), (noFollow, O_NOFOLLOW),
  ]

  /// The host's flags for the guest's. O_CLOEXEC is always on: the host process may start others.
  static func host(of guest: UInt32) -> Int32 {
    let access = [O_RDONLY, O_WRONLY, O_RDWR, O_RDWR][Int(guest & accessMode)]
    return table.reduce(access | O_CLOEXEC | O_NOCTTY) { guest & $1.guest != 0 ? $0 | $1.host : $0 }
  }

  static func guest(ofHost host: Int32) -> UInt32 {
    let access: UInt32 = host & O_ACCMODE == O_RDWR ? 2 : host & O_ACCMODE == O_WRONLY ? 1 : 0
    return table.reduce(access) { $1.host != 0 && host & $1.host == $1.host ? $0 | $1.guest : $0 }
  }
}
