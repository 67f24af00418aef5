/// Substitution boxes and field arithmetic of the scalar (and later the vector) crypto instructions, computed at first use.
enum CryptoTables {
  /// AES S-box: inverse in GF(2^8), then the affine map (FIPS-197, 5.1.1).
  static let aes: [UInt8] = (0..<256).map { value in
    let inverse = aesInverse(UInt8(value))
    return inverse ^ rotate(inverse, 1) ^ rotate(inverse, 2) ^ rotate(inverse, 3) ^ rotate(inverse, 4) ^ 0x63
  }

  static let aesInverseBox: [UInt8] = inverted(aes)

  /// SM4 S-box: affine map, inverse in GF(2^8) modulo x^8+x^7+x^6+x^5+x^4+x^2+1, the same affine map (GM/T 0002).
  static let sm4: [UInt8] = (0..<256).map { value in
    let inner = sm4Affine(UInt8(value))
    return sm4Affine(power254(inner, modulus: 0x1f5))
  }

  static func rotate(_ value: UInt8, _ by: UInt8) -> UInt8 { value << by | value >> (8 - by) }

  /// Product in GF(2^8).
  static func multiply(_ a: UInt8, _ b: UInt8, modulus: UInt16 = 0x11b) -> UInt8 {
    var result: UInt16 = 0
    var a = UInt16(a)
    for bit in 0..<8 {
      if b >> UInt8(bit) & 1 != 0 { result ^= a }
      a <<= 1
      if a & 0x100 != 0 { a ^= modulus }
    }
    return UInt8(result)
  }

  private static func aesInverse(_ value: UInt8) -> UInt8 { power254(value, modulus: 0x11b) }

  /// The inverse of a field element: its 254th power; 0 for 0.
  private static func power254(_ value: UInt8, modulus: UInt16) -> UInt8 {
    var result: UInt8 = 1
    for _ in 0..<254 { result = multiply(result, value, modulus: modulus) }
    return value == 0 ? 0 : result
  }

  /// The circulant matrix with first row 11010011 of SM4's S-box, then the constant 0xd3.
  private static func sm4Affine(_ value: UInt8) -> UInt8 {
    var result: UInt8 = 0
    for bit in 0..<8 {
      let row = rotate(0xa7, UInt8(bit))
      if (value & row).nonzeroBitCount & 1 != 0 { result |= 1 << UInt8(bit) }
    }
    return result ^ 0xd3
  }

  private static func inverted(_ box: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: 256)
    for (index, value) in box.enumerated() { result[Int(value)] = UInt8(index) }
    return result
  }
}
