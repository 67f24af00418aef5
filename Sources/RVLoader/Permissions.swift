/// Access rights, bit by bit as `p_flags` has them (ELF gABI, "Segment Permissions").
public struct Permissions: OptionSet, Sendable, Hashable, CustomStringConvertible {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `PF_X`: the segment may be executed.
  public static let execute = Permissions(rawValue: 1)
  /// `PF_W`: the segment may be written.
  public static let write = Permissions(rawValue: 2)
  /// `PF_R`: the segment may be read.
  public static let read = Permissions(rawValue: 4)

  /// The rights in the form `r-x`.
  public var description: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-") + (contains(.execute) ? "x" : "-")
  }
}
