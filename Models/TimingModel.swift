import RVDecoder

/// Turns what retires into time, batch by batch. Cycles do not depend on where batches end.
public final class TimingModel {
  public let machine: Machine
  public let core: TimingCore
  private let inner: Core
  private var state = VectorState()
  private let vlen: Int
  /// Time and counts where the region of interest began; `nil` outside of it.
  private var regionStart: (time: Ticks, counts: TimingCounts)?
  /// What regions took so far; `nil` before the first.
  public private(set) var region: (time: Ticks, counts: TimingCounts)?
  /// The last instruction of a batch waits for the next batch: where a jump goes is seen in the instruction behind it.
  private var held: Held?

  private struct Held {
    var op: Op
    var pc: UInt64
    var taken: Bool
    var runs: [MemoryRun]
    var state: VectorState
    var sizes: Core.Sizes
  }

  /// - Parameter vlen: of the hart that runs; a machine's own unless the user wants another.
  public init(_ machine: Machine, vlen: Int? = nil) {
    var machine = machine
    if let vlen { machine.vlen = vlen }
    self.machine = machine
    self.vlen = machine.vlen
    inner = Core(machine, hierarchy: Hierarchy(machine))
    core = TimingCore(inner)
  }

  /// When everything so far is done, in ticks.
  public var time: Ticks { max(inner.done, inner.now) }
  /// Whole cycles.
  public var cycles: UInt64 { UInt64(time.cycles) }
  public var counts: TimingCounts { inner.counts }
  /// Whether the matrix unit took part.
  public var usedMatrices: Bool { inner.usedMatrices }

  /// Takes a batch.
  public func consume(
    _ records: UnsafeBufferPointer<Retired>, _ runs: UnsafeBufferPointer<MemoryRun>,
    _ vectors: UnsafeBufferPointer<VectorStateChange>,
    _ tiles: UnsafeBufferPointer<TileSizeChange>, _ arena: OpArena
  ) {
    guard !records.isEmpty else { return }
    finish(next: arena.pc(arena.op(records[0].slot)))
    var (runIndex, vectorIndex, tileIndex) = (0, 0, 0)
    if let first = vectors.first { state = VectorState(first, vlen: vlen); vectorIndex = 1 }
    if let first = tiles.first { inner.sizes = Self.sizes(first); tileIndex = 1 }
    var op = arena.op(records[0].slot)
    var pc = arena.pc(op)
    for index in 0..<records.count {
      let record = records[index]
      let mine = UnsafeBufferPointer(rebasing: runs[runIndex..<runIndex + Int(record.memoryEntries)])
      runIndex += mine.count
      if index + 1 == records.count {
        held = Held(
          op: op.pointee, pc: pc, taken: record.flags.contains(.taken), runs: Array(mine), state: state, sizes: inner.sizes)
      } else {
        let following = arena.op(records[index + 1].slot)
        let next = arena.pc(following)
        if !record.flags.contains(.trapped) {
          step(op, pc, record.flags.contains(.taken), next, mine, state)
        }
        (op, pc) = (following, next)
      }
      // The state behind this instruction.
      if vectorIndex < vectors.count, vectors[vectorIndex].record == UInt32(index) {
        state = VectorState(vectors[vectorIndex], vlen: vlen)
        vectorIndex += 1
      }
      if tileIndex < tiles.count, tiles[tileIndex].record == UInt32(index) {
        inner.sizes = Self.sizes(tiles[tileIndex])
        tileIndex += 1
      }
      if index + 1 == records.count, record.flags.contains(.trapped) { held = nil }
    }
  }

  /// Counts the instruction that waits; the program went on at `next`.
  public func finish(next: UInt64) {
    guard var last = held else { return }
    held = nil
    let now = inner.sizes
    inner.sizes = last.sizes
    last.runs.withUnsafeBufferPointer { runs in
      withUnsafePointer(to: &last.op) { step($0, last.pc, last.taken, next, runs, last.state) }
    }
    inner.sizes = now
  }

  @inline(__always)
  private func step(
    _ op: UnsafePointer<Op>, _ pc: UInt64, _ taken: Bool, _ next: UInt64, _ runs: UnsafeBufferPointer<MemoryRun>,
    _ state: VectorState
  ) {
    if op.pointee.rd == Op.sink, let begins = RegionMarker.which(op) { return mark(begins) }
    inner.step(op, pc: pc, taken: taken, next: next, runs: runs, state)
  }

  private func mark(_ begins: Bool) {
    if begins {
      if regionStart == nil { regionStart = (time, counts) }
    } else if let start = regionStart {
      let last = region ?? (0, TimingCounts())
      region = (last.time &+ time &- start.time, last.counts.adding(counts.since(start.counts)))
      regionStart = nil
    }
  }

  private static func sizes(_ change: TileSizeChange) -> Core.Sizes { (Int64(change.m), Int64(change.n), Int64(change.k)) }
}

/// What may be asked of a core while it runs.
public struct TimingCore {
  private let core: Core
  init(_ core: Core) { self.core = core }

  /// Accesses, misses, write-backs and prefetches of a level; `nil` where the machine has none.
  public func cache(_ name: String) -> (accesses: UInt64, misses: UInt64, writeBacks: UInt64, prefetches: UInt64)? {
    let caches = core.hierarchy
    let cache: Cache? =
      switch name {
      case "l1i": caches.l1i
      case "l1d": caches.l1d
      case "l2": caches.l2
      case "l3": caches.l3
      default: nil
      }
    return cache.map { ($0.accesses, $0.missCount, $0.writeBacks, $0.prefetches) }
  }

  public var readBytes: UInt64 { core.hierarchy.memory.readBytes }
  public var writtenBytes: UInt64 { core.hierarchy.memory.writtenBytes }
  public var walks: UInt64 { core.hierarchy.walks }
}
