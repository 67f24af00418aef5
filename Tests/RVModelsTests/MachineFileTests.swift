import RVModels
import Testing

/// Machine files: those that come along, and what is wrong with others.
struct MachineFileTests {
  private func read(_ text: String, _ changes: [(key: String, value: String)] = []) throws -> Machine {
    try Machine(text: text, file: "m.yaml", changes: changes)
  }

  private var plain: String { get throws { try #require(MachineLibrary.text("generic-inorder")) } }

  /// What reading says.
  private func problem(_ text: String, _ changes: [(key: String, value: String)] = []) -> String {
    do {
      _ = try read(text, changes)
      return "none"
    } catch { return "\(error)" }
  }

  @Test("Every machine that comes along can be read, and each value says where it comes from", arguments: MachineLibrary.names)
  func library(name: String) throws {
    let machine = try read(try #require(MachineLibrary.text(name)))
    #expect(machine.name == name)
    #expect(!machine.title.isEmpty)
    #expect(machine.values.count > 40)
    #expect(machine.values.allSatisfy { !$0.source.isEmpty && !$0.value.isEmpty })
  }

  @Test("An unknown key is named with its line")
  func unknownKey() throws {
    let text = try plain.replacing("  mispredict:", with: "  mispredicted: 3 cycles\n  mispredict:", maxReplacements: 1)
    #expect(problem(text).contains(": core.mispredicted: unknown key"))
    #expect(problem(text).hasPrefix("m.yaml:"))
  }

  @Test("A value without a source is refused")
  func noSource() throws {
    let text = try plain.replacing("vlen: [256 bits, a round number]", with: "vlen: 256 bits")
    #expect(problem(text).contains("vlen: does not say where it comes from"))
  }

  @Test(
    "A value that cannot be is refused in one line",
    arguments: [
      ("core.issue", "0 per cycle", "out of range"), ("core.issue", "2", "no number of things per cycle"),
      ("core.issue", "2 cycles", "no number of things per cycle"), ("memory.l1d.size", "33 KiB", "power of two of sets"),
      ("vector.dlen", "96 bits", "power of two"), ("core.pipeline", "sideways", "none of in-order, out-of-order"),
      ("memory.latency", "-3 cycles", "out of range"), ("clock", "0 MHz", "out of range"),
      ("core.mispredict", "1.00001 cycles", "no number"),
      ("memory.latency", "99999999999999 ns", "no number"),
    ])
  func impossible(key: String, value: String, words: String) throws {
    let said = try problem(plain, [(key, value)])
    #expect(said.contains(words), "\(said)")
    #expect(said.contains(key))
    #expect(!said.contains("\n"))
  }

  @Test("--set wants a key that is there")
  func unknownSet() throws {
    #expect(try problem(plain, [("core.isue", "2 per cycle")]).contains("core.isue"))
    #expect(try read(plain, [("core.issue", "4 per cycle")]).issueWidth == 4)
  }

  @Test("A missing part is named", arguments: ["core:", "memory:", "units:", "work:"])
  func missing(part: String) throws {
    let lines = try plain.split(separator: "\n", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    var skips = false
    for line in lines {
      if !line.hasPrefix(" "), !line.isEmpty { skips = line.hasPrefix(part) }
      if !skips { kept.append(line) }
    }
    #expect(problem(kept.joined(separator: "\n")).contains("\(part.dropLast()): is missing"))
  }

  @Test(
    "What is no machine file says so",
    arguments: ["", "[1, 2", "- a\n- b\n", "a: b\n", "schema: other/1\n", "\u{0}", "schema: [a, b]"])
  func nonsense(text: String) { #expect(problem(text) != "none") }

  @Test("Nonsense in the place of any line crashes nothing")
  func everyLine() throws {
    let lines = try plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      for other in [
        "", "  x: [", "\(line) 7", line.replacing(" ", with: "  "), line.replacing("cycles", with: "furlongs"), line + line,
      ] {
        var changed = lines
        changed[index] = other
        _ = problem(changed.joined(separator: "\n"))
      }
    }
  }

  @Test("Times are exact in eighths of a cycle, nanoseconds at the machine's clock")
  func units() throws {
    #expect(try read(plain, [("core.mispredict", "2.5 cycles")]).frontEnd.mispredict == 20)
    #expect(try read(plain, [("memory.latency", "100 ns")]).memory.latency == 160 * .perCycle)
  }
}
