import CHost

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
      return known(status, files[directory])
    }
    let noFollowLinks = flags & AtFlags.noFollow != 0
    if let virtual = try virtualFile(directory, path), !virtual.isLink || noFollowLinks {
      return virtual.status(user: options.identity.user, group: options.identity.group, time: clock.real(run: hart.elapsed))
    }
    if let number = path.descriptor(process: ids.pid), flags & AtFlags.noFollow == 0 {
      guard let file = files[number] else { throw .ENOENT }
      try host { fstat(file.descriptor, &status) }
      return known(status, file)
    }
    let start = try startDirectory(directory, path)
    let name = flags & AtFlags.noFollow == 0 ? hostName(path) : path.bytes
    let noFollow = flags & AtFlags.noFollow != 0 ? AT_SYMLINK_NOFOLLOW : 0
    try host { fstatat(start, name, &status, noFollow) }
    return known(status, nil)
  }

  /// The host's status as the guest knows it: what belongs to the host's user is the guest's user's.
  private func known(_ status: stat, _ file: OpenFile?) -> FileStatus {
    var result = FileStatus(status)
    if result.user == geteuid() { result.user = options.identity.user }
    if result.group == getegid() { result.group = options.identity.group }
    if let mode = file?.virtualMode { (result.mode, result.size, result.blocks) = (mode, 0, 0) }
    return result
  }

  func status(_ descriptor: Int32, to address: UInt64) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    var status = stat()
    try host { fstat(file.descriptor, &status) }
    try space.put(known(status, file).layout, at: address)
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

  /// `struct statfs` (asm-generic/statfs.h).
  private func fileSystem(_ file: OpenFile, to target: UInt64) throws(LinuxError) -> CallResult {
    var found = host_file_system()
    try host { host_file_system_of(file.descriptor, &found) }
    var layout = GuestLayout(capacity: 120)
    for field in [
      found.type, found.block_size, found.blocks, found.free_blocks, found.available_blocks, found.files, found.free_files,
      found.identity, found.name_length, found.fragment_size, found.flags,
    ] { layout.put(field) }
    layout.pad(to: 120)
    try space.put(layout, at: target)
    return .ok
  }
}
