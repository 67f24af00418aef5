import RVLoader

/// Which addresses of a process are mapped, and what lies behind those that show a file.
struct GuestMappings {
  /// A range that shows a file, or memory that copies of the process share.
  struct FileMapping {
    var range: Range<UInt64>
    let file: OpenFile?
    var offset: UInt64
    /// The file's bytes as they were read, of a shared mapping of a file that can be written: what differs is written back.
    var original: [UInt8]?
    let isShared: Bool
    /// What mmap or mprotect gave: pages beyond the file's end have not got it.
    var rights: Rights
    /// The host maps the file, or the shared memory.
    var isHosts: Bool
  }

  /// Mappings of files at most: the host allows a process only so many (vm.max_map_count).
  static let fileLimit = 20_000
  /// mmap below this address is refused (vm.mmap_min_addr).
  static let minimum: UInt64 = 0x10000
  /// Between the stack and the mappings below it.
  static let gap: UInt64 = 1 << 20

  private(set) var mapped = RangeSet<UInt64>()
  var fileMappings: [FileMapping] = []
  let stack: Range<UInt64>
  /// First address after the address space.
  let end: UInt64
  private(set) var image: Image?
  /// Where handlers of signals return to: `li a7, rt_sigreturn; ecall`, which unwinders know by sight.
  private(set) var trampoline: UInt64 = 0
  /// Where the stack began, and the auxiliary vector.
  var stackPointer: UInt64 = 0
  var auxiliaryVector: [UInt8] = []
  /// Bytes that are mapped.
  var size: UInt64 { mapped.ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } }
  /// Where the heap begins and ends.
  private(set) var heapStart: UInt64 = 0
  private(set) var heapEnd: UInt64 = 0

  /// An address space with room for a stack at its top.
  init(space: AddressSpace, stackSize: UInt64) throws(SystemError) {
    end = space.low &+ space.size
    guard stackSize <= space.size / 4 else { throw .noMemory(bytes: stackSize) }
    // The last page stays free, so that running off the end is a fault.
    let size = max(roundedUp(stackSize), 2 * GuestStack.blockSize)
    stack = end - guestPageSize - size..<end - guestPageSize
  }

  /// Maps the image and its stack.
  /// - Returns: the image where it lies.
  mutating func load(_ image: Image, into space: AddressSpace) throws(SystemError) -> Image {
    var placed = image
    if image.kind == .staticPIE {
      // Two thirds up the address space, as Linux does, without a random part.
      let alignment = image.segments.reduce(guestPageSize) { max($0, min($1.alignment, 1 << 30)) }
      let base = end / 3 * 2 & ~(alignment - 1)
      placed = image.placed(at: base &- (image.addresses.lowerBound & ~(alignment - 1)))
    }
    for segment in placed.segments {
      let (segmentEnd, overflow) = segment.address.addingReportingOverflow(segment.memorySize)
      guard !overflow, segmentEnd <= stack.lowerBound - Self.gap else {
        throw .segmentOutsideMemory(address: segment.address, length: segment.memorySize)
      }
      // Segments may share a page, which then has the rights of both.
      let start = segment.address & ~(guestPageSize - 1)
      for page in stride(from: start, to: roundedUp(segmentEnd), by: Int(guestPageSize)) {
        let rights = Rights(segment.flags).union(space.rights(at: page)).union(.mapped)
        space.setRights(rights, at: page, length: guestPageSize)
      }
      mapped.insert(contentsOf: start..<roundedUp(segmentEnd))
      guard space.poke(segment.address, segment.bytes) else {
        throw .segmentOutsideMemory(address: segment.address, length: segment.memorySize)
      }
    }
    let isExecutable = image.gnuStackFlags?.contains(.execute) ?? false
    map(stack, isExecutable ? [.read, .write, .execute] : [.read, .write], in: space)
    guard let page = free(length: guestPageSize) else { throw .noMemory(bytes: guestPageSize) }
    map(page..<page + guestPageSize, [.read, .execute], in: space)
    space.poke(page, [0x93, 0x08, 0xb0, 0x08, 0x73, 0x00, 0x00, 0x00])
    trampoline = page
    self.image = placed
    heapStart = roundedUp(placed.addresses.upperBound)
    heapEnd = heapStart
    return placed
  }

  // MARK: Free addresses

  func isMapped(_ address: UInt64) -> Bool { mapped.contains(address) }

  func isMapped(_ range: Range<UInt64>) -> Bool { range.isEmpty || mapped.isSuperset(of: RangeSet(range)) }

  func isFree(_ range: Range<UInt64>) -> Bool { mapped.isDisjoint(RangeSet(range)) }

  /// The mapped parts of a range.
  func mappedParts(of range: Range<UInt64>) -> [Range<UInt64>] { Array(mapped.intersection(RangeSet(range)).ranges) }

  /// The highest free range of a length below the stack.
  func free(length: UInt64) -> UInt64? {
    // With a hole below the trampoline, as below the stack.
    var top = trampoline == 0 ? stack.lowerBound - Self.gap : trampoline - guestPageSize
    for range in mapped.ranges.reversed() {
      if range.lowerBound >= top { continue }
      if range.upperBound <= top, top - range.upperBound >= length { return top - length }
      top = range.lowerBound
    }
    return top >= Self.minimum && top - Self.minimum >= length ? top - length : nil
  }

  // MARK: Changes

  /// Maps whole pages that read as zero. What was there is gone.
  mutating func map(_ range: Range<UInt64>, _ rights: Rights, in space: AddressSpace) {
    unmap(range, in: space)
    mapped.insert(contentsOf: range)
    space.setRights(rights.union(.mapped), at: range.lowerBound, length: range.upperBound - range.lowerBound)
  }

  mutating func unmap(_ range: Range<UInt64>, in space: AddressSpace) {
    dropFiles(range, in: space)
    for part in mappedParts(of: range) {
      space.setRights([], at: part.lowerBound, length: part.upperBound - part.lowerBound)
      space.clear(at: part.lowerBound, length: part.upperBound - part.lowerBound)
    }
    mapped.remove(contentsOf: range)
  }

  mutating func setHeapEnd(_ address: UInt64) { heapEnd = address }
}

/// The next multiple of the page size; 0 when there is none.
func roundedUp(_ value: UInt64) -> UInt64 { (value &+ (guestPageSize - 1)) & ~(guestPageSize - 1) }

extension Rights {
  /// From PROT_READ, PROT_WRITE, PROT_EXEC; RISC-V knows no pages that can be written and not read.
  init(protection: UInt64) {
    self = []
    if protection & 1 != 0 { insert(.read) }
    if protection & 2 != 0 { formUnion([.read, .write]) }
    if protection & 4 != 0 { insert(.execute) }
  }

  /// From the flags of a segment.
  init(_ flags: Permissions) {
    self = []
    if flags.contains(.read) { insert(.read) }
    if flags.contains(.write) { formUnion([.read, .write]) }
    if flags.contains(.execute) { insert(.execute) }
  }
}
