/// All rows, parsed.
public struct InstructionTable: Sendable {
  /// The rows of all families, the compressed ones last. An op's ``Op/id`` is an index here.
  public let rows: [RowInfo]

  /// The table of this version.
  public static let shared: InstructionTable = {
    do { return try InstructionTable() } catch { fatalError("\(error)") }
  }()

  /// Parses all rows; throws at the first that is wrong.
  public init() throws(RowError) {
    var builder = Builder()
    builder.rows.reserveCapacity(2048)
    try builder.add(Core.self)
    try builder.add(H.self)
    try builder.add(A.self)
    try builder.add(K.self)
    try builder.add(S.self)
    try builder.add(V.self)
    try builder.add(VP.self)
    try builder.add(VF.self)
    try builder.add(VL.self)
    try builder.add(VK.self)
    try builder.add(MatrixV06.self)
    try builder.add(MatrixV03.self)
    try builder.add(SMT.self)
    try builder.add(TH.self)
    try builder.add(C.self)
    try builder.resolveCompressed()
    rows = builder.rows
  }

  /// The row of an op; `nil` for the engine's own steps.
  public func row(of op: Op) -> RowInfo? { op.id == Op.noID ? nil : rows[Int(op.id)] }

  /// The row with this mnemonic (`fmadd.s`, `c.addi`, `mop.r.N`).
  public func row(mnemonic: some StringProtocol) -> RowInfo? { rows.first { $0.mnemonic == mnemonic } }

  private struct Builder {
    var rows: [RowInfo] = []
    /// What "on when" columns mean: few different texts stand in many rows, mostly in rows that follow each other.
    var needs: [Substring: [ExtensionSet]] = [:]
    var lastNeeds: (text: Substring, sets: [ExtensionSet]) = ("", [])

    mutating func add<Family: InstructionSet>(_ type: Family.Type) throws(RowError) {
      let family = "\(type)"
      for instruction in type.allCases where instruction.rawValue.utf8.count > 1 {
        rows.append(
          try RowParser.parse(
            instruction.rawValue, name: caseName(of: instruction), family: family, row: instruction.row, id: UInt16(rows.count),
            matrixRegisters: type.matrixRegisters, needs: { resolve($0) }))
      }
    }

    mutating func resolve(_ text: Substring) -> [ExtensionSet]? {
      if text == lastNeeds.text { return lastNeeds.sets }
      guard let sets = find(text) else { return nil }
      lastNeeds = (text, sets)
      return sets
    }

    private mutating func find(_ text: Substring) -> [ExtensionSet]? {
      if let known = needs[text] { return known }
      var sets: [ExtensionSet] = []
      for alternative in text.parts(" ") {
        var set = ExtensionSet()
        for name in alternative.parts("&") {
          guard let found = Extension(named: name) else { return nil }
          set.insert(found)
        }
        sets.append(set)
      }
      needs[text] = sets
      return sets
    }

    mutating func resolveCompressed() throws(RowError) {
      // Few rows are meant, most of them among the first.
      let first = rows.firstIndex(where: \.isCompressed) ?? rows.endIndex
      let wanted = Set(rows[first...].map(\.baseMnemonic))
      var byMnemonic: [Substring: Int] = [:]
      for index in 0..<first where wanted.contains(Substring(rows[index].mnemonic)) {
        byMnemonic[Substring(rows[index].mnemonic)] = index
        if byMnemonic.count == wanted.count { break }
      }
      for index in first..<rows.endIndex {
        guard let base = byMnemonic[rows[index].baseMnemonic] else {
          throw RowError(row: "C \(rows[index].mnemonic)", problem: "stands for an unknown '\(rows[index].expansion)'")
        }
        rows[index].row = rows[base].row
        rows[index].work = rows[base].work
        rows[index].base = rows[base].id
        rows[index].opLayout = try rows[index].expandedLayout(to: rows[base])
        rows[index].uses = rows[base].uses
      }
    }
  }
}
