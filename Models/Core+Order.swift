import RVDecoder

/// In order or out of order: a closed set, for which the loop is specialised.
protocol InstructionOrder {
  static func step(
    _ core: inout Core, _ clock: inout Core.Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64,
    taken: Bool, next: UInt64, runs: Core.Runs, _ state: VectorState)
}

enum InOrder: InstructionOrder {
  @inline(__always)
  static func step(
    _ core: inout Core, _ clock: inout Core.Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64,
    taken: Bool, next: UInt64, runs: Core.Runs, _ state: VectorState
  ) { core.stepInOrder(&clock, op, cost, pc: pc, taken: taken, next: next, runs: runs, state) }
}

enum OutOfOrder: InstructionOrder {
  @inline(__always)
  static func step(
    _ core: inout Core, _ clock: inout Core.Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64,
    taken: Bool, next: UInt64, runs: Core.Runs, _ state: VectorState
  ) { core.stepOutOfOrder(&clock, op, cost, pc: pc, taken: taken, next: next, runs: runs, state) }
}

/// The loop over instructions, and what each costs: in order, and out of order. They differ in how an instruction enters and leaves, and share all else.
extension Core {
  @inline(never)
  mutating func run<Order: InstructionOrder>(
    _ order: Order.Type, _ records: UnsafePointer<Retired>, _ count: Int, _ accessed: inout UnsafePointer<MemoryRun>,
    _ arena: OpArena, _ state: VectorState
  ) -> Int {
    var now = clock
    var accesses = accessed
    defer { (clock, accessed) = (now, accesses) }
    var op = arena.op(records.pointee.slot)
    var pc = arena.pc(op)
    let watched = watched
    for index in 0..<count {
      let record = records[index]
      let following = arena.op(records[index &+ 1].slot)
      let next = arena.pc(following)
      let cost = costs + Int(op.pointee.id)
      if pc == watched { return index }
      if record.flags.rawValue & Retired.trappedBit == 0 {
        if cost.pointee.kind == .scalar, op.pointee.rd == Op.sink, RegionMarker.which(op) != nil { return index }
        now.instructions &+= 1
        Order.step(
          &self, &now, op, cost, pc: pc, taken: record.flags.rawValue & Retired.takenBit != 0, next: next,
          runs: Runs(base: accesses, count: Int(record.memoryEntries)), state)
      }
      accesses += Int(record.memoryEntries)
      (op, pc) = (following, next)
    }
    return count
  }

  // MARK: In order

  @inline(__always)
  mutating func stepInOrder(
    _ clock: inout Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64, taken: Bool, next: UInt64,
    runs: Runs, _ state: VectorState
  ) {
    let line = pc &>> logCodeLine
    if line != clock.fetchLine { (clock.fetchLine, clock.fetched) = (line, fetch(pc, at: clock.fetched)) }
    // Fetching runs ahead of what begins by a few cycles at most.
    clock.fetched = max(clock.fetched &+ (op.pointee.length == 2 ? fetchShortTicks : fetchTicks), clock.now &- 4 &* .perCycle)
    // It is there, and there is room for it.
    var began = clock.slots == width ? clock.now &+ .perCycle : clock.now
    if clock.fetched > began { began = late(clock.fetched, began, clock.now, clock.isRedirected) }
    clock.isRedirected = false
    // Operands.
    let latency = Ticks(cost.pointee.latency)
    // (In pairs, those that are known last at the end: on the host it is one chain from an instruction to the next.)
    let third = cost.pointee.readsDestination ? op.pointee.rd : op.pointee.rs3
    // What is written later must not be there earlier.
    let earlier = ready[Int(cost.pointee.earlier &+ op.pointee.rd)].bits &- (latency &- .perCycle) &<< 3
    let before = max(max(ready[Int(cost.pointee.rs3 &+ third)].bits, earlier), Ready(began, .scalar).bits)
    let wait = max(
      before, max(ready[Int(cost.pointee.rs1 &+ op.pointee.rs1)].bits, ready[Int(cost.pointee.rs2 &+ op.pointee.rs2)].bits))
    var reason = Ready(bits: wait).reason
    var time = Ready(bits: wait).time
    var end: Ticks
    var result = Reason.scalar
    switch cost.pointee.kind {
    case .scalar:
      time = begin(cost, at: time)
      end = time &+ latency
    case .branch:
      time = begin(cost, at: time)
      end = time &+ latency
      steer(&clock, taken, predictor.branch(pc, taken: taken), end)
      tally[Tally.branches.rawValue] &+= 1
    case .load:
      time = begin(cost, at: time)
      (end, result) = load(runs, at: time, least: latency)
    case .store:
      if stores.room > time { (time, reason) = (stores.room, Reason(lastStoreLevel)) }
      time = begin(cost, at: time)
      store(runs, at: time, data: ready[Int(cost.pointee.data &+ op.pointee.rs2)].time, left: 0)
      end = time &+ .perCycle
    default:
      // A copy goes there, so that the clock itself may stay in registers.
      var copy = clock
      (time, end, result, reason) = others(&copy, op, cost, pc: pc, next: next, runs: runs, state, at: time, reason)
      clock = copy
    }
    ready[Int(cost.pointee.rd &+ op.pointee.rd)] = Ready(end, result)
    ready[Int(Op.sink)].bits = 0
    clock.done = max(clock.done, end)
    let idle = time &- max(began, clock.now &+ .perCycle)
    if idle > 0 { lose(idle, reason) }
    clock.slots = time > clock.now ? 1 : clock.slots &+ 1
    clock.now = max(clock.now, time)
  }

  @inline(never)
  private mutating func late(_ fetched: Ticks, _ time: Ticks, _ now: Ticks, _ isRedirected: Bool) -> Ticks {
    // What arrives in the course of a cycle may begin in it.
    let late = max(fetched.roundedDownToCycle, time)
    // A cycle in which something began is not lost.
    let idle = max(0, late &- max(time, now &+ .perCycle))
    tally[isRedirected ? Tally.badSpeculation.rawValue : Tally.frontEnd.rawValue] &+= idle
    return late
  }

  @inline(__always)
  private mutating func lose(_ time: Ticks, _ reason: Reason) { tally[Tally.scalar.rawValue &+ Int(reason.rawValue)] &+= time }

  // MARK: Out of order

  @inline(__always)
  mutating func stepOutOfOrder(
    _ clock: inout Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64, taken: Bool, next: UInt64,
    runs: Runs, _ state: VectorState
  ) {
    let line = pc &>> logCodeLine
    if line != clock.fetchLine { (clock.fetchLine, clock.fetched) = (line, fetch(pc, at: clock.fetched)) }
    // Fetching runs ahead of what enters the reorder buffer by a few cycles at most.
    clock.fetched = max(
      clock.fetched &+ (op.pointee.length == 2 ? fetchShortTicks : fetchTicks), clock.entering &- 4 &* .perCycle)
    // It is there, and there is room for it.
    let arrival = clock.fetched.roundedDownToCycle
    let wasRedirected = clock.isRedirected
    clock.isRedirected = false
    var entry = max(clock.entering, leaving[leavingNext])
    let isLate = arrival > entry
    entry = max(entry, arrival)
    if entry == clock.entering, clock.enteringSlots == width { entry &+= .perCycle }
    clock.enteringSlots = entry > clock.entering ? 1 : clock.enteringSlots &+ 1
    clock.entering = entry
    // Operands; registers are renamed.
    let latency = Ticks(cost.pointee.latency)
    let third = cost.pointee.readsDestination ? op.pointee.rd : op.pointee.rs3
    let before = max(ready[Int(cost.pointee.rs3 &+ third)].bits, Ready(entry &+ .perCycle, .scalar).bits)
    let wait = max(
      before, max(ready[Int(cost.pointee.rs1 &+ op.pointee.rs1)].bits, ready[Int(cost.pointee.rs2 &+ op.pointee.rs2)].bits))
    var reason = Ready(bits: wait).reason
    var time = Ready(bits: wait).time
    var end: Ticks
    var result = Reason.scalar
    switch cost.pointee.kind {
    case .scalar:
      time = begin(cost, at: time)
      end = time &+ latency
    case .branch:
      time = begin(cost, at: time)
      end = time &+ latency
      steer(&clock, taken, predictor.branch(pc, taken: taken), end)
      tally[Tally.branches.rawValue] &+= 1
    case .load:
      time = begin(cost, at: time)
      (end, result) = load(runs, at: time, least: latency)
    case .store:
      if stores.room > time { (time, reason) = (stores.room, Reason(lastStoreLevel)) }
      time = begin(cost, at: time)
      let data = ready[Int(cost.pointee.data &+ op.pointee.rs2)].time
      store(runs, at: time, data: data, left: clock.now)
      end = max(time, data) &+ .perCycle
    default:
      // A copy goes there, so that the clock itself may stay in registers.
      var copy = clock
      (time, end, result, reason) = others(&copy, op, cost, pc: pc, next: next, runs: runs, state, at: time, reason)
      clock = copy
    }
    ready[Int(cost.pointee.rd &+ op.pointee.rd)] = Ready(end, result)
    ready[Int(Op.sink)].bits = 0
    clock.done = max(clock.done, end)
    // In order out of the buffer; the rest of a vector operation goes on behind it.
    let isAhead = cost.pointee.kind.isQueued && !cost.pointee.hasResult
    let free = max(clock.now, isAhead ? time &+ .perCycle : end).roundedUpToCycle
    if free > clock.now {
      let idle = free &- clock.now &- .perCycle
      if idle > 0 {
        // What came late and waited for nothing else was lost at the front.
        let why = result == .scalar ? reason : result
        if isLate, why == .scalar {
          tally[wasRedirected ? Tally.badSpeculation.rawValue : Tally.frontEnd.rawValue] &+= idle
        } else {
          lose(idle, why)
        }
      }
      (clock.now, clock.slots) = (free, 0)
    } else if clock.slots == width {
      (clock.now, clock.slots) = (clock.now &+ .perCycle, 0)
    }
    clock.slots &+= 1
    leaving[leavingNext] = clock.now
    leavingNext = leavingNext &+ 1 == leavingCount ? 0 : leavingNext &+ 1
  }
}
