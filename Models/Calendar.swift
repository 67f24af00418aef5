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

  /// The first free slot at or after a time; it may lie beyond the window, where all are free.
  @inline(__always)
  private func slotNumber(_ time: Ticks) -> Int64 {
    var number = max(time / slot, base)
    while number < base &+ Self.slots {
      let place = Int(number & (Self.slots &- 1))
      let free = ~taken[place &>> 6] &>> UInt64(place & 63)
      if free != 0 { return number &+ Int64(free.trailingZeroBitCount) }
      number = (number | 63) &+ 1
    }
    return number
  }

  /// The first free span at or after a time.
  @inline(__always)
  func firstFree(_ time: Ticks) -> Ticks { max(slotNumber(time) &* slot, time) }

  /// Takes the first free span at or after a time.
  @inline(__always)
  mutating func reserve(_ time: Ticks) -> Ticks {
    let number = slotNumber(time)
    if number >= base &+ Self.slots { slide(to: number) }
    let place = Int(number & (Self.slots &- 1))
    taken[place &>> 6] |= 1 << UInt64(place & 63)
    return max(number &* slot, time)
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
