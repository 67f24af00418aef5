/// What a matrix register operand is: which matrix of a multiplication or access it holds, in elements of what size, in how many registers.
/// What is legal follows from it: the class of the register, the sizes that must fit, the alignment of its number.
///
/// In a row it stands behind the register: `ms1:A8`, `md+:C32`, `ms2:B16x2`, `md:x4`; without a mark it is any one register.
public struct MatrixShape: Sendable, Hashable {
  public enum Role: UInt8, Sendable, Hashable {
    /// Any register as a whole, whatever the sizes are.
    case any
    /// `A`: M × K elements.
    case a
    /// `B`: N × K elements, the transposed of what is multiplied.
    case b
    /// `C`: M × N elements.
    case c
    /// `E`: M × K elements of something that is not multiplied.
    case element
    /// `a`: the whole of an accumulation register, whatever the sizes are.
    case accumulator
  }

  public var role = Role.any
  /// Bits of an element; 0 where it has none.
  public var bits: UInt8 = 0
  /// Neighbouring registers, the first of which has a number that they divide.
  public var registers: UInt8 = 1

  public init() {}

  /// - Parameter mark: what stands behind the colon.
  init?(mark: RowText) {
    var rest = mark
    switch mark.first {
    case UInt8(ascii: "A"): role = .a
    case UInt8(ascii: "B"): role = .b
    case UInt8(ascii: "C"): role = .c
    case UInt8(ascii: "E"): role = .element
    case UInt8(ascii: "a"): role = .accumulator
    default: break
    }
    if role != .any { rest = rest.dropFirst() }
    let times = rest.firstIndex(of: UInt8(ascii: "x"))
    if let times {
      guard let count = rest.dropFirst(times + 1).number, [2, 4, 8].contains(count) else { return nil }
      registers = UInt8(count)
      rest = rest.prefix(times)
    }
    if role == .any {
      guard rest.isEmpty, times != nil else { return nil }
      return
    }
    guard let width = rest.number, [4, 8, 16, 32, 64].contains(width) else { return nil }
    bits = UInt8(width)
  }
}
