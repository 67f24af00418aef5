/// Spike's time. It stands still while a hart has its turn, and moves 50 ticks on when the turn is over: after 5,000 instructions, with a
/// trap, with wfi. (`sim_t::step`, `processor_t::step`.) Lock-step puts it in the place of our own, so that timers are the same on both sides.
struct SpikeClock {
  /// mtime.
  private(set) var time: UInt64 = 0
  /// Turns of the hart before this one.
  private(set) var turn = 0
  /// Instructions in this turn.
  private var count = 0

  private static let instructionsPerTurn = 5000
  private static let ticksPerTurn: UInt64 = 50

  mutating func retire(endsTurn: Bool = false) {
    count += 1
    if endsTurn || count == Self.instructionsPerTurn { endTurn() }
  }

  mutating func endTurn() {
    count = 0
    turn += 1
    time &+= Self.ticksPerTurn
  }

  /// The program has written mtime.
  mutating func set(_ value: UInt64) { time = value }
}
