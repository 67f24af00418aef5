/// Reservations of something that serves one at a time, each for the same span: those who come out of order take free spans between others.
struct Calendar {
  /// Ticks of a reservation.
  private let slot: Ticks
  /// log2 of them, where they are a power of two; else negative.
  private let logSlot: Ticks
  /// A bit for each slot of the window, as a ring.
  private let taken: UnsafeMutablePointer<UInt64>
  /// First slot of the window.
  private var base: Int64 = 0
  private static let slots: Int64 = 4096

  init(slot: Ticks) {
    self.slot = slot
    logSlot = slot & (slot - 1) == 0 ? Ticks(slot.trailingZeroBitCount) : -1
    taken = .allocate(capacity: Int(Self.slots / 64))
    taken.initialize(repeating: 0, count: Int(Self.slots / 64))
  }

  func free() { taken.deallocate() }

  /// Forgets all reservations.
  mutating func reset() {
    base = 0
    taken.update(repeating: 0, count: Int(Self.slots / 64))
  }

  @inline(__always)
  private func number(of time: Ticks) -> Int64 { logSlot >= 0 ? time &>> logSlot : time / slot }

  /// The first free slot at or after a time; it may lie beyond the window, where all are free.
  @inline(__always)
  private func slotNumber(_ time: Ticks) -> Int64 {
    var number = max(number(of: time), base)
    while number < base &+ Self.slots {
      let place = Int(number & (Self.slots &- 1))
      let free = ~taken[place &>> 6] &>> UInt64(place & 63)
      if free != 0 { return number &+ Int64(free.trailingZeroBitCount) }
      number = (number | 63) &+ 1
    }
    return number
  }

  @inline(__always)
  private func isTaken(_ number: Int64) -> Bool {
    guard number < base &+ Self.slots else { return false }
    let place = Int(number & (Self.slots &- 1))
    return taken[place &>> 6] &>> UInt64(place & 63) & 1 != 0
  }

  /// The first free span at or after a time.
  @inline(__always)
  func firstFree(_ time: Ticks) -> Ticks { max(slotNumber(time) &* slot, time) }

  /// The first of so many free spans in a row at or after a time.
  func firstFree(_ time: Ticks, spans: Int64) -> Ticks {
    var number = slotNumber(time)
    var free: Int64 = 1
    while free < spans {
      if isTaken(number &+ free) {
        number = slotNumber((number &+ free) &* slot)
        free = 1
      } else {
        free &+= 1
      }
    }
    return max(number &* slot, time)
  }

  /// Takes the first free span at or after a time.
  @inline(__always)
  mutating func reserve(_ time: Ticks) -> Ticks {
    let number = slotNumber(time)
    if number >= base &+ Self.slots { slide(to: number) }
    let place = Int(number & (Self.slots &- 1))
    taken[place &>> 6] |= 1 &<< UInt64(place & 63)
    return max(number &* slot, time)
  }

  /// Takes the spans from a time on; those that lie beyond half of the window may be given away again.
  mutating func reserve(_ time: Ticks, spans: Int64) {
    for k in 0..<min(spans, Self.slots / 2) { _ = reserve(time &+ k &* slot) }
  }

  /// Moves the window on so that a slot lies in it; what falls out of it is past.
  @inline(never)
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
