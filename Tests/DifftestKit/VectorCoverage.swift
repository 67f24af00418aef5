import RVDecoder
import RVExec

/// What vector programs have executed, counted on our side.
///
/// Each row has a line of counters in sections: cells (SEW, LMUL, masked), classes of vl, policies, vstart, sources that overlap the destination,
/// positions of faults, classes of numbers by rounding mode.
public struct VectorCoverage: Sendable {
  enum Section: Int, CaseIterable, Sendable {
    case cells, lengths, policies, starts, overlaps, faults, numbers

    var size: Int {
      switch self {
      case .cells: VectorCell.count
      case .lengths, .policies: 4
      case .starts, .overlaps: 2
      case .faults: 3
      case .numbers: 7 * 7 * 5
      }
    }

    var start: Int { Section.allCases.prefix(rawValue).reduce(0) { $0 + $1.size } }

    static let total = Section.allCases.reduce(0) { $0 + $1.size }
    static let beginnings = Section.allCases.map(\.start)

    func name(_ index: Int) -> String {
      switch self {
      case .cells: return VectorCell.name(index)
      case .lengths: return ["vl = 0", "vl = 1", "vl between", "vl = VLMAX"][index]
      case .policies: return ["tu, mu", "ta, mu", "tu, ma", "ta, ma"][index]
      case .starts: return ["vstart = 0", "vstart > 0"][index]
      case .overlaps: return ["vs2 over vd", "vs1 over vd"][index]
      case .faults: return ["fault at the first element", "fault in the middle", "fault at the last element"][index]
      case .numbers:
        let names = FloatClass.allCases.map(\.name)
        return names[index / 5 % 7] + "," + names[index / 35] + " " + ["rne", "rtz", "rdn", "rup", "rmm"][index % 5]
      }
    }
  }

  /// The vector rows, and where the counters of a row begin, by the row's id; -1 for others.
  let rows: [RowInfo]
  private let place: [Int]
  private var counters: [UInt32]
  /// Counters that can be filled.
  private let possible: [Bool]
  /// Illegal-instruction exceptions of vector instructions.
  public private(set) var reserved = 0
  /// Vector instructions, retired or not.
  public private(set) var executed = 0

  init(_ shared: Generator.Shared) {
    rows = shared.vectorRows
    var place = [Int](repeating: -1, count: InstructionTable.shared.rows.count)
    for (index, row) in rows.enumerated() { place[Int(row.id)] = index * Section.total }
    self.place = place
    counters = Array(repeating: 0, count: rows.count * Section.total)
    var possible = [Bool](repeating: false, count: counters.count)
    for cell in shared.cells { possible[place[cell.row] + cell.index] = true }
    for row in rows where row.work != .vset {
      for (section, index) in Self.expected(row, vlenb: shared.vlenb) {
        possible[place[Int(row.id)] + section.start + index] = true
      }
    }
    self.possible = possible
  }

  /// What can be filled beside the cells.
  private static func expected(_ row: RowInfo, vlenb: Int) -> [(Section, Int)] {
    let operands = VectorOperands.shared[Int(row.id)]
    var all = (0..<4).flatMap { [(Section.lengths, $0), (.policies, $0)] } + [(.starts, 0), (.starts, 1)]
    if operands.writes, !operands.hasFields {
      if operands.vs2.isPresent, !operands.vs2.standsApart { all.append((.overlaps, 0)) }
      if operands.vs1.isPresent, !operands.vs1.standsApart { all.append((.overlaps, 1)) }
    }
    if case .vl = row.row {
      // A register may have one or two elements only.
      let count = operands.whole == 0 ? 3 : wholeElements(row, vlenb: vlenb)
      all += [0, 2, 1].prefix(count).map { (.faults, $0) }
    }
    if takesNumbers(row) {
      let second = operands.source == .none || operands.source == .immediate ? 1 : 7
      let first = operands.vs2.isPresent ? 7 : 1
      for b in 0..<second { for a in 0..<first { for mode in 0..<5 { all.append((.numbers, (b * 7 + a) * 5 + mode)) } } }
    }
    return all
  }

  /// Elements of a load or store of whole registers.
  static func wholeElements(_ row: RowInfo, vlenb: Int) -> Int {
    let width = ["16": 1, "32": 2, "64": 3][row.mnemonic.dropLast(2).suffix(2)] ?? 0
    return Int(VectorOperands.shared[Int(row.id)].whole) * vlenb >> width
  }

  /// Whether sources are numbers.
  static func takesNumbers(_ row: RowInfo) -> Bool { VectorCells.isFloat(row) && !row.mnemonic.contains(".f.x") }

  func has(_ row: Int) -> Bool { place[row] >= 0 }

  mutating func fill(_ row: Int, _ section: Section, _ index: Int) {
    counters[place[row] + Section.beginnings[section.rawValue] + index] += 1
  }

  mutating func count(reserved isReserved: Bool) {
    executed += 1
    if isReserved { reserved += 1 }
  }

  mutating func add(_ other: VectorCoverage) {
    for index in counters.indices { counters[index] += other.counters[index] }
    reserved += other.reserved
    executed += other.executed
  }

  // MARK: Figures

  /// What a section has: counters that can be filled, those that are, those at least `enough`, and the lowest.
  public struct Figures: Sendable {
    public var all = 0
    public var filled = 0
    public var enough = 0
    public var lowest = UInt32.max
  }

  func figures(_ section: Section, _ row: RowInfo? = nil, enough: UInt32 = 50) -> Figures {
    var figures = Figures()
    for other in rows where row == nil || row?.id == other.id {
      let start = place[Int(other.id)] + section.start
      for index in start..<start + section.size where possible[index] {
        figures.all += 1
        if counters[index] != 0 { figures.filled += 1 }
        if counters[index] >= enough { figures.enough += 1 }
        figures.lowest = min(figures.lowest, counters[index])
      }
    }
    return figures
  }

  /// Cells: instruction, SEW, LMUL, masked.
  public var cells: Figures { figures(.cells) }
  /// Everything else that is counted.
  public var others: Figures {
    Section.allCases.dropFirst().map { figures($0) }.reduce(into: Figures()) { sum, one in
      sum.all += one.all
      sum.filled += one.filled
      sum.enough += one.enough
      sum.lowest = min(sum.lowest, one.lowest)
    }
  }

  /// What can be filled and is not.
  public var empty: [String] { names(Section.allCases) { possible[$0] && counters[$0] == 0 } }
  /// Cells that were filled although nothing said that they are legal.
  public var unexpected: [String] { names([.cells]) { !possible[$0] && counters[$0] != 0 } }

  private func names(_ sections: [Section], where isWanted: (Int) -> Bool) -> [String] {
    rows.flatMap { row in
      sections.flatMap { section in
        (0..<section.size).compactMap { index in
          isWanted(place[Int(row.id)] + section.start + index) ? "\(row.mnemonic) \(section.name(index))" : nil
        }
      }
    }
  }

  /// A line for each row, then the empty ones, then the totals.
  public var table: String {
    func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    var lines = [left("instruction", 20) + Section.allCases.map { pad("\($0)", 14) }.joined() + pad("lowest cell", 14)]
    for row in rows where row.work != .vset {
      let all = Section.allCases.map { figures($0, row) }
      lines.append(
        left(row.mnemonic, 20) + all.map { pad($0.all == 0 ? "" : "\($0.filled)/\($0.all)", 14) }.joined()
          + pad("\(all[0].lowest)", 14))
    }
    lines.append("")
    let empty = empty
    lines += empty.isEmpty ? ["no empty cells"] : empty.map { "empty: " + $0 }
    lines += unexpected.map { "not expected: " + $0 }
    for section in Section.allCases {
      let figures = figures(section)
      lines.append(
        "\(section): \(figures.filled) of \(figures.all) filled, \(figures.enough) of them 50 times or more, the lowest \(figures.lowest)"
      )
    }
    lines.append("\(rows.count) instructions, executed \(executed) times, \(reserved) of them illegal")
    return lines.joined(separator: "\n") + "\n"
  }
}
