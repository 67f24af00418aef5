import RVDecoder

/// Instructions that say where the region of interest begins and ends: hints without effect elsewhere, `slti x0, x0, n`. They take no time and are
/// not counted.
public enum RegionMarker {
  static let beginNumber: Int32 = -1234
  static let endNumber: Int32 = -1235

  /// `slti x0, x0, -1234` and `slti x0, x0, -1235`.
  public static let begin = word(beginNumber)
  public static let end = word(endNumber)

  private static func word(_ number: Int32) -> UInt32 { UInt32(bitPattern: number << 20) | 2 << 12 | 0x13 }

  /// Whether an op is a marker, and which.
  @inline(__always)
  static func which(_ op: UnsafePointer<Op>) -> Bool? {
    guard op.pointee.fast == .slti, op.pointee.rd == Op.sink, op.pointee.rs1 == 0 else { return nil }
    return op.pointee.imm == beginNumber ? true : op.pointee.imm == endNumber ? false : nil
  }
}
