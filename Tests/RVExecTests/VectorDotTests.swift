import RVDecoder
import Testing

@testable import RVExec

/// Dot products of bytes against sums of products.
@Suite("Vector dot products")
struct VectorDotTests {
  /// Whether the bytes of vs2 and of vs1 are signed.
  static let forms: [(name: String, first: Bool, second: Bool)] = [
    ("vqdot.vv", true, true), ("vqdot.vx", true, true), ("vqdotu.vv", false, false), ("vqdotu.vx", false, false),
    ("vqdotsu.vv", true, false), ("vqdotsu.vx", true, false), ("vqdotus.vx", false, true),
    ("th.vmaqa.vv", true, true), ("th.vmaqa.vx", true, true), ("th.vmaqau.vv", false, false), ("th.vmaqau.vx", false, false),
    // The first letters are those of vs1 or rs1.
    ("th.vmaqasu.vv", false, true), ("th.vmaqasu.vx", false, true), ("th.vmaqaus.vx", true, false),
  ]

  @Test("each adds four products; v0 masks elements, XTheadVdot's products", arguments: forms)
  func sums(_ form: (name: String, first: Bool, second: Bool)) throws {
    let unit = try #require(VectorUnit())
    var random = RandomBytes(seed: 5)
    func bytesOf(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    func number(_ byte: UInt8, _ signed: Bool) -> Int { signed ? Int(Int8(bitPattern: byte)) : Int(byte) }
    for trial in 0..<50 {
      let masked = trial % 2 == 1
      let (a, d, mask) = (bytesOf(16), bytesOf(16), bytesOf(16))
      let scalar = Int(random.next() & 0x7fff_ffff_ffff_ffff)
      var b = bytesOf(16)
      if form.name.hasSuffix("x") { b = (0..<16).map { UInt8(truncatingIfNeeded: scalar >> (8 * ($0 % 4))) } }
      (unit[0], unit[2], unit[4], unit[6]) = (mask, a, d, b)
      unit.hart[x: 6] = UInt64(scalar)
      try unit.run(form.name, rd: 4, rs1: 6, rs2: 2, masked: masked)
      let before: [UInt32] = words(d)
      let expected = (0..<4).map { element in
        func counts(_ bit: Int) -> Bool { !masked || mask[bit / 8] >> UInt8(bit % 8) & 1 == 1 }
        let sum = (0..<4).reduce(0) { sum, byte in
          let at = 4 * element + byte
          let isOn = form.name.hasPrefix("th") ? counts(at) : counts(element)
          return isOn ? sum + number(a[at], form.first) * number(b[at], form.second) : sum
        }
        return before[element] &+ UInt32(truncatingIfNeeded: sum)
      }
      #expect(words(unit[4]) == expected)
    }
    #expect(throws: Trap.self) { try unit.run(form.name, rd: 4, rs1: 6, rs2: 2, sew: 3) }
  }
}
