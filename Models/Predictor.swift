/// The front end's guesses: directions of branches, targets of jumps, returns.
struct Predictor {
  private let kind: FrontEnd.Predictor
  /// Two-bit counters.
  private let counters: UnsafeMutablePointer<UInt8>
  private let counterMask: UInt64
  private var history: UInt64 = 0
  private let historyMask: UInt64
  private var tagged: TaggedTables
  private let targets: UnsafeMutablePointer<UInt64>
  private let sources: UnsafeMutablePointer<UInt64>
  private let targetCount: Int
  private let stack: UnsafeMutablePointer<UInt64>
  private let returnCount: Int
  private var depth = 0

  init(_ parameters: FrontEnd) {
    kind = parameters.predictor
    counters = .allocate(capacity: 1 << parameters.logEntries)
    counters.initialize(repeating: 1, count: 1 << parameters.logEntries)
    counterMask = 1 << UInt64(parameters.logEntries) - 1
    historyMask = parameters.predictor == .gshare ? (1 << UInt64(parameters.historyBits)) - 1 : 0
    tagged = TaggedTables(logEntries: parameters.predictor == .tage ? max(parameters.logEntries - 2, 1) : 0)
    targetCount = parameters.targets
    targets = .allocate(capacity: max(targetCount, 1))
    targets.initialize(repeating: 0, count: max(targetCount, 1))
    sources = .allocate(capacity: max(targetCount, 1))
    sources.initialize(repeating: .max, count: max(targetCount, 1))
    returnCount = parameters.returns
    stack = .allocate(capacity: max(returnCount, 1))
    stack.initialize(repeating: 0, count: max(returnCount, 1))
  }

  func free() {
    counters.deallocate()
    tagged.free()
    targets.deallocate()
    sources.deallocate()
    stack.deallocate()
  }

  /// Learns what a conditional branch did.
  /// - Returns: whether it was foreseen.
  @inline(__always)
  mutating func branch(_ pc: UInt64, taken: Bool) -> Bool {
    if kind == .gshare || kind == .bimodal {
      let guess = count(Int(((pc &>> 1) ^ (history & historyMask)) & counterMask), taken)
      history = history &<< 1 | (taken ? 1 : 0)
      return guess == taken
    }
    return others(pc, taken: taken)
  }

  @inline(never)
  private mutating func others(_ pc: UInt64, taken: Bool) -> Bool {
    guard kind == .tage else { return kind == .perfect || taken }
    let index = Int((pc &>> 1) & counterMask)
    let base = counters[index] >= 2
    let (guess, isTagged) = tagged.guess(pc, history, base)
    tagged.learn(taken, guess: guess)
    if !isTagged { _ = count(index, taken) }
    history = history &<< 1 | (taken ? 1 : 0)
    return guess == taken
  }

  @inline(__always)
  private func count(_ index: Int, _ taken: Bool) -> Bool {
    let counter = counters[index]
    counters[index] = taken ? min(counter &+ 1, 3) : counter &- (counter > 0 ? 1 : 0)
    return counter >= 2
  }

  /// A call: the address behind it is kept.
  mutating func call(returningTo address: UInt64) {
    guard returnCount > 0 else { return }
    stack[depth % returnCount] = address
    depth &+= 1
  }

  /// A return.
  mutating func comesBack(to address: UInt64) -> Bool {
    if kind == .perfect { return true }
    guard returnCount > 0, depth > 0 else { return false }
    depth &-= 1
    return stack[depth % returnCount] == address
  }

  /// Another indirect jump.
  mutating func jump(_ pc: UInt64, to address: UInt64) -> Bool {
    if kind == .perfect { return true }
    guard targetCount > 0 else { return false }
    let index = Int((pc &>> 1) % UInt64(targetCount))
    defer { (sources[index], targets[index]) = (pc, address) }
    return sources[index] == pc && targets[index] == address
  }
}

/// TAGE without its refinements: four tables of counters with tags, looked up with more and more of the history; the longest that knows the
/// branch decides.
struct TaggedTables {
  private struct Entry {
    var tag: UInt16 = 0
    /// -4 to 3: taken from 0 on.
    var counter: Int8 = 0
    var useful: UInt8 = 0
  }
  /// Branches of history that the tables see.
  private static let lengths = SIMD4<UInt64>(5, 12, 27, 60)
  private static let tables = 4
  private let entries: UnsafeMutablePointer<Entry>
  private let logEntries: UInt64
  /// Entries by table for the branch in question, and the table that decided.
  private var places = SIMD4<Int>(repeating: 0)
  private var tags = SIMD4<UInt16>(repeating: 0)
  private var provider = -1
  /// What the next shorter history would have said.
  private var other = false

  init(logEntries: Int) {
    self.logEntries = UInt64(logEntries)
    let count = Self.tables << logEntries
    entries = .allocate(capacity: count)
    entries.initialize(repeating: Entry(), count: count)
  }

  func free() { entries.deallocate() }

  mutating func guess(_ pc: UInt64, _ history: UInt64, _ base: Bool) -> (taken: Bool, isTagged: Bool) {
    let place = pc &>> 1
    provider = -1
    other = base
    var taken = base
    for table in 0..<Self.tables {
      let seen = history & (1 &<< Self.lengths[table] &- 1)
      // One multiplication mixes the history; places and tags take different bits of it.
      let mixed = (seen &+ UInt64(table)) &* 0x9e37_79b9_7f4a_7c15
      let index = (place ^ place &>> logEntries ^ mixed &>> 44) & (1 &<< logEntries &- 1)
      let tag = UInt16(truncatingIfNeeded: (place ^ mixed &>> 24) & 0x1ff | 0x200)
      places[table] = table &<< Int(logEntries) | Int(index)
      tags[table] = tag
      let entry = entries[places[table]]
      if entry.tag == tag {
        (other, taken, provider) = (taken, entry.counter >= 0, table)
      }
    }
    return (taken, provider >= 0)
  }

  mutating func learn(_ taken: Bool, guess: Bool) {
    if provider >= 0 {
      let entry = entries + places[provider]
      entry.pointee.counter = taken ? min(entry.pointee.counter &+ 1, 3) : max(entry.pointee.counter &- 1, -4)
      if guess != other {
        entry.pointee.useful =
          guess == taken ? min(entry.pointee.useful &+ 1, 3) : entry.pointee.useful &- (entry.pointee.useful > 0 ? 1 : 0)
      }
    }
    guard guess != taken, provider < Self.tables &- 1 else { return }
    // A longer history gets an entry where one is of no use.
    for table in provider &+ 1..<Self.tables where entries[places[table]].useful == 0 {
      entries[places[table]] = Entry(tag: tags[table], counter: taken ? 0 : -1, useful: 0)
      return
    }
    for table in provider &+ 1..<Self.tables { entries[places[table]].useful &-= 1 }
  }
}
