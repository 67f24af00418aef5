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

  init(
    device: UInt64, inode: UInt64, mode: UInt32, links: UInt32, user: UInt32, group: UInt32, special: UInt64, size: Int64,
    blockSize: UInt32, blocks: Int64, accessed: Time, modified: Time, changed: Time
  ) {
    (self.device, self.inode, self.mode, self.links, self.user, self.group) = (device, inode, mode, links, user, group)
    (self.special, self.size, self.blockSize, self.blocks) = (special, size, blockSize, blocks)
    (self.accessed, self.modified, self.changed) = (accessed, modified, changed)
  }

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
