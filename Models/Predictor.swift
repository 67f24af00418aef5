/// The front end's guesses: directions of branches, targets of jumps, returns.
struct Predictor {
  private let parameters: FrontEnd
  /// Two-bit counters.
  private var counters: [UInt8]
  private var history: UInt64 = 0
  private let historyMask: UInt64
  private var targets: [UInt64]
  private var sources: [UInt64]
  private var stack: [UInt64]
  private var depth = 0

  init(_ parameters: FrontEnd) {
    self.parameters = parameters
    counters = Array(repeating: 1, count: 1 << parameters.logEntries)
    historyMask = parameters.predictor == .gshare ? (1 << UInt64(parameters.historyBits)) - 1 : 0
    targets = Array(repeating: 0, count: max(parameters.targets, 1))
    sources = Array(repeating: .max, count: max(parameters.targets, 1))
    stack = Array(repeating: 0, count: max(parameters.returns, 1))
  }

  /// Learns what a conditional branch did.
  /// - Returns: whether it was foreseen.
  @inline(__always)
  mutating func branch(_ pc: UInt64, taken: Bool) -> Bool {
    switch parameters.predictor {
    case .perfect: return true
    case .taken: return taken
    case .bimodal, .gshare:
      let index = Int(((pc >> 1) ^ (history & historyMask)) & UInt64(counters.count - 1))
      let counter = counters[index]
      counters[index] = taken ? min(counter + 1, 3) : counter - (counter > 0 ? 1 : 0)
      history = history << 1 | (taken ? 1 : 0)
      return (counter >= 2) == taken
    }
  }

  /// A call: the address behind it is kept.
  mutating func call(returningTo address: UInt64) {
    guard parameters.returns > 0 else { return }
    stack[depth % stack.count] = address
    depth += 1
  }

  /// A return.
  mutating func comesBack(to address: UInt64) -> Bool {
    if parameters.predictor == .perfect { return true }
    guard parameters.returns > 0, depth > 0 else { return false }
    depth -= 1
    return stack[depth % stack.count] == address
  }

  /// Another indirect jump.
  mutating func jump(_ pc: UInt64, to address: UInt64) -> Bool {
    if parameters.predictor == .perfect { return true }
    guard parameters.targets > 0 else { return false }
    let index = Int((pc >> 1) % UInt64(targets.count))
    defer { (sources[index], targets[index]) = (pc, address) }
    return sources[index] == pc && targets[index] == address
  }
}
