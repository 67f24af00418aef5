import RVDecoder
import RVModels
import Testing

/// The matrix unit: nobody has measured one, so what is asked of it follows from what it is described as.
struct MatrixScenarioTests {
  /// A product takes this many cycles at the machine's peak.
  private func peak(_ m: Int, _ n: Int, _ k: Int, bytes: Int, _ machine: Machine) -> Double {
    Double(m * n * k * bytes) / Double(machine.matrix?.multiplyAdds ?? 1)
  }

  private func products(_ m: UInt32, _ n: UInt32, _ k: UInt32, count: Int = 64, _ mnemonic: String = "mmacc.w.b") throws -> (
    UInt64, Machine
  ) {
    let scenario = try Scenario("generic-matrix", isPerfect: true, tile: (m, n, k))
    // Four sums in turn: none waits for itself.
    for index in 0..<count { try scenario.retire(mnemonic, .init(rd: UInt8(4 + index % 4), rs1: 0, rs2: 1)) }
    return (scenario.cycles(), scenario.model.machine)
  }

  @Test("Products follow m, n and k, not the largest tile, and are never above the peak")
  func sizes() throws {
    let (whole, machine) = try products(16, 16, 64)
    let (half, _) = try products(8, 16, 64)
    let (thin, _) = try products(16, 16, 16)
    #expect(Double(whole) >= 64 * peak(16, 16, 64, bytes: 1, machine))
    #expect(Double(half) < 0.6 * Double(whole) && Double(thin) < 0.4 * Double(whole), "\(whole), \(half), \(thin)")
  }

  @Test("Wider elements take as much longer")
  func width() throws {
    let (bytes, machine) = try products(16, 16, 16)
    let (words, _) = try products(16, 16, 16, "mfmacc.s")
    #expect(Double(words) >= 64 * peak(16, 16, 16, bytes: 4, machine))
    #expect(words > 3 * bytes && words < 5 * bytes, "\(bytes) and \(words)")
  }

  @Test("Sums into one register wait for each other")
  func chain() throws {
    let scenario = try Scenario("generic-matrix", isPerfect: true, tile: (4, 4, 16))
    for _ in 0..<64 { try scenario.retire("mmacc.w.b", .init(rd: 4, rs1: 0, rs2: 1)) }
    #expect(scenario.cycles() > (try products(4, 4, 16).0) * 2)
  }

  @Test("Loads go on beside products with two sets of tiles, and not with one")
  func sets() throws {
    func time(_ sets: String) throws -> UInt64 {
      let scenario = try Scenario("generic-matrix", [("matrix.tile-sets", sets)], isPerfect: true, tile: (16, 16, 64))
      for index in 0..<32 {
        let register = UInt8(index % 2 * 2)
        for k in UInt8(0)..<2 {
          let rows = MemoryRun(address: 0x4_0000 + UInt64(k) * 1024, stride: 1, count: 1024, width: 1, kind: .load)
          try scenario.retire("mlae8", .init(rd: register + k, rs1: 0, rs2: 0), [rows])
        }
        try scenario.retire("mmacc.w.b", .init(rd: UInt8(4 + index % 4), rs1: register, rs2: register + 1))
      }
      return scenario.cycles()
    }
    let (one, two) = (try time("1"), try time("2"))
    #expect(Double(one) > 1.3 * Double(two), "\(one) and \(two)")
  }

  @Test("What a matrix instruction takes is labelled as measured by nobody")
  func label() throws {
    let scenario = try Scenario("generic-matrix", isPerfect: true, tile: (4, 4, 16))
    try scenario.retire("mmacc.w.b", .init(rd: 4, rs1: 0, rs2: 1))
    _ = scenario.cycles()
    #expect(scenario.model.usedMatrices)
  }
}
