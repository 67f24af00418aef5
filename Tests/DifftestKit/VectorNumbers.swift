/// The special operands that vector programs count: the classes of a register's numbers, and the largest one.
enum VectorNumber {
  static let names = ["+0", "-0", "subnormal", "normal", "inf", "qNaN", "sNaN", "largest"]
  static var count: Int { names.count }

  /// - Parameter register: the number, boxed; one that is not boxed is read as the quiet NaN that it stands for.
  static func index(_ register: UInt64, _ format: FloatFormat) -> Int {
    let kind = FloatClass(register: register, format)
    if kind == .unboxed { return FloatClass.quietNaN.rawValue }
    return register & ~(~0 << UInt64(format.width - 1)) == largest(format) ? 7 : kind.rawValue
  }

  static func value(_ index: Int, _ format: FloatFormat, _ random: inout Random) -> UInt64 {
    guard let kind = FloatClass(rawValue: index), kind != .unboxed else {
      return format.boxed(largest(format) | (random.chance(50) ? format.sign : 0))
    }
    return FloatValues.value(kind, format, &random)
  }

  private static func largest(_ format: FloatFormat) -> UInt64 { format.infinity - 1 }
}
