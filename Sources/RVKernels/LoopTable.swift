import SwiftCSV

/// A table of measured instructions: cycles by mnemonic, operands, masking, SEW and LMUL.
public struct LoopTable: Sendable {
  public struct Row: Sendable, Hashable {
    public var mnemonic: String
    /// As the table writes them: `v8,v16,v24,v0.t`.
    public var operands: String
    public var isMasked: Bool
    public var sew: Int
    /// `mf8` … `m8`.
    public var lmul: String
    /// `nil` where nobody measured: predictions only.
    public var measured: Double?
    /// Masked-off elements keep their values: mu.
    public var isMaskUndisturbed: Bool
    public var line: Int

    /// LMUL in eighths.
    public var lmulEighths: Int { LoopTable.lmuls[lmul] ?? 8 }
  }

  /// What is wrong with a table.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var problem: String
    public var description: String { "\(file):\(line): \(problem)" }
  }

  static let lmuls = ["mf8": 1, "mf4": 2, "mf2": 4, "m1": 8, "m2": 16, "m4": 32, "m8": 64]
  static let columns = ["mnemonic", "operands", "masked", "sew", "lmul", "cycles"]

  public var rows: [Row] = []

  /// - Parameters:
  ///   - text: comma-separated, with a line of names; a column `policy` may say `mu`.
  public init(text: String, file: String) throws(Problem) {
    let table: NamedCSV
    do { table = try NamedCSV(string: text) } catch { throw Problem(file: file, line: 1, problem: "is no CSV: \(error)") }
    for name in Self.columns where !table.header.contains(name) {
      throw Problem(file: file, line: 1, problem: "has no column \(name)")
    }
    for (index, fields) in table.rows.enumerated() {
      let line = index + 2
      func field(_ name: String) -> String { fields[name] ?? "" }
      guard let sew = Int(field("sew")), [8, 16, 32, 64].contains(sew) else {
        throw Problem(file: file, line: line, problem: "sew '\(field("sew"))' is none of 8, 16, 32, 64")
      }
      guard Self.lmuls[field("lmul")] != nil else {
        throw Problem(file: file, line: line, problem: "lmul '\(field("lmul"))' is none")
      }
      guard ["0", "1"].contains(field("masked")) else {
        throw Problem(file: file, line: line, problem: "masked '\(field("masked"))' is neither 0 nor 1")
      }
      var measured: Double?
      if !field("cycles").isEmpty {
        guard let cycles = Double(field("cycles")), cycles > 0, cycles.isFinite else {
          throw Problem(file: file, line: line, problem: "cycles '\(field("cycles"))' is no number above 0")
        }
        measured = cycles
      }
      rows.append(
        Row(
          mnemonic: field("mnemonic"), operands: field("operands"), isMasked: field("masked") == "1", sew: sew,
          lmul: field("lmul"),
          measured: measured, isMaskUndisturbed: field("policy").hasPrefix("ta/mu"), line: line))
    }
  }
}
