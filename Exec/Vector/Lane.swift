/// An element as an unsigned integer: UInt8, UInt16, UInt32, UInt64. What one element of an operation does is written once for all of them.
protocol Lane: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {
  associatedtype Signed: FixedWidthInteger, SignedInteger, BitwiseCopyable
  /// The same bits as a two's complement number.
  var signed: Signed { get }
  init(_ bits: Signed)
}

extension UInt8: Lane {
  @inline(__always) var signed: Int8 { Int8(bitPattern: self) }
  @inline(__always) init(_ bits: Int8) { self.init(bitPattern: bits) }
}

extension UInt16: Lane {
  @inline(__always) var signed: Int16 { Int16(bitPattern: self) }
  @inline(__always) init(_ bits: Int16) { self.init(bitPattern: bits) }
}

extension UInt32: Lane {
  @inline(__always) var signed: Int32 { Int32(bitPattern: self) }
  @inline(__always) init(_ bits: Int32) { self.init(bitPattern: bits) }
}

extension UInt64: Lane {
  @inline(__always) var signed: Int64 { Int64(bitPattern: self) }
  @inline(__always) init(_ bits: Int64) { self.init(bitPattern: bits) }
}

/// What one element does of an operation with two sources.
protocol BinaryKernel {
  /// - Parameters:
  ///   - a: the element of vs2.
  ///   - b: that of vs1, or the scalar.
  static func lane<T: Lane>(_ a: T, _ b: T) -> T
}

/// The same where the destination is a source.
protocol TernaryKernel {
  /// - Parameter d: the element of vd.
  static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T
}

/// What one element does of a comparison.
protocol CompareKernel {
  static func lane<T: Lane>(_ a: T, _ b: T) -> Bool
}

/// An operation with a carry or a selecting bit a side.
protocol CarryKernel {
  /// - Parameter carry: 0 or 1.
  static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T
}

/// An operation that rounds as vxrm says, and may saturate.
protocol FixedKernel {
  /// - Returns: the result, and whether it was saturated.
  static func lane<T: Lane>(_ a: T, _ b: T, _ rounding: VectorRounding) -> (T, Bool)
}

/// vxrm. "V", section 3.8.
enum VectorRounding: UInt8 {
  case nearestUp, nearestEven, down, odd
}

/// How a narrow element becomes a wide one.
protocol Extending {
  static func extend<Narrow: Lane, Wide: Lane>(_ element: Narrow, to: Wide.Type) -> Wide
}

enum SignExtended: Extending {
  @inline(__always)
  static func extend<Narrow: Lane, Wide: Lane>(_ element: Narrow, to: Wide.Type) -> Wide { Wide(truncatingIfNeeded: element.signed) }
}

enum ZeroExtended: Extending {
  @inline(__always)
  static func extend<Narrow: Lane, Wide: Lane>(_ element: Narrow, to: Wide.Type) -> Wide { Wide(truncatingIfNeeded: element) }
}
