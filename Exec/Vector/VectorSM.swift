// SM4 and SM3 on element groups. GM/T 0002, GM/T 0004; vector cryptography, "Zvksed" and "Zvksh".

private func rol(_ x: UInt32, _ by: UInt32) -> UInt32 { RotateLeft.lane(x, by) }

enum SM4 {
  typealias Group = UnsafeMutableRawPointer

  /// Four rounds: four words of the state and as many round keys.
  static func rounds(_ state: Group, _ keys: Group) {
    state.words4 = step(state.words4, keys.words4) { $0 ^ rol($0, 2) ^ rol($0, 10) ^ rol($0, 18) ^ rol($0, 24) }
  }

  /// Four round keys from the four before.
  static func expand(_ keys: Group, _ last: Group, round: Int32) {
    var constants = SIMD4<UInt32>()
    for index in 0..<4 {
      // CK: byte j of word i, the highest first, is (4i + j) · 7.
      let word = UInt32(round & 7) * 4 + UInt32(index)
      for byte: UInt32 in 0..<4 { constants[index] = constants[index] << 8 | (4 * word + byte) * 7 & 0xff }
    }
    keys.words4 = step(last.words4, constants) { $0 ^ rol($0, 13) ^ rol($0, 23) }
  }

  private static func step(_ words: SIMD4<UInt32>, _ keys: SIMD4<UInt32>, _ spread: (UInt32) -> UInt32) -> SIMD4<UInt32> {
    var words = words
    for index in 0..<4 {
      let mixed = words[1] ^ words[2] ^ words[3] ^ keys[index]
      var substituted: UInt32 = 0
      for shift: UInt32 in [0, 8, 16, 24] { substituted |= UInt32(CryptoTables.sm4[Int(mixed >> shift & 0xff)]) << shift }
      words = SIMD4(words[1], words[2], words[3], words[0] ^ spread(substituted))
    }
    return words
  }
}

enum SM3 {
  typealias Group = UnsafeMutableRawPointer

  /// w[16…23] from w[0…7] (vs1) and w[8…15] (vs2).
  static func expand(_ result: Group, _ high: Group, _ low: Group) {
    let (low, high) = (low.swappedWords8, high.swappedWords8)
    var w = (0..<16).map { $0 < 8 ? low[$0] : high[$0 - 8] }
    for j in 16..<24 {
      let x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
      w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
    }
    var next = SIMD8<UInt32>()
    for index in 0..<8 { next[index] = w[16 + index] }
    result.swappedWords8 = next
  }

  /// Rounds 2 · `round` and the one after it: A…H by element, of the message words 0, 1, 4 and 5 of the group count.
  static func compress(_ state: Group, _ message: Group, round: Int32) {
    let words = message.swappedWords8
    let old = state.swappedWords8
    var (a, b, c, d, e, f, g, h) = (old[0], old[1], old[2], old[3], old[4], old[5], old[6], old[7])
    for step in 0..<2 {
      let j = UInt32(round) * 2 + UInt32(step)
      let early = j < 16
      let constant: UInt32 = early ? 0x79cc_4519 : 0x7a87_9d8a
      let ss1 = rol(rol(a, 12) &+ e &+ rol(constant, j), 7)
      let ff = early ? a ^ b ^ c : a & b | a & c | b & c
      let gg = early ? e ^ f ^ g : e & f | ~e & g
      let tt1 = ff &+ d &+ (ss1 ^ rol(a, 12)) &+ (words[step] ^ words[step + 4])
      let tt2 = gg &+ h &+ ss1 &+ words[step]
      (a, b, c, d, e, f, g, h) = (tt1, a, rol(b, 9), c, tt2 ^ rol(tt2, 9) ^ rol(tt2, 17), e, rol(f, 19), g)
    }
    state.swappedWords8 = SIMD8(a, b, c, d, e, f, g, h)
  }
}
