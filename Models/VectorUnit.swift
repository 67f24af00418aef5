import RVDecoder

/// The vector unit's state: what each register and pipe will be ready for. At most one operation a cycle begins; an operation waits in a queue for
/// its operands, so that scalar instructions go on. In order, work begins in program order; out of order, when its operands are there, and
/// registers are renamed.
struct VectorUnit {
  typealias Group = VectorPlan.Group

  /// When an operation ran.
  struct Outcome {
    var start: Ticks
    /// Of the first result, and of the last.
    var first: Ticks
    var last: Ticks
    /// Time on the pipes, or on the way to memory.
    var length: Ticks
    /// Pipes that took part.
    var pipes: Ticks
  }

  private let interval: Ticks
  private let delay: Ticks
  private let isInOrder: Bool
  /// When the first and the last beat of each register can be read.
  private let first: UnsafeMutablePointer<Ticks>
  private let last: UnsafeMutablePointer<Ticks>
  private let pipes: UnsafeMutablePointer<Ticks>
  private let pipeCount: Int
  /// Out of order: cycles of the pipes, those to memory last.
  private let calendars: UnsafeMutablePointer<Calendar>
  private let calendarCount: Int
  private let memoryPipes: Int
  /// The ways to memory: loads and stores.
  private let paths: UnsafeMutablePointer<Ticks>
  private var lastStart: Ticks = -Ticks.perCycle
  /// Starts of the operations that were queued last, as a ring.
  private let queue: UnsafeMutablePointer<Ticks>
  private let queueCount: Int
  private var queueNext = 0

  init(_ machine: VectorParameters) {
    (interval, delay, isInOrder) = (machine.interval, machine.delay, machine.isInOrder)
    first = .allocate(capacity: 64)
    first.initialize(repeating: 0, count: 64)
    last = first + 32
    pipeCount = machine.pipes
    pipes = .allocate(capacity: pipeCount)
    pipes.initialize(repeating: 0, count: pipeCount)
    memoryPipes = machine.memoryPipes
    paths = .allocate(capacity: memoryPipes)
    paths.initialize(repeating: 0, count: memoryPipes)
    calendarCount = machine.isInOrder ? 0 : pipeCount + memoryPipes
    calendars = .allocate(capacity: calendarCount)
    for index in 0..<calendarCount { (calendars + index).initialize(to: Calendar(slot: .perCycle)) }
    queueCount = machine.queue
    queue = .allocate(capacity: queueCount)
    queue.initialize(repeating: 0, count: queueCount)
  }

  func free() {
    first.deallocate()
    pipes.deallocate()
    paths.deallocate()
    for index in 0..<calendarCount { calendars[index].free() }
    calendars.deallocate()
    queue.deallocate()
  }

  mutating func reset() {
    first.update(repeating: 0, count: 64)
    pipes.update(repeating: 0, count: pipeCount)
    paths.update(repeating: 0, count: memoryPipes)
    for index in 0..<calendarCount { calendars[index].reset() }
    queue.update(repeating: 0, count: queueCount)
    (queueNext, lastStart) = (0, -Ticks.perCycle)
  }

  /// When there is room in the queue for one more.
  @inline(__always)
  var roomAt: Ticks { queue[queueNext] }

  /// Queues a load or a store.
  mutating func issueMemory(_ plan: UnsafePointer<VectorPlan>, more: Ticks, isStore: Bool, at time: Ticks) -> Outcome {
    let length = plan.pointee.length &+ more
    let earliest = time &+ delay
    if !isInOrder {
      let start = max(earliest, waits(plan, length, renamed: true))
      return reserve(plan, length, start, from: pipeCount, to: pipeCount &+ memoryPipes)
    }
    var path = 0
    for number in 1..<memoryPipes where paths[number] < paths[path] { path = number }
    let start = max(earliest, lastStart &+ interval, paths[path], waits(plan, length, renamed: false))
    lastStart = start
    paths[path] = start &+ length
    return finish(plan, length, start, pipes: 1)
  }

  /// Queues an operation.
  /// - Parameter time: when it comes, with its scalar operands.
  mutating func issue(_ plan: UnsafePointer<VectorPlan>, at time: Ticks) -> Outcome {
    let allowed = plan.pointee.pipes
    if !isInOrder {
      let start = max(time &+ delay, waits(plan, plan.pointee.length, renamed: true))
      return reserve(plan, plan.pointee.length, start, from: 0, to: allowed)
    }
    let earliest = max(time &+ delay, lastStart &+ interval)
    // All of the allowed pipes at once, or the one that is done first.
    var (best, latest) = (0, pipes[0])
    for number in 1..<max(allowed, 1) {
      if pipes[number] < pipes[best] { best = number }
      latest = max(latest, pipes[number])
    }
    var length = plan.pointee.length
    if plan.pointee.isSplit, max(latest, earliest) &+ plan.pointee.split <= max(pipes[best], earliest) &+ length {
      length = plan.pointee.split
      let start = max(earliest, latest, waits(plan, length, renamed: false))
      lastStart = start
      for number in 0..<allowed { pipes[number] = start &+ length }
      return finish(plan, length, start, pipes: Ticks(allowed))
    }
    let start = max(earliest, pipes[best], waits(plan, length, renamed: false))
    lastStart = start
    pipes[best] = start &+ length
    return finish(plan, length, start, pipes: 1)
  }

  /// Out of order: the pipe that is free first, for as long as it takes.
  private mutating func reserve(_ plan: UnsafePointer<VectorPlan>, _ length: Ticks, _ time: Ticks, from: Int, to end: Int)
    -> Outcome
  {
    let spans = max(1, length.cycles)
    var (best, earliest) = (from, Ticks.max)
    for number in from..<max(end, from &+ 1) where earliest > time {
      let at = calendars[number].firstFree(time.roundedUpToCycle, spans: spans)
      if at < earliest { (best, earliest) = (number, at) }
    }
    calendars[best].reserve(earliest, spans: spans)
    return finish(plan, length, earliest, pipes: 1)
  }

  /// The earliest start as operands allow, and as what is written at the same places does.
  @inline(__always)
  private func waits(_ plan: UnsafePointer<VectorPlan>, _ length: Ticks, renamed: Bool) -> Ticks {
    var start = wait(plan.pointee.sources.0, length)
    start = max(start, wait(plan.pointee.sources.1, length))
    start = max(start, wait(plan.pointee.sources.2, length))
    start = max(start, wait(plan.pointee.sources.3, length))
    if renamed { return start }
    // What is written later must not be there earlier.
    let destination = plan.pointee.destination
    let count = Int(destination.count)
    let latency = plan.pointee.latency
    if plan.pointee.chains, count > 0 {
      let step = Self.part(length, count)
      var from: Ticks = 0
      for k in 0..<count {
        let register = (Int(destination.first) &+ k) & 31
        let to = k &+ 1 == count ? length : from &+ step
        start = max(start, first[register] &- latency &- from, last[register] &- latency &- max(to &- .perCycle, 0))
        from = to
      }
    } else {
      for k in 0..<count {
        let register = (Int(destination.first) &+ k) & 31
        start = max(start, last[register] &- latency &- max(plan.pointee.result &- .perCycle, 0))
      }
    }
    return start
  }

  /// Says when results are there.
  @inline(__always)
  private mutating func finish(_ plan: UnsafePointer<VectorPlan>, _ length: Ticks, _ start: Ticks, pipes: Ticks) -> Outcome {
    let latency = plan.pointee.latency
    let end = start &+ plan.pointee.result &+ latency &- .perCycle
    let destination = plan.pointee.destination
    let count = Int(destination.count)
    if plan.pointee.chains {
      if count > 0 {
        let step = Self.part(length, count)
        var from: Ticks = 0
        for k in 0..<count {
          let register = (Int(destination.first) &+ k) & 31
          let to = k &+ 1 == count ? length : from &+ step
          first[register] = start &+ latency &+ from
          last[register] = start &+ latency &+ max(to &- .perCycle, 0)
          from = to
        }
      }
    } else {
      for k in 0..<count {
        let register = (Int(destination.first) &+ k) & 31
        first[register] = end
        last[register] = end
      }
    }
    queue[queueNext] = start
    queueNext = queueNext &+ 1 == queueCount ? 0 : queueNext &+ 1
    return Outcome(start: start, first: plan.pointee.chains ? start &+ latency : end, last: end, length: length, pipes: pipes)
  }

  /// The results of a load come later than its unit would have them.
  mutating func late(_ group: Group, first time: Ticks, last end: Ticks) {
    for k in 0..<Int(group.count) {
      let register = (Int(group.first) &+ k) & 31
      first[register] = max(first[register], time)
      last[register] = max(last[register], end)
    }
  }

  /// The earliest start at which a source is never read before it is there: register by register, with results as they come.
  @inline(__always)
  private func wait(_ group: Group, _ length: Ticks) -> Ticks {
    var start: Ticks = 0
    let count = Int(group.count)
    if count == 0 { return 0 }
    let step = Self.part(length, count)
    var from: Ticks = 0
    for k in 0..<count {
      let register = (Int(group.first) &+ k) & 31
      let to = k &+ 1 == count ? length : from &+ step
      start = max(start, first[register] &- from, last[register] &- max(to &- .perCycle, 0))
      from = to
    }
    return start
  }

  /// The time that one of so many registers takes.
  @inline(__always)
  private static func part(_ length: Ticks, _ count: Int) -> Ticks {
    count & (count &- 1) == 0 ? length &>> Ticks(count.trailingZeroBitCount) : length / Ticks(count)
  }
}
