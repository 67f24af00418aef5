import RVDecoder

/// What ``VectorOperands/allow(_:_:elen:)`` says, in advance for the most common shapes: a word for each row and vtype.
enum VectorChecks {
  /// Bits of register numbers that must be 0: of vd, vs1 << 8, vs2 << 16. It needs a closer look where all of them are 0 but `bits` are set.
  typealias Word = UInt32
  /// This combination has to be looked at each time, or is reserved.
  static let closer: Word = 1 << 31
  /// vd is written: not v0 while v0 is the mask.
  static let writes: Word = 1 << 30

  /// Words of the row `id` begin at 32 · id; the lower five bits of vtype (SEW and LMUL) choose one.
  ///
  /// They live as long as the process.
  /// - Parameter elen: log2 of ELEN in bytes, 2 or 3.
  static func shared(elen: Int) -> UnsafePointer<Word> { elen == 3 ? elen64 : elen32 }

  nonisolated(unsafe) private static let elen32 = make(elen: 2)
  nonisolated(unsafe) private static let elen64 = make(elen: 3)

  private static func make(elen: Int) -> UnsafePointer<Word> {
    let count = InstructionTable.shared.rows.count
    let words = UnsafeMutablePointer<Word>.allocate(capacity: count * 32)
    for row in 0..<count {
      let operands = VectorOperands.shared[row]
      for bits in 0..<32 {
        let type = VectorType(written: UInt64(bits), elen: elen)
        words[row * 32 + bits] = type.isIllegal ? closer : word(operands, type, elen: elen)
      }
    }
    return UnsafePointer(words)
  }

  /// Simple are rows whose operands are groups of the same EEW and EMUL, or of which only one is there.
  private static func word(_ operands: VectorOperands, _ type: VectorType, elen: Int) -> Word {
    guard operands.whole == 0, !operands.hasFields, !operands.readsCarries, operands.vd.isPresent,
      operands.vd.width >= -1, let (emul, eew) = operands.vd.size(type, elen: elen)
    else { return closer }
    let mask = Word(1 << max(emul, 0) - 1)
    var word = mask | (operands.writes ? writes : 0)
    for (source, shift) in [(operands.vs1, Word(8)), (operands.vs2, 16)] where source.isPresent {
      guard source.width >= -1, !source.standsApart, let size = source.size(type, elen: elen), size == (emul, eew) else { return closer }
      word |= mask << shift
    }
    return word
  }
}
