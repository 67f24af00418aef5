/// Multiplication in GF(2^128) as GCM does it. NIST SP 800-38D, section 6.3; vector cryptography, "Zvkg".
///
/// GCM's bit 0 is the highest of byte 0: with the bits of all bytes reversed a group is a polynomial as usual, modulo
/// x^128 + x^7 + x^2 + x + 1.
enum GHASH {
  typealias Group = UnsafeMutableRawPointer

  /// (hash + block) · key.
  static func add(_ hash: Group, _ block: Group, thenMultiplyBy key: Group) {
    store(product(load(hash) ^ load(block), load(key)), to: hash)
  }

  static func multiply(_ hash: Group, by key: Group) { store(product(load(hash), load(key)), to: hash) }

  private static func product(_ a: SIMD2<UInt64>, _ b: SIMD2<UInt64>) -> SIMD2<UInt64> {
    // Of 256 bits, by halves.
    let (low, high) = (carrylessProduct(a[0], b[0]), carrylessProduct(a[1], b[1]))
    let cross = carrylessProduct(a[0] ^ a[1], b[0] ^ b[1])
    let middle = (low: cross.low ^ low.low ^ high.low, high: cross.high ^ low.high ^ high.high)
    let (r0, r1) = (low.low, low.high ^ middle.low)
    let (r2, r3) = (high.low ^ middle.high, high.high)
    // x^128 is 0x87; what that leaves above is seven bits.
    let fold2 = carrylessProduct(r2, 0x87)
    let fold3 = carrylessProduct(r3, 0x87)
    let last = carrylessProduct(fold3.high, 0x87).low
    return SIMD2(r0 ^ fold2.low ^ last, r1 ^ fold2.high ^ fold3.low)
  }

  private static func load(_ group: Group) -> SIMD2<UInt64> {
    let words = group.loadUnaligned(as: SIMD2<UInt64>.self)
    return SIMD2(ReverseBitsInBytes.lane(words[0], 0), ReverseBitsInBytes.lane(words[1], 0))
  }

  private static func store(_ value: SIMD2<UInt64>, to group: Group) {
    let words = SIMD2(ReverseBitsInBytes.lane(value[0], 0), ReverseBitsInBytes.lane(value[1], 0))
    group.storeBytes(of: words, as: SIMD2<UInt64>.self)
  }
}
