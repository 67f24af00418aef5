/// How a run loop reaches guest memory. A closed set, specialised inside this module: ``UserMemory``, ``PhysicalMemory``,
/// ``TranslatedMemory``.
///
/// Aligned accesses to ordinary pages are inline: a bounds compare and a byte of rights. The rest is
/// `AddressSpace+SlowPath.swift`.
///
/// Base, size and rights stay in the hart's state, where a loop has one register for all of them.
protocol GuestMemory {
  /// First guest address of the window: a constant, so that user mode does not subtract.
  static var low: UInt64 { get }
  var state: UnsafeMutablePointer<HartState> { get }

  func load<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as type: T.Type) throws(Trap) -> T
  func store<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, _ value: T) throws(Trap)
  /// Throws what a store would throw, and does nothing: read-modify-writes ask before they read.
  func checkStore(_ address: UInt64, width: Int) throws(Trap)
  /// Physical address of an aligned load or store in memory, which alone can be reserved.
  /// - Throws: what such an access would throw; an access fault for devices.
  func reservable(_ address: UInt64, width: Int, _ access: Access) throws(Trap) -> UInt64
  /// Throws, as a store, what management of the cache block at an address throws: it may be loaded or stored to.
  func checkBlock(_ address: UInt64) throws(Trap)
}

extension GuestMemory {
  @inline(__always)
  func load<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as type: T.Type) throws(Trap) -> T {
    let offset = address &- Self.low
    if _fastPath(
      offset < state.pointee.memorySize && offset & UInt64(MemoryLayout<T>.size - 1) == 0
        && state.pointee.memoryRights.unsafelyUnwrapped[Int(truncatingIfNeeded: offset >> 12)] & Rights.loadMask
          == Rights.read.rawValue)
    {
      return T(littleEndian: (state.pointee.memoryBase.unsafelyUnwrapped + Int(truncatingIfNeeded: offset)).load(as: T.self))
    }
    return T(truncatingIfNeeded: try slowLoad(address, width: MemoryLayout<T>.size))
  }

  @inline(__always)
  func store<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, _ value: T) throws(Trap) {
    let offset = address &- Self.low
    if _fastPath(
      offset < state.pointee.memorySize && offset & UInt64(MemoryLayout<T>.size - 1) == 0
        && state.pointee.memoryRights.unsafelyUnwrapped[Int(truncatingIfNeeded: offset >> 12)] & Rights.storeMask
          == Rights.write.rawValue)
    {
      (state.pointee.memoryBase.unsafelyUnwrapped + Int(truncatingIfNeeded: offset)).storeBytes(of: value.littleEndian, as: T.self)
    } else {
      try slowStore(address, width: MemoryLayout<T>.size, value: UInt64(value))
    }
  }

  @inline(never)
  func slowLoad(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    guard let space = state.pointee.space?.takeUnretainedValue() else { throw Trap(.loadAccess, address) }
    return try space.slowLoad(address, width: width)
  }

  @inline(never)
  func slowStore(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    guard let space = state.pointee.space?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    try space.slowStore(address, width: width, value: value)
    if state.pointee.attention != 0 { throw Trap.leave.byStore(address, width: width) }
  }

  func checkStore(_ address: UInt64, width: Int) throws(Trap) {
    guard let space = state.pointee.space?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    try space.checkStore(address, width: width)
  }

  func reservable(_ address: UInt64, width: Int, _ access: Access) throws(Trap) -> UInt64 {
    guard let space = state.pointee.space?.takeUnretainedValue() else { throw access.accessFault(address) }
    if access == .store { try space.checkStore(address, width: width) }
    if space.contains(address, length: UInt64(width)) { return address }
    throw access == .store ? space.storeFault(address, width: width) : space.loadFault(address, width: width)
  }

  func checkBlock(_ address: UInt64) throws(Trap) {
    guard let space = state.pointee.space?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    let rights = space.rights(at: address)
    guard rights.contains(.read) || rights.contains(.write) else {
      throw Trap(space.faultsAreAccessFaults ? .storeAccess : .storePageFault, address)
    }
  }

  /// As ``store(_:_:)``, for instructions that do more after their store: the loop looks at ``HartState/attention`` itself when they are done.
  @inline(__always)
  func storeAndGoOn<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, _ value: T) throws(Trap) {
    do throws(Trap) { try store(address, value) } catch { if error.origin != .leave { throw error } }
  }
}

/// Linux user mode: the window begins at address 0.
struct UserMemory: GuestMemory {
  static var low: UInt64 { 0 }
  let state: UnsafeMutablePointer<HartState>

  init(_ hart: Hart) {
    precondition(hart.space.low == Self.low)
    state = hart.state
  }
}

/// Bare metal: DRAM from 0x8000_0000, devices on the bus around it.
struct PhysicalMemory: GuestMemory {
  static var low: UInt64 { 0x8000_0000 }
  let state: UnsafeMutablePointer<HartState>

  init(_ hart: Hart) {
    precondition(hart.space.low == Self.low)
    state = hart.state
  }
}
