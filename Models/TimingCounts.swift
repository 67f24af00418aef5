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
  public func since(_ start: TimingCounts) -> TimingCounts { merged(start, { $0 &- $1 }, { $0 &- $1 }) }

  /// Together with those of another stretch.
  func adding(_ other: TimingCounts) -> TimingCounts { merged(other, { $0 &+ $1 }, { $0 &+ $1 }) }

  private static let numbers: [WritableKeyPath<TimingCounts, UInt64> & Sendable] = [
    \.instructions, \.branches, \.mispredicted, \.vectorInstructions, \.vectorConfigurations, \.vectorElements, \.vectorCapacity,
  ]
  private static let times: [WritableKeyPath<TimingCounts, Ticks> & Sendable] = [
    \.frontEnd, \.badSpeculation, \.memory, \.vector, \.matrix, \.scalar,
  ]

  private func merged(_ other: TimingCounts, _ numbers: (UInt64, UInt64) -> UInt64, _ times: (Ticks, Ticks) -> Ticks)
    -> TimingCounts
  {
    var result = self
    for path in Self.numbers { result[keyPath: path] = numbers(self[keyPath: path], other[keyPath: path]) }
    for path in Self.times { result[keyPath: path] = times(self[keyPath: path], other[keyPath: path]) }
    return result
  }
}
