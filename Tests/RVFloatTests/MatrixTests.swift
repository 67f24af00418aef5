import RVFloat
import Testing

/// Products of matrices: wide instructions against the exact core, both against plain sums where those are exact.
@Suite(.serialized) struct MatrixProducts {
  static let pairs: [(rvf_number, rvf_number)] = [
    (RVF_E5M2, RVF_HALF), (RVF_E4M3, RVF_HALF), (RVF_E5M2, RVF_BF16), (RVF_E4M3, RVF_BF16), (RVF_E5M2, RVF_SINGLE), (RVF_E4M3, RVF_SINGLE),
    (RVF_HALF, RVF_HALF), (RVF_HALF, RVF_SINGLE), (RVF_BF16, RVF_SINGLE), (RVF_TF32, RVF_SINGLE), (RVF_SINGLE, RVF_SINGLE),
    (RVF_SINGLE, RVF_DOUBLE), (RVF_DOUBLE, RVF_DOUBLE),
  ]

  struct Generator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 17
    }

    /// Numbers near one, and now and then any bits.
    mutating func bits(_ format: rvf_number, wild: Bool) -> UInt64 {
      let (width, fraction) = MatrixProducts.layout(format)
      let r = next() << 20 ^ next()
      if wild, next() % 5 == 0 { return r & (width == 64 ? .max : 1 << UInt64(width) - 1) }
      let bias = UInt64(1) << UInt64(width - fraction - 2) - 1
      return (r & 1) << UInt64(width - 1) | (bias &- 2 &+ r >> 1 % 5) << UInt64(fraction) | r >> 4 & (1 << UInt64(fraction) - 1)
    }
  }

  static func layout(_ format: rvf_number) -> (width: Int, fraction: Int) {
    switch format {
    case RVF_E5M2: (8, 2)
    case RVF_E4M3: (8, 3)
    case RVF_HALF: (16, 10)
    case RVF_BF16: (16, 7)
    case RVF_DOUBLE: (64, 52)
    default: (32, 23)
    }
  }

  /// Rows of 512 bytes.
  final class Rows {
    let base = UnsafeMutableRawPointer.allocate(byteCount: 40 * 512, alignment: 64)

    init() { base.initializeMemory(as: UInt8.self, repeating: 0, count: 40 * 512) }
    deinit { base.deallocate() }

    func set(_ i: Int, _ j: Int, _ bits: UInt64, bytes: Int) {
      withUnsafeBytes(of: bits.littleEndian) { (base + i * 512 + j * bytes).copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: bytes) }
    }

    var contents: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: 40 * 512)) }
  }

  @Test func wideIsExact() {
    var random = Generator(state: 5)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: rvf_matmul_scratch(40, 512), alignment: 64)
    defer { scratch.deallocate() }
    for (source, result) in Self.pairs {
      for round in 0..<120 {
        let (m, n, k) = (Int(1 + random.next() % 18), Int(1 + random.next() % 35), Int(1 + random.next() % 20))
        let (a, b, c, d) = (Rows(), Rows(), Rows(), Rows())
        let (narrow, wide) = (Self.layout(source).width / 8, Self.layout(result).width / 8)
        for i in 0..<m { for j in 0..<k { a.set(i, j, random.bits(source, wild: round % 3 == 0), bytes: narrow) } }
        for i in 0..<n { for j in 0..<k { b.set(i, j, random.bits(source, wild: round % 3 == 0), bytes: narrow) } }
        for i in 0..<m {
          for j in 0..<n {
            let bits = random.bits(result, wild: round % 3 == 0)
            c.set(i, j, bits, bytes: wide)
            d.set(i, j, bits, bytes: wide)
          }
        }
        let (mode, order) = (UInt32(random.next() % 5), rvf_order(UInt32(random.next() % 2)))
        var job = rvf_matmul(
          c: c.base, a: a.base, b: b.base, c_stride: 512, a_stride: 512, b_stride: 512, m: m, n: n, k: k, scratch: scratch)
        let flags = rvf_matmul_float(&job, source, result, order, mode)
        job.c = d.base
        let before = rvf_assume_plain_host(true)
        let plain = rvf_matmul_float(&job, source, result, order, mode)
        _ = rvf_assume_plain_host(before)
        #expect(flags == plain && c.contents == d.contents, "\(source) in \(result), \(m) x \(n) x \(k), order \(order), mode \(mode)")
      }
    }
  }

  /// Small whole numbers: every order and every way is exact.
  @Test func ordersAgreeWhereNothingIsRounded() {
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: rvf_matmul_scratch(40, 512), alignment: 64)
    defer { scratch.deallocate() }
    for order in [RVF_DOT_THEN_ADD, RVF_CHAIN_FROM_C, RVF_EXACT_SUM] {
      let (a, b, c) = (Rows(), Rows(), Rows())
      for i in 0..<5 {
        for j in 0..<7 {
          a.set(i, j, UInt64(Float(i - j).bitPattern), bytes: 4)
          b.set(i, j, UInt64(Float(2 * i + j - 3).bitPattern), bytes: 4)
        }
        for j in 0..<5 { c.set(i, j, UInt64(Float(10 * i + j).bitPattern), bytes: 4) }
      }
      var job = rvf_matmul(c: c.base, a: a.base, b: b.base, c_stride: 512, a_stride: 512, b_stride: 512, m: 5, n: 5, k: 7, scratch: scratch)
      #expect(rvf_matmul_float(&job, RVF_SINGLE, RVF_SINGLE, order, 0) == 0)
      for i in 0..<5 {
        for j in 0..<5 {
          let sum = (0..<7).reduce(10 * i + j) { $0 + (i - $1) * (2 * j + $1 - 3) }
          #expect((c.base + i * 512 + j * 4).load(as: Float.self) == Float(sum))
        }
      }
    }
  }

  /// 2^24 + 1 - 2^24: rounded step by step it is 0, exactly 1.
  @Test func exactSumsRoundOnce() {
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: rvf_matmul_scratch(40, 512), alignment: 64)
    defer { scratch.deallocate() }
    for (order, wanted, raised) in [(RVF_CHAIN_FROM_C, 0, 1), (RVF_EXACT_SUM, 1, 0)] as [(rvf_order, Float, UInt32)] {
      let (a, b, c) = (Rows(), Rows(), Rows())
      for (j, x) in [16_777_216, 1, -16_777_216].enumerated() {
        a.set(0, j, UInt64(Float(x).bitPattern), bytes: 4)
        b.set(0, j, UInt64(Float(1).bitPattern), bytes: 4)
      }
      var job = rvf_matmul(c: c.base, a: a.base, b: b.base, c_stride: 512, a_stride: 512, b_stride: 512, m: 1, n: 1, k: 3, scratch: scratch)
      #expect(rvf_matmul_float(&job, RVF_SINGLE, RVF_SINGLE, order, 0) == raised)
      #expect(c.base.load(as: Float.self) == wanted)
    }
  }

  @Test func eightBitNumbers() {
    // Every e4m3 and e5m2 comes back from single precision.
    for byte in UInt8.min...255 {
      if byte & 0x7f != 0x7f { #expect(rvf_fcvt_e4m3_s(rvf_fcvt_s_e4m3(byte), false, 0) == byte) }
      if byte & 0x7f <= 0x7c { #expect(rvf_fcvt_e5m2_s(rvf_fcvt_s_e5m2(byte), false, 0) == byte) }
    }
    #expect(Float(bitPattern: rvf_fcvt_s_e4m3(0x7e)) == 448 && Float(bitPattern: rvf_fcvt_s_e4m3(0x01)) == 1.0 / 512)
    #expect(Float(bitPattern: rvf_fcvt_s_e5m2(0x7b)) == 57344 && Float(bitPattern: rvf_fcvt_s_e5m2(0x01)) == 1.0 / 65536)
    func narrow(_ x: Float, _ saturate: Bool, _ mode: UInt32 = 0) -> (UInt8, UInt8, UInt32) {
      let outer = rvf_enter(0)
      defer { rvf_leave(outer) }
      let (four, five) = (rvf_fcvt_e4m3_s(x.bitPattern, saturate, mode), rvf_fcvt_e5m2_s(x.bitPattern, saturate, mode))
      return (four, five, rvf_take_flags())
    }
    #expect(narrow(1e6, true) == (0x7e, 0x7b, 5) && narrow(-1e6, false) == (0xff, 0xfc, 5))
    #expect(narrow(464, false) == (0x7e, 0x5f, 1) && narrow(465, false).0 == 0x7f && narrow(479, false, 1).0 == 0x7e)
    #expect(narrow(.nan, true) == (0x7f, 0x7e, 0) && narrow(1.0 / 2048, true, 3).0 == 1)
  }
}
