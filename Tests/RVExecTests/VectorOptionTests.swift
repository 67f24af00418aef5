import RVDecoder
import Testing

@testable import RVExec

/// What the specification leaves open about vectors, chosen.
@Suite("Vector options")
struct VectorOptionTests {
  /// Registers of 128 bits, all bytes of v1…v3 different from each other, v4 and v5 0x44.
  private func unit(_ change: (inout VectorChoices) -> Void) throws -> VectorUnit {
    let unit = try #require(VectorUnit())
    change(&unit.hart.vectorChoices)
    for register in 1...3 { unit[register] = (0..<16).map { UInt8(register * 16 + $0) } }
    unit[4] = [UInt8](repeating: 0x44, count: 32)
    return unit
  }

  private let ones = [UInt8](repeating: 0xff, count: 16)

  @Test("agnostic tails become ones to the end of the group, with LMUL below 1 to that of the register; undisturbed ones stay")
  func tails() throws {
    let unit = try unit { $0.agnostic = .ones }
    try unit.run("vadd.vi", rd: 4, rs2: 2, lmul: 1, vl: 3, policy: 1)
    #expect(Array(unit[4, 32][..<12]) == Array(unit[2][..<12]) && unit[4, 32][12...].allSatisfy { $0 == 0xff })
    unit[4] = [UInt8](repeating: 0x44, count: 32)
    try unit.run("vadd.vi", rd: 4, rs2: 2, sew: 0, lmul: -2, vl: 3, policy: 1)
    #expect(unit[4][3...].allSatisfy { $0 == 0xff } && unit[5].allSatisfy { $0 == 0x44 })
    unit[4] = [UInt8](repeating: 0x44, count: 32)
    try unit.run("vadd.vi", rd: 4, rs2: 2, lmul: 1, vl: 3, policy: 2)
    #expect(unit[4, 32][12...].allSatisfy { $0 == 0x44 })
    // Without a body there is no tail.
    try unit.run("vadd.vi", rd: 4, rs2: 2, lmul: 1, vl: 0, policy: 3)
    #expect(unit[4, 32][12...].allSatisfy { $0 == 0x44 })
  }

  @Test("masked-off elements become ones where vma says so")
  func maskedOff() throws {
    let unit = try unit { $0.agnostic = .ones }
    unit[0] = [0b1010] + [UInt8](repeating: 0, count: 15)
    try unit.run("vadd.vi", rd: 4, rs2: 2, masked: true, vl: 4, policy: 2)
    #expect(words(unit[4]) == [UInt32.max, 0x2726_2524, .max, 0x2f2e_2d2c])
    unit[4] = [UInt8](repeating: 0x44, count: 16)
    try unit.run("vadd.vi", rd: 4, rs2: 2, masked: true, vl: 4, policy: 1)
    #expect(words(unit[4]) == [UInt32(0x4444_4444), 0x2726_2524, 0x4444_4444, 0x2f2e_2d2c])
  }

  @Test("the tail of a mask is agnostic under every vtype, its masked-off bits as vma says")
  func masks() throws {
    let unit = try unit { $0.agnostic = .ones }
    try unit.run("vmsne.vv", rd: 4, rs1: 2, rs2: 2, vl: 3)
    #expect(unit[4] == [0xf8] + ones[1...])
    // The mask itself may be the destination.
    unit[0] = [0b0101] + [UInt8](repeating: 0, count: 15)
    try unit.run("vmsne.vv", rd: 0, rs1: 2, rs2: 2, masked: true, vl: 4, policy: 2)
    #expect(unit[0] == [0xfa] + ones[1...])
  }

  @Test("a slide keeps what is below its offset, and one result leaves a tail behind it")
  func partsOfOneRegister() throws {
    let unit = try unit { $0.agnostic = .ones }
    unit[0] = [UInt8](repeating: 0, count: 16)
    try unit.run("vslideup.vi", rd: 4, rs2: 2, imm: 2, masked: true, vl: 3, policy: 3)
    #expect(words(unit[4]) == [UInt32(0x4444_4444), 0x4444_4444, .max, .max])
    unit[4] = [UInt8](repeating: 0x44, count: 16)
    try unit.run("vredand.vs", rd: 4, rs1: 2, rs2: 2, vl: 2, policy: 1)
    #expect(words(unit[4])[1...] == [UInt32.max, .max, .max])
    try unit.run("vmv.s.x", rd: 4, vl: 1, policy: 0)
    #expect(words(unit[4]) == [UInt32(0), .max, .max, .max])
  }

  @Test("without the option nothing agnostic changes")
  func undisturbed() throws {
    let unit = try unit { _ in }
    try unit.run("vadd.vi", rd: 4, rs2: 2, vl: 1, policy: 3)
    try unit.run("vmsne.vv", rd: 5, rs1: 2, rs2: 2, vl: 1, policy: 3)
    #expect(unit[4][4...].allSatisfy { $0 == 0x44 } && unit[5][1...].allSatisfy { $0 == 0x44 })
  }

  /// Loads through the loop: all kinds leave ones behind.
  @Test("loads fill what is agnostic, in every field of a segment")
  func loads() throws {
    let unit = try unit { $0.agnostic = .ones }
    let program = unit.program
    unit[0] = [0b01] + [UInt8](repeating: 0, count: 15)
    program.hart[x: 10] = HartProgram.base + 0x1000
    // vtype e32, m1, ta, ma; vl 2.
    program.emit("vsetivli", rs1: 2, imm: 0xd0)
    program.emit("vle32.v", rd: 4, rs1: 10, aux: 0)
    program.emit("vlsegNe32.v", rd: 6, rs1: 10, imm: 1, aux: 1)
    program.emit("vlm.v", rd: 8, rs1: 10, aux: 1)
    _ = program.hart.run(limit: 4)
    #expect(words(unit[4]) == [UInt32(0), .max, .max, .max])
    for field in 6...7 { #expect(words(unit[field]) == [UInt32(0), 0, .max, .max]) }
    #expect(unit[8] == [0] + ones[1...])
  }

  @Test("vl is half of AVL between VLMAX and twice that, and nowhere else")
  func length() throws {
    func vl(_ avl: UInt64, _ length: VectorChoices.Length) throws -> UInt64 {
      let unit = try unit { $0.length = length }
      unit.hart[x: 10] = avl
      unit.program.emit("vsetvli", rd: 11, rs1: 10, imm: 0xd0)
      _ = unit.hart.run(limit: 1)
      #expect(unit.hart[x: 11] == unit.hart.state.pointee.vl)
      return unit.hart[x: 11]
    }
    #expect(try [3, 4, 5, 6, 7, 8, 100].map { try vl($0, .half) } == [3, 4, 3, 3, 4, 4, 4])
    #expect(try [3, 4, 5, 7, 8].map { try vl($0, .max) } == [3, 4, 4, 4, 4])
  }

  @Test("unordered sums add in the order that was chosen, ordered ones never do")
  func reductions() throws {
    func sum(_ mnemonic: String, _ reduction: VectorChoices.Reduction) throws -> Float {
      let unit = try unit { $0.reduction = reduction }
      // 1 is lost beside 2^24, but 1 + 1 is not lost to the pair.
      unit[2] = bytes([Float(1), 1, 1, -16_777_216].map(\.bitPattern))
      unit[1] = bytes([Float(16_777_216)].map(\.bitPattern))
      try unit.run(mnemonic, rd: 4, rs1: 1, rs2: 2)
      return Float(bitPattern: words(unit[4])[0])
    }
    #expect(try sum("vfredusum.vs", .sequential) == 0)
    #expect(try sum("vfredusum.vs", .tree) == 2)
    var seen: Set<Float> = []
    for seed in 0..<20 {
      let one = try sum("vfredusum.vs", .random(seed: UInt64(seed)))
      #expect(try sum("vfredusum.vs", .random(seed: UInt64(seed))) == one)
      seen.insert(one)
    }
    #expect(seen.count > 1)
    for order: VectorChoices.Reduction in [.tree, .random(seed: 3)] { #expect(try sum("vfredosum.vs", order) == 0) }
  }
}
