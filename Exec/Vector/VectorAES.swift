/// AES on element groups of 128 bits: column c is element c, row r byte r of it. FIPS-197; vector cryptography, "Zvkned".
enum VectorAES {
  typealias Group = UnsafeMutableRawPointer

  static func encryptMiddle(_ state: Group, _ key: Group) {
    state.words4 = mixColumns(shiftRows(state, CryptoTables.aes, by: 1)) ^ key.words4
  }

  static func encryptFinal(_ state: Group, _ key: Group) { state.words4 = shiftRows(state, CryptoTables.aes, by: 1) ^ key.words4 }

  static func decryptMiddle(_ state: Group, _ key: Group) {
    let mixed = shiftRows(state, CryptoTables.aesInverseBox, by: 3) ^ key.words4
    // The inverse matrix is the matrix times another one: {05} on the diagonal, {04} two rows from it.
    state.words4 = mixColumns(mixed ^ double(double(mixed ^ rotated(mixed, 16))))
  }

  static func decryptFinal(_ state: Group, _ key: Group) {
    state.words4 = shiftRows(state, CryptoTables.aesInverseBox, by: 3) ^ key.words4
  }

  /// Round keys of AES-128: the next one from the one before. Rounds are 1…10; bit 3 of any other number is flipped.
  static func expand128(_ key: Group, _ last: Group, round: Int32) {
    var round = Int(round & 15)
    if !(1...10).contains(round) { round ^= 8 }
    let words = last.words4
    key.words4 = chain(words, substitute(rotated(words[3], 8)) ^ constant(round))
  }

  /// Round keys of AES-256: the next one from the two before. Rounds are 2…14, likewise.
  static func expand256(_ key: Group, _ last: Group, round: Int32) {
    var round = Int(round & 15)
    if !(2...14).contains(round) { round ^= 8 }
    let word = last.words4[3]
    key.words4 = chain(key.words4, round & 1 == 0 ? substitute(rotated(word, 8)) ^ constant(round / 2) : substitute(word))
  }

  // MARK: Parts

  /// SubBytes (or its inverse), then each row r moved by r · `step` columns.
  private static func shiftRows(_ state: Group, _ box: [UInt8], by step: Int) -> SIMD4<UInt32> {
    let bytes = state.bytes16
    var result = SIMD16<UInt8>()
    for index in 0..<16 {
      let (column, row) = (index >> 2, index & 3)
      result[index] = box[Int(bytes[((column + row * step) & 3) << 2 | row])]
    }
    return unsafeBitCast(result, to: SIMD4<UInt32>.self)
  }

  private static func mixColumns(_ words: SIMD4<UInt32>) -> SIMD4<UInt32> {
    let next = rotated(words, 8)
    return double(words ^ next) ^ next ^ rotated(words, 16) ^ rotated(words, 24)
  }

  /// Each byte times {02}.
  private static func double(_ words: SIMD4<UInt32>) -> SIMD4<UInt32> {
    (words & 0x7f7f_7f7f) &<< 1 ^ (words &>> 7 & 0x0101_0101) &* 0x1b
  }

  private static func rotated(_ words: SIMD4<UInt32>, _ by: UInt32) -> SIMD4<UInt32> {
    words &>> SIMD4(repeating: by) | words &<< SIMD4(repeating: 32 - by)
  }

  private static func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 { word &>> by | word &<< (32 - by) }

  private static func substitute(_ word: UInt32) -> UInt32 {
    var result: UInt32 = 0
    for shift: UInt32 in [0, 8, 16, 24] { result |= UInt32(CryptoTables.aes[Int(word >> shift & 0xff)]) << shift }
    return result
  }

  /// Each word is the word before, added to the word of the older key.
  private static func chain(_ words: SIMD4<UInt32>, _ first: UInt32) -> SIMD4<UInt32> {
    var (result, last) = (words, first)
    for index in 0..<4 {
      last ^= words[index]
      result[index] = last
    }
    return result
  }

  /// {02} to the power of `round` - 1.
  private static func constant(_ round: Int) -> UInt32 {
    var value: UInt8 = 1
    for _ in 1..<max(round, 1) { value = CryptoTables.multiply(value, 2) }
    return UInt32(value)
  }
}
