/// Turns rows and numbers into words.
public enum Encoder {
  /// The word of a row with these operands; `nil` when one does not fit its field or the row excludes it. Bits that the row
  /// ignores are 0.
  public static func encode(_ row: RowInfo, _ operands: Operands) -> UInt32? {
    guard let fields = row.layout.word(operands) else { return nil }
    let word = row.match | fields
    return row.matches(word) && row.operands(of: word) == operands ? word : nil
  }

  /// A word of the row from random bits: fixed bits replaced, the rest taken from `bits`; `nil` when that is excluded
  /// (reserved rounding modes, immediates that must not be 0 …) or belongs to a narrower row of the decoder.
  public static func word(of row: RowInfo, bits: UInt32, decoder: Decoder) -> UInt32? {
    let word = (bits & ~row.mask | row.match) & (row.isCompressed ? 0xffff : ~0)
    guard row.matches(word), decoder.row(for: word)?.id == row.id else { return nil }
    return word
  }
}
