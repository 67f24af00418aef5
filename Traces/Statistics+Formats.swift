extension Statistics {
  /// One JSON object, keys sorted.
  var json: String {
    var exitFields: [(String, String)] = [("code", "\(exit.code)"), ("kind", Self.quoted(exit.kind))]
    if let own = exit.guestCode { exitFields.append(("guestCode", "\(own)")) }
    if let signal = exit.signal { exitFields.append(("signal", "\(signal)")) }
    let causes = traps.map { ($0.key, "\($0.value)") }
    let timing = timing.isEmpty ? [] : [("timing", TimingFigure.json(timing, depth: 1))]
    return Self.object(
      timing + [
        ("elf", Self.quoted(elf)), ("environment", Self.quoted(environment)), ("exit", Self.object(exitFields, depth: 1)),
        ("instructions", "\(instructions)"), ("isa", Self.quoted(isa)), ("schema", Self.quoted(Self.schema)),
        ("traps", "\(traps.values.reduce(0, &+))"), ("trapsByCause", Self.object(causes, depth: 1)),
      ], depth: 0) + "\n"
  }

  static func object(_ fields: [(String, String)], depth: Int) -> String {
    if fields.isEmpty { return "{}" }
    let blanks = String(repeating: "  ", count: depth)
    let lines = fields.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }.map { "\(blanks)  \(quoted($0)): \($1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n\(blanks)}"
  }

  /// A JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// `name,value` lines under a heading (RFC 4180).
  var csv: String {
    "name,value\n"
      + rows.map { name, value in
        let text = value.plain
        let needsQuotes = text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        let field =
          needsQuotes
          ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : text
        return "\(name),\(field)\n"
      }.joined()
  }

  /// A Markdown table.
  var markdown: String {
    "| name | value |\n|---|---|\n"
      + rows.map { name, value in
        let text = value.plain.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
        return "| \(name) | \(text) |\n"
      }.joined()
  }

  /// For people. Numbers have thousands separators; the host's figures stand apart.
  func text(host: Host?) -> String {
    var lines = ["statistics of \(elf)"]
    let width = rows.map(\.name.count).max() ?? 0
    for (name, value) in rows where name != "elf" && name != "schema" {
      var text = value.plain
      if case .number(let number) = value { text = Self.grouped(number) }
      lines.append("  \(name)\(String(repeating: " ", count: width - name.count))  \(text)")
    }
    if let host {
      lines.append("host (differs from run to run)")
      lines.append("  seconds  \(Self.fixed(host.seconds, digits: 3))")
      if host.seconds > 0 {
        lines.append("  MIPS     \(Self.fixed(Double(instructions) / host.seconds / 1e6, digits: 1))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `1,234,567`.
  static func grouped(_ number: UInt64) -> String {
    let digits = Array(String(number))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  /// A number with so many digits behind the point.
  static func fixed(_ value: Double, digits: Int) -> String {
    value.isFinite && value >= 0 && value < 1e12 ? Decimal.text(value, digits) : "-"
  }
}
