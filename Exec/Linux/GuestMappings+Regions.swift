/// What is mapped where, for /proc/self/maps.
extension GuestMappings {
  /// Neighbouring pages of one kind.
  struct Region {
    var range: Range<UInt64>
    var rights: Rights
    var isShared = false
    var offset: UInt64 = 0
    var file: OpenFile?
    var name = ""
  }

  /// Everything that is mapped, in ascending order.
  func regions(in space: AddressSpace) -> [Region] {
    var result: [Region] = []
    for range in mapped.ranges {
      var page = range.lowerBound
      while page < range.upperBound {
        var region = region(of: page, in: space)
        var end = page + guestPageSize
        while end < min(range.upperBound, region.range.upperBound), space.rights(at: end).intersection(.all) == region.rights {
          end += guestPageSize
        }
        region.range = page..<end
        result.append(region)
        page = end
      }
    }
    return result
  }

  /// What a page belongs to; the range is that of the whole, as far as it is known.
  private func region(of page: UInt64, in space: AddressSpace) -> Region {
    let rights = space.rights(at: page).intersection(.all)
    if let mapping = fileMappings.first(where: { $0.range.contains(page) }) {
      return Region(
        range: mapping.range, rights: mapping.rights.intersection(.all), isShared: mapping.isShared,
        offset: mapping.offset &+ (page - mapping.range.lowerBound), file: mapping.file)
    }
    if stack.contains(page) { return Region(range: stack, rights: rights, name: "[stack]") }
    if page == trampoline { return Region(range: page..<page + guestPageSize, rights: rights, name: "[vdso]") }
    if heapStart < heapEnd, page >= heapStart, page < heapEnd {
      return Region(range: heapStart..<roundedUp(heapEnd), rights: rights, name: "[heap]")
    }
    for segment in image?.segments ?? [] {
      let start = segment.address & ~(guestPageSize - 1)
      let whole = start..<roundedUp(segment.end)
      guard whole.contains(page) else { continue }
      let offset = segment.fileOffset & ~(guestPageSize - 1)
      return Region(range: whole, rights: rights, offset: offset &+ (page - start), name: "[program]")
    }
    let limits = fileMappings.map(\.range.lowerBound) + [stack.lowerBound, trampoline, heapStart]
    return Region(range: page..<(limits.filter { $0 > page }.min() ?? .max), rights: rights)
  }
}
