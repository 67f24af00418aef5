extension RowInfo {
  /// A compressed row's fields in the places of the op of the row that it stands for: `= addi rd, x0, imm` takes rs1 from the
  /// constant 0.
  func expandedLayout(to base: RowInfo) throws(RowError) -> FieldLayout {
    func error(_ problem: String) -> RowError { RowError(row: "\(family) \(mnemonic)", problem: problem) }
    func register(_ name: Substring) -> FieldLayout.Small? {
      switch name {
      case "x0": return .init(base: 0)
      case "x1": return .init(base: 1)
      case "sp": return .init(base: 2)
      default:
        var copy = String(name)
        let found = copy.withUTF8 { RowParser.register(RowText($0)).flatMap { $0.marks.isEmpty ? ($0.slot, $0.file) : nil } }
        guard let (slot, file) = found, uses.contains(where: { $0.slot == slot && $0.file == file }) else { return nil }
        return layout[slot]
      }
    }
    var result = FieldLayout()
    func immediate(_ name: Substring) throws(RowError) {
      if let number = Int32(name) {
        result.constant = number
      } else if ["imm", "uimm", "upper", "target"].contains(name) {
        result.pieces = layout.pieces
        result.signShift = layout.signShift
      } else {
        throw error("'\(name)' is no immediate")
      }
    }
    let call = Substring(expansion).cut(" ")
    let parts = (call?.after ?? "").parts(",").map(\.trimmed)
    guard parts.count == base.operands.count else { throw error("\(base.mnemonic) has \(base.operands.count) operands") }
    for (part, operand) in zip(parts, base.operands) {
      switch operand {
      case .register(let slot, _):
        guard let field = register(part) else { throw error("'\(part)' is no register of this row") }
        result[slot] = field
      case .immediate, .upper, .target: try immediate(part)
      case .memory(base: .rs1, offset: true):
        guard let (offset, name) = part.cut("("), let field = register(name.dropLast()), name.last == ")" else {
          throw error("'\(part)' is no memory operand")
        }
        result.rs1 = field
        try immediate(offset)
      default: throw error("cannot stand for \(base.mnemonic)")
      }
    }
    return result
  }

  /// Mnemonic of the row for which a compressed row stands.
  var baseMnemonic: Substring { Substring(expansion).cut(" ")?.before ?? Substring(expansion) }
}
