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
    if flags & OpenFlags.temporary != 0 { throw .EOPNOTSUPP }
    let writes = flags & OpenFlags.accessMode != 0 || flags & (OpenFlags.create | OpenFlags.truncate) != 0
    let closes = flags & OpenFlags.closeOnExec != 0
    if let existing = path.descriptor(process: options.identity.pid) {
      guard let file = files[existing] else { throw .ENOENT }
      return Int(try files.add(file, closesOnExec: closes, limit: openFileLimit))
    }
    let start = try startDirectory(directory, path)
    // The guest's mask comes first; the host's applies too.
    let bits = mode_t(truncatingIfNeeded: mode & ~umask & 0o7777)
    var hostFlags = OpenFlags.host(of: flags)
    if options.files == .readOnly, writes {
      // Devices may be written; an existing file may be opened for reading, whatever is asked for in case it did not exist.
      let changes = flags & OpenFlags.accessMode != 0 || flags & OpenFlags.truncate != 0 || !exists(start, path)
      if changes, !path.isDevice { throw .EROFS }
      hostFlags &= ~(O_CREAT | O_TRUNC)
    }
    let name = hostName(path)
    let descriptor = try host { openat(start, name, hostFlags, bits) }
    let file = OpenFile(
      descriptor: descriptor, isOwned: true,
      statusFlags: flags
        & ~(OpenFlags.closeOnExec | OpenFlags.create
        | OpenFlags.exclusive | OpenFlags.truncate) | OpenFlags.largeFile)
    // Through /proc the guest could reach into the simulator.
    if writes, isHostProcessFile(descriptor) { throw .EACCES }
    file.isRandom = path.isRandom
    return Int(try files.add(file, closesOnExec: closes, limit: openFileLimit))
  }

  private func exists(_ directory: Int32, _ path: GuestPath) -> Bool { faccessat(directory, path.bytes, F_OK, 0) == 0 }

  /// RLIMIT_NOFILE.
  private var openFileLimit: UInt64 { limits[ResourceLimit.openFiles].soft }

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
      if position == 0 { file.entries = nil }
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
    case 5: return try getLock(argument)  // F_GETLK
    case 6, 7:  // F_SETLK, F_SETLKW: nobody else is there to lock anything
      _ = try space.get(argument, as: UInt16.self)
      return .ok
    case 1031, 1032: throw .EBADF  // F_SETPIPE_SZ, F_GETPIPE_SZ
    default: throw .EINVAL
    }
  }

  /// No lock stands in the way: F_UNLCK in `struct flock`.
  private func getLock(_ address: UInt64) throws(LinuxError) -> CallResult {
    try space.put(UInt16(2), at: address)
    return .ok
  }

  func lock(_ descriptor: Int32, _ operation: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard [1, 2, 8].contains(operation & ~4) else { throw .EINVAL }
    try host { flock(file.descriptor, operation) }
    return .ok
  }

  // MARK: Size and storage

  func requireWriting() throws(LinuxError) {
    if options.files == .readOnly { throw .EROFS }
  }

  func truncate(_ descriptor: Int32, length: Int64) throws(LinuxError) -> CallResult {
    guard length >= 0 else { throw .EINVAL }
    let file = try files.file(descriptor)
    guard file.canWrite else { throw .EINVAL }
    try requireWriting()
    try host { ftruncate(file.descriptor, off_t(length)) }
    return .ok
  }

  func allocate(_ descriptor: Int32, mode: Int32, offset: Int64, length: Int64) throws(LinuxError) -> CallResult {
    guard offset >= 0, length > 0 else { throw .EINVAL }
    let file = try files.file(descriptor)
    guard file.canWrite else { throw .EBADF }
    try requireWriting()
    #if os(Linux)
      guard mode == 0 else { throw .EOPNOTSUPP }
      let error = posix_fallocate(file.descriptor, off_t(offset), off_t(length))
      if error != 0 { throw LinuxError(host: error) }
      return .ok
    #else
      throw .EOPNOTSUPP
    #endif
  }

  func synchronise(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try host { fsync(file.descriptor) }
    return .ok
  }

  func advise(_ descriptor: Int32, advice: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard (0...5).contains(advice) else { throw .EINVAL }
    guard file.isRegular else { throw .ESPIPE }
    return .ok
  }
}
