#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The three standard streams of a bare-metal program: output is gathered up to a line, or to 4 KiB.
final class Console {
  private let output: any ConsoleSink
  private let errors: any ConsoleSink
  private let input: any ConsoleSource
  private var pending: [UInt8] = []

  init(output: any ConsoleSink, errors: any ConsoleSink, input: any ConsoleSource) {
    self.output = output
    self.errors = errors
    self.input = input
  }

  func put(_ byte: UInt8) {
    pending.append(byte)
    if byte == UInt8(ascii: "\n") || pending.count >= 4096 { flush() }
  }

  func print(_ bytes: [UInt8]) {
    pending += bytes
    if pending.count >= 4096 || bytes.contains(UInt8(ascii: "\n")) { flush() }
  }

  func printError(_ bytes: [UInt8]) {
    flush()
    errors.write(bytes)
  }

  /// Reads after everything printed has left: a prompt is seen before its answer is awaited.
  func read(_ count: Int) -> [UInt8] {
    flush()
    return count > 0 ? input.read(count) : []
  }

  func flush() {
    guard !pending.isEmpty else { return }
    output.write(pending)
    pending.removeAll(keepingCapacity: true)
  }
}

/// Prints to a file descriptor of the host. Errors are ignored: there is nobody to tell.
public final class FileSink: ConsoleSink {
  private let descriptor: Int32
  public init(descriptor: Int32) { self.descriptor = descriptor }

  public func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = hostWrite(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count > 0 { done += count } else if errno != EINTR { return }
      }
    }
  }
}

/// Reads from a file descriptor of the host.
public final class FileSource: ConsoleSource {
  private let descriptor: Int32
  public init(descriptor: Int32) { self.descriptor = descriptor }

  public func read(_ count: Int) -> [UInt8] {
    // A program may ask for as much as it likes; no more than this is given at once.
    [UInt8](unsafeUninitializedCapacity: min(count, 1 << 20)) { buffer, filled in
      filled = max(0, hostRead(descriptor, buffer.baseAddress, buffer.count))
    }
  }
}

// Under other names, for types that have methods of these.
func hostWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(descriptor, bytes, count) }
func hostRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(descriptor, bytes, count) }
