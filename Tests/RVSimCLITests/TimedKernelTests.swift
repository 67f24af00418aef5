import Foundation
import Testing

private let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
  .appending(path: "out/examples").path

/// Programs that read the clock of the machine on which they run.
@Suite(
  .enabled(if: FileManager.default.fileExists(atPath: examples + "/timing-memcpy-quick.elf"), "make examples"),
  .enabled(if: Tools.binary != nil, "RVSIM_BIN"))
struct TimedKernelTests {
  private func run(_ kernel: String, _ arguments: [String]) throws -> Outcome {
    try Tools.run(try #require(Tools.binary), ["run"] + arguments + ["\(examples)/timing-\(kernel)-quick.elf"])
  }

  /// Cycles by variant and size.
  private func cycles(_ output: String) -> [String: Int] {
    var result: [String: Int] = [:]
    for line in output.split(separator: "\n") {
      let fields = line.split(separator: ",")
      if fields.count == 4, let cycles = Int(fields[3]) { result["\(fields[1]),\(fields[2])"] = cycles }
    }
    return result
  }

  @Test(
    "Kernels that time themselves are right on machines in order and out of order, and take longer for more",
    arguments: [
      "memcpy", "memset", "strlen", "utf8", "byteswap", "lut4", "histogram", "mandelbrot", "transpose", "stream", "pairs",
      "chains", "mixed",
    ], ["spacemit-x60", "xuantie-c910", "sifive-x280"])
  func kernels(kernel: String, machine: String) throws {
    let result = try run(kernel, ["--machine", machine])
    #expect(result.code == 0 && !result.output.contains("WRONG"), "\(result.output)")
    let times = cycles(result.output)
    #expect(times.count > 5 && times.values.allSatisfy { $0 > 0 })
    for (name, time) in times where name.hasSuffix(",64") {
      if let more = times[name.dropLast(2) + "1024"] { #expect(more > time, "\(name)") }
    }
  }

  @Test(
    "What a program reads of the clock is the same on every run, with a log too, and is the machine's, not the count of instructions"
  )
  func clock() throws {
    let plain = try run("memset", ["--machine", "spacemit-x60"])
    #expect(try run("memset", ["--machine", "spacemit-x60"]).output == plain.output)
    #expect(try run("memset", ["--machine", "spacemit-x60", "--trace", "spike=/dev/null"]).output == plain.output)
    #expect(try run("memset", []).output != plain.output)
    let times = cycles(plain.output)
    let (vectors, bytes) = (try #require(times["m8,1024"]), try #require(times["bytes,1024"]))
    #expect(vectors < bytes)
  }

  @Test("A region between symbols is a part of the run; a symbol that is not there is named")
  func region() throws {
    let whole = try run("memset", ["--machine", "spacemit-x60"])
    let part = try run("memset", ["--machine", "spacemit-x60", "--roi", "main"])
    func count(_ text: String) throws -> Int {
      let said = try #require(text.firstMatch(of: /instructions +([0-9,]+)/))
      return try #require(Int(said.1.filter(\.isNumber)))
    }
    #expect(part.error.contains("region of interest"))
    let (some, all) = (try count(part.error), try count(whole.error))
    #expect(some < all && some > all / 2, "\(some) of \(all)")
    let wrong = try run("memset", ["--machine", "spacemit-x60", "--roi", "nowhere"])
    #expect(wrong.code == 125 && wrong.error.contains("--roi 'nowhere': the program has no symbol 'nowhere'"))
  }

  @Test("Statistics of a timed run have its figures, and the parts of the time make up the whole")
  func figures() throws {
    let path = Scratch.path("timed.json")
    #expect(try run("stream", ["--machine", "spacemit-x60", "--stats", path, "--stats-format", "json"]).code == 0)
    let json = try #require(try JSONSerialization.jsonObject(with: Data(try Scratch.read(path).utf8)) as? [String: Any])
    let timing = try #require(json["timing"] as? [String: Any])
    #expect(timing["schema"] as? String == "rvsim.timing/1" && timing["machine"] as? String == "spacemit-x60")
    let parts = try #require(timing["topDown"] as? [String: Double])
    #expect(abs(parts.values.reduce(0, +) - 1) < 1e-5)
    #expect(timing["instructions"] as? Int == json["instructions"] as? Int)
    let vector = try #require(timing["vector"] as? [String: Any])
    #expect((vector["classes"] as? [String: Any])?["vload"] != nil)
  }
}
