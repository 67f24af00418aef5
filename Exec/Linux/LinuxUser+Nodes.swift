#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Owners and times of files, and files that are made without being opened.
extension LinuxUser {
  /// The host's user for the guest's: they are one.
  private func hostUser(_ user: UInt32) -> uid_t { user == options.identity.user ? geteuid() : user }
  private func hostGroup(_ group: UInt32) -> gid_t { group == options.identity.group ? getegid() : group }

  /// An ordinary user gives nothing away, whoever runs the simulator.
  private func requireOwn(_ user: UInt32, _ group: UInt32) throws(LinuxError) {
    guard user == .max || user == options.identity.user, group == .max || group == options.identity.group else { throw .EPERM }
  }

  func changeOwner(_ descriptor: Int32, _ user: UInt32, _ group: UInt32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try requireWriting()
    try requireOwn(user, group)
    try host { fchown(file.descriptor, hostUser(user), hostGroup(group)) }
    return .ok
  }

  func changeOwner(
    _ directory: Int32, _ address: UInt64, _ user: UInt32, _ group: UInt32, flags: UInt32
  ) throws(LinuxError) -> CallResult {
    guard flags & ~(AtFlags.noFollow | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    let path = try path(at: address, mayBeEmpty: flags & AtFlags.emptyPath != 0)
    if path.isEmpty, directory != -100 { return try changeOwner(directory, user, group) }
    let start = try startDirectory(directory, path)
    try requireWriting()
    let noFollow = flags & AtFlags.noFollow != 0 ? AT_SYMLINK_NOFOLLOW : 0
    if user != .max || group != .max {
      _ = try hostStatus(directory, path, flags: flags)
      try requireOwn(user, group)
    }
    try host { fchownat(start, path.isEmpty ? [0x2e, 0] : path.bytes, hostUser(user), hostGroup(group), noFollow) }
    return .ok
  }

  /// utimensat: both times, now without any; without a path, of the descriptor.
  func setTimes(_ directory: Int32, _ address: UInt64, _ times: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~(AtFlags.noFollow | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    var values = [timespec](repeating: timespec(tv_sec: 0, tv_nsec: Int(Self.timeNow)), count: 2)
    if times != 0 {
      for index in 0..<2 {
        let seconds: Int64 = try space.get(times &+ 16 &* UInt64(index))
        let parts: Int64 = try space.get(times &+ 16 &* UInt64(index) &+ 8)
        guard (0..<1_000_000_000).contains(parts) || parts == Self.timeNow || parts == Self.timeOmitted else { throw .EINVAL }
        values[index] = timespec(tv_sec: Int(seconds), tv_nsec: Int(parts))
      }
    }
    var isDescriptor = address == 0
    if !isDescriptor, flags & AtFlags.emptyPath != 0 { isDescriptor = try path(at: address, mayBeEmpty: true).isEmpty }
    if isDescriptor {
      if directory == -100 { throw address == 0 ? .EFAULT : .ENOENT }
      let file = try files.file(directory)
      if file.kind == .host, file.isRegular { try requireWriting() }
      try host { futimens(file.descriptor, values) }
      return .ok
    }
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    try requireWriting()
    let noFollow = flags & AtFlags.noFollow != 0 ? AT_SYMLINK_NOFOLLOW : 0
    try host { utimensat(start, path.bytes, values, noFollow) }
    return .ok
  }

  /// UTIME_NOW and UTIME_OMIT.
  private static let timeNow: Int64 = 0x3fff_ffff
  private static let timeOmitted: Int64 = 0x3fff_fffe

  /// mknodat: pipes, sockets and empty files; devices are for administrators.
  func makeNode(_ directory: Int32, _ address: UInt64, mode: UInt32) throws(LinuxError) -> CallResult {
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    switch mode & 0o170000 {
    case 0, 0o100000, 0o010000, 0o140000: break
    case 0o020000, 0o040000, 0o060000: throw .EPERM
    default: throw .EINVAL
    }
    try requireWriting()
    let bits = mode_t(truncatingIfNeeded: mode & ~(umask & 0o777))
    try host { mknodat(start, path.bytes, bits, 0) }
    return .ok
  }
}
