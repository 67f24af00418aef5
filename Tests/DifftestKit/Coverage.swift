import RVDecoder

/// What was executed, counted on our side.
public struct Coverage: Sendable {
  /// Executions by row, those that trapped included.
  public private(set) var counts: [Int]
  /// Of them, those that trapped.
  public private(set) var traps: [Int]
  /// Executions by cell of floating-point, load and store rows.
  private(set) var cells: [[UInt32]]
  /// Accesses below machine mode by ``PageCells``.
  private(set) var pages = [UInt32](repeating: 0, count: PageCells.count)
  /// Accesses by ``ProtectionCells``.
  private(set) var protections = [UInt32](repeating: 0, count: ProtectionCells.count)
  /// Interrupts taken, by their number.
  public private(set) var interrupts = [Int](repeating: 0, count: 16)
  /// Of vector programs.
  public internal(set) var vector: VectorCoverage?
  /// Instructions retired, in lock-step.
  public var instructions = 0
  let rows: [RowInfo]
  let kinds: [RowKind]

  public init(isa: ISA) { self.init(Generator.Shared(isa: isa)) }

  init(_ shared: Generator.Shared) {
    rows = shared.rows
    kinds = shared.kinds
    vector = shared.vectorRows.isEmpty ? nil : VectorCoverage(shared)
    let count = InstructionTable.shared.rows.count
    counts = Array(repeating: 0, count: count)
    traps = counts
    cells = kinds.map { kind in
      switch kind {
      case .float(let shape): Array(repeating: 0, count: shape.cellCount)
      case .memory(let width): Array(repeating: 0, count: Generator.memoryCells(width: width))
      default: []
      }
    }
  }

  mutating func count(_ row: Int, trapped: Bool) {
    counts[row] += 1
    if trapped { traps[row] += 1 }
  }

  mutating func fill(_ row: Int, _ cell: Int) { if cell < cells[row].count { cells[row][cell] += 1 } }

  mutating func fill(page cell: Int) { pages[cell] += 1 }

  mutating func fill(protection cell: Int) { protections[cell] += 1 }

  mutating func count(interrupt number: Int) { if interrupts.indices.contains(number) { interrupts[number] += 1 } }

  /// Cells filled, all of them, and the names of the empty ones.
  public typealias Filled = (filled: Int, all: Int, empty: [String])

  /// Cells of page tables.
  public var filledPages: Filled { Self.filled(PageCells.all(), pages) }

  /// Cells of memory protection.
  public var filledProtections: Filled { Self.filled(ProtectionCells.all(), protections) }

  private static func filled(_ cells: [(index: Int, name: String)], _ counts: [UInt32]) -> Filled {
    let empty = cells.filter { counts[$0.index] == 0 }.map(\.name)
    return (cells.count - empty.count, cells.count, empty)
  }

  public mutating func add(_ other: Coverage) {
    for index in pages.indices { pages[index] += other.pages[index] }
    for index in protections.indices { protections[index] += other.protections[index] }
    for index in interrupts.indices { interrupts[index] += other.interrupts[index] }
    for index in counts.indices {
      counts[index] += other.counts[index]
      traps[index] += other.traps[index]
      for cell in cells[index].indices { cells[index][cell] += other.cells[index][cell] }
    }
    if let more = other.vector { vector?.add(more) }
    instructions += other.instructions
  }

  /// The fewest executions of any row that is enabled.
  public var floor: (mnemonic: String, count: Int) {
    rows.map { ($0.mnemonic, counts[Int($0.id)]) }.min { $0.1 < $1.1 } ?? ("", 0)
  }

  /// Cells filled and all cells.
  public var filled: (filled: Int, all: Int) {
    rows.reduce((0, 0)) { sum, row in
      let cells = cells[Int(row.id)]
      return (sum.0 + cells.count { $0 != 0 }, sum.1 + cells.count)
    }
  }

  func cellName(_ row: RowInfo, _ cell: Int) -> String {
    switch kinds[Int(row.id)] {
    case .float(let shape): shape.name(cell)
    case .memory: cell < 16 ? "address mod 16 = \(cell)" : "\(cell - 15) before a page's end"
    default: ""
    }
  }

  /// What programs of all privilege modes accessed: by page-table entry or entry of memory protection, access, mode and outcome; and
  /// the interrupts taken, by their number.
  public var pageTable: String {
    let (pages, protections) = (filledPages, filledProtections)
    let traps = self.traps.reduce(0, +)
    return PageCells.table(self.pages) + "\n" + ProtectionCells.table(self.protections)
      + (pages.empty + protections.empty).map { "empty: \($0)\n" }.joined()
      + "interrupts: "
      + interrupts.enumerated().filter { $0.element != 0 }.map { "\($0.offset): \($0.element)" }.joined(separator: ", ")
      + "\n\(pages.filled) of \(pages.all) cells of page tables and \(protections.filled) of \(protections.all) of protection filled; "
      + "\(instructions) instructions compared, \(traps) traps\n"
  }

  /// A line for each row, then the empty cells, then the totals.
  public var table: String {
    func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
      let blanks = String(repeating: " ", count: max(0, width - text.count))
      return left ? blanks + text : text + blanks
    }
    var lines = [
      pad("instruction", 18) + pad("executed", 12, left: true) + pad("trapped", 10, left: true) + pad("cells", 14, left: true)
    ]
    for row in rows {
      let id = Int(row.id)
      let filled = cells[id].isEmpty ? "" : "\(cells[id].count { $0 != 0 })/\(cells[id].count)"
      lines.append(
        pad(row.mnemonic, 18) + pad("\(counts[id])", 12, left: true) + pad("\(traps[id])", 10, left: true)
          + pad(filled, 14, left: true))
    }
    lines.append("")
    var empty = 0
    for row in rows {
      for (index, count) in cells[Int(row.id)].enumerated() where count == 0 {
        lines.append("empty: \(row.mnemonic) \(cellName(row, index))")
        empty += 1
      }
    }
    if empty == 0 { lines.append("no empty cells") }
    let (filled, all) = filled
    let floor = floor
    lines.append(
      "\(rows.count) instructions, the fewest executions \(floor.count) (\(floor.mnemonic)); \(filled) of \(all) cells filled; "
        + "\(instructions) instructions compared")
    return lines.joined(separator: "\n") + "\n"
  }
}
