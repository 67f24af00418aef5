/// SHA-256 and SHA-512, the same but for the words' width and the amounts they are rotated by. FIPS-180-4, section 4.1; vector
/// cryptography, "Zvknh[ab]".
enum SHA2 {
  /// w[16…19] in place of w[0…3].
  /// - Parameters:
  ///   - words: w[0], w[1], w[2], w[3], by element.
  ///   - middle: w[4], w[9], w[10], w[11].
  ///   - last: w[12], w[13], w[14], w[15].
  static func schedule<Word: SHA2Word>(_ words: inout SIMD4<Word>, _ middle: SIMD4<Word>, _ last: SIMD4<Word>) {
    let old = words
    let later = [old[1], old[2], old[3], middle[0]]
    for index in 0..<4 {
      let near = index < 2 ? last[index + 2] : words[index - 2]
      let far = index < 3 ? middle[index + 1] : last[0]
      words[index] = Word.small1(near) &+ far &+ Word.small0(later[index]) &+ old[index]
    }
  }

  /// Two rounds.
  /// - Parameters:
  ///   - words: h, g, d, c by element; the new f, e, b, a.
  ///   - others: f, e, b, a.
  ///   - first, second: message words with their constants added.
  static func compress<Word: SHA2Word>(_ words: inout SIMD4<Word>, _ others: SIMD4<Word>, _ first: Word, _ second: Word) {
    var (h, g, d, c) = (words[0], words[1], words[2], words[3])
    var (f, e, b, a) = (others[0], others[1], others[2], others[3])
    for word in [first, second] {
      let one = h &+ Word.big1(e) &+ (e & f ^ ~e & g) &+ word
      let two = Word.big0(a) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
    }
    words = SIMD4(f, e, b, a)
  }
}

/// The four functions of words that differ. Σ0, Σ1, σ0, σ1 of FIPS-180-4.
protocol SHA2Word: Lane, SIMDScalar, Codable {
  static func big0(_ x: Self) -> Self
  static func big1(_ x: Self) -> Self
  static func small0(_ x: Self) -> Self
  static func small1(_ x: Self) -> Self
}

extension UInt32: SHA2Word {
  static func big0(_ x: UInt32) -> UInt32 { turned(x, 2) ^ turned(x, 13) ^ turned(x, 22) }
  static func big1(_ x: UInt32) -> UInt32 { turned(x, 6) ^ turned(x, 11) ^ turned(x, 25) }
  static func small0(_ x: UInt32) -> UInt32 { turned(x, 7) ^ turned(x, 18) ^ x >> 3 }
  static func small1(_ x: UInt32) -> UInt32 { turned(x, 17) ^ turned(x, 19) ^ x >> 10 }
}

extension UInt64: SHA2Word {
  static func big0(_ x: UInt64) -> UInt64 { turned(x, 28) ^ turned(x, 34) ^ turned(x, 39) }
  static func big1(_ x: UInt64) -> UInt64 { turned(x, 14) ^ turned(x, 18) ^ turned(x, 41) }
  static func small0(_ x: UInt64) -> UInt64 { turned(x, 1) ^ turned(x, 8) ^ x >> 7 }
  static func small1(_ x: UInt64) -> UInt64 { turned(x, 19) ^ turned(x, 61) ^ x >> 6 }
}

/// To the right.
private func turned<Word: Lane>(_ x: Word, _ by: Word) -> Word { RotateRight.lane(x, by) }
