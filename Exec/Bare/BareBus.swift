import RVFloat

/// What answers outside of DRAM on a bare machine: the boot ROM. HTIF's words lie in DRAM, on observed pages.
final class BareBus: Bus {
  private let rom: [UInt8]
  private let htif: HTIF?
  static let romStart: UInt64 = 0x1000

  /// - Parameter entry: where the ROM's code jumps to.
  init(entry: UInt64, htif: HTIF?) {
    self.htif = htif
    // auipc t0, 0; addi a1, t0, 32; csrr a0, mhartid; ld t0, 24(t0); jr t0; and where to.
    let words: [UInt32] = [
      0x0000_0297, 0x0202_8593, 0xf140_2573, 0x0182_b283, 0x0002_8067, 0, UInt32(truncatingIfNeeded: entry),
      UInt32(truncatingIfNeeded: entry >> 32),
    ]
    let code = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    rom = code + [UInt8](repeating: 0, count: 4096 - code.count)
  }

  func load(_ address: UInt64, width: Int) -> UInt64? {
    let offset = address &- Self.romStart
    guard offset < UInt64(rom.count), Int(offset) + width <= rom.count else { return nil }
    return (0..<width).reduce(0) { $0 | UInt64(rom[Int(offset) + $1]) << (8 * $1) }
  }

  func store(_ address: UInt64, width: Int, value: UInt64) -> Bool { false }

  func observedStore(_ address: UInt64, width: Int) throws(Trap) {
    // A loop runs: what the host's own arithmetic raises must not reach the guest's flags.
    let flags = rvf_peek_flags()
    defer {
      _ = rvf_take_flags()
      rvf_raise(flags)
    }
    try htif?.stored(address, width: width)
  }
}
