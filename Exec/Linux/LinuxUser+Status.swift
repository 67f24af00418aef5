#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the host's stat tells, in the words of no system.
struct FileStatus {
  struct Time {
    var seconds: Int64
    var nanoseconds: UInt32
  }

  var device: UInt64
  var inode: UInt64
  var mode: UInt32
  var links: UInt32
  var user: UInt32
  var group: UInt32
  var special: UInt64
  var size: Int64
  var blockSize: UInt32
  var blocks: Int64
  var accessed: Time
  var modified: Time
  var changed: Time

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(status.st_ino)
    mode = UInt32(status.st_mode)
    links = UInt32(truncatingIfNeeded: status.st_nlink)
    user = status.st_uid
    group = status.st_gid
    special = UInt64(truncatingIfNeeded: status.st_rdev)
    size = Int64(status.st_size)
    blockSize = UInt32(truncatingIfNeeded: status.st_blksize)
    blocks = Int64(status.st_blocks)
    #if canImport(Darwin)
    let times = [status.st_atimespec, status.st_mtimespec, status.st_ctimespec]
    #else
    let times = [status.st_atim, status.st_mtim, status.st_ctim]
    #endif
    let converted = times.map { Time(seconds: Int64($0.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: $0.tv_nsec)) }
    (accessed, modified, changed) = (converted[0], converted[1], converted[2])
  }

  /// `struct stat` of riscv64 (asm-generic/stat.h).
  var layout: GuestLayout {
    var layout = GuestLayout(capacity: 128)
    layout.put(device)
    layout.put(inode)
    layout.put(mode)
    layout.put(links)
    layout.put(user)
    layout.put(group)
    layout.put(special)
    layout.put(UInt64(0))
    layout.put(size)
    layout.put(blockSize)
    layout.put(UInt32(0))
    layout.put(blocks)
    for time in [accessed, modified, changed] {
      layout.put(time.seconds)
      layout.put(UInt64(time.nanoseconds))
    }
    layout.pad(to: 128)
    return layout
  }

  /// `struct statx` (linux/stat.h) with the basic fields.
  var extendedLayout: GuestLayout {
    var layout = GuestLayout(capacity: 256)
    layout.put(UInt32(0x7ff))
    layout.put(blockSize)
    layout.put(UInt64(0))
    layout.put(links)
    layout.put(user)
    layout.put(group)
    layout.put(UInt16(truncatingIfNeeded: mode))
    layout.put(UInt16(0))
    layout.put(inode)
    layout.put(size)
    layout.put(blocks)
    layout.put(UInt64(0))
    for time in [accessed, Time(seconds: 0, nanoseconds: 0), changed, modified] {
      layout.put(time.seconds)
      layout.put(time.nanoseconds)
      layout.put(UInt32(0))
    }
    for number in [special, device] {
      layout.put(UInt32(truncatingIfNeeded: number >> 8 & 0xfff | number >> 32 & ~0xfff))
      layout.put(UInt32(truncatingIfNeeded: number & 0xff | number >> 12 & ~0xff))
    }
    layout.pad(to: 256)
    return layout
  }
}

/// stat and its kin, and the entries of directories.
extension LinuxUser {
  func hostStatus(_ directory: Int32, _ path: GuestPath, flags: UInt32) throws(LinuxError) -> FileStatus {
    var status = stat()
    if path.isEmpty {
      guard flags & AtFlags.emptyPath != 0 else { throw .ENOENT }
      let descriptor = directory == -100 ? try startDirectory(directory, path) : try files.file(directory).descriptor
      try host { fstat(descriptor, &status) }
      return FileStatus(status)
    }
    if let number = path.descriptor(process: options.identity.pid), flags & AtFlags.noFollow == 0 {
      guard let file = files[number] else { throw .ENOENT }
      try host { fstat(file.descriptor, &status) }
      return FileStatus(status)
    }
    let start = try startDirectory(directory, path)
    let name = flags & AtFlags.noFollow == 0 ? hostName(path) : path.bytes
    let noFollow = flags & AtFlags.noFollow != 0 ? AT_SYMLINK_NOFOLLOW : 0
    try host { fstatat(start, name, &status, noFollow) }
    return FileStatus(status)
  }

  func status(_ descriptor: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    var status = stat()
    try host { fstat(file.descriptor, &status) }
    try space.put(FileStatus(status).layout, at: address)
    return .ok
  }

  func status(_ directory: Int32, _ address: UInt64, to target: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~(AtFlags.noFollow | AtFlags.noAutomount | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    let path = try path(at: address, mayBeEmpty: flags & AtFlags.emptyPath != 0)
    try space.put(try hostStatus(directory, path, flags: flags).layout, at: target)
    return .ok
  }

  func extendedStatus(
    _ directory: Int32, _ address: UInt64, flags: UInt32, mask: UInt32, to target: UInt64
  ) throws(LinuxError) -> CallResult {
    let known = AtFlags.noFollow | AtFlags.noAutomount | AtFlags.emptyPath | AtFlags.statxSync
    guard mask & 0x8000_0000 == 0, flags & ~known == 0, flags & AtFlags.statxSync != AtFlags.statxSync else { throw .EINVAL }
    let path = try path(at: address, mayBeEmpty: flags & AtFlags.emptyPath != 0)
    try space.put(try hostStatus(directory, path, flags: flags).extendedLayout, at: target)
    return .ok
  }

  func fileSystem(path address: UInt64, to target: UInt64) throws(LinuxError) -> CallResult {
    let path = try path(at: address)
    let start = try startDirectory(-100, path)
    let descriptor = try host { openat(start, path.bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: 0)
    return try fileSystem(file, to: target)
  }

  func fileSystem(of descriptor: Int32, to target: UInt64) throws(LinuxError) -> CallResult {
    try fileSystem(try files.file(descriptor), to: target)
  }

  /// `struct statfs` (asm-generic/statfs.h). The type is ext4's, whatever the host has.
  private func fileSystem(_ file: OpenFile, to target: UInt64) throws(LinuxError) -> CallResult {
    var found = statvfs()
    try host { fstatvfs(file.descriptor, &found) }
    var layout = GuestLayout(capacity: 120)
    layout.put(UInt64(0xef53))
    layout.put(UInt64(truncatingIfNeeded: found.f_bsize))
    for count in [UInt64(found.f_blocks), UInt64(found.f_bfree), UInt64(found.f_bavail), UInt64(found.f_files), UInt64(found.f_ffree)] {
      layout.put(count)
    }
    layout.put(UInt64(0))
    layout.put(UInt64(found.f_namemax))
    layout.put(UInt64(truncatingIfNeeded: found.f_frsize))
    layout.pad(to: 120)
    try space.put(layout, at: target)
    return .ok
  }

  // MARK: Directories

  /// `struct linux_dirent64[]`: as many entries as fit. Entries are in the order of their names, on every host.
  func directoryEntries(_ descriptor: Int32, _ address: UInt64, count: UInt32) throws(LinuxError) -> Int {
    let file = try files.file(descriptor)
    if file.entries == nil {
      file.entries = try file.readDirectory()
      file.position = 0
    }
    guard let entries = file.entries else { throw .ENOTDIR }
    var layout = GuestLayout(capacity: 0)
    while file.position < entries.count {
      let entry = entries[file.position]
      let length = (19 + entry.name.count + 1 + 7) & ~7
      guard layout.bytes.count + length <= Int(count) else {
        if layout.bytes.isEmpty { throw .EINVAL }
        break
      }
      let end = layout.bytes.count + length
      file.position += 1
      layout.put(entry.inode)
      layout.put(UInt64(file.position))
      layout.put(UInt16(length))
      layout.put(entry.type)
      layout.put(entry.name)
      layout.pad(to: end)
    }
    try space.put(layout, at: address)
    return layout.bytes.count
  }
}

extension OpenFile {
  /// All entries, those of the directory itself first.
  func readDirectory() throws(LinuxError) -> [DirectoryEntry] {
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { throw LinuxError(host: errno) }
    guard let stream = fdopendir(copy) else {
      let error = errno
      close(copy)
      throw LinuxError(host: error)
    }
    defer { closedir(stream) }
    var entries: [DirectoryEntry] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      entries.append(DirectoryEntry(name: name, inode: UInt64(entry.pointee.d_ino), type: UInt8(entry.pointee.d_type)))
    }
    return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
  }

  /// The path of a directory; `nil` when it is none.
  var directoryPath: [UInt8]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    #if os(Linux)
    return Array((hostRealPath("/proc/self/fd/\(descriptor)") ?? "/").utf8)
    #else
    var buffer = [CChar](repeating: 0, count: Int(MAXPATHLEN))
    guard fcntl(descriptor, F_GETPATH, &buffer) >= 0 else { return nil }
    return buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    #endif
  }
}
