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

  /// Records at most `limit` instructions, beginning with an empty batch.
  init(_ batch: RetiredBatch, arena: UnsafeMutableRawPointer, limit: Int) {
    self.arena = arena
    records = batch.recordStorage
    runs = batch.runStorage
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

  @inline(__always)
  private mutating func append(_ op: OpPointer, _ flags: Retired.Flags) {
    let entries = runCount &- runStart
    runStart = runCount
    let slot = UInt32(truncatingIfNeeded: (UnsafeMutableRawPointer(op) - arena) / MemoryLayout<Op>.stride)
    var flags = flags
    if entries != 0 { flags.insert(.memory) }
    records[count] = Retired(slot: slot, flags: flags, memoryEntries: UInt16(truncatingIfNeeded: entries))
    count &+= 1
  }

  @inline(__always)
  mutating func retired(_ op: OpPointer, taken: Bool) -> Bool {
    append(op, taken ? .taken : [])
    return count >= limit || runCount >= runLimit
  }

  @inline(__always)
  mutating func trapped(_ op: OpPointer) { append(op, .trapped) }

  @inline(__always)
  var holdsRecords: Bool { count > 0 }
}
