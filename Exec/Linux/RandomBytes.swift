/// Reproducible random bytes: a counter through a mixing function of two multiplications.
struct RandomBytes {
  private var counter: UInt64

  init(seed: UInt64) { counter = seed }

  mutating func next() -> UInt64 {
    counter &+= 0x9e37_79b9_7f4a_7c15
    var word = counter
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }

  /// Goes on with a sequence of a process's own, which follows from that of its parent and its number.
  mutating func diverge(_ process: Int) {
    counter ^= UInt64(truncatingIfNeeded: process) << 40
    counter = next()
  }

  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    var offset = 0
    while offset + 8 <= buffer.count {
      buffer.storeBytes(of: next().littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    guard offset < buffer.count else { return }
    var word = next()
    while offset < buffer.count {
      buffer[offset] = UInt8(truncatingIfNeeded: word)
      word >>= 8
      offset += 1
    }
  }
}
