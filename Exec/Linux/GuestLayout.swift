/// A structure as the guest's ABI lays it out, written field by field: the host's own may differ.
struct GuestLayout {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func put<T: FixedWidthInteger>(_ value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> T(shift))) }
  }

  mutating func put(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// Zeros up to `size` bytes in all.
  mutating func pad(to size: Int) {
    if bytes.count < size { bytes.append(contentsOf: repeatElement(0, count: size - bytes.count)) }
  }

  /// A string and zeros, `size` bytes in all, at least one of them zero.
  mutating func put(_ string: String, size: Int) {
    let end = bytes.count + size
    put(string.utf8.prefix(size - 1))
    pad(to: end)
  }

  /// A `struct timespec`: seconds and nanoseconds.
  mutating func put(nanoseconds: UInt64) {
    put(nanoseconds / 1_000_000_000)
    put(nanoseconds % 1_000_000_000)
  }

  /// A `struct timeval`: seconds and microseconds.
  mutating func put(microsecondsOf nanoseconds: UInt64) {
    put(nanoseconds / 1_000_000_000)
    put(nanoseconds % 1_000_000_000 / 1000)
  }
}

extension AddressSpace {
  /// Writes a structure for the guest.
  func put(_ layout: GuestLayout, at address: UInt64) throws(LinuxError) {
    guard write(address, layout.bytes) else { throw .EFAULT }
  }

  /// Writes an integer for the guest.
  func put<T: FixedWidthInteger>(_ value: T, at address: UInt64) throws(LinuxError) {
    guard write(address, value) else { throw .EFAULT }
  }

  /// Reads an integer of the guest's.
  func get<T: FixedWidthInteger>(_ address: UInt64, as type: T.Type = T.self) throws(LinuxError) -> T {
    guard let value = read(address, as: T.self) else { throw .EFAULT }
    return value
  }
}
