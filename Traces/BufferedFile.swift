#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written from front to back in large pieces.
///
/// The first failure is kept and ends all further writing: ask ``failure`` (or ``close()``) at the end.
public final class BufferedFile {
  /// Why a file could not be opened or written; `description` is one line.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    public var path: String
    public var errno: Int32
    public var description: String { "\(path): \(String(cString: strerror(errno)))" }
  }

  public let path: String
  /// The first write that failed.
  public private(set) var failure: Failure?
  private var descriptor: Int32
  private let ownsDescriptor: Bool
  private let buffer: UnsafeMutablePointer<UInt8>
  private var used = 0
  private static let capacity = 1 << 18

  /// Creates the file, or empties the one that is there.
  public init(path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure(path: path, errno: errno) }
    self.path = path
    self.descriptor = descriptor
    ownsDescriptor = true
    buffer = .allocate(capacity: Self.capacity)
  }

  /// Writes to a descriptor that stays open, such as standard output; `name` is for messages.
  public init(descriptor: Int32, name: String) {
    path = name
    self.descriptor = descriptor
    ownsDescriptor = false
    buffer = .allocate(capacity: Self.capacity)
  }

  deinit {
    _ = close()
    buffer.deallocate()
  }

  @inline(__always)
  private func room(_ count: Int) {
    if used + count > Self.capacity { flush() }
  }

  public func write(_ byte: UInt8) {
    room(1)
    buffer[used] = byte
    used += 1
  }

  /// The UTF-8 of a text.
  public func write(_ text: StaticString) {
    text.withUTF8Buffer { write($0) }
  }

  /// The UTF-8 of a text.
  public func write(_ text: String) {
    var text = text
    text.withUTF8 { write($0) }
  }

  public func write(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { write($0) } }

  private func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    var rest = bytes[...]
    while !rest.isEmpty {
      room(1)
      let part = rest.prefix(Self.capacity - used)
      (buffer + used).update(from: UnsafeBufferPointer(rebasing: part).baseAddress.unsafelyUnwrapped, count: part.count)
      used += part.count
      rest = rest.dropFirst(part.count)
    }
  }

  /// `value` as so many lower-case hexadecimal digits.
  public func write(hex value: UInt64, digits: Int) {
    room(16)
    var shift = UInt64(digits) * 4
    for _ in 0..<digits {
      shift -= 4
      let nibble = UInt8(truncatingIfNeeded: value >> shift) & 15
      buffer[used] = nibble + (nibble < 10 ? 0x30 : 0x57)
      used += 1
    }
  }

  /// Gives what is buffered to the system.
  public func flush() {
    var start = 0
    while start < used, failure == nil {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, buffer + start, used - start)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, buffer + start, used - start)
      #else
        let count = Darwin.write(descriptor, buffer + start, used - start)
      #endif
      if count >= 0 {
        start += count
      } else if errno != EINTR {
        failure = Failure(path: path, errno: errno)
      }
    }
    used = 0
  }

  /// Writes what is left and closes the file.
  /// - Returns: the first failure since the file was opened.
  public func close() -> Failure? {
    flush()
    guard ownsDescriptor, descriptor >= 0 else { return failure }
    #if canImport(Glibc)
      let result = Glibc.close(descriptor)
    #elseif canImport(Musl)
      let result = Musl.close(descriptor)
    #else
      let result = Darwin.close(descriptor)
    #endif
    descriptor = -1
    if result != 0, failure == nil { failure = Failure(path: path, errno: errno) }
    return failure
  }
}
