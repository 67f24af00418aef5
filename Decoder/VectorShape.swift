/// What a vector register operand is: how many registers (EMUL) and how wide their elements (EEW). "V", chapter 5, "Vector Operands".
///
/// In a row it stands behind the register: `vs2:2`, `vd:m`; without a mark it is a ``group``.
public enum VectorShape: Sendable, Hashable {
  /// LMUL registers of SEW bits an element.
  case group
  /// `:2`, twice as many and as wide.
  case twice
  /// `:f2`, `:f4`, `:f8`: a fraction of both.
  case fraction(UInt8)
  /// `:m`, one register with a bit an element.
  case mask
  /// `:1`, the first element of one register.
  case single
  /// `:w1`, the same, twice as wide.
  case wideSingle
  /// `:e8` … `:e64`: elements of that many bits, in as many registers as they need for the same number of elements.
  case fixed(UInt8)
  /// `:s8` … `:s64`: one such group a field, neighbours; `:s` (0): groups of SEW bits.
  case fields(UInt8)
  /// `:k`, bytes of a mask.
  case maskBytes
  /// `:r1` … `:r8`: whole registers.
  case whole(UInt8)
  /// `:p`: an even register and the odd one above it, whatever vtype says; the four upper bits of the number are drawn.
  case pair
  /// `:g`, one element group (vector cryptography).
  case elementGroup

  /// - Parameter mark: what stands behind the colon.
  init?(mark: RowText) {
    switch mark {
    case "2": self = .twice
    case "m": self = .mask
    case "1": self = .single
    case "w1": self = .wideSingle
    case "k": self = .maskBytes
    case "g": self = .elementGroup
    case "p": self = .pair
    case "s": self = .fields(0)
    default:
      guard let number = mark.dropFirst().number.flatMap({ UInt8(exactly: $0) }) else { return nil }
      switch (mark.first, number) {
      case (UInt8(ascii: "f"), 2), (UInt8(ascii: "f"), 4), (UInt8(ascii: "f"), 8): self = .fraction(number)
      case (UInt8(ascii: "r"), 1), (UInt8(ascii: "r"), 2), (UInt8(ascii: "r"), 4), (UInt8(ascii: "r"), 8): self = .whole(number)
      case (UInt8(ascii: "e"), 8), (UInt8(ascii: "e"), 16), (UInt8(ascii: "e"), 32), (UInt8(ascii: "e"), 64): self = .fixed(number)
      case (UInt8(ascii: "s"), 8), (UInt8(ascii: "s"), 16), (UInt8(ascii: "s"), 32), (UInt8(ascii: "s"), 64): self = .fields(number)
      default: return nil
      }
    }
  }
}
