/// Extended attributes: as on a file system that has none. What is wrong with the arguments is said first.
extension LinuxUser {
  enum AttributedFile {
    case path(UInt64, follows: Bool)
    case descriptor(Int32)
  }

  /// XATTR_NAME_MAX and XATTR_SIZE_MAX.
  private static let nameLimit = 255
  private static let sizeLimit: UInt64 = 0x1_0000

  /// getxattr, setxattr, removexattr and their kin. XATTR_CREATE and XATTR_REPLACE are the flags.
  func attribute(
    _ file: AttributedFile, _ name: UInt64, value: UInt64 = 0, size: UInt64 = 0, flags: UInt32 = 0
  ) throws(LinuxError) -> CallResult {
    guard flags & ~3 == 0 else { throw .EINVAL }
    guard let bytes = space.readCString(name, limit: Self.nameLimit + 1) else {
      let room = Self.nameLimit + 1
      throw space.reachable(from: name, length: room, need: .read) == room ? .ERANGE : .EFAULT
    }
    guard !bytes.isEmpty else { throw .ERANGE }
    guard size <= Self.sizeLimit else { throw .E2BIG }
    let length = Int(size)
    guard space.reachable(from: value, length: length, need: .read) == length else { throw .EFAULT }
    return try attributes(file)
  }

  /// listxattr and its kin, and the end of all the others.
  func attributes(_ file: AttributedFile) throws(LinuxError) -> CallResult {
    switch file {
    case .path(let address, let follows):
      _ = try hostStatus(-100, try path(at: address), flags: follows ? 0 : AtFlags.noFollow)
    case .descriptor(let number): _ = try files.file(number)
    }
    throw .EOPNOTSUPP
  }
}
