import RVDecoder
import RVFloat

/// Multiplication, conversions and element-wise arithmetic of version 0.6.
extension MatrixV06Unit {
  /// Does floating-point work in xmfrm; what it raises goes to xmfflags.
  /// - Parameter rounds: whether a reserved rounding mode is illegal.
  private func inOwnEnvironment(rounds: Bool, _ body: (UInt32) -> Void) throws(Trap) {
    guard rounding <= 4 || !rounds else { throw Trap(.illegalInstruction) }
    let mode = UInt32(rounding <= 4 ? rounding : 0)
    let outer = rvf_enter(mode)
    body(mode)
    flags |= UInt8(truncatingIfNeeded: rvf_take_flags()) & 0x17
    rvf_leave(outer)
  }

  // MARK: "Matrix Multiplication"

  private func job(_ op: Op) -> rvf_matmul {
    rvf_matmul(
      c: register(Int(op.rd)), a: register(Int(op.rs1)), b: register(Int(op.rs2)), c_stride: accumulatorRow, a_stride: tileRow,
      b_stride: tileRow, m: Int(sizeM), n: Int(sizeN), k: Int(sizeK), scratch: scratch)
  }

  /// Elements outside of the product are zero.
  private func clearOutside(_ op: Op, width: Int) {
    fillOutside(Int(op.rd), rows: Int(sizeM), bytes: Int(sizeN) * width, 0)
  }

  func multiply(_ op: Op, _ source: rvf_number, _ result: rvf_number) throws(Trap) {
    guard rounding <= 4 else { throw Trap(.illegalInstruction) }
    var job = job(op)
    flags |= UInt8(truncatingIfNeeded: rvf_matmul_float(&job, source, result, choices.accumulation.order, UInt32(rounding)))
    clearOutside(op, width: result == RVF_DOUBLE ? 8 : result == RVF_SINGLE ? 4 : 2)
  }

  /// - Parameter bits: of the elements of A and B.
  func multiply(_ op: Op, _ bits: Int32, _ aSigned: Bool, _ bSigned: Bool) {
    var job = job(op)
    if rvf_matmul_integer(&job, bits, aSigned, bSigned, saturates) { saturated = true }
    clearOutside(op, width: bits == 16 ? 8 : 4)
  }

  // MARK: "Conversion"

  /// Whole rows: where the result is wider it is made of one half of the source, where it is narrower it goes to one half or quarter of the
  /// destination, whose rest stays.
  func convert(_ op: Op, _ from: MatrixElement.Format, _ to: MatrixElement.Format, part: Int = 0) throws(Trap) {
    let columns = accumulatorRow * 8 / max(from.bits, to.bits)
    let row = accumulatorRow
    let target = register(Int(op.rd))
    scratch.copyMemory(from: register(Int(op.rs1)), byteCount: rows * row)
    let source = UnsafeRawPointer(scratch)
    let (first, start) = (to.bits > from.bits ? part * columns : 0, to.bits < from.bits ? part * columns : 0)
    try inOwnEnvironment(rounds: Self.rounds(from, to)) { mode in
      for i in 0..<rows {
        for j in 0..<columns {
          let index = first + j
          let bits =
            from.bits == 4
            ? source.element(index / 2, width: 1, row: i * row) >> UInt64(index % 2 * 4) & 15
            : source.element(index, width: from.bits / 8, row: i * row)
          target.store(MatrixElement.convert(bits, from, to, mode, saturates: saturates), element: start + j, width: to.bits / 8, row: i * row)
        }
      }
    }
  }

  /// Whether the rounding mode matters, as a rule: not between floating-point formats where the second is the wider.
  private static func rounds(_ from: MatrixElement.Format, _ to: MatrixElement.Format) -> Bool {
    switch (from, to) {
    case (.e4m3, _), (.e5m2, _), (.half, .single), (.bfloat, _), (.single, .double), (.tf32, _), (_, .tf32), (.int4, _), (.uint4, _): false
    default: true
    }
  }

  /// A second source's row that serves for all, apart from its register, which may be the destination.
  private func spareRow(_ op: Op, _ row: Int?) -> UnsafeRawPointer? {
    guard let row else { return nil }
    scratch.copyMemory(from: register(Int(op.rs1)) + (row & (rows - 1)) * accumulatorRow, byteCount: accumulatorRow)
    return UnsafeRawPointer(scratch)
  }

  /// mn4clip: into a quarter of each row, sizes ignored.
  /// - Parameter row: of ms1, for all rows; `nil`: each its own.
  func clip(_ op: Op, _ operation: MatrixElement.Integer, part: Int, row: Int?) {
    let columns = accumulatorRow / 4
    let spare = spareRow(op, row)
    // Results lie over elements that are yet to be read.
    let results = scratch + (accumulatorRow + 63) / 64 * 64
    let mode = VectorRounding(rawValue: fixedRounding) ?? .nearestUp
    for i in 0..<rows {
      let a = UnsafeRawPointer(register(Int(op.rs2)) + i * accumulatorRow)
      let b = spare ?? UnsafeRawPointer(register(Int(op.rs1)) + i * accumulatorRow)
      for j in 0..<columns {
        let (value, isClipped) = MatrixElement.integer(
          operation, a.element(j, width: 4, row: 0), b.element(j, width: 4, row: 0), width: 4, saturates: false, rounding: mode)
        if isClipped { saturated = true }
        results.store(value, element: j, width: 1, row: 0)
      }
      (register(Int(op.rd)) + i * accumulatorRow + part * columns).copyMemory(from: results, byteCount: columns)
    }
  }

  // MARK: "Element-Wise"

  /// Integers of 32 bits.
  func elements(_ op: Op, _ operation: MatrixElement.Integer, row: Int?) {
    let spare = spareRow(op, row)
    let (m, n) = (Int(sizeM), Int(sizeN))
    for i in 0..<m {
      let a = UnsafeRawPointer(register(Int(op.rs2)) + i * accumulatorRow)
      let b = spare ?? UnsafeRawPointer(register(Int(op.rs1)) + i * accumulatorRow)
      let target = register(Int(op.rd)) + i * accumulatorRow
      for j in 0..<n {
        let (value, isSaturated) = MatrixElement.integer(
          operation, a.element(j, width: 4, row: 0), b.element(j, width: 4, row: 0), width: 4, saturates: saturates, rounding: .nearestUp)
        if isSaturated { saturated = true }
        target.store(value, element: j, width: 4, row: 0)
      }
    }
    clearOutside(op, width: 4)
  }

  func floats(_ op: Op, _ operation: MatrixElement.Float, _ width: Int, row: Int?) throws(Trap) {
    let spare = spareRow(op, row)
    let (m, n) = (Int(sizeM), Int(sizeN))
    try inOwnEnvironment(rounds: operation.rounds) { mode in
      for i in 0..<m {
        let a = UnsafeRawPointer(register(Int(op.rs2)) + i * accumulatorRow)
        let b = spare ?? UnsafeRawPointer(register(Int(op.rs1)) + i * accumulatorRow)
        let target = register(Int(op.rd)) + i * accumulatorRow
        for j in 0..<n {
          let x = MatrixElement.boxed(a.element(j, width: width, row: 0), width: width)
          let y = MatrixElement.boxed(b.element(j, width: width, row: 0), width: width)
          target.store(operation.result(x, y, width: width, mode), element: j, width: width, row: 0)
        }
      }
    }
    clearOutside(op, width: width)
  }
}
