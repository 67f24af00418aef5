import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Descriptors: opening, closing, duplicating, seeking, and what is set at them.
extension LinuxUser {
  func open(_ directory: Int32, _ address: UInt64, flags: UInt32, mode: UInt32) throws(LinuxError) -> Int {
    let path = try path(at: address)
    let writes = flags & OpenFlags.accessMode != 0 || flags & (OpenFlags.create | OpenFlags.truncate) != 0
    let closes = flags & OpenFlags.closeOnExec != 0
    if let existing = path.descriptor(process: ids.pid) {
      guard let file = files[existing] else { throw .ENOENT }
      return Int(try files.add(file, closesOnExec: closes, limit: openFileLimit))
    }
    if let virtual = try virtualFile(directory, path) {
      return try open(virtual, directory, path, flags: flags, closes: closes)
    }
    let start = try startDirectory(directory, path)
    // The guest's mask comes first; the host's applies too.
    let bits = mode_t(truncatingIfNeeded: mode & ~umask & 0o7777)
    var hostFlags = OpenFlags.host(of: flags)
    if options.files != .readWrite, writes {
      // Devices may be written; an existing file may be opened for reading, whatever is asked for in case it did not exist.
      let changes = flags & OpenFlags.accessMode != 0 || flags & OpenFlags.truncate != 0 || !exists(start, path)
      if changes, !path.isDevice { throw .EROFS }
      hostFlags &= ~(O_CREAT | O_TRUNC)
    }
    let name = hostName(path)
    let descriptor = try host(mayWait: flags & OpenFlags.nonBlocking == 0) { openat(start, name, hostFlags, bits) }
    let file = OpenFile(
      descriptor: descriptor, isOwned: true,
      statusFlags: flags
        & ~(OpenFlags.closeOnExec | OpenFlags.create
        | OpenFlags.exclusive | OpenFlags.truncate) | OpenFlags.largeFile)
    // Through /proc the guest could reach into the simulator.
    if writes, isHostProcessFile(descriptor) { throw .EACCES }
    if flags & OpenFlags.truncate != 0 { memory.withhold(file, in: space) }
    file.virtualPath = virtualName(directory, path)
    file.isRandom = path.isRandom
    return Int(try files.add(file, closesOnExec: closes, limit: openFileLimit))
  }

  private func exists(_ directory: Int32, _ path: GuestPath) -> Bool { faccessat(directory, path.bytes, F_OK, 0) == 0 }

  /// RLIMIT_NOFILE.
  var openFileLimit: UInt64 { limits[ResourceLimit.openFiles].soft }

  func close(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    try files.close(descriptor)
    return .ok
  }

  func closeRange(_ first: UInt32, _ last: UInt32, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~6 == 0, first <= last else { throw .EINVAL }
    for descriptor in files.descriptors where descriptor >= first && descriptor <= last {
      if flags & 4 != 0 { try files.setClosesOnExec(descriptor, true) } else { try files.close(descriptor) }
    }
    return .ok
  }

  func duplicate(_ descriptor: Int32) throws(LinuxError) -> Int {
    Int(try files.add(try files.file(descriptor), closesOnExec: false, limit: openFileLimit))
  }

  func duplicate(_ descriptor: Int32, to target: Int32, flags: UInt32) throws(LinuxError) -> Int {
    guard flags & ~OpenFlags.closeOnExec == 0, descriptor != target else { throw .EINVAL }
    guard target >= 0, UInt64(target) < min(openFileLimit, 1 << 20) else { throw .EBADF }
    let file = try files.file(descriptor)
    files.set(Int(target), file, closesOnExec: flags & OpenFlags.closeOnExec != 0)
    return Int(target)
  }

  func seek(_ descriptor: Int32, offset: Int64, whence: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    if file.statusFlags & OpenFlags.path != 0 { throw .EBADF }
    if let entries = file.entries {
      // A directory: positions are those that getdents64 gave.
      let base = whence == 1 ? Int64(file.position) : 0
      let (position, overflow) = base.addingReportingOverflow(offset)
      guard whence == 0 || whence == 1, !overflow, position >= 0 else { throw .EINVAL }
      if position == 0, file.virtualMode == nil { file.entries = nil }
      file.position = Int(min(position, Int64(entries.count)))
      return .value(file.position)
    }
    // SEEK_SET, SEEK_CUR, SEEK_END are the same everywhere; SEEK_DATA and SEEK_HOLE are 3 and 4 on Linux.
    #if os(Linux)
      guard (0...4).contains(whence) else { throw .EINVAL }
    #else
      guard (0...2).contains(whence) else { throw .EINVAL }
    #endif
    let position = try host { lseek(file.descriptor, off_t(offset), whence) }
    return .value(Int(position))
  }

  func control(_ descriptor: Int32, command: Int32, _ argument: UInt64) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    switch command {
    case 0, 1030:  // F_DUPFD, F_DUPFD_CLOEXEC
      guard argument < min(openFileLimit, 1 << 20) else { throw .EINVAL }
      return .value(Int(try files.add(file, closesOnExec: command != 0, minimum: Int32(argument), limit: openFileLimit)))
    case 1: return .value(try files.closesOnExec(descriptor) ? 1 : 0)  // F_GETFD
    case 2:  // F_SETFD
      try files.setClosesOnExec(descriptor, argument & 1 != 0)
      return .ok
    case 3: return .value(UInt64(file.statusFlags))  // F_GETFL
    case 4:  // F_SETFL
      let settable = OpenFlags.append | OpenFlags.nonBlocking
      let flags = file.statusFlags & ~settable | UInt32(truncatingIfNeeded: argument) & settable
      try host { fcntl(file.descriptor, F_SETFL, OpenFlags.host(of: flags) & ~(O_CLOEXEC | O_NOCTTY)) }
      file.statusFlags = flags
      return .ok
    case 5, 6, 7: return try recordLock(file, command: command, argument)  // F_GETLK, F_SETLK, F_SETLKW
    case 8: return .ok  // F_SETOWN: nothing sends signals for descriptors
    case 9: return .ok  // F_GETOWN: nobody
    #if os(Linux)
      case 1031:  // F_SETPIPE_SZ
        let size = Int32(truncatingIfNeeded: argument)
        return .value(Int(try host { fcntl(file.descriptor, 1031, size) }))
      case 1032: return .value(Int(try host { fcntl(file.descriptor, 1032) }))  // F_GETPIPE_SZ
    #endif
    default: throw .EINVAL
    }
  }

  /// `struct flock`: type, whence, start, length, process.
  private func recordLock(_ file: OpenFile, command: Int32, _ address: UInt64) throws(LinuxError) -> CallResult {
    let kinds = [F_RDLCK, F_WRLCK, F_UNLCK]
    let type = try space.get(address, as: Int16.self)
    guard kinds.indices.contains(Int(type)) else { throw .EINVAL }
    var lock = flock()
    lock.l_type = Int16(kinds[Int(type)])
    lock.l_whence = try space.get(address &+ 2)
    lock.l_start = off_t(try space.get(address &+ 8, as: Int64.self))
    lock.l_len = off_t(try space.get(address &+ 16, as: Int64.self))
    let hostCommand = command == 5 ? F_GETLK : command == 6 ? F_SETLK : F_SETLKW
    try host(mayWait: command == 7) { fcntl(file.descriptor, hostCommand, &lock) }
    guard command == 5 else { return .ok }
    let found = kinds.firstIndex(of: .init(lock.l_type)) ?? 2
    try space.put(Int16(found), at: address)
    if found != 2 {
      let owner = processes?.all.first { $0.pointee.hostPid == lock.l_pid }?.pointee.pid ?? Int(lock.l_pid)
      try space.put(Int16(lock.l_whence), at: address &+ 2)
      try space.put(Int64(lock.l_start), at: address &+ 8)
      try space.put(Int64(lock.l_len), at: address &+ 16)
      try space.put(Int32(truncatingIfNeeded: owner), at: address &+ 24)
    }
    return .ok
  }

  /// Opens a file of /proc or /sys that tells of the guest.
  private func open(
    _ virtual: VirtualFile, _ directory: Int32, _ path: GuestPath, flags: UInt32, closes: Bool
  ) throws(LinuxError) -> Int {
    let writes = flags & OpenFlags.accessMode != 0
    if flags & (OpenFlags.create | OpenFlags.exclusive) == OpenFlags.create | OpenFlags.exclusive { throw .EEXIST }
    let wantsDirectory = flags & OpenFlags.directory != 0
    let file: OpenFile
    switch virtual {
    case .link(let target):
      if flags & OpenFlags.noFollow != 0 { throw .ELOOP }
      if writes { throw .EACCES }
      let goal = GuestPath(target)
      let start = try startDirectory(-100, goal)
      let descriptor = try host { openat(start, goal.bytes, OpenFlags.host(of: flags), 0) }
      file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: flags & OpenFlags.nonBlocking | OpenFlags.largeFile)
    case .text(let bytes):
      if wantsDirectory { throw .ENOTDIR }
      if writes { throw .EACCES }
      file = OpenFile(descriptor: try host { host_memory_file() }, isOwned: true, statusFlags: OpenFlags.largeFile)
      file.writeAll(bytes[...], offset: 0)
      file.virtualMode = virtual.mode
    case .directory(let entries):
      if writes { throw .EISDIR }
      file = OpenFile(descriptor: try host { host_memory_file() }, isOwned: true, statusFlags: flags & ~OpenFlags.closeOnExec)
      file.virtualMode = virtual.mode
      let names = [(".", VirtualFile.EntryType.directory), ("..", VirtualFile.EntryType.directory)] + entries
      file.entries = names.map { OpenFile.DirectoryEntry(name: Array($0.0.utf8), inode: 1, type: $0.1) }
      file.virtualPath = virtualName(directory, path)
    }
    return Int(try files.add(file, closesOnExec: closes, limit: openFileLimit))
  }

  func lock(_ descriptor: Int32, _ operation: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard [1, 2, 8].contains(operation & ~4) else { throw .EINVAL }
    try host(mayWait: true) { flock(file.descriptor, operation) }
    return .ok
  }

  // MARK: Size and storage

  func requireWriting() throws(LinuxError) {
    if options.files != .readWrite { throw .EROFS }
  }

  func truncate(_ descriptor: Int32, length: Int64) throws(LinuxError) -> CallResult {
    guard length >= 0 else { throw .EINVAL }
    let file = try files.file(descriptor)
    guard file.canWrite else { throw .EINVAL }
    try requireWriting()
    try host { ftruncate(file.descriptor, off_t(length)) }
    memory.withhold(file, in: space)
    return .ok
  }

  func allocate(_ descriptor: Int32, mode: Int32, offset: Int64, length: Int64) throws(LinuxError) -> CallResult {
    guard offset >= 0, length > 0 else { throw .EINVAL }
    let file = try files.file(descriptor)
    guard file.canWrite else { throw .EBADF }
    try requireWriting()
    do throws(LinuxError) {
      try host { host_allocate(file.descriptor, mode, offset, length) }
    } catch {
      throw error == .ENOSYS ? .EOPNOTSUPP : error
    }
    memory.withhold(file, in: space)
    return .ok
  }

  func synchronise(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try host { fsync(file.descriptor) }
    return .ok
  }

  /// sync_file_range: what is to be written is the host's, and it does so for the whole file.
  func synchroniseRange(_ descriptor: Int32, offset: Int64, length: Int64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~7 == 0, offset >= 0, length >= 0, !offset.addingReportingOverflow(length).overflow else { throw .EINVAL }
    let file = try files.file(descriptor)
    guard file.isRegular || file.isDirectory else { throw .ESPIPE }
    return try synchronise(descriptor)
  }

  /// syncfs: as for sync, the host writes when it likes.
  func synchroniseFileSystem(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    _ = try files.file(descriptor)
    return .ok
  }

  func readAhead(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard file.canRead else { throw .EBADF }
    guard file.isRegular else { throw .EINVAL }
    return .ok
  }

  func advise(_ descriptor: Int32, advice: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard (0...5).contains(advice) else { throw .EINVAL }
    guard file.isRegular else { throw .ESPIPE }
    return .ok
  }
}
