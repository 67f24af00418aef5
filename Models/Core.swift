import RVDecoder

/// One core: instructions come in program order, and each gets the times at which it begins and is done. There is no loop over cycles.
///
/// In order, an instruction begins when those before it have begun, its operands are there and a unit is free. Out of order it enters the reorder
/// buffer in order, begins when operands and a unit allow, and leaves in order.
final class Core {
  let machine: Machine
  let hierarchy: Hierarchy
  private var predictor: Predictor
  var vector: VectorUnit?
  var matrix: MatrixUnit?
  var counts = TimingCounts()
  var usedMatrices = false

  /// When registers of x (with x0's sink) and f can be read, and what they wait for.
  let ready: UnsafeMutablePointer<Ticks>
  private let producer: UnsafeMutablePointer<Reason>
  private let costs: UnsafeMutablePointer<ScalarCost>
  private let facts: UnsafePointer<OpFacts>
  /// Why the next instruction could not begin earlier.
  enum Reason: UInt8 { case scalar, memory, vector, matrix }

  /// When each unit is free, those of a sort side by side from `unitStart` of the sort on; out of order they have calendars.
  private let units: UnsafeMutablePointer<Ticks>
  private var calendars: [Calendar]
  private let unitStart: UnsafeMutablePointer<Int>
  private let isInOrder: Bool
  /// Figures of the machine that every instruction asks for.
  private let width: Int
  private let fetchBytes: Ticks
  private let logLine: UInt64
  private let logCodeLine: UInt64
  /// Time of the last instruction: it began (in order) or left (out of order). Several share it.
  private(set) var now: Ticks = 0
  private var slots = 0
  /// Until when the slots of `now` are counted: entering, out of order.
  private var entering: Ticks = 0
  private var enteringSlots = 0
  /// When everything so far is done.
  private(set) var done: Ticks = 0
  /// When the next instruction is there.
  private var fetched: Ticks = 0
  private var isRedirected = false
  private var fetchLine: UInt64 = .max
  private var stores: StoreQueue
  /// When the entries of the reorder buffer and the load queue leave, as rings.
  private var leaving: [Ticks]
  private var leavingNext = 0
  private var loads: [Ticks]
  private var loadNext = 0
  /// m, n and k of matrix instructions.
  var sizes: Sizes = (0, 0, 0)
  /// When vl is known.
  var configured: Ticks = 0

  init(_ machine: Machine, hierarchy: Hierarchy) {
    self.machine = machine
    self.hierarchy = hierarchy
    predictor = Predictor(machine.frontEnd)
    vector = machine.vector.map { VectorUnit($0) }
    matrix = machine.matrix.map { MatrixUnit($0) }
    ready = .allocate(capacity: 256)
    ready.initialize(repeating: 0, count: 256)
    producer = .allocate(capacity: 256)
    producer.initialize(repeating: .scalar, count: 256)
    costs = .allocate(capacity: machine.costs.count)
    costs.initialize(from: machine.costs, count: machine.costs.count)
    facts = OpFacts.shared
    isInOrder = machine.pipeline == .inOrder
    unitStart = .allocate(capacity: machine.units.count + 1)
    var count = 0
    for (sort, unit) in machine.units.enumerated() {
      unitStart[sort] = count
      count += unit.count
    }
    unitStart[machine.units.count] = count
    units = .allocate(capacity: count)
    units.initialize(repeating: 0, count: count)
    calendars = Array(repeating: Calendar(slot: .perCycle), count: isInOrder ? 0 : count)
    width = machine.issueWidth
    fetchBytes = Ticks(machine.frontEnd.fetchBytes)
    logLine = UInt64(hierarchy.l1d.lineBytes.trailingZeroBitCount)
    logCodeLine = UInt64((hierarchy.l1i?.lineBytes ?? 64).trailingZeroBitCount)
    stores = StoreQueue(count: machine.storeQueue)
    leaving = Array(repeating: 0, count: machine.reorderBuffer)
    loads = Array(repeating: 0, count: machine.loadQueue)
  }

  deinit {
    ready.deallocate()
    producer.deallocate()
    costs.deallocate()
    units.deallocate()
    unitStart.deallocate()
  }

  /// One instruction.
  /// - Parameters:
  ///   - next: the pc of the one that follows.
  ///   - runs: its memory accesses.
  @inline(__always)
  func step(
    _ op: UnsafePointer<Op>, pc: UInt64, taken: Bool, next: UInt64, runs: UnsafeBufferPointer<MemoryRun>, _ state: VectorState
  ) {
    counts.instructions &+= 1
    let row = facts + Int(op.pointee.id)
    fetch(pc, Int(op.pointee.length))
    var reason = Reason.scalar
    var time = entry()
    let began = time
    // Operands.
    wait(row.pointee.rs1, op.pointee.rs1, &time, &reason)
    wait(row.pointee.rs2, op.pointee.rs2, &time, &reason)
    wait(row.pointee.rs3, op.pointee.rs3, &time, &reason)
    if row.pointee.readsDestination { wait(row.pointee.rd, op.pointee.rd, &time, &reason) }
    let cost = costs + Int(row.pointee.work)
    let target = row.pointee.rd == OpFacts.none ? 255 : Int(row.pointee.rd &+ op.pointee.rd)
    if isInOrder, target != 255 {
      // What is written later must not be there earlier.
      let least = ready[target] &- cost.pointee.latency &+ .perCycle
      if target != Int(Op.sink), least > time { (time, reason) = (least, producer[target]) }
    }
    var end: Ticks
    var result = Reason.scalar
    switch row.pointee.kind {
    case .scalar, .csr, .fence, .branch, .jump:
      if row.pointee.kind == .csr || row.pointee.kind == .fence { time = max(time, done) }
      time = begin(cost.pointee, at: time)
      end = time &+ cost.pointee.latency
      if row.pointee.kind == .branch || row.pointee.kind == .jump { steer(op, row, pc, taken, next, end) }
    case .load:
      time = begin(cost.pointee, at: time)
      end = load(runs, at: time, least: cost.pointee.latency)
      result = .memory
    case .store:
      time = max(time, stores.room)
      time = begin(cost.pointee, at: time)
      store(runs, at: time)
      end = time &+ .perCycle
    case .atomic:
      time = begin(cost.pointee, at: max(time, stores.empty))
      end = load(runs, at: time, least: cost.pointee.latency)
      if !runs.isEmpty { store(runs, at: end) }
      result = .memory
    case .vset:
      time = begin(cost.pointee, at: time)
      end = time &+ cost.pointee.latency
      counts.vectorConfigurations &+= 1
      configured = end &+ (machine.vector?.configuration ?? .perCycle) &- .perCycle
    case .vector, .vectorLoad, .vectorStore:
      time = max(time, configured)
      if let room = vector?.roomAt, room > time { (time, reason) = (room, .vector) }
      time = begin(cost.pointee, at: time)
      end = vectorWork(op, row, runs, state, at: time)
      result = .vector
      if target != 255 { end = max(end, time &+ .perCycle) }
    case .matrix:
      time = begin(cost.pointee, at: time)
      end = matrixWork(op, row, runs, at: time)
      result = .matrix
    }
    if target != 255 {
      ready[target] = end
      producer[target] = result
    }
    ready[Int(Op.sink)] = 0
    done = max(done, end)
    leave(began: began, time, end, reason, isVector: result == .vector && target == 255)
  }

  // MARK: Front end

  /// The instruction's bytes arrive.
  @inline(__always)
  private func fetch(_ pc: UInt64, _ length: Int) {
    let line = pc >> logCodeLine
    if line != fetchLine {
      fetchLine = line
      if let l1i = hierarchy.l1i {
        let time = hierarchy.code(pc, at: fetched) &- l1i.parameters.latency
        if time > fetched { fetched = time }
      }
    }
    // Fetching runs ahead of what begins, or enters the reorder buffer, by a few cycles at most.
    let now = isInOrder ? now : entering
    fetched = max(fetched &+ Ticks(length) &* .perCycle / fetchBytes, now &- 4 &* .perCycle)
  }

  /// Branches and jumps: where fetching goes on, and when.
  @inline(__always)
  private func steer(
    _ op: UnsafePointer<Op>, _ row: UnsafePointer<OpFacts>, _ pc: UInt64, _ taken: Bool, _ next: UInt64, _ end: Ticks
  ) {
    var foreseen = true
    if row.pointee.kind == .branch {
      counts.branches &+= 1
      foreseen = predictor.branch(pc, taken: taken)
    } else {
      let rd = op.pointee.rd
      let links = rd == 1 || rd == 5
      if row.pointee.isIndirect {
        let source = op.pointee.rs1
        if !links, source == 1 || source == 5 {
          foreseen = predictor.comesBack(to: next)
        } else {
          foreseen = predictor.jump(pc, to: next)
        }
        counts.branches &+= 1
      }
      if links { predictor.call(returningTo: pc &+ UInt64(op.pointee.length)) }
    }
    if !foreseen {
      counts.mispredicted &+= 1
      fetched = max(fetched, end &- .perCycle &+ machine.frontEnd.mispredict)
      isRedirected = true
      fetchLine = .max
    } else if taken || row.pointee.kind == .jump {
      // In order the next begins in the cycle behind the branch at the earliest.
      fetched = max(fetched, isInOrder ? end : fetched) &+ machine.frontEnd.takenBubble
      fetchLine = .max
    }
  }

  // MARK: Beginning and ending

  /// When the instruction may begin at the earliest: it is there, and there is room for it.
  @inline(__always)
  private func entry() -> Ticks {
    if isInOrder {
      var time = now
      if slots == width { time &+= .perCycle }
      if fetched > time {
        let late = fetched.roundedUpToCycle
        // A cycle in which something began is not lost.
        let idle = max(0, late &- max(time, now &+ .perCycle))
        if isRedirected { counts.badSpeculation &+= idle } else { counts.frontEnd &+= idle }
        time = late
      }
      isRedirected = false
      return time
    }
    var time = max(entering, fetched.roundedUpToCycle, leaving[leavingNext])
    if time == entering, enteringSlots == width { time &+= .perCycle }
    if time > entering { (entering, enteringSlots) = (time, 0) }
    enteringSlots &+= 1
    return time &+ .perCycle
  }

  @inline(__always)
  private func wait(_ base: UInt8, _ number: UInt8, _ time: inout Ticks, _ reason: inout Reason) {
    guard base != OpFacts.none else { return }
    let index = Int(base &+ number)
    if ready[index] > time { (time, reason) = (ready[index], producer[index]) }
  }

  /// Takes a unit.
  @inline(__always)
  private func begin(_ cost: ScalarCost, at time: Ticks) -> Ticks {
    let time = time.roundedUpToCycle
    let (first, end) = (unitStart[cost.unit], unitStart[cost.unit &+ 1])
    var best = first
    if isInOrder {
      for unit in first &+ 1..<max(end, first &+ 1) where units[unit] < units[best] { best = unit }
      let start = max(time, units[best])
      units[best] = start &+ cost.interval
      return start
    }
    // The unit that is free first.
    var earliest = Ticks.max
    for unit in first..<end where earliest > time {
      let at = calendars[unit].firstFree(time)
      if at < earliest { (earliest, best) = (at, unit) }
    }
    let start = calendars[best].reserve(time)
    var more = start &+ .perCycle
    while more < start &+ cost.interval {
      _ = calendars[best].reserve(more)
      more &+= .perCycle
    }
    return start
  }

  @inline(__always)
  private func leave(began: Ticks, _ time: Ticks, _ end: Ticks, _ reason: Reason, isVector: Bool) {
    if isInOrder {
      let idle = time &- max(began, now &+ .perCycle)
      if idle > 0 { lose(idle, reason) }
      if time > now { (now, slots) = (time, 0) }
      slots &+= 1
      return
    }
    // In order out of the buffer; the rest of a vector operation goes on behind it.
    let free = max(now, isVector ? time &+ .perCycle : end)
    if free > now {
      if free &- now > .perCycle { lose(free &- now &- .perCycle, reason) }
      (now, slots) = (free.roundedUpToCycle, 0)
    } else if slots == width {
      (now, slots) = (now &+ .perCycle, 0)
    }
    slots &+= 1
    leaving[leavingNext] = now
    leavingNext = leavingNext &+ 1 == leaving.count ? 0 : leavingNext &+ 1
  }

  @inline(__always)
  private func lose(_ time: Ticks, _ reason: Reason) {
    switch reason {
    case .scalar: counts.scalar &+= time
    case .memory: counts.memory &+= time
    case .vector: counts.vector &+= time
    case .matrix: counts.matrix &+= time
    }
  }

  // MARK: Memory

  @inline(__always)
  private func load(_ runs: UnsafeBufferPointer<MemoryRun>, at time: Ticks, least: Ticks) -> Ticks {
    var time = time
    if !isInOrder {
      time = max(time, loads[loadNext])
    }
    var end = time &+ least
    for run in runs {
      let last = run.address &+ UInt64(run.width) &- 1
      if let forwarded = stores.forward(run.address, UInt64(run.width), at: time, latency: hierarchy.l1d.parameters.latency) {
        end = max(end, forwarded)
        continue
      }
      end = max(end, hierarchy.data(run.address, at: time, isStore: false))
      if (run.address ^ last) >> logLine != 0 { end = max(end, hierarchy.data(last, at: time &+ .perCycle, isStore: false)) }
    }
    if !isInOrder {
      loads[loadNext] = end
      loadNext = loadNext &+ 1 == loads.count ? 0 : loadNext &+ 1
    }
    return end
  }

  @inline(__always)
  private func store(_ runs: UnsafeBufferPointer<MemoryRun>, at time: Ticks) {
    for run in runs {
      let drain = max(time &+ .perCycle, stores.nextDrain)
      var end = hierarchy.data(run.address, at: drain, isStore: true)
      let last = run.address &+ UInt64(run.width) &- 1
      if (run.address ^ last) >> logLine != 0 { end = max(end, hierarchy.data(last, at: drain &+ .perCycle, isStore: true)) }
      stores.add(run.address, UInt64(run.width), ready: time &+ .perCycle, drain: drain, end: end)
    }
  }

  /// Lines that a vector access touches, each asked for in turn over `length`.
  func vectorAccess(_ runs: UnsafeBufferPointer<MemoryRun>, at time: Ticks, length: Ticks, isStore: Bool) -> (
    first: Ticks, last: Ticks
  ) {
    var (first, last) = (Ticks.max, time)
    var total = 0
    for run in runs { total &+= Int(run.count) }
    var number = 0
    var line = UInt64.max
    for run in runs {
      var address = run.address
      for _ in 0..<run.count {
        let end = address &+ UInt64(run.width) &- 1
        let at = time &+ length &* Ticks(number) / Ticks(max(total, 1))
        if address >> logLine != line {
          line = address >> logLine
          let data = hierarchy.data(address, at: at, isStore: isStore)
          first = min(first, data)
          last = max(last, data)
        }
        if end >> logLine != line {
          line = end >> logLine
          last = max(last, hierarchy.data(end, at: at, isStore: isStore))
        }
        address = address &+ UInt64(bitPattern: run.stride)
        number &+= 1
      }
    }
    return (first == .max ? time : first, last)
  }
}

/// vl and vtype as the model wants them.
struct VectorState {
  var vl: Int64 = 0
  /// LMUL in eighths.
  var lmul = 8
  var logSEW = 0
  var vlmax: Int64 = 0
  var tailAgnostic = false
  var maskAgnostic = false

  init() {}

  init(_ change: VectorStateChange, vlen: Int) {
    vl = Int64(change.vl)
    let vtype = change.vtype
    guard vtype >> 63 == 0 else { return }
    let code = Int(vtype & 7)
    lmul = code < 4 ? 8 << code : 8 >> (8 - code)
    logSEW = Int(vtype >> 3 & 7)
    vlmax = Int64((vlen * lmul / 8) >> (logSEW + 3))
    tailAgnostic = vtype & 64 != 0
    maskAgnostic = vtype & 128 != 0
  }
}
