import RVFloat

/// Rounding of floating-point instructions (F, "Floating-Point Control and Status Register").
extension UnsafeMutablePointer<HartState> {
  // An operation that rounds: in the host's current mode where that is the instruction's, else in an explicit one.

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ fast: @convention(c) (UInt64) -> UInt64, _ exact: @convention(c) (UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if pointee.hostRounding &>> rm & 1 != 0 { return fast(a) }
    return exact(a, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ fast: @convention(c) (UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if pointee.hostRounding &>> rm & 1 != 0 { return fast(a, b) }
    return exact(a, b, try rounding(rm))
  }

  @inline(__always)
  func rounded(
    _ rm: UInt8, _ a: UInt64, _ b: UInt64, _ c: UInt64, _ fast: @convention(c) (UInt64, UInt64, UInt64) -> UInt64,
    _ exact: @convention(c) (UInt64, UInt64, UInt64, UInt32) -> UInt64
  ) throws(Trap) -> UInt64 {
    if pointee.hostRounding &>> rm & 1 != 0 { return fast(a, b, c) }
    return exact(a, b, c, try rounding(rm))
  }

  /// The rounding mode of an instruction: its own, or frm. Reserved values are illegal instructions.
  @inline(never)
  func rounding(_ rm: UInt8) throws(Trap) -> UInt32 {
    let mode = rm == 7 ? pointee.frm : rm
    if mode > 4 { throw Trap(.illegalInstruction) }
    return UInt32(mode)
  }
}
