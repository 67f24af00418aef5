/// The symbols of a program (ELF gABI, "Symbol Table"): of `.symtab`, or of `.dynsym` in a stripped file.
///
/// Left out are undefined, thread-local, section and file symbols, those of sections that are not in memory, mapping symbols
/// (`$x`, `$d`; RISC-V ELF psABI, "Mapping Symbol") and assembler-local labels (`.L…`).
public struct SymbolTable: Sendable {
  /// A named address.
  public struct Symbol: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
      /// `STT_FUNC` or `STT_GNU_IFUNC`.
      case function
      /// `STT_OBJECT`.
      case object
      /// `STT_NOTYPE`: a label, mostly of hand-written assembly or of a linker script.
      case notype
    }

    /// Bytes that are not UTF-8 are replaced by U+FFFD.
    public var name: String
    public var address: UInt64
    /// In bytes; 0 if the file does not say.
    public var size: UInt64
    public var kind: Kind
    /// Whether it is visible to other files: its binding is global or weak.
    public var isGlobal: Bool
    /// `SHN_ABS`: a number rather than a place, it does not move with the program.
    public var isAbsolute: Bool

    public init(name: String, address: UInt64, size: UInt64, kind: Kind, isGlobal: Bool, isAbsolute: Bool = false) {
      self.name = name
      self.address = address
      self.size = size
      self.kind = kind
      self.isGlobal = isGlobal
      self.isAbsolute = isAbsolute
    }
  }

  /// A symbol as it is stored: its name stays in `names` until somebody asks.
  struct Entry: Sendable {
    var address: UInt64
    var size: UInt64
    /// The first address after its section.
    var limit: UInt64
    var nameStart: UInt32
    var nameCount: UInt32
    var kind: Symbol.Kind
    var binding: Binding
    var isAbsolute: Bool

    var nameRange: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
  }

  /// In ascending order of preference.
  enum Binding: UInt8, Comparable {
    case local, weak, global

    static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
  }

  /// Ascending by address; at one address the preferred one last (see `preference`).
  private(set) var entries: [Entry] = []
  private(set) var names: [UInt8] = []
  private var spans: [Span] = []
  private var nameIndex = NameIndex()

  /// A table without symbols.
  public init() {}

  init(entries unsorted: [Entry], names: [UInt8]) {
    self.names = names
    entries = unsorted.sorted(by: isBefore)
    spans = Self.spans(of: entries)
    nameIndex = NameIndex(entries: entries, names: names)
  }

  public var isEmpty: Bool { entries.isEmpty }

  public var count: Int { entries.count }

  /// All symbols, ascending by address.
  public var all: [Symbol] { entries.map(symbol) }

  /// The symbol of a name. Of several, a global one before a weak one before a local one, then the one with the lowest address.
  public subscript(name: String) -> Symbol? {
    nameIndex.find(name, in: self).map { symbol(entries[$0]) }
  }

  /// The symbols that begin exactly at an address, the best known first.
  public func labels(at address: UInt64) -> [Symbol] {
    let start = entries.partition { $0.address >= address }
    return entries[start...].prefix { $0.address == address }.reversed().map(symbol)
  }

  /// The symbol an address belongs to, and how many bytes after its beginning the address lies.
  ///
  /// A symbol with a size owns exactly its bytes, the innermost where several do. Elsewhere the nearest function or label without
  /// a size before the address owns it, up to the next symbol or the end of the section. Absolute symbols own nothing.
  public func symbol(containing address: UInt64) -> (symbol: Symbol, offset: UInt64)? {
    let index = spans.partition { $0.start > address }
    guard index > 0, let owner = spans[index - 1].owner else { return nil }
    return (symbol(entries[owner]), address - entries[owner].address)
  }

  /// The same symbols in a program shifted by `bias` bytes.
  func placed(at bias: UInt64) -> SymbolTable {
    var moved = entries
    for index in moved.indices where !moved[index].isAbsolute {
      moved[index].address &+= bias
      moved[index].limit &+= bias
    }
    return SymbolTable(entries: moved, names: names)
  }

  func name(_ entry: Entry) -> ArraySlice<UInt8> { names[entry.nameRange] }

  private func symbol(_ entry: Entry) -> Symbol {
    Symbol(
      name: String(decoding: name(entry), as: UTF8.self), address: entry.address, size: entry.size, kind: entry.kind,
      isGlobal: entry.binding != .local, isAbsolute: entry.isAbsolute)
  }

  /// The order of `entries`: by address, then larger before smaller so that the innermost comes last, then by how well a person
  /// knows the name: functions after others, global after local, short after long.
  private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
    if left.address != right.address { return left.address < right.address }
    if (left.size == 0) != (right.size == 0) { return left.size == 0 }
    if left.size != right.size { return left.size > right.size }
    if (left.kind == .function) != (right.kind == .function) { return right.kind == .function }
    if left.binding != right.binding { return left.binding < right.binding }
    if left.nameCount != right.nameCount { return left.nameCount > right.nameCount }
    return name(right).lexicographicallyPrecedes(name(left))
  }
}

extension Array {
  /// The first index whose element fulfils a condition that, once fulfilled, holds to the end.
  func partition(where holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
