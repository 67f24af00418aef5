/// Decodes words for one set of extensions. A tree over the fixed bits leads to the few rows that a word may be.
///
/// Copies share the tables; they live as long as the last copy.
public struct Decoder: Sendable {
  /// What is enabled.
  public let extensions: ExtensionSet
  private let tree: DecodeTree
  private nonisolated(unsafe) let nodes: UnsafePointer<DecodeTree.Node>
  private nonisolated(unsafe) let leaves: UnsafePointer<DecodeTree.Leaf>
  private nonisolated(unsafe) let pieces: UnsafePointer<FieldLayout.Piece>

  public init(isa: ISA) { self.init(extensions: isa.extensions) }

  /// A decoder for the rows that these extensions bring.
  public init(extensions: ExtensionSet, table: InstructionTable = .shared) {
    self.extensions = extensions
    tree = DecodeTree(rows: table.rows.filter { $0.isEnabled(by: extensions) })
    nodes = UnsafePointer(tree.nodes.baseAddress.unsafelyUnwrapped)
    leaves = UnsafePointer(tree.leaves.baseAddress.unsafelyUnwrapped)
    pieces = UnsafePointer(tree.pieces.baseAddress.unsafelyUnwrapped)
  }

  /// Length in bytes of the instruction that begins with this halfword: 2 or 4.
  @inlinable
  public static func length(_ halfword: UInt16) -> UInt8 { halfword & 3 == 3 ? 4 : 2 }

  /// The op of a word; of its lower half where the low two bits are not 11. An op of the engine's step `illegal`, of the right
  /// length, when it is no enabled instruction. A compressed instruction gives the op of the one that it stands for.
  public func decode(_ word: UInt32) -> Op {
    let word = word & 3 == 3 ? word : word & 0xffff
    var node = nodes[0]
    while node.isBranch { node = nodes[node.child(word)] }
    var at = node.leaf
    while at >= 0 {
      let leaf = leaves + at
      if word & leaf.pointee.mask == leaf.pointee.match, let op = op(leaf, word) { return op }
      at = leaf.pointee.isLast ? -1 : at + 1
    }
    return Op(row: .engine(.illegal), length: word & 3 == 3 ? 4 : 2)
  }

  @inline(__always)
  private func op(_ leaf: UnsafePointer<DecodeTree.Leaf>, _ word: UInt32) -> Op? {
    var rd = leaf.pointee.rd.value(word)
    let rs1 = leaf.pointee.rs1.value(word)
    let rs2 = leaf.pointee.rs2.value(word)
    let aux = leaf.pointee.aux.value(word)
    var bits = UInt32(bitPattern: leaf.pointee.constant)
    var piece = pieces + Int(leaf.pointee.firstPiece)
    for _ in 0..<leaf.pointee.pieceCount {
      bits |= (word &>> UInt32(piece.pointee.low) & piece.pointee.mask) &<< UInt32(piece.pointee.to)
      piece += 1
    }
    let sign = Int32(leaf.pointee.signShift & 31)
    let imm = (Int32(bitPattern: bits) << sign) >> sign
    guard leaf.pointee.constraints.allow(rd: rd, rs1: rs1, rs2: rs2, imm: imm, aux: aux) else { return nil }
    if rd == 0 { rd = leaf.pointee.rdWhenZero }
    return Op(
      row: leaf.pointee.row, id: leaf.pointee.id, rd: rd, rs1: rs1, rs2: rs2, rs3: leaf.pointee.rs3.value(word), imm: imm,
      length: leaf.pointee.length, aux: aux)
  }

  /// The row of a word: of a compressed instruction its own, not the one that it stands for.
  public func row(for word: UInt32) -> RowInfo? {
    let word = word & 3 == 3 ? word : word & 0xffff
    var node = nodes[0]
    while node.isBranch { node = nodes[node.child(word)] }
    var at = node.leaf
    while at >= 0 {
      let leaf = leaves + at
      if word & leaf.pointee.mask == leaf.pointee.match, op(leaf, word) != nil {
        return InstructionTable.shared.rows[Int(leaf.pointee.ownID)]
      }
      at = leaf.pointee.isLast ? -1 : at + 1
    }
    return nil
  }

  /// The most rows that a word is compared with: how good the tree is.
  var longestLeaf: Int { tree.longestLeaf }
}
