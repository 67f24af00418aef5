import RVDecoder

/// Turns what retires into time, batch by batch. Cycles do not depend on where batches end.
public final class TimingModel {
  public let machine: Machine
  private let inner: UnsafeMutablePointer<Core>
  /// Stands for accesses where there are none.
  private let nothing: UnsafeMutablePointer<MemoryRun>
  private var state = VectorState()
  private let vlen: Int
  /// Time and counts where the region of interest began; `nil` outside of it.
  private var regionStart: (time: Ticks, counts: TimingCounts)?
  /// Addresses that bound the region, and where the instruction behind the last one lies.
  private var bounds: (start: UInt64, end: UInt64?)?
  private var lastEnd: UInt64 = 0
  /// What regions took that are over; `nil` before the first.
  private var closed: (time: Ticks, counts: TimingCounts)?

  /// - Parameters:
  ///   - vlen: of the hart that runs; a machine's own unless the user wants another.
  ///   - pages: in which memory is translated.
  public init(_ machine: Machine, vlen: Int? = nil, pages: Pages = .small) {
    var machine = machine
    if let vlen { machine.vlen = vlen }
    self.machine = machine
    self.vlen = machine.vlen
    nothing = .allocate(capacity: 1)
    nothing.initialize(to: MemoryRun(address: 0, width: 1, kind: .load))
    inner = .allocate(capacity: 1)
    inner.initialize(to: Core(machine, pages: pages))
  }

  deinit {
    inner.pointee.free()
    inner.deallocate()
    nothing.deallocate()
  }

  /// When everything so far is done, in ticks.
  public var time: Ticks { inner.pointee.time }
  /// Whole cycles.
  public var cycles: UInt64 { UInt64(time.cycles) }
  public var counts: TimingCounts { inner.pointee.counts }
  /// Whether the matrix unit took part.
  public var usedMatrices: Bool { inner.pointee.usedMatrices }

  /// Takes a batch.
  /// - Parameter next: the pc at which the program goes on.
  public func consume(
    _ records: UnsafeBufferPointer<Retired>, _ runs: UnsafeBufferPointer<MemoryRun>,
    _ vectors: UnsafeBufferPointer<VectorStateChange>,
    _ tiles: UnsafeBufferPointer<TileSizeChange>, _ arena: OpArena, next: UInt64
  ) {
    guard let base = records.baseAddress, !records.isEmpty else { return }
    let core = inner
    var (vectorIndex, tileIndex) = (0, 0)
    var state = state
    if let first = vectors.first { state = VectorState(first, vlen: vlen); vectorIndex = 1 }
    if let first = tiles.first { core.pointee.sizes = Self.sizes(first); tileIndex = 1 }
    var run = runs.baseAddress ?? UnsafePointer(nothing)
    let last = records.count &- 1
    var index = 0
    while true {
      // Up to the record behind which vl and vtype, or the sizes of tiles, change.
      let vector = vectorIndex < vectors.count ? Int(vectors[vectorIndex].record) &+ 1 : .max
      let tile = tileIndex < tiles.count ? Int(tiles[tileIndex].record) &+ 1 : .max
      let stop = min(last, vector, tile)
      while index < stop {
        index &+= core.pointee.run(base + index, stop &- index, &run, arena, state)
        guard index < stop else { break }
        let op = arena.op(base[index].slot)
        if arena.pc(op) == core.pointee.watched {
          crossBound(after: index == 0 ? lastEnd : Self.end(arena, base[index &- 1].slot))
        } else if let begins = RegionMarker.which(op) {
          mark(begins)
          index &+= 1
        }
      }
      if stop == vector { (state, vectorIndex) = (VectorState(vectors[vectorIndex], vlen: vlen), vectorIndex + 1) }
      if stop == tile { (core.pointee.sizes, tileIndex) = (Self.sizes(tiles[tileIndex]), tileIndex + 1) }
      if stop == last, stop != vector, stop != tile { break }
    }
    // Where the last one went on to, no record says.
    let op = arena.op(base[last].slot)
    let record = base[last]
    if arena.pc(op) == core.pointee.watched { crossBound(after: last == 0 ? lastEnd : Self.end(arena, base[last &- 1].slot)) }
    lastEnd = Self.end(arena, base[last].slot)
    if !record.flags.contains(.trapped) {
      if op.pointee.rd == Op.sink, let begins = RegionMarker.which(op) {
        mark(begins)
      } else {
        core.pointee.step(
          op, pc: arena.pc(op), taken: record.flags.contains(.taken), next: next,
          runs: Core.Runs(base: run, count: Int(record.memoryEntries)), state)
      }
    }
    if vectorIndex < vectors.count { state = VectorState(vectors[vectorIndex], vlen: vlen) }
    if tileIndex < tiles.count { core.pointee.sizes = Self.sizes(tiles[tileIndex]) }
    self.state = state
  }

  /// Behind an instruction: where a call comes back to.
  private static func end(_ arena: OpArena, _ slot: UInt32) -> UInt64 {
    let op = arena.op(slot)
    return arena.pc(op) &+ UInt64(op.pointee.length)
  }

  /// The region of interest: from each time that the program comes to `start` until it comes to `end`, or without one to the instruction
  /// behind the one that led to `start`, the call.
  public func watch(start: UInt64, end: UInt64?) {
    bounds = (start, end)
    inner.pointee.watched = start
  }

  private func crossBound(after previous: UInt64) {
    guard let bounds else { return }
    mark(regionStart == nil)
    inner.pointee.watched = regionStart == nil ? bounds.start : bounds.end ?? previous
  }

  private func mark(_ begins: Bool) {
    if begins {
      if regionStart == nil { regionStart = (time, counts) }
    } else if let start = regionStart {
      closed = with(start)
      regionStart = nil
    }
  }

  /// What regions took so far, one that goes on too; `nil` before the first.
  public var region: (time: Ticks, counts: TimingCounts)? { regionStart.map { with($0) } ?? closed }

  /// What regions took, with the one that began here.
  private func with(_ start: (time: Ticks, counts: TimingCounts)) -> (time: Ticks, counts: TimingCounts) {
    let last = closed ?? (0, TimingCounts())
    return (last.time &+ time &- start.time, last.counts.adding(counts.since(start.counts)))
  }

  private static func sizes(_ change: TileSizeChange) -> Core.Sizes { (Int64(change.m), Int64(change.n), Int64(change.k)) }
}

extension TimingModel {
  /// Accesses, misses, write-backs and prefetches of a level; `nil` where the machine has none.
  public func cache(_ name: String) -> (
    accesses: UInt64, misses: UInt64, writeBacks: UInt64, prefetches: UInt64, lineBytes: UInt64
  )? {
    let caches = inner.pointee.hierarchy
    let cache: UnsafeMutablePointer<Cache>? =
      switch name {
      case "l1i": caches.l1i
      case "l1d": caches.l1d
      case "l2": caches.l2
      case "l3": caches.l3
      default: nil
      }
    return cache.map {
      ($0.pointee.accesses, $0.pointee.missCount, $0.pointee.writeBacks, $0.pointee.prefetches, UInt64($0.pointee.lineBytes))
    }
  }

  public var readBytes: UInt64 { inner.pointee.hierarchy.memory.pointee.readBytes }
  public var writtenBytes: UInt64 { inner.pointee.hierarchy.memory.pointee.writtenBytes }
  public var walks: UInt64 { inner.pointee.hierarchy.walks }
}
