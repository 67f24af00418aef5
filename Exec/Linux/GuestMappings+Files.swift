/// Pages that show files.
extension GuestMappings {
  /// Shows `file` in pages that are mapped already.
  mutating func show(_ file: OpenFile, at range: Range<UInt64>, offset: UInt64, shared: Bool, in space: AddressSpace) {
    fill(range, from: file, offset: offset, in: space)
    var original: [UInt8]?
    if shared, file.canWrite {
      let present = min(range.upperBound - range.lowerBound, (file.size ?? 0) &- min(offset, file.size ?? 0))
      original = space.peek(range.lowerBound, count: Int(clamping: present))
    }
    fileMappings.append(FileMapping(range: range, file: file, offset: offset, original: original, isShared: shared))
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
    space.clear(at: range.lowerBound, length: range.upperBound - range.lowerBound)
    for mapping in fileMappings where mapping.range.overlaps(range) {
      let part = mapping.range.clamped(to: range)
      fill(part, from: mapping.file, offset: mapping.offset &+ (part.lowerBound - mapping.range.lowerBound), in: space)
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
    guard let original = mapping.original, let size = mapping.file.size, size > mapping.offset else { return nil }
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
      mapping.file.writeAll(now[first...last], offset: mapping.offset &+ UInt64(first))
    }
    return now
  }

  /// Takes a range out of the list of file mappings; those that stick out are cut.
  mutating func dropFiles(_ range: Range<UInt64>, in space: AddressSpace) {
    guard fileMappings.contains(where: { $0.range.overlaps(range) }) else { return }
    var kept: [FileMapping] = []
    for mapping in fileMappings {
      guard mapping.range.overlaps(range) else {
        kept.append(mapping)
        continue
      }
      writeBack(mapping, in: space)
      let before = mapping.range.lowerBound..<max(range.lowerBound, mapping.range.lowerBound)
      let after = min(range.upperBound, mapping.range.upperBound)..<mapping.range.upperBound
      for part in [before, after] where !part.isEmpty {
        var rest = mapping
        let cut = part.lowerBound - mapping.range.lowerBound
        rest.range = part
        rest.offset = mapping.offset &+ cut
        let length = Int(part.upperBound - part.lowerBound)
        rest.original = mapping.original.map { Array($0.dropFirst(Int(cut)).prefix(length)) }
        kept.append(rest)
      }
    }
    fileMappings = kept
  }

  /// The one file that a whole range shows, if it does.
  func fileMapping(covering range: Range<UInt64>) -> FileMapping? {
    fileMappings.first { $0.range.lowerBound <= range.lowerBound && $0.range.upperBound >= range.upperBound }
  }
}
