/// Elements that the policies leave open, overwritten with ones: `--agnostic ones`. "V", section 3.4.3.
///
/// The tail of a group of registers goes to the end of its last register, where LMUL is a fraction too. With vl = 0 nothing is
/// written. Masks and results of comparisons are tail-agnostic whatever vtype says.
enum Fill {
  /// Tails, where vtype.vta is set.
  static let tail: UInt8 = 1
  /// Masked-off elements, where vtype.vma is set.
  static let masked: UInt8 = 2
  /// Tails of masks.
  static let maskTail: UInt8 = 4
  static let all = tail | masked | maskTail

  /// What is filled under a vtype.
  /// - Parameter wanted: ``all`` or 0.
  @inline(__always)
  static func filled(_ wanted: UInt8, _ type: VectorType) -> UInt8 { wanted & (maskTail | UInt8(truncatingIfNeeded: type.bits >> 6)) }
}

extension Elements {
  /// Fills what is agnostic of a destination of elements of `1 << width` bytes.
  @inline(__always)
  func fillAgnostic(width: Int) {
    if _slowPath(agnostic != 0) { fill(vd, width: width, from: count) }
  }

  /// The same for a destination of which one element is written: the result of a reduction or a scalar.
  @inline(__always)
  func fillBehindFirst(width: Int) {
    guard _slowPath(agnostic & Fill.tail != 0), count > 0 else { return }
    (vd + 1 << width).initializeMemory(as: UInt8.self, repeating: 0xff, count: vlenb - 1 << width)
  }

  /// - Parameters:
  ///   - group: the registers.
  ///   - tail: the first element of the tail.
  @inline(never)
  func fill(_ group: UnsafeMutableRawPointer, width: Int, from tail: Int) {
    guard count > 0 else { return }
    if agnostic & Fill.masked != 0, isMasked, firstFilled < tail {
      for index in firstFilled..<tail where !mask(index) { Self.store(.max, index, of: group, width: width) }
    }
    if agnostic & Fill.tail != 0 {
      let type = state.pointee.vtype
      fillBytes(group, from: tail << width, to: vlenb << max(type.lmul + width - type.sew, 0))
    }
  }

  func fillBytes(_ group: UnsafeMutableRawPointer, from start: Int, to end: Int) {
    if start < end { (group + start).initializeMemory(as: UInt8.self, repeating: 0xff, count: end - start) }
  }

  /// ``commitMask(_:)``; the destination may be v0, the mask.
  @inline(never)
  func commitMaskAndFill(_ bits: UnsafeRawPointer) {
    guard count > 0 else { return }
    for group in 0..<vlenb {
      let left = count - group * 8
      let body: UInt8 = left >= 8 ? 0xff : left <= 0 ? 0 : 1 << UInt8(left) - 1
      let mask = isMasked ? file.load(fromByteOffset: group, as: UInt8.self) : 0xff
      let new = bits.load(fromByteOffset: group, as: UInt8.self) & body & mask
      var old = vd.load(fromByteOffset: group, as: UInt8.self) & body & ~mask
      if agnostic & Fill.masked != 0 { old = body & ~mask }
      vd.storeBytes(of: new | old | ~body, toByteOffset: group, as: UInt8.self)
    }
  }
}
