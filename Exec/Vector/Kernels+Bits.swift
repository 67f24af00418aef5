// What one element does of Zvbb, Zvkb and Zvbc. Those with one source ignore the other.

enum ReverseBitsInBytes: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T {
    // 0x55…, 0x33…, 0x0f….
    let (ones, twos, fours) = (T.max / 3, T.max / 5, T.max / 17)
    var a = a
    a = a &>> 1 & ones | (a & ones) &<< 1
    a = a &>> 2 & twos | (a & twos) &<< 2
    return a &>> 4 & fours | (a & fours) &<< 4
  }
}
enum ReverseBytes: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a.byteSwapped } }
enum ReverseBits: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { ReverseBitsInBytes.lane(a.byteSwapped, b) }
}
enum LeadingZeros: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(truncatingIfNeeded: a.leadingZeroBitCount) }
}
enum TrailingZeros: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(truncatingIfNeeded: a.trailingZeroBitCount) }
}
enum Ones: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(truncatingIfNeeded: a.nonzeroBitCount) }
}

/// Elements of 64 bits.
enum CarrylessMultiply: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T {
    T(truncatingIfNeeded: carrylessProduct(UInt64(truncatingIfNeeded: a), UInt64(truncatingIfNeeded: b)).low)
  }
}
enum CarrylessMultiplyHigh: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T {
    T(truncatingIfNeeded: carrylessProduct(UInt64(truncatingIfNeeded: a), UInt64(truncatingIfNeeded: b)).high)
  }
}
