/// The matrix unit: products follow m, n and k, loads and stores the bytes that they move. Nobody has measured one.
struct MatrixUnit {
  let parameters: MatrixParameters
  /// When each of the eight registers can be used.
  var ready = [Ticks](repeating: 0, count: 8)
  private var products: Ticks = 0
  private var path: Ticks = 0

  init(_ parameters: MatrixParameters) { self.parameters = parameters }

  /// Products and element-wise work.
  /// - Parameters:
  ///   - work: multiply-adds of bytes; wider elements count for more.
  mutating func compute(_ destination: Int, _ sources: [Int], work: Int64, at time: Ticks) -> Ticks {
    var start = max(time, products)
    for register in sources { start = max(start, ready[register & 7]) }
    let length = max(.perCycle, (work * .perCycle + Int64(parameters.multiplyAdds) - 1) / Int64(parameters.multiplyAdds))
    products = start + length
    // Sums go into the same accumulator one behind the other.
    ready[destination & 7] = start + length + parameters.latency
    if parameters.sets == 1 { path = max(path, products) }
    return ready[destination & 7]
  }

  /// The way to memory is taken by a tile of so many bytes.
  mutating func move(_ register: Int, bytes: Int64, isStore: Bool, at time: Ticks) -> (start: Ticks, length: Ticks) {
    var start = max(time, path)
    if parameters.sets == 1 { start = max(start, products) }
    if isStore { start = max(start, ready[register & 7]) }
    let length = max(.perCycle, bytes * 8 * .perCycle / parameters.bandwidth)
    path = start + length
    return (start, length)
  }
}
