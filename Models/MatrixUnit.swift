/// The matrix unit: products follow m, n and k, loads and stores the bytes that they move. Nobody has measured one.
struct MatrixUnit {
  private let multiplyAdds: Int64
  private let latency: Ticks
  private let bandwidth: Int64
  /// Loads and products take turns.
  private let isSingle: Bool
  /// When each of the eight registers can be used.
  private let ready: UnsafeMutablePointer<Ticks>
  private var products: Ticks = 0
  private var path: Ticks = 0

  init(_ parameters: MatrixParameters) {
    multiplyAdds = Int64(parameters.multiplyAdds)
    latency = parameters.latency
    bandwidth = parameters.bandwidth
    isSingle = parameters.sets == 1
    ready = .allocate(capacity: 8)
    ready.initialize(repeating: 0, count: 8)
  }

  func free() { ready.deallocate() }

  /// Products and element-wise work.
  /// - Parameters:
  ///   - work: multiply-adds of bytes; wider elements count for more.
  mutating func compute(_ destination: Int, _ second: Int, _ third: Int, work: Int64, at time: Ticks) -> Ticks {
    let start = max(time, products, ready[destination & 7], max(ready[second & 7], ready[third & 7]))
    let length = max(.perCycle, (work &* .perCycle &+ multiplyAdds &- 1) / multiplyAdds)
    products = start &+ length
    // Sums go into the same accumulator one behind the other.
    ready[destination & 7] = start &+ length &+ latency
    if isSingle { path = max(path, products) }
    return ready[destination & 7]
  }

  /// The way to memory is taken by a tile of so many bytes.
  mutating func move(_ register: Int, bytes: Int64, isStore: Bool, at time: Ticks) -> (start: Ticks, length: Ticks) {
    var start = max(time, path)
    if isSingle { start = max(start, products) }
    if isStore { start = max(start, ready[register & 7]) }
    let length = max(.perCycle, bytes &* 8 &* .perCycle / bandwidth)
    path = start &+ length
    return (start, length)
  }

  /// A loaded tile is there.
  func loaded(_ register: Int, at time: Ticks) { ready[register & 7] = time }
}
