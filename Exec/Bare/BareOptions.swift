/// What a bare machine is made of, and what it may see of the host.
public struct BareOptions {
  /// Bytes of DRAM from 0x8000_0000. Address space is reserved, and memory used as the program touches it.
  public var memorySize: UInt64 = 2 << 30
  /// Misaligned scalar loads and stores trap. They are done otherwise; misaligned atomics trap either way.
  public var trapsMisaligned = false
  public var vector = VectorChoices()
  public var matrix = MatrixChoices()
  /// The program's arguments, its name first: what getmainvars and SYS_GET_CMDLINE tell it.
  public var arguments: [String] = []
  /// Where the program's standard output and the console go.
  public var output: any ConsoleSink = FileSink(descriptor: 1)
  /// Where the program's standard error goes.
  public var errors: any ConsoleSink = FileSink(descriptor: 2)
  /// Where standard input and the console's key strokes come from.
  public var input: any ConsoleSource = FileSource(descriptor: 0)
  /// Whether proxied system calls and semihosting reach the host's files.
  public var files = FilePolicy.host
  /// Whether the semihosting sequence around an ebreak is a call, and not an exception.
  public var semihosting = true
  /// Told, in one line, what the machine cannot make sense of.
  public var complain: (String) -> Void = { FileSink(descriptor: 2).write(Array(("rvsim: " + $0 + "\n").utf8)) }

  public init() {}

  public enum FilePolicy: Sendable {
    /// Files of the host, with the rights of this process.
    case host
    /// Standard input, output and error alone; everything else is denied.
    case none
  }
}

/// Takes the bytes that a program prints.
public protocol ConsoleSink: AnyObject {
  func write(_ bytes: [UInt8])
}

/// Gives the bytes that a program reads from standard input.
public protocol ConsoleSource: AnyObject {
  /// At most `count` bytes, waiting for the first; empty at the end.
  func read(_ count: Int) -> [UInt8]
  /// Whether ``read(_:)`` would not wait: there are bytes, or the end is there.
  /// - Parameter nanoseconds: how long to wait for that; `nil` for ever. It may come back earlier.
  func isReady(within nanoseconds: UInt64?) -> Bool
  /// Whether what there is to read depends on when: a terminal, a pipe.
  var isLive: Bool { get }
}

extension ConsoleSource {
  public func isReady(within nanoseconds: UInt64?) -> Bool { true }
  public var isLive: Bool { false }
}

/// Keeps what is printed.
public final class MemorySink: ConsoleSink {
  public private(set) var bytes: [UInt8] = []
  public init() {}
  public func write(_ bytes: [UInt8]) { self.bytes += bytes }
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Gives fixed bytes.
public final class MemorySource: ConsoleSource {
  private var rest: ArraySlice<UInt8>
  public init(_ bytes: [UInt8]) { rest = bytes[...] }

  public func read(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}
