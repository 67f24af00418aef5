/// What the model counted. Ticks where it says so.
public struct TimingCounts: Sendable, Hashable {
  public var instructions: UInt64 = 0
  public var branches: UInt64 = 0
  public var mispredicted: UInt64 = 0
  public var vectorInstructions: UInt64 = 0
  public var vectorConfigurations: UInt64 = 0
  public var vectorElements: UInt64 = 0
  public var vectorCapacity: UInt64 = 0
  /// Ticks in which nothing began, by reason: they and what is left make up the whole.
  public var frontEnd: Ticks = 0
  public var badSpeculation: Ticks = 0
  public var memory: Ticks = 0
  public var vector: Ticks = 0
  public var matrix: Ticks = 0
  public var scalar: Ticks = 0

  public init() {}

  /// What happened since an earlier moment.
  public func since(_ start: TimingCounts) -> TimingCounts {
    var r = self
    r.instructions &-= start.instructions
    r.branches &-= start.branches
    r.mispredicted &-= start.mispredicted
    r.vectorInstructions &-= start.vectorInstructions
    r.vectorConfigurations &-= start.vectorConfigurations
    r.vectorElements &-= start.vectorElements
    r.vectorCapacity &-= start.vectorCapacity
    r.frontEnd &-= start.frontEnd
    r.badSpeculation &-= start.badSpeculation
    r.memory &-= start.memory
    r.vector &-= start.vector
    r.matrix &-= start.matrix
    r.scalar &-= start.scalar
    return r
  }

  /// Together with those of another stretch.
  func adding(_ other: TimingCounts?) -> TimingCounts {
    guard let other else { return self }
    // a - (0 - b)
    return since(TimingCounts().since(other))
  }
}
