import RVDecoder
import RVExec

/// What commit lines of matrix instructions have besides; Spike has none of them. The registers' contents are left out: a tile may have gigabits.
extension SpikeLog {
  /// ` m16 n16 k64`: the tile sizes, k as the version counts it (0.6: elements, 0.3: bytes); then the elements accessed, a store's with what
  /// memory holds now.
  func writeMatrix(_ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart) {
    if let sizes = hart.matrixSizes { file.write(" m\(sizes.m) n\(sizes.n) k\(sizes.k)") }
    for run in runs {
      for count in 0..<Int64(run.count) {
        let address = run.address &+ UInt64(bitPattern: run.stride &* count)
        guard run.kind == .store, let bytes = hart.peek(address, count: Int(run.width)) else {
          write(access: address)
          continue
        }
        write(store: address, bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }, width: Int(run.width))
      }
    }
  }
}
