import RVDecoder

extension ISA {
  /// Everything but vectors, which have programs of their own, and what vendors have added, which Spike does not know.
  public static let scalar: ISA = ISA(
    ExtensionSet(ISA.max.extensions.members.filter { !$0.name.hasPrefix("zv") && !$0.name.hasPrefix("x") && !$0.closure.contains(.zve32x) }))
}
