/// A command line, split into what is rvsim's and what is the guest's.
///
/// Everything behind the ELF file belongs to the guest, whatever it looks like; one `--` directly behind the ELF is dropped.
struct CommandLineSplit {
  /// The sub-command, if there is one.
  private(set) var command: String?
  /// For the parser: a `--` stands before the ELF, so that it is taken as it is.
  private(set) var own: [String]
  private(set) var guest: [String] = []

  init(_ arguments: [String]) {
    command = arguments.first.flatMap { ["run", "disasm"].contains($0) ? $0 : nil }
    own = arguments
    guard command == "run" else { return }
    var index = 1
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" {
        index += 1
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else { break }
      let isName = RunOption.allCases.contains { $0.takesValue && argument == "--" + $0.rawValue }
      index += isName ? 2 : 1
    }
    guard index < arguments.count else { return }
    let options = arguments[..<index].last == "--" ? arguments[..<(index - 1)] : arguments[..<index]
    own = options + ["--", arguments[index]]
    guest = Array(arguments[(index + 1)...])
    if guest.first == "--" { guest.removeFirst() }
  }
}
