/// What the specification leaves to an implementation of vectors, and a user may choose. The defaults are Spike's choices.
///
/// Everything else that the specification ("V" 1.0, section numbers first) leaves open is as on Spike, where lock-step programs see it:
///
/// | § | left open | here |
/// |---|---|---|
/// | 3.4 | writes of a reserved vtype by vset* | vill set, vl 0 |
/// | 3.4.2 | SEW above LMUL · ELEN with LMUL below 1 | not supported: vill |
/// | 3.4.3 | agnostic elements, tails of masks too | undisturbed (``Agnostic``) |
/// | 3.7 | bits of vstart | as many as VLMAX needs at most, log2 VLEN; a larger value loses the others |
/// | 3.7 | vstart not 0 where the instruction could not have been interrupted there | arithmetic, masks, permutations: illegal; loads and stores begin there, and do nothing with vstart not below vl |
/// | 3.2 | when mstatus.VS gets dirty | at every vector instruction that executes, vl = 0 included |
/// | 5.2 | a register read with two EEWs by one instruction, v0 as mask and as data among them | executed |
/// | 5.2 | a destination over a source of another EEW, where that is reserved; groups that are not aligned; v0 as destination and mask | illegal |
/// | 6.2 | `vset* x0, x0` that would change VLMAX | vill set, vl 0 |
/// | 6.3 | vl with VLMAX < AVL < 2 · VLMAX | VLMAX (``Length``) |
/// | 7 | order of the elements of "unordered" and strided accesses | that of their numbers, fields within a segment likewise |
/// | 7 | elements that are not aligned | done, or they trap, by `--misaligned` |
/// | 7.7 | elements from a fault on, of fault-only-first loads | keep their values; vl is cut at a fault only, never without one |
/// | 7.8 | fields of the segment in which a load or store traps | those before the fault are done |
/// | 7.9 | whole registers: the EEW in the load's name | decides where misaligned accesses may trap and what vstart counts; above ELEN illegal |
/// | 13.1 | frm without a mode | every floating-point instruction is illegal, those that do not round too |
/// | 14.3 | order of unordered sums | that of ordered ones (``Reduction``) |
/// | 14.3 | an unordered sum without an active element | the scalar; a NaN becomes the canonical one |
/// | 16.6 | vmv<nr>r.v with vill, or vstart not 0 | illegal |
/// | crypto 1.4 | vl no multiple of the element group, a group that does not fit into LMUL registers | illegal |
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
