import RVFloat
import Testing

/// Sums of widening products are those of their elements, and nothing behind the last one changes.
struct WideProductTests {
  private struct Case: Sendable {
    let name: String
    let loop: VectorLoopTests.Loop
    /// Bits of a factor.
    let bits: UInt64
    let signs: (Bool, Bool)
  }

  private static let cases: [Case] = [
    .init(name: "ss_16", loop: rvf_vector_macc_ss_16, bits: 8, signs: (true, true)),
    .init(name: "ss_32", loop: rvf_vector_macc_ss_32, bits: 16, signs: (true, true)),
    .init(name: "ss_64", loop: rvf_vector_macc_ss_64, bits: 32, signs: (true, true)),
    .init(name: "uu_16", loop: rvf_vector_macc_uu_16, bits: 8, signs: (false, false)),
    .init(name: "uu_32", loop: rvf_vector_macc_uu_32, bits: 16, signs: (false, false)),
    .init(name: "uu_64", loop: rvf_vector_macc_uu_64, bits: 32, signs: (false, false)),
    .init(name: "su_16", loop: rvf_vector_macc_su_16, bits: 8, signs: (true, false)),
    .init(name: "su_32", loop: rvf_vector_macc_su_32, bits: 16, signs: (true, false)),
    .init(name: "su_64", loop: rvf_vector_macc_su_64, bits: 32, signs: (true, false)),
    .init(name: "us_16", loop: rvf_vector_macc_us_16, bits: 8, signs: (false, true)),
    .init(name: "us_32", loop: rvf_vector_macc_us_32, bits: 16, signs: (false, true)),
    .init(name: "us_64", loop: rvf_vector_macc_us_64, bits: 32, signs: (false, true)),
  ]

  @Test(arguments: [false, true]) func `products and sums are their elements', and raise nothing`(plain: Bool) {
    let usual = rvf_assume_plain_host(plain)
    defer { _ = rvf_assume_plain_host(usual) }
    var random = Random(state: 99)
    for one in Self.cases {
      for count in 0...70 {
        for spread in [false, true] {
          var (a, b, sums) = (numbers(&random), numbers(&random), numbers(&random))
          let narrow = Int(one.bits / 8)
          let before = sums
          // The extremes meet now and then.
          for index in 0..<count where random.below(4) == 0 {
            put(1 << (one.bits - 1), index, narrow, &a)
            put(random.below(2) == 0 ? 1 << (one.bits - 1) : ~0, spread ? 0 : index, narrow, &b)
          }
          let saved = rvf_enter(0)
          sums.withUnsafeMutableBytes { one.loop($0.baseAddress, a, b, $0.baseAddress, count, spread) }
          let flags = rvf_take_flags()
          rvf_leave(saved)
          var expected = before
          for index in 0..<count {
            let x = wide(get(index, narrow, a), one.bits, one.signs.0)
            let y = wide(get(spread ? 0 : index, narrow, b), one.bits, one.signs.1)
            put(get(index, 2 * narrow, before) &+ x &* y, index, 2 * narrow, &expected)
          }
          #expect(sums == expected && flags == 0, "\(one.name) count \(count) spread \(spread)")
        }
      }
    }
  }

  @Test func `a factor may be the end of the sums`() {
    var random = Random(state: 7)
    for one in Self.cases {
      let narrow = Int(one.bits / 8)
      let most = 64 * 4 / narrow
      for count in [1, 5, most / 2, most - 1, most] {
        var sums = numbers(&random)
        let (b, before) = (numbers(&random), sums)
        sums.withUnsafeMutableBytes {
          one.loop($0.baseAddress, $0.baseAddress.map { UnsafeRawPointer($0 + most * narrow) }, b, $0.baseAddress, count, false)
        }
        let same = (0..<count).allSatisfy {
          let x = wide(get(most + $0, narrow, before), one.bits, one.signs.0)
          return get($0, 2 * narrow, sums) == (get($0, 2 * narrow, before) &+ x &* wide(get($0, narrow, b), one.bits, one.signs.1)) & ~0 >> (64 - 2 * one.bits)
        }
        #expect(same, "\(one.name) count \(count)")
      }
    }
  }

  private func numbers(_ random: inout Random) -> [UInt8] { (0..<70 * 8 + 128).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

  private func wide(_ value: UInt64, _ bits: UInt64, _ isSigned: Bool) -> UInt64 {
    isSigned ? UInt64(bitPattern: Int64(bitPattern: value << (64 - bits)) >> Int64(64 - bits)) : value
  }

  private func put(_ value: UInt64, _ index: Int, _ size: Int, _ bytes: inout [UInt8]) {
    for byte in 0..<size { bytes[index * size + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
  }

  private func get(_ index: Int, _ size: Int, _ bytes: [UInt8]) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(bytes[index * size + $1]) << UInt64(8 * $1) }
  }
}
