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
  let vectorStorage: UnsafeMutablePointer<VectorStateChange>
  let tileStorage: UnsafeMutablePointer<TileSizeChange>
  /// Entries of ``vectorStates`` and ``tileSizes`` in use.
  public internal(set) var vectorCount = 0
  public internal(set) var tileCount = 0
  /// Where the ops of the records lie, for those who know nothing of harts.
  public let ops: OpArena

  /// - Parameter vectorAccesses: memory accesses of one vector instruction at most. A run takes two of them or more, but for the last: a run of
  ///   one takes whatever comes.
  init(capacity: Int = 1024, arena: UnsafeRawPointer, vectorAccesses: Int = 0) {
    self.capacity = max(1, capacity)
    ops = OpArena(base: arena, blockSize: CodePage.blockSize, addressOffset: MemoryLayout<CodePage>.offset(of: \.address) ?? 0)
    recordStorage = .allocate(capacity: self.capacity)
    // The last instruction of a batch may still add its entries.
    runStorage = .allocate(capacity: Self.runCapacity + vectorAccesses / 2)
    vectorStorage = .allocate(capacity: self.capacity + 1)
    tileStorage = .allocate(capacity: self.capacity + 1)
  }

  deinit {
    recordStorage.deallocate()
    runStorage.deallocate()
    vectorStorage.deallocate()
    tileStorage.deallocate()
  }

  public var records: UnsafeBufferPointer<Retired> { UnsafeBufferPointer(start: recordStorage, count: count) }
  public var memoryRuns: UnsafeBufferPointer<MemoryRun> { UnsafeBufferPointer(start: runStorage, count: runCount) }

  /// vl and vtype: first those that the batch begins with, then after each record that changed them.
  public var vectorStates: UnsafeBufferPointer<VectorStateChange> {
    UnsafeBufferPointer(start: vectorStorage, count: vectorCount)
  }
  /// The same for the sizes of tiles; empty without a matrix extension.
  public var tileSizes: UnsafeBufferPointer<TileSizeChange> { UnsafeBufferPointer(start: tileStorage, count: tileCount) }
  /// The op that a record names.
  @inlinable
  public func op(_ record: Retired) -> Op { ops.op(record.slot).pointee }

  /// Guest-virtual address of the instruction that a record names.
  public func pc(_ record: Retired) -> UInt64 { ops.pc(ops.op(record.slot)) }

  /// The bytes of the instruction that a record names, wherever its address leads to by now: 16 or 32 bits.
  public func word(_ record: Retired, in space: AddressSpace) -> UInt32 {
    let address = UnsafeRawPointer(ops.op(record.slot))
    guard let page = UnsafePointer<CodePage>(bitPattern: UInt(bitPattern: address) & ~UInt(CodePage.blockSize - 1)) else {
      return 0
    }
    let op = op(record)
    if op.offset == 0xffe, op.length == 4 {
      // The step before it keeps the word.
      return UInt32(bitPattern: (address - MemoryLayout<Op>.stride).load(as: Op.self).imm)
    }
    let bytes = space.peek(page.pointee.physical &+ UInt64(op.offset), count: Int(op.length)) ?? []
    return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
