/// Registers in the physical address space. Accesses are aligned, and lie in the device with all their bytes.
protocol Device: AnyObject {
  /// - Parameters:
  ///   - offset: from the device's first address.
  ///   - width: 1, 2, 4 or 8 bytes.
  /// - Returns: the value, or `nil` for an access fault.
  func load(_ offset: UInt64, width: Int) -> UInt64?
  /// - Returns: `false` for an access fault.
  func store(_ offset: UInt64, width: Int, value: UInt64) -> Bool
}

/// Where everything lies on a bare machine: Spike's map, and QEMU's test finisher.
enum BareMap {
  struct Region {
    var base: UInt64
    var size: UInt64

    /// Offset of an access that lies in the region with all its bytes.
    func offset(_ address: UInt64, width: Int) -> UInt64? {
      let offset = address &- base
      return offset < size && UInt64(width) <= size - offset ? offset : nil
    }
  }

  /// As many pages as the code and the device tree take.
  static let romBase: UInt64 = 0x1000
  static let finisher = Region(base: 0x10_0000, size: 0x1000)
  static let clint = Region(base: 0x200_0000, size: 0xc_0000)
  static let plic = Region(base: 0xc00_0000, size: 0x100_0000)
  static let uart = Region(base: 0x1000_0000, size: 0x100)
  static let dramBase: UInt64 = PhysicalMemory.low
}

extension UInt64 {
  /// `width` bytes of it from byte `offset` on.
  func part(_ offset: UInt64, width: Int) -> UInt64 {
    let bytes = self >> (8 * offset)
    return width == 8 ? bytes : bytes & (1 << UInt64(8 * width) - 1)
  }

  /// Itself with `width` bytes from byte `offset` on taken from `value`.
  func replacing(_ offset: UInt64, width: Int, by value: UInt64) -> UInt64 {
    let mask = UInt64.max.part(0, width: width) << (8 * offset)
    return self & ~mask | value << (8 * offset) & mask
  }
}
