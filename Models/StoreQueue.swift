/// Stores that are on their way to the cache: a ring, in program order. They leave it in that order.
struct StoreQueue {
  private struct Entry {
    var address: UInt64 = 0
    var size: UInt64 = 0
    /// When the data are known.
    var ready: Ticks = 0
    /// When they are in the cache, and all older stores' too.
    var end: Ticks = 0
  }
  private let entries: UnsafeMutablePointer<Entry>
  private let count: Int
  private var next = 0
  /// Stores drain one a cycle, in order.
  private(set) var nextDrain: Ticks = 0
  /// When all are done.
  private(set) var empty: Ticks = 0
  /// Bits of the doublewords that stores have touched since all were done for the last time: most loads see at once that none is theirs.
  private var touched: UInt64 = 0

  init(count: Int) {
    self.count = count
    entries = .allocate(capacity: count)
    entries.initialize(repeating: Entry(), count: count)
  }

  func free() { entries.deallocate() }

  mutating func reset() {
    entries.update(repeating: Entry(), count: count)
    (next, nextDrain, empty, touched) = (0, 0, 0, 0)
  }

  /// When there is room for one more.
  @inline(__always)
  var room: Ticks { entries[next].end }

  @inline(__always)
  mutating func add(_ address: UInt64, _ size: UInt64, ready: Ticks, drain: Ticks, end: Ticks) {
    touched = (empty <= ready ? 0 : touched) | Self.bits(address, size)
    empty = max(empty, end)
    entries[next] = Entry(address: address, size: size, ready: ready, end: empty)
    next = next &+ 1 == count ? 0 : next &+ 1
    nextDrain = drain &+ .perCycle
  }

  @inline(__always)
  private static func bits(_ address: UInt64, _ size: UInt64) -> UInt64 {
    1 &<< (address &>> 3) | 1 &<< ((address &+ size &- 1) &>> 3)
  }

  /// Whether no store can have any of these bytes that is still on its way.
  @inline(__always)
  func surelyLacks(_ address: UInt64, _ size: UInt64, at time: Ticks) -> Bool {
    empty <= time || touched & Self.bits(address, size) == 0
  }

  /// When a load has its bytes from a store that is not in the cache yet: at once where one covers all of it, else when it has drained.
  /// - Returns: `nil` where no store has any.
  @inline(__always)
  mutating func forward(_ address: UInt64, _ size: UInt64, at time: Ticks, latency: Ticks) -> Ticks? {
    if surelyLacks(address, size, at: time) { return nil }
    return search(address, size, at: time, latency: latency)
  }

  @inline(never)
  private mutating func search(_ address: UInt64, _ size: UInt64, at time: Ticks, latency: Ticks) -> Ticks? {
    var index = next
    for _ in 0..<count {
      index = index == 0 ? count &- 1 : index &- 1
      let entry = entries + index
      // Those before it left earlier.
      if entry.pointee.end <= time { return nil }
      if entry.pointee.address < address &+ size, address < entry.pointee.address &+ entry.pointee.size {
        let covers = entry.pointee.address <= address && address &+ size <= entry.pointee.address &+ entry.pointee.size
        return covers ? max(time, entry.pointee.ready) &+ latency : entry.pointee.end &+ latency
      }
    }
    return nil
  }
}
