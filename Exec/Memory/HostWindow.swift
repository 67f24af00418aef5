#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A range of host address space, reserved but not committed: pages cost memory once they are touched.
struct HostWindow {
  let base: UnsafeMutableRawPointer
  let size: UInt64

  /// Reserves `size` bytes that read as zero.
  /// - Returns: `nil` when the host denies the reservation.
  init?(reserving size: UInt64) {
    #if os(Linux)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE)
    #else
    let flags = MAP_PRIVATE | MAP_ANON
    #endif
    guard size > 0, size <= UInt64(Int.max),
      let base = mmap(nil, Int(size), PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED
    else { return nil }
    self.base = base
    self.size = size
  }

  /// Asks the host for large pages where the window is touched: fewer misses of its TLB.
  func preferLargePages() {
    #if os(Linux)
    madvise(base, Int(size), Int32(MADV_HUGEPAGE))
    #endif
  }

  /// Gives the pages back to the host; they read as zero afterwards. `offset` and `length` are multiples of the guest page
  /// size; host pages may be larger, so the ragged ends are cleared by hand.
  func clear(offset: UInt64, length: UInt64) {
    guard length > 0 else { return }
    let hostPage = UInt64(sysconf(Int32(_SC_PAGESIZE)))
    let start = (offset + hostPage - 1) / hostPage * hostPage
    let end = (offset + length) / hostPage * hostPage
    guard start < end else {
      memset(base + Int(offset), 0, Int(length))
      return
    }
    if offset < start { memset(base + Int(offset), 0, Int(start - offset)) }
    if end < offset + length { memset(base + Int(end), 0, Int(offset + length - end)) }
    // On Linux MADV_DONTNEED makes private anonymous pages read as zero.
    if madvise(base + Int(start), Int(end - start), Int32(MADV_DONTNEED)) != 0 {
      memset(base + Int(start), 0, Int(end - start))
    }
  }

  static var pageSize: UInt64 { UInt64(sysconf(Int32(_SC_PAGESIZE))) }

  /// Maps a file over a part of the window, or with descriptor -1 shared memory. All of it is in whole pages of the host.
  func mapFile(_ descriptor: Int32, offset: UInt64, length: UInt64, fileOffset: UInt64, shared: Bool) -> Bool {
    guard let place = off_t(exactly: fileOffset) else { return false }
    let flags = MAP_FIXED | (shared ? MAP_SHARED : MAP_PRIVATE) | (descriptor < 0 ? MAP_ANON : 0)
    return mmap(base + Int(offset), Int(length), PROT_READ | PROT_WRITE, flags, descriptor, place) != MAP_FAILED
  }

  /// Maps memory that reads as zero over a part of the window.
  func mapZeros(offset: UInt64, length: UInt64) {
    #if os(Linux)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | Int32(MAP_NORESERVE)
    #else
    let flags = MAP_PRIVATE | MAP_ANON | MAP_FIXED
    #endif
    let result = mmap(base + Int(offset), Int(length), PROT_READ | PROT_WRITE, flags, -1, 0)
    precondition(result == base + Int(offset), "the host takes back a part of the window")
    #if os(Linux)
    madvise(base + Int(offset), Int(length), Int32(MADV_HUGEPAGE))
    #endif
  }

  func release() { munmap(base, Int(size)) }
}
