import SwiftCSV

/// A table of pointer chases: cycles of a step by kind of access and size.
public struct ChaseTable: Sendable {
  public enum Access: String, Sendable, CaseIterable {
    /// One chain: each load gives the address of the next.
    case pointer = "1xPTR"
    /// One chain of offsets, to which a base is added.
    case index = "1x64"
    /// Eight chains side by side; a step is one of each.
    case eight = "8xPTR"
  }

  public struct Row: Sendable {
    public var access: Access
    public var bytes: Int
    /// Cycles of a step; `nil` where nobody measured.
    public var measured: Double?
  }

  public var rows: [Row] = []
  /// Whose rows they are, where the table says so.
  public private(set) var board: String?

  static let columns = ["access", "size_bytes", "latency_cycles"]
  /// Bytes of the largest chase.
  static let largest = 256 << 20

  /// - Parameters:
  ///   - text: CSV; columns `core` and `board`, if there are any, choose among rows.
  ///   - core: a machine's name: its rows are taken, of its first board.
  ///   - hertz: its clock, for rows that have latency_ns and no cycles.
  ///   - board: another board.
  public init(text: String, file: String, core: String, hertz: Int64, board: String?) throws(LoopTable.Problem) {
    let table: NamedCSV
    do { table = try NamedCSV(string: text) } catch { throw .init(file: file, line: 1, problem: "is no CSV: \(error)") }
    for name in Self.columns where !table.header.contains(name) {
      throw .init(file: file, line: 1, problem: "has no column \(name)")
    }
    func plain(_ name: String) -> String { name.replacing("_", with: "-") }
    let hasCores = table.header.contains("core"), hasBoards = table.header.contains("board")
    for (index, fields) in table.rows.enumerated() {
      func field(_ name: String) -> String { fields[name] ?? "" }
      if hasCores, !plain(field("core")).hasPrefix(core) { continue }
      if hasBoards {
        let wanted = board ?? self.board ?? field("board")
        guard field("board") == wanted else { continue }
        self.board = wanted
      }
      let line = index + 2
      guard let access = Access(rawValue: field("access")) else { continue }
      guard let bytes = Int(field("size_bytes")), bytes >= 1024, bytes & (bytes - 1) == 0, bytes <= Self.largest else {
        throw .init(
          file: file, line: line, problem: "size_bytes '\(field("size_bytes"))' is no power of two from 1024 to \(Self.largest)")
      }
      var measured: Double?
      if !field("latency_cycles").isEmpty {
        guard let cycles = Double(field("latency_cycles")), cycles > 0, cycles.isFinite else {
          throw .init(file: file, line: line, problem: "latency_cycles '\(field("latency_cycles"))' is no number above 0")
        }
        measured = cycles
      } else if let time = Double(field("latency_ns")), time > 0, time.isFinite {
        // Where cycles were not counted, time at the machine's clock.
        measured = time * Double(hertz) / 1e9
      }
      rows.append(Row(access: access, bytes: bytes, measured: measured))
    }
    guard !rows.isEmpty else {
      throw .init(file: file, line: 1, problem: "has no rows of \(core)\(board.map { ", board \($0)" } ?? "")")
    }
  }
}
