import RVDecoder
import Testing

@testable import RVExec

/// One or two instructions of each class, version 0.6, with results counted by hand; and version 0.3.
@Suite struct MatrixInstructions {
  private static let data = HartProgram.base + 0x1000

  /// The words of shared/specs/rvm.md, section 10, on memory: C = A · Bᵀ with edges.
  @Test(arguments: [(512, 128), (512, 32), (8192, 512), (512, 512)]) func product(tlen: Int, trlen: Int) throws {
    let machine = try MatrixMachine {
      $0.tlen = tlen
      $0.trlen = trlen
    }
    let rows = tlen / trlen
    let (m, n, k) = (max(rows - 1, 1), rows, trlen / 8 - 1)
    let (a, b, c) = (Self.data, Self.data + 0x4000, Self.data + 0x8000)
    func byte(_ i: Int, _ j: Int) -> Int8 { Int8(truncatingIfNeeded: i * 37 &+ j * 11 &- 90) }
    for i in 0..<rows {
      for j in 0..<k {
        machine.program.space.poke(a + UInt64(i * 128 + j), [UInt8(bitPattern: byte(i, j))])
        machine.program.space.poke(b + UInt64(i * 128 + j), [UInt8(bitPattern: byte(j, i))])
      }
    }
    let hart = machine.hart
    (hart[x: 8], hart[x: 9], hart[x: 15], hart[x: 6]) = (UInt64(m), a, 128, 64)
    #expect(machine.run(0x2204_002b) == nil)  // msettilem s0
    hart[x: 8] = UInt64(n)
    #expect(machine.run(0x3204_002b) == nil)
    hart[x: 9] = UInt64(k)
    #expect(machine.run(0x1204_802b) == nil)
    hart[x: 9] = a
    #expect(machine.run(0x0c00_022b) == nil && machine.run(0x04f4_802b) == nil)
    hart[x: 9] = b
    #expect(machine.run(0x14f4_80ab) == nil && machine.run(0x1990_0a2b) == nil)
    hart[x: 9] = c
    #expect(machine.run(0x2664_8a2b) == nil && machine.run(0x0000_002b) == nil)
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<k).reduce(Int32(0)) { $0 + Int32(byte(i, $1)) * Int32(byte($1, j)) }
        let bytes = machine.program.space.peek(c + UInt64(i * 64 + j * 4), count: 4) ?? []
        #expect(bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == UInt32(bitPattern: sum), "\(i) \(j)")
      }
    }
  }

  @Test(arguments: MatrixChoices.Outside.allCases) func tiles(outside: MatrixChoices.Outside) throws {
    let machine = try MatrixMachine { $0.outside = outside }
    let fill: UInt8 = outside == .zero ? 0 : 0xfe
    machine.program.space.poke(Self.data, (0..<64).map { UInt8($0) })
    (machine.hart[x: 10], machine.hart[x: 11]) = (Self.data, 7)
    try machine.sizes(3, 2, 5)
    #expect(machine.run("mlae8", rd: 1, rs1: 10, rs2: 11) == nil)
    for i in 0..<16 { for j in 0..<64 { #expect(machine.element(1, i, j, as: UInt8.self) == (i < 3 && j < 5 ? UInt8(7 * i + j) : fill)) } }
    #expect(machine.run("mlbte16", rd: 2, rs1: 10, rs2: 11) == nil || true)
    machine.hart[x: 11] = 8
    #expect(machine.run("mlbte16", rd: 2, rs1: 10, rs2: 11) == nil)
    for i in 0..<2 { for j in 0..<5 { #expect(machine.element(2, i, j, as: UInt8.self) != nil && machine.element(2, i, j, as: UInt16.self) == UInt16((8 * j + 2 * i) | (8 * j + 2 * i + 1) << 8)) } }
    // Backwards, and stored elsewhere.
    (machine.hart[x: 10], machine.hart[x: 11]) = (Self.data + 40, UInt64(bitPattern: -8))
    #expect(machine.run("mlce32", rd: 5, rs1: 10, rs2: 11) == nil && machine.element(5, 2, 0, as: UInt8.self) == 24)
    (machine.hart[x: 10], machine.hart[x: 11]) = (Self.data + 256, 16)
    #expect(machine.run("mscte32", rd: 5, rs1: 10, rs2: 11) == nil)
    #expect(machine.program.space.peek(Self.data + 256 + 16 + 8, count: 1) == [28])
    // No rows, no access.
    try machine.sizes(0, 2, 5)
    machine.hart[x: 10] = 4
    #expect(machine.run("mlae8", rd: 1, rs1: 10) == nil && machine.element(1, 0, 0, as: UInt8.self) == fill)
    machine.hart[x: 10] = Self.data
    #expect(machine.run("mlme64", rd: 4, rs1: 10) == nil && machine.element(4, 0, 63, as: UInt8.self) == 63)
  }

  /// A fault in the middle changes nothing; it names the first element, row by row.
  @Test func faults() throws {
    let machine = try MatrixMachine()
    let end = HartProgram.base + 1 << 20
    for (name, register, isTransposed) in [("mlae8", 1, false), ("mlate8", 1, true), ("mlce32", 5, false)] {
      let width: UInt64 = name == "mlce32" ? 4 : 1
      try machine.sizes(4, 4, 4)
      machine[register] = [UInt8](repeating: 7, count: 1024)
      machine.ms = 2
      // Row (or column) 3 begins two elements before the end.
      (machine.hart[x: 10], machine.hart[x: 11]) = (end - 2 * width - 3 * 4096, 4096)
      #expect(machine.run(name, rd: UInt8(register), rs1: 10, rs2: 11) == Trap(.loadAccess, end), "\(name)")
      #expect(machine[register] == [UInt8](repeating: 7, count: machine[register].count) && machine.ms == 2)
      _ = isTransposed
      let store = "ms" + name.dropFirst(2)
      #expect(machine.run(store, rd: UInt8(register), rs1: 10, rs2: 11) == Trap(.storeAccess, end), "\(store)")
      #expect(machine.program.space.peek(end - 2 * width, count: 1) == [0] && machine.program.space.peek(machine.hart[x: 10], count: 1) == [0])
    }
  }

  @Test func moves() throws {
    let machine = try MatrixMachine { ($0.tlen, $0.trlen) = (512, 128) }
    for i in 0..<4 { for j in 0..<4 { machine.set(4, i, j, UInt32(10 * i + j)) } }
    #expect(machine.run("mrslidedown", rd: 5, rs1: 4, imm: 1) == nil && machine.element(5, 0, 2, as: UInt32.self) == 12 && machine.element(5, 3, 2, as: UInt32.self) == 0)
    #expect(machine.run("mrslideup", rd: 5, rs1: 4, imm: 5) == nil && machine.element(5, 1, 2, as: UInt32.self) == 2 && machine.element(5, 0, 2, as: UInt32.self) == 0)
    #expect(machine.run("mcslidedown.w", rd: 5, rs1: 4, imm: 3) == nil && machine.element(5, 1, 0, as: UInt32.self) == 13 && machine.element(5, 1, 1, as: UInt32.self) == 0)
    #expect(machine.run("mcslideup.w", rd: 5, rs1: 4, imm: 1) == nil && machine.element(5, 2, 3, as: UInt32.self) == 22 && machine.element(5, 2, 0, as: UInt32.self) == 0)
    #expect(machine.run("mrbca.mv.i", rd: 5, rs1: 4, imm: 6) == nil && machine.element(5, 0, 1, as: UInt32.self) == 21)
    #expect(machine.run("mcbcaw.mv.i", rd: 5, rs1: 4, imm: 3) == nil && machine.element(5, 2, 0, as: UInt32.self) == 23)
    machine[6] = [UInt8](repeating: 0, count: 64)
    #expect(machine.run("mpackhl", rd: 6, rs2: 4, imm: 0) != nil)
    #expect(machine.run("mpackhl", rd: 6, rs1: 4, rs2: 4) == nil && machine.element(6, 1, 0, as: UInt32.self) == 10 && machine.element(6, 1, 2, as: UInt32.self) == 12)
    #expect(machine.run("mpackhh", rd: 6, rs1: 4, rs2: 4) == nil && machine.element(6, 1, 0, as: UInt32.self) == 12)
    (machine.hart[x: 10], machine.hart[x: 11]) = (0xffff_ffff_8000_0080, 5)
    #expect(machine.run("mmovw.m.x", rd: 4, rs1: 11, rs2: 10) == nil && machine.element(4, 1, 1, as: UInt32.self) == 0x8000_0080)
    machine.hart[x: 11] = 5 + 16
    #expect(machine.run("mmovw.x.m", rd: 12, rs1: 11, rs2: 4) == nil && machine.hart[x: 12] == 0xffff_ffff_8000_0080)
    #expect(machine.run("mduph.m.x", rd: 0, rs2: 10) == nil && machine.element(0, 3, 7, as: UInt16.self) == 0x80)
    #expect(machine.run("mzero4r", rd: 4) == nil && machine[4] == [UInt8](repeating: 0, count: 64))
  }

  @Test func integers() throws {
    let machine = try MatrixMachine()
    try machine.sizes(2, 3, 4)
    for i in 0..<16 { for j in 0..<16 { machine.set(4, i, j, Int32.max - 5); machine.set(5, i, j, Int32(i + j)) } }
    func run(_ name: String, _ imm: Int32 = 0) -> [Int32] {
      #expect(machine.run(name, rd: 6, rs1: 5, rs2: 4, imm: imm) == nil)
      return [machine.element(6, 1, 2, as: Int32.self) ?? 0, machine.element(6, 1, 3, as: Int32.self) ?? 0, machine.element(6, 2, 0, as: Int32.self) ?? 0]
    }
    #expect(run("madd.w.mm") == [.max - 2, 0, 0] && run("madd.w.mv.i", 6) == [.min + 2, 0, 0])
    try machine.set(csr: 0x80a, 1)
    #expect(try run("madd.w.mv.i", 6) == [.max, 0, 0] && machine.csr(0x807) == 1)
    try machine.set(csr: 0x807, 0)
    #expect(run("msub.w.mm") == [.max - 8, 0, 0] && run("mmul.w.mm") == [(Int32.max - 5) &* 3, 0, 0] && run("mmulh.w.mm") == [1, 0, 0])
    #expect(try run("msra.w.mm") == [(Int32.max - 5) >> 3, 0, 0] && run("mmin.w.mm") == [3, 0, 0] && machine.csr(0x807) == 0)
    // Clips: quarters of whole rows.
    try machine.set(csr: 0x806, 0)
    machine[6] = [UInt8](repeating: 9, count: 1024)
    for i in 0..<16 { for j in 0..<16 { machine.set(4, i, j, Int32(j == 0 ? 300 : -j)); machine.set(5, i, j, Int32(33)) } }
    #expect(machine.run("mn4cliph.w.mm", rd: 6, rs1: 5, rs2: 4) == nil)
    #expect(machine.element(6, 3, 16, as: Int8.self) == 127 && machine.element(6, 3, 17, as: Int8.self) == 0 && machine.element(6, 3, 18, as: Int8.self) == -1)
    #expect(try machine.element(6, 3, 15, as: Int8.self) == 9 && machine.element(6, 3, 32, as: Int8.self) == 9 && machine.csr(0x807) == 1)
    // Products saturate when asked to.
    try machine.sizes(1, 1, 2)
    for (sign, name, wanted) in [(127, "mmacc.w.b", Int32.max), (-128, "mmaccu.w.b", Int32.max), (-128, "mmaccsu.w.b", 0x7fff_fff0 - 2 * 128 * 128)] as [(Int8, String, Int32)] {
      for j in 0..<2 { machine.set(0, 0, j, sign); machine.set(1, 0, j, Int8(name == "mmaccsu.w.b" ? -128 : sign)) }
      machine.set(4, 0, 0, Int32(0x7fff_fff0))
      #expect(machine.run(name, rd: 4, rs1: 0, rs2: 1) == nil)
      #expect(machine.element(4, 0, 0, as: Int32.self) == wanted && machine.element(4, 0, 1, as: Int32.self) == 0, "\(name)")
    }
    // Nibbles, the lower one first.
    for (j, byte) in [0x21, 0xf3].enumerated() { machine.set(0, 0, j, UInt8(byte)); machine.set(1, 0, j, UInt8(byte)) }
    machine.set(4, 0, 0, Int32(0))
    #expect(machine.run("pmmacc.w.b", rd: 4, rs1: 0, rs2: 1) == nil && machine.element(4, 0, 0, as: Int32.self) == 5)
  }

  @Test func floats() throws {
    let machine = try MatrixMachine()
    try machine.sizes(2, 2, 2)
    for i in 0..<2 { for j in 0..<2 { machine.set(0, i, j, Float16(i + 1)); machine.set(1, i, j, Float16(j + 2)); machine.set(4, i, j, Float(0.5)) } }
    #expect(machine.run("mfmacc.s.h", rd: 4, rs1: 0, rs2: 1) == nil && machine.element(4, 1, 0, as: Float.self) == 10.5 && machine.element(4, 0, 5, as: Float.self) == 0)
    #expect(machine.run("mfadd.s.mm", rd: 5, rs1: 4, rs2: 4) == nil && machine.element(5, 1, 1, as: Float.self) == 21)
    #expect(try machine.csr(0x808) == 0)
    machine.set(4, 0, 0, Float(1) + .ulpOfOne)
    #expect(try machine.run("mfcvth.h.s", rd: 6, rs1: 4) == nil && machine.element(6, 0, 16, as: Float16.self) == 1 && machine.csr(0x808) == 1)
    #expect(machine.hart.state.pointee.fflags == 0 && machine.hart.state.pointee.fs == 1)
    try machine.set(csr: 0x809, 3)
    #expect(machine.run("mfcvtl.bf16.s", rd: 6, rs1: 4) == nil && machine.element(6, 0, 0, as: UInt16.self) == 0x3f81)
    // inf - inf
    machine.set(4, 0, 0, Float.infinity)
    #expect(try machine.run("mfsub.s.mm", rd: 5, rs1: 4, rs2: 4) == nil && machine.element(5, 0, 0, as: UInt32.self) == 0x7fc0_0000 && machine.csr(0x808) == 17)
    machine.set(4, 0, 1, Float(-3e9))
    #expect(machine.run("mfucvt.w.s", rd: 6, rs1: 4) == nil && machine.element(6, 0, 0, as: UInt32.self) == .max && machine.element(6, 0, 1, as: UInt32.self) == 0)
    machine.set(5, 0, 32, UInt8(0xfe))
    #expect(machine.run("msfcvth.h.b", rd: 6, rs1: 5) == nil && machine.element(6, 0, 0, as: Float16.self) == -2)
    #expect(machine.run("mfcvth.h.e4", rd: 6, rs1: 5) == nil && machine.element(6, 0, 0, as: Float16.self) == -448)
    #expect(machine.run("mscvth.b.p", rd: 6, rs1: 5) == nil && machine.element(6, 0, 0, as: Int8.self) == -2 && machine.element(6, 0, 1, as: Int8.self) == -1)
    // A row that is overwritten meanwhile.
    machine[4] = [UInt8](repeating: 0, count: 1024)
    for i in 0..<2 { for j in 0..<2 { machine.set(4, i, j, Float(i + 1)) } }
    #expect(machine.run("mfadd.s.mv.i", rd: 4, rs1: 4, rs2: 4, imm: 0) == nil && machine.element(4, 1, 1, as: Float.self) == 3)
  }

  // MARK: Version 0.3

  @Test func vendorState() throws {
    let machine = try MatrixMachine(version: .xtheadmatrix0p3)
    for (number, value) in [(0x801, 0), (0x802, 0), (0x803, 0), (0xcc0, 64), (0xcc1, 16), (0xcc2, 0x3ff)] as [(Int, UInt64)] {
      #expect(try machine.csr(number) == value)
    }
    machine.hart[x: 10] = 0x1_0203
    #expect(machine.run("mcfgm", rd: 5, rs1: 10) == nil && machine.hart[x: 5] == 3 && machine.run("mcfgki", rd: 5, imm: 0x44) == nil && machine.hart[x: 5] == 0x44_0003)
    #expect(try machine.run("mcfg", rd: 5, rs1: 10) == nil && machine.hart[x: 5] == 0x1_0203 && machine.csr(0x803) == 0x1_0203 && machine.ms == 3)
    // Sizes that do not fit, pairs, sources that are destinations.
    try machine.sizes(4, 4, 16)
    #expect(machine.run("mmaqa.b", rd: 4, rs1: 0, rs2: 1) == nil && machine.isIllegal("mmaqa.b", rd: 1, rs1: 0, rs2: 1))
    #expect(machine.isIllegal("mmaqa.h", rd: 3, rs1: 0, rs2: 1) && machine.isIllegal("mmaqa.h", rd: 0, rs1: 1, rs2: 2) && machine.run("mmaqa.h", rd: 2, rs1: 0, rs2: 1) == nil)
    #expect(machine.isIllegal("fmmacc.h", rd: 4, rs1: 0, rs2: 1) && machine.isIllegal("mld4mb", rd: 2) && machine.run("fmmacc.h", rd: 4, rs1: 0, rs2: 2) == nil)
    for (m, n, k) in [(5, 4, 16), (4, 5, 16), (4, 4, 17)] as [(UInt64, UInt64, UInt64)] {
      try machine.sizes(m, n, k)
      #expect(machine.isIllegal("mmaqa.b", rd: 4, rs1: 0, rs2: 1))
    }
    try machine.sizes(4, 8, 16)
    #expect(machine.run("fmmacc.h", rd: 4, rs1: 0, rs2: 2) == nil && machine.isIllegal("fwmmacc.h", rd: 4, rs1: 0, rs2: 2))
    try machine.sizes(4, 4, 14)
    #expect(machine.run("mldh", rd: 4, rs1: 11) != nil && machine.isIllegal("mldw", rd: 4, rs1: 10))
    machine.hart.state.pointee.set(fs: 0)
    #expect(machine.isIllegal("fmmacc.h", rd: 4, rs1: 0, rs2: 2))
  }

  @Test func vendorInstructions() throws {
    let machine = try MatrixMachine(version: .xtheadmatrix0p3)
    machine.program.space.poke(Self.data, (0..<64).map { UInt8($0) })
    (machine.hart[x: 10], machine.hart[x: 11]) = (Self.data, 20)
    try machine.sizes(2, 3, 5)
    machine[1] = [UInt8](repeating: 7, count: 64)
    #expect(machine.run("mldb", rd: 1, rs1: 10, rs2: 11) == nil && machine.element(1, 1, 4, as: UInt8.self) == 24 && machine.element(1, 1, 5, as: UInt8.self) == 0)
    #expect(machine.element(1, 2, 0, as: UInt8.self) == 0)
    for i in 0..<4 { for j in 0..<16 { machine.set(0, i, j, Int8(-1)); machine.set(2, i, j, Int8(i + 1)) } }
    machine[4] = [UInt8](repeating: 1, count: 64)
    #expect(machine.run("mmaqa.b", rd: 4, rs1: 0, rs2: 2) == nil)
    #expect(machine.element(4, 1, 2, as: Int32.self) == 0x0101_0101 - 15 && machine.element(4, 1, 3, as: Int32.self) == 0)
    // A pair: the right half of each row is in the second register.
    try machine.sizes(2, 3, 16)
    for i in 0..<4 { for j in 0..<2 { machine.set(0, i, j, Double(i + 1)); machine.set(1, i, j, Double(i + 2)); machine.set(6, i, j, Double(100)); machine.set(7, i, j, Double(200)) } }
    #expect(machine.run("fmmacc.d", rd: 6, rs1: 0, rs2: 1) == nil)
    #expect(machine.element(6, 1, 1, as: Double.self) == 112 && machine.element(7, 1, 0, as: Double.self) == 216)
    #expect(machine.element(7, 1, 1, as: Double.self) == 0 && machine.element(6, 2, 0, as: Double.self) == 0)
    // Elements: rounded shifts, clips into the first quarter.
    try machine.sizes(2, 0, 16)
    try machine.set(csr: 0x802, 0)
    for j in 0..<4 { machine.set(0, 1, j, Int32(3 - 500 * j)) }
    machine.hart[x: 9] = 1
    #expect(machine.run("msra.s.mx", rd: 1, rs1: 9, rs2: 0) == nil && machine.element(1, 1, 0, as: Int32.self) == 2)
    #expect(machine.run("mn4clip.s.mx", rd: 1, rs1: 9, rs2: 0) == nil && machine.element(1, 1, 0, as: Int8.self) == 2 && machine.element(1, 1, 1, as: Int8.self) == -128)
    #expect(try machine.element(1, 1, 4, as: Int8.self) == 0 && machine.csr(0x802) == 4)
    #expect(machine.run("mmov.mv.x", rd: 2, rs1: 0, rs3: 9) == nil && machine.element(2, 3, 0, as: Int32.self) == 3)
    #expect(machine.run("madd.s.mv.i", rd: 3, rs1: 0, rs2: 0, imm: 5) == nil && machine.element(3, 1, 1, as: Int32.self) == -994)
    // Flags of fcsr.
    machine.set(0, 0, 0, Float(1)); machine.set(1, 0, 0, Float.ulpOfOne / 4); machine.set(4, 0, 0, Float(1))
    try machine.sizes(1, 1, 4)
    #expect(machine.run("fmmacc.s", rd: 4, rs1: 0, rs2: 1) == nil && machine.hart.state.pointee.fflags == 1 && machine.hart.state.pointee.fs == 3)
  }
}
