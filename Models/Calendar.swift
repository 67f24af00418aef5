/// Reservations of something that serves one at a time, each for the same span: those who come out of order take free spans between others.
struct Calendar {
  /// Ticks of a reservation.
  private let slot: Ticks
  /// A bit for each slot of the window, as a ring.
  private var taken: [UInt64]
  /// First slot of the window.
  private var base: Int64 = 0
  private static let slots: Int64 = 4096

  init(slot: Ticks) {
    self.slot = slot
    taken = Array(repeating: 0, count: Int(Self.slots / 64))
  }

  /// The first free span at or after a time.
  @inline(__always)
  mutating func reserve(_ time: Ticks) -> Ticks {
    var number = max(time / slot, base)
    while true {
      if number >= base &+ Self.slots { slide(to: number) }
      let place = Int(number & (Self.slots &- 1))
      let free = ~taken[place &>> 6] &>> UInt64(place & 63)
      if free != 0 {
        let found = number &+ Int64(free.trailingZeroBitCount)
        // The rest of the word may be beyond the window's end.
        if found >= base &+ Self.slots { slide(to: found) }
        let at = Int(found & (Self.slots &- 1))
        taken[at &>> 6] |= 1 << UInt64(at & 63)
        return max(found &* slot, time)
      }
      number = (number | 63) &+ 1
    }
  }

  /// Moves the window on so that a slot lies in it; what falls out of it is past.
  private mutating func slide(to number: Int64) {
    let fresh = (number &- Self.slots / 2) & ~63
    var word = base >> 6
    while word < min(fresh >> 6, (base >> 6) &+ Self.slots / 64) {
      taken[Int(word & (Self.slots / 64 &- 1))] = 0
      word &+= 1
    }
    base = max(fresh, base)
  }
}

extension Calendar {
  /// The first free span at or after a time, without taking it.
  func firstFree(_ time: Ticks) -> Ticks {
    var copy = self
    return copy.reserve(time)
  }
}
