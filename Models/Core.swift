import RVDecoder

/// One core: instructions come in program order, and each gets the times at which it begins and is done. There is no loop over cycles.
///
/// In order, an instruction begins when those before it have begun, its operands are there and a unit is free. Out of order it enters the reorder
/// buffer in order, begins when operands and a unit allow, and leaves in order.
///
/// All that instructions touch lies behind plain pointers: whoever makes a core ends it with ``free()``.
struct Core {
  /// Memory accesses of an instruction.
  struct Runs {
    var base: UnsafePointer<MemoryRun>
    var count: Int
  }

  /// Why the next instruction could not begin earlier: the place of its ``Tally``, from `scalar` on. No enum: any number of three bits may
  /// become one at once.
  struct Reason: Equatable {
    var rawValue: UInt8
    @inline(__always) init(rawValue: UInt8) { self.rawValue = rawValue }
    @inline(__always) init(_ level: MemoryLevel) { rawValue = 3 &+ level.rawValue }
    @inline(__always) static var scalar: Reason { Reason(rawValue: 0) }
    @inline(__always) static var vector: Reason { Reason(rawValue: 1) }
    @inline(__always) static var matrix: Reason { Reason(rawValue: 2) }
    @inline(__always) static var l1: Reason { Reason(rawValue: 3) }
  }

  var hierarchy: Hierarchy
  let vector: UnsafeMutablePointer<VectorUnit>?
  let matrix: UnsafeMutablePointer<MatrixUnit>?
  /// As ``TimingCounts`` has it.
  let tally: UnsafeMutablePointer<Int64>
  var usedMatrices = false
  let vlen: Int
  let parameters: UnsafeMutablePointer<VectorParameters>?
  let plans: UnsafeMutablePointer<VectorPlan>
  static let logPlans = 10
  static let planCount = 1 << logPlans
  let dlenMask: UInt64

  /// When registers of x (with x0's sink) and f can be read.
  let ready: UnsafeMutablePointer<Ready>
  let costs: UnsafeMutablePointer<OpCost>
  let facts: UnsafePointer<OpFacts>

  /// When each unit is free, those of a sort side by side; out of order they have calendars.
  let units: UnsafeMutablePointer<Ticks>
  private let unitCount: Int
  let calendars: UnsafeMutablePointer<UnitCalendar>
  private let sortCount: Int
  private let isInOrder: Bool
  /// Figures of the machine that every instruction asks for.
  let width: Int
  let fetchTicks: Ticks
  let fetchShortTicks: Ticks
  let logCodeLine: UInt64
  let takenBubble: Ticks
  let mispredict: Ticks
  private let configuration: Ticks
  var predictor: Predictor
  var stores: StoreQueue
  /// When the entries of the reorder buffer and the load queue leave, as rings.
  let leaving: UnsafeMutablePointer<Ticks>
  let leavingCount: Int
  var leavingNext = 0
  private let loads: UnsafeMutablePointer<Ticks>
  private let loadCount: Int
  private var loadNext = 0
  /// m, n and k of matrix instructions.
  var sizes: Sizes = (0, 0, 0)
  /// When vl is known.
  private var configured: Ticks = 0
  /// Where the store that drained last found its line.
  var lastStoreLevel = MemoryLevel.l1
  var clock = Clock()

  /// The pc before which loops stop, for regions that symbols bound.
  var watched = UInt64.max

  /// What every instruction changes: the loop over a batch has it in registers.
  struct Clock {
    /// Time of the last instruction: it began (in order) or left (out of order). Several share it.
    var now: Ticks = 0
    var slots = 0
    /// Until when the slots of `now` are counted: entering, out of order.
    var entering: Ticks = 0
    var enteringSlots = 0
    /// When everything so far is done.
    var done: Ticks = 0
    /// When the next instruction is there.
    var fetched: Ticks = 0
    var isRedirected = false
    var fetchLine: UInt64 = .max
    var instructions: Int64 = 0
  }

  init(_ machine: Machine, pages: Pages) {
    hierarchy = Hierarchy(machine, pages)
    predictor = Predictor(machine.frontEnd)
    func place<Value>(_ value: Value) -> UnsafeMutablePointer<Value> {
      let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
      pointer.initialize(to: value)
      return pointer
    }
    func row<Value>(_ value: Value, _ count: Int) -> UnsafeMutablePointer<Value> {
      let pointer = UnsafeMutablePointer<Value>.allocate(capacity: count)
      pointer.initialize(repeating: value, count: count)
      return pointer
    }
    vector = machine.vector.map { place(VectorUnit($0)) }
    matrix = machine.matrix.map { place(MatrixUnit($0)) }
    parameters = machine.vector.map { place($0) }
    plans = row(VectorPlan(), machine.vector == nil ? 1 : Self.planCount)
    dlenMask = UInt64((machine.vector?.dlen ?? 8) / 8 - 1)
    vlen = machine.vlen
    tally = row(0, TimingCounts.size)
    ready = row(Ready(bits: 0), 256)
    facts = OpFacts.shared
    isInOrder = machine.pipeline == .inOrder
    var starts = [0]
    for unit in machine.units { starts.append(starts[starts.count - 1] + unit.count) }
    unitCount = starts[starts.count - 1]
    units = row(0, unitCount)
    sortCount = isInOrder ? 0 : machine.units.count
    calendars = .allocate(capacity: sortCount)
    for sort in 0..<sortCount { (calendars + sort).initialize(to: UnitCalendar(units: machine.units[sort].count)) }
    costs = .allocate(capacity: OpFacts.count)
    for index in 0..<OpFacts.count { (costs + index).initialize(to: OpCost(facts[index], machine, starts)) }
    width = machine.issueWidth
    fetchTicks = 4 &* .perCycle / Ticks(machine.frontEnd.fetchBytes)
    fetchShortTicks = 2 &* .perCycle / Ticks(machine.frontEnd.fetchBytes)
    takenBubble = machine.frontEnd.takenBubble
    mispredict = machine.frontEnd.mispredict
    configuration = (machine.vector?.configuration ?? .perCycle) &- .perCycle
    logCodeLine = UInt64((hierarchy.l1i?.pointee.lineBytes ?? 64).trailingZeroBitCount)
    stores = StoreQueue(count: machine.storeQueue)
    leavingCount = machine.reorderBuffer
    leaving = row(0, leavingCount)
    loadCount = machine.loadQueue
    loads = row(0, loadCount)
  }

  func free() {
    hierarchy.free()
    predictor.free()
    vector?.pointee.free()
    vector?.deallocate()
    matrix?.pointee.free()
    matrix?.deallocate()
    parameters?.deinitialize(count: 1)
    parameters?.deallocate()
    plans.deallocate()
    tally.deallocate()
    ready.deallocate()
    costs.deallocate()
    units.deallocate()
    for sort in 0..<sortCount { calendars[sort].free() }
    calendars.deallocate()
    stores.free()
    leaving.deallocate()
    loads.deallocate()
  }

  /// Time begins anew, with other laws: caches and predictors keep what they know. For fits.
  mutating func restart(_ vectorParameters: VectorParameters) {
    parameters?.pointee = vectorParameters
    for index in 0..<Self.planCount { plans[index].state = .max }
    vector?.pointee.reset()
    restart()
  }

  /// Time begins anew; caches and predictors keep what they know.
  mutating func restart() {
    vector?.pointee.reset()
    hierarchy.resetTime()
    stores.reset()
    ready.update(repeating: Ready(bits: 0), count: 256)
    units.update(repeating: 0, count: unitCount)
    for sort in 0..<sortCount { calendars[sort].reset() }
    leaving.update(repeating: 0, count: leavingCount)
    loads.update(repeating: 0, count: loadCount)
    clock = Clock()
    configured = 0
  }

  var counts: TimingCounts {
    tally[Tally.instructions.rawValue] = clock.instructions
    return TimingCounts(tally)
  }

  /// When everything so far is done.
  var time: Ticks { max(clock.done, clock.now) }

  /// A stretch of instructions during which vl, vtype and the sizes of tiles stay.
  /// - Parameters:
  ///   - records: one more than `count`, to see where the last one went on to; or the pc in `next`.
  ///   - accessed: the first of their memory accesses, moved on behind the last.
  /// - Returns: how many were taken: it stops before one that marks a region.
  @inline(never)
  mutating func run(
    _ records: UnsafePointer<Retired>, _ count: Int, _ accessed: inout UnsafePointer<MemoryRun>, _ arena: OpArena,
    _ state: VectorState
  ) -> Int {
    isInOrder
      ? run(InOrder.self, records, count, &accessed, arena, state) : run(OutOfOrder.self, records, count, &accessed, arena, state)
  }

  /// One instruction by itself.
  mutating func step(_ op: UnsafePointer<Op>, pc: UInt64, taken: Bool, next: UInt64, runs: Runs, _ state: VectorState) {
    var now = clock
    now.instructions &+= 1
    if isInOrder {
      stepInOrder(&now, op, costs + Int(op.pointee.id), pc: pc, taken: taken, next: next, runs: runs, state)
    } else {
      stepOutOfOrder(&now, op, costs + Int(op.pointee.id), pc: pc, taken: taken, next: next, runs: runs, state)
    }
    clock = now
  }

  /// The kinds of instructions of which there are few.
  @inline(never)
  mutating func others(
    _ clock: inout Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, pc: UInt64, next: UInt64, runs: Runs,
    _ state: VectorState, at earliest: Ticks, _ why: Reason
  ) -> (time: Ticks, end: Ticks, result: Reason, reason: Reason) {
    let latency = Ticks(cost.pointee.latency)
    var (time, reason) = (earliest, why)
    switch cost.pointee.kind {
    case .jump:
      time = begin(cost, at: time)
      jump(&clock, op, cost, pc, next, time &+ latency)
      return (time, time &+ latency, .scalar, reason)
    case .csr, .fence:
      time = begin(cost, at: max(time, clock.done))
      return (time, time &+ latency, .scalar, reason)
    case .atomic:
      time = begin(cost, at: max(time, stores.empty))
      let (end, result) = load(runs, at: time, least: latency)
      if runs.count > 0 { store(runs, at: end, data: end, left: clock.now) }
      return (time, end, result, reason)
    case .vset:
      time = begin(cost, at: time)
      tally[Tally.vectorConfigurations.rawValue] &+= 1
      configured = time &+ latency &+ configuration
      return (time, time &+ latency, .scalar, reason)
    case .vector, .vectorLoad, .vectorStore:
      time = max(time, configured)
      if let vector, vector.pointee.roomAt > time { (time, reason) = (vector.pointee.roomAt, .vector) }
      time = begin(cost, at: time)
      var (end, result) = vectorWork(op, cost.pointee.kind, runs, state, at: time)
      if cost.pointee.hasResult { end = max(end, time &+ .perCycle) }
      return (time, end, result, reason)
    case .matrix:
      time = begin(cost, at: time)
      return (time, matrixWork(op, runs, at: time), .matrix, reason)
    case .scalar, .branch, .load, .store:
      time = begin(cost, at: time)
      return (time, time &+ latency, .scalar, reason)
    }
  }

  // MARK: Front end

  /// The line of the instruction arrives.
  /// - Returns: when the instruction is there.
  @inline(never)
  mutating func fetch(_ pc: UInt64, at time: Ticks) -> Ticks {
    guard let l1i = hierarchy.l1i else { return time }
    return max(time, hierarchy.code(pc, l1i, at: time) &- l1i.pointee.latency)
  }

  /// Where fetching goes on, and when.
  @inline(__always)
  mutating func steer(_ clock: inout Clock, _ taken: Bool, _ foreseen: Bool, _ end: Ticks) {
    if !foreseen {
      tally[Tally.mispredicted.rawValue] &+= 1
      clock.fetched = max(clock.fetched, end &- .perCycle &+ mispredict)
      clock.isRedirected = true
    } else if taken {
      // In order the next begins in the cycle behind the branch at the earliest.
      clock.fetched = (isInOrder ? max(clock.fetched, end) : clock.fetched) &+ takenBubble
    }
  }

  private mutating func jump(
    _ clock: inout Clock, _ op: UnsafePointer<Op>, _ cost: UnsafeMutablePointer<OpCost>, _ pc: UInt64, _ next: UInt64,
    _ end: Ticks
  ) {
    var foreseen = true
    let links = op.pointee.rd == 1 || op.pointee.rd == 5
    if cost.pointee.isIndirect {
      let source = op.pointee.rs1
      foreseen = !links && (source == 1 || source == 5) ? predictor.comesBack(to: next) : predictor.jump(pc, to: next)
      tally[Tally.branches.rawValue] &+= 1
    }
    if links { predictor.call(returningTo: pc &+ UInt64(op.pointee.length)) }
    steer(&clock, true, foreseen, end)
  }

  // MARK: Units

  /// Takes a unit.
  @inline(__always)
  mutating func begin(_ cost: UnsafeMutablePointer<OpCost>, at time: Ticks) -> Ticks {
    let time = time.roundedUpToCycle
    switch cost.pointee.search {
    case .none: return time
    case .one:
      let unit = units + Int(cost.pointee.firstUnit)
      let start = max(time, unit.pointee)
      unit.pointee = start &+ Ticks(cost.pointee.interval)
      return start
    case .several: return beginSearching(cost, at: time)
    case .calendar: return calendars[Int(cost.pointee.firstUnit)].reserve(time, cycles: Ticks(cost.pointee.interval).cycles)
    }
  }

  /// Of several units in order the one that is free first.
  @inline(never)
  private mutating func beginSearching(_ cost: UnsafeMutablePointer<OpCost>, at time: Ticks) -> Ticks {
    let (first, end) = (Int(cost.pointee.firstUnit), Int(cost.pointee.endUnit))
    var best = first
    var unit = first &+ 1
    while unit < end {
      if units[unit] < units[best] { best = unit }
      unit &+= 1
    }
    let start = max(time, units[best])
    units[best] = start &+ Ticks(cost.pointee.interval)
    return start
  }

  // MARK: Memory

  @inline(__always)
  mutating func load(_ runs: Runs, at time: Ticks, least: Ticks) -> (end: Ticks, source: Reason) {
    // One access, to a line that is there: nearly all of them.
    let run = runs.base
    if isInOrder, runs.count == 1, stores.surelyLacks(run.pointee.address, UInt64(run.pointee.width), at: time) {
      if let data = hierarchy.hit(run.pointee.address, Int(run.pointee.width), at: time) {
        return (max(data, time &+ least), .l1)
      }
    }
    return loadSlowly(runs, at: time, least: least)
  }

  @inline(never)
  private mutating func loadSlowly(_ runs: Runs, at time: Ticks, least: Ticks) -> (end: Ticks, source: Reason) {
    var time = time
    if !isInOrder { time = max(time, loads[loadNext]) }
    var end = time &+ least
    var source = Reason.l1
    for k in 0..<runs.count {
      let run = runs.base + k
      let address = run.pointee.address
      let last = address &+ UInt64(run.pointee.width) &- 1
      if let forwarded = stores.forward(
        address, UInt64(run.pointee.width), at: time, latency: hierarchy.l1d.pointee.latency)
      {
        end = max(end, forwarded)
        continue
      }
      let data = hierarchy.data(address, at: time, isStore: false)
      if data > end { (end, source) = (data, Reason(hierarchy.source(begun: time, end: data))) }
      if (address ^ last) &>> hierarchy.logLine != 0 {
        end = max(end, hierarchy.data(last, at: time &+ .perCycle, isStore: false))
      }
    }
    if !isInOrder {
      loads[loadNext] = end
      loadNext = loadNext &+ 1 == loadCount ? 0 : loadNext &+ 1
    }
    return (end, source)
  }

  /// - Parameters:
  ///   - data: when what is stored is known; the store itself need not wait for it.
  ///   - left: when what is before it has left, out of order.
  @inline(never)
  mutating func store(_ runs: Runs, at time: Ticks, data: Ticks, left: Ticks) {
    let known = max(time, data.roundedUpToCycle) &+ .perCycle
    for k in 0..<runs.count {
      let run = runs.base + k
      let address = run.pointee.address
      // Out of order a store goes to the cache when what is before it has left.
      let drain = max(known, stores.nextDrain, isInOrder ? 0 : left)
      var end = hierarchy.data(address, at: drain, isStore: true)
      lastStoreLevel = hierarchy.source(begun: drain, end: end)
      let last = address &+ UInt64(run.pointee.width) &- 1
      if (address ^ last) &>> hierarchy.logLine != 0 {
        end = max(end, hierarchy.data(last, at: drain &+ .perCycle, isStore: true))
      }
      stores.add(address, UInt64(run.pointee.width), ready: known, drain: drain, end: end)
    }
  }

  /// Lines that a vector or tile access touches, each asked for in turn over `length`.
  mutating func vectorAccess(_ runs: Runs, at time: Ticks, length: Ticks, isStore: Bool) -> (
    first: Ticks, last: Ticks, source: MemoryLevel
  ) {
    var (first, last) = (Ticks.max, time)
    var source = MemoryLevel.l1
    var total = 0
    for k in 0..<runs.count { total &+= Int(runs.base[k].count) }
    let logLine = hierarchy.logLine
    let step = length / Ticks(max(total, 1))
    var at = time
    var line = UInt64.max
    func isNew(_ address: UInt64) -> Bool {
      if address &>> logLine == line { return false }
      line = address &>> logLine
      return true
    }
    for k in 0..<runs.count {
      let run = runs.base + k
      var address = run.pointee.address
      let width = UInt64(run.pointee.width)
      if run.pointee.stride == Int64(width) {
        // Neighbours: line by line.
        let end = address &+ width &* UInt64(run.pointee.count)
        let start = address
        let whole = length &* Ticks(run.pointee.count) / Ticks(max(total, 1))
        while address < end {
          if isNew(address) {
            let asked = at &+ whole &* Ticks(address &- start) / Ticks(end &- start)
            let data = hierarchy.data(address, at: asked, isStore: isStore)
            first = min(first, data)
            if data > last { (last, source) = (data, hierarchy.source(begun: asked, end: data)) }
          }
          address = ((address &>> logLine) &+ 1) &<< logLine
        }
        at &+= whole
        continue
      }
      for _ in 0..<run.pointee.count {
        let end = address &+ width &- 1
        if isNew(address) {
          let data = hierarchy.data(address, at: at, isStore: isStore)
          first = min(first, data)
          if data > last { (last, source) = (data, hierarchy.source(begun: at, end: data)) }
        }
        if isNew(end) { last = max(last, hierarchy.data(end, at: at, isStore: isStore)) }
        address = address &+ UInt64(bitPattern: run.pointee.stride)
        at &+= step
      }
    }
    return (first == .max ? time : first, last, source)
  }
}
