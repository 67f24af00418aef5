import RVDecoder

/// What ``VectorOperands/allow(_:_:elen:)`` says, in advance: a word for each row and vtype, found when it is first asked for.
enum VectorChecks {
  /// Bits of register numbers that must be 0: of vd, vs1 << 8, vs2 << 16; and the flags below.
  typealias Word = UInt32
  /// The word says it; without this the combination has to be looked at each time, or is reserved.
  static let says: Word = 1 << 31
  /// vd is written: not v0 while v0 is the mask.
  static let writes: Word = 1 << 30
  /// vs2 has another EEW or EMUL than vd: where they overlap it needs a closer look.
  static let differs2: Word = 1 << 29
  /// So has vs1.
  static let differs1: Word = 1 << 28
  /// The word has been made.
  static let isMade: Word = 1 << 27

  /// How many words a hart needs: 32 for each row, one of which the lower five bits of vtype (SEW and LMUL) choose.
  static var count: Int { InstructionTable.shared.rows.count * 32 }

  /// Whether registers so numbered are allowed for sure.
  /// - Parameter numbers: vd, vs1 << 8, vs2 << 16.
  @inline(__always)
  static func allow(_ word: Word, _ numbers: UInt32, isMasked: Bool) -> Bool {
    if word & (numbers | says) != says { return false }
    if isMasked, numbers & 31 == 0, word & writes != 0 { return false }
    if word & (differs1 | differs2) == 0 { return true }
    // Aligned groups overlap if the numbers agree above the larger one's size.
    let vd = word & 7
    return (word & differs2 == 0 || (numbers ^ numbers >> 16) & 31 & ~(vd | word >> 16 & 7) != 0)
      && (word & differs1 == 0 || (numbers ^ numbers >> 8) & 31 & ~(vd | word >> 8 & 7) != 0)
  }

  /// - Parameter elen: log2 of ELEN in bytes, 2 or 3.
  static func word(_ operands: VectorOperands, _ type: VectorType, elen: Int) -> Word {
    guard operands.whole == 0, !operands.hasFields, !operands.readsCarries, operands.vd.isPresent,
      let (emul, eew) = operands.vd.size(type, elen: elen)
    else { return isMade }
    // Groups of which element 0 or bits are meant are single registers and need no alignment.
    var word = says | isMade | (operands.vd.width >= -1 ? Word(1 << max(emul, 0) - 1) : 0) | (operands.writes && !operands.mayWriteMask ? writes : 0)
    for (source, shift, differs) in [(operands.vs1, Word(8), differs1), (operands.vs2, 16, differs2)] where source.isPresent {
      guard let size = source.size(type, elen: elen) else { return isMade }
      if source.width >= -1 { word |= Word(1 << max(size.emul, 0) - 1) << shift }
      if source.standsApart || size != (emul, eew) { word |= differs }
    }
    return word
  }
}
