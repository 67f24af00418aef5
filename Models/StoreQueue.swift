/// Stores that are on their way to the cache: a ring, in program order.
struct StoreQueue {
  private struct Entry {
    var address: UInt64 = 0
    var size: UInt64 = 0
    /// When the data are known.
    var ready: Ticks = 0
    /// When they are in the cache.
    var end: Ticks = 0
  }
  private var entries: [Entry]
  private var next = 0
  /// Stores drain one a cycle, in order.
  private(set) var nextDrain: Ticks = 0
  private var lastEnd: Ticks = 0

  init(count: Int) { entries = Array(repeating: Entry(), count: count) }

  /// When there is room for one more.
  @inline(__always)
  var room: Ticks { entries[next].end }

  /// When all are done.
  @inline(__always)
  var empty: Ticks { lastEnd }

  @inline(__always)
  mutating func add(_ address: UInt64, _ size: UInt64, ready: Ticks, drain: Ticks, end: Ticks) {
    entries[next] = Entry(address: address, size: size, ready: ready, end: end)
    next = next &+ 1 == entries.count ? 0 : next &+ 1
    nextDrain = drain &+ .perCycle
    lastEnd = max(lastEnd, end)
  }

  /// When a load has its bytes from a store that is not in the cache yet: at once where one covers all of it, else when it has drained.
  /// - Returns: `nil` where no store has any.
  @inline(__always)
  func forward(_ address: UInt64, _ size: UInt64, at time: Ticks, latency: Ticks) -> Ticks? {
    if lastEnd <= time { return nil }
    var index = next
    for _ in 0..<entries.count {
      index = index == 0 ? entries.count &- 1 : index &- 1
      let entry = entries[index]
      if entry.end <= time { continue }
      if entry.address < address &+ size, address < entry.address &+ entry.size {
        let covers = entry.address <= address && address &+ size <= entry.address &+ entry.size
        return covers ? max(time, entry.ready) &+ latency : entry.end &+ latency
      }
    }
    return nil
  }
}
