import RVFloat

/// Rounding of floating-point instructions (F, "Floating-Point Control and Status Register").
extension UnsafeMutablePointer<HartState> {
  /// With mstatus.FS off, floating-point instructions are illegal.
  @inline(__always)
  func requireFloat() throws(Trap) {
    if pointee.fs == 0 { throw Trap(.illegalInstruction) }
  }

  /// Writes an f register: the float state is dirty then.
  @inline(__always)
  func set(f index: Int, _ value: UInt64) {
    f[index] = value
    makeFloatDirty()
  }

  @inline(__always)
  func makeFloatDirty() {
    if _slowPath(pointee.fs != 3) { pointee.set(fs: 3) }
  }

  // An operation that does not round.

  @inline(__always)
  func exact(_ a: UInt64) throws(Trap) -> UInt64 {
    try requireFloat()
    return a
  }

  @inline(__always)
  func exact(_ a: UInt64, _ operation: @convention(c) (UInt64) -> UInt64) throws(Trap) -> UInt64 {
    try requireFloat()
    return operation(a)
  }

  @inline(__always)
  func exact(_ a: UInt64, _ b: UInt64, _ operation: @convention(c) (UInt64, UInt64) -> UInt64) throws(Trap) -> UInt64 {
    try requireFloat()
    return operation(a, b)
  }

  // An operation that rounds: in the host's current mode where that is the instruction's, else in an explicit one.

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ fast: @convention(c) (UInt64) -> UInt64, _ exact: @convention(c) (UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if _fastPath(pointee.hostRounding &>> rm & 1 != 0) { return fast(a) }
    try requireFloat()
    return exact(a, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ fast: @convention(c) (UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if _fastPath(pointee.hostRounding &>> rm & 1 != 0) { return fast(a, b) }
    try requireFloat()
    return exact(a, b, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ fast: @convention(c) (UInt64, UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if _fastPath(pointee.hostRounding &>> rm & 1 != 0) { return fast(a, b, c) }
    try requireFloat()
    return exact(a, b, c, try rounding(rm))
  }

  // The commonest operations on doubles: registers are read and written as doubles, so that a dependent chain does not pass through
  // integer registers. Whatever is not in the host's mode, or is the first to make the float state dirty, goes out of line, with the op
  // alone.

  @inline(__always)
  private var doubles: UnsafeMutablePointer<Double> { UnsafeMutableRawPointer(f).assumingMemoryBound(to: Double.self) }

  @inline(__always)
  func double(
    _ op: OpPointer, _ fast: @convention(c) (Double) -> Double, _ exact: @convention(c) (UInt64, UInt32) -> UInt64
  ) throws(Trap) {
    if _fastPath(pointee.hostRounding &>> op.pointee.aux & 1 != 0) {
      doubles[Int(op.pointee.rd)] = fast(doubles[Int(op.pointee.rs1)])
    } else {
      try exactly(op, exact)
    }
  }

  @inline(__always)
  func double(
    _ op: OpPointer, _ fast: @convention(c) (Double, Double) -> Double, _ exact: @convention(c) (UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) {
    if _fastPath(pointee.hostRounding &>> op.pointee.aux & 1 != 0) {
      doubles[Int(op.pointee.rd)] = fast(doubles[Int(op.pointee.rs1)], doubles[Int(op.pointee.rs2)])
    } else {
      try exactly(op, exact)
    }
  }

  @inline(__always)
  func double(
    _ op: OpPointer, _ fast: @convention(c) (Double, Double, Double) -> Double,
    _ exact: @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) {
    if _fastPath(pointee.hostRounding &>> op.pointee.aux & 1 != 0) {
      doubles[Int(op.pointee.rd)] = fast(
        doubles[Int(op.pointee.rs1)], doubles[Int(op.pointee.rs2)], doubles[Int(op.pointee.rs3)])
    } else {
      try exactly(op, exact)
    }
  }

  @inline(never)
  private func exactly(_ op: OpPointer, _ exact: @convention(c) (UInt64, UInt32) -> UInt64) throws(Trap) {
    try requireFloat()
    let rm = try rounding(op.pointee.aux)
    set(f: Int(op.pointee.rd), exact(f[Int(op.pointee.rs1)], rm))
  }

  @inline(never)
  private func exactly(_ op: OpPointer, _ exact: @convention(c) (UInt64, UInt64, UInt32) -> UInt64) throws(Trap) {
    try requireFloat()
    let rm = try rounding(op.pointee.aux)
    set(f: Int(op.pointee.rd), exact(f[Int(op.pointee.rs1)], f[Int(op.pointee.rs2)], rm))
  }

  @inline(never)
  private func exactly(_ op: OpPointer, _ exact: @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64) throws(Trap) {
    try requireFloat()
    let rm = try rounding(op.pointee.aux)
    set(f: Int(op.pointee.rd), exact(f[Int(op.pointee.rs1)], f[Int(op.pointee.rs2)], f[Int(op.pointee.rs3)], rm))
  }

  /// The rounding mode of an instruction: its own, or frm. Reserved values are illegal instructions.
  @inline(never)
  func rounding(_ rm: UInt8) throws(Trap) -> UInt32 {
    let mode = rm == 7 ? pointee.frm : rm
    if mode > 4 { throw Trap(.illegalInstruction) }
    return UInt32(mode)
  }
}
