import DifftestKit
import RVDecoder
import Testing

@testable import RVExec

/// XuanTie's scalar extensions against a model written from thead-extension-spec (as of 5 September 2024) alone, encodings included.
///
/// What the specification leaves open, as the product chooses: bits imm1:imm2 with imm1 < imm2 leave rd alone; equal registers where they
/// are reserved are illegal; a store of rs1 itself through rs1 stores what it was before the increment; of a pair of stores whose second
/// one traps, the first may have been done.
@Suite("XuanTie's scalar instructions against a model")
struct TheadModelTests {
  @Test("the model has all rows, and encodes them as they are; what is reserved has no encoding")
  func encodings() throws {
    let rows = InstructionTable.shared.rows.filter { $0.family == "TH" }
    #expect(rows.map(\.mnemonic).sorted() == TheadInstruction.all.map(\.mnemonic).sorted())
    let decoder = Decoder(isa: .max)
    for instruction in TheadInstruction.all {
      let row = try #require(rows.first { $0.mnemonic == instruction.mnemonic })
      for operands in instruction.cases(atLeast: 60, seed: 1) {
        let word = instruction.isReserved(operands) ? nil : instruction.word(operands)
        let encoded = Encoder.encode(
          row,
          Operands(
            rd: UInt8(operands.rd), rs1: UInt8(operands.rs1), rs2: UInt8(operands.rs2), imm: Int32(operands.imm),
            aux: UInt8(operands.imm2)))
        try #require(encoded == word, "\(instruction.mnemonic) \(operands)")
        try #require(
          decoder.row(for: instruction.word(operands))?.id == word.map { _ in row.id }, "\(instruction.mnemonic) \(operands)")
      }
    }
  }

  @Test("each belongs to one extension: alone with the base it is enabled, and without it everything else is not enough")
  func membership() {
    for instruction in TheadInstruction.all {
      let word = instruction.word(
        TheadOperands(rd: instruction.form.hasDestination ? 1 : 0, rs1: instruction.form.hasAddress ? 2 : 0))
      let isFloat = instruction.brings == .xtheadfmemidx
      let alone = Decoder(isa: ISA(isFloat ? [instruction.brings, .d] : [instruction.brings]))
      #expect(alone.row(for: word)?.mnemonic == instruction.mnemonic)
      #expect(Decoder(isa: ISA.max.removing([instruction.brings])).row(for: word) == nil, "\(instruction.mnemonic)")
    }
  }

  /// x, f, mstatus.FS, memory, pc, the count, the trap, and the accesses in the records; half of them in the loop that records, half in the
  /// other. Registers and memory go on from one instruction to the next.
  @Test("state and traps after each instruction are the model's", arguments: TheadMachine.Kind.allCases)
  func execution(kind: TheadMachine.Kind) throws {
    let cases = TheadInstruction.all.flatMap { instruction in
      instruction.cases(atLeast: 256, seed: UInt64(kind.rawValue)).map { (instruction, $0) }
    }
    let machine = try #require(TheadMachine(kind, words: cases.map { $0.0.word($0.1) }))
    var random = Random(seed: 20 + UInt64(kind.rawValue))
    // The first of each instruction.
    var failures: [String: String] = [:]
    var traps: [Trap.Cause: Int] = [:]
    for (index, (instruction, operands)) in cases.enumerated() {
      machine.prepare(instruction, operands, &random)
      let (failure, trap) = machine.step(index, instruction, operands, records: random.chance(50))
      if let trap { traps[trap.cause, default: 0] += 1 }
      if let failure, failures[instruction.mnemonic] == nil { failures[instruction.mnemonic] = "\(operands): \(failure)" }
    }
    #expect(failures.isEmpty, "\(failures.map { "\($0) \($1)" }.sorted().joined(separator: "\n"))")
    // The cases reach every trap, and most of them none.
    #expect(Set(traps.keys) == kind.causes && traps.values.reduce(0, +) * 2 < cases.count, "\(traps)")
  }

  /// A device whose every store has to be looked at before the next instruction.
  private final class Bell: Bus {
    let state: UnsafeMutablePointer<HartState>
    var stores: [(address: UInt64, width: Int, value: UInt64)] = []
    init(_ hart: Hart) { state = hart.state }
    func load(_ address: UInt64, width: Int) -> UInt64? { 0 }
    func doubleword(at address: UInt64) -> UInt64? { nil }
    func observedStore(_ address: UInt64, width: Int) {}
    func store(_ address: UInt64, width: Int, value: UInt64) -> Bool {
      stores.append((address, width, value))
      state.pointee.attention = 1
      return true
    }
  }

  @Test("a store to a device that has to be looked at is done whole: rs1 moves on, both of a pair are stored, and recorded")
  func devices() throws {
    let p = try #require(HartProgram())
    p.hart.state.pointee.set(fs: 1)
    let bell = Bell(p.hart)
    p.space.bus = bell
    let batch = p.hart.makeBatch(capacity: 4)
    for instruction in TheadInstruction.all {
      let form = instruction.form
      let isIncrement = form == .increment
      let width: Int
      switch instruction.effect {
      case .store(let bytes, _), .floatStore(let bytes, _), .storePair(let bytes): width = bytes
      default: continue
      }
      let o = TheadOperands(rd: 7, rs1: 10, rs2: isIncrement ? 0 : 11, imm: isIncrement ? -8 : 0, imm2: 1)
      p.here = HartProgram.base
      p.put(instruction.word(o))
      p.hart.setISA(p.hart.isa)
      (p.hart.pc, p.hart[x: 7], p.hart[f: 7], p.hart[x: 10], p.hart[x: 11]) = (HartProgram.base, 0x81, 0x81, 0x1000, 0x40)
      bell.stores = []
      guard case .pause = p.hart.record(into: batch, limit: 1) else { throw Missing() }
      let isPair = form == .pair
      let address: UInt64 =
        isPair ? 0x1000 + 2 * UInt64(width) : !isIncrement ? 0x1080 : instruction.mnemonic.hasSuffix("ib") ? 0x0ff0 : 0x1000
      var expected: [(address: UInt64, value: UInt64)] = [(address, 0x81)]
      if isPair { expected.append((address + UInt64(width), 0x40)) }
      #expect(
        bell.stores.map(\.address) == expected.map(\.address) && bell.stores.map(\.value) == expected.map(\.value),
        "\(instruction.mnemonic)")
      #expect(bell.stores.allSatisfy { $0.width == width }, "\(instruction.mnemonic)")
      #expect(p.hart[x: 10] == (isIncrement ? 0x0ff0 : 0x1000), "\(instruction.mnemonic)")
      #expect(batch.memoryRuns.map(\.address) == expected.map(\.address), "\(instruction.mnemonic)")
      #expect(p.hart.pc == HartProgram.base + 4 && batch.records.count == 1, "\(instruction.mnemonic)")
    }
  }

  @Test(
    "cache operations and barriers do nothing that can be seen, and trap in U mode where it is said",
    arguments: [0, 1, 3] as [UInt64])
  func modes(mode: UInt64) throws {
    let p = try #require(HartProgram())
    for instruction in TheadInstruction.all where !instruction.form.hasDestination {
      let operands = TheadOperands(rs1: instruction.form.hasAddress ? 10 : 0, rs2: instruction.form == .fence ? 11 : 0)
      let word = instruction.word(operands)
      p.here = HartProgram.base
      p.emit("mret")
      let place = p.here
      p.put(word)
      p.hart.setISA(p.hart.isa)
      p.hart.state.pointee.privilege = 3
      p.hart.updateContext()
      for (csr, value) in [(0x3b0, UInt64.max >> 10), (0x3a0, 0x1f), (0x300, mode << 11), (0x341, place)] {
        try p.hart.writeCSR(csr, value)
      }
      p.hart.pc = HartProgram.base
      (p.hart[x: 10], p.hart[x: 11]) = (0x8000_1234, 3)
      guard case .pause = p.hart.run(limit: 1) else { throw Missing() }
      let before = p.snapshot
      let stop = p.hart.run(limit: 1)
      #expect(UInt64(p.hart.state.pointee.privilege) == mode)
      guard case .nothing(let isForUsers) = instruction.effect else { throw Missing() }
      if mode == 0, !isForUsers {
        guard case .trap(let trap) = stop else { throw Missing() }
        #expect(trap == Trap(.illegalInstruction, UInt64(word)) && p.snapshot == before, "\(instruction.mnemonic)")
      } else {
        guard case .pause = stop else { throw Missing() }
        #expect(p.snapshot.dropLast(2) == before.dropLast(2), "\(instruction.mnemonic)")
        #expect(p.hart.pc == place + 4)
      }
    }
  }

  @Test("after th.sync.i what was stored is fetched", arguments: ["th.sync.i", "th.sync.is"]) func instructionBarrier(
    mnemonic: String
  ) throws {
    let p = try #require(HartProgram())
    p.emit("addi", rd: 5, rs1: 5, imm: 1)
    p.emit("bne", rs1: 6, rs2: 0, imm: 20)
    p.emit("addi", rd: 6, imm: 1)
    p.emit("sw", rs1: 10, rs2: 11)
    p.emit(mnemonic)
    p.emit("jal", imm: -20)
    p.emit("ebreak")
    p.hart[x: 10] = HartProgram.base
    p.hart[x: 11] = UInt64(HartProgram.word("addi", rd: 5, rs1: 5, imm: 16))
    guard case .trap(let trap) = p.hart.run(limit: 100) else { throw Missing() }
    #expect(trap.cause == .breakpoint && p.hart[x: 5] == 17)
  }

  /// A page is mapped elsewhere by a store to its entry, in S mode; addresses and address spaces that are 0 stand for all.
  @Test("after th.sfence.vmas the new mapping holds", arguments: [0, 0x4000_0000] as [UInt64], [0, 5] as [UInt64])
  func translationBarrier(address: UInt64, identifier: UInt64) throws {
    let p = try #require(HartProgram())
    let (root, middle, leaf, first, second) = (
      HartProgram.base + 0x1_0000, HartProgram.base + 0x1_1000, HartProgram.base + 0x1_2000, HartProgram.base + 0x1_3000,
      HartProgram.base + 0x1_4000
    )
    func entry(_ page: UInt64, _ flags: UInt64) -> UInt64 { page >> 2 | flags }
    for (place, value) in [
      (root + 16, entry(HartProgram.base, 0xcf)), (root + 8, entry(middle, 1)), (middle, entry(leaf, 1)),
      (leaf, entry(first, 0xc7)),
      (first, 111), (second, 222),
    ] { p.space.poke(place, bytes([value])) }
    p.emit("mret")
    let place = p.here
    p.emit("ld", rd: 5, rs1: 10)
    p.emit("sd", rs1: 12, rs2: 11)
    p.emit("th.sfence.vmas", rs1: 13, rs2: 14)
    p.emit("ld", rd: 6, rs1: 10)
    p.emit("ebreak")
    for (csr, value) in [
      (0x3b0, UInt64.max >> 10), (0x3a0, 0x1f), (0x300, 1 << 11), (0x341, place), (0x180, 8 << 60 | 5 << 44 | root >> 12),
    ] { try p.hart.writeCSR(csr, value) }
    (p.hart[x: 10], p.hart[x: 11], p.hart[x: 12]) = (0x4000_0000, entry(second, 0xc7), leaf)
    (p.hart[x: 13], p.hart[x: 14]) = (address, identifier)
    guard case .trap(let trap) = p.hart.run(limit: 100) else { throw Missing() }
    #expect(trap.cause == .breakpoint && p.hart[x: 5] == 111 && p.hart[x: 6] == 222)
  }

  struct Missing: Error {}
}
