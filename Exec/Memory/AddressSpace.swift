#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Guest memory: one window of host address space and a byte of rights per 4 KiB page.
///
/// The run loops reach it through ``UserMemory`` or ``PhysicalMemory``, plain structs of pointers into it. Everything that is
/// not an aligned access to an ordinary page comes here, out of line. The guest cannot reach a byte outside of the window: every access
/// is compared with its bounds and its rights.
public final class AddressSpace {
  /// First guest address of the window.
  public let low: UInt64
  /// Bytes in the window; a multiple of the page size.
  public let size: UInt64
  let window: HostWindow
  let rightsWindow: HostWindow
  let rights: UnsafeMutablePointer<UInt8>
  /// Whether a fault is a page fault (Linux, translated) or an access fault (physical).
  public let faultsAreAccessFaults: Bool
  /// Misaligned scalar loads and stores are done, or trap.
  public var misalignedAccessTraps = false
  /// Told about stores to pages with predecoded instructions.
  weak var code: CodeCache?
  /// What answers outside of ordinary memory and on observed pages; `nil` in user mode.
  /// The platform owns it, and it refers to this space.
  weak var bus: (any Bus)?

  /// Reserves the window.
  /// - Returns: `nil` when the host denies the reservation.
  public init?(low: UInt64, size: UInt64, faultsAreAccessFaults: Bool) {
    let rounded = (size + guestPageSize - 1) / guestPageSize * guestPageSize
    guard rounded > 0, let window = HostWindow(reserving: rounded) else { return nil }
    guard let rightsWindow = HostWindow(reserving: rounded / guestPageSize) else {
      window.release()
      return nil
    }
    window.preferLargePages()
    self.low = low
    self.size = rounded
    self.window = window
    self.rightsWindow = rightsWindow
    self.rights = rightsWindow.base.assumingMemoryBound(to: UInt8.self)
    self.faultsAreAccessFaults = faultsAreAccessFaults
  }

  deinit {
    window.release()
    rightsWindow.release()
  }

  /// Linux user mode: `size` bytes from address 0, nothing mapped; halves the size until the host agrees.
  public static func user(size: UInt64 = 1 << 38) -> AddressSpace? {
    var size = size
    while size >= 1 << 30 {
      if let space = AddressSpace(low: 0, size: size, faultsAreAccessFaults: false) { return space }
      size /= 2
    }
    return nil
  }

  /// Bare metal: `size` bytes of DRAM at 0x8000_0000, all of it readable, writable and executable.
  public static func physical(size: UInt64) -> AddressSpace? {
    guard let space = AddressSpace(low: PhysicalMemory.low, size: size, faultsAreAccessFaults: true) else { return nil }
    space.setRights([.read, .write, .execute, .mapped], at: space.low, length: space.size)
    return space
  }

  // MARK: Pages

  /// Whether `length` bytes from `address` lie in the window.
  @inlinable
  public func contains(_ address: UInt64, length: UInt64) -> Bool {
    let offset = address &- low
    return offset < size && length <= size - offset
  }

  /// Rights of the page that holds `address`; empty outside of the window.
  public func rights(at address: UInt64) -> Rights {
    let offset = address &- low
    return offset < size ? Rights(rawValue: rights[Int(offset / guestPageSize)]) : []
  }

  /// Sets the rights of whole pages. Predecoded instructions of those pages are forgotten.
  /// - Precondition: the range lies in the window and is page-aligned.
  public func setRights(_ new: Rights, at address: UInt64, length: UInt64) {
    precondition(contains(address, length: length) || length == 0)
    let first = Int((address &- low) / guestPageSize)
    let count = Int(length / guestPageSize)
    forgetCode(at: address, length: length)
    memset(rights + first, Int32(new.rawValue), count)
  }

  /// Adds marks (``Rights/decoded``, ``Rights/observed``) to the page of `address`, or takes them off.
  public func mark(_ marks: Rights, at address: UInt64, on: Bool) {
    let offset = address &- low
    guard offset < size else { return }
    if on {
      rights[Int(offset / guestPageSize)] |= marks.rawValue
    } else {
      rights[Int(offset / guestPageSize)] &= ~marks.rawValue
    }
  }

  /// Makes whole pages read as zero, and gives their memory back to the host.
  public func clear(at address: UInt64, length: UInt64) {
    precondition(contains(address, length: length) || length == 0)
    forgetCode(at: address, length: length)
    window.clear(offset: address &- low, length: length)
  }

  // MARK: Pages of the host's files

  /// Whether the host's pages are as large as the guest's, so that the host can map files into the window.
  public var canMapFiles: Bool { HostWindow.pageSize == guestPageSize }

  /// Lets whole pages show a file of the host, which must reach to the last one.
  /// - Returns: `false` when the host refuses.
  func mapFile(_ descriptor: Int32, at address: UInt64, length: UInt64, offset: UInt64, shared: Bool) -> Bool {
    guard contains(address, length: length), canMapFiles else { return false }
    forgetCode(at: address, length: length)
    return window.mapFile(descriptor, offset: address &- low, length: length, fileOffset: offset, shared: shared)
  }

  /// Makes whole pages zero, and the same in every copy that is made of the host's process.
  /// - Returns: `false` when the host refuses.
  func shareWithCopies(at address: UInt64, length: UInt64) -> Bool {
    guard contains(address, length: length), canMapFiles else { return false }
    forgetCode(at: address, length: length)
    return window.mapFile(-1, offset: address &- low, length: length, fileOffset: 0, shared: true)
  }

  /// Makes whole pages ordinary memory again, which reads as zero.
  func mapZeros(at address: UInt64, length: UInt64) {
    guard contains(address, length: length), canMapFiles else { return }
    forgetCode(at: address, length: length)
    window.mapZeros(offset: address &- low, length: length)
  }

  private func forgetCode(at address: UInt64, length: UInt64) {
    guard let code else { return }
    var page = address
    while page < address &+ length {
      // Large ranges are mostly empty of code: look at eight pages at a time.
      let index = Int((page &- low) / guestPageSize)
      if index % 8 == 0, length - (page - address) >= 8 * guestPageSize,
        UnsafeRawPointer(rights + index).load(as: UInt64.self) & 0x0808_0808_0808_0808 == 0
      {
        page &+= 8 * guestPageSize
        continue
      }
      if rights[index] & Rights.decoded.rawValue != 0 { code.forgetPage(at: page) }
      page &+= guestPageSize
    }
  }

  /// A doubleword that lies in memory, at an address that is a multiple of eight: what page-table walks read.
  func word(at address: UInt64) -> UInt64? {
    let offset = address &- low
    guard offset < size else { return nil }
    return UInt64(littleEndian: (window.base + Int(offset)).load(as: UInt64.self))
  }

  // MARK: Bytes, for the platform (system calls, loaders, debuggers)

  /// The host address of a guest range whose pages all have `need`; `nil` if one of them has not.
  public func pointer(to address: UInt64, length: Int, need: Rights) -> UnsafeMutableRawPointer? {
    guard length >= 0, contains(address, length: UInt64(length)) else { return nil }
    guard length > 0 else { return window.base + Int(address &- low) }
    let first = Int((address &- low) / guestPageSize)
    let last = Int((address &- low &+ UInt64(length) &- 1) / guestPageSize)
    for page in first...last where rights[page] & need.rawValue != need.rawValue { return nil }
    return window.base + Int(address &- low)
  }

  /// Bytes from `address` on up to the first page that lacks `need`, at most `length`.
  public func reachable(from address: UInt64, length: Int, need: Rights) -> Int {
    guard contains(address, length: 1), length > 0 else { return 0 }
    var end = address
    let limit = min(address &+ UInt64(length), low &+ size)
    while end < limit, rights(at: end).contains(need) { end = (end / guestPageSize + 1) * guestPageSize }
    return Int(min(end, limit) - min(address, limit))
  }

  /// Reads `count` bytes if every page is readable.
  public func read(_ address: UInt64, count: Int) -> [UInt8]? {
    guard let source = pointer(to: address, length: count, need: .read) else { return nil }
    return [UInt8](UnsafeRawBufferPointer(start: source, count: count))
  }

  /// Reads a little-endian integer if its pages are readable.
  public func read<T: FixedWidthInteger>(_ address: UInt64, as type: T.Type) -> T? {
    pointer(to: address, length: MemoryLayout<T>.size, need: .read).map { T(littleEndian: $0.loadUnaligned(as: T.self)) }
  }

  /// Reads a string up to its zero byte (not included), at most `limit` bytes.
  public func readCString(_ address: UInt64, limit: Int = 1 << 20) -> [UInt8]? {
    let reach = reachable(from: address, length: limit, need: .read)
    guard reach > 0, let source = pointer(to: address, length: reach, need: .read),
      let end = memchr(source, 0, reach)
    else { return nil }
    return [UInt8](UnsafeRawBufferPointer(start: source, count: UnsafeRawPointer(end) - UnsafeRawPointer(source)))
  }

  /// Writes bytes if every page is writable; marks predecoded instructions stale.
  @discardableResult
  public func write(_ address: UInt64, _ bytes: some Collection<UInt8>) -> Bool {
    guard let target = pointer(to: address, length: bytes.count, need: .write) else { return false }
    UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyBytes(from: bytes)
    wrote(address, length: bytes.count)
    return true
  }

  /// Writes a little-endian integer if its pages are writable.
  @discardableResult
  public func write<T: FixedWidthInteger>(_ address: UInt64, _ value: T) -> Bool {
    guard let target = pointer(to: address, length: MemoryLayout<T>.size, need: .write) else { return false }
    target.storeBytes(of: value.littleEndian, as: T.self)
    wrote(address, length: MemoryLayout<T>.size)
    return true
  }

  /// Writes whatever the rights are: for loaders and debuggers.
  /// - Returns: `false` when the range is not in the window.
  @discardableResult
  public func poke(_ address: UInt64, _ bytes: some Collection<UInt8>) -> Bool {
    guard contains(address, length: UInt64(bytes.count)) else { return false }
    UnsafeMutableRawBufferPointer(start: window.base + Int(address &- low), count: bytes.count).copyBytes(from: bytes)
    wrote(address, length: bytes.count)
    return true
  }

  /// Reads whatever the rights are; `nil` when the range is not in the window.
  public func peek(_ address: UInt64, count: Int) -> [UInt8]? {
    guard count >= 0, contains(address, length: UInt64(count)) else { return nil }
    return [UInt8](UnsafeRawBufferPointer(start: window.base + Int(address &- low), count: count))
  }

  /// To be called after bytes were written through ``pointer(to:length:need:)``.
  public func wrote(_ address: UInt64, length: Int) {
    guard let code, length > 0 else { return }
    var page = address / guestPageSize * guestPageSize
    while page < address &+ UInt64(length) {
      if rights(at: page).contains(.decoded) {
        let start = max(page, address)
        code.wrote(start, length: Int(min(page &+ guestPageSize, address &+ UInt64(length)) - start))
      }
      page &+= guestPageSize
    }
  }
}

/// What answers accesses outside of ordinary memory, and sees those to observed pages.
protocol Bus: AnyObject {
  /// A load of `width` bytes (1, 2, 4, 8), aligned, at an address that is no memory.
  /// - Returns: the value, or `nil` for an access fault.
  /// - Throws: `Trap.alone` when the instruction has to be executed alone.
  func load(_ address: UInt64, width: Int) throws(Trap) -> UInt64?
  /// An aligned doubleword of memory that is no DRAM: what page-table walks read. Devices hold no page tables.
  func doubleword(at address: UInt64) -> UInt64?
  /// A store, aligned, to an address that is no memory.
  /// - Returns: `false` for an access fault.
  /// - Throws: `Trap.alone` as for loads, `Trap.halt` when it ends the program.
  func store(_ address: UInt64, width: Int, value: UInt64) throws(Trap) -> Bool
  /// A store to an observed page has been done.
  /// - Throws: `Trap.halt` when it ends the program.
  func observedStore(_ address: UInt64, width: Int) throws(Trap)
}
