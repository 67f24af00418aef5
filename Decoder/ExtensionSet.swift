/// A set of extensions: a bit for each.
public struct ExtensionSet: Sendable, Hashable, ExpressibleByArrayLiteral {
  private var words: SIMD4<UInt64> = .zero

  public init() {}

  public init(arrayLiteral elements: Extension...) { self.init(elements) }

  public init(_ elements: some Sequence<Extension>) { for element in elements { insert(element) } }

  public func contains(_ element: Extension) -> Bool {
    let index = element.index
    return words[index >> 6] >> UInt64(index & 63) & 1 != 0
  }

  public mutating func insert(_ element: Extension) {
    let index = element.index
    words[index >> 6] |= 1 << UInt64(index & 63)
  }

  public mutating func remove(_ element: Extension) {
    let index = element.index
    words[index >> 6] &= ~(1 << UInt64(index & 63))
  }

  public mutating func formUnion(_ other: ExtensionSet) { words |= other.words }
  public mutating func subtract(_ other: ExtensionSet) { words &= ~other.words }

  public func union(_ other: ExtensionSet) -> ExtensionSet {
    var set = self
    set.formUnion(other)
    return set
  }

  public func subtracting(_ other: ExtensionSet) -> ExtensionSet {
    var set = self
    set.subtract(other)
    return set
  }

  public func isSubset(of other: ExtensionSet) -> Bool { words & ~other.words == .zero }
  public var isEmpty: Bool { words == .zero }
  public var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

  /// The members in the order of ``Extension/allCases``.
  public var members: [Extension] { Extension.allCases.filter { contains($0) } }
}
