#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Registers side by side and room to work in, all zero: pages of the host that nobody touches are none.
final class MatrixMemory {
  private let memory: UnsafeMutableRawPointer
  let base: UnsafeMutableRawPointer
  /// Bytes behind the last that kernels over blocks may read.
  private static let slack = 256

  init(bytes: Int) {
    guard let memory = calloc(1, bytes + Self.slack) else { preconditionFailure("no memory for matrix registers") }
    self.memory = memory
    base = memory.alignedUp(toMultipleOf: 64)
  }

  deinit { free(memory) }
}
