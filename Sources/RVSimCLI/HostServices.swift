#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process around may be asked for.
public struct HostServices: Sendable {
  /// Whether Ctrl-C is to end a run in order; a process has only one such handler.
  public var handlesInterrupt: Bool
  /// Width of help texts; `nil` is that of the terminal.
  public var columns: Int?

  public init(handlesInterrupt: Bool, columns: Int?) {
    self.handlesInterrupt = handlesInterrupt
    self.columns = columns
  }

  /// Signals are left alone: for tests and other programs that call ``RVSim/main(_:environment:console:host:)``.
  public static let none = HostServices(handlesInterrupt: false, columns: 80)
  /// For the binary, which has the process to itself.
  public static let process = HostServices(handlesInterrupt: true, columns: nil)
}

extension RVSim {
  /// The whole of the binary: runs the process's command line and ends the process.
  public static func runProcess() -> Never {
    // A reader that goes away is an error of that write, not the end.
    signal(SIGPIPE, SIG_IGN)
    exit(Console.exitCode(main(Array(CommandLine.arguments.dropFirst()), environment: hostEnvironment, host: .process)))
  }

  /// The variables of the process.
  public static var hostEnvironment: [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let variable = String(cString: text)
      if let equals = variable.firstIndex(of: "=") {
        result[String(variable[..<equals])] = String(variable[variable.index(after: equals)...])
      }
      entry += 1
    }
    return result
  }
}

/// Ends the process at once.
func endProcess(_ code: Int32) -> Never { _exit(code) }
