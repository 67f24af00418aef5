import RVDecoder

/// Who looks on while a loop runs. A closed set, specialised inside this module: ``Nothing``, ``Recording``.
protocol Watch {
  /// The instruction in flight loads (or stores …) `width` bytes at `address`; called after the access was done.
  mutating func load(_ address: UInt64, width: Int)
  mutating func store(_ address: UInt64, width: Int)
  mutating func atomic(_ address: UInt64, width: Int)
  /// The vector instruction in flight loads or stores `count` neighbouring elements.
  mutating func elements(_ address: UInt64, count: Int, width: Int, isStore: Bool)
  /// The instruction is done.
  /// - Returns: `true` when the loop has to return: the batch is full.
  mutating func retired(_ op: OpPointer, taken: Bool) -> Bool
  /// The instruction trapped.
  mutating func trapped(_ op: OpPointer)
  /// Whether it names ops that must not be overwritten before somebody has looked at them.
  var holdsRecords: Bool { get }
}

/// Nobody: not one instruction in the loop differs.
struct Nothing: Watch {
  @inline(__always) mutating func load(_ address: UInt64, width: Int) {}
  @inline(__always) mutating func store(_ address: UInt64, width: Int) {}
  @inline(__always) mutating func atomic(_ address: UInt64, width: Int) {}
  @inline(__always) mutating func elements(_ address: UInt64, count: Int, width: Int, isStore: Bool) {}
  @inline(__always) mutating func retired(_ op: OpPointer, taken: Bool) -> Bool { false }
  @inline(__always) mutating func trapped(_ op: OpPointer) {}
  @inline(__always) var holdsRecords: Bool { false }
}

/// Fills a ``RetiredBatch``.
struct Recording: Watch {
  private let arena: UnsafeMutableRawPointer
  private let records: UnsafeMutablePointer<Retired>
  private let runs: UnsafeMutablePointer<MemoryRun>
  private let limit: Int
  private let runLimit: Int
  private(set) var count = 0
  private(set) var runCount = 0
  /// Memory runs up to the instruction in flight.
  private var runStart = 0
  private let state: UnsafeMutablePointer<HartState>
  private let vectors: UnsafeMutablePointer<VectorStateChange>
  private let tiles: UnsafeMutablePointer<TileSizeChange>
  private(set) var vectorCount = 1
  private(set) var tileCount = 0

  /// Records at most `limit` instructions, beginning with an empty batch.
  init(_ batch: RetiredBatch, of hart: Hart, limit: Int) {
    arena = hart.code.base
    records = batch.recordStorage
    runs = batch.runStorage
    state = hart.state
    vectors = batch.vectorStorage
    tiles = batch.tileStorage
    vectors.pointee = VectorStateChange(
      record: 0, vl: UInt32(truncatingIfNeeded: state.pointee.vl), vtype: state.pointee.vtype.bits)
    if let sizes = hart.matrixSizes {
      tiles.pointee = Self.sizes(sizes, 0)
      tileCount = 1
    }
    self.limit = min(limit, batch.capacity)
    runLimit = RetiredBatch.runCapacity - RetiredBatch.runsPerInstruction
  }

  @inline(__always)
  private mutating func append(_ run: MemoryRun) {
    runs[runCount] = run
    runCount &+= 1
  }

  @inline(__always)
  mutating func load(_ address: UInt64, width: Int) {
    append(MemoryRun(address: address, width: UInt16(truncatingIfNeeded: width), kind: .load))
  }

  @inline(__always)
  mutating func store(_ address: UInt64, width: Int) {
    append(MemoryRun(address: address, width: UInt16(truncatingIfNeeded: width), kind: .store))
  }

  @inline(__always)
  mutating func atomic(_ address: UInt64, width: Int) {
    append(MemoryRun(address: address, width: UInt16(truncatingIfNeeded: width), kind: .atomic))
  }

  /// Elements at even distances make one run.
  @inline(__always)
  mutating func elements(_ address: UInt64, count: Int, width: Int, isStore: Bool) {
    let kind: MemoryRun.Kind = isStore ? .store : .load
    let width16 = UInt16(truncatingIfNeeded: width)
    if count == 1, runCount > runStart {
      let last = runs + (runCount - 1)
      if last.pointee.kind == kind, last.pointee.width == width16 {
        let step = Int64(bitPattern: address &- last.pointee.address)
        if last.pointee.count == 1 { last.pointee.stride = step }
        if last.pointee.stride &* Int64(last.pointee.count) == step {
          last.pointee.count &+= 1
          return
        }
      }
    }
    append(MemoryRun(address: address, stride: count > 1 ? Int64(width) : 0, count: UInt32(count), width: width16, kind: kind))
  }

  private static func sizes(_ sizes: (m: UInt64, n: UInt64, k: UInt64), _ record: Int) -> TileSizeChange {
    TileSizeChange(
      record: UInt32(record), m: UInt32(clamping: sizes.m), n: UInt32(clamping: sizes.n), k: UInt32(clamping: sizes.k))
  }

  /// Notes what the instruction may have changed of vl, vtype and the sizes of tiles: no other instructions do.
  @inline(never)
  private mutating func noteConfiguration(_ op: OpPointer) {
    switch op.pointee.row {
    case .matrixV06, .matrixV03:
      guard let sizes = state.pointee.hart?.takeUnretainedValue().matrixSizes else { return }
      let now = Self.sizes(sizes, count), last = tiles[tileCount - 1]
      if now.m != last.m || now.n != last.n || now.k != last.k {
        tiles[tileCount] = now
        tileCount += 1
      }
    default:
      let (vl, vtype) = (UInt32(truncatingIfNeeded: state.pointee.vl), state.pointee.vtype.bits)
      let last = vectors[vectorCount - 1]
      if vl != last.vl || vtype != last.vtype {
        vectors[vectorCount] = VectorStateChange(record: UInt32(count), vl: vl, vtype: vtype)
        vectorCount += 1
      }
    }
  }

  @inline(__always)
  private mutating func append(_ op: OpPointer, _ bits: UInt8) {
    // What the loop executes itself changes none of it.
    if op.pointee.fast == .vectors || op.pointee.fast == .other { noteConfiguration(op) }
    let entries = runCount &- runStart
    runStart = runCount
    let slot = UInt32(truncatingIfNeeded: UInt(bitPattern: UnsafeMutableRawPointer(op) - arena) / UInt(MemoryLayout<Op>.stride))
    let flags = Retired.Flags(rawValue: bits | (entries != 0 ? Retired.memoryBit : 0))
    records[count] = Retired(slot: slot, flags: flags, memoryEntries: UInt16(truncatingIfNeeded: entries))
    count &+= 1
  }

  @inline(__always)
  mutating func retired(_ op: OpPointer, taken: Bool) -> Bool {
    append(op, taken ? Retired.takenBit : 0)
    return count >= limit || runCount >= runLimit
  }

  @inline(__always)
  mutating func trapped(_ op: OpPointer) { append(op, Retired.trappedBit) }

  @inline(__always)
  var holdsRecords: Bool { count > 0 }
}
