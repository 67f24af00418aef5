import RVDecoder

/// One vector instruction under way: where its operands lie, which elements take part, how results reach their destination.
///
/// SEW, LMUL, masks and tails are dealt with here and in ElementLoop alone. A masked operation computes all elements of the body into spare
/// room, and ``commit(_:_:)`` writes those that are active; others write their destination from the first element to the last, which
/// disturbs no operand that "V", section 5.2, lets overlap it.
struct Elements {
  /// Elements of the body: those from 0 to vl - 1 (vstart is 0 but for memory accesses).
  let count: Int
  /// log2 of SEW in bytes.
  let sew: Int
  let vlenb: Int
  let file: UnsafeMutableRawPointer
  /// Whether v0 says which elements are active.
  let isMasked: Bool

  /// The destination, and the sources (or what stands in their place, a register of no meaning).
  let vd, vs1, vs2: UnsafeMutableRawPointer

  @inline(__always)
  init(_ op: Op, _ state: UnsafeMutablePointer<HartState>, sew: Int) {
    self.sew = sew
    count = Int(truncatingIfNeeded: state.pointee.vl)
    vlenb = Int(truncatingIfNeeded: state.pointee.vlenb)
    file = state.pointee.vectors.unsafelyUnwrapped
    isMasked = op.aux & 1 == 0
    vd = file + Int(op.rd) &* vlenb
    vs1 = file + Int(op.rs1) &* vlenb
    vs2 = file + Int(op.rs2) &* vlenb
  }

  /// A byte per element, 1 where it is active; only masked instructions other than loads and stores have them.
  @inline(__always)
  var activeBytes: UnsafeMutableRawPointer { spare(4) }

  /// Room for results or operands: four pieces of eight registers each.
  @inline(__always)
  func spare(_ index: Int) -> UnsafeMutableRawPointer { file + (32 &+ 8 &* index) &* vlenb }

  // MARK: Masks

  /// Bit `index` of v0.
  @inline(__always)
  func mask(_ index: Int) -> Bool { file.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1 != 0 }

  /// Whether element `index` is active.
  @inline(__always)
  func isActive(_ index: Int) -> Bool { !isMasked || mask(index) }

  /// A bit per element as a byte per element, 0 or 1. Writes up to seven bytes more than there are elements.
  @inline(__always)
  static func spread(_ bits: UnsafeRawPointer, to bytes: UnsafeMutableRawPointer, count: Int) {
    for group in 0..<(count + 7) / 8 {
      let byte = UInt64(bits.load(fromByteOffset: group, as: UInt8.self))
      // Each byte keeps its own bit of the eight, and becomes 1 if it is set.
      let kept = byte &* 0x0101_0101_0101_0101 & 0x8040_2010_0804_0201
      let ones = (kept &+ 0x7f7f_7f7f_7f7f_7f7f | kept) >> 7 & 0x0101_0101_0101_0101
      bytes.storeBytes(of: ones.littleEndian, toByteOffset: group * 8, as: UInt64.self)
    }
  }

  /// The reverse, for `count` elements: eight bytes of 0 or 1 make a byte. Bits behind the last element are 0.
  @inline(__always)
  static func gather(_ bytes: UnsafeRawPointer, to bits: UnsafeMutableRawPointer, count: Int) {
    for group in 0..<(count + 7) / 8 {
      let left = count - group * 8
      var eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: group * 8, as: UInt64.self))
      if left < 8 { eight &= (1 << UInt64(8 * left)) - 1 }
      bits.storeBytes(of: UInt8(truncatingIfNeeded: (eight &* 0x0102_0408_1020_4080) >> 56), toByteOffset: group, as: UInt8.self)
    }
  }

  // MARK: Results

  /// Where results go that may be written while operands are still to be read at the same places: with all elements active at once to their
  /// destination.
  @inline(__always)
  var results: UnsafeMutableRawPointer { isMasked ? spare(0) : vd }

  /// Where results go that loops of the host's vectors write: not to one of the operands, which would make such loops impossible.
  @inline(__always)
  var resultsApart: UnsafeMutableRawPointer { isMasked || vd == vs2 || vd == vs1 ? spare(0) : vd }

  /// Commits what ``results`` or ``resultsApart`` holds.
  @inline(__always)
  func commitResults<T: FixedWidthInteger>(_ out: UnsafeMutableRawPointer, _ type: T.Type) {
    if out != vd { commit(out, T.self) }
  }

  /// The same of results of `1 << width` bytes.
  @inline(__always)
  func commitResults(width: Int) {
    if isMasked { commit(spare(0), width: width) }
  }

  /// Writes the active ones of `count` results at `results` to the destination. Tail and masked-off elements keep their values, which
  /// both policies allow.
  @inline(__always)
  func commit<T: FixedWidthInteger>(_ results: UnsafeRawPointer, _ type: T.Type) {
    let size = MemoryLayout<T>.size
    guard isMasked else {
      vd.copyMemory(from: results, byteCount: count * size)
      return
    }
    let target = vd.assumingMemoryBound(to: T.self)
    let source = results.assumingMemoryBound(to: T.self)
    let active = activeBytes.assumingMemoryBound(to: UInt8.self)
    // Without a branch per element: all ones where it is active.
    for index in 0..<count {
      let bits = 0 &- T(truncatingIfNeeded: active[index])
      target[index] = target[index] & ~bits | source[index] & bits
    }
  }

  /// The same for a destination that is a mask: `bits` has a bit an element.
  @inline(__always)
  func commitMask(_ bits: UnsafeRawPointer) {
    for group in 0..<(count + 7) / 8 {
      let left = count - group * 8
      var active: UInt8 = left < 8 ? (1 << UInt8(left)) - 1 : 0xff
      if isMasked { active &= file.load(fromByteOffset: group, as: UInt8.self) }
      let old = vd.load(fromByteOffset: group, as: UInt8.self)
      let new = bits.load(fromByteOffset: group, as: UInt8.self)
      vd.storeBytes(of: old & ~active | new & active, toByteOffset: group, as: UInt8.self)
    }
  }
}
