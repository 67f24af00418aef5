/// How a run loop reaches guest memory. A closed set, specialised inside this module: ``UserMemory``, ``PhysicalMemory``.
///
/// Aligned accesses to ordinary pages are inline: a bounds compare and a byte of rights. The rest is
/// `AddressSpace+SlowPath.swift`.
protocol GuestMemory {
  /// First guest address of the window: a constant, so that user mode does not subtract.
  static var low: UInt64 { get }
  var base: UnsafeMutableRawPointer { get }
  var size: UInt64 { get }
  var rights: UnsafeMutablePointer<UInt8> { get }
  var space: AddressSpace { get }
}

extension GuestMemory {
  @inline(__always)
  func load<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as type: T.Type) throws(Trap) -> T {
    let offset = address &- Self.low
    if offset < size, offset & UInt64(MemoryLayout<T>.size - 1) == 0,
      rights[Int(truncatingIfNeeded: offset >> 12)] & Rights.loadMask == Rights.read.rawValue
    {
      return T(littleEndian: (base + Int(truncatingIfNeeded: offset)).load(as: T.self))
    }
    return T(truncatingIfNeeded: try slowLoad(address, width: MemoryLayout<T>.size))
  }

  @inline(__always)
  func store<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, _ value: T) throws(Trap) {
    let offset = address &- Self.low
    if offset < size, offset & UInt64(MemoryLayout<T>.size - 1) == 0,
      rights[Int(truncatingIfNeeded: offset >> 12)] & Rights.storeMask == Rights.write.rawValue
    {
      (base + Int(truncatingIfNeeded: offset)).storeBytes(of: value.littleEndian, as: T.self)
    } else {
      try slowStore(address, width: MemoryLayout<T>.size, value: UInt64(value))
    }
  }

  @inline(never)
  func slowLoad(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    try space.slowLoad(address, width: width)
  }

  @inline(never)
  func slowStore(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    try space.slowStore(address, width: width, value: value)
  }
}

/// Linux user mode: the window begins at address 0.
struct UserMemory: GuestMemory {
  static var low: UInt64 { 0 }
  let base: UnsafeMutableRawPointer
  let size: UInt64
  let rights: UnsafeMutablePointer<UInt8>
  unowned(unsafe) let space: AddressSpace

  init(_ space: AddressSpace) {
    precondition(space.low == Self.low)
    base = space.window.base
    size = space.size
    rights = space.rights
    self.space = space
  }
}

/// Bare metal: DRAM from 0x8000_0000, devices on the bus around it.
struct PhysicalMemory: GuestMemory {
  static var low: UInt64 { 0x8000_0000 }
  let base: UnsafeMutableRawPointer
  let size: UInt64
  let rights: UnsafeMutablePointer<UInt8>
  unowned(unsafe) let space: AddressSpace

  init(_ space: AddressSpace) {
    precondition(space.low == Self.low)
    base = space.window.base
    size = space.size
    rights = space.rights
    self.space = space
  }
}
