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
  /// How often a key was asked for in vain since something was printed.
  private var vainLooks = 0
  /// Whether a key was asked for at the end of the input.
  private(set) var isAtEnd = false

  init(output: any ConsoleSink, errors: any ConsoleSink, input: any ConsoleSource) {
    self.output = output
    self.errors = errors
    self.input = input
  }

  func put(_ byte: UInt8) {
    vainLooks = 0
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

  enum Key {
    case byte(UInt8)
    /// Not yet.
    case none
    /// Never again.
    case end
  }

  /// The next byte for a device, without waiting.
  func key() -> Key {
    if isAtEnd { return .end }
    guard input.isReady(within: 0) else {
      // A program that only looks whether it may send asks too; one that waits for an answer asks again.
      vainLooks += 1
      if vainLooks >= 16 { flush() }
      return .none
    }
    if let byte = input.read(1).first { return .byte(byte) }
    isAtEnd = true
    return .end
  }

  /// Whether time decides what ``key()`` gives: input from a terminal, a pipe or a socket.
  var isLive: Bool { input.isLive }

  /// Waits for input or its end after everything printed has left.
  /// - Parameter nanoseconds: how long at most; `nil` for ever.
  /// - Returns: `false` when the time is over, or a signal came.
  func waitForKey(nanoseconds: UInt64?) -> Bool {
    flush()
    return isAtEnd || input.isReady(within: nanoseconds)
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
  public let isLive: Bool
  private let passesKeys: Bool

  /// - Parameter passesKeys: whether a terminal is to pass on keys one by one once a device asks for them: ``Terminal``.
  public init(descriptor: Int32, passesKeys: Bool = false) {
    self.descriptor = descriptor
    self.passesKeys = passesKeys
    var status = stat()
    let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
    isLive = kind == S_IFCHR ? isatty(descriptor) == 1 : kind != S_IFREG && kind != S_IFBLK
  }

  public func isReady(within nanoseconds: UInt64?) -> Bool {
    if !isLive { return true }
    if passesKeys { Terminal.passKeys(descriptor) }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = nanoseconds.map { Int32(clamping: $0 / 1_000_000 + ($0 % 1_000_000 == 0 ? 0 : 1)) } ?? -1
    // What cannot be polled is at its end, and read at once.
    let count = poll(&request, 1, milliseconds)
    return count > 0 || count < 0 && errno != EINTR
  }

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
