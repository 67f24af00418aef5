import RVDecoder

/// Single elements and bits, for operations that are not the same for all elements.
extension Elements {
  /// Element `index` of `1 << width` bytes.
  @inline(__always)
  static func element(_ index: Int, of elements: UnsafeMutableRawPointer, width: Int) -> UInt64 {
    switch width {
    case 0: UInt64(elements.load(fromByteOffset: index, as: UInt8.self))
    case 1: UInt64(elements.load(fromByteOffset: index << 1, as: UInt16.self))
    case 2: UInt64(elements.load(fromByteOffset: index << 2, as: UInt32.self))
    default: elements.load(fromByteOffset: index << 3, as: UInt64.self)
    }
  }

  @inline(__always)
  static func store(_ value: UInt64, _ index: Int, of elements: UnsafeMutableRawPointer, width: Int) {
    switch width {
    case 0: elements.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: index, as: UInt8.self)
    case 1: elements.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: index << 1, as: UInt16.self)
    case 2: elements.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: index << 2, as: UInt32.self)
    default: elements.storeBytes(of: value, toByteOffset: index << 3, as: UInt64.self)
    }
  }

  /// Sets element `index` of SEW bits in spare room.
  @inline(__always)
  func set(_ index: Int, _ value: UInt64, in room: UnsafeMutableRawPointer) { Self.store(value, index, of: room, width: sew) }

  /// Bit `index` of a mask.
  @inline(__always)
  static func bit(_ index: Int, of bits: UnsafeMutableRawPointer) -> Bool {
    bits.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1 != 0
  }

  /// ``commit(_:_:)`` of results of SEW bits.
  func commit(_ results: UnsafeMutableRawPointer) { commit(results, width: sew) }

  /// The same of results of `1 << width` bytes.
  func commit(_ results: UnsafeMutableRawPointer, width: Int) {
    switch width {
    case 0: commit(results, UInt8.self)
    case 1: commit(results, UInt16.self)
    case 2: commit(results, UInt32.self)
    default: commit(results, UInt64.self)
    }
  }

  /// Element 0 of vs2, extended to 64 bits.
  func first(signed: Bool) -> UInt64 {
    let value = Self.element(0, of: vs2, width: sew)
    guard signed else { return value }
    let unused = UInt64(64 - 8 << sew)
    return UInt64(bitPattern: Int64(bitPattern: value &<< unused) &>> Int64(unused))
  }

  func setFirst(_ value: UInt64) { Self.store(value, 0, of: vd, width: sew) }

  // MARK: Bits of masks that are active

  /// The sum of `measure` over bytes of a mask in which only active bits of the body are left.
  @inline(__always)
  func activeBits(_ bits: UnsafeMutableRawPointer, _ measure: (UInt8) -> Int) -> Int {
    var sum = 0
    for group in 0..<(count + 7) / 8 { sum += measure(activeByte(group, of: bits)) }
    return sum
  }

  /// Whether any element of the body is active.
  var hasActive: Bool { activeBits(file) { $0.nonzeroBitCount } != 0 }

  /// Turns over a bit for each element of the body.
  func invertBits(_ bits: UnsafeMutableRawPointer) {
    for group in 0..<(count + 7) / 8 { bits.storeBytes(of: ~bits.load(fromByteOffset: group, as: UInt8.self), toByteOffset: group, as: UInt8.self) }
  }

  /// The first active element whose bit is set.
  func firstActiveBit(_ bits: UnsafeMutableRawPointer) -> Int? {
    for group in 0..<(count + 7) / 8 {
      let byte = activeByte(group, of: bits)
      if byte != 0 { return group * 8 + byte.trailingZeroBitCount }
    }
    return nil
  }

  @inline(__always)
  private func activeByte(_ group: Int, of bits: UnsafeMutableRawPointer) -> UInt8 {
    var byte = bits.load(fromByteOffset: group, as: UInt8.self)
    if isMasked { byte &= file.load(fromByteOffset: group, as: UInt8.self) }
    let left = count - group * 8
    return left < 8 ? byte & ((1 << UInt8(left)) - 1) : byte
  }
}
