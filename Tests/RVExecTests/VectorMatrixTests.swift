import RVDecoder
import Testing

@testable import RVExec

/// SpacemiT's products of matrices in vector registers, against three loops.
@Suite("XSMTVDot")
struct VectorMatrixTests {
  /// Rows of A left out, and whether the bytes of vs1 and of vs2 are signed.
  static let forms: [(name: String, slide: Int, first: Bool, second: Bool)] = (0..<4).flatMap { slide in
    [("", true, true), ("u", false, false), ("su", true, false), ("us", false, true)].map { signs in
      ("smt.vmadot\(slide == 0 ? "" : "\(slide)")\(signs.0)", slide, signs.1, signs.2)
    }
  }

  private func unit(vlen: Int) throws -> VectorUnit {
    try #require(VectorUnit(isa: try ISA("rv64gcv_zvl\(vlen)b_xsmtvdot")))
  }

  @Test("a pair of registers gets M × N sums of K products, wrapped, from A's rows on that the form names", arguments: forms)
  func sums(_ form: (name: String, slide: Int, first: Bool, second: Bool)) throws {
    var random = RandomBytes(seed: 7)
    func number(_ byte: UInt8, _ signed: Bool) -> Int { signed ? Int(Int8(bitPattern: byte)) : Int(byte) }
    for (vlen, size) in [(256, 4), (1024, 8), (4096, 16)] {
      let unit = try unit(vlen: vlen)
      let length = vlen / 8
      for trial in 0..<8 {
        func bytesOf(_ count: Int) -> [UInt8] { (0..<count).map { _ in trial == 0 ? 0x80 : UInt8(truncatingIfNeeded: random.next()) } }
        let (a, b) = (bytesOf(2 * length), bytesOf(length))
        let c = trial == 1 ? bytes((0..<length / 2).map { _ in UInt32(0x7fff_fff0) }) : bytesOf(2 * length)
        (unit[2], unit[5], unit[8]) = (a, b, c)
        try unit.run(form.name, rd: 8, rs1: 2, rs2: 5, sew: 0, vl: UInt64(length))
        let before: [UInt32] = words(c)
        let expected = (0..<size * size).map { at in
          let sum = (0..<2 * size).reduce(0) { sum, k in
            sum + number(a[(at / size + form.slide) * 2 * size + k], form.first) * number(b[at % size * 2 * size + k], form.second)
          }
          return before[at] &+ UInt32(truncatingIfNeeded: sum)
        }
        #expect(words(unit[8, 2 * length]) == expected, "\(form.name) at VLEN \(vlen)")
        #expect(unit[2, 2 * length] == a && unit[5, length] == b)
      }
    }
  }

  @Test("operands are read before the destination is written")
  func overlap() throws {
    let unit = try unit(vlen: 256)
    let rows = (0..<64).map { UInt8($0 + 1) }
    unit[4] = rows
    try unit.run("smt.vmadotu", rd: 4, rs1: 4, rs2: 5, sew: 0, vl: 32)
    let before: [UInt32] = words(rows)
    let expected: [UInt32] = (0..<16).map { (at: Int) -> UInt32 in
      var sum = before[at]
      for k in 0..<8 { sum += UInt32(rows[at / 4 * 8 + k]) * UInt32(rows[32 + at % 4 * 8 + k]) }
      return sum
    }
    let after: [UInt32] = words(unit[4, 64])
    #expect(after == expected)
  }

  @Test("other SEW, LMUL, vl, VLEN and vstart are illegal")
  func illegal() throws {
    let unit = try unit(vlen: 256)
    #expect(throws: Never.self) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, vl: 32) }
    #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 1, vl: 16) }
    #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, vl: 16) }
    #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, lmul: 1, vl: 32) }
    unit.hart.state.pointee.vstart = 1
    #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, vl: 32) }
    unit.hart.state.pointee.vstart = 0
    unit.hart.state.pointee.vs = 0
    #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, vl: 32) }
    for vlen in [128, 512, 2048] {
      let unit = try self.unit(vlen: vlen)
      #expect(throws: Trap(.illegalInstruction)) { try unit.run("smt.vmadot", rd: 8, rs1: 2, rs2: 5, sew: 0, vl: UInt64(vlen / 8)) }
    }
  }
}
