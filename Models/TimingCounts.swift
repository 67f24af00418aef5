import RVDecoder

/// What the model counts, by place. Ticks where it says so.
enum Tally: Int, CaseIterable {
  case instructions, branches, mispredicted, vectorInstructions, vectorConfigurations, vectorElements, vectorCapacity
  /// Ticks in which nothing began, by reason: they and what is left make up the whole.
  case frontEnd, badSpeculation, scalar, vector, matrix, l1, l2, l3, dram
}

/// What the model counted.
public struct TimingCounts: Sendable, Hashable {
  /// By ``Tally``, then instructions of each ``Work``, then ticks in which the vector unit was at it.
  private var values: [Int64]
  static let size = Tally.allCases.count + 2 * Work.allCases.count
  static let firstWork = Tally.allCases.count
  static let firstBeats = firstWork + Work.allCases.count

  public init() { values = Array(repeating: 0, count: Self.size) }
  init(_ values: UnsafeMutablePointer<Int64>) { self.values = Array(UnsafeBufferPointer(start: values, count: Self.size)) }

  private subscript(_ tally: Tally) -> Int64 { values[tally.rawValue] }
  private func number(_ tally: Tally) -> UInt64 { UInt64(self[tally]) }

  public var instructions: UInt64 { number(.instructions) }
  public var branches: UInt64 { number(.branches) }
  public var mispredicted: UInt64 { number(.mispredicted) }
  public var vectorInstructions: UInt64 { number(.vectorInstructions) }
  public var vectorConfigurations: UInt64 { number(.vectorConfigurations) }
  public var vectorElements: UInt64 { number(.vectorElements) }
  public var vectorCapacity: UInt64 { number(.vectorCapacity) }
  public var frontEnd: Ticks { self[.frontEnd] }
  public var badSpeculation: Ticks { self[.badSpeculation] }
  public var scalar: Ticks { self[.scalar] }
  public var vector: Ticks { self[.vector] }
  public var matrix: Ticks { self[.matrix] }
  /// Waiting for data, by where they came from.
  public func memory(_ level: MemoryLevel) -> Ticks { values[Tally.l1.rawValue + Int(level.rawValue)] }
  public var memory: Ticks { MemoryLevel.allCases.reduce(0) { $0 + memory($1) } }
  /// All ticks in which nothing began.
  public var lost: Ticks { frontEnd + badSpeculation + scalar + vector + matrix + memory }
  /// Instructions of a kind.
  public func instructions(of work: Work) -> UInt64 { UInt64(values[Self.firstWork + (Work.allCases.firstIndex(of: work) ?? 0)]) }
  /// Ticks in which the vector unit was at a kind, all pipes together.
  public func vectorTime(of work: Work) -> Ticks { values[Self.firstBeats + (Work.allCases.firstIndex(of: work) ?? 0)] }

  /// What happened since an earlier moment.
  public func since(_ start: TimingCounts) -> TimingCounts { combined(start) { $0 &- $1 } }

  /// Together with those of another stretch.
  func adding(_ other: TimingCounts) -> TimingCounts { combined(other) { $0 &+ $1 } }

  private func combined(_ other: TimingCounts, _ change: (Int64, Int64) -> Int64) -> TimingCounts {
    var result = self
    for index in values.indices { result.values[index] = change(values[index], other.values[index]) }
    return result
  }
}
