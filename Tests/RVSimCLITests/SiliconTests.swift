import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let silicon = root.deletingLastPathComponent().appending(path: "shared/silicon").path

/// Against measured silicon, where its tables lie beside the project.
@Suite(
  .enabled(if: FileManager.default.fileExists(atPath: silicon), "no shared/silicon beside the tree"),
  .enabled(if: Tools.binary != nil, "RVSIM_BIN"))
struct SiliconTests {
  private func json(_ arguments: [String]) throws -> [String: Any] {
    let result = try Tools.run(try #require(Tools.binary), ["validate"] + arguments + ["--format", "json"])
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  /// Every so many rows of a table, of those that satisfy a condition.
  private func part(_ name: String, every step: Int, where holds: (Substring) -> Bool) throws -> String {
    let lines = try String(contentsOfFile: "\(silicon)/\(name)", encoding: .utf8).split(whereSeparator: \.isNewline)
    let rows = lines.dropFirst().filter(holds)
    let kept = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
    return try Scratch.write(([lines[0]] + kept).joined(separator: "\n") + "\n", "part-\(UUID().uuidString).csv")
  }

  @Test("Arithmetic of the C908 is within 6 % on average, and 88 of 100 within 10 %")
  func c908() throws {
    let total = try #require(
      try json(["--machine", "xuantie-c908", "--table", "\(silicon)/xuantie-c908-instructions.csv"])["total"] as? [String: Any])
    #expect(try #require(total["rows"] as? Int) > 4300)
    #expect(try #require(total["mape"] as? Double) < 0.06)
    #expect(try #require(total["within10"] as? Double) > 0.88)
  }

  @Test("Arithmetic of the X60 is within 6 % on average, and 88 of 100 within 10 %: every third row")
  func x60() throws {
    let path = try part("spacemit-x60-instructions.csv", every: 3) {
      !$0.contains("(") || $0.contains("(ta/ma cell") && !$0.contains(",(")
    }
    let total = try #require(try json(["--machine", "spacemit-x60", "--table", path])["total"] as? [String: Any])
    #expect(try #require(total["rows"] as? Int) > 1900)
    #expect(try #require(total["mape"] as? Double) < 0.06)
    #expect(try #require(total["within10"] as? Double) > 0.88)
  }

  @Test("Loads and stores of the X60 are within 25 % on average: every tenth row")
  func x60Memory() throws {
    let path = try part("spacemit-x60-instructions.csv", every: 10) { $0.contains(",(") }
    let total = try #require(try json(["--machine", "spacemit-x60", "--table", path])["total"] as? [String: Any])
    #expect(try #require(total["rows"] as? Int) > 380)
    #expect(try #require(total["mape"] as? Double) < 0.25)
  }

  @Test(
    "Pointer chases in the first and second cache and in memory, one chain and eight, are within 10 %",
    arguments: [("spacemit-x60", 131072), ("xuantie-c910", 262144)])
  func chase(machine: String, second: Int) throws {
    let rows = try #require(
      try json(["--machine", machine, "--latency", "\(silicon)/memory-latency.csv"])["rows"] as? [[String: Any]])
    for row in rows {
      let (size, access) = (try #require(row["size"] as? Int), try #require(row["access"] as? String))
      guard [16384, second, 4 << 20].contains(size), access != "1x64" else { continue }
      let (measured, predicted) = (try #require(row["measured"] as? Double), try #require(row["predicted"] as? Double))
      #expect(abs(predicted / measured - 1) < 0.1, "\(access) \(size): \(predicted), measured \(measured)")
    }
  }
}
