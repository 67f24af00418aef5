import RVFloat

/// The host's floating-point flags before something that is none of the guest's arithmetic.
///
/// x86-64 without AVX2 has no vector shifts by different amounts: compilers make powers of two by a conversion from float, which raises
/// flags. Operations that shift left, element by element, keep them out of the guest's.
struct HostFlags {
  private let flags = rvf_peek_flags()

  func restore() {
    _ = rvf_take_flags()
    rvf_raise(flags)
  }
}

extension Hart {
  /// What shifts elements to the left.
  @inline(__always)
  func shifting(_ body: () throws(Trap) -> Void) throws(Trap) {
    let flags = HostFlags()
    defer { flags.restore() }
    try body()
  }
}
