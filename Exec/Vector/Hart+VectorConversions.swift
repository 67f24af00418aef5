import RVDecoder
import RVFloat

/// Conversions between numbers and integers, and between widths. "V", sections 13.17 to 13.19; Zvfbfmin.
extension Hart {
  /// - Parameters:
  ///   - number, integer: how much wider than SEW each side is, as log2: 0 or 1.
  ///   - towardsZero: whether frm does not count.
  @inline(never)
  func toInteger(_ op: Op, number: Int = 0, integer: Int = 0, signed: Bool, towardsZero: Bool = false) throws(Trap) {
    let sew = state.pointee.vtype.sew
    try requireNumbers(isNumber(sew + number))
    guard let conversion = Self.integer(from: sew + number, to: sew + integer, signed: signed, towardsZero: towardsZero) else {
      throw Trap(.illegalInstruction)
    }
    let (e, _) = try begin(op)
    convert(e, conversion, from: sew + number, to: sew + integer, rm: towardsZero ? 1 : explicitMode)
  }

  @inline(never)
  func fromInteger(_ op: Op, number: Int = 0, integer: Int = 0, signed: Bool) throws(Trap) {
    let sew = state.pointee.vtype.sew
    try requireNumbers(isNumber(sew + number))
    let conversion = Self.number(from: sew + integer, to: sew + number, signed: signed)
    let (e, _) = try begin(op)
    convert(e, conversion, from: sew + integer, to: sew + number, integers: signed ? .signed : .unsigned, rm: explicitMode)
  }

  @inline(never)
  func widenFormat(_ op: Op) throws(Trap) {
    let sew = state.pointee.vtype.sew
    try requireNumbers(sew == 1 ? isNumber(4) : sew == 2 && isNumber(3))
    let (e, _) = try begin(op)
    convert(e, sew == 1 ? .init(rvf_fcvt_s_h, nil, block: rvf_vector_s_h) : .init(rvf_fcvt_d_s, nil, block: rvf_vector_d_s), from: sew, to: sew + 1, rm: nil)
  }

  @inline(never)
  func narrowFormat(_ op: Op, toOdd: Bool = false) throws(Trap) {
    let sew = state.pointee.vtype.sew
    try requireNumbers(sew == 1 ? isNumber(toOdd ? 1 : 4) : sew == 2 && isNumber(3))
    let (e, _) = try begin(op)
    let conversion: FloatOperation1 =
      switch (sew, toOdd) {
      case (1, true): .init(rvf_fcvt_odd_h_s, nil)
      case (1, false): .init(rvf_fcvt_h_s, rvf_fcvt_h_s_rm, block: rvf_vector_h_s)
      case (_, true): .init(rvf_fcvt_odd_s_d, nil)
      case (_, false): .init(rvf_fcvt_s_d, rvf_fcvt_s_d_rm, block: rvf_vector_s_d)
      }
    convert(e, conversion, from: sew + 1, to: sew, rm: explicitMode)
  }

  @inline(never)
  func convertBFloat(_ op: Op, widening: Bool) throws(Trap) {
    try requireNumbers(state.pointee.vtype.sew == 1)
    let (e, _) = try begin(op)
    if widening {
      convert(e, .init(rvf_fcvt_s_bf16, nil, block: rvf_vector_s_b), from: 1, to: 2, rm: nil)
    } else {
      convert(e, .init(rvf_fcvt_bf16_s, rvf_fcvt_bf16_s_rm, block: rvf_vector_b_s), from: 2, to: 1, rm: explicitMode)
    }
  }

  private func requireNumbers(_ areThere: Bool) throws(Trap) {
    guard areThere, state.pointee.fs != 0, state.pointee.frm < 5 else { throw Trap(.illegalInstruction) }
  }

  // MARK: Elements

  /// What a source's bits are.
  enum ConversionSource { case number, signed, unsigned }

  /// - Parameter rm: the rounding mode where it is not the host's; 1 for conversions towards zero.
  func convert(
    _ e: Elements, _ operation: FloatOperation1, from: Int, to: Int, integers source: ConversionSource = .number, rm: UInt32?
  ) {
    let out = e.spare(0)
    if let block = operation.block, rm != 4, !e.isMasked {
      block(out, e.vs2, e.count)
      e.vd.copyMemory(from: out, byteCount: e.count << to)
      return
    }
    for index in 0..<e.count where e.isActive(index) {
      var x = Elements.element(index, of: e.vs2, width: from)
      switch source {
      case .number: x = Elements.box(x, from)
      case .signed:
        let unused = UInt64(64 - 8 << from)
        x = UInt64(bitPattern: Int64(bitPattern: x &<< unused) &>> Int64(unused))
      case .unsigned: break
      }
      let result = if let rm, let explicit = operation.explicit { explicit(x, rm) } else { operation.host(x) }
      Elements.store(result, index, of: out, width: to)
    }
    e.commit(out, width: to)
  }

  // MARK: Which function it is

  /// - Parameters: log2 of bytes.
  private static func integer(from number: Int, to integer: Int, signed: Bool, towardsZero: Bool) -> FloatOperation1? {
    switch (number, integer) {
    case (1, 0): signed ? .init(rvf_fcvt_i8_h, rvf_fcvt_i8_h_rm) : .init(rvf_fcvt_u8_h, rvf_fcvt_u8_h_rm)
    case (1, 1): signed ? .init(rvf_fcvt_i16_h, rvf_fcvt_i16_h_rm) : .init(rvf_fcvt_u16_h, rvf_fcvt_u16_h_rm)
    case (1, 2): signed ? .init(rvf_fcvt_w_h, rvf_fcvt_w_h_rm) : .init(rvf_fcvt_wu_h, rvf_fcvt_wu_h_rm)
    case (2, 1): signed ? .init(rvf_fcvt_i16_s, rvf_fcvt_i16_s_rm) : .init(rvf_fcvt_u16_s, rvf_fcvt_u16_s_rm)
    case (2, 2) where signed && towardsZero: .init(rvf_fcvt_w_s, rvf_fcvt_w_s_rm, block: rvf_vector_wz_s)
    case (2, 2): signed ? .init(rvf_fcvt_w_s, rvf_fcvt_w_s_rm, block: rvf_vector_w_s) : .init(rvf_fcvt_wu_s, rvf_fcvt_wu_s_rm)
    case (2, 3): signed ? .init(rvf_fcvt_l_s, rvf_fcvt_l_s_rm) : .init(rvf_fcvt_lu_s, rvf_fcvt_lu_s_rm)
    case (3, 2): signed ? .init(rvf_fcvt_w_d, rvf_fcvt_w_d_rm) : .init(rvf_fcvt_wu_d, rvf_fcvt_wu_d_rm)
    case (3, 3): signed ? .init(rvf_fcvt_l_d, rvf_fcvt_l_d_rm) : .init(rvf_fcvt_lu_d, rvf_fcvt_lu_d_rm)
    default: nil
    }
  }

  /// Integers below 32 bits come extended.
  private static func number(from integer: Int, to number: Int, signed: Bool) -> FloatOperation1 {
    switch (number, integer) {
    case (1, _): signed ? .init(rvf_fcvt_h_w, rvf_fcvt_h_w_rm) : .init(rvf_fcvt_h_wu, rvf_fcvt_h_wu_rm)
    case (2, 3): signed ? .init(rvf_fcvt_s_l, rvf_fcvt_s_l_rm) : .init(rvf_fcvt_s_lu, rvf_fcvt_s_lu_rm)
    case (2, 2) where signed: .init(rvf_fcvt_s_w, rvf_fcvt_s_w_rm, block: rvf_vector_s_w)
    case (2, _): signed ? .init(rvf_fcvt_s_w, rvf_fcvt_s_w_rm) : .init(rvf_fcvt_s_wu, rvf_fcvt_s_wu_rm)
    case (_, 3): signed ? .init(rvf_fcvt_d_l, rvf_fcvt_d_l_rm) : .init(rvf_fcvt_d_lu, rvf_fcvt_d_lu_rm)
    default: signed ? .init(rvf_fcvt_d_w, rvf_fcvt_d_w_rm) : .init(rvf_fcvt_d_wu, rvf_fcvt_d_wu_rm)
    }
  }
}
