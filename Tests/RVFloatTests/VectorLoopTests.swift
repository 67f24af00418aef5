import RVFloat
import Testing

/// Loops over whole vectors give the bits and the flags that the scalar functions give, element by element.
struct VectorLoopTests {
  typealias Loop = @convention(c) (UnsafeMutableRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeRawPointer?, Int, Bool) -> Void
  typealias Two = @convention(c) (UInt64, UInt64) -> UInt64
  typealias Three = @convention(c) (UInt64, UInt64, UInt64) -> UInt64

  private static let two: [(String, Format, Loop, Two)] = [
    ("add", .h, rvf_vector_add_h, rvf_fadd_h), ("add", .s, rvf_vector_add_s, rvf_fadd_s), ("add", .d, rvf_vector_add_d, rvf_fadd_d),
    ("sub", .h, rvf_vector_sub_h, rvf_fsub_h), ("sub", .s, rvf_vector_sub_s, rvf_fsub_s), ("sub", .d, rvf_vector_sub_d, rvf_fsub_d),
    ("mul", .h, rvf_vector_mul_h, rvf_fmul_h), ("mul", .s, rvf_vector_mul_s, rvf_fmul_s), ("mul", .d, rvf_vector_mul_d, rvf_fmul_d),
    ("div", .h, rvf_vector_div_h, rvf_fdiv_h), ("div", .s, rvf_vector_div_s, rvf_fdiv_s), ("div", .d, rvf_vector_div_d, rvf_fdiv_d),
    ("min", .h, rvf_vector_min_h, rvf_fmin_h), ("min", .s, rvf_vector_min_s, rvf_fmin_s), ("min", .d, rvf_vector_min_d, rvf_fmin_d),
    ("max", .h, rvf_vector_max_h, rvf_fmax_h), ("max", .s, rvf_vector_max_s, rvf_fmax_s), ("max", .d, rvf_vector_max_d, rvf_fmax_d),
    ("sgnj", .h, rvf_vector_sgnj_h, rvf_fsgnj_h), ("sgnjn", .s, rvf_vector_sgnjn_s, rvf_fsgnjn_s), ("sgnjx", .d, rvf_vector_sgnjx_d, rvf_fsgnjx_d),
  ]
  private static let comparisons: [(String, Format, Loop, Two)] = [
    ("eq", .h, rvf_vector_eq_h, rvf_feq_h), ("eq", .s, rvf_vector_eq_s, rvf_feq_s), ("eq", .d, rvf_vector_eq_d, rvf_feq_d),
    ("lt", .h, rvf_vector_lt_h, rvf_flt_h), ("lt", .s, rvf_vector_lt_s, rvf_flt_s), ("lt", .d, rvf_vector_lt_d, rvf_flt_d),
    ("le", .h, rvf_vector_le_h, rvf_fle_h), ("le", .s, rvf_vector_le_s, rvf_fle_s), ("le", .d, rvf_vector_le_d, rvf_fle_d),
  ]
  private static let three: [(String, Format, Loop, Three)] = [
    ("madd", .h, rvf_vector_madd_h, rvf_fmadd_h), ("madd", .s, rvf_vector_madd_s, rvf_fmadd_s), ("madd", .d, rvf_vector_madd_d, rvf_fmadd_d),
    ("msub", .h, rvf_vector_msub_h, rvf_fmsub_h), ("msub", .s, rvf_vector_msub_s, rvf_fmsub_s), ("msub", .d, rvf_vector_msub_d, rvf_fmsub_d),
    ("nmsub", .h, rvf_vector_nmsub_h, rvf_fnmsub_h), ("nmsub", .s, rvf_vector_nmsub_s, rvf_fnmsub_s),
    ("nmsub", .d, rvf_vector_nmsub_d, rvf_fnmsub_d), ("nmadd", .h, rvf_vector_nmadd_h, rvf_fnmadd_h),
    ("nmadd", .s, rvf_vector_nmadd_s, rvf_fnmadd_s), ("nmadd", .d, rvf_vector_nmadd_d, rvf_fnmadd_d),
  ]

  @Test(arguments: [false, true]) func `blocks are their elements, in every mode and for every count`(plain: Bool) {
    let usual = rvf_assume_plain_host(plain)
    defer { _ = rvf_assume_plain_host(usual) }
    var random = Random(state: 4711)
    var failures = 0
    for rm: UInt32 in 0..<4 {
      for (name, format, loop, scalar) in Self.two {
        for count in 0...70 {
          for spread in [false, true] {
            failures += differs("\(name).\(format.name)", format, count, spread, rm, &random, loop) { a, b, _ in scalar(a, b) }
          }
        }
      }
      for (name, format, loop, scalar) in Self.three {
        for count in 0...70 {
          for spread in [false, true] {
            failures += differs("\(name).\(format.name)", format, count, spread, rm, &random, loop, scalar)
          }
        }
      }
    }
    for (name, format, loop, scalar) in Self.comparisons {
      for count in 0...70 {
        for spread in [false, true] {
          failures += differs("\(name).\(format.name)", format, count, spread, 0, &random, loop, resultBytes: 1) { a, b, _ in scalar(a, b) }
        }
      }
    }
    #expect(failures == 0)
  }

  /// - Returns: 1 if results, flags, or what lies behind the results are not as they should be.
  private func differs(
    _ name: String, _ format: Format, _ count: Int, _ spread: Bool, _ rm: UInt32, _ random: inout Random, _ loop: Loop,
    resultBytes: Int? = nil, _ scalar: (UInt64, UInt64, UInt64) -> UInt64
  ) -> Int {
    let size = format.width / 8
    let out = resultBytes ?? size
    // Room behind the last element: 64 bytes may be touched there.
    let room = 70 * 8 + 128
    var (a, b, c) = (bytes(room, &random), bytes(room, &random), bytes(room, &random))
    // Few vectors have special operands, or every block would be done lane by lane.
    let classes = format.classes
    if random.below(3) == 0, count > 0 {
      for _ in 0..<3 {
        put(classes[random.below(classes.count)], random.below(count), size, &a)
        put(classes[random.below(classes.count)], spread ? 0 : random.below(count), size, &b)
        put(classes[random.below(classes.count)], random.below(count), size, &c)
      }
    }
    let before = bytes(room, &random)
    var results = before
    let saved = rvf_enter(rm)
    loop(&results, a, b, c, count, spread)
    let flags = rvf_take_flags()
    var expected = before
    for index in 0..<count {
      let value = scalar(
        format.box(element(index, size, a)), format.box(element(spread ? 0 : index, size, b)), format.box(element(index, size, c)))
      put(value, index, out, &expected)
    }
    let due = rvf_take_flags()
    rvf_leave(saved)
    // Comparisons fill whole blocks of bytes, whose tails mean nothing.
    let length = resultBytes == nil ? room : count
    let isEqual = results[..<length] == expected[..<length] && flags == due
    if !isEqual { Issue.record("\(name) count \(count) spread \(spread) mode \(rm): flags \(flags), due \(due)") }
    return isEqual ? 0 : 1
  }

  private func bytes(_ count: Int, _ random: inout Random) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

  private func put(_ value: UInt64, _ index: Int, _ size: Int, _ bytes: inout [UInt8]) {
    for byte in 0..<size { bytes[index * size + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
  }

  private func element(_ index: Int, _ size: Int, _ bytes: [UInt8]) -> UInt64 {
    (0..<size).reduce(0) { $0 | UInt64(bytes[index * size + $1]) << UInt64(8 * $1) }
  }
}
