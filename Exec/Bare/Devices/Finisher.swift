/// QEMU's test finisher (sifive,test0), one register of 16 or 32 bits: 0x5555 turns the machine off, 0x3333 with a code above it too but in
/// failure, 0x7777 would reset it. It reads as zero; other values do nothing.
final class Finisher: Device {
  static let powerOff: UInt32 = 0x5555
  static let reset: UInt32 = 0x7777
  private static let failure: UInt32 = 0x3333

  /// Set when the program has said that it is over.
  private(set) var exitCode: Int?
  private let complain: (String) -> Void

  init(complain: @escaping (String) -> Void) { self.complain = complain }

  func load(_ offset: UInt64, width: Int) -> UInt64? { width == 2 || width == 4 ? 0 : nil }

  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool {
    guard width == 2 || width == 4 else { return false }
    guard offset == 0 else { return true }
    switch UInt32(truncatingIfNeeded: value & 0xffff) {
    case Self.powerOff: exitCode = 0
    // A failure is never a success.
    case Self.failure: exitCode = max(1, Int(value.part(2, width: 2)))
    case Self.reset:
      complain("the program resets the machine, which is not supported")
      exitCode = 255
    default: break
    }
    return true
  }
}
