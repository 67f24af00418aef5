import RVDecoder

extension ISA {
  /// Everything but vectors, which have programs of their own.
  public static let scalar: ISA = ISA(
    ExtensionSet(ISA.max.extensions.members.filter { !$0.name.hasPrefix("zv") && !$0.closure.contains(.zve32x) }))
}
