/// What is wrong with an ISA string.
public struct ISAError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// It begins neither with rv64i, rv64e, rv64g nor with the name of a profile.
    case noBase
    /// rv32 or rv128.
    case otherWidth
    /// An extension that nobody knows.
    case unknown
    /// A vendor's extension.
    case vendor
    /// Known, and not supported by this version.
    case notSupported
    /// Named twice.
    case duplicate
    /// A version that cannot be had.
    case version
    /// A character that cannot stand here.
    case character
  }

  public var kind: Kind
  /// Where in the string, in bytes from its beginning.
  public var offset: Int
  /// What is there.
  public var text: String
  /// A sentence for people.
  public var message: String

  public var description: String { "\(message) (at offset \(offset))" }
}
