/// A node of a device tree. Devicetree Specification 0.4, chapter 2.
struct TreeNode {
  enum Value {
    /// A property that says all by being there.
    case present
    /// Numbers of 32 bits.
    case cells([UInt32])
    case strings([String])

    static func cell(_ value: UInt32) -> Value { .cells([value]) }
    static func string(_ value: String) -> Value { .strings([value]) }
    /// Addresses and sizes of two cells each.
    static func wide(_ values: UInt64...) -> Value {
      .cells(values.flatMap { [UInt32(truncatingIfNeeded: $0 >> 32), UInt32(truncatingIfNeeded: $0)] })
    }
  }

  var name: String
  var properties: [(name: String, value: Value)]
  var children: [TreeNode]

  init(_ name: String, _ properties: KeyValuePairs<String, Value> = [:], _ children: [TreeNode] = []) {
    self.name = name
    self.properties = properties.map { ($0.key, $0.value) }
    self.children = children
  }
}

/// A device tree as programs get it, version 17. Devicetree Specification 0.4, chapter 5: a header, no memory reservations, the
/// structure, and the names of the properties. Everything is big-endian.
struct FlattenedTree {
  private enum Token: UInt32 {
    case beginNode = 1
    case endNode = 2
    case property = 3
    case end = 9
  }

  private static let magic: UInt32 = 0xd00d_feed
  private static let headerSize = 40
  /// A list of pairs that ends with two zeros.
  private static let reservations = [UInt8](repeating: 0, count: 16)

  private var structure: [UInt8] = []
  private var strings: [UInt8] = []
  private var offsets: [String: UInt32] = [:]

  /// The bytes of a tree; a whole number of doublewords.
  static func bytes(_ root: TreeNode) -> [UInt8] {
    var tree = FlattenedTree()
    tree.add(root)
    tree.add(Token.end.rawValue)
    let structureOffset = headerSize + reservations.count
    let stringsOffset = structureOffset + tree.structure.count
    let size = (stringsOffset + tree.strings.count + 7) & ~7
    let header: [Int] = [
      Int(magic), size, structureOffset, stringsOffset, headerSize,
      // Version, the last one that it is compatible with, the hart that boots.
      17, 16, 0, tree.strings.count, tree.structure.count,
    ]
    let bytes = header.flatMap { bigEndian(UInt32(truncatingIfNeeded: $0)) } + reservations + tree.structure + tree.strings
    return bytes + [UInt8](repeating: 0, count: size - bytes.count)
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  private mutating func add(_ word: UInt32) { structure += Self.bigEndian(word) }

  private mutating func add(_ bytes: [UInt8]) {
    structure += bytes
    while structure.count % 4 != 0 { structure.append(0) }
  }

  private mutating func add(_ node: TreeNode) {
    add(Token.beginNode.rawValue)
    add(Array(node.name.utf8) + [0])
    for (name, value) in node.properties {
      let bytes = Self.bytes(value)
      add(Token.property.rawValue)
      add(UInt32(bytes.count))
      add(offset(of: name))
      add(bytes)
    }
    for child in node.children { add(child) }
    add(Token.endNode.rawValue)
  }

  private static func bytes(_ value: TreeNode.Value) -> [UInt8] {
    switch value {
    case .present: []
    case .cells(let cells): cells.flatMap { bigEndian($0) }
    case .strings(let strings): strings.flatMap { Array($0.utf8) + [0] }
    }
  }

  /// Where a property's name lies among the names.
  private mutating func offset(of name: String) -> UInt32 {
    if let known = offsets[name] { return known }
    let offset = UInt32(strings.count)
    offsets[name] = offset
    strings += Array(name.utf8) + [0]
    return offset
  }
}
