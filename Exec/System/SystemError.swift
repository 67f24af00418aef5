/// Why a system could not be built. `description` is one line.
public enum SystemError: Error, Sendable, CustomStringConvertible {
  /// The host denied a reservation of address space.
  case noMemory(bytes: UInt64)
  /// The program wants to lie where there is no memory.
  case segmentOutsideMemory(address: UInt64, length: UInt64)
  /// Linux: the program has an interpreter, which links it when it starts.
  case needsInterpreter(String)
  /// Linux: arguments and environment do not fit on the stack.
  case argumentsTooLong(bytes: UInt64, limit: UInt64)
  /// Linux: a standard stream is a file that cannot be opened.
  case cannotOpen(path: String, errno: Int32)

  public var description: String {
    switch self {
    case .noMemory(let bytes): "the host denies \(bytes) bytes of address space"
    case .segmentOutsideMemory(let address, let length):
      "a segment of \(length) bytes at 0x\(String(address, radix: 16)) lies outside of memory"
    case .needsInterpreter(let path): "needs \(path): dynamic programs are not supported yet"
    case .argumentsTooLong(let bytes, let limit):
      "arguments and environment take \(bytes) bytes of the stack, more than the \(limit) that they may"
    case .cannotOpen(let path, let errno): "\(path) cannot be opened: \(hostErrorText(errno))"
    }
  }
}
