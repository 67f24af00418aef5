import RVDecoder
import RVFloat

/// What floating-point vector instructions have in common, and their forms. "V", chapter 13.
extension Hart {
  /// Whether elements of SEW bits can be numbers, the float state is on, and frm is a rounding mode.
  /// - Parameter widest: log2 of the bytes of the widest SEW that the operation takes: 2 where a source or the result has 2 · SEW bits.
  @inline(__always)
  func requireVectorFloat(widest: Int) throws(Trap) {
    let s = state
    let sew = s.pointee.vtype.sew
    guard isNumber(sew), sew <= widest, widest == 3 || isNumber(sew + 1), s.pointee.fs != 0, s.pointee.frm < 5 else {
      throw Trap(.illegalInstruction)
    }
  }

  /// To be called when the extensions change.
  func setVectorFormats() {
    state.pointee.vectorFormats =
      (isa.contains(.zvfhmin) ? 16 : 0) | (isa.contains(.zvfh) ? 2 : 0) | (isa.contains(.zve32f) ? 4 : 0) | (isa.contains(.zve64d) ? 8 : 0)
  }

  /// Whether elements of `1 << width` bytes can be numbers; 4 stands for conversions of halves.
  @inline(__always)
  func isNumber(_ width: Int) -> Bool { state.pointee.vectorFormats >> UInt8(truncatingIfNeeded: width) & 1 != 0 }

  /// The float state gets dirty when an operation raises a flag, even one that is up already.
  @inline(__always)
  func keepingFloatState(_ body: () throws(Trap) -> Void) throws(Trap) {
    if _fastPath(state.pointee.fs == 3) { return try body() }
    let flags = rvf_take_flags()
    defer {
      if rvf_peek_flags() != 0 { state.makeFloatDirty() }
      rvf_raise(flags)
    }
    try body()
  }

  /// The scalar operand of f[rs1] for elements of SEW bits: the canonical NaN where it is not boxed. "V", section 13.1 (and D, 21.2).
  func unboxed(_ op: Op, _ sew: Int) -> UInt64 {
    let value = state.f[Int(op.rs1)]
    switch sew {
    case 1: return value >= 0xffff_ffff_ffff_0000 ? value & 0xffff : 0x7e00
    case 2: return value >= 0xffff_ffff_0000_0000 ? value & 0xffff_ffff : 0x7fc0_0000
    default: return value
    }
  }

  /// frm where it is no mode of the host.
  var explicitMode: UInt32? { state.pointee.frm == 4 ? 4 : nil }

  @inline(__always)
  private func beginFloat(_ op: Op, widest: Int = 3) throws(Trap) -> (Elements, VectorSource) {
    try requireVectorFloat(widest: widest)
    return try begin(op)
  }

  // MARK: Forms

  @inline(never)
  func float(_ op: Op, _ operation: borrowing FloatOperation2) throws(Trap) {
    let (e, source) = try beginFloat(op)
    let a = e.neutral(e.vs2, width: e.sew, in: e.spare(1))
    let b = e.second(source, width: e.sew, in: e.spare(2))
    e.apply(operation, width: e.sew, rm: explicitMode, a, b, to: e.results)
    e.commitResults(width: e.sew)
  }

  /// With a scalar as first source.
  @inline(never)
  func floatReversed(_ op: Op, _ operation: borrowing FloatOperation2) throws(Trap) {
    let (e, source) = try beginFloat(op)
    guard case .scalar(let scalar) = source else { return }
    let a = e.filled(scalar, width: e.sew, in: e.spare(1))
    let b = e.neutral(e.vs2, width: e.sew, in: e.spare(2))
    e.apply(operation, width: e.sew, rm: explicitMode, a, (b, false), to: e.results)
    e.commitResults(width: e.sew)
  }

  /// - Parameter addsFirst: whether vs2 is what is added, and vd a factor.
  @inline(never)
  func fused(_ op: Op, _ operation: borrowing FloatOperation3, addsFirst: Bool) throws(Trap) {
    let (e, source) = try beginFloat(op)
    let a = e.neutral(e.vs2, width: e.sew, in: e.spare(1))
    let b = e.second(source, width: e.sew, in: e.spare(2))
    let d = e.neutral(e.vd, width: e.sew, in: e.spare(3))
    e.apply(operation, width: e.sew, rm: explicitMode, addsFirst ? d : a, b, addsFirst ? a : d, to: e.results)
    e.commitResults(width: e.sew)
  }

  /// Elements of SEW bits as numbers of twice as many, 1 where they are not active.
  private func widened(_ e: Elements, _ elements: UnsafeMutableRawPointer, bfloat: Bool, in room: UnsafeMutableRawPointer) {
    // A bfloat16's neutral 1 is another number, and as good.
    let narrow = e.neutral(elements, width: e.sew, in: e.spare(0))
    if bfloat {
      rvf_vector_s_b(room, narrow, e.count)
    } else if e.sew == 1 {
      rvf_vector_s_h(room, narrow, e.count)
    } else {
      rvf_vector_d_s(room, narrow, e.count)
    }
  }

  private func widened(
    _ e: Elements, _ source: VectorSource, bfloat: Bool, in room: UnsafeMutableRawPointer
  ) -> (elements: UnsafeMutableRawPointer, spread: Bool) {
    switch source {
    case .elements(let elements):
      widened(e, elements, bfloat: bfloat, in: room)
      return (room, false)
    case .scalar(let scalar):
      let widen: Float1 = bfloat ? rvf_fcvt_s_bf16 : e.sew == 1 ? rvf_fcvt_s_h : rvf_fcvt_d_s
      // With no active element nothing is raised.
      let hasActive = e.isMasked ? e.hasActive : e.count > 0
      let wide = hasActive ? widen(Elements.box(scalar, e.sew)) : Elements.one(e.sew + 1)
      return e.second(.scalar(wide), width: e.sew + 1, in: room)
    }
  }

  @inline(never)
  func floatWiden(_ op: Op, _ operation: borrowing FloatOperation2, wideFirst: Bool = false) throws(Trap) {
    let (e, source) = try beginFloat(op, widest: 2)
    let width = e.sew + 1
    let b = widened(e, source, bfloat: false, in: e.spare(2))
    let a = wideFirst ? e.neutral(e.vs2, width: width, in: e.spare(1)) : e.spare(1)
    if !wideFirst { widened(e, e.vs2, bfloat: false, in: a) }
    e.apply(operation, width: width, rm: explicitMode, a, b, to: e.results)
    e.commitResults(width: width)
  }

  @inline(never)
  func fusedWiden(_ op: Op, _ operation: borrowing FloatOperation3, bfloat: Bool = false) throws(Trap) {
    let (e, source) = bfloat ? try beginBFloat(op) : try beginFloat(op, widest: 2)
    let width = e.sew + 1
    let b = widened(e, source, bfloat: bfloat, in: e.spare(2))
    widened(e, e.vs2, bfloat: bfloat, in: e.spare(1))
    let d = e.neutral(e.vd, width: width, in: e.spare(3))
    e.apply(operation, width: width, rm: explicitMode, e.spare(1), b, d, to: e.results)
    e.commitResults(width: width)
  }

  /// Zvfbfmin, Zvfbfwma: SEW is 16, and the elements are no half-precision numbers.
  func beginBFloat(_ op: Op) throws(Trap) -> (Elements, VectorSource) {
    guard state.pointee.vtype.sew == 1, state.pointee.fs != 0, state.pointee.frm < 5 else { throw Trap(.illegalInstruction) }
    let (e, b) = try begin(op)
    guard case .scalar = b else { return (e, b) }
    let scalar = state.f[Int(op.rs1)]
    return (e, .scalar(scalar >= 0xffff_ffff_ffff_0000 ? scalar & 0xffff : 0x7fc0))
  }

  @inline(never)
  func floatCompare(_ op: Op, _ operation: borrowing FloatOperation2, negated: Bool = false) throws(Trap) {
    let (e, source) = try beginFloat(op)
    let a = e.neutral(e.vs2, width: e.sew, in: e.spare(1))
    let b = e.second(source, width: e.sew, in: e.spare(2))
    compared(e, operation, a, b, negated: negated)
  }

  @inline(never)
  func floatCompareReversed(_ op: Op, _ operation: borrowing FloatOperation2) throws(Trap) {
    let (e, source) = try beginFloat(op)
    guard case .scalar(let scalar) = source else { return }
    let a = e.filled(scalar, width: e.sew, in: e.spare(1))
    let b = e.neutral(e.vs2, width: e.sew, in: e.spare(2))
    compared(e, operation, a, (b, false), negated: false)
  }

  private func compared(
    _ e: Elements, _ operation: borrowing FloatOperation2, _ a: UnsafeMutableRawPointer,
    _ b: (elements: UnsafeMutableRawPointer, spread: Bool), negated: Bool
  ) {
    let bytes = e.spare(3)
    operation.blocks[e.sew](bytes, a, b.elements, a, e.count, b.spread)
    Elements.gather(bytes, to: e.spare(0), count: e.count)
    if negated { e.invertBits(e.spare(0)) }
    e.commitMask(e.spare(0))
  }

  /// Sources and results of SEW bits.
  @inline(never)
  func convert(_ op: Op, _ operations: borrowing ByFormat<FloatOperation1>) throws(Trap) {
    let (e, _) = try beginFloat(op)
    convert(e, operations[e.sew], from: e.sew, to: e.sew, rm: explicitMode)
  }

  // MARK: Reductions

  /// In the order of elements, for the "unordered" ones too unless another is chosen: that is one of the orders they may have, and Spike's.
  ///
  /// With no active element an ordered sum is the scalar as it is; an unordered one is, by Spike's choice among those allowed, the scalar as
  /// an operation would give it: a canonical NaN for any NaN. "V", sections 14.3.1 and 14.3.2.
  @inline(never)
  func floatReduce(_ op: Op, _ operation: FloatOperation2, isOrdered: Bool = true, widening: Bool = false) throws(Trap) {
    let (e, _) = try beginFloat(op, widest: widening ? 2 : 3)
    if e.count == 0 { return }
    let width = widening ? e.sew + 1 : e.sew
    let widen: Float1 = e.sew == 1 ? rvf_fcvt_s_h : rvf_fcvt_d_s
    var sum = Elements.boxed(0, e.vs1, width)
    var isEmpty = true
    var row: [UInt64] = []
    let keepsOrder = isOrdered || vectorChoices.reduction == .sequential
    for index in 0..<e.count where e.isActive(index) {
      let element = Elements.boxed(index, e.vs2, e.sew)
      let value = widening ? widen(element) : element
      isEmpty = false
      if !keepsOrder {
        if row.isEmpty { row = [sum] }
        row.append(value)
        continue
      }
      if let rm = explicitMode, let explicit = operation.explicit?[width] {
        sum = explicit(sum, value, rm)
      } else {
        sum = operation.host[width](sum, value)
      }
    }
    if !row.isEmpty {
      let explicit = explicitMode.flatMap { rm in operation.explicit.map { (rm, $0[width]) } }
      sum = self.sum(row) { a, b in if let (rm, add) = explicit { add(a, b, rm) } else { operation.host[width](a, b) } }
    }
    // The smaller of a number and itself is the number; of two NaNs it is the canonical one.
    if isEmpty, !isOrdered { sum = FloatOperation2.min.host[width](sum, sum) }
    Elements.store(sum, 0, of: e.vd, width: width)
  }
}
