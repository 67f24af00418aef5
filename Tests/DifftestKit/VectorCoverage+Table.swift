import RVDecoder

extension VectorCoverage {
  /// A line for each row; then what is empty, section by section; then the totals.
  public var table: String {
    func pad(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    var lines = [left("instruction", 20) + Section.allCases.map { pad("\($0)", 11) }.joined() + pad("lowest cell", 14)]
    for row in rows where row.work != .vset {
      let all = Section.allCases.map { figures($0, row) }
      lines.append(
        left(row.mnemonic, 20) + all.map { pad($0.all == 0 ? "" : "\($0.filled)/\($0.all)", 11) }.joined()
          + pad("\(all[0].lowest)", 14))
    }
    lines.append("")
    let empty = empty
    lines += empty.isEmpty ? ["no empty cells"] : empty.map { "empty: " + $0 }
    lines += unexpected.map { "not expected: " + $0 }
    for section in Section.allCases { lines.append(text("\(section)", figures(section))) }
    lines.append(text("words that are no instruction", unassigned))
    lines.append("\(rows.count) instructions, executed \(executed) times, \(reserved) of them illegal")
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ name: String, _ figures: Figures) -> String {
    "\(name): \(figures.filled) of \(figures.all) filled, \(figures.enough) of them 50 times or more, the lowest \(figures.lowest)"
  }
}
