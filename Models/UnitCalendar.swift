/// Units of one sort in an out-of-order core: how many of them are at work in each cycle. Work that comes late takes free cycles between others.
struct UnitCalendar {
  private let units: UInt8
  /// Units at work, for each cycle of the window, as a ring.
  private let busy: UnsafeMutablePointer<UInt8>
  /// First cycle of the window.
  private var base: Int64 = 0
  private static let cycles: Int64 = 4096

  init(units: Int) {
    self.units = UInt8(clamping: units)
    busy = .allocate(capacity: Int(Self.cycles))
    busy.initialize(repeating: 0, count: Int(Self.cycles))
  }

  func free() { busy.deallocate() }

  mutating func reset() {
    base = 0
    busy.update(repeating: 0, count: Int(Self.cycles))
  }

  /// Takes a unit for so many cycles from the first whole cycle at or after a time on in which one is free for all of them.
  /// - Returns: when it begins.
  @inline(__always)
  mutating func reserve(_ time: Ticks, cycles: Int64) -> Ticks {
    var cycle = max(time.roundedUpToCycle / .perCycle, base)
    while cycle < base &+ Self.cycles, busy[Int(cycle & (Self.cycles &- 1))] >= units { cycle &+= 1 }
    if cycles > 1 || cycle >= base &+ Self.cycles { return reserveLong(cycle, min(cycles, Self.cycles / 2)) }
    busy[Int(cycle & (Self.cycles &- 1))] &+= 1
    return cycle &* .perCycle
  }

  @inline(never)
  private mutating func reserveLong(_ first: Int64, _ cycles: Int64) -> Ticks {
    var cycle = first
    var free: Int64 = 0
    while free < cycles {
      let next = cycle &+ free
      if next < base &+ Self.cycles, busy[Int(next & (Self.cycles &- 1))] >= units {
        (cycle, free) = (next &+ 1, 0)
      } else {
        free &+= 1
      }
    }
    if cycle &+ cycles > base &+ Self.cycles { slide(to: cycle &+ cycles) }
    for k in 0..<cycles where cycle &+ k >= base { busy[Int((cycle &+ k) & (Self.cycles &- 1))] &+= 1 }
    return cycle &* .perCycle
  }

  /// Moves the window on so that it ends behind a cycle; what falls out of it is past.
  private mutating func slide(to end: Int64) {
    let fresh = max(base, end &- Self.cycles / 2)
    for cycle in base..<min(fresh, base &+ Self.cycles) { busy[Int(cycle & (Self.cycles &- 1))] = 0 }
    base = fresh
  }
}
