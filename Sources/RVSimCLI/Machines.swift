import ArgumentParser
import RVModels

/// `rvsim machines`.
struct MachinesCommand: RVSimCommand {
  static let configuration = CommandConfiguration(
    commandName: "machines", abstract: "List the machines that time can be told for, or show one.",
    usage: """
      rvsim machines
      rvsim machines show [--annotated] <machine>
      """,
    discussion: """
      A machine is one YAML file: 'rvsim machines show NAME' prints one to start from. Every value has its unit and says where it comes from.
      """)

  @Flag(help: "Every value in a line of its own, with where it comes from.")
  var annotated = false

  @Argument(help: ArgumentHelp("Nothing, or 'show' and a machine.", valueName: "show machine"))
  var words: [String] = []

  mutating func execute(_ context: Context) throws(Failure) -> Int32 {
    if words.isEmpty {
      guard !annotated else { throw .usage("--annotated wants 'show' and a machine") }
      for name in MachineLibrary.names {
        let machine = try MachineChoice.machine(GivenValue(text: name, source: "machine"), changes: [])
        context.console.output("\(name.padded(20))\(machine.title)\n\(String(repeating: " ", count: 20))\(machine.label.words)\n")
      }
      return ExitCode.success
    }
    guard words.count == 2, words[0] == "show" else { throw .usage("machines takes nothing, or 'show' and a machine") }
    let name = GivenValue(text: words[1], source: "machine")
    let machine = try MachineChoice.machine(name, changes: [])
    guard annotated else {
      context.console.output(try MachineChoice.text(name).text)
      return ExitCode.success
    }
    let width = machine.values.map(\.key.count).max() ?? 0
    let valueWidth = min(machine.values.map(\.value.count).max() ?? 0, 40)
    for value in machine.values {
      context.console.output("\(value.key.padded(width))  \(value.value.padded(valueWidth))  \(value.source)\n")
    }
    return ExitCode.success
  }
}

extension String {
  /// With blanks behind it, at least this long.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  /// With blanks in front of it.
  func aligned(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
