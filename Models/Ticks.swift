/// Time in the model: whole ticks, so that the same program has the same cycles on every host. There is no floating point where time passes.
public typealias Ticks = Int64

extension Ticks {
  /// Ticks of a cycle.
  public static let perCycle: Ticks = 8

  /// The first whole cycle that is not before this.
  @inline(__always)
  var roundedUpToCycle: Ticks { (self &+ (.perCycle &- 1)) & ~(.perCycle &- 1) }

  /// The cycle in which it lies.
  @inline(__always)
  var roundedDownToCycle: Ticks { self & ~(.perCycle &- 1) }

  /// Whole cycles, a begun one counted.
  @inline(__always)
  var cycles: Int64 { (self &+ (.perCycle &- 1)) >> 3 }
}
