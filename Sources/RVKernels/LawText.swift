import RVModels

/// Laws as a machine file writes them.
public enum LawText {
  /// The text of a machine with other laws: those fitted replace their namesakes, new ones are added, all others stay.
  /// - Returns: `nil` where there is no line `  laws:`.
  public static func replaced(in text: String, by classes: [LawFit.Class], source: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("  laws:") }) else { return nil }
    var end = start + 1
    while end < lines.count,
      lines[end].hasPrefix("    ") || lines[end].isEmpty && end + 1 < lines.count && lines[end + 1].hasPrefix("    ")
    { end += 1 }
    let fitted = Set(classes.map(\.name))
    let kept = lines[(start + 1)..<end].filter { line in !fitted.contains { line.hasPrefix("    \($0):") } }
    let fresh = classes.map { "    \($0.name): {\(fields($0.law)), source: \(source)}" }
    lines.replaceSubrange((start + 1)..<end, with: kept + fresh)
    return lines.joined(separator: "\n")
  }

  static func fields(_ law: ClassLaw) -> String {
    let plain = ClassLaw()
    var fields = ["pipes: \(law.pipes)"]
    func time(_ name: String, _ value: Ticks, _ usual: Ticks) { if value != usual { fields.append("\(name): \(cycles(value))") } }
    if law.maskedPipes != law.pipes { fields.append("masked-pipes: \(law.maskedPipes)") }
    time("start", law.start, plain.start)
    time("masked-start", law.maskedStart, plain.maskedStart)
    if law.beat != plain.beat {
      let isEven = law.beat.min() == law.beat.max()
      let each = (0..<4).map { cycles(law.beat[$0]) }
      fields.append(isEven ? "beat: \(each[0])" : "beat: [\(each.joined(separator: ", "))]")
    }
    time("square", law.square, 0)
    time("fold", law.fold, 0)
    time("element", law.element, 0)
    time("least", law.least, plain.least)
    fields.append("latency: \(cycles(law.latency))")
    time("misaligned", law.misaligned, 0)
    if !law.chains { fields.append("results: whole") }
    if law.fixedRegisters > 0 { fields.append("registers: \(law.fixedRegisters / 8)") }
    return fields.joined(separator: ", ")
  }

  private static func cycles(_ ticks: Ticks) -> String {
    let thousandths = ticks * 1000 / Ticks.perCycle
    let sign = thousandths < 0 ? "-" : ""
    let (whole, rest) = (abs(thousandths) / 1000, abs(thousandths) % 1000)
    guard rest != 0 else { return "\(sign)\(whole) cycles" }
    var digits = "\(1000 + rest)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(sign)\(whole).\(digits) cycles"
  }
}
