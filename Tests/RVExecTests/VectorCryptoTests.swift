import RVDecoder
import Testing

@testable import RVExec

/// Every instruction of vector cryptography against the numbers of the standards, in two element groups at once.
@Suite("Vector cryptography")
struct VectorCryptoTests {
  // MARK: AES, FIPS-197

  private static let aesText = "00112233445566778899aabbccddeeff"

  /// Round keys, as the instructions expand them.
  private static func keys(_ key: String, _ unit: VectorUnit) throws -> [[UInt8]] {
    let bytes = hex(key)
    var keys = [Array(bytes[..<16])]
    if bytes.count == 16 {
      for round in 1...10 {
        unit[2] = keys[round - 1]
        try unit.run("vaeskf1.vi", rd: 4, rs2: 2, imm: Int32(round))
        keys.append(unit[4])
      }
    } else {
      keys.append(Array(bytes[16...]))
      for round in 2...14 {
        (unit[4], unit[2]) = (keys[round - 2], keys[round - 1])
        try unit.run("vaeskf2.vi", rd: 4, rs2: 2, imm: Int32(round))
        keys.append(unit[4])
      }
    }
    return keys
  }

  @Test("AES key schedules are those of FIPS-197, appendix A")
  func aesKeys() throws {
    let unit = try #require(VectorUnit())
    let short = try Self.keys("2b7e151628aed2a6abf7158809cf4f3c", unit)
    #expect(short[1] == hex("a0fafe1788542cb123a339392a6c7605") && short[10] == hex("d014f9a8c9ee2589e13f0cc8b6630ca6"))
    let long = try Self.keys("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", unit)
    #expect(long[2] == hex("9ba354118e6925afa51a8b5f2067fcde") && long[14] == hex("fe4890d1e6188d0b046df344706c631e"))
    // Bit 3 of a round that there is not is flipped: 0 is 8, 11 is 3.
    unit[2] = short[7]
    try unit.run("vaeskf1.vi", rd: 4, rs2: 2, imm: 0)
    #expect(unit[4] == short[8])
    unit[2] = short[2]
    try unit.run("vaeskf1.vi", rd: 4, rs2: 2, imm: 11)
    #expect(unit[4] == short[3])
  }

  @Test(
    "AES encrypts and decrypts as FIPS-197, appendix C, says",
    arguments: [
      ("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"),
      ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089"),
    ], ["vv", "vs"])
  func aes(_ vector: (key: String, cipher: String), form: String) throws {
    let unit = try #require(VectorUnit())
    let keys = try Self.keys(vector.key, unit)
    func round(_ mnemonic: String, _ key: [UInt8]) throws {
      unit[2] = key + (form == "vv" ? key : [])
      try unit.run("\(mnemonic).\(form)", rd: 4, rs2: 2, lmul: 1, vl: 8)
    }
    func first(_ key: [UInt8]) throws {
      unit[2] = key
      try unit.run("vaesz.vs", rd: 4, rs2: 2, lmul: 1, vl: 8)
    }
    unit[4] = hex(Self.aesText + Self.aesText)
    try first(keys[0])
    for key in keys.dropFirst().dropLast() { try round("vaesem", key) }
    try round("vaesef", keys[keys.count - 1])
    #expect(unit[4, 32] == hex(vector.cipher + vector.cipher))
    try first(keys[keys.count - 1])
    for key in keys.dropFirst().dropLast().reversed() { try round("vaesdm", key) }
    try round("vaesdf", keys[0])
    #expect(unit[4, 32] == hex(Self.aesText + Self.aesText))
  }

  // MARK: SHA-2, FIPS-180-4

  /// The digest of "abc": of eight words, and as many rounds as there are constants.
  private func digest<Word: FixedWidthInteger & UnsignedInteger>(_: Word.Type, rounds: Int, unit: VectorUnit) throws -> [Word] {
    let size = MemoryLayout<Word>.size
    // The constants of SHA-256 are the upper halves of those of SHA-512.
    let constants = Self.sha512Constants[..<rounds].map { Word(truncatingIfNeeded: $0 >> UInt64(64 - 8 * size)) }
    let start = Self.sha512Start.map { Word(truncatingIfNeeded: $0 >> UInt64(64 - 8 * size)) }
    let (sew, lmul) = size == 4 ? (2, 0) : (3, 1)
    var w = [Word](repeating: 0, count: 16)
    w[0] = 0x6162_6380 << Word(8 * (size - 4))
    w[15] = 24
    while w.count < rounds {
      let at = w.count - 16
      unit[2] = bytes(Array(w[at..<at + 4]))
      unit[4] = bytes([w[at + 4], w[at + 9], w[at + 10], w[at + 11]])
      unit[6] = bytes(Array(w[(at + 12)...]))
      try unit.run("vsha2ms.vv", rd: 2, rs1: 6, rs2: 4, sew: sew, lmul: lmul)
      w += words(unit[2, 4 * size])
    }
    // c, d, g, h and a, b, e, f, the last first.
    var (rest, first) = ([start[7], start[6], start[3], start[2]], [start[5], start[4], start[1], start[0]])
    for at in stride(from: 0, to: rounds, by: 4) {
      let added = (at..<at + 4).map { w[$0] &+ constants[$0] }
      (unit[2], unit[4], unit[6]) = (bytes(rest), bytes(first), bytes(added))
      try unit.run("vsha2cl.vv", rd: 2, rs1: 6, rs2: 4, sew: sew, lmul: lmul)
      try unit.run("vsha2ch.vv", rd: 4, rs1: 6, rs2: 2, sew: sew, lmul: lmul)
      (rest, first) = (words(unit[2, 4 * size]), words(unit[4, 4 * size]))
    }
    let end = [first[3], first[2], rest[3], rest[2], first[1], first[0], rest[1], rest[0]]
    return zip(start, end).map { $0 &+ $1 }
  }

  @Test("SHA-256 of abc")
  func sha256() throws {
    let unit = try #require(VectorUnit())
    #expect(
      try digest(UInt32.self, rounds: 64, unit: unit)
        == words(hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), bigEndian: true))
  }

  @Test("SHA-512 of abc; Zvknha has no 64-bit words")
  func sha512() throws {
    let expected =
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    let unit = try #require(VectorUnit())
    #expect(try digest(UInt64.self, rounds: 80, unit: unit) == words(hex(expected), bigEndian: true))
    let small = try #require(VectorUnit(isa: ISA([.v, .zvknha])))
    #expect(throws: Trap.self) { try digest(UInt64.self, rounds: 80, unit: small) }
    #expect(throws: Never.self) { try digest(UInt32.self, rounds: 64, unit: small) }
  }

  // MARK: SM4, GM/T 0002; SM3, GM/T 0004

  @Test("SM4 of GM/T 0002, appendix A", arguments: ["vv", "vs"])
  func sm4(form: String) throws {
    let unit = try #require(VectorUnit())
    let text: [UInt32] = [0x0123_4567, 0x89ab_cdef, 0xfedc_ba98, 0x7654_3210]
    let family: [UInt32] = [0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc]
    var key = zip(text, family).map { $0 ^ $1 }
    unit[4] = bytes(text + text)
    for round in 0..<8 {
      unit[2] = bytes(key)
      try unit.run("vsm4k.vi", rd: 6, rs2: 2, imm: Int32(round))
      key = words(unit[6])
      if round == 0 { #expect(key[0] == 0xf121_86f9) }
      unit[2] = bytes(form == "vv" ? key + key : key)
      try unit.run("vsm4r.\(form)", rd: 4, rs2: 2, lmul: 1, vl: 8)
    }
    let cipher: [UInt32] = [0x681e_df34, 0xd206_965e, 0x86b3_e94f, 0x536e_4246]
    #expect(words(unit[4, 32]) == Array(cipher.reversed() + cipher.reversed()))
  }

  @Test("SM3 of abc, GM/T 0004, appendix A")
  func sm3() throws {
    let unit = try #require(VectorUnit())
    var message = hex("61626380") + [UInt8](repeating: 0, count: 59) + [24]
    while message.count < 4 * 68 {
      let at = message.count - 64
      (unit[2], unit[4]) = (Array(message[at..<at + 32]), Array(message[(at + 32)...]))
      try unit.run("vsm3me.vv", rd: 6, rs1: 2, rs2: 4, lmul: 1, vl: 8)
      message += unit[6, 32]
    }
    let start = hex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")
    unit[8] = start
    for round in 0..<32 {
      unit[4] = Array(message[8 * round..<min(8 * round + 32, message.count)])
      try unit.run("vsm3c.vi", rd: 8, rs2: 4, imm: Int32(round), lmul: 1, vl: 8)
    }
    let digest = zip(start, unit[8, 32]).map { $0 ^ $1 }
    #expect(digest == hex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"))
  }

  // MARK: GHASH

  @Test("GHASH of GCM's test case 2")
  func ghash() throws {
    let unit = try #require(VectorUnit())
    let (key, cipher) = (hex("66e94bd4ef8a2c3b884cfa59ca342b2e"), hex("0388dace60b6a392f328c2b971b2fe78"))
    (unit[2], unit[4], unit[6]) = (key, [UInt8](repeating: 0, count: 16), cipher)
    try unit.run("vghsh.vv", rd: 4, rs1: 6, rs2: 2)
    #expect(unit[4] == hex("5e2ec746917062882c85b0685353deb7"))
    unit[6] = hex("00000000000000000000000000000080")
    try unit.run("vghsh.vv", rd: 4, rs1: 6, rs2: 2)
    #expect(unit[4] == hex("f38cbb1ad69223dcc3457ae5b6b0f885"))
    unit[4] = cipher
    try unit.run("vgmul.vv", rd: 4, rs2: 2)
    #expect(unit[4] == hex("5e2ec746917062882c85b0685353deb7"))
  }

  // MARK: What is reserved

  @Test("groups that are cut, another SEW, LMUL too small and keys inside of the state are illegal")
  func reserved() throws {
    let unit = try #require(VectorUnit())
    #expect(throws: Trap.self) { try unit.run("vaesem.vv", rd: 4, rs2: 2, vl: 3) }
    #expect(throws: Trap.self) { try unit.run("vaesem.vv", rd: 4, rs2: 2, sew: 3, lmul: 1) }
    #expect(throws: Trap.self) { try unit.run("vaesem.vv", rd: 4, rs2: 2, lmul: -1, vl: 0) }
    #expect(throws: Trap.self) { try unit.run("vsm3me.vv", rd: 4, rs1: 2, rs2: 6, vl: 0) }
    #expect(throws: Trap.self) { try unit.run("vaesem.vs", rd: 4, rs2: 5, lmul: 1, vl: 8) }
    #expect(throws: Trap.self) { try unit.run("vsha2ms.vv", rd: 4, rs1: 4, rs2: 2) }
    #expect(throws: Never.self) { try unit.run("vaesem.vs", rd: 4, rs2: 7, lmul: 1, vl: 8) }
    #expect(throws: Never.self) { try unit.run("vaesem.vv", rd: 4, rs2: 2, vl: 0) }
  }

  // MARK: Constants of SHA-512

  private static func table(_ text: String) -> [UInt64] { text.split { $0 == " " || $0 == "\n" }.compactMap { UInt64($0, radix: 16) } }

  private static let sha512Start = table(
    """
    6a09e667f3bcc908 bb67ae8584caa73b 3c6ef372fe94f82b a54ff53a5f1d36f1
    510e527fade682d1 9b05688c2b3e6c1f 1f83d9abfb41bd6b 5be0cd19137e2179
    """)

  private static let sha512Constants = table(
    """
    428a2f98d728ae22 7137449123ef65cd b5c0fbcfec4d3b2f e9b5dba58189dbbc
    3956c25bf348b538 59f111f1b605d019 923f82a4af194f9b ab1c5ed5da6d8118
    d807aa98a3030242 12835b0145706fbe 243185be4ee4b28c 550c7dc3d5ffb4e2
    72be5d74f27b896f 80deb1fe3b1696b1 9bdc06a725c71235 c19bf174cf692694
    e49b69c19ef14ad2 efbe4786384f25e3 0fc19dc68b8cd5b5 240ca1cc77ac9c65
    2de92c6f592b0275 4a7484aa6ea6e483 5cb0a9dcbd41fbd4 76f988da831153b5
    983e5152ee66dfab a831c66d2db43210 b00327c898fb213f bf597fc7beef0ee4
    c6e00bf33da88fc2 d5a79147930aa725 06ca6351e003826f 142929670a0e6e70
    27b70a8546d22ffc 2e1b21385c26c926 4d2c6dfc5ac42aed 53380d139d95b3df
    650a73548baf63de 766a0abb3c77b2a8 81c2c92e47edaee6 92722c851482353b
    a2bfe8a14cf10364 a81a664bbc423001 c24b8b70d0f89791 c76c51a30654be30
    d192e819d6ef5218 d69906245565a910 f40e35855771202a 106aa07032bbd1b8
    19a4c116b8d2d0c8 1e376c085141ab53 2748774cdf8eeb99 34b0bcb5e19b48a8
    391c0cb3c5c95a63 4ed8aa4ae3418acb 5b9cca4f7763e373 682e6ff3d6b2b8a3
    748f82ee5defb2fc 78a5636f43172f60 84c87814a1f0ab72 8cc702081a6439ec
    90befffa23631e28 a4506cebde82bde9 bef9a3f7b2c67915 c67178f2e372532b
    ca273eceea26619c d186b8c721c0c207 eada7dd6cde0eb1e f57d4f7fee6ed178
    06f067aa72176fba 0a637dc5a2c898a6 113f9804bef90dae 1b710b35131c471b
    28db77f523047d84 32caab7b40c72493 3c9ebe0a15c9bebc 431d67c49c100d4c
    4cc5d4becb3e42b6 597f299cfc657e2a 5fcb6fab3ad6faec 6c44198c4a475817
    """)
}
