#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Error numbers of Linux on RISC-V (asm-generic/errno.h).
enum GuestError {
  static let ioError: Int64 = 5
  static let badDescriptor: Int64 = 9
  static let access: Int64 = 13
  static let fault: Int64 = 14
  static let notFolder: Int64 = 20
  static let invalid: Int64 = 22
  static let illegalSeek: Int64 = 29
  static let range: Int64 = 34
  static let nameTooLong: Int64 = 36
  static let noMemory: Int64 = 12
  static let noSuchCall: Int64 = 38

  /// The number of a host's error. Up to 34 all systems agree, but for 11 and 35.
  static func number(of host: Int32) -> Int64 {
    switch host {
    case EAGAIN: 11
    case EDEADLK: 35
    case ENAMETOOLONG: nameTooLong
    case ENOSYS: noSuchCall
    case ENOTEMPTY: 39
    case ELOOP: 40
    case EOVERFLOW: 75
    case EOPNOTSUPP: 95
    case ESTALE: 116
    case EDQUOT: 122
    case 1...34: Int64(host)
    default:
      #if os(Linux)
        Int64(host)
      #else
        ioError
      #endif
    }
  }
}

/// Flags of open (asm-generic/fcntl.h) that a program may set.
enum ProxiedOpenFlags {
  private static let table: [(guest: UInt64, host: Int32)] = [
    (0o100, O_CREAT), (0o200, O_EXCL), (0o400, O_NOCTTY), (0o1000, O_TRUNC), (0o2000, O_APPEND), (0o4000, O_NONBLOCK),
    (0o200000, O_DIRECTORY), (0o400000, O_NOFOLLOW), (0o2000000, O_CLOEXEC),
  ]

  static func host(_ flags: UInt64) -> Int32 {
    table.reduce(Int32(flags & 3)) { flags & $1.guest != 0 ? $0 | $1.host : $0 }
  }

  static func guest(_ flags: Int32) -> UInt64 {
    table.reduce(UInt64(flags & 3)) { flags & $1.host != 0 ? $0 | $1.guest : $0 }
  }
}

/// What stat tells of a file.
struct ProxiedFileStatus {
  var device: UInt64 = 0
  var inode: UInt64 = 0
  var mode: UInt32 = 0
  var links: UInt32 = 1
  var user: UInt32 = 0
  var group: UInt32 = 0
  var specialDevice: UInt64 = 0
  var size: Int64 = 0
  var blockSize: UInt32 = 4096
  var blocks: Int64 = 0
  var accessed = Time()
  var modified = Time()
  var changed = Time()

  struct Time {
    var seconds: Int64 = 0
    var nanoseconds: UInt32 = 0
  }

  /// A character device.
  static let terminal: ProxiedFileStatus = {
    var status = ProxiedFileStatus()
    status.mode = 0o020620
    status.blockSize = 1024
    status.specialDevice = 0x8800
    return status
  }()

  var isFolder: Bool { mode & 0o170000 == 0o040000 }

  private init() {}

  init(_ host: stat) {
    device = UInt64(truncatingIfNeeded: host.st_dev)
    inode = UInt64(host.st_ino)
    mode = UInt32(host.st_mode)
    links = UInt32(truncatingIfNeeded: host.st_nlink)
    user = host.st_uid
    group = host.st_gid
    specialDevice = UInt64(truncatingIfNeeded: host.st_rdev)
    size = Int64(host.st_size)
    blockSize = UInt32(truncatingIfNeeded: host.st_blksize)
    blocks = Int64(host.st_blocks)
    #if canImport(Darwin)
      let (a, m, c) = (host.st_atimespec, host.st_mtimespec, host.st_ctimespec)
    #else
      let (a, m, c) = (host.st_atim, host.st_mtim, host.st_ctim)
    #endif
    accessed = Time(seconds: Int64(a.tv_sec), nanoseconds: UInt32(a.tv_nsec))
    modified = Time(seconds: Int64(m.tv_sec), nanoseconds: UInt32(m.tv_nsec))
    changed = Time(seconds: Int64(c.tv_sec), nanoseconds: UInt32(c.tv_nsec))
  }

  /// `struct stat` of Linux on RISC-V (asm-generic/stat.h), 128 bytes.
  var stat: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.add(device, inode)
    bytes.add(mode, links, user, group)
    bytes.add(specialDevice, 0, UInt64(bitPattern: size))
    bytes.add(blockSize, 0)
    bytes.add(UInt64(bitPattern: blocks))
    for time in [accessed, modified, changed] { bytes.add(UInt64(bitPattern: time.seconds), UInt64(time.nanoseconds)) }
    bytes.add(UInt64(0))
    return bytes.bytes
  }

  /// `struct statx` (linux/stat.h), 256 bytes, with the basic fields.
  var statx: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.add(UInt32(0x7ff), blockSize)
    bytes.add(UInt64(0))
    bytes.add(links, user, group, mode & 0xffff)
    bytes.add(inode, UInt64(bitPattern: size), UInt64(bitPattern: blocks), 0)
    for time in [accessed, Time(), changed, modified] {
      bytes.add(UInt64(bitPattern: time.seconds))
      bytes.add(time.nanoseconds, 0)
    }
    for number in [specialDevice, device] {
      bytes.add(
        UInt32(truncatingIfNeeded: number >> 8 & 0xfff), UInt32(truncatingIfNeeded: number & 0xff | number >> 12 & 0xffff_ff00))
    }
    return bytes.bytes + [UInt8](repeating: 0, count: 256 - bytes.bytes.count)
  }
}

private struct LittleEndianBytes {
  private(set) var bytes: [UInt8] = []

  mutating func add<T: FixedWidthInteger>(_ values: T...) {
    for value in values { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
  }
}
