import RVDecoder

/// The vector register file: 32 registers of VLEN bits side by side, so that a register group is contiguous, and room to work in.
final class VectorFile {
  /// VLEN in bytes.
  let vlenb: Int
  private let memory: UnsafeMutableRawPointer

  /// How many register groups of eight there is room for beyond the registers.
  private static let spareGroups = 5
  /// Bytes behind the last that loops over blocks may touch.
  private static let slack = 64

  /// - Parameter vlen: bits, a power of two from 64 to 65,536.
  init(vlen: Int) {
    vlenb = vlen / 8
    let size = (32 + 8 * Self.spareGroups) * vlenb + Self.slack
    memory = .allocate(byteCount: size, alignment: 4096)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
  }

  /// VLEN in bytes of a hart: what its ISA promises, 64 bits at least; 0 without vectors.
  static func vlenb(_ isa: ISA) -> Int { isa.contains(.zve32x) ? max(isa.leastVLEN, 64) / 8 : 0 }

  deinit { memory.deallocate() }

  var base: UnsafeMutableRawPointer { memory }
}
