import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where rvsim's own words go.
public struct Console: Sendable {
  /// Writes text to standard output.
  public var output: @Sendable (String) -> Void
  /// Writes text to standard error.
  public var error: @Sendable (String) -> Void

  public init(output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void) {
    self.output = output
    self.error = error
  }

  /// The streams of the process. What cannot be written is dropped: a reader that went away is no reason to crash. The first failure
  /// of standard output is kept.
  public static let process = Console(
    output: { text in
      guard outputFailure.load(ordering: .relaxed) == 0 else { return }
      if let failure = writeAll(text, to: 1) { outputFailure.store(failure, ordering: .relaxed) }
    }, error: { _ = writeAll($0, to: 2) })

  /// The exit code of a process whose command came to `code`: not success when standard output could not be written.
  static func exitCode(_ code: Int32) -> Int32 {
    let failure = outputFailure.load(ordering: .relaxed)
    guard code == ExitCode.success, failure != 0 else { return code }
    // The reader went away: as if SIGPIPE had ended the process.
    if failure == EPIPE { return 128 + SIGPIPE }
    process.say("cannot write to standard output: \(String(cString: strerror(failure)))")
    return ExitCode.usage
  }

  /// One line of rvsim's own on standard error.
  func say(_ line: String) { error("rvsim: \(line)\n") }
}

/// Why standard output of the process could not be written; 0 while it can.
private let outputFailure = Atomic<Int32>(0)

/// Writes a text to a descriptor.
/// - Returns: the errno of the write that failed.
private func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
  var text = text
  return text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? EIO : errno }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return nil
  }
}
