import CHost

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files by their names, and the working directory.
extension LinuxUser {
  /// AT_… flags of the guest.
  enum AtFlags {
    static let noFollow: UInt32 = 0x100
    static let removeDirectory: UInt32 = 0x200
    static let follow: UInt32 = 0x400
    static let noAutomount: UInt32 = 0x800
    static let emptyPath: UInt32 = 0x1000
    static let statxSync: UInt32 = 0x6000
  }

  func readLink(_ directory: Int32, _ address: UInt64, to target: UInt64, size: Int32) throws(LinuxError) -> Int {
    guard size > 0 else { throw .EINVAL }
    let path = try path(at: address, mayBeEmpty: true)
    var bytes: [UInt8]
    if let virtual = try virtualFile(directory, path) {
      guard case .link(let target) = virtual else { throw .EINVAL }
      bytes = target
    } else {
      let start = try startDirectory(directory, path)
      bytes = [UInt8](repeating: 0, count: 4096)
      let count = try host {
        bytes.withUnsafeMutableBytes { buffer in
          buffer.baseAddress.map { readlinkat(start, path.bytes, $0.assumingMemoryBound(to: CChar.self), buffer.count) } ?? -1
        }
      }
      bytes.removeLast(bytes.count - count)
    }
    let part = bytes.prefix(Int(size))
    guard space.write(target, part) else { throw .EFAULT }
    return part.count
  }

  func access(_ directory: Int32, _ address: UInt64, mode: Int32, flags: UInt32) throws(LinuxError) -> CallResult {
    guard mode & ~7 == 0, flags & ~(AtFlags.noFollow | AtFlags.removeDirectory | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    let path = try path(at: address, mayBeEmpty: flags & AtFlags.emptyPath != 0)
    if path.isEmpty {
      _ = try hostStatus(directory, path, flags: flags)
      return .ok
    }
    if let descriptor = path.descriptor(process: ids.pid) {
      guard files[descriptor] != nil else { throw .ENOENT }
      return .ok
    }
    if let virtual = try virtualFile(directory, path), !virtual.isLink {
      // F_OK 0, R_OK 4, W_OK 2, X_OK 1.
      let allowed: Int32 = if case .directory = virtual { 5 } else { 4 }
      guard mode & ~allowed == 0 else { throw .EACCES }
      return .ok
    }
    if mode & 2 != 0, options.files == .readOnly, !path.isDevice {
      let start = try startDirectory(directory, path)
      try host { faccessat(start, path.bytes, F_OK, 0) }
      throw .EROFS
    }
    let start = try startDirectory(directory, path)
    let name = hostName(path)
    let noFollow = flags & AtFlags.noFollow != 0 ? AT_SYMLINK_NOFOLLOW : 0
    try host { faccessat(start, name, mode, noFollow) }
    return .ok
  }

  func unlink(_ directory: Int32, _ address: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~AtFlags.removeDirectory == 0 else { throw .EINVAL }
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    try requireWriting()
    try host { unlinkat(start, path.bytes, flags != 0 ? AT_REMOVEDIR : 0) }
    return .ok
  }

  func makeDirectory(_ directory: Int32, _ address: UInt64, mode: UInt32) throws(LinuxError) -> CallResult {
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    try requireWriting()
    let bits = mode_t(truncatingIfNeeded: mode & ~umask & 0o1777)
    try host { mkdirat(start, path.bytes, bits) }
    return .ok
  }

  func symbolicLink(to text: UInt64, _ directory: Int32, _ address: UInt64) throws(LinuxError) -> CallResult {
    let target = try path(at: text)
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    try requireWriting()
    try host { symlinkat(target.bytes, start, path.bytes) }
    return .ok
  }

  func link(
    _ oldDirectory: Int32, _ oldAddress: UInt64, _ newDirectory: Int32, _ newAddress: UInt64, flags: UInt32
  ) throws(LinuxError) -> CallResult {
    guard flags & ~AtFlags.follow == 0 else { throw .EINVAL }
    let old = try path(at: oldAddress)
    let new = try path(at: newAddress)
    let oldStart = try startDirectory(oldDirectory, old)
    let newStart = try startDirectory(newDirectory, new)
    try requireWriting()
    try host { linkat(oldStart, old.bytes, newStart, new.bytes, flags != 0 ? AT_SYMLINK_FOLLOW : 0) }
    return .ok
  }

  func rename(
    _ oldDirectory: Int32, _ oldAddress: UInt64, _ newDirectory: Int32, _ newAddress: UInt64, flags: UInt32
  ) throws(LinuxError) -> CallResult {
    guard flags & ~7 == 0 else { throw .EINVAL }
    let old = try path(at: oldAddress)
    let new = try path(at: newAddress)
    let oldStart = try startDirectory(oldDirectory, old)
    let newStart = try startDirectory(newDirectory, new)
    try requireWriting()
    try host { host_rename(oldStart, old.bytes, newStart, new.bytes, flags) }
    return .ok
  }

  func changeMode(_ descriptor: Int32, _ mode: UInt32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    try requireWriting()
    try host { fchmod(file.descriptor, mode_t(truncatingIfNeeded: mode & 0o7777)) }
    return .ok
  }

  func changeMode(_ directory: Int32, _ address: UInt64, _ mode: UInt32) throws(LinuxError) -> CallResult {
    let path = try path(at: address)
    let start = try startDirectory(directory, path)
    try requireWriting()
    try host { fchmodat(start, path.bytes, mode_t(truncatingIfNeeded: mode & 0o7777), 0) }
    return .ok
  }

  /// fchmodat2: AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH; links have no rights of their own.
  func changeMode(_ directory: Int32, _ address: UInt64, _ mode: UInt32, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~(AtFlags.noFollow | AtFlags.emptyPath) == 0 else { throw .EINVAL }
    if flags & AtFlags.emptyPath != 0, directory != -100, try path(at: address, mayBeEmpty: true).isEmpty {
      return try changeMode(directory, mode)
    }
    if flags & AtFlags.noFollow != 0 {
      let status = try hostStatus(directory, try path(at: address), flags: AtFlags.noFollow)
      if status.mode & 0o170000 == 0o120000 { throw .EOPNOTSUPP }
    }
    return try changeMode(directory, address, mode)
  }

  func truncate(path address: UInt64, length: Int64) throws(LinuxError) -> CallResult {
    guard length >= 0 else { throw .EINVAL }
    let path = try path(at: address)
    let start = try startDirectory(-100, path)
    try requireWriting()
    // The host's truncate knows no directory to start from.
    let descriptor = try host { openat(start, path.bytes, O_WRONLY | O_CLOEXEC | O_NONBLOCK) }
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: OpenFlags.writeOnly)
    try host { ftruncate(file.descriptor, off_t(length)) }
    memory.withhold(file, in: space)
    return .ok
  }

  // MARK: The working directory

  func currentDirectory(to address: UInt64, size: UInt64) throws(LinuxError) -> Int {
    let bytes = files.directoryPath + [0]
    guard UInt64(bytes.count) <= size else { throw .ERANGE }
    guard space.write(address, bytes) else { throw .EFAULT }
    return bytes.count
  }

  func changeDirectory(path address: UInt64) throws(LinuxError) -> CallResult {
    let path = try path(at: address)
    let start = try startDirectory(-100, path)
    let descriptor = try host { openat(start, path.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    let file = OpenFile(descriptor: descriptor, isOwned: true, statusFlags: 0)
    let text = path.isAbsolute ? path.text : String(decoding: files.directoryPath, as: UTF8.self) + "/" + path.text
    files.setDirectory(file, path: Array((hostRealPath(text) ?? text).utf8))
    return .ok
  }

  func changeDirectory(_ descriptor: Int32) throws(LinuxError) -> CallResult {
    let file = try files.file(descriptor)
    guard let path = file.directoryPath else { throw .ENOTDIR }
    let copy = try host { openat(file.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    files.setDirectory(OpenFile(descriptor: copy, isOwned: true, statusFlags: 0), path: path)
    return .ok
  }

  func changeMask(_ mask: UInt32) -> CallResult {
    defer { umask = mask & 0o777 }
    return .value(UInt64(umask))
  }
}
