/// The core-local interruptor: software interrupts and timers of machine mode, as Spike lays it out. A word msip for each hart from 0x0,
/// a doubleword mtimecmp for each from 0x4000, mtime at 0xbff8. All widths are served; what belongs to no hart reads as zero.
///
/// The registers themselves are the harts': ``Hart/machineTimer``, ``Hart/time``.
final class CLINT: Device {
  private let harts: [Hart]
  private var msip: [Bool]
  /// Told when the program has set the time.
  var timeWasSet: () -> Void = {}

  private static let timers: UInt64 = 0x4000
  private static let time: UInt64 = 0xbff8

  init(_ harts: [Hart]) {
    self.harts = harts
    msip = harts.map { _ in false }
    // Zero at reset, as Spike has it: the interrupt is pending until the program sets a time.
    for hart in harts { hart.machineTimer = 0 }
  }

  func load(_ offset: UInt64, width: Int) -> UInt64? {
    switch offset {
    case ..<Self.timers:
      if width == 8 { return word(offset) | word(offset + 4) << 32 }
      return word(offset).part(offset % 4, width: width)
    case ..<Self.time:
      return (timer(offset)?.machineTimer ?? 0).part(offset % 8, width: width)
    case ..<(Self.time + 8): return harts[0].time.part(offset % 8, width: width)
    default: return 0
    }
  }

  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool {
    switch offset {
    case ..<Self.timers:
      setSoftwareInterrupt(offset, value)
      if width == 8 { setSoftwareInterrupt(offset + 4, value >> 32) }
    case ..<Self.time:
      guard let hart = timer(offset) else { break }
      hart.machineTimer = hart.machineTimer.replacing(offset % 8, width: width, by: value)
    case ..<(Self.time + 8):
      let time = harts[0].time.replacing(offset % 8, width: width, by: value)
      for hart in harts { hart.time = time }
      timeWasSet()
    default: break
    }
    return true
  }

  /// The word msip that holds an offset.
  private func word(_ offset: UInt64) -> UInt64 {
    let index = Int(offset / 4)
    return msip.indices.contains(index) && msip[index] ? 1 : 0
  }

  /// Bit 0 counts, and only stores that begin at the word's first byte.
  private func setSoftwareInterrupt(_ offset: UInt64, _ value: UInt64) {
    let index = Int(offset / 4)
    guard offset % 4 == 0, msip.indices.contains(index) else { return }
    msip[index] = value & 1 != 0
    harts[index].setInterrupt(.machineSoftware, on: msip[index])
  }

  /// The hart whose mtimecmp holds an offset.
  private func timer(_ offset: UInt64) -> Hart? {
    let index = Int((offset - Self.timers) / 8)
    return harts.indices.contains(index) ? harts[index] : nil
  }
}
