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
    guard let cases = cases[name], let present = machine.law(name) else { return }
    var machine = machine
    let pad = LoopPad(machine)
    let count = Double(cases.map(\.measured.count).reduce(0, +))
    /// - Parameter bound: what comes out is of no interest above it.
    func error(_ law: ClassLaw, bound: Double = .infinity) -> Double {
      machine.setLaw(name, law)
      pad.use(machine)
      // A number more has to be worth it: a law that bends to every row says nothing about rows that it has not seen.
      let price = Double(law.complexity) * 2e-3 + Double(law.weight) * 1e-7
      var sum = 0.0
      for one in cases {
        let predicted = Double(one.estimate.ticks(pad)) / Double(Ticks.perCycle) / 64
        for value in one.measured { sum += abs(predicted / value - 1) }
        if sum / count + price > bound { return .infinity }
      }
      return sum / count + price
    }
    /// One number after the other, as long as it helps.
    func descend(_ start: (law: ClassLaw, error: Double), rounds: Int) -> (law: ClassLaw, error: Double) {
      var (law, least) = start
      for _ in 0..<rounds {
        let before = least
        for move in ClassLaw.moves {
          while let next = move(law), next.isValid(machine) {
            let value = error(next, bound: least)
            guard value < least - 1e-9 else { break }
            (law, least) = (next, value)
          }
        }
        if least == before { break }
      }
      return (law, least)
    }
    // A round from each of the promising beginnings, and on from the best.
    let starts = (Self.starts(machine) + [present] + slopes(cases)).filter { $0.isValid(machine) }
    let ranked = starts.map { (law: $0, error: error($0)) }.sorted { $0.error < $1.error }.prefix(8)
    let tried = ranked.map { descend($0, rounds: 1) }.sorted { $0.error < $1.error }.prefix(2)
    let best = tried.map { descend($0, rounds: 4) }.min { $0.error < $1.error }
    guard let best else { return }
    self.machine.setLaw(name, best.law)
    classes.append(Class(name: name, law: best.law, error: best.error, rows: Int(count)))
  }

  /// Laws whose time for a beat, or for an element, is what was measured: of masked instructions where there are any, which take one pipe at
  /// a time, and not of the largest groups, which wait for their own results.
  private func slopes(_ cases: [Case]) -> [ClassLaw] {
    var byBeat: [[Double]] = [[], [], [], []]
    var byElement: [Double] = []
    let anyMasked = cases.contains { $0.estimate.size(on: machine)?.isMasked == true }
    let largest = cases.compactMap { $0.estimate.size(on: machine)?.beats }.max() ?? 1
    var wait = 0.0
    for one in cases {
      guard let size = one.estimate.size(on: machine) else { continue }
      let mean = one.measured.reduce(0, +) / Double(one.measured.count) * Double(Ticks.perCycle)
      if size.beats == largest { wait = max(wait, mean) }
      guard size.isMasked == anyMasked, size.beats < largest || largest == 1 else { continue }
      byBeat[size.logSEW].append(mean / Double(size.beats))
      byElement.append(mean / Double(size.elements))
    }
    func median(_ values: [Double]) -> Ticks? { values.isEmpty ? nil : Ticks(values.sorted()[values.count / 2].rounded()) }
    guard let all = median(byBeat.flatMap { $0 }), let element = median(byElement) else { return [] }
    var bySize = ClassLaw(), same = ClassLaw(), elements = ClassLaw()
    for size in 0..<4 { bySize.beat[size] = median(byBeat[size]) ?? all }
    same.beat = SIMD4(repeating: all)
    (elements.beat, elements.element) = (.zero, element)
    var laws: [ClassLaw] = []
    for law in [same, bySize, elements] {
      for pipes in Set([1, machine.vector?.pipes ?? 1]).sorted() {
        for chains in [true, false] {
          var next = law
          (next.pipes, next.chains) = (pipes, chains)
          if !chains {
            let length = law == elements ? 0 : Ticks(largest) * all
            next.latency = max(.perCycle, min(Ticks(wait) - length, 32 * .perCycle))
          }
          laws.append(next)
        }
      }
    }
    return laws
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
    guard let (index, isWide) = Self.place(name) else { return nil }
    return (isWide ? vector?.wide[index] : nil) ?? vector?.laws[index]
  }

  mutating func setLaw(_ name: String, _ law: ClassLaw) {
    guard let (index, isWide) = Self.place(name) else { return }
    if isWide { vector?.wide[index] = law } else { vector?.laws[index] = law }
  }

  private static func place(_ name: String) -> (index: Int, isWide: Bool)? {
    let isWide = name.hasSuffix("-wide")
    let work = isWide ? String(name.dropLast(5)) : name
    return Work.allCases.firstIndex { $0.rawValue == work }.map { ($0, isWide) }
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
    for step: Ticks in [128, 32, 8, 2, 1] {
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
