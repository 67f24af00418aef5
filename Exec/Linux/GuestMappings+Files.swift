#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pages that show files. Where the host's pages are as large as the guest's, the host maps the file into guest memory itself: nothing is
/// copied, and what is shared is shared at once. Elsewhere a copy is read, and shared ones are written back when they are unmapped,
/// at msync, and at the end.
extension GuestMappings {
  /// Shows `file` in pages that are mapped already. Pages beyond its end lose their rights.
  mutating func show(
    _ file: OpenFile, at range: Range<UInt64>, offset: UInt64, shared: Bool, rights: Rights, in space: AddressSpace
  ) {
    var mapping = FileMapping(
      range: range, file: file, offset: offset, original: nil, isShared: shared, rights: rights, isHosts: space.canMapFiles)
    let present = Self.present(mapping)
    if mapping.isHosts, !present.isEmpty {
      // A file that cannot be written is shared with nobody who writes through this mapping.
      mapping.isHosts = space.mapFile(
        file.descriptor, at: present.lowerBound, length: present.upperBound - present.lowerBound, offset: offset,
        shared: shared && file.canWrite)
    }
    if !mapping.isHosts {
      fill(range, from: file, offset: offset, in: space)
      if shared, file.canWrite {
        let length = min(range.upperBound - range.lowerBound, (file.size ?? 0) &- min(offset, file.size ?? 0))
        mapping.original = space.peek(range.lowerBound, count: Int(clamping: length))
      }
    }
    fileMappings.append(mapping)
    withhold(range, in: space)
  }

  /// Makes pages that are mapped already the same in all copies of the process.
  mutating func share(_ range: Range<UInt64>, rights: Rights, in space: AddressSpace) {
    guard space.shareWithCopies(at: range.lowerBound, length: range.upperBound - range.lowerBound) else { return }
    fileMappings.append(
      FileMapping(range: range, file: nil, offset: 0, original: nil, isShared: true, rights: rights, isHosts: true))
  }

  /// The pages of a mapping that the file reaches.
  private static func present(_ mapping: FileMapping) -> Range<UInt64> {
    guard let file = mapping.file else { return mapping.range }
    let size = file.size ?? 0
    let length =
      size > mapping.offset ? min(roundedUp(size - mapping.offset), mapping.range.upperBound - mapping.range.lowerBound) : 0
    return mapping.range.lowerBound..<mapping.range.lowerBound + length
  }

  /// Takes the rights of pages beyond the ends of files: the host would end the simulator for an access.
  func withhold(_ range: Range<UInt64>, in space: AddressSpace) {
    for mapping in fileMappings where mapping.range.overlaps(range) {
      let beyond = (Self.present(mapping).upperBound..<mapping.range.upperBound).clamped(to: range)
      if !beyond.isEmpty { space.setRights(.mapped, at: beyond.lowerBound, length: beyond.upperBound - beyond.lowerBound) }
    }
  }

  /// A file became shorter.
  func withhold(_ file: OpenFile, in space: AddressSpace) {
    if fileMappings.isEmpty { return }
    let identity = file.identity
    for mapping in fileMappings where mapping.file.map({ $0.identity == identity }) ?? false {
      withhold(mapping.range, in: space)
    }
  }

  /// Where a range ends, or the first page in it that its file does not reach.
  func reach(of range: Range<UInt64>) -> UInt64 {
    fileMappings.reduce(range.upperBound) { end, mapping in
      let beyond = (Self.present(mapping).upperBound..<mapping.range.upperBound).clamped(to: range)
      return beyond.isEmpty ? end : min(end, beyond.lowerBound)
    }
  }

  /// Whether an address lies in a page that its file does not reach.
  func isBeyondFile(_ address: UInt64) -> Bool {
    fileMappings.contains { $0.range.contains(address) && !Self.present($0).contains(address) }
  }

  /// A page that a file did not reach may be there now.
  /// - Returns: whether it has got the rights of its mapping.
  mutating func bring(_ address: UInt64, in space: AddressSpace) -> Bool {
    guard let index = fileMappings.firstIndex(where: { $0.range.contains(address) }), let file = fileMappings[index].file else {
      return false
    }
    let mapping = fileMappings[index]
    let present = Self.present(mapping)
    guard present.contains(address), space.rights(at: address).isDisjoint(with: .all), !mapping.rights.isDisjoint(with: .all)
    else {
      return false
    }
    let start = address & ~(guestPageSize - 1)
    let rest = start..<present.upperBound
    let offset = mapping.offset &+ (start - mapping.range.lowerBound)
    if mapping.isHosts {
      guard
        space.mapFile(
          file.descriptor, at: start, length: rest.upperBound - start, offset: offset, shared: mapping.isShared && file.canWrite)
      else { return false }
    } else {
      fill(rest, from: file, offset: offset, in: space)
    }
    space.setRights(mapping.rights.union(.mapped), at: start, length: rest.upperBound - start)
    return true
  }

  private func fill(_ range: Range<UInt64>, from file: OpenFile, offset: UInt64, in space: AddressSpace) {
    let length = Int(range.upperBound - range.lowerBound)
    guard let target = space.pointer(to: range.lowerBound, length: length, need: []) else { return }
    file.readAll(into: target, length: length, offset: offset)
    space.wrote(range.lowerBound, length: length)
  }

  /// Brings pages back to what they were when they were mapped (madvise MADV_DONTNEED).
  func discard(_ range: Range<UInt64>, in space: AddressSpace) {
    for mapping in fileMappings where mapping.isShared && mapping.range.overlaps(range) { writeBack(mapping, in: space) }
    // Pages that the host maps are read again by the host.
    space.clear(at: range.lowerBound, length: range.upperBound - range.lowerBound)
    for mapping in fileMappings where mapping.range.overlaps(range) && !mapping.isHosts {
      guard let file = mapping.file else { continue }
      let part = mapping.range.clamped(to: range)
      fill(part, from: file, offset: mapping.offset &+ (part.lowerBound - mapping.range.lowerBound), in: space)
    }
    for segment in image?.segments ?? [] {
      let bytes = segment.address..<segment.address + UInt64(segment.bytes.count)
      let part = bytes.clamped(to: range)
      if part.isEmpty { continue }
      let indices = Int(part.lowerBound - bytes.lowerBound)..<Int(part.upperBound - bytes.lowerBound)
      space.poke(part.lowerBound, segment.bytes[indices])
    }
  }

  /// Writes what the guest has changed in shared mappings that touch a range.
  mutating func writeBack(_ range: Range<UInt64>, in space: AddressSpace) {
    for index in fileMappings.indices where fileMappings[index].range.overlaps(range) {
      if let now = writeBack(fileMappings[index], in: space) { fileMappings[index].original = now }
    }
  }

  func writeBackAll(in space: AddressSpace) {
    for mapping in fileMappings { writeBack(mapping, in: space) }
  }

  @discardableResult
  private func writeBack(_ mapping: FileMapping, in space: AddressSpace) -> [UInt8]? {
    guard let original = mapping.original, let file = mapping.file, let size = file.size, size > mapping.offset else {
      return nil
    }
    // The file may have grown since; nothing beyond its end is written.
    let length = Int(clamping: min(mapping.range.upperBound - mapping.range.lowerBound, size - mapping.offset))
    guard let now = space.peek(mapping.range.lowerBound, count: length) else { return nil }
    let page = Int(guestPageSize)
    for start in stride(from: 0, to: length, by: page) {
      let end = min(start + page, length)
      if end <= original.count, now[start..<end].elementsEqual(original[start..<end]) { continue }
      // From the first to the last byte that differs: around them somebody else may have written.
      let differs = { (at: Int) in now[at] != (at < original.count ? original[at] : 0) }
      guard let first = (start..<end).first(where: differs), let last = (start..<end).last(where: differs) else { continue }
      file.writeAll(now[first...last], offset: mapping.offset &+ UInt64(first))
    }
    return now
  }

  /// Takes a range out of the list of file mappings; those that stick out are cut.
  mutating func dropFiles(_ range: Range<UInt64>, in space: AddressSpace) {
    guard fileMappings.contains(where: { $0.range.overlaps(range) }) else { return }
    for mapping in fileMappings where mapping.range.overlaps(range) {
      writeBack(mapping, in: space)
      if mapping.isHosts {
        let part = mapping.range.clamped(to: range)
        space.mapZeros(at: part.lowerBound, length: part.upperBound - part.lowerBound)
      }
    }
    split(at: range)
    fileMappings.removeAll { $0.range.overlaps(range) }
  }

  /// Cuts mappings in two where a range begins and ends.
  private mutating func split(at range: Range<UInt64>) {
    var result: [FileMapping] = []
    for mapping in fileMappings {
      guard mapping.range.overlaps(range) else {
        result.append(mapping)
        continue
      }
      let inside = mapping.range.clamped(to: range)
      let before = mapping.range.lowerBound..<inside.lowerBound
      let after = inside.upperBound..<mapping.range.upperBound
      for part in [before, inside, after] where !part.isEmpty {
        var rest = mapping
        let cut = part.lowerBound - mapping.range.lowerBound
        rest.range = part
        rest.offset = mapping.offset &+ cut
        let length = Int(part.upperBound - part.lowerBound)
        rest.original = mapping.original.map { Array($0.dropFirst(Int(cut)).prefix(length)) }
        result.append(rest)
      }
    }
    fileMappings = result
  }

  /// Notes other rights of a range for pages that files do not reach yet.
  mutating func noteRights(_ rights: Rights, of range: Range<UInt64>, in space: AddressSpace) {
    guard fileMappings.contains(where: { $0.range.overlaps(range) }) else { return }
    split(at: range)
    for index in fileMappings.indices where fileMappings[index].range.overlaps(range) { fileMappings[index].rights = rights }
    withhold(range, in: space)
  }

  /// The one file that a whole range shows, if it does.
  func fileMapping(covering range: Range<UInt64>) -> FileMapping? {
    fileMappings.first { $0.range.lowerBound <= range.lowerBound && $0.range.upperBound >= range.upperBound }
  }
}
