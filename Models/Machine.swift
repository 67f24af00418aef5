import RVDecoder

/// A machine, as its file describes it. Times are ticks.
public struct Machine: Sendable {
  public enum Pipeline: String, Sendable, CaseIterable {
    case inOrder = "in-order"
    case outOfOrder = "out-of-order"
  }

  public var name = ""
  /// One line: what it is.
  public var title = ""
  /// The file it was read from.
  public var file = ""
  public var hertz: Int64 = 1_000_000_000
  /// As `--isa` takes it.
  public var isa = "max"
  public var vlen = 128
  /// What it was compared with, and what came out, in words.
  public var validation: [String] = []
  /// Mean absolute error of whole kernels against silicon, in per mille; `nil` where nobody has measured it.
  public var kernelError: Int?
  public var tableError: Int?
  public var frontEnd = FrontEnd()
  public var pipeline = Pipeline.inOrder
  /// Instructions that may begin in a cycle.
  public var issueWidth = 1
  /// Of an out-of-order core.
  public var reorderBuffer = 64
  public var loadQueue = 16
  public var storeQueue = 8
  public var units: [ScalarUnit] = []
  /// By ``Work``, in the order of its cases.
  public var costs: [ScalarCost] = []
  public var vector: VectorParameters?
  public var l1i: CacheParameters?
  public var l1d: CacheParameters?
  public var l2: CacheParameters?
  public var l3: CacheParameters?
  public var memory = MemoryParameters()
  public var translation: TranslationParameters?
  public var matrix: MatrixParameters?
  /// All figures of the file, in its order.
  public var values: [MachineValue] = []
}

/// How instructions come.
public struct FrontEnd: Sendable, Hashable {
  public enum Predictor: String, Sendable, CaseIterable { case perfect, taken, bimodal, gshare, tage }
  public var predictor = Predictor.bimodal
  /// log2 of the entries.
  public var logEntries = 10
  public var historyBits = 8
  public var targets = 64
  public var returns = 8
  /// Cycles lost behind a taken branch that was foreseen.
  public var takenBubble: Ticks = 0
  public var mispredict: Ticks = 8 * .perCycle
  /// Bytes a cycle.
  public var fetchBytes = 16
}

/// Units of one sort: each begins an operation every `interval` of its cost.
public struct ScalarUnit: Sendable, Hashable {
  public var name: String
  public var count: Int
}

/// What a kind of scalar work costs.
public struct ScalarCost: Sendable, Hashable {
  /// Index in ``Machine/units``.
  public var unit = 0
  public var latency: Ticks = .perCycle
  public var interval: Ticks = .perCycle
}

public struct VectorParameters: Sendable {
  /// Bits a pipe handles in a cycle.
  public var dlen = 64
  public var pipes = 1
  /// Between the starts of two operations.
  public var interval: Ticks = .perCycle
  /// From issue to the earliest start.
  public var delay: Ticks = 0
  /// Operations that may wait.
  public var queue = 8
  /// Operations begin in program order; else when operands are there, and registers are renamed.
  public var isInOrder = true
  /// Loads and stores that may be on their way at once.
  public var memoryPipes = 1
  /// Time follows VLMAX, not vl.
  public var followsVLMAX = true
  /// The destination is read whatever the policy says: agnostic is done as undisturbed.
  public var readsDestination = true
  /// Pipes for operations with a mask that takes a whole register, and what they take longer on them.
  public var wholeMaskPipes = 1
  public var wholeMaskStart: Ticks = 0
  /// vsetvli: until vl can be used.
  public var configuration: Ticks = .perCycle
  /// By ``Work``; `nil` for kinds that are not vector work.
  public var laws: [ClassLaw] = []
  /// The same for segment accesses of more than four fields, where they have laws of their own.
  public var wide: [ClassLaw?] = []
}

public struct CacheParameters: Sendable, Hashable {
  public var size: Int64 = 32 << 10
  public var ways = 4
  public var line = 64
  /// From the request to the data on a hit, on top of what came before.
  public var latency: Ticks = 2 * .perCycle
  /// Misses in flight.
  public var misses = 4
  /// Between the starts of two accesses.
  public var interval: Ticks = .perCycle
  /// Streams of lines that are fetched ahead, and how far.
  public var streams = 0
  public var ahead = 0
  /// Behind so many neighbouring lines that stores missed, lines are taken without being read first; 0: never.
  public var storeStream = 0
  /// How long a miss keeps its place among those in flight when its data are there: the line is put away.
  public var refill: Ticks = 0
  /// Which line goes.
  public var replacement = Replacement.lru

  public enum Replacement: String, Sendable, CaseIterable {
    /// The one that was used least recently.
    case lru
    /// The one that came first.
    case fifo
    /// Any one; the same ones on every run.
    case random
  }
}

public struct MemoryParameters: Sendable, Hashable {
  public var latency: Ticks = 100 * .perCycle
  /// 1/8 bytes a cycle.
  public var bandwidth: Int64 = 8 * 4
}

public struct TranslationParameters: Sendable, Hashable {
  public var entries = 32
  public var secondEntries = 0
  public var secondLatency: Ticks = 0
  public var levels = 3
}

/// The matrix unit. Nobody has measured one: what comes out is labelled uncalibrated.
public struct MatrixParameters: Sendable, Hashable {
  /// Multiply-adds of bytes in a cycle.
  public var multiplyAdds = 1024
  public var latency: Ticks = 8 * .perCycle
  /// 1/8 bytes a cycle.
  public var bandwidth: Int64 = 8 * 64
  /// Sets of tile registers: with two, loads go on beside products.
  public var sets = 2
}
