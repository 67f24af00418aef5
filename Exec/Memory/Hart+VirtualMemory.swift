/// Memory as the program sees it, for those who look at it or work for it from outside: debuggers, logs, semihosting. Addresses are
/// virtual, as loads and stores have them now; permissions of page tables do not matter, and nothing is marked accessed.
extension Hart {
  /// Host addresses of the pieces that a range lies in, page by page; `nil` when a page has no translation or lacks `need`.
  private func pieces(_ address: UInt64, _ count: Int, need: Rights) -> [UnsafeMutableRawBufferPointer]? {
    guard count >= 0, UInt64(count) <= space.size else { return nil }
    var result: [UnsafeMutableRawBufferPointer] = []
    var at = address
    var left = count
    while left > 0 {
      let length = min(left, Int(guestPageSize - at & (guestPageSize - 1)))
      guard let place = physicalAddress(of: at), let pointer = space.pointer(to: place, length: length, need: need) else { return nil }
      result.append(UnsafeMutableRawBufferPointer(start: pointer, count: length))
      at &+= UInt64(length)
      left -= length
    }
    return result
  }

  /// Reads bytes whose pages are readable memory.
  public func read(_ address: UInt64, count: Int) -> [UInt8]? { pieces(address, count, need: .read)?.flatMap { Array($0) } }

  /// Reads a little-endian integer.
  public func read<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as type: T.Type) -> T? {
    read(address, count: MemoryLayout<T>.size)?.reversed().reduce(0) { $0 << 8 | T($1) }
  }

  /// Reads whatever the rights of the pages are.
  public func peek(_ address: UInt64, count: Int) -> [UInt8]? { pieces(address, count, need: [])?.flatMap { Array($0) } }

  /// Reads a string up to its zero byte (not included), at most `limit` bytes.
  public func readCString(_ address: UInt64, limit: Int = 1 << 20) -> [UInt8]? {
    var text: [UInt8] = []
    while text.count < limit {
      let at = address &+ UInt64(text.count)
      let length = min(limit - text.count, Int(guestPageSize - at & (guestPageSize - 1)))
      guard let bytes = read(at, count: length) else { return nil }
      if let end = bytes.firstIndex(of: 0) { return text + bytes[..<end] }
      text += bytes
    }
    return nil
  }

  /// Whether a range can be written.
  public func mayWrite(_ address: UInt64, count: Int) -> Bool { pieces(address, count, need: .write) != nil }

  /// Writes bytes if every page is writable memory; marks predecoded instructions stale.
  @discardableResult
  public func write(_ address: UInt64, _ bytes: [UInt8]) -> Bool {
    guard mayWrite(address, count: bytes.count) else { return false }
    var rest = bytes[...]
    while !rest.isEmpty {
      let at = address &+ UInt64(bytes.count - rest.count)
      let length = min(rest.count, Int(guestPageSize - at & (guestPageSize - 1)))
      guard let place = physicalAddress(of: at), space.write(place, rest.prefix(length)) else { return false }
      rest = rest.dropFirst(length)
    }
    return true
  }

  /// Writes a little-endian integer.
  @discardableResult
  public func write(_ address: UInt64, _ value: UInt64) -> Bool {
    write(address, (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) })
  }

  /// Whether an address lies in executable memory.
  public func isCode(_ address: UInt64) -> Bool {
    physicalAddress(of: address, forFetch: true).map { space.rights(at: $0).contains(.execute) } ?? false
  }
}
