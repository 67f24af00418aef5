/// The tables of a ``Decoder``: a tree over the bits that are fixed in all rows that remain, leaves with the rows themselves, the
/// narrower first. Immutable after `init`, hence safe to share.
final class DecodeTree: @unchecked Sendable {
  /// A branch over up to seven neighbouring bits, or a leaf: the index of its first row, or none.
  struct Node {
    private var bits: Int32

    init(leaf: Int) { bits = ~Int32(leaf + 1) }
    init(shift: Int, width: Int, children: Int) { bits = Int32(shift | width << 5 | children << 8) }

    var isBranch: Bool { bits >= 0 }
    /// -1: nothing.
    var leaf: Int { Int(~bits) - 1 }
    func child(_ word: UInt32) -> Int {
      let b = UInt32(bitPattern: bits)
      let mask = (1 as UInt32) << (b >> 5 & 7) &- 1
      return Int(b >> 8 &+ (word >> (b & 31)) & mask)
    }
  }

  struct Leaf {
    var mask: UInt32
    var match: UInt32
    var row: Row
    var id: UInt16
    var ownID: UInt16
    var length: UInt8
    var isLast: Bool
    var constraints: Constraints
    /// What a 0 in rd becomes: the sink for x registers that are written, 0 for others.
    var rdWhenZero: UInt8
    var rd: FieldLayout.Small
    var rs1: FieldLayout.Small
    var rs2: FieldLayout.Small
    var rs3: FieldLayout.Small
    var aux: FieldLayout.Small
    var firstPiece: UInt16
    var pieceCount: UInt8
    var signShift: UInt8
    var constant: Int32

    init(_ info: RowInfo, firstPiece: Int, isLast: Bool) {
      let layout = info.opLayout
      mask = info.mask
      match = info.match
      row = info.row
      id = info.base ?? info.id
      ownID = info.id
      length = info.length
      self.isLast = isLast
      constraints = info.constraints
      rdWhenZero = info.uses.contains { $0.slot == .rd && ($0.file != .x || !$0.isWritten) } ? 0 : Op.sink
      rd = layout.rd
      rs1 = layout.rs1
      rs2 = layout.rs2
      rs3 = layout.rs3
      aux = layout.aux
      self.firstPiece = UInt16(firstPiece)
      pieceCount = UInt8(layout.pieces.count)
      signShift = layout.signShift
      constant = layout.constant
    }
  }

  let nodes: UnsafeMutableBufferPointer<Node>
  let leaves: UnsafeMutableBufferPointer<Leaf>
  let pieces: UnsafeMutableBufferPointer<FieldLayout.Piece>
  let longestLeaf: Int

  init(rows: [RowInfo]) {
    var builder = Builder(rows: rows)
    builder.nodes.append(Node(leaf: -1))
    builder.build(0, Array(rows.indices), tested: 0)
    nodes = Self.copy(builder.nodes)
    leaves = Self.copy(builder.leaves)
    pieces = Self.copy(builder.pieces)
    longestLeaf = builder.longestLeaf
  }

  deinit {
    nodes.deallocate()
    leaves.deallocate()
    pieces.deallocate()
  }

  private static func copy<T>(_ array: [T]) -> UnsafeMutableBufferPointer<T> {
    let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: max(array.count, 1))
    _ = buffer.initialize(from: array)
    return buffer
  }

  private struct Builder {
    let rows: [RowInfo]
    var nodes: [Node] = []
    var leaves: [Leaf] = []
    var pieces: [FieldLayout.Piece] = []
    var longestLeaf = 0

    mutating func build(_ at: Int, _ candidates: [Int], tested: UInt32) {
      guard let (shift, width) = bestBits(candidates, tested: tested) else { return addLeaf(at, candidates) }
      let children = nodes.count
      nodes.append(contentsOf: repeatElement(Node(leaf: -1), count: 1 << width))
      nodes[at] = Node(shift: shift, width: width, children: children)
      let mask: UInt32 = (1 << UInt32(width)) - 1
      var groups = [[Int]](repeating: [], count: 1 << width)
      for row in candidates { groups[Int(rows[row].match >> UInt32(shift) & mask)].append(row) }
      for (value, group) in groups.enumerated() where !group.isEmpty {
        build(children + value, group, tested: tested | mask << UInt32(shift))
      }
    }

    /// Neighbouring bits that are fixed in all of these rows and tell most of them apart.
    private func bestBits(_ candidates: [Int], tested: UInt32) -> (shift: Int, width: Int)? {
      guard candidates.count > 1, let first = candidates.first else { return nil }
      var common = ~tested
      var different: UInt32 = 0
      for row in candidates {
        common &= rows[row].mask
        different |= rows[row].match ^ rows[first].match
      }
      var rest = common & different
      var best: (shift: Int, width: Int, count: Int) = (0, 0, 0)
      while rest != 0 {
        let shift = rest.trailingZeroBitCount
        let run = min((~(common >> UInt32(shift))).trailingZeroBitCount, 7)
        let telling = (common & different) >> UInt32(shift) & ((1 << UInt32(run)) - 1)
        let width = 32 - telling.leadingZeroBitCount
        if telling.nonzeroBitCount > best.count { best = (shift, width, telling.nonzeroBitCount) }
        rest &= ~(((1 << UInt32(width)) - 1) << UInt32(shift))
      }
      return best.width == 0 ? nil : (best.shift, best.width)
    }

    private mutating func addLeaf(_ at: Int, _ candidates: [Int]) {
      nodes[at] = Node(leaf: candidates.isEmpty ? -1 : leaves.count)
      longestLeaf = max(longestLeaf, candidates.count)
      let narrowFirst = candidates.sorted {
        (rows[$1].mask.nonzeroBitCount, rows[$0].id) < (rows[$0].mask.nonzeroBitCount, rows[$1].id)
      }
      for (index, row) in narrowFirst.enumerated() {
        leaves.append(Leaf(rows[row], firstPiece: pieces.count, isLast: index == narrowFirst.count - 1))
        pieces.append(contentsOf: rows[row].opLayout.pieces)
      }
    }
  }
}
