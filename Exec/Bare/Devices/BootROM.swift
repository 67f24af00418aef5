/// The boot ROM: five instructions that jump to the program with the hart's number in a0 and the address of the device tree in a1, and
/// behind them the device tree. As Spike's, byte for byte up to there.
final class BootROM: Device {
  /// Offset of the device tree.
  static let deviceTree: UInt64 = 32
  private let bytes: [UInt8]
  var size: UInt64 { UInt64(bytes.count) }

  /// - Parameter entry: where the code jumps to.
  init(entry: UInt64, deviceTree: [UInt8]) {
    // auipc t0, 0; addi a1, t0, 32; csrr a0, mhartid; ld t0, 24(t0); jr t0; and where to.
    let words: [UInt32] = [
      0x0000_0297, 0x0202_8593, 0xf140_2573, 0x0182_b283, 0x0002_8067, 0, UInt32(truncatingIfNeeded: entry),
      UInt32(truncatingIfNeeded: entry >> 32),
    ]
    let code = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } + deviceTree
    bytes = code + [UInt8](repeating: 0, count: (4096 - code.count % 4096) % 4096)
  }

  func load(_ offset: UInt64, width: Int) -> UInt64? {
    (0..<width).reduce(0) { $0 | UInt64(bytes[Int(offset) + $1]) << (8 * $1) }
  }

  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool { false }
}
