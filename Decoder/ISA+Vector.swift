/// The lengths of vector registers and of their elements.
extension ISA {
  /// The least VLEN that it promises, in bits; 0 without vectors.
  public var leastVLEN: Int {
    guard contains(.zve32x) else { return 0 }
    return Self.lengths.last { contains($0.name) }?.bits ?? 0
  }

  private static let lengths: [(bits: Int, name: Extension)] = (5...16).compactMap { log in
    Extension(named: "zvl\(1 << log)b").map { (1 << log, $0) }
  }

  /// This with registers of just so many bits and elements of so many bits at most, where they are given.
  /// - Parameters:
  ///   - vlen: a power of two from 64 to 65,536.
  ///   - elen: 32 or 64.
  ///   - narrowing: whether what asks for more is left out, instead of being an error.
  /// - Throws: what contradicts the ISA.
  public func withVectors(vlen: Int?, elen: Int?, narrowing: Bool) throws(VectorLengthError) -> ISA {
    guard vlen != nil || elen != nil else { return self }
    var isa = self
    if narrowing, elen == 32 { isa = isa.without(.zve64x) }
    if narrowing, let vlen, let next = Self.lengths.first(where: { $0.bits > vlen }) { isa = isa.without(next.name) }
    guard isa.contains(.zve32x) else { throw .noVectors }
    if let elen, elen != (isa.contains(.zve64x) ? 64 : 32) { throw .elements(isa.contains(.zve64x) ? 64 : 32) }
    guard let vlen else { return isa }
    guard vlen >= isa.leastVLEN else { throw .registers(least: isa.leastVLEN) }
    guard let length = Self.lengths.first(where: { $0.bits == vlen }) else { throw .length }
    return isa.adding([length.name])
  }

  /// Without an extension and those that bring it.
  private func without(_ unwanted: Extension) -> ISA {
    ISA(ExtensionSet(extensions.members.filter { !$0.closure.contains(unwanted) }))
  }
}

/// Why an ISA cannot have vectors of some length.
public enum VectorLengthError: Error, Sendable, Hashable, CustomStringConvertible {
  case noVectors
  /// It promises so many bits a register.
  case registers(least: Int)
  /// It has elements of so many bits.
  case elements(Int)
  /// No such length.
  case length

  public var description: String {
    switch self {
    case .noVectors: "the ISA has no vectors"
    case .registers(let least): "the ISA promises registers of at least \(least) bits (zvl\(least)b)"
    case .elements(32): "the ISA has elements of 32 bits at most (zve64x is missing)"
    case .elements(let bits): "the ISA has elements of \(bits) bits (zve64x)"
    case .length: "must be a power of two from 64 to 65536"
    }
  }
}
