import RVFloat

/// The accesses that the loops do not do themselves: misaligned, page-crossing, without rights, to predecoded or observed pages, to devices.
extension AddressSpace {
  /// Loads `width` bytes (1, 2, 4, 8) zero-extended.
  @inline(never)
  func slowLoad(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    if address & UInt64(width - 1) != 0 {
      if misalignedAccessTraps { throw Trap(.loadMisaligned, address) }
      // Byte by byte in terms of rights: the fault names the first byte that cannot be read.
      if pointer(to: address, length: width, need: .read) == nil { return try loadParts(address, count: width) }
    } else if !rights(at: address).contains(.read) {
      if !contains(address, length: 1), let value = try bus?.load(address, width: width) { return value }
      throw loadFault(address, width: width)
    }
    let source = window.base + Int(address &- low)
    switch width {
    case 1: return UInt64(source.load(as: UInt8.self))
    case 2: return UInt64(UInt16(littleEndian: source.loadUnaligned(as: UInt16.self)))
    case 4: return UInt64(UInt32(littleEndian: source.loadUnaligned(as: UInt32.self)))
    default: return UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
    }
  }

  /// Stores the low `width` bytes (1, 2, 4, 8) of `value`.
  @inline(never)
  func slowStore(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    if bus != nil, address & UInt64(width - 1) != 0, !misalignedAccessTraps,
      pointer(to: address, length: width, need: .write) == nil
    {
      return try storeParts(address, count: width, value: value)
    }
    try checkStore(address, width: width)
    if !contains(address, length: 1) {
      guard let bus else { throw storeFault(address, width: width) }
      let isServed: Bool
      do throws(Trap) { isServed = try bus.store(address, width: width, value: value) } catch {
        throw error.byStore(address, width: width)
      }
      if !isServed { throw storeFault(address, width: width) }
      return
    }
    let target = window.base + Int(address &- low)
    switch width {
    case 1: target.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2: target.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, as: UInt16.self)
    case 4: target.storeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, as: UInt32.self)
    default: target.storeBytes(of: value.littleEndian, as: UInt64.self)
    }
    try stored(address, width: width)
  }

  /// Throws what a store would throw, and does nothing: stores with several parts check all of them first.
  @inline(never)
  func checkStore(_ address: UInt64, width: Int) throws(Trap) {
    if address & UInt64(width - 1) != 0 {
      if misalignedAccessTraps { throw Trap(.storeMisaligned, address) }
      if pointer(to: address, length: width, need: .write) == nil { throw storeFault(address, width: width) }
    } else if contains(address, length: 1) {
      if !rights(at: address).contains(.write) { throw storeFault(address, width: width) }
    } else if bus == nil {
      throw storeFault(address, width: width)
    }
  }

  /// What has to happen after a store to a decoded or observed page.
  @inline(never)
  func stored(_ address: UInt64, width: Int) throws(Trap) {
    let touched = rights(at: address).union(rights(at: address &+ UInt64(width - 1)))
    if touched.contains(.decoded) { wrote(address, length: width) }
    if touched.contains(.observed) {
      // What serves a call may compute in floating point, in its own rounding mode and with its own flags.
      let guest = rvf_enter(0)
      defer { rvf_leave(guest) }
      do throws(Trap) { try bus?.observedStore(address, width: width) } catch { throw error.byStore(address, width: width) }
    }
  }

  /// A misaligned load that is not all in memory: one access for its part in each page if that is aligned, else single bytes. The fault
  /// names the access, or the page that it crosses into.
  private func loadParts(_ address: UInt64, count: Int) throws(Trap) -> UInt64 {
    guard bus != nil else { throw loadFault(address, width: count) }
    var value: UInt64 = 0
    for (offset, width) in Self.parts(address, count) {
      let place = address &+ offset
      let part = contains(place, length: 1) ? try slowLoad(place, width: width) : try bus?.load(place, width: width)
      guard let part else { throw Trap(.loadAccess, place.isOnPage(of: address) ? address : place.pageStart) }
      value |= part << (8 * offset)
    }
    return value
  }

  /// The same for stores: what comes before a fault is done.
  private func storeParts(_ address: UInt64, count: Int, value: UInt64) throws(Trap) {
    for (offset, width) in Self.parts(address, count) {
      let place = address &+ offset
      let part = value >> (8 * offset)
      if contains(place, length: 1) {
        try slowStore(place, width: width, value: part)
      } else if try bus?.store(place, width: width, value: part) != true {
        throw Trap(.storeAccess, place.isOnPage(of: address) ? address : place.pageStart)
      }
    }
  }

  private static func parts(_ address: UInt64, _ count: Int) -> [(offset: UInt64, width: Int)] {
    let first = min(count, Int(guestPageSize - address & (guestPageSize - 1)))
    return [(0, first), (first, count - first)].flatMap { start, length -> [(offset: UInt64, width: Int)] in
      let isAligned = length.nonzeroBitCount == 1 && (address &+ UInt64(start)) & UInt64(length - 1) == 0
      return isAligned ? [(UInt64(start), length)] : (start..<start + length).map { (UInt64($0), 1) }
    }
  }

  /// The first byte of an access that lacks a right names the fault.
  private func firstFault(_ address: UInt64, width: Int, need: Rights) -> UInt64 {
    rights(at: address).contains(need) ? (address &+ UInt64(width - 1)) / guestPageSize * guestPageSize : address
  }

  func loadFault(_ address: UInt64, width: Int) -> Trap {
    let at = firstFault(address, width: width, need: .read)
    return Trap(faultsAreAccessFaults ? .loadAccess : .loadPageFault, at)
  }

  func storeFault(_ address: UInt64, width: Int) -> Trap {
    let at = firstFault(address, width: width, need: .write)
    return Trap(faultsAreAccessFaults ? .storeAccess : .storePageFault, at)
  }

  /// Fetches a halfword of code.
  func fetch(_ address: UInt64) throws(Trap) -> UInt16 {
    guard rights(at: address).contains(.execute) else {
      throw Trap(faultsAreAccessFaults ? .instructionAccess : .instructionPageFault, address)
    }
    return UInt16(littleEndian: (window.base + Int(address &- low)).load(as: UInt16.self))
  }
}

extension UInt64 {
  /// First address of the page that holds this one.
  fileprivate var pageStart: UInt64 { self & ~(guestPageSize - 1) }

  fileprivate func isOnPage(of other: UInt64) -> Bool { pageStart == other.pageStart }
}
