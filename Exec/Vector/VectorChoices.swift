/// What the specification leaves to an implementation of vectors, and a user may choose. The defaults are Spike's choices.
public struct VectorChoices: Sendable, Hashable {
  /// Elements that vtype says are agnostic. "V", section 3.4.3.
  public enum Agnostic: String, Sendable, CaseIterable {
    /// They keep their values.
    case undisturbed
    /// All their bits are set.
    case ones
  }

  /// vl where VLMAX < AVL < 2 · VLMAX. "V", section 6.3.
  public enum Length: String, Sendable, CaseIterable {
    /// VLMAX.
    case max
    /// Half of AVL, rounded up.
    case half
  }

  /// In which order vfredusum and vfwredusum add. "V", section 14.3.1.
  ///
  /// No other instruction has a choice of results: integer sums are the same in any order.
  public enum Reduction: Sendable, Hashable {
    /// The scalar plus the first active element, plus the second, and so on.
    case sequential
    /// Scalar and active elements are a row; neighbours are added in pairs, an odd last one stays, until one is left.
    case tree
    /// Two of the row are taken out at random and their sum put back, until one is left.
    case random(seed: UInt64)
  }

  public var agnostic = Agnostic.undisturbed
  public var length = Length.max
  public var reduction = Reduction.sequential

  public init() {}
}
