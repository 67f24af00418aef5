import Foundation
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let specs = root.deletingLastPathComponent().appending(path: "shared/specs").path
private let hasTable = FileManager.default.fileExists(atPath: specs + "/rvm-encodings.csv")

/// Every matrix instruction on random state, against a model in Python that knows nothing of this project: Tests/rvm.
@Suite(
  .enabled(if: Tools.clang != nil && Tools.binary != nil, "clang and ld.lld beside swift, RVSIM_BIN"),
  .enabled(if: Tools.find("python3") != nil, "python3"),
  .enabled(if: hasTable, "no shared/specs/rvm-encodings.csv beside the tree"))
struct MatrixModelTests {
  /// Registers, CSRs, mstatus, x[rd], memory and traps after each instruction; each is executed so often where it is legal, and each rule that
  /// makes one illegal is met.
  @Test("Registers, memory, CSRs and traps are the model's", arguments: [("0.6", "24", "2"), ("0.3", "16", "10")])
  func model(version: String, programs: String, least: String) throws {
    let (python, clang, rvsim) = (try #require(Tools.find("python3")), try #require(Tools.clang), try #require(Tools.binary))
    let result = try Tools.run(
      python,
      [
        "-B", root.appending(path: "Tests/rvm/run.py").path, "--rvsim", rvsim, "--clang", clang, "--specs", specs, "--version", version,
        "--programs", programs, "--least", least,
      ])
    #expect(result.code == 0, "\(result.output.suffix(3000))\(result.error.suffix(2000))")
  }
}
