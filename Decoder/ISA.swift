/// A set of extensions with the base RV64I: what a simulated machine offers.
public struct ISA: Sendable, Hashable {
  /// All extensions that are on, implied ones included.
  public private(set) var extensions: ExtensionSet
  /// What a profile asks for and this version does not support: it was left out.
  public private(set) var omitted: [Extension] = []

  /// RV64I with these extensions and all that they imply.
  public init(_ extensions: ExtensionSet = []) {
    var set: ExtensionSet = [.i]
    for member in extensions.members { set.formUnion(member.closure) }
    for (all, bring) in Extension.jointly where all.isSubset(of: set) { set.formUnion(bring.closure) }
    self.extensions = set
  }

  init(profile: ExtensionSet) {
    let isMissing = { (e: Extension) in e.support == .vector || e.support == .later || e.support == .never }
    let members = ISA(profile).extensions.members
    self.init(ExtensionSet(members.filter { !isMissing($0) }))
    omitted = members.filter(isMissing)
  }

  /// Everything that this version simulates and user software can see.
  public static let max = ISA(
    ExtensionSet(
      Extension.allCases.filter { ($0.support == .instructions || $0.support == .promise) && !$0.name.hasPrefix("zvl") }))

  /// Everything that has rows, simulated or not.
  public static let known = ISA(
    ExtensionSet(Extension.allCases.filter { $0.support == .instructions || $0.support == .promise || $0.support == .vector }))

  /// RV64GC.
  public static let rv64gc = ISA([.m, .a, .f, .d, .c, .zicsr, .zifencei])

  public func contains(_ extension: Extension) -> Bool { extensions.contains(`extension`) }

  /// This and more, with what it implies.
  public func adding(_ more: ExtensionSet) -> ISA {
    var isa = ISA(extensions.union(more))
    isa.omitted = omitted
    return isa
  }

  /// Without some extensions and those that bring them.
  public func removing(_ unwanted: ExtensionSet) -> ISA {
    ISA(ExtensionSet(extensions.members.filter { $0.closure.subtracting(unwanted) == $0.closure }))
  }

  /// Width of the largest virtual addresses of the machine: 39, 48 or 57; 0 without translation.
  ///
  /// A string that names none of svbare, sv39, sv48 and sv57 has them all, as Spike has.
  public var virtualAddressBits: Int {
    if contains(.sv57) { return 57 }
    if contains(.sv48) { return 48 }
    if contains(.sv39) { return 39 }
    return contains(.svbare) ? 0 : 57
  }

  /// What must be turned on for a word to be an instruction; `nil` when no extension makes it one. Empty when it is one.
  public func missingExtensions(for word: UInt32) -> [Extension]? {
    if let row = Self.everything.row(for: word) {
      // What embedded profiles call vectors is for most people V.
      if !contains(.zve32x), row.needs.contains(where: { $0.isSubset(of: Self.vectorParts) }) { return [.v] }
      let missing = row.needs.map { $0.subtracting(extensions).members }
      return missing.min { $0.count < $1.count }
    }
    return nil
  }

  private static let vectorParts = ExtensionSet([.zve32x, .zve32f, .zve64x, .zve64f, .zve64d, .v])

  private static let everything = Decoder(isa: .max)
}

extension ISA: CustomStringConvertible {
  /// The canonical string, all implied extensions spelled out: `rv64imafdc_zicsr_…`, as the device tree and hwprobe want it.
  public var description: String {
    let members = extensions.members
    let letters = members.filter { $0.name.utf8.count == 1 }.map(\.name).joined()
    return (["rv64" + letters] + members.filter { $0.name.utf8.count > 1 }.map(\.name)).joined(separator: "_")
  }
}
