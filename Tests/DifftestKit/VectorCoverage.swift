import RVDecoder
import RVExec

/// What vector programs have executed, counted on our side.
///
/// Each row has a line of counters in sections; beside them stand the words that are no instruction.
public struct VectorCoverage: Sendable {
  enum Section: Int, CaseIterable, Sendable {
    /// SEW, LMUL, masked or not.
    case cells
    /// Each cell with classes of vl, with tail and mask policies, with vstart 0 and not.
    case lengths, policies, starts
    /// Sources over the destination.
    case overlaps
    /// Segments by their fields.
    case fields
    /// Positions of faults.
    case faults
    /// Special numbers by rounding mode.
    case numbers
    /// Traps by ``VectorReserved``.
    case reserved

    var size: Int {
      switch self {
      case .cells: VectorCell.count
      case .lengths, .policies: 4 * VectorCell.count
      case .starts: 2 * VectorCell.count
      case .overlaps: 2
      case .fields: 7
      case .faults: 3
      case .numbers: VectorNumber.count * VectorNumber.count * 5
      case .reserved: VectorReserved.allCases.count
      }
    }

    var start: Int { Section.allCases.prefix(rawValue).reduce(0) { $0 + $1.size } }

    static let total = Section.allCases.reduce(0) { $0 + $1.size }
    static let beginnings = Section.allCases.map(\.start)

    func name(_ index: Int) -> String {
      switch self {
      case .cells: return VectorCell.name(index)
      case .lengths: return VectorCell.name(index / 4) + [" vl = 0", " vl = 1", " vl between", " vl = VLMAX"][index % 4]
      case .policies: return VectorCell.name(index / 4) + [" tu, mu", " ta, mu", " tu, ma", " ta, ma"][index % 4]
      case .starts: return VectorCell.name(index / 2) + [" vstart = 0", " vstart > 0"][index % 2]
      case .overlaps: return ["vs2 over vd", "vs1 over vd"][index]
      case .fields: return "\(index + 2) fields"
      case .faults: return ["fault at the first element", "fault in the middle", "fault at the last element"][index]
      case .numbers:
        let names = VectorNumber.names
        return names[index / 5 % names.count] + "," + names[index / 5 / names.count] + " "
          + ["rne", "rtz", "rdn", "rup", "rmm"][index % 5]
      case .reserved: return VectorReserved.allCases[index].name
      }
    }
  }

  /// The vector rows, and where the counters of a row begin, by the row's id; -1 for others.
  let rows: [RowInfo]
  private let place: [Int]
  private var counters: [UInt32]
  /// Counters that can be filled.
  private let possible: [Bool]
  /// Words that are no instruction, by ``VectorEncodings``.
  private(set) var encodings = [UInt32](repeating: 0, count: VectorEncodings.count)
  private let possibleEncodings: [Bool]
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
    possible = Self.possible(shared, place)
    possibleEncodings = shared.possibleEncodings
  }

  // MARK: What can be filled

  private static func possible(_ shared: Generator.Shared, _ place: [Int]) -> [Bool] {
    var possible = [Bool](repeating: false, count: shared.vectorRows.count * Section.total)
    func set(_ row: Int, _ section: Section, _ index: Int) { possible[place[row] + section.start + index] = true }
    for cell in shared.cells {
      set(cell.row, .cells, cell.index)
      for length in lengths(cell, vlenb: shared.vlenb) { set(cell.row, .lengths, cell.index * 4 + length) }
      for policy in 0..<4 { set(cell.row, .policies, cell.index * 4 + policy) }
      for start in 0..<2 { set(cell.row, .starts, cell.index * 2 + start) }
    }
    for row in shared.vectorRows where row.work != .vset {
      for (section, index) in expected(row, vlenb: shared.vlenb) { set(Int(row.id), section, index) }
    }
    for target in shared.reserved { set(target.row, .reserved, target.reason.rawValue) }
    return possible
  }

  /// Classes of vl that the cell has: 0, 1, between, VLMAX. Element groups are whole.
  private static func lengths(_ cell: VectorCell, vlenb: Int) -> [Int] {
    let group = VectorCells.groupSize(InstructionTable.shared.rows[cell.row])
    let vlmax = VectorType(written: VectorCells.vtype(sew: cell.sew, lmul: cell.lmul), elen: 3).vlmax(vlenb: vlenb)
    return [0, 3] + (group == 1 ? [1] : []) + (vlmax > 2 * group - (group > 1 ? 1 : 0) ? [2] : [])
  }

  /// Sections that ask for no cell.
  private static func expected(_ row: RowInfo, vlenb: Int) -> [(Section, Int)] {
    let operands = VectorOperands.shared[Int(row.id)]
    var all: [(Section, Int)] = []
    if operands.writes, !operands.hasFields {
      if operands.vs2.isPresent, !operands.vs2.standsApart { all.append((.overlaps, 0)) }
      if operands.vs1.isPresent, !operands.vs1.standsApart { all.append((.overlaps, 1)) }
    }
    if operands.hasFields { all += (0..<7).map { (.fields, $0) } }
    if case .vl = row.row {
      // A register may have one or two elements only.
      let count = operands.whole == 0 ? 3 : wholeElements(row, vlenb: vlenb)
      all += [0, 2, 1].prefix(count).map { (.faults, $0) }
    }
    if takesNumbers(row) {
      let second = operands.source == .none || operands.source == .immediate ? 1 : VectorNumber.count
      let first = operands.vs2.isPresent ? VectorNumber.count : 1
      for b in 0..<second {
        for a in 0..<first { for mode in 0..<5 { all.append((.numbers, (b * VectorNumber.count + a) * 5 + mode)) } }
      }
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

  // MARK: Counting

  func has(_ row: Int) -> Bool { place[row] >= 0 }

  mutating func fill(_ row: Int, _ section: Section, _ index: Int) {
    counters[place[row] + Section.beginnings[section.rawValue] + index] += 1
  }

  mutating func count(reserved isReserved: Bool) {
    executed += 1
    if isReserved { reserved += 1 }
  }

  /// A word that is no instruction has trapped.
  mutating func count(unassigned word: UInt32) {
    guard let slot = VectorEncodings.slot(word) else { return }
    encodings[slot] += 1
  }

  mutating func add(_ other: VectorCoverage) {
    for index in counters.indices { counters[index] += other.counters[index] }
    for index in encodings.indices { encodings[index] += other.encodings[index] }
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

    mutating func add(_ count: UInt32, enough least: UInt32 = 50) {
      all += 1
      if count != 0 { filled += 1 }
      if count >= least { enough += 1 }
      lowest = min(lowest, count)
    }
  }

  func figures(_ section: Section, _ row: RowInfo? = nil) -> Figures {
    var figures = Figures()
    for other in rows where row == nil || row?.id == other.id {
      let start = place[Int(other.id)] + section.start
      for index in start..<start + section.size where possible[index] { figures.add(counters[index]) }
    }
    return figures
  }

  /// Cells: instruction, SEW, LMUL, masked.
  public var cells: Figures { figures(.cells) }
  /// Words that are no instruction.
  public var unassigned: Figures {
    zip(encodings, possibleEncodings).reduce(into: Figures()) { if $1.1 { $0.add($1.0) } }
  }
  /// Everything else that is counted.
  public var others: Figures {
    (Section.allCases.dropFirst().map { figures($0) } + [unassigned]).reduce(into: Figures()) { sum, one in
      sum.all += one.all
      sum.filled += one.filled
      sum.enough += one.enough
      sum.lowest = min(sum.lowest, one.lowest)
    }
  }

  /// What can be filled and is not.
  public var empty: [String] {
    Section.allCases.flatMap { empty($0) }
      + encodings.indices.filter { possibleEncodings[$0] && encodings[$0] == 0 }.map(VectorEncodings.name)
  }

  func empty(_ section: Section) -> [String] { names(section) { possible[$0] && counters[$0] == 0 } }

  /// What was filled although nothing said that it can be.
  public var unexpected: [String] {
    [Section.cells, .lengths, .overlaps, .faults, .numbers, .reserved].flatMap {
      names($0) { !possible[$0] && counters[$0] != 0 }
    }
  }

  private func names(_ section: Section, where isWanted: (Int) -> Bool) -> [String] {
    rows.flatMap { row in
      (0..<section.size).compactMap { index in
        isWanted(place[Int(row.id)] + section.start + index) ? "\(row.mnemonic) \(section.name(index))" : nil
      }
    }
  }
}
