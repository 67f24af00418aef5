import RVDecoder

/// Matrix instructions. What comes out is labelled uncalibrated: there is no silicon to compare it with.
extension Core {
  /// Sizes of tiles now: m, n, k.
  typealias Sizes = (m: Int64, n: Int64, k: Int64)

  @inline(never)
  mutating func matrixWork(_ op: UnsafePointer<Op>, _ runs: Runs, at time: Ticks) -> Ticks {
    usedMatrices = true
    guard let matrix else { return time &+ .perCycle }
    let row = facts + Int(op.pointee.id)
    let work = OpFacts.works[Int(row.pointee.work)]
    let (rd, rs1, rs2) = (Int(op.pointee.rd), Int(op.pointee.rs1), Int(op.pointee.rs2))
    switch work {
    case .mconfig: return time &+ .perCycle
    case .mload, .mstore:
      var bytes: Int64 = 0
      for k in 0..<runs.count { bytes &+= Int64(runs.base[k].count) &* Int64(runs.base[k].width) }
      let way = matrix.pointee.move(rd, bytes: bytes, isStore: work == .mstore, at: time)
      let data = vectorAccess(runs, at: way.start, length: way.length, isStore: work == .mstore)
      let end = max(way.start &+ way.length &+ hierarchy.l1d.pointee.latency, data.last)
      if work == .mload { matrix.pointee.loaded(rd, at: end) }
      return end
    default:
      // A multiply-add of wider elements takes the place of as many of bytes as it has bytes.
      let width = Int64(row.pointee.elementBytes)
      let area = sizes.m &* sizes.n
      let amount = work == .mmacc || work == .mfma ? area &* sizes.k &* width : max(area, 1) &* width
      return matrix.pointee.compute(rd, rs1, rs2, work: amount, at: time)
    }
  }
}
