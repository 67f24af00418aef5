import RVDecoder

/// Bits of a page-table entry. Privileged ISA, "Sv39: Page-Based 39-bit Virtual-Memory System" and what builds on it.
private enum PTE {
  static let valid: UInt64 = 1 << 0
  static let read: UInt64 = 1 << 1
  static let write: UInt64 = 1 << 2
  static let execute: UInt64 = 1 << 3
  static let user: UInt64 = 1 << 4
  static let accessed: UInt64 = 1 << 6
  static let dirty: UInt64 = 1 << 7
  static let reserved: UInt64 = 0x7f << 54
  static let memoryType: UInt64 = 3 << 61
  static let napot: UInt64 = 1 << 63
  static let number: UInt64 = 1 << 54 - 1
}

/// A translation of one page.
struct Translation {
  /// Physical address of the 4 KiB page.
  var page: UInt64
  /// The leaf covers more than this page.
  var isLarge: Bool
}

/// Page-table walks: Sv39, Sv48, Sv57; Svade and Svadu, Svpbmt, Svnapot. In what order things are checked is Spike's.
extension Hart {
  /// Levels of the page tables that satp names; 0 without translation.
  private var levels: Int {
    switch csr.satp >> 60 {
    case 8: 3
    case 9: 4
    case 10: 5
    default: 0
    }
  }

  /// The physical page of a virtual address, as `access` in `mode` finds it. Sets accessed and dirty bits where hardware does.
  ///
  /// - Throws: the page fault, or the access fault of a page-table access, at `address`.
  func walk(_ address: UInt64, _ access: Access, mode: UInt8) throws(Trap) -> Translation {
    let levels = mode == Mode.machine ? 0 : levels
    guard levels > 0 else { return Translation(page: address & ~(guestPageSize - 1), isLarge: false) }
    let bits = UInt64(12 + 9 * levels)
    let upper = Int64(bitPattern: address) >> Int64(bits - 1)
    guard upper == 0 || upper == -1 else { throw access.pageFault(address) }

    var table = (csr.satp & (1 << 44 - 1)) << 12
    for level in (0..<levels).reversed() {
      let shift = UInt64(9 * level)
      let place = table &+ (address >> (12 + shift) & 0x1ff) * 8
      let entry = try readEntry(place, access, address)
      let number = (entry & PTE.number) >> 10
      guard hasLegalAttributes(entry) else { throw access.pageFault(address) }
      if entry & (PTE.valid | PTE.read | PTE.write | PTE.execute) == PTE.valid {
        guard entry & (PTE.dirty | PTE.accessed | PTE.user | PTE.napot | PTE.memoryType) == 0 else { throw access.pageFault(address) }
        table = number << 12
        continue
      }
      guard isLeafLegal(entry, number, level: level), allows(entry, access, mode) else { throw access.pageFault(address) }
      let marks = access == .store ? PTE.accessed | PTE.dirty : PTE.accessed
      if entry & marks != marks {
        guard csr.menvcfg & Environment.updatesAccessed != 0 else { throw access.pageFault(address) }
        try writeEntry(place, entry | marks, access, address)
      }
      // A range of 64 KiB keeps four bits of the page's number, a leaf above the last level nine for each.
      let low = (entry & PTE.napot != 0 ? 0xf : 0) | (1 << shift - 1) as UInt64
      return Translation(page: (number & ~low | address >> 12 & low) << 12, isLarge: low != 0)
    }
    throw access.pageFault(address)
  }

  private func hasLegalAttributes(_ entry: UInt64) -> Bool {
    if entry & (PTE.reserved | PTE.memoryType | PTE.napot) == 0 { return true }
    if entry & PTE.reserved != 0 { return false }
    if entry & PTE.napot != 0, !isa.contains(.svnapot) { return false }
    switch entry & PTE.memoryType {
    case 0: return true
    case PTE.memoryType: return false
    default: return csr.menvcfg & Environment.memoryTypes != 0
    }
  }

  private func isLeafLegal(_ entry: UInt64, _ number: UInt64, level: Int) -> Bool {
    if entry & PTE.valid == 0 || entry & (PTE.read | PTE.write) == PTE.write { return false }
    // The only range is that of 16 pages.
    if entry & PTE.napot != 0, level != 0 || number & 0xf != 8 { return false }
    return number & (1 << UInt64(9 * level) - 1) == 0
  }

  private func allows(_ entry: UInt64, _ access: Access, _ mode: UInt8) -> Bool {
    if entry & PTE.user != 0 {
      if mode == Mode.supervisor, access == .fetch || csr.mstatus & MStatus.sum == 0 { return false }
    } else if mode != Mode.supervisor {
      return false
    }
    switch access {
    case .fetch: return entry & PTE.execute != 0
    case .store: return entry & PTE.write != 0
    case .load: return entry & PTE.read != 0 || (csr.mstatus & MStatus.mxr != 0 && entry & PTE.execute != 0)
    }
  }

  // MARK: Page tables in memory

  private func readEntry(_ place: UInt64, _ access: Access, _ address: UInt64) throws(Trap) -> UInt64 {
    guard csr.pmp.allows(place, length: 8, .load, Mode.supervisor) else { throw access.accessFault(address) }
    if let entry = space.word(at: place) { return entry }
    guard let entry = space.bus?.doubleword(at: place) else { throw access.accessFault(address) }
    return entry
  }

  private func writeEntry(_ place: UInt64, _ entry: UInt64, _ access: Access, _ address: UInt64) throws(Trap) {
    guard csr.pmp.allows(place, length: 8, .store, Mode.supervisor) else { throw access.accessFault(address) }
    if !space.write(place, entry) { throw access.accessFault(address) }
  }

  // MARK: For debuggers and logs

  /// Where a virtual address lies for loads and stores of the current mode (or for fetches), whatever the permissions are and without
  /// leaving a trace in the page tables; `nil` without a translation.
  public func physicalAddress(of address: UInt64, forFetch: Bool = false) -> UInt64? {
    physicalAddress(of: address, mode: forFetch ? state.pointee.privilege : dataMode)
  }

  /// - Parameter access: what has to be permitted, if anything.
  func physicalAddress(of address: UInt64, mode: UInt8, for access: Access? = nil) -> UInt64? {
    let levels = mode == Mode.machine || isUserMode ? 0 : levels
    guard levels > 0 else { return address }
    let upper = Int64(bitPattern: address) >> Int64(11 + 9 * levels)
    guard upper == 0 || upper == -1 else { return nil }
    var table = (csr.satp & (1 << 44 - 1)) << 12
    for level in (0..<levels).reversed() {
      let shift = UInt64(9 * level)
      guard let entry = space.word(at: table &+ (address >> (12 + shift) & 0x1ff) * 8), entry & PTE.valid != 0,
        hasLegalAttributes(entry)
      else { return nil }
      let number = (entry & PTE.number) >> 10
      if entry & (PTE.read | PTE.write | PTE.execute) == 0 {
        table = number << 12
        continue
      }
      guard isLeafLegal(entry, number, level: level) else { return nil }
      if let access {
        let isMarked = entry & PTE.accessed != 0 || csr.menvcfg & Environment.updatesAccessed != 0
        guard isMarked, allows(entry, access, mode) else { return nil }
      }
      let low = (entry & PTE.napot != 0 ? 0xf : 0) | (1 << shift - 1) as UInt64
      return (number & ~low | address >> 12 & low) << 12 | address & (guestPageSize - 1)
    }
    return nil
  }
}
