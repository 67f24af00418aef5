/// Physical memory protection: 16 entries, regions of 4 bytes and more (TOR, NA4, NAPOT). Privileged ISA, "Physical Memory Protection".
public struct PMP: Sendable {
  /// Entries; the CSRs of the 48 others read as zero.
  public static let count = 16

  private var addresses = [UInt64](repeating: 0, count: count)
  private var configurations = [UInt8](repeating: 0, count: count)
  /// The entries that match anything, in the order of their priority.
  private var regions: [Region] = []
  /// One entry lets S and U mode do everything everywhere: nothing has to be checked for them.
  private(set) var allowsAll = false
  /// Machine mode has to be checked: an entry is locked, or ends within a page, where an access that it matches in part fails for everybody.
  private(set) var bindsMachine = false

  private enum Bits {
    static let read: UInt8 = 1
    static let write: UInt8 = 2
    static let execute: UInt8 = 4
    static let rwx: UInt8 = 7
    static let mode: UInt8 = 0x18
    static let tor: UInt8 = 0x08
    static let na4: UInt8 = 0x10
    static let lock: UInt8 = 0x80
  }

  private struct Region {
    var first: UInt64
    var last: UInt64
    var configuration: UInt8

    func allows(_ access: Access, _ mode: UInt8) -> Bool {
      if mode == Mode.machine, configuration & Bits.lock == 0 { return true }
      switch access {
      case .fetch: return configuration & Bits.execute != 0
      case .load: return configuration & Bits.read != 0
      case .store: return configuration & Bits.write != 0
      }
    }
  }

  /// As Spike begins, for the sake of software that knows nothing of it: the first entry allows everything.
  init() {
    addresses[0] = Self.addressMask
    configurations[0] = 0x1f
    derive()
  }

  // MARK: Registers

  /// 56 bits of physical address, in words of four bytes.
  private static let addressMask: UInt64 = 1 << 54 - 1

  func address(_ index: Int) -> UInt64 { index < Self.count ? addresses[index] : 0 }

  /// Eight entries, from `first` on.
  func configuration(from first: Int) -> UInt64 {
    guard first < Self.count else { return 0 }
    return (0..<8).reduce(0) { $0 | UInt64(configurations[first + $1]) << (8 * $1) }
  }

  /// - Returns: `false` when the entry, or the next one as the end of whose range it serves, is locked.
  mutating func setAddress(_ index: Int, _ value: UInt64) -> Bool {
    guard index < Self.count, configurations[index] & Bits.lock == 0 else { return false }
    if index + 1 < Self.count, configurations[index + 1] & (Bits.lock | Bits.mode) == Bits.lock | Bits.tor { return false }
    addresses[index] = value & Self.addressMask
    derive()
    return true
  }

  /// Writes eight entries, those that are not locked. R = 0 with W = 1 is reserved: W is dropped.
  /// - Returns: whether there are such entries.
  mutating func setConfiguration(from first: Int, _ value: UInt64) -> Bool {
    guard first < Self.count else { return false }
    for index in first..<first + 8 where configurations[index] & Bits.lock == 0 {
      var new = UInt8(truncatingIfNeeded: value >> UInt64(8 * (index - first))) & (Bits.rwx | Bits.mode | Bits.lock)
      if new & Bits.read == 0 { new &= ~Bits.write }
      configurations[index] = new
    }
    derive()
    return true
  }

  private mutating func derive() {
    regions.removeAll(keepingCapacity: true)
    for index in 0..<Self.count {
      let configuration = configurations[index]
      let address = addresses[index]
      switch configuration & Bits.mode {
      case 0: continue
      case Bits.tor:
        let first = index == 0 ? 0 : addresses[index - 1] << 2
        guard first < address << 2 else { continue }
        regions.append(Region(first: first, last: address << 2 - 1, configuration: configuration))
      case Bits.na4:
        regions.append(Region(first: address << 2, last: address << 2 + 3, configuration: configuration))
      default:
        // The ones at the end of the address, and the zero above them, say how large it is.
        let mask = (address ^ (address + 1)) << 2 | 3
        regions.append(Region(first: address << 2 & ~mask, last: address << 2 | mask, configuration: configuration))
      }
    }
    bindsMachine = regions.contains {
      $0.configuration & Bits.lock != 0 || ($0.first | ($0.last &+ 1)) & (guestPageSize - 1) != 0
    }
    allowsAll =
      regions.first.map { $0.first == 0 && $0.last >= 1 << 56 - 1 && $0.configuration & Bits.rwx == Bits.rwx } ?? false
  }

  // MARK: Checks

  /// Whether all of some bytes may be accessed. An access that the first entry to match any of it does not match as a whole fails.
  func allows(_ address: UInt64, length: UInt64, _ access: Access, _ mode: UInt8) -> Bool {
    let first = address & ~3
    let last = (address &+ (length - 1)) | 3
    for region in regions where region.first <= last && first <= region.last {
      return region.first <= first && last <= region.last && region.allows(access, mode)
    }
    return mode == Mode.machine
  }

  /// Whether a page may be accessed; `nil` when that is not the same for all of its bytes.
  func allowsPage(_ address: UInt64, _ access: Access, _ mode: UInt8) -> Bool? {
    let last = address | (guestPageSize - 1)
    for region in regions where region.first <= last && address <= region.last {
      return region.first <= address && last <= region.last ? region.allows(access, mode) : nil
    }
    return mode == Mode.machine
  }
}
