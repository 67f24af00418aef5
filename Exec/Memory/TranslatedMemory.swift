/// Bare metal below machine mode, as far as page tables or memory protection matter: DRAM behind translation tables.
///
/// One compare finds the page and that the access is aligned; then the rights byte of the physical page is asked as everywhere. What is
/// not in the table goes to `Hart+TranslatedAccess.swift`.
struct TranslatedMemory: GuestMemory {
  static var low: UInt64 { PhysicalMemory.low }
  let state: UnsafeMutablePointer<HartState>

  init(_ hart: Hart) {
    precondition(hart.space.low == Self.low)
    state = hart.state
  }

  @inline(__always)
  private func entry(_ table: UnsafeMutableRawPointer?, _ address: UInt64) -> UnsafeMutablePointer<TranslationEntry> {
    table.unsafelyUnwrapped.assumingMemoryBound(to: TranslationEntry.self) + TranslationTable.index(address)
  }

  @inline(__always)
  func load<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, as type: T.Type) throws(Trap) -> T {
    let entry = entry(state.pointee.loadTable, address)
    let offset = Int(truncatingIfNeeded: address &+ entry.pointee.distance)
    if _fastPath(
      entry.pointee.tag == address & (~0xfff | UInt64(MemoryLayout<T>.size - 1))
        && state.pointee.memoryRights.unsafelyUnwrapped[offset &>> 12] & Rights.loadMask == Rights.read.rawValue)
    {
      return T(littleEndian: (state.pointee.memoryBase.unsafelyUnwrapped + offset).load(as: T.self))
    }
    return T(truncatingIfNeeded: try slowLoad(address, width: MemoryLayout<T>.size))
  }

  @inline(__always)
  func store<T: FixedWidthInteger & UnsignedInteger>(_ address: UInt64, _ value: T) throws(Trap) {
    let entry = entry(state.pointee.storeTable, address)
    let offset = Int(truncatingIfNeeded: address &+ entry.pointee.distance)
    if _fastPath(
      entry.pointee.tag == address & (~0xfff | UInt64(MemoryLayout<T>.size - 1))
        && state.pointee.memoryRights.unsafelyUnwrapped[offset &>> 12] & Rights.storeMask == Rights.write.rawValue)
    {
      (state.pointee.memoryBase.unsafelyUnwrapped + offset).storeBytes(of: value.littleEndian, as: T.self)
    } else {
      try slowStore(address, width: MemoryLayout<T>.size, value: UInt64(value))
    }
  }

  @inline(never)
  private func slowLoad(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    guard let hart = state.pointee.hart?.takeUnretainedValue() else { throw Trap(.loadAccess, address) }
    return try hart.load(address, width: width)
  }

  @inline(never)
  private func slowStore(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    guard let hart = state.pointee.hart?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    try hart.store(address, width: width, value: value)
    if state.pointee.attention != 0 { throw Trap.leave.byStore(address, width: width) }
  }

  func checkStore(_ address: UInt64, width: Int) throws(Trap) {
    guard let hart = state.pointee.hart?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    let place = try hart.translate(address, length: UInt64(width), .store)
    // Devices answer when they are stored to.
    if !hart.space.contains(place, length: 1), hart.space.bus == nil { throw Trap(.storeAccess, address) }
  }

  func reservable(_ address: UInt64, width: Int, _ access: Access) throws(Trap) -> UInt64 {
    guard let hart = state.pointee.hart?.takeUnretainedValue() else { throw access.accessFault(address) }
    // Spike asks for one byte when it looks for the reservation of SC.
    let place = try hart.translate(address, length: access == .store ? 1 : UInt64(width), access)
    guard hart.space.contains(place, length: UInt64(width)) else { throw access.accessFault(address) }
    return place
  }

  func checkBlock(_ address: UInt64) throws(Trap) {
    guard let hart = state.pointee.hart?.takeUnretainedValue() else { throw Trap(.storeAccess, address) }
    do throws(Trap) {
      let place = try hart.translate(address, length: 1, .load)
      guard hart.space.contains(place, length: 1) else { throw Trap(.loadAccess, address) }
    } catch {
      throw error.cause == .loadPageFault ? Trap(.storePageFault, address) : Trap(.storeAccess, address)
    }
  }
}
