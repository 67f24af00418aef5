/// Why a system could not be built. `description` is one line.
public enum SystemError: Error, Sendable, CustomStringConvertible {
  /// The host denied a reservation of address space.
  case noMemory(bytes: UInt64)
  /// The program wants to lie where there is no memory.
  case segmentOutsideMemory(address: UInt64, length: UInt64)

  public var description: String {
    switch self {
    case .noMemory(let bytes): "the host denies \(bytes) bytes of address space"
    case .segmentOutsideMemory(let address, let length):
      "a segment of \(length) bytes at 0x\(String(address, radix: 16)) lies outside of memory"
    }
  }
}
