import RVLoader

/// A place in a program, for people: `0x80000040 <main+0x10> at main.c:12`.
public struct Place: Sendable, Hashable {
  public var address: UInt64
  /// The symbol that the address belongs to, and its distance from it.
  public var symbol: (name: String, offset: UInt64)? {
    get { name.map { ($0, offset) } }
    set {
      name = newValue?.name
      offset = newValue?.offset ?? 0
    }
  }
  private var name: String?
  private var offset: UInt64 = 0
  public var source: SourceLocation?

  public init(_ address: UInt64, symbol: (name: String, offset: UInt64)? = nil, source: SourceLocation? = nil) {
    self.address = address
    self.source = source
    self.symbol = symbol
  }

  /// `<main+0x10>`; empty without a symbol.
  public var symbolText: String {
    guard let symbol else { return "" }
    return symbol.offset == 0 ? "<\(symbol.name)>" : "<\(symbol.name)+0x\(String(symbol.offset, radix: 16))>"
  }
}

/// Names addresses: symbols at once, lines of source code when first asked.
public final class Symbolizer {
  private let image: Image
  private let bias: UInt64
  private lazy var lines = LineTable(path: image.path)

  /// - Parameters:
  ///   - image: the program as the file states it.
  ///   - bias: what was added to its addresses when it was placed.
  public init(_ image: Image, bias: UInt64 = 0) {
    self.image = image
    self.bias = bias
  }

  /// The symbol alone.
  public func symbol(_ address: UInt64) -> Place {
    guard let (symbol, offset) = image.symbols.symbol(containing: address &- bias) else { return Place(address) }
    return Place(address, symbol: (symbol.name, offset))
  }

  /// Symbol, file and line.
  public func place(_ address: UInt64) -> Place {
    var place = symbol(address)
    place.source = lines?.location(of: address &- bias)
    return place
  }

  /// Where the symbol begins to which an address belongs.
  public func functionStart(_ address: UInt64) -> UInt64? {
    image.symbols.symbol(containing: address &- bias).map { $0.symbol.address &+ bias }
  }

  /// Whether an address lies in a segment that may be executed, or in no segment of the program at all (memory that it made
  /// executable later).
  public func mayBeCode(_ address: UInt64) -> Bool {
    image.segment(containing: address &- bias)?.flags.contains(.execute) ?? true
  }
}
