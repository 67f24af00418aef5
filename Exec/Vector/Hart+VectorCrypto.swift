import RVDecoder

/// Element groups: what the vector ciphers and hashes work on. Vector cryptography, sections 1.4 to 1.6.
extension Hart {
  /// The shape of an element group.
  struct ElementGroup {
    /// EGS.
    var elements: Int
    /// log2 of EEW in bytes, which SEW must be.
    var width: Int
    /// EGW, in bytes.
    var bytes: Int { elements << width }

    static let words4 = ElementGroup(elements: 4, width: 2)
    static let words8 = ElementGroup(elements: 8, width: 2)
    static let doubles4 = ElementGroup(elements: 4, width: 3)
  }

  /// Runs `body` over the element groups of vd and vs2, in that order of its arguments.
  @inline(__always)
  func groups(
    _ op: Op, _ group: ElementGroup, sharesKey: Bool = false, _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) throws(Trap) {
    try groupsOfThree(op, group, sharesKey: sharesKey) { vd, vs2, _ in body(vd, vs2) }
  }

  /// Runs `body` over the element groups of vd, vs2 and vs1, in that order of its arguments; it reads a group before it writes it.
  /// - Parameter sharesKey: whether vs2 is a single group, the same for all (`.vs`).
  /// - Throws: an illegal-instruction exception where SEW is another, a group does not fit into LMUL registers, or vl is no multiple of EGS.
  @inline(__always)
  func groupsOfThree(
    _ op: Op, _ group: ElementGroup, sharesKey: Bool = false,
    _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) throws(Trap) {
    let type = state.pointee.vtype
    let vlenb = Int(state.pointee.vlenb)
    guard type.sew == group.width, group.elements <= type.vlmax(vlenb: vlenb), state.pointee.vl & UInt64(group.elements - 1) == 0,
      !sharesKey || Int(op.rs2) & (max(group.bytes / max(vlenb, 1), 1) - 1) == 0
    else { throw Trap(.illegalInstruction) }
    let (e, _) = try begin(op)
    for at in stride(from: 0, to: e.count << e.sew, by: group.bytes) { body(e.vd + at, sharesKey ? e.vs2 : e.vs2 + at, e.vs1 + at) }
  }

  /// SHA-256 with SEW = 32, SHA-512 with SEW = 64, which Zvknha has not.
  @inline(__always)
  func sha2(
    _ op: Op, _ short: (inout SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>) -> Void,
    _ long: (inout SIMD4<UInt64>, SIMD4<UInt64>, SIMD4<UInt64>) -> Void
  ) throws(Trap) {
    guard state.pointee.vtype.sew == 3 else { return try groupsOfThree(op, .words4) { short(&$0.words4, $1.words4, $2.words4) } }
    guard isa.contains(.zvknhb) else { throw Trap(.illegalInstruction) }
    try groupsOfThree(op, .doubles4) { long(&$0.doubles4, $1.doubles4, $2.doubles4) }
  }
}

/// Element groups as vectors of the host; they need not be aligned.
extension UnsafeMutableRawPointer {
  var bytes16: SIMD16<UInt8> {
    get { loadUnaligned(as: SIMD16<UInt8>.self) }
    nonmutating set { storeBytes(of: newValue, as: SIMD16<UInt8>.self) }
  }

  var words4: SIMD4<UInt32> {
    get { loadUnaligned(as: SIMD4<UInt32>.self) }
    nonmutating set { storeBytes(of: newValue, as: SIMD4<UInt32>.self) }
  }

  /// Eight words, each with its bytes the other way round: SM3 is big-endian.
  var swappedWords8: SIMD8<UInt32> {
    get { Self.swapped(loadUnaligned(as: SIMD8<UInt32>.self)) }
    nonmutating set { storeBytes(of: Self.swapped(newValue), as: SIMD8<UInt32>.self) }
  }

  var doubles4: SIMD4<UInt64> {
    get { loadUnaligned(as: SIMD4<UInt64>.self) }
    nonmutating set { storeBytes(of: newValue, as: SIMD4<UInt64>.self) }
  }

  private static func swapped(_ words: SIMD8<UInt32>) -> SIMD8<UInt32> {
    var words = words
    for index in 0..<8 { words[index] = words[index].byteSwapped }
    return words
  }
}
