import RVDecoder

/// What a core has to know of an instruction, by its row: 28 bytes, for the loop that sees every instruction.
struct OpCost {
  /// Bases of registers by slot; those that are not there lead to places that are always ready, or that nobody reads.
  static let nothing: UInt8 = 128
  static let nowhere: UInt8 = 192

  /// How a unit is found.
  enum Search: UInt8 {
    /// There is always one: as many as instructions may begin in a cycle, and each does one every cycle.
    case none
    /// There is one, and work comes in order.
    case one
    case several
    /// Out of order: by the calendar of the sort, whose number is in place of the first unit's.
    case calendar
  }

  var kind: OpFacts.Kind
  var rs1: UInt8
  var rs2: UInt8
  var rs3: UInt8
  /// What a store stores, by its second source.
  var data: UInt8
  /// Whether `rs3` counts from the destination, which is read as well: no instruction has both.
  var readsDestination: Bool
  var rd: UInt8
  /// The destination where nobody may overtake its writer, in order.
  var earlier: UInt8
  var hasResult: Bool
  var isIndirect: Bool
  var search: Search
  /// Units that may do it: the first, and one behind the last.
  var firstUnit: UInt8
  var endUnit: UInt8
  var latency: Int32
  var interval: Int32

  init(_ facts: OpFacts, _ machine: Machine, _ starts: [Int]) {
    func base(_ base: UInt8) -> UInt8 { base == OpFacts.none ? Self.nothing : base }
    kind = facts.kind
    rs1 = base(facts.rs1)
    rs2 = facts.kind == .store ? Self.nothing : base(facts.rs2)
    data = base(facts.rs2)
    readsDestination = facts.readsDestination && facts.rd != OpFacts.none
    rs3 = readsDestination ? facts.rd : base(facts.rs3)
    hasResult = facts.rd != OpFacts.none
    rd = hasResult ? facts.rd : Self.nowhere
    earlier = hasResult && machine.pipeline == .inOrder ? facts.rd : Self.nothing
    isIndirect = facts.isIndirect
    let cost = machine.costs[Int(facts.work)]
    firstUnit = UInt8(truncatingIfNeeded: starts[cost.unit])
    endUnit = UInt8(truncatingIfNeeded: starts[cost.unit + 1])
    latency = Int32(truncatingIfNeeded: cost.latency)
    interval = Int32(truncatingIfNeeded: cost.interval)
    let count = machine.units[cost.unit].count
    let isPlain = machine.costs.allSatisfy { $0.unit != cost.unit || $0.interval == .perCycle }
    if machine.pipeline == .outOfOrder {
      search = .calendar
      firstUnit = UInt8(truncatingIfNeeded: cost.unit)
    } else {
      search = isPlain && count >= machine.issueWidth ? .none : count == 1 ? .one : .several
    }
  }
}

/// When a register can be read, and what it waits for, in one number: the later one is the greater.
struct Ready {
  var bits: Int64
  @inline(__always) init(_ time: Ticks, _ reason: Core.Reason) { bits = time &<< 3 | Int64(reason.rawValue) }
  @inline(__always) init(bits: Int64) { self.bits = bits }
  @inline(__always) var time: Ticks { bits &>> 3 }
  @inline(__always) var reason: Core.Reason { Core.Reason(rawValue: UInt8(truncatingIfNeeded: bits & 7)) }
}
