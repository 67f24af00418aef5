import RVDecoder

/// Cycles of a loop straight from the model, without a program: what fits are made with.
public struct LoopEstimate {
  let ops: [Op]
  let state: VectorState
  let vlen: Int
  let runs: [MemoryRun]

  /// - Parameters:
  ///   - words: the loop, with its closing branch.
  ///   - vector: vl and vtype.
  ///   - runs: accesses of each memory instruction of the body.
  public init?(words: [UInt32], decoder: Decoder, vector: VectorStateChange, vlen: Int, runs: [MemoryRun]) {
    var ops: [Op] = []
    for word in words {
      let op = decoder.decode(word)
      guard op.id != Op.noID else { return nil }
      ops.append(op)
    }
    self.ops = ops
    state = VectorState(vector, vlen: vlen)
    self.vlen = vlen
    self.runs = runs
  }

  /// The class that the body is priced as, by its name in machine files; `nil` if it is no vector work.
  public var className: String? {
    let facts = OpFacts.shared[Int(ops[0].id)]
    let work = Work.allCases[Int(facts.work)]
    guard work.isVector else { return nil }
    return work.rawValue + (facts.mayBeWide && Int(ops[0].imm) + 1 > OpFacts.widestNarrow ? "-wide" : "")
  }

  /// What its laws count on a machine: beats and elements of an instruction, SEW, and whether v0 masks it.
  public func size(on machine: Machine) -> (beats: Int64, elements: Int64, logSEW: Int, isMasked: Bool)? {
    guard let vector = machine.vector else { return nil }
    let row = OpFacts.shared[Int(ops[0].id)]
    var law = ClassLaw()
    law.least = 0
    let beats = VectorPlan(ops[0], row, vector, law, state, vlen: vlen).length / .perCycle
    (law.beat, law.element) = (.zero, .perCycle)
    let elements = VectorPlan(ops[0], row, vector, law, state, vlen: vlen).length / .perCycle
    return (max(beats, 1), max(elements, 1), min(state.logSEW, 3), ops[0].aux & 1 == 0)
  }

  /// Whether it makes no difference to the model which of two loops runs.
  public func isLike(_ other: LoopEstimate) -> Bool {
    func same(_ a: Op, _ b: Op) -> Bool {
      let (x, y) = (OpFacts.shared[Int(a.id)], OpFacts.shared[Int(b.id)])
      return x.work == y.work && x.vd == y.vd && x.vs1 == y.vs1 && x.vs2 == y.vs2 && x.vs3 == y.vs3 && x.readsVD == y.readsVD
        && x.rd == y.rd
        && x.readsV0 == y.readsV0 && a.aux & 1 == b.aux & 1 && a.rd == b.rd && a.rs1 == b.rs1 && a.rs2 == b.rs2
        && (!x.hasFields || a.imm == b.imm)
    }
    return ops.count == other.ops.count && same(ops[0], other.ops[0]) && same(ops[1], other.ops[1]) && state.vl == other.state.vl
      && state.lmul == other.state.lmul && state.logSEW == other.state.logSEW && runs == other.runs
  }

  /// A machine that does such loops in the same time, and is built faster: they stay in the first cache and foresee their branch.
  public static func lean(_ machine: Machine) -> Machine {
    var lean = machine
    (lean.l1i, lean.l2, lean.l3, lean.translation) = (nil, nil, nil, nil)
    lean.frontEnd.predictor = .perfect
    (lean.frontEnd.logEntries, lean.frontEnd.targets) = (1, 1)
    return lean
  }

  /// Ticks of a round, in the steady state.
  public func ticks(_ machine: Machine) -> Ticks {
    let pad = LoopPad(machine)
    return ticks(pad)
  }

  /// The same on a machine that is there already.
  public func ticks(_ pad: LoopPad) -> Ticks {
    let core = pad.core
    core.pointee.restart()
    var start: Ticks = 0
    let (warm, rounds) = (2, 2)
    ops.withUnsafeBufferPointer { ops in
      runs.withUnsafeBufferPointer { runs in
        guard let base = ops.baseAddress else { return }
        let accesses = runs.baseAddress ?? UnsafePointer(pad.nothing)
        for round in 0..<warm + rounds {
          if round == warm { start = core.pointee.clock.now }
          for index in 0..<ops.count {
            let isLast = index + 1 == ops.count
            let pc = 0x10000 &+ UInt64(index &* 4)
            let isMemory = OpFacts.shared[Int(ops[index].id)].kind.isVectorMemory
            core.pointee.step(
              base + index, pc: pc, taken: isLast, next: isLast ? 0x10000 : pc &+ 4,
              runs: Core.Runs(base: accesses, count: isMemory ? runs.count : 0), state)
          }
        }
      }
    }
    return (core.pointee.clock.now &- start) / Ticks(rounds)
  }
}

/// A machine on which loops are tried one after the other, with other laws.
public final class LoopPad {
  let core: UnsafeMutablePointer<Core>
  let nothing: UnsafeMutablePointer<MemoryRun>

  public init(_ machine: Machine) {
    core = .allocate(capacity: 1)
    core.initialize(to: Core(LoopEstimate.lean(machine), pages: .none))
    nothing = .allocate(capacity: 1)
    nothing.initialize(to: MemoryRun(address: 0, width: 1, kind: .load))
  }

  deinit {
    core.pointee.free()
    core.deallocate()
    nothing.deallocate()
  }

  /// Other laws from now on.
  public func use(_ machine: Machine) {
    if let vector = machine.vector { core.pointee.restart(vector) }
  }
}
