import Testing

/// Beyond Spike's longest registers a plain model is the reference; at VLEN 128 both are.
@Suite("Vectors against a plain model")
struct VectorModelTests {
  @Test(
    "a sample of every class of instruction, with types, lengths, masks and policies at random",
    arguments: [(128, 24), (8192, 5), (16384, 4), (65536, 3)], [false, true])
  func instructions(size: (vlen: Int, rounds: Int), fillsOnes: Bool) throws {
    let bench = try #require(try ModelBench(vlen: size.vlen, fillsOnes: fillsOnes, seed: UInt64(size.vlen)))
    var failures = 0
    for _ in 0..<size.rounds {
      for one in ModelCase.all {
        guard let difference = bench.run(one) else { continue }
        failures += 1
        if failures <= 5 { Issue.record("VLEN \(size.vlen): \(difference)") }
      }
    }
    #expect(failures == 0)
  }
}
