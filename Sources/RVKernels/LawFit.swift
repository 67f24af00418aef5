import RVDecoder
import RVModels

/// Fits the laws of a machine's vector unit to a table of measured loops: class by class, one number after the other, towards the least mean
/// absolute error. The same table gives the same laws.
public struct LawFit {
  /// Loops that the model cannot tell apart, with what was measured of them.
  private struct Case {
    var estimate: LoopEstimate
    var measured: [Double]
  }

  public struct Class: Sendable {
    public var name: String
    public var law: ClassLaw
    public var error: Double
    public var rows: Int
  }

  private var cases: [String: [Case]] = [:]
  public private(set) var machine: Machine
  public private(set) var classes: [Class] = []

  public init(_ machine: Machine, decoder: Decoder) {
    self.machine = machine
    self.decoder = decoder
  }

  private let decoder: Decoder

  public mutating func add(_ row: LoopTable.Row) {
    guard let measured = row.measured, let loop = try? InstructionLoop(row),
      let estimate = loop.estimate(decoder, vlen: machine.vlen),
      let name = estimate.className
    else { return }
    if let index = cases[name]?.firstIndex(where: { $0.estimate.isLike(estimate) }) {
      cases[name]?[index].measured.append(measured)
    } else {
      cases[name, default: []].append(Case(estimate: estimate, measured: [measured]))
    }
  }

  public var names: [String] { cases.keys.sorted() }

  /// Fits one class and keeps the law.
  public mutating func fit(_ name: String) {
    guard let cases = cases[name], machine.law(name) != nil else { return }
    var machine = machine
    let pad = LoopPad(machine)
    func error(_ law: ClassLaw) -> Double {
      machine.setLaw(name, law)
      pad.use(machine)
      var (sum, count) = (0.0, 0)
      for one in cases {
        let predicted = Double(one.estimate.ticks(pad)) / Double(Ticks.perCycle) / 64
        for value in one.measured { sum += abs(predicted / value - 1) }
        count += one.measured.count
      }
      // A number more has to be worth it: a law that bends to every row says nothing about rows that it has not seen.
      return sum / Double(count) + Double(law.complexity) * 2e-3 + Double(law.weight) * 1e-7
    }
    var best: (law: ClassLaw, error: Double)?
    for start in Self.starts(machine) {
      var law = start
      var least = error(law)
      var improved = true
      var rounds = 0
      while improved, rounds < 4 {
        improved = false
        rounds += 1
        for move in ClassLaw.moves {
          // As long as it helps.
          while let next = move(law), next.isValid(machine) {
            let value = error(next)
            guard value < least - 1e-9 else { break }
            (law, least, improved) = (next, value, true)
          }
        }
      }
      if best == nil || least < best?.error ?? 0 { best = (law, least) }
    }
    guard let best else { return }
    self.machine.setLaw(name, best.law)
    classes.append(Class(name: name, law: best.law, error: best.error, rows: cases.map(\.measured.count).reduce(0, +)))
  }

  /// What the fitted machine makes of a row.
  public func predict(_ row: LoopTable.Row) -> (measured: Double, predicted: Double)? {
    guard let measured = row.measured, let loop = try? InstructionLoop(row),
      let estimate = loop.estimate(decoder, vlen: machine.vlen)
    else { return nil }
    return (measured, Double(estimate.ticks(machine)) / Double(Ticks.perCycle) / 64)
  }

  /// Where to begin: a few plain laws.
  private static func starts(_ machine: Machine) -> [ClassLaw] {
    var all: [ClassLaw] = []
    for pipes in Set([1, machine.vector?.pipes ?? 1]).sorted() {
      var plain = ClassLaw()
      (plain.pipes, plain.maskedPipes) = (pipes, 1)
      all.append(plain)
      var other = plain
      (other.beat, other.square) = (.zero, .perCycle)
      all.append(other)
      other = plain
      other.chains = false
      all.append(other)
    }
    return all
  }
}

extension Machine {
  /// The law of a class by its name in a machine file.
  func law(_ name: String) -> ClassLaw? {
    if name == "vloadsegment-wide" { return vector?.wideLoads ?? law("vloadsegment") }
    if name == "vstoresegment-wide" { return vector?.wideStores ?? law("vstoresegment") }
    guard let index = Work.allCases.firstIndex(where: { $0.rawValue == name }) else { return nil }
    return vector?.laws[index]
  }

  mutating func setLaw(_ name: String, _ law: ClassLaw) {
    if name == "vloadsegment-wide" { vector?.wideLoads = law; return }
    if name == "vstoresegment-wide" { vector?.wideStores = law; return }
    guard let index = Work.allCases.firstIndex(where: { $0.rawValue == name }) else { return }
    vector?.laws[index] = law
  }
}

extension ClassLaw {
  /// How many of its numbers differ from those of the plainest law.
  var complexity: Int {
    let plain = ClassLaw()
    var count =
      (start != 0 ? 1 : 0) + (maskedStart != 0 ? 1 : 0) + (square != 0 ? 1 : 0) + (fold != 0 ? 1 : 0) + (element != 0 ? 1 : 0)
    count +=
      (least != plain.least ? 1 : 0) + (latency != plain.latency ? 1 : 0) + (misaligned != 0 ? 1 : 0)
      + (fixedRegisters != 0 ? 1 : 0)
    count += chains ? 0 : 1
    // A beat for all sizes, or one that differs for some.
    let common = beat[0]
    count += common != plain.beat[0] ? 1 : 0
    for size in 1..<4 where beat[size] != common { count += 1 }
    return count
  }

  /// How large its numbers are.
  var weight: Int64 {
    var weight =
      abs(start) + abs(maskedStart) + square + abs(fold) + element + least + latency + misaligned + Int64(fixedRegisters)
    weight += beat.wrappedSum()
    weight += beat.min() != beat.max() ? 50 : 0
    return weight + Int64(pipes + maskedPipes) + (chains ? 0 : 4)
  }

  func isValid(_ machine: Machine) -> Bool {
    let most = machine.vector?.pipes ?? 1
    return (1...most).contains(pipes) && (1...most).contains(maskedPipes) && square >= 0 && element >= 0 && least >= 0
      && latency >= 0
      && misaligned >= 0 && beat.min() >= 0 && (0...64).contains(fixedRegisters)
  }

  typealias Move = @Sendable (ClassLaw) -> ClassLaw?

  /// One step in each direction of each number.
  static let moves: [Move] = {
    var moves: [Move] = []
    func add(_ change: @escaping @Sendable (inout ClassLaw) -> Void) {
      moves.append { law in
        var next = law
        change(&next)
        return next == law ? nil : next
      }
    }
    add { $0.pipes = 1 }
    add { $0.pipes = 2 }
    add { $0.maskedPipes = 1 }
    add { $0.maskedPipes = 2 }
    add { $0.chains = true }
    add { $0.chains = false }
    for registers in [0, 8, 16, 32, 64] { add { $0.fixedRegisters = registers } }
    for step: Ticks in [32, 8, 2, 1] {
      for sign: Ticks in [1, -1] {
        let by = step * sign
        add { $0.start += by }
        add { $0.maskedStart += by }
        add { $0.beat = $0.beat &+ by }
        for size in 0..<4 { add { $0.beat[size] += by } }
        add { $0.latency += by }
        add { $0.least += by }
        add { $0.fold += by }
        add { $0.square += by }
        add { $0.element += by }
        add { $0.misaligned += by }
        add { law in
          law.start -= by; law.beat = law.beat &+ by
        }
        add { law in
          law.latency += by; law.start -= by
        }
        add { law in
          law.start += by; law.maskedStart -= by
        }
      }
    }
    return moves
  }()
}
