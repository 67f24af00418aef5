import RVDecoder

/// What all vector instructions have in common: whether they may run at all, their operands, the forms of operations.
extension Hart {
  /// Checks what holds for any vector instruction that depends on vtype, and finds its operands.
  /// - Throws: an illegal-instruction exception: vectors are off, vill is set, vstart is not 0 for one that cannot have been interrupted (a choice
  ///   of Spike's), or vtype does not allow these operands.
  @inline(__always)
  func begin(_ op: Op) throws(Trap) -> (Elements, VectorSource) {
    let s = state
    let type = s.pointee.vtype
    let operands = vectorOperands + Int(op.id)
    guard s.pointee.vs != 0, !type.isIllegal, s.pointee.vstart == 0 || operands.pointee.resumes, isAllowed(op, type) else {
      throw Trap(.illegalInstruction)
    }
    s.pointee.vs = 3
    let elements = Elements(op, s, sew: type.sew)
    if elements.isMasked, !operands.pointee.resumes { Elements.spread(elements.file, to: elements.activeBytes, count: elements.count) }
    let source: VectorSource =
      switch operands.pointee.source {
      case .vector, .none: .elements(elements.vs1)
      case .x: .scalar(s.x[Int(op.rs1)])
      case .f: .scalar(unboxed(op, type.sew))
      case .immediate: .scalar(UInt64(bitPattern: Int64(op.imm)))
      }
    return (elements, source)
  }

  /// Whether vtype allows the op's registers.
  @inline(__always)
  private func isAllowed(_ op: Op, _ type: VectorType) -> Bool {
    let word = vectorChecks[Int(op.id) << 5 | Int(type.bits & 31)]
    let numbers = UInt32(op.rd) | UInt32(op.rs1) << 8 | UInt32(op.rs2) << 16
    if _fastPath(VectorChecks.allow(word, numbers, isMasked: op.aux & 1 == 0)) { return true }
    return isAllowedAfterAll(op, type)
  }

  @inline(never)
  private func isAllowedAfterAll(_ op: Op, _ type: VectorType) -> Bool {
    let operands = vectorOperands + Int(op.id)
    let elen = Int(state.pointee.elen)
    let word = vectorChecks + (Int(op.id) << 5 | Int(type.bits & 31))
    if word.pointee == 0 { word.pointee = VectorChecks.word(operands.pointee, type, elen: elen) }
    return operands.pointee.allow(op, type, elen: elen)
  }

  // MARK: Forms

  @inline(never)
  func binary<K: BinaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    let out = e.resultsApart
    switch e.sew {
    case 0:
      e.binary(K.self, UInt8.self, e.vs2, b, to: out)
      e.commitResults(out, UInt8.self)
    case 1:
      e.binary(K.self, UInt16.self, e.vs2, b, to: out)
      e.commitResults(out, UInt16.self)
    case 2:
      e.binary(K.self, UInt32.self, e.vs2, b, to: out)
      e.commitResults(out, UInt32.self)
    default:
      e.binary(K.self, UInt64.self, e.vs2, b, to: out)
      e.commitResults(out, UInt64.self)
    }
  }

  @inline(never)
  func ternary<K: TernaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    switch e.sew {
    case 0: e.ternary(K.self, UInt8.self, b)
    case 1: e.ternary(K.self, UInt16.self, b)
    case 2: e.ternary(K.self, UInt32.self, b)
    default: e.ternary(K.self, UInt64.self, b)
    }
  }

  @inline(never)
  func compare<K: CompareKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    switch e.sew {
    case 0: e.compare(K.self, UInt8.self, b)
    case 1: e.compare(K.self, UInt16.self, b)
    case 2: e.compare(K.self, UInt32.self, b)
    default: e.compare(K.self, UInt64.self, b)
    }
  }

  /// With v0 as carries, whose results are elements; every element is active.
  @inline(never)
  func carry<K: CarryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    let (out, carries) = (e.spare(0), e.spare(1))
    Elements.spread(e.file, to: carries, count: e.count)
    switch e.sew {
    case 0:
      e.carry(K.self, UInt8.self, b, carries, to: out)
      e.commit(out, UInt8.self)
    case 1:
      e.carry(K.self, UInt16.self, b, carries, to: out)
      e.commit(out, UInt16.self)
    case 2:
      e.carry(K.self, UInt32.self, b, carries, to: out)
      e.commit(out, UInt32.self)
    default:
      e.carry(K.self, UInt64.self, b, carries, to: out)
      e.commit(out, UInt64.self)
    }
  }

  /// The same, whose results are carries; without v0 if `reads` is false.
  @inline(never)
  func carryOut<K: CarryKernel>(_ op: Op, _ kernel: K.Type, reads: Bool) throws(Trap) {
    let (e, b) = try begin(op)
    let (out, carries, bytes) = (e.spare(0), e.spare(1), e.spare(2))
    if reads { Elements.spread(e.file, to: carries, count: e.count) }
    let given = reads ? carries : nil
    switch e.sew {
    case 0:
      e.carry(K.self, UInt8.self, b, given, to: out)
      e.resize(out, UInt8.self, to: bytes, UInt8.self, signed: false)
    case 1:
      e.carry(K.self, UInt16.self, b, given, to: out)
      e.resize(out, UInt16.self, to: bytes, UInt8.self, signed: false)
    case 2:
      e.carry(K.self, UInt32.self, b, given, to: out)
      e.resize(out, UInt32.self, to: bytes, UInt8.self, signed: false)
    default:
      e.carry(K.self, UInt64.self, b, given, to: out)
      e.resize(out, UInt64.self, to: bytes, UInt8.self, signed: false)
    }
    Elements.gather(bytes, to: out, count: e.count)
    e.commitMask(out)
  }

  @inline(never)
  func fixed<K: FixedKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    let rounding = VectorRounding(rawValue: state.pointee.vxrm) ?? .nearestUp
    let out = e.spare(0)
    let saturated: Bool
    switch e.sew {
    case 0:
      saturated = e.fixed(K.self, UInt8.self, rounding, e.vs2, b, to: out)
      e.commit(out, UInt8.self)
    case 1:
      saturated = e.fixed(K.self, UInt16.self, rounding, e.vs2, b, to: out)
      e.commit(out, UInt16.self)
    case 2:
      saturated = e.fixed(K.self, UInt32.self, rounding, e.vs2, b, to: out)
      e.commit(out, UInt32.self)
    default:
      saturated = e.fixed(K.self, UInt64.self, rounding, e.vs2, b, to: out)
      e.commit(out, UInt64.self)
    }
    if saturated { saturate() }
  }

  /// From 2 · SEW to SEW bits.
  @inline(never)
  func clip<K: FixedKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    let rounding = VectorRounding(rawValue: state.pointee.vxrm) ?? .nearestUp
    let saturated =
      switch e.sew {
      case 0: clip(e, b, kernel, rounding, UInt8.self, UInt16.self)
      case 1: clip(e, b, kernel, rounding, UInt16.self, UInt32.self)
      default: clip(e, b, kernel, rounding, UInt32.self, UInt64.self)
      }
    if saturated { saturate() }
  }

  @inline(__always)
  private func clip<K: FixedKernel, Narrow: Lane, Wide: Lane>(
    _ e: Elements, _ b: VectorSource, _ kernel: K.Type, _ rounding: VectorRounding, _: Narrow.Type, _: Wide.Type
  ) -> Bool {
    let amounts = e.widened(b, Narrow.self, Wide.self, signed: false, in: e.spare(2))
    // Two pieces: results of 2 · SEW bits may take sixteen registers' worth of room only with LMUL 8, which does not exist here.
    let saturated = e.fixed(K.self, Wide.self, rounding, e.vs2, amounts, to: e.spare(0))
    e.resize(e.spare(0), Wide.self, to: e.spare(1), Narrow.self, signed: false)
    e.commit(e.spare(1), Narrow.self)
    return saturated
  }

  /// From 2 · SEW to SEW bits, modulo.
  @inline(never)
  func narrow<K: BinaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, b) = try begin(op)
    switch e.sew {
    case 0: narrow(e, b, kernel, UInt8.self, UInt16.self)
    case 1: narrow(e, b, kernel, UInt16.self, UInt32.self)
    default: narrow(e, b, kernel, UInt32.self, UInt64.self)
    }
  }

  @inline(__always)
  private func narrow<K: BinaryKernel, Narrow: Lane, Wide: Lane>(
    _ e: Elements, _ b: VectorSource, _ kernel: K.Type, _: Narrow.Type, _: Wide.Type
  ) {
    let amounts = e.widened(b, Narrow.self, Wide.self, signed: false, in: e.spare(2))
    e.binary(K.self, Wide.self, e.vs2, amounts, to: e.spare(0))
    e.resize(e.spare(0), Wide.self, to: e.spare(1), Narrow.self, signed: false)
    e.commit(e.spare(1), Narrow.self)
  }

  /// From SEW to 2 · SEW bits: the sources are widened, and the operation is one of wide elements.
  /// - Parameter wideFirst: whether vs2 is wide already.
  @inline(never)
  func widen<K: BinaryKernel, First: Extending, Second: Extending>(
    _ op: Op, _ kernel: K.Type, _ first: First.Type, _ second: Second.Type, wideFirst: Bool = false
  ) throws(Trap) {
    let (e, b) = try begin(op)
    let out = e.resultsApart
    switch e.sew {
    case 0:
      e.widening(K.self, First.self, Second.self, UInt8.self, UInt16.self, wideFirst: wideFirst, b, to: out)
      e.commitResults(out, UInt16.self)
    case 1:
      e.widening(K.self, First.self, Second.self, UInt16.self, UInt32.self, wideFirst: wideFirst, b, to: out)
      e.commitResults(out, UInt32.self)
    default:
      e.widening(K.self, First.self, Second.self, UInt32.self, UInt64.self, wideFirst: wideFirst, b, to: out)
      e.commitResults(out, UInt64.self)
    }
  }

  /// From SEW to 2 · SEW bits, products added to the destination: ``WideProduct``.
  @inline(never)
  func widenAdd(_ op: Op) throws(Trap) {
    let (e, b) = try begin(op)
    guard let block = fastForms[Int(op.id)].block(e.sew) else { return }
    switch b {
    case .elements(let b): block(e.results, e.vs2, b, e.vd, e.count, false)
    case .scalar(var b): block(e.results, e.vs2, &b, e.vd, e.count, true)
    }
    e.commitResults(width: e.sew + 1)
  }

  /// Sources of a fraction of SEW.
  /// - Parameter divisor: log2 of SEW / EEW.
  @inline(never)
  func extend(_ op: Op, divisor: Int, signed: Bool) throws(Trap) {
    let (e, _) = try begin(op)
    let out = e.results
    switch (e.sew, e.sew - divisor) {
    case (1, 0): e.resize(e.vs2, UInt8.self, to: out, UInt16.self, signed: signed)
    case (2, 1): e.resize(e.vs2, UInt16.self, to: out, UInt32.self, signed: signed)
    case (2, 0): e.resize(e.vs2, UInt8.self, to: out, UInt32.self, signed: signed)
    case (3, 2): e.resize(e.vs2, UInt32.self, to: out, UInt64.self, signed: signed)
    case (3, 1): e.resize(e.vs2, UInt16.self, to: out, UInt64.self, signed: signed)
    default: e.resize(e.vs2, UInt8.self, to: out, UInt64.self, signed: signed)
    }
    e.commitResults(width: e.sew)
  }
}
