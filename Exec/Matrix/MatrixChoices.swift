import RVFloat

/// The shape of matrix registers and what the specification leaves to an implementation of matrices.
public struct MatrixChoices: Sendable, Hashable {
  /// How products are added to an element of the result in floating point. "Matrix Multiplication" allows any order and rounding.
  public enum Accumulation: String, Sendable, CaseIterable {
    /// From +0 on, k ascending, by fused steps that round to the result's format; then the old element is added: XuanTie's QEMU.
    case dotThenAdd = "dot-then-add"
    /// The same from the old element on.
    case chainFromC = "chain-from-c"
    /// The exact sum of all of it, rounded once.
    case exact

    var order: rvf_order {
      switch self {
      case .dotThenAdd: RVF_DOT_THEN_ADD
      case .chainFromC: RVF_CHAIN_FROM_C
      case .exact: RVF_EXACT_SUM
      }
    }
  }

  /// What a register holds outside of a loaded tile (version 0.6; 0.3 says zero).
  public enum Outside: String, Sendable, CaseIterable {
    case zero
    /// Bytes of ``poison``.
    case poison
  }

  /// In floating point a NaN of any format but e4m3, and a large number of any sign as an integer.
  static let poison: UInt8 = 0xfe

  /// Bits of a tile register, of one of its rows, and of the widest element. Version 0.6.
  public var tlen = 8192
  public var trlen = 512
  public var elen = 32
  /// Bits of a row of a register. Version 0.3.
  public var rlen = 128
  public var accumulation = Accumulation.dotThenAdd
  public var outside = Outside.zero
  /// Whether instructions that no bit of xmisa stands for exist: products of 16-bit integers, tf32. Version 0.6.
  public var hasUnlisted = false

  public init() {}

  /// Why there is no such shape, and the number at fault; `nil` where there is.
  public var problem: (of: KeyPath<MatrixChoices, Int>, text: String)? {
    func isPower(_ x: Int, _ range: ClosedRange<Int>) -> Bool { range.contains(x) && x & (x - 1) == 0 }
    guard isPower(elen, 8...64) else { return (\.elen, "ELEN must be 8, 16, 32 or 64") }
    guard isPower(trlen, 16...65536) else { return (\.trlen, "TRLEN must be a power of two from 16 to 65536") }
    guard isPower(tlen, trlen...1 << 32) else { return (\.tlen, "TLEN must be a power of two, TRLEN (\(trlen)) at least") }
    guard tlen / trlen * elen <= 65536 else { return (\.tlen, "TLEN / TRLEN * ELEN (\(tlen / trlen * elen)) must be 65536 at most") }
    guard isPower(rlen, 64...4096) else { return (\.rlen, "RLEN must be a power of two from 64 to 4096") }
    return nil
  }
}
