import RVDecoder
import RVExec
import Testing

/// Records of vector accesses.
@Suite("Recorded vector accesses")
struct VectorRecordingTests {
  @Test("an access of 65,536 elements anywhere is recorded whole and in order, several in a batch")
  func largest() throws {
    let p = try #require(HartProgram(isa: try ISA("rv64gcv_zvl65536b")))
    p.hart.state.pointee.vs = 3
    let vectors = try #require(p.hart.state.pointee.vectors)
    var indices: [UInt8] = []
    var state: UInt64 = 1
    for index in 0..<65536 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      indices.append(UInt8(truncatingIfNeeded: state >> 40))
      vectors.storeBytes(of: indices[index], toByteOffset: 8 * 8192 + index, as: UInt8.self)
    }
    p.hart[x: 10] = HartProgram.base + 0x8000
    // e8, m8, VLMAX elements.
    p.emit("vsetvli", rd: 5, imm: 3)
    for _ in 0..<5 { p.emit("vluxei8.v", rd: 16, rs1: 10, rs2: 8, aux: 1) }
    p.emit("ebreak")

    let batch = p.hart.makeBatch()
    var addresses: [UInt64] = []
    var entries = 0
    while true {
      let stop = p.hart.record(into: batch, limit: .max)
      for run in batch.memoryRuns {
        addresses += (0..<Int64(run.count)).map { run.address &+ UInt64(bitPattern: run.stride &* $0) }
      }
      entries += batch.records.reduce(0) { $0 + Int($1.memoryEntries) } - batch.memoryRuns.count
      guard case .pause = stop else { break }
    }
    #expect(p.hart[x: 5] == 65536)
    #expect(entries == 0)
    let once = indices.map { HartProgram.base + 0x8000 + UInt64($0) }
    #expect(addresses == Array(repeatElement(once, count: 5).joined()))
  }
}
