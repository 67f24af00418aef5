/// brk and the mmap family.
extension LinuxUser {
  /// MAP_… flags.
  private enum MapFlags {
    static let shared: UInt32 = 0x01
    static let type: UInt32 = 0x0f
    static let fixed: UInt32 = 0x10
    static let anonymous: UInt32 = 0x20
    static let fixedNoReplace: UInt32 = 0x10_0000
  }

  /// A range of whole pages inside the address space.
  private func pages(_ address: UInt64, _ length: UInt64) -> Range<UInt64>? {
    let size = roundedUp(length)
    guard size >= length, address & (guestPageSize - 1) == 0, size <= memory.end, address <= memory.end - size else { return nil }
    return address..<address + size
  }

  func setBreak(_ address: UInt64) -> UInt64 {
    let old = memory.heapEnd
    guard address >= memory.heapStart, address <= memory.stack.lowerBound - GuestMappings.gap else { return old }
    let (oldEnd, newEnd) = (roundedUp(old), roundedUp(address))
    if newEnd > oldEnd {
      guard address - memory.heapStart <= limits[ResourceLimit.data].soft, memory.isFree(oldEnd..<newEnd) else { return old }
      memory.map(oldEnd..<newEnd, [.read, .write], in: space)
    } else if newEnd < oldEnd {
      memory.unmap(newEnd..<oldEnd, in: space)
    }
    memory.setHeapEnd(address)
    return address
  }

  func map(
    _ address: UInt64, length: UInt64, protection: UInt64, flags: UInt32, _ descriptor: Int32, offset: UInt64
  ) throws(LinuxError) -> UInt64 {
    guard length > 0, offset & (guestPageSize - 1) == 0 else { throw .EINVAL }
    let size = roundedUp(length)
    guard size >= length, size <= memory.end else { throw .ENOMEM }
    let type = flags & MapFlags.type
    guard (1...3).contains(type) else { throw .EINVAL }
    let file = flags & MapFlags.anonymous != 0 ? nil : try mappable(descriptor, protection, shared: type & MapFlags.shared != 0)
    if file != nil, offset.addingReportingOverflow(size).overflow { throw .EOVERFLOW }
    try requireRoom()
    let start = try place(address, size, flags)
    let range = start..<start + size
    memory.map(range, Rights(protection: protection), in: space)
    let rights = Rights(protection: protection)
    if let file {
      memory.show(file, at: range, offset: offset, shared: type & MapFlags.shared != 0, rights: rights, in: space)
    } else if type & MapFlags.shared != 0 {
      memory.share(range, rights: rights, in: space)
    }
    return start
  }

  /// The file of a descriptor, if it can be mapped like that.
  private func mappable(_ descriptor: Int32, _ protection: UInt64, shared: Bool) throws(LinuxError) -> OpenFile {
    let file = try files.file(descriptor)
    guard file.canRead, !(shared && protection & 2 != 0 && !file.canWrite) else { throw .EACCES }
    guard file.isRegular else { throw .ENODEV }
    return file
  }

  /// Where a mapping goes.
  private func place(_ address: UInt64, _ size: UInt64, _ flags: UInt32) throws(LinuxError) -> UInt64 {
    if flags & (MapFlags.fixed | MapFlags.fixedNoReplace) != 0 {
      guard address & (guestPageSize - 1) == 0 else { throw .EINVAL }
      guard let range = pages(address, size) else { throw .ENOMEM }
      guard address >= GuestMappings.minimum else { throw .EPERM }
      if flags & MapFlags.fixedNoReplace != 0, !memory.isFree(range) { throw .EEXIST }
      return address
    }
    let hint = roundedUp(address)
    if hint >= GuestMappings.minimum, let range = pages(hint, size), memory.isFree(range) { return hint }
    guard let free = memory.free(length: size) else { throw .ENOMEM }
    return free
  }

  /// Each call may cut mappings of files in two.
  private func requireRoom() throws(LinuxError) {
    guard memory.fileMappings.count < GuestMappings.fileLimit else { throw .ENOMEM }
  }

  func unmap(_ address: UInt64, length: UInt64) throws(LinuxError) -> CallResult {
    guard length > 0, let range = pages(address, length) else { throw .EINVAL }
    // Taking away whole mappings is always possible.
    let cuts = memory.fileMappings.contains { $0.range.overlaps(range) && $0.range.clamped(to: range) != $0.range }
    if cuts { try requireRoom() }
    memory.unmap(range, in: space)
    return .ok
  }

  func protect(_ address: UInt64, length: UInt64, protection: UInt64) throws(LinuxError) -> CallResult {
    guard address & (guestPageSize - 1) == 0, protection & ~7 == 0 else { throw .EINVAL }
    if length == 0 { return .ok }
    guard let range = pages(address, length) else { throw .ENOMEM }
    try requireRoom()
    let rights = Rights(protection: protection).union(.mapped)
    if rights.contains(.write) {
      for mapping in memory.fileMappings where mapping.isShared && mapping.range.overlaps(range) {
        if mapping.file.map({ !$0.canWrite }) ?? false { throw .EACCES }
      }
    }
    // As on Linux, pages before a hole are done.
    let hole = memory.mappedParts(of: range)
    if let first = hole.first, first.lowerBound == range.lowerBound {
      space.setRights(rights, at: first.lowerBound, length: first.upperBound - first.lowerBound)
      memory.noteRights(rights.intersection(.all), of: first, in: space)
      if first == range { return .ok }
    }
    throw .ENOMEM
  }

  func remap(
    _ address: UInt64, length: UInt64, to newLength: UInt64, flags: UInt64, at target: UInt64
  ) throws(LinuxError) -> UInt64 {
    let (mayMove, fixed) = (flags & 1 != 0, flags & 2 != 0)
    guard flags & ~3 == 0, !fixed || mayMove, newLength > 0, length > 0 else { throw .EINVAL }
    guard let old = pages(address, length) else { throw .EINVAL }
    guard memory.isMapped(old) else { throw .EFAULT }
    try requireRoom()
    let newSize = roundedUp(newLength)
    guard newSize >= newLength, newSize <= memory.end else { throw .ENOMEM }
    if fixed {
      guard let new = pages(target, newSize), !new.overlaps(old), target >= GuestMappings.minimum else { throw .EINVAL }
      return try move(old, to: new)
    }
    let oldSize = old.upperBound - old.lowerBound
    if newSize <= oldSize {
      if newSize < oldSize { memory.unmap(old.lowerBound + newSize..<old.upperBound, in: space) }
      return address
    }
    if let grown = pages(address, newSize), memory.isFree(old.upperBound..<grown.upperBound),
      !memory.fileMappings.contains(where: { $0.range.overlaps(old) })
    {
      memory.map(old.upperBound..<grown.upperBound, lastRights(of: old), in: space)
      return address
    }
    guard mayMove else { throw .ENOMEM }
    guard let free = memory.free(length: newSize) else { throw .ENOMEM }
    return try move(old, to: free..<free + newSize)
  }

  private func lastRights(of range: Range<UInt64>) -> Rights {
    space.rights(at: range.upperBound - guestPageSize).intersection(.all)
  }

  /// Moves pages with their contents and rights; what the new range has more is as the last page was.
  private func move(_ old: Range<UInt64>, to new: Range<UInt64>) throws(LinuxError) -> UInt64 {
    let mapping = memory.fileMapping(covering: old)
    let rights = mapping?.rights.intersection(.all) ?? lastRights(of: old)
    // What copies of the process share does not grow, and cannot be had a second time.
    if let mapping, mapping.file == nil { throw .ENOMEM }
    memory.writeBack(old, in: space)
    memory.map(new, rights, in: space)
    if let mapping, let file = mapping.file, mapping.isShared {
      let offset = mapping.offset &+ (old.lowerBound - mapping.range.lowerBound)
      memory.show(file, at: new, offset: offset, shared: true, rights: rights, in: space)
    } else {
      // Beyond the end of a file there is nothing to copy.
      let length = min(old.upperBound - old.lowerBound, new.upperBound - new.lowerBound, memory.reach(of: old) - old.lowerBound)
      if let source = space.pointer(to: old.lowerBound, length: Int(length), need: []),
        let target = space.pointer(to: new.lowerBound, length: Int(length), need: [])
      {
        copyPages(from: source, to: target, length: Int(length))
      }
      for offset in stride(from: 0, to: length, by: Int(guestPageSize)) {
        let page = space.rights(at: old.lowerBound + offset).intersection(.all)
        if page != rights { space.setRights(page.union(.mapped), at: new.lowerBound + offset, length: guestPageSize) }
      }
    }
    memory.unmap(old, in: space)
    return new.lowerBound
  }

  /// Copies whole pages to others that read as zero. Zero pages are left alone: they may be many, and cost no memory so far.
  private func copyPages(from source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer, length: Int) {
    let page = Int(guestPageSize)
    for offset in stride(from: 0, to: length, by: page) {
      let words = UnsafeRawBufferPointer(start: source + offset, count: page).bindMemory(to: UInt64.self)
      if words.contains(where: { $0 != 0 }) { (target + offset).copyMemory(from: source + offset, byteCount: page) }
    }
  }

  func advise(_ address: UInt64, length: UInt64, advice: Int32) throws(LinuxError) -> CallResult {
    guard let range = pages(address, length) else { throw .EINVAL }
    switch advice {
    case 0...4, 8, 10...23, 25: break
    default: throw .EINVAL
    }
    if range.isEmpty { return .ok }
    // MADV_DONTNEED: anonymous pages read as zero, those of files as the file says.
    if advice == 4 {
      for part in memory.mappedParts(of: range) { memory.discard(part, in: space) }
    }
    guard memory.isMapped(range) else { throw .ENOMEM }
    return .ok
  }

  func synchronise(_ address: UInt64, length: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & ~7 == 0, flags & 5 != 5, address & (guestPageSize - 1) == 0 else { throw .EINVAL }
    guard let range = pages(address, length), memory.isMapped(range) else { throw .ENOMEM }
    memory.writeBack(range, in: space)
    return .ok
  }

  /// All that is mapped is in memory.
  func residence(_ address: UInt64, length: UInt64, to target: UInt64) throws(LinuxError) -> CallResult {
    guard address & (guestPageSize - 1) == 0 else { throw .EINVAL }
    guard let range = pages(address, length), memory.isMapped(range) else { throw .ENOMEM }
    let count = (range.upperBound - range.lowerBound) / guestPageSize
    guard space.reachable(from: target, length: Int(count), need: .write) == Int(count) else { throw .EFAULT }
    space.write(target, repeatElement(1, count: Int(count)))
    return .ok
  }

  /// Locked or not, pages stay where they are.
  func lock(_ address: UInt64, length: UInt64, flags: UInt32) throws(LinuxError) -> CallResult {
    // MLOCK_ONFAULT
    guard flags & ~1 == 0 else { throw .EINVAL }
    let start = address & ~(guestPageSize - 1)
    guard let range = pages(start, length &+ (address - start)), memory.isMapped(range) else { throw .ENOMEM }
    return .ok
  }

  /// mlockall: MCL_CURRENT, MCL_FUTURE, and MCL_ONFAULT beside one of them.
  func lockAll(flags: UInt32) throws(LinuxError) -> CallResult {
    guard flags & 3 != 0, flags & ~7 == 0 else { throw .EINVAL }
    return .ok
  }
}
