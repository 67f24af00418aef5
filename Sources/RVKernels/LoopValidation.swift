import RVDecoder
import RVExec
import RVLoader
import RVModels

/// Runs the loops of a table on a machine, as ordinary programs.
public struct LoopValidation {
  public struct Result: Sendable {
    public var row: LoopTable.Row
    public var work: Work
    /// Cycles an instruction.
    public var predicted: Double
  }

  /// Why a row could not be run.
  public struct Skipped: Sendable {
    public var row: LoopTable.Row
    public var reason: String
  }

  public private(set) var results: [Result] = []
  public private(set) var skipped: [Skipped] = []
  private let machine: Machine
  private let isa: ISA

  public init(_ machine: Machine, isa: ISA) {
    self.machine = machine
    self.isa = isa
  }

  /// Runs one row's loop.
  /// - Parameter keep: gets the program.
  public mutating func run(_ row: LoopTable.Row, keep: (LoopTable.Row, [UInt8]) -> Void = { _, _ in }) {
    let loop: InstructionLoop
    do throws(InstructionLoop.Problem) {
      loop = try InstructionLoop(row)
    } catch {
      skipped.append(
        .init(row: row, reason: error == .unknownInstruction ? "no such instruction" : "operands that it does not have"))
      return
    }
    let program = LoopProgram(loop)
    keep(row, program.bytes)
    guard let ticks = Self.ticks(program.bytes, machine, isa) else {
      skipped.append(.init(row: row, reason: "the loop does not run on this ISA"))
      return
    }
    results.append(
      .init(
        row: row, work: loop.info.work, predicted: Double(ticks) / Double(Ticks.perCycle) / Double(InstructionLoop.instructions)))
  }

  /// Time of a program's region of interest; `nil` if it does not end well.
  static func ticks(_ bytes: [UInt8], _ machine: Machine, _ isa: ISA) -> Ticks? {
    var options = LinuxOptions()
    options.stackSize = 64 << 10
    guard let image = try? Image(bytes: bytes, name: "loop"),
      let system = try? LinuxUser.system(image, isa: isa, arguments: ["loop"], environment: [], options: options)
    else { return nil }
    let model = TimingModel(machine)
    TimingObserver(model).attach(to: system)
    guard case .exited(0) = system.run(limit: 100_000_000) else { return nil }
    return model.region?.time
  }
}

/// How far predictions are from measurements.
public struct LoopScore: Sendable {
  public var rows = 0
  /// Fractions of one: mean and median absolute error, share within a tenth, mean of predicted over measured less one.
  public var mape = 0.0
  public var median = 0.0
  public var within10 = 0.0
  public var bias = 0.0
  /// Kendall's tau-b.
  public var tau = 0.0

  /// - Parameter pairs: measured and predicted.
  public init(_ pairs: [(measured: Double, predicted: Double)]) {
    rows = pairs.count
    guard !pairs.isEmpty else { return }
    let errors = pairs.map { $0.predicted / $0.measured - 1 }
    let sizes = errors.map(abs).sorted()
    mape = sizes.reduce(0, +) / Double(rows)
    median = rows % 2 == 1 ? sizes[rows / 2] : (sizes[rows / 2 - 1] + sizes[rows / 2]) / 2
    within10 = Double(sizes.filter { $0 <= 0.1 }.count) / Double(rows)
    bias = errors.reduce(0, +) / Double(rows)
    tau = Self.tau(pairs)
  }

  /// In n log n steps: pairs in the order of what was measured, exchanges counted while they are sorted by what was predicted.
  private static func tau(_ pairs: [(measured: Double, predicted: Double)]) -> Double {
    let n = pairs.count
    guard n > 1 else { return 0 }
    let sorted = pairs.sorted { $0.measured != $1.measured ? $0.measured < $1.measured : $0.predicted < $1.predicted }
    func ties(_ values: [Double]) -> Double {
      var (total, run) = (0.0, 1.0)
      for k in 1..<values.count {
        if values[k] == values[k - 1] { run += 1 } else { total += run * (run - 1) / 2; run = 1 }
      }
      return total + run * (run - 1) / 2
    }
    let all = Double(n) * Double(n - 1) / 2
    let tiedMeasured = ties(sorted.map(\.measured))
    var both = 0.0
    var run = 1.0
    for k in 1..<n {
      if sorted[k] == sorted[k - 1] { run += 1 } else { both += run * (run - 1) / 2; run = 1 }
    }
    both += run * (run - 1) / 2
    var values = sorted.map(\.predicted)
    var spare = values
    var exchanges = 0.0
    func sort(_ from: Int, _ to: Int) {
      if to - from < 2 { return }
      let middle = (from + to) / 2
      sort(from, middle)
      sort(middle, to)
      var (i, j, k) = (from, middle, from)
      while i < middle || j < to {
        if j == to || i < middle && values[i] <= values[j] {
          spare[k] = values[i]
          i += 1
        } else {
          spare[k] = values[j]
          exchanges += Double(middle - i)
          j += 1
        }
        k += 1
      }
      for k in from..<to { values[k] = spare[k] }
    }
    sort(0, n)
    let tiedPredicted = ties(values)
    let concordantLessDiscordant = all - tiedMeasured - tiedPredicted + both - 2 * exchanges
    let scale = ((all - tiedMeasured) * (all - tiedPredicted)).squareRoot()
    return scale > 0 ? concordantLessDiscordant / scale : 0
  }
}
