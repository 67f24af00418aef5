import RVDecoder
import RVModels
import Testing

/// One behaviour of the model each.
struct ScenarioTests {
  @Test("Two independent additions begin in one cycle, and dependent ones do not")
  func pairing() throws {
    func time(_ dependent: Bool) throws -> UInt64 {
      let scenario = try Scenario("generic-inorder", isPerfect: true)
      for k in 0..<40 { try scenario.retire("addi", .init(rd: dependent ? 5 : UInt8(5 + k % 4), rs1: dependent ? 5 : 0, imm: 1)) }
      return scenario.cycles()
    }
    let (free, chained) = (try time(false), try time(true))
    #expect((20...24).contains(free))
    #expect((40...44).contains(chained))
  }

  @Test("A second access to a line that is on its way waits for the fill, and takes no miss of its own")
  func fill() throws {
    let one = try Scenario("generic-inorder", isPerfect: true)
    try one.load(5, from: 0x2_0000)
    let first = one.cycles()
    let two = try Scenario("generic-inorder", isPerfect: true)
    try two.load(5, from: 0x2_0000)
    try two.load(6, from: 0x2_0008)
    let both = two.cycles()
    #expect(both >= first && both <= first + 2)
    #expect(two.model.cache("l1d")?.misses == 1)
    let three = try Scenario("generic-inorder", isPerfect: true)
    try three.load(5, from: 0x2_0000)
    _ = three.cycles()
    try three.retire("addi", .init(rd: 7, rs1: 5, imm: 0))
    let used = three.cycles()
    try three.load(6, from: 0x2_0008)
    #expect(three.cycles() <= used + 3)
  }

  @Test("Misses overlap as far as there is room for them")
  func misses() throws {
    func time(_ room: String) throws -> UInt64 {
      let scenario = try Scenario(
        "generic-inorder", [("memory.l1d.misses", room), ("memory.l1d.streams", "0"), ("memory.l2.misses", "32")], isPerfect: true
      )
      for k in 0..<8 { try scenario.load(UInt8(5 + k), from: 0x10_0000 + UInt64(k) * 0x10040) }
      return scenario.cycles()
    }
    let (one, eight) = (try time("1"), try time("8"))
    #expect(one > 4 * eight, "\(one) and \(eight)")
  }

  @Test("A load takes its bytes from a store that covers it, and waits for one that covers a part")
  func forwarding() throws {
    func time(_ address: UInt64) throws -> UInt64 {
      let scenario = try Scenario("generic-inorder", isPerfect: true)
      try scenario.store(6, to: 0x3_0000)
      try scenario.load(5, from: address)
      try scenario.retire("addi", .init(rd: 7, rs1: 5, imm: 0))
      return scenario.cycles()
    }
    // The line is not in the cache: the store's own fill takes long, and only what it forwards comes at once.
    let scenario = try Scenario("generic-inorder", isPerfect: true)
    try scenario.store(6, to: 0x3_0000)
    let alone = scenario.cycles()
    #expect(try time(0x3_0000) <= alone + 4)
    #expect(try time(0x3_0004) >= alone)
  }

  @Test("Widening work takes twice the beats")
  func widening() throws {
    func time(_ mnemonic: String) throws -> UInt64 {
      let scenario = try Scenario("xuantie-c908", isPerfect: true)
      for k in 0..<32 { try scenario.retire(mnemonic, .init(rd: UInt8(8 + k % 4 * 2), rs1: 24, rs2: 16, aux: 1)) }
      return scenario.cycles()
    }
    let (plain, wide) = (try time("vadd.vv"), try time("vwadd.vv"))
    #expect(wide >= 2 * plain - 14 && wide <= 2 * plain + 14, "\(plain) and \(wide)")
  }

  @Test("A dependent addition begins on the other pipe when the first beat is there, not the last")
  func chaining() throws {
    func time(_ source: UInt8, chains: Bool = true) throws -> UInt64 {
      // Eight registers each: m8 of e32.
      let scenario = try Scenario("xuantie-c908", isPerfect: true, vl: 32, vtype: 0xd3) { machine in
        for index in machine.vector?.laws.indices ?? 0..<0 { machine.vector?.laws[index].chains = chains }
      }
      try scenario.retire("vand.vv", .init(rd: 8, rs1: 24, rs2: 24, aux: 1))
      try scenario.retire("vadd.vv", .init(rd: 16, rs1: source, rs2: 24, aux: 1))
      return scenario.cycles()
    }
    let (independent, dependent, unchained) = (try time(24), try time(8), try time(8, chains: false))
    #expect(dependent < independent + 6, "\(independent) and \(dependent)")
    #expect(unchained >= dependent + 10, "\(dependent) and \(unchained)")
  }

  /// Out of order, four instructions a cycle.
  private func outOfOrder(entries: Int = 128) throws -> Scenario {
    try Scenario(isPerfect: true) { machine in
      (machine.pipeline, machine.issueWidth, machine.reorderBuffer, machine.loadQueue) = (.outOfOrder, 4, entries, 32)
      machine.units[0].count = 4
    }
  }

  @Test("Out of order, one late load does not delay fifty independent additions; in order, what needs it does")
  func lateLoad() throws {
    func fill(_ scenario: Scenario) throws {
      try scenario.load(5, from: 0x8_0000)
      try scenario.retire("addi", .init(rd: 6, rs1: 5, imm: 1))
      for k in 0..<50 { try scenario.retire("mul", .init(rd: UInt8(7 + k % 8), rs1: 0, rs2: 0)) }
    }
    let (ahead, inOrder) = (try outOfOrder(), try Scenario(isPerfect: true))
    try fill(ahead)
    try fill(inOrder)
    #expect(ahead.cycles() + 30 < inOrder.cycles())
  }

  @Test("A full reorder buffer stops what comes behind")
  func fullReorderBuffer() throws {
    func time(_ entries: Int) throws -> UInt64 {
      let scenario = try outOfOrder(entries: entries)
      for k in 0..<6 {
        try scenario.load(5, from: 0x8_0000 + UInt64(k) * 0x10040)
        for _ in 0..<20 { try scenario.retire("addi", .init(rd: 7, rs1: 0, imm: 1)) }
      }
      return scenario.cycles()
    }
    let (small, large) = (try time(8), try time(256))
    #expect(small > 3 * large, "\(small) and \(large)")
  }

  @Test(
    "Out of order, units of a sort are taken by as many operations as there are, and a long one does not hold up those that come before it"
  )
  func calendars() throws {
    let plain = try outOfOrder()
    for k in 0..<200 { try plain.retire("addi", .init(rd: UInt8(5 + k % 8), rs1: 0, imm: 1)) }
    #expect((50...60).contains(plain.cycles()))
    // A division whose operand comes late takes its unit late, and the ones behind it go first.
    let scenario = try outOfOrder()
    try scenario.load(5, from: 0x8_0000)
    try scenario.retire("div", .init(rd: 6, rs1: 5, rs2: 5))
    let late = scenario.cycles()
    for k in 0..<4 { try scenario.retire("div", .init(rd: UInt8(7 + k), rs1: 0, rs2: 0)) }
    #expect(scenario.cycles() <= late + 20)
  }

  @Test("Out of order, a branch that was not foreseen is lost to speculation")
  func speculation() throws {
    let scenario = try outOfOrder()
    for k in 0..<50 {
      try scenario.retire("addi", .init(rd: 5, rs1: 0, imm: 1))
      try scenario.retire("beq", .init(rs1: 0, rs2: 0, imm: 8), taken: k * k % 7 < 3)
    }
    _ = scenario.cycles()
    #expect(scenario.model.counts.mispredicted == 0 && scenario.model.counts.badSpeculation == 0)
    let real = try Scenario("generic-ooo")
    for k in 0..<400 {
      try real.retire("addi", .init(rd: 5, rs1: 0, imm: 1))
      try real.retire("beq", .init(rs1: 0, rs2: 0, imm: 8), taken: (k * 2_654_435_761) >> 7 & 1 == 0)
    }
    _ = real.cycles()
    #expect(real.model.counts.mispredicted > 50 && real.model.counts.badSpeculation > 0)
  }

  @Test("An access over a line's end asks for both lines, stores too")
  func lineEnd() throws {
    let scenario = try Scenario(isPerfect: true)
    try scenario.store(6, to: 0x9_003c)
    try scenario.load(5, from: 0x9_103c)
    _ = scenario.cycles()
    #expect(scenario.model.cache("l1d")?.accesses == 4)
  }

  @Test("Regions add up, and what lies between them is left out")
  func regions() throws {
    func mark(_ scenario: Scenario, _ number: Int32) throws { try scenario.retire("slti", .init(rd: 0, rs1: 0, imm: number)) }
    let scenario = try Scenario(isPerfect: true)
    for count in [10, 20] {
      try mark(scenario, -1234)
      for _ in 0..<count { try scenario.retire("addi", .init(rd: 5, rs1: 5, imm: 1)) }
      try mark(scenario, -1235)
      for _ in 0..<100 { try scenario.retire("addi", .init(rd: 5, rs1: 5, imm: 1)) }
    }
    _ = scenario.cycles()
    let region = try #require(scenario.model.region)
    #expect(region.counts.instructions == 30)
    #expect((28...32).contains(region.time / .perCycle))
  }

  @Test("A region that never ends goes up to the end of the run")
  func openRegion() throws {
    let scenario = try Scenario(isPerfect: true)
    for _ in 0..<10 { try scenario.retire("mul", .init(rd: 5, rs1: 5, rs2: 5)) }
    try scenario.retire("slti", .init(rd: 0, rs1: 0, imm: -1234))
    for _ in 0..<20 { try scenario.retire("mul", .init(rd: 5, rs1: 5, rs2: 5)) }
    let all = scenario.cycles()
    let region = try #require(scenario.model.region)
    #expect(region.counts.instructions == 20)
    #expect(region.time > 0 && UInt64(region.time / .perCycle) < all)
  }

  @Test("A branch that was not foreseen costs what the machine says")
  func mispredicted() throws {
    let scenario = try Scenario("generic-inorder")
    // The counters begin with 'not taken'.
    for _ in 0..<4 { try scenario.retire("addi", .init(rd: 5, rs1: 0, imm: 1)) }
    let before = scenario.cycles()
    try scenario.retire("beq", .init(rs1: 0, rs2: 0, imm: 8), taken: true)
    for _ in 0..<4 { try scenario.retire("addi", .init(rd: 5, rs1: 0, imm: 1)) }
    let after = scenario.cycles()
    #expect(scenario.model.counts.mispredicted == 1)
    #expect(after >= before + 9)
  }

  @Test("What was lost and what was kept make up the whole")
  func conservation() throws {
    let scenario = try Scenario("generic-inorder")
    for k in 0..<200 {
      try scenario.load(UInt8(5 + k % 3), from: 0x4_0000 + UInt64(k) * 320)
      try scenario.retire("mul", .init(rd: 9, rs1: UInt8(5 + k % 3), rs2: 9))
      try scenario.retire("beq", .init(rs1: 9, rs2: 9, imm: 4), taken: k % 3 == 0)
    }
    let cycles = Ticks(scenario.cycles()) * .perCycle
    let counts = scenario.model.counts
    let lost = counts.frontEnd + counts.badSpeculation + counts.memory + counts.vector + counts.matrix + counts.scalar
    #expect(counts.instructions == 600)
    #expect(lost > 0 && lost <= cycles)
  }

  @Test("Cycles do not depend on where batches end", arguments: [1, 7, 1024])
  func batches(size: Int) throws {
    func fill(_ scenario: Scenario) throws {
      for k in 0..<300 {
        try scenario.load(UInt8(5 + k % 5), from: 0x5_0000 + UInt64(k * k % 4096) * 8)
        try scenario.retire("vadd.vv", .init(rd: UInt8(8 + k % 8), rs1: 24, rs2: 16, aux: 1))
        try scenario.retire("beq", .init(rs1: 0, rs2: 0, imm: 8), taken: k % 2 == 0)
      }
    }
    let (whole, parts) = (try Scenario("xuantie-c908"), try Scenario("xuantie-c908"))
    try fill(whole)
    try fill(parts)
    #expect(whole.cycles(batch: 100_000) == parts.cycles(batch: size))
  }

  @Test(
    "More is never slower",
    arguments: [
      ("core.issue", "4 per cycle"), ("memory.l1d.size", "64 KiB"), ("vector.dlen", "256 bits"), ("memory.latency", "50 ns"),
      ("memory.l1d.misses", "32"), ("memory.bandwidth", "64 B/cycle"), ("core.store-queue", "64 entries"),
      ("vector.queue", "64 entries"),
      ("memory.l2.size", "2 MiB"), ("memory.tlb.entries", "512"), ("core.mispredict", "1 cycles"),
    ], ["xuantie-c908", "generic-ooo"])
  func monotone(change: (String, String), machine: String) throws {
    func time(_ changes: [(key: String, value: String)]) throws -> UInt64 {
      let scenario = try Scenario(machine, changes)
      for k in 0..<400 {
        try scenario.load(UInt8(5 + k % 5), from: 0x5_0000 + UInt64(k * 37 % 8192) * 8)
        try scenario.retire("vmul.vv", .init(rd: UInt8(8 + k % 8), rs1: 24, rs2: 16, aux: 1))
        try scenario.retire("add", .init(rd: 12, rs1: 13, rs2: 14))
      }
      return scenario.cycles()
    }
    #expect(try time([(change.0, change.1)]) <= (try time([])))
  }
}
