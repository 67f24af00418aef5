import ArgumentParser

/// The command line as a library: what the binary does, without the process around it.
public enum RVSim {
  /// The version that `--version` prints.
  public static let version = "0.1.0"

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - arguments: without the name of the program.
  ///   - environment: `RVSIM_*` variables stand for options, and a Linux guest inherits all of it.
  ///   - console: where words go.
  ///   - host: what the process may be asked for. Tests leave signals alone.
  /// - Returns: the exit code.
  public static func main(
    _ arguments: [String], environment: [String: String] = [:], console: Console = .process, host: HostServices = .none
  ) -> Int32 {
    if arguments.isEmpty {
      console.error(RootCommand.helpMessage(columns: host.columns) + "\n")
      return ExitCode.usage
    }
    let line = CommandLineSplit(arguments)
    let command: any ParsableCommand
    do {
      command = try RootCommand.parseAsRoot(line.own)
    } catch {
      return answer(error, line, console, host)
    }
    do {
      guard var own = command as? any RVSimCommand else {
        var other = command
        try other.run()
        return ExitCode.success
      }
      return try own.execute(Context(guestArguments: line.guest, environment: environment, console: console, host: host))
    } catch let failure as Failure {
      console.say(failure.message)
      return failure.exitCode
    } catch {
      return answer(error, line, console, host)
    }
  }

  /// What ArgumentParser has to say: help and versions go to standard output, everything else is a wrong command line.
  private static func answer(_ error: any Error, _ line: CommandLineSplit, _ console: Console, _ host: HostServices) -> Int32 {
    if RootCommand.exitCode(for: error) == .success {
      let text = RootCommand.fullMessage(for: error, columns: host.columns)
      console.output(text.hasSuffix("\n") ? text : text + "\n")
      return ExitCode.success
    }
    let words = RootCommand.message(for: error).split(whereSeparator: \.isNewline)
      .map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    console.say("\(words) (see 'rvsim \(line.command.map { "\($0) " } ?? "")--help')")
    return ExitCode.usage
  }
}

/// The command itself; it only knows its sub-commands.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rvsim", abstract: "Runs RISC-V programs, bit for bit as the manuals say.",
    discussion: """
      Exit codes: the guest's own; 124 a limit was reached; 125 wrong usage or configuration; 126 no ELF file that can be run; \
      128+n killed by signal n (for an unhandled trap on bare metal the signal of its cause: 4 illegal instruction, 5 breakpoint, \
      7 misaligned, 11 access or page fault); 130 Ctrl-C.

      Completions for your shell: rvsim --generate-completion-script bash|zsh|fish
      """,
    version: "rvsim \(RVSim.version)",
    subcommands: [RunCommand.self, DisasmCommand.self, MachinesCommand.self, ValidateCommand.self, FitCommand.self])
}

/// A sub-command of rvsim.
protocol RVSimCommand: ParsableCommand {
  /// Does it.
  /// - Returns: the exit code.
  mutating func execute(_ context: Context) throws(Failure) -> Int32
}

/// What surrounds a sub-command.
struct Context {
  /// Everything behind the ELF file.
  var guestArguments: [String]
  var environment: [String: String]
  var console: Console
  var host: HostServices
}

/// Why a command cannot go on: one line, and what to exit with.
struct Failure: Error {
  var message: String
  var exitCode: Int32

  static func usage(_ message: String) -> Failure { Failure(message: message, exitCode: RVSimCLI.ExitCode.usage) }
  static func notRunnable(_ message: String) -> Failure { Failure(message: message, exitCode: RVSimCLI.ExitCode.notRunnable) }
}
