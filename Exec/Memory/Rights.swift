/// What may be done with a 4 KiB page of guest memory, and what an access to it must take notice of; one byte a page.
public struct Rights: OptionSet, Sendable, Hashable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let read = Rights(rawValue: 1)
  public static let write = Rights(rawValue: 2)
  public static let execute = Rights(rawValue: 4)
  /// Instructions of this page are predecoded: a store must mark them stale.
  public static let decoded = Rights(rawValue: 8)
  /// Somebody wants to see accesses to this page (HTIF words, watchpoints): always the slow path.
  public static let observed = Rights(rawValue: 16)
  /// The page exists though it may have no permissions (mmap with PROT_NONE).
  public static let mapped = Rights(rawValue: 32)

  public static let all: Rights = [.read, .write, .execute]

  /// A load takes the fast path when these bits hold exactly `.read`.
  @usableFromInline static let loadMask: UInt8 = 1 | 16
  /// A store takes the fast path when these bits hold exactly `.write`.
  @usableFromInline static let storeMask: UInt8 = 2 | 8 | 16
}

/// Bytes of a guest page as far as rights go.
public let guestPageSize: UInt64 = 4096
