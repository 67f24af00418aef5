/// Loads and stores that the loop finds no translation for: the first of a page, misaligned ones, those to devices and to pages that
/// memory protection splits.
extension Hart {
  /// Where bytes of one page lie, for loads and stores in the mode that these have now.
  ///
  /// - Throws: the fault, at `address`.
  func translate(_ address: UInt64, length: UInt64, _ access: Access) throws(Trap) -> UInt64 {
    guard let translations else { return address }
    let known =
      access == .load ? translations.loads[loadTable].distance(address) : translations.stores[storeTable].distance(address)
    if let known { return address &+ known &+ space.low }
    let translation = try walk(address, access, mode: dataMode)
    let place = translation.page | address & (guestPageSize - 1)
    switch csr.pmp.allowsPage(translation.page, access, dataMode) {
    case true?:
      if space.contains(place, length: 1) { fill(address & ~(guestPageSize - 1), translation, access, translations) }
    case false?: throw access.accessFault(address)
    case nil: if !csr.pmp.allows(place, length: length, access, dataMode) { throw access.accessFault(address) }
    }
    return place
  }

  private func fill(_ page: UInt64, _ translation: Translation, _ access: Access, _ translations: Translations) {
    let distance = translation.page &- space.low &- page
    if access == .load {
      translations.loads[loadTable].fill(page, distance: distance, isLarge: translation.isLarge)
    } else {
      translations.stores[storeTable].fill(page, distance: distance, isLarge: translation.isLarge)
    }
  }

  /// Loads `width` bytes (1, 2, 4, 8) zero-extended.
  func load(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    if address & UInt64(width - 1) == 0 { return try loadPart(address, width: width) }
    if space.misalignedAccessTraps { throw Trap(.loadMisaligned, address) }
    let first = min(width, Int(guestPageSize - address & (guestPageSize - 1)))
    let low = try loadPart(address, width: first)
    if first == width { return low }
    return low | (try loadPart(address &+ UInt64(first), width: width - first)) << UInt64(8 * first)
  }

  /// 1 to 8 bytes of one page.
  private func loadPart(_ address: UInt64, width: Int) throws(Trap) -> UInt64 {
    let place = try translate(address, length: UInt64(width), .load)
    if space.contains(place, length: UInt64(width)) {
      let source = space.window.base + Int(place &- space.low)
      if width == 8 { return UInt64(littleEndian: source.loadUnaligned(as: UInt64.self)) }
      return (0..<width).reduce(0) { $0 | UInt64(source.load(fromByteOffset: $1, as: UInt8.self)) << UInt64(8 * $1) }
    }
    guard let bus = space.bus else { throw Trap(.loadAccess, address) }
    if width & (width - 1) == 0, place & UInt64(width - 1) == 0 {
      guard let value = try bus.load(place, width: width) else { throw Trap(.loadAccess, address) }
      return value
    }
    var value: UInt64 = 0
    for index in 0..<UInt64(width) {
      guard let byte = try bus.load(place &+ index, width: 1) else { throw Trap(.loadAccess, address) }
      value |= byte << (8 * index)
    }
    return value
  }

  /// Stores the low `width` bytes (1, 2, 4, 8) of `value`. Of a store that crosses into a page that cannot be written the first part is done.
  func store(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    do throws(Trap) {
      if address & UInt64(width - 1) == 0 { return try storePart(address, width: width, value: value) }
      if space.misalignedAccessTraps { throw Trap(.storeMisaligned, address) }
      let first = min(width, Int(guestPageSize - address & (guestPageSize - 1)))
      try storePart(address, width: first, value: value)
      if first < width { try storePart(address &+ UInt64(first), width: width - first, value: value >> UInt64(8 * first)) }
    } catch {
      // The end of the program is reported with the guest's address.
      throw error.origin == .halt ? error.byStore(address, width: width) : error
    }
  }

  /// 1 to 8 bytes of one page.
  private func storePart(_ address: UInt64, width: Int, value: UInt64) throws(Trap) {
    let place = try translate(address, length: UInt64(width), .store)
    if width & (width - 1) == 0, place & UInt64(width - 1) == 0 {
      if space.contains(place, length: 1) { return try space.slowStore(place, width: width, value: value) }
      guard let bus = space.bus, try bus.store(place, width: width, value: value) else { throw Trap(.storeAccess, address) }
      return
    }
    for index in 0..<UInt64(width) {
      let byte = value >> (8 * index) & 0xff
      if space.contains(place, length: 1) {
        try space.slowStore(place &+ index, width: 1, value: byte)
      } else {
        guard let bus = space.bus, try bus.store(place &+ index, width: 1, value: byte) else { throw Trap(.storeAccess, address) }
      }
    }
  }
}
