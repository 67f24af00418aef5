import Testing

@testable import RVDecoder

@Suite struct Decoding {
  private func op(_ word: UInt32) -> Op { everything.decode(word) }

  @Test func registersAndImmediates() {
    let addi = op(0xfff5_0593)  // addi a1, a0, -1
    #expect(addi.row == .core(.addi) && addi.rd == 11 && addi.rs1 == 10 && addi.imm == -1 && addi.length == 4)
    #expect(op(0x0000_0013).rd == Op.sink)  // nop
    #expect(op(0xffff_f537).imm == -4096)  // lui a0, 0xfffff
    #expect(op(0xfe00_0ee3).imm == -4)  // beq zero, zero, -4
    #expect(op(0xfe00_0ee3).rd == Op.sink)
    #expect(op(0xff1f_f06f).imm == -16)  // j -16
    let store = op(0xfea1_3c23)  // sd a0, -8(sp)
    #expect(store.row == .core(.sd) && store.imm == -8 && store.rs1 == 2 && store.rs2 == 10 && store.rd == Op.sink)
  }

  @Test func floatingPointDestinationsArePlain() {
    #expect(op(0x0000_2007).rd == 0)  // flw ft0, 0(zero)
    #expect(op(0xc000_7053).rd == Op.sink)  // fcvt.w.s zero, ft0
    #expect(op(0x02c5_f543).aux == 7)  // fmadd.d fa0, fa1, fa2, ft0
  }

  @Test func reservedRoundingModesAreIllegal() {
    for rm: UInt32 in 0..<8 {
      #expect((op(0x00c5_8553 | rm << 12).row == .engine(.illegal)) == (rm == 5 || rm == 6))
    }
  }

  @Test func smallFields() {
    #expect(op(0x0aa5_a52f).aux == 1 && op(0x0ca5_a52f).aux == 2 && op(0x0ea5_a52f).aux == 3)  // amoswap.w.rl, .aq, .aqrl
    let fence = op(0x8330_000f)
    #expect(fence.row == .s(.fence_tso))
    #expect(op(0x0f10_000f).aux == 0xf1 && op(0x0f10_000f).row == .s(.fence))
    let csr = op(0x3004_5073)  // csrrwi zero, mstatus, 8
    #expect(csr.row == .s(.csrrwi) && csr.imm == 0x300 && csr.rs1 == 8 && csr.rd == Op.sink)
    #expect(op(0xc200_2573).imm == 0xc20)
    #expect(op(0x31a5_1513).aux == 10 && op(0x31b5_1513).row == .engine(.illegal))  // aes64ks1i
    #expect(op(0xcdc0_4073).imm == 28 && op(0xcdc0_4073).row == .s(.mop_r_N))
  }

  @Test func pairsAreEven() {
    #expect(op(0x28c5_452f).row == .a(.amocas_q))  // amocas.q a0, a2, (a0)
    #expect(op(0x28d5_452f).row == .engine(.illegal))
    #expect(op(0x28c5_45af).row == .engine(.illegal))
  }

  @Test func illegalWordsHaveTheirLength() {
    #expect(op(0).row == .engine(.illegal) && op(0).length == 2)
    #expect(op(0xffff_ffff).row == .engine(.illegal) && op(0xffff_ffff).length == 4)
    #expect(op(0xffff_0000).length == 2)
    #expect(op(0).id == Op.noID)
  }

  @Test func extensionsAreOptional() throws {
    let plain = Decoder(isa: try ISA("rv64i"))
    #expect(plain.decode(0x02c5_8533).row == .engine(.illegal))  // mul
    #expect(plain.decode(0x0001).row == .engine(.illegal))  // c.nop
    #expect(plain.decode(0x0100_000f).row == .s(.fence))  // pause
    let pack = Decoder(isa: try ISA("rv64i_zbkb"))
    #expect(pack.decode(0x0805_453b).row == .k(.packw))
    #expect(everything.decode(0x0805_453b).row == .core(.zext_h))
    let doubles = Decoder(isa: try ISA("rv64i_zca"))
    #expect(doubles.decode(0x2108).row == .engine(.illegal))  // c.fld
  }

  @Test func readsAndWrites() {
    func sets(_ word: UInt32) -> (RegisterSet, RegisterSet) {
      let op = op(word)
      let row = InstructionTable.shared.row(of: op)
      return (row?.reads(op) ?? .init(), row?.writes(op) ?? .init())
    }
    #expect(sets(0x00c5_8533) == (RegisterSet(x: 1 << 11 | 1 << 12), RegisterSet(x: 1 << 10)))  // add a0, a1, a2
    #expect(sets(0x0000_0013) == (RegisterSet(), RegisterSet()))
    #expect(sets(0x02c5_f543) == (RegisterSet(f: 1 << 11 | 1 << 12 | 1), RegisterSet(f: 1 << 10)))  // fmadd.d
    #expect(sets(0x28c5_452f) == (RegisterSet(x: 0x3c00 | 1 << 10), RegisterSet(x: 0xc00)))  // amocas.q
    #expect(sets(0x3004_5073) == (RegisterSet(), RegisterSet()))  // zimm is no register
    #expect(sets(0x852e) == (RegisterSet(x: 1 << 11), RegisterSet(x: 1 << 10)))  // c.mv a0, a1
  }

  @Test func missingExtensionsAreNamed() throws {
    let isa = try ISA("rv64imac")
    #expect(isa.missingExtensions(for: 0x6005_1513) == [.zbb])  // clz
    #expect(isa.missingExtensions(for: 0x02c5_f543) == [.d])
    #expect(isa.missingExtensions(for: 0x9c65) == [.zbb, .zcb])  // c.sext.b
    #expect(isa.missingExtensions(for: 0x0001) == [])
    #expect(isa.missingExtensions(for: 0x0d00_7057) == [.v])  // vsetvli
    #expect(isa.missingExtensions(for: 0x0280_0057 | 1 << 12) == [.v])  // vfadd.vv
    #expect(try ISA("rv64imac_zve32x").missingExtensions(for: 0x0280_1057) == [.zve32f])
    // Reserved for every vector unit: no extension helps.
    #expect(try ISA("rv64gcv").missingExtensions(for: 0xfe00_00d7) == nil)
    #expect(isa.missingExtensions(for: 0xffff_ffff) == nil)
  }

  @Test func theEncoderRefusesWhatDoesNotFit() throws {
    let table = InstructionTable.shared
    let addi = try #require(table.row(mnemonic: "addi"))
    #expect(Encoder.encode(addi, .init(rd: 11, rs1: 10, imm: -1)) == 0xfff5_0593)
    #expect(Encoder.encode(addi, .init(rd: 11, rs1: 10, imm: 2048)) == nil)
    #expect(Encoder.encode(addi, .init(rd: 32)) == nil)
    #expect(Encoder.encode(addi, .init(rs2: 1)) == nil)
    let beq = try #require(table.row(mnemonic: "beq"))
    #expect(Encoder.encode(beq, .init(imm: 3)) == nil)
    let lwsp = try #require(table.row(mnemonic: "c.lwsp"))
    #expect(Encoder.encode(lwsp, .init(rd: 0, imm: 4)) == nil)
    #expect(Encoder.encode(lwsp, .init(rd: 1, imm: 4)) == 0x4092)
    let add = try #require(table.row(mnemonic: "fadd.s"))
    #expect(Encoder.encode(add, .init(aux: 5)) == nil)
  }
}

@Suite struct Disassembly {
  @Test func texts() {
    let plain = Disassembler(aliases: false)
    let nice = Disassembler(separator: .blank)
    #expect(plain.text(0xfff5_0593) == "addi\ta1, a0, -0x1")
    #expect(nice.text(0x0000_0013) == "nop" && nice.text(0x0001) == "nop" && plain.text(0x0001) == "c.nop")
    #expect(nice.text(0x0000_8067) == "ret" && nice.text(0x8082) == "ret" && plain.text(0x8082) == "c.jr\tra")
    #expect(nice.text(0) == "unimp" && nice.text(0xffff_ffff) == "<unknown>")
    #expect(nice.text(0xff1f_f06f, pc: 0x1000) == "j 0xff0")
    #expect(nice.text(0xff1f_f06f, pc: 0x1000, symbol: { "main+0x\(String($0, radix: 16))" }) == "j 0xff0 <main+0xff0>")
    #expect(nice.text(0xff1f_f06f) == "j 0xfffffffffffffff0")
    #expect(nice.text(0xf013_1553) == "<unknown>")
    #expect(Disassembler(isa: .rv64gc).text(0x6005_1513) == "<unknown>")
  }

  @Test func controlRegisters() {
    #expect(CSRNames.name(of: 0x300) == "mstatus" && CSRNames.name(of: 0xc1f) == "hpmcounter31")
    #expect(CSRNames.name(of: 0x3ef) == "pmpaddr63" && CSRNames.name(of: 0x157) == "sireg6")
    #expect(CSRNames.number(of: "mhpmevent31") == 0x33f && CSRNames.number(of: "none") == nil)
    #expect(CSRNames.name(of: 4096) == nil && CSRNames.name(of: -1) == nil)
  }
}
