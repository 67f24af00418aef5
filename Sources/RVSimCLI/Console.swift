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

  /// The streams of the process. What cannot be written is dropped: a reader that went away is no reason to crash.
  public static let process = Console(output: { writeAll($0, to: 1) }, error: { writeAll($0, to: 2) })

  /// One line of rvsim's own on standard error.
  func say(_ line: String) { error("rvsim: \(line)\n") }
}

/// Writes a text to a descriptor, as far as that goes.
private func writeAll(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let count = write(descriptor, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }
}
