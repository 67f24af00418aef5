import RVDecoder

/// What a hart retired since the last drain: records, and their side arrays.
///
/// A batch belongs to one hart and ends at `capacity` records or 64 Ki side entries; results never depend on where it ends.
/// While it is drained, the ops that its slots name are still in the code arena.
public final class RetiredBatch {
  /// Records at most.
  public let capacity: Int
  /// Side entries at most.
  static let runCapacity = 1 << 16
  /// Room kept for the entries of one more instruction.
  static let runsPerInstruction = 64

  let recordStorage: UnsafeMutablePointer<Retired>
  let runStorage: UnsafeMutablePointer<MemoryRun>
  /// Records in use.
  public internal(set) var count = 0
  /// Memory entries in use, in the order of the records they belong to.
  public internal(set) var runCount = 0
  let arena: UnsafeRawPointer

  /// - Parameter vectorAccesses: memory accesses of one vector instruction at most. A run takes two of them or more, but for the last: a run of
  ///   one takes whatever comes.
  init(capacity: Int = 1024, arena: UnsafeRawPointer, vectorAccesses: Int = 0) {
    self.capacity = max(1, capacity)
    self.arena = arena
    recordStorage = .allocate(capacity: self.capacity)
    // The last instruction of a batch may still add its entries.
    runStorage = .allocate(capacity: Self.runCapacity + vectorAccesses / 2)
  }

  deinit {
    recordStorage.deallocate()
    runStorage.deallocate()
  }

  public var records: UnsafeBufferPointer<Retired> { UnsafeBufferPointer(start: recordStorage, count: count) }
  public var memoryRuns: UnsafeBufferPointer<MemoryRun> { UnsafeBufferPointer(start: runStorage, count: runCount) }

  /// The op that a record names.
  @inlinable
  public func op(_ record: Retired) -> Op { opAddress(record).load(as: Op.self) }

  @usableFromInline
  func opAddress(_ record: Retired) -> UnsafeRawPointer { arena + Int(record.slot) * MemoryLayout<Op>.stride }

  /// Guest-virtual address of the instruction that a record names.
  public func pc(_ record: Retired) -> UInt64 {
    let address = UInt(bitPattern: opAddress(record))
    guard let page = UnsafePointer<CodePage>(bitPattern: address & ~UInt(CodePage.blockSize - 1)) else { return 0 }
    return page.pointee.address &+ UInt64(op(record).offset)
  }

  /// The bytes of the instruction that a record names, wherever its address leads to by now: 16 or 32 bits.
  public func word(_ record: Retired, in space: AddressSpace) -> UInt32 {
    let address = opAddress(record)
    guard let page = UnsafePointer<CodePage>(bitPattern: UInt(bitPattern: address) & ~UInt(CodePage.blockSize - 1)) else { return 0 }
    let op = op(record)
    if op.offset == 0xffe, op.length == 4 {
      // The step before it keeps the word.
      return UInt32(bitPattern: (address - MemoryLayout<Op>.stride).load(as: Op.self).imm)
    }
    let bytes = space.peek(page.pointee.physical &+ UInt64(op.offset), count: Int(op.length)) ?? []
    return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
