// What one element does, for elements of any width. "V", chapters 11 and 12.

enum Add: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &+ b } }
enum Subtract: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &- b } }
enum ReverseSubtract: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { b &- a } }
enum And: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a & b } }
enum AndNot: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a & ~b } }
enum Or: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a | b } }
enum Xor: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a ^ b } }
enum MinUnsigned: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a < b ? a : b } }
enum MaxUnsigned: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a > b ? a : b } }
enum Min: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a.signed < b.signed ? a : b } }
enum Max: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a.signed > b.signed ? a : b } }
/// Shift amounts count modulo the width.
enum ShiftLeft: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &<< b } }
enum ShiftRight: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &>> b } }
enum ShiftRightArithmetic: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(a.signed &>> T.Signed(truncatingIfNeeded: b)) }
}
enum RotateLeft: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &<< b | a &>> (0 &- b) } }
enum RotateRight: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &>> b | a &<< (0 &- b) } }
/// vmv.v.*: the second source alone.
enum Second: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { b } }

enum Multiply: BinaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a &* b } }
enum MultiplyHigh: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(a.signed.multipliedFullWidth(by: b.signed).high) }
}
enum MultiplyHighUnsigned: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a.multipliedFullWidth(by: b).high }
}
/// vs2 signed, the other unsigned.
enum MultiplyHighMixed: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { a.multipliedFullWidth(by: b).high &- (a.signed < 0 ? b : 0) }
}
enum DivideUnsigned: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { b == 0 ? .max : a / b }
}
enum RemainderUnsigned: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { b == 0 ? a : a % b }
}
enum Divide: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(quotient(a.signed, b.signed)) }
}
enum Remainder: BinaryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> T { T(remainder(a.signed, b.signed)) }
}

/// a · b + d
enum MultiplyAdd: TernaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T { a &* b &+ d } }
/// -(a · b) + d
enum NegatedMultiplyAdd: TernaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T { d &- a &* b } }
/// d · b + a
enum MultiplyDestination: TernaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T { d &* b &+ a } }
/// -(d · b) + a
enum NegatedMultiplyDestination: TernaryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ d: T) -> T { a &- d &* b } }

enum Equal: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a == b } }
enum NotEqual: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a != b } }
enum LessUnsigned: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a < b } }
enum Less: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a.signed < b.signed } }
enum LessEqualUnsigned: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a <= b } }
enum LessEqual: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a.signed <= b.signed } }
enum GreaterUnsigned: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a > b } }
enum Greater: CompareKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T) -> Bool { a.signed > b.signed } }

enum AddCarry: CarryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T { a &+ b &+ carry } }
enum SubtractBorrow: CarryKernel { @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T { a &- b &- carry } }
/// The carry out of a sum, 0 or 1.
enum CarryOut: CarryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T {
    let sum = a &+ b
    return (sum < a ? 1 : 0) | (sum &+ carry < sum ? 1 : 0)
  }
}
enum BorrowOut: CarryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T { (a < b ? 1 : 0) | (a &- b < carry ? 1 : 0) }
}
enum Select: CarryKernel {
  @inline(__always) static func lane<T: Lane>(_ a: T, _ b: T, _ carry: T) -> T { carry != 0 ? b : a }
}
