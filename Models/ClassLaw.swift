/// What one kind of vector work costs on a machine, as a law of the operands' size. Times are ticks.
///
/// Beats are the steps in which a pipe goes through the widest register group: EMUL · VLEN / DLEN, at least one. The time on one pipe is
/// `start + beat[SEW] · beats + square · beats · beats of the destination + fold · log2(64 / SEW) + element · elements`, at least `least`.
public struct ClassLaw: Sendable, Hashable {
  /// Pipes that may do it: the first alone, or any. Work goes to several at once where they are free.
  public var pipes = 1
  /// The same when v0 masks it.
  public var maskedPipes = 1
  public var start: Ticks = 0
  /// More of it when masked.
  public var maskedStart: Ticks = 0
  /// For SEW 8, 16, 32, 64.
  public var beat = SIMD4<Ticks>(repeating: .perCycle)
  public var square: Ticks = 0
  public var fold: Ticks = 0
  public var element: Ticks = 0
  public var least: Ticks = .perCycle
  /// From the start to the first beat of the result.
  public var latency: Ticks = 4 * .perCycle
  /// Results can be used beat by beat; otherwise when all are there.
  public var chains = true
  /// More of it for a memory access that does not begin at a multiple of DLEN.
  public var misaligned: Ticks = 0
  /// Beats are counted as if every operation took this many eighths of a register; 0: as the operands are.
  public var fixedRegisters: Int = 0

  public init() {}

  /// Reads it from a machine file.
  init(_ table: MachineTable) throws(MachineError) {
    let time: ClosedRange<Int64> = -(1 << 20)...(1 << 20)
    pipes = Int(try table.number("pipes", .count, 1...8) ?? 1)
    maskedPipes = Int(try table.number("masked-pipes", .count, 1...8) ?? Int64(pipes))
    start = try table.number("start", .time, time) ?? 0
    maskedStart = try table.number("masked-start", .time, time) ?? 0
    if let numbers = try table.numbers("beat", .time, count: 4, 0...(1 << 20)) { beat = SIMD4(numbers) }
    square = try table.number("square", .time, 0...(1 << 20)) ?? 0
    fold = try table.number("fold", .time, time) ?? 0
    element = try table.number("element", .time, 0...(1 << 20)) ?? 0
    least = try table.number("least", .time, 0...(1 << 20)) ?? .perCycle
    latency = try table.number("latency", .time, 0...(1 << 20)) ?? latency
    misaligned = try table.number("misaligned", .time, 0...(1 << 20)) ?? 0
    chains = try table.choice("results", Results.self).map { $0 == .byBeat } ?? true
    fixedRegisters = Int(try table.number("registers", .count, 0...8) ?? 0) * 8
    try table.finish()
  }

  private enum Results: String, CaseIterable {
    case byBeat = "by beat"
    case whole = "whole"
  }

  /// Time on one pipe.
  @inline(__always)
  func time(beats: Int64, pairs: Int64, logSEW: Int, elements: Int64, isMasked: Bool) -> Ticks {
    var time = start &+ beat[logSEW] &* beats &+ square &* pairs &+ fold &* Int64(3 &- logSEW) &+ element &* elements
    if isMasked { time &+= maskedStart }
    return max(time, least)
  }
}
