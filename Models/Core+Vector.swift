import RVDecoder

/// Vector instructions: what each asks of the vector unit.
extension Core {
  /// - Returns: when the result, or the last of it, is there, and where a load had its data from.
  mutating func vectorWork(_ op: UnsafePointer<Op>, _ kind: OpFacts.Kind, _ runs: Runs, _ state: VectorState, at time: Ticks) -> (
    end: Ticks, source: Reason
  ) {
    guard let vector else { return (time &+ .perCycle, .vector) }
    tally[Tally.vectorInstructions.rawValue] &+= 1
    tally[Tally.vectorElements.rawValue] &+= state.vl
    tally[Tally.vectorCapacity.rawValue] &+= state.vlmax
    let plan = plan(op, state)
    tally[TimingCounts.firstWork + Int(facts[Int(op.pointee.id)].work)] &+= 1
    let beats = tally + TimingCounts.firstBeats + Int(facts[Int(op.pointee.id)].work)
    guard kind != .vector else {
      let outcome = vector.pointee.issue(plan, at: time)
      beats.pointee &+= outcome.length &* outcome.pipes
      return (outcome.last &+ .perCycle, .vector)
    }
    let isStore = kind == .vectorStore
    let isAside = plan.pointee.misaligned != 0 && runs.count > 0 && runs.base.pointee.address & dlenMask != 0
    let outcome = vector.pointee.issueMemory(plan, more: isAside ? plan.pointee.misaligned : 0, isStore: isStore, at: time)
    beats.pointee &+= outcome.length
    let data = vectorAccess(runs, at: outcome.start, length: outcome.length, isStore: isStore)
    if isStore { return (max(outcome.last, outcome.start), .vector) }
    // The law's latency is that of a hit.
    let hit = hierarchy.l1d.pointee.latency
    let late = max(0, data.last &- hit &- outcome.start &- outcome.length)
    if late > 0 {
      vector.pointee.late(
        plan.pointee.destination, first: outcome.first &+ max(0, data.first &- hit &- outcome.start), last: outcome.last &+ late)
    }
    return (outcome.last &+ late, late > 0 ? Reason(data.source) : .vector)
  }

  /// The plan of an op, made once for each state in which it runs, or nearly so: the table may hold another one in its place.
  @inline(__always)
  private mutating func plan(_ op: UnsafePointer<Op>, _ state: VectorState) -> UnsafePointer<VectorPlan> {
    let bits = UnsafeRawPointer(op).assumingMemoryBound(to: UInt64.self)
    let (low, high) = (bits[0], bits[1])
    let mixed = (low ^ (high &+ state.key) &* 0xff51_afd7_ed55_8ccd) &* 0x9e37_79b9_7f4a_7c15
    let place = plans + Int(mixed &>> UInt64(64 &- Core.logPlans))
    if place.pointee.op.0 != low || place.pointee.op.1 != high || place.pointee.state != state.key { makePlan(place, op, state) }
    return UnsafePointer(place)
  }

  @inline(never)
  private mutating func makePlan(_ place: UnsafeMutablePointer<VectorPlan>, _ op: UnsafePointer<Op>, _ state: VectorState) {
    let row = facts[Int(op.pointee.id)]
    guard let parameters else { return }
    place.pointee = VectorPlan(op.pointee, row, parameters.pointee, parameters.pointee.law(row, op.pointee), state, vlen: vlen)
    let bits = UnsafeRawPointer(op).assumingMemoryBound(to: UInt64.self)
    place.pointee.op = (bits[0], bits[1])
    place.pointee.state = state.key
  }
}

extension VectorParameters {
  /// The law by which an op goes.
  func law(_ row: OpFacts, _ op: Op) -> ClassLaw {
    let law = laws[Int(row.work)]
    guard row.mayBeWide, Int(op.imm) + 1 > OpFacts.widestNarrow else { return law }
    return wide[Int(row.work)] ?? law
  }
}
