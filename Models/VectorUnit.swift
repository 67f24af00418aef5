import RVDecoder

/// The vector unit's state: what each register and pipe will be ready for. Work begins in program order, at most one operation a cycle; an operation
/// waits in a queue for its operands, so that scalar instructions go on.
struct VectorUnit {
  /// What one operation asks for.
  struct Request {
    var law: ClassLaw
    var beats: Int64 = 1
    var logSEW = 0
    var elements: Int64 = 0
    var isMasked = false
    /// A mask operand or result takes a whole register: it needs no shifting.
    var isWholeMask = false
    /// Registers read: first and count, up to four groups.
    var sources: (Group, Group, Group, Group) = (.none, .none, .none, .none)
    var destination = Group.none
  }

  struct Group {
    var first: UInt8
    var count: UInt8
    static let none = Group(first: 0, count: 0)
  }

  /// When an operation ran.
  struct Outcome {
    var start: Ticks
    /// Of the first result, and of the last.
    var first: Ticks
    var last: Ticks
  }

  let machine: VectorParameters
  /// When the first and the last beat of each register can be read.
  private var first = [Ticks](repeating: 0, count: 32)
  private var last = [Ticks](repeating: 0, count: 32)
  private var pipes: [Ticks]
  /// The way to memory.
  private var memoryPipe: Ticks = 0
  private var lastStart: Ticks = -Ticks.perCycle
  /// Starts of the operations that were queued last, as a ring.
  private var queue: [Ticks]
  private var queueNext = 0

  init(_ machine: VectorParameters) {
    self.machine = machine
    pipes = Array(repeating: 0, count: machine.pipes)
    queue = Array(repeating: 0, count: machine.queue)
  }

  /// When there is room in the queue for one more.
  var roomAt: Ticks { queue[queueNext] }

  /// Queues a load or a store.
  mutating func issueMemory(_ request: Request, at time: Ticks) -> Outcome {
    let law = request.law
    let length = law.time(beats: request.beats, logSEW: request.logSEW, elements: request.elements, isMasked: request.isMasked)
    let earliest = max(time &+ machine.delay, lastStart &+ machine.interval, memoryPipe)
    let outcome = begin(request, length, at: earliest)
    memoryPipe = outcome.start &+ length
    return outcome
  }

  /// Queues an operation.
  /// - Parameter time: when it comes, with its scalar operands.
  mutating func issue(_ request: Request, at time: Ticks) -> Outcome {
    let law = request.law
    var allowed = request.isMasked ? law.maskedPipes : law.pipes
    var occupancy = law.time(beats: request.beats, logSEW: request.logSEW, elements: request.elements, isMasked: request.isMasked)
    if request.isWholeMask, machine.wholeMaskPipes > allowed {
      allowed = machine.wholeMaskPipes
      occupancy &+= machine.wholeMaskStart &* Ticks(allowed)
    }
    allowed = min(allowed, pipes.count)
    var earliest = max(time &+ machine.delay, lastStart &+ machine.interval)
    let (pipe, several, free, length) = choose(allowed, occupancy, request.beats, earliest)
    earliest = max(earliest, free)
    let outcome = begin(request, length, at: earliest)
    for number in 0..<pipes.count where several ? number < allowed : number == pipe {
      pipes[number] = outcome.start &+ length
    }
    return outcome
  }

  /// Waits for operands, and says when results are there.
  @inline(__always)
  private mutating func begin(_ request: Request, _ length: Ticks, at earliest: Ticks) -> Outcome {
    let law = request.law
    var start = earliest
    start = max(start, wait(request.sources.0, length))
    start = max(start, wait(request.sources.1, length))
    start = max(start, wait(request.sources.2, length))
    start = max(start, wait(request.sources.3, length))
    // What is written later must not be there earlier.
    let destination = request.destination
    let count = Ticks(destination.count)
    for k in 0..<Int(destination.count) {
      let register = (Int(destination.first) + k) & 31
      let (from, to) = law.chains ? (length &* Ticks(k) / count, length &* Ticks(k &+ 1) / count) : (length, length)
      start = max(start, first[register] &- law.latency &- from, last[register] &- law.latency &- max(to &- .perCycle, 0))
    }
    lastStart = start
    let end = start &+ length &+ law.latency &- .perCycle
    for k in 0..<Int(destination.count) {
      let register = (Int(destination.first) + k) & 31
      first[register] = law.chains ? start &+ law.latency &+ length &* Ticks(k) / count : end
      last[register] = law.chains ? start &+ law.latency &+ max(length &* Ticks(k &+ 1) / count &- .perCycle, 0) : end
    }
    queue[queueNext] = start
    queueNext = queueNext &+ 1 == queue.count ? 0 : queueNext &+ 1
    return Outcome(start: start, first: law.chains ? start &+ law.latency : end, last: end)
  }

  /// The results of a load come later than its unit would have them: by `delay` for the last.
  mutating func late(_ group: Group, first time: Ticks, last end: Ticks) {
    for k in 0..<Int(group.count) {
      let register = (Int(group.first) + k) & 31
      first[register] = max(first[register], time)
      last[register] = max(last[register], end)
    }
  }

  /// All of the allowed pipes at once, or the one that is done first.
  @inline(__always)
  private func choose(_ allowed: Int, _ occupancy: Ticks, _ beats: Int64, _ earliest: Ticks) -> (
    pipe: Int, several: Bool, free: Ticks, length: Ticks
  ) {
    var (best, latest) = (0, pipes[0])
    for number in 1..<max(allowed, 1) {
      if pipes[number] < pipes[best] { best = number }
      latest = max(latest, pipes[number])
    }
    guard allowed > 1, beats > 1 else { return (best, false, pipes[best], occupancy) }
    let split = occupancy / Ticks(allowed)
    if max(latest, earliest) &+ split <= max(pipes[best], earliest) &+ occupancy { return (best, true, latest, split) }
    return (best, false, pipes[best], occupancy)
  }

  /// The earliest start at which a source is never read before it is there: register by register, with results as they come.
  @inline(__always)
  private func wait(_ group: Group, _ length: Ticks) -> Ticks {
    var start: Ticks = 0
    let count = Ticks(group.count)
    for k in 0..<Int(group.count) {
      let register = (Int(group.first) + k) & 31
      start = max(
        start, first[register] &- length &* Ticks(k) / count,
        last[register] &- max(length &* Ticks(k &+ 1) / count &- .perCycle, 0))
    }
    return start
  }
}
