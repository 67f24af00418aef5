#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// stat and its kin.
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
    for count in [found.f_blocks, found.f_bfree, found.f_bavail] { layout.put(UInt64(count)) }
    for count in [found.f_files, found.f_ffree] { layout.put(UInt64(count)) }
    layout.put(UInt64(0))
    layout.put(UInt64(found.f_namemax))
    layout.put(UInt64(truncatingIfNeeded: found.f_frsize))
    layout.pad(to: 120)
    try space.put(layout, at: target)
    return .ok
  }
}
