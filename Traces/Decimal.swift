/// Numbers as text, the same on every host.
public enum Decimal {
  /// With so many digits behind the point, rounded half away from zero.
  public static func text(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var factor = 1.0
    for _ in 0..<digits { factor *= 10 }
    let scaled = Int64((abs(value) * factor).rounded())
    let whole = "\(scaled / Int64(factor))"
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole }
    let rest = "\(scaled % Int64(factor))"
    return sign + whole + "." + String(repeating: "0", count: digits - rest.count) + rest
  }
}

/// Pieces of JSON.
public enum JSONText {
  /// A string with its quotes.
  public static func quoted(_ text: String) -> String { Statistics.quoted(text) }
}
