import DifftestKit
import Foundation
import RVDecoder

@testable import RVExec

/// A hart and the model, in step.
final class TheadMachine {
  enum Kind: Int, CaseIterable, Sendable {
    /// Under Linux.
    case user
    /// Bare, in M mode.
    case bare
    /// Bare, where misaligned accesses trap.
    case strict

    var causes: Set<Trap.Cause> {
      switch self {
      case .user: [.illegalInstruction, .loadPageFault, .storePageFault]
      case .bare: [.illegalInstruction, .loadAccess, .storeAccess]
      case .strict: [.illegalInstruction, .loadAccess, .storeAccess, .loadMisaligned, .storeMisaligned]
      }
    }
  }

  private let hart: Hart
  private let space: AddressSpace
  private let code: UInt64
  private let batch: RetiredBatch
  private var model: TheadModel

  /// - Parameter words: instructions, each of which gets an ebreak behind it.
  init?(_ kind: Kind, words: [UInt32]) {
    let size: UInt64 = 4 << 20
    guard let space = kind == .user ? AddressSpace.user(size: 1 << 32) : .physical(size: size),
      let hart = Hart(space: space, isa: .max, isUserMode: kind == .user)
    else { return nil }
    let low = kind == .user ? 0x1_0000 : HartProgram.base
    (self.space, self.hart, code, batch) = (space, hart, low, hart.makeBatch(capacity: 4))
    // At 0 the accesses through x0 arrive, and others cross the end of the address space.
    let data = kind == .user ? 0 : low + size / 2
    space.setRights([], at: low, length: size)
    space.setRights([.execute, .mapped], at: low, length: size / 2)
    space.setRights([.read, .write, .mapped], at: data, length: 2 * UInt64(TheadModel.pageBytes))
    space.setRights([.read, .mapped], at: data + 2 * UInt64(TheadModel.pageBytes), length: UInt64(TheadModel.pageBytes))
    space.misalignedAccessTraps = kind == .strict
    var random = Random(seed: 9)
    model = TheadModel(
      base: data, kind: kind, memory: (0..<3 * TheadModel.pageBytes).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    for register in 1..<32 { model.x[register] = random.next() }
    for register in 0..<32 { model.f[register] = random.next() }
    guard words.count * 8 <= Int(size / 2), space.poke(low, bytes(words.flatMap { [$0, 0x0010_0073] })),
      space.poke(data, model.memory)
    else { return nil }
  }

  /// New values in the registers that an instruction uses. Most addresses are near the ends of pages.
  func prepare(_ i: TheadInstruction, _ o: TheadOperands, _ random: inout Random) {
    for register in [o.rd, o.rs1, o.rs2] where register != 0 { model.x[register] = Self.value(&random) }
    model.f[o.rd] = random.next()
    model.fs = UInt8(random.chance(5) ? 0 : 1 + random.below(3))
    let page = UInt64(TheadModel.pageBytes)
    var target = model.base + UInt64(random.below(4)) * page &+ UInt64(random.below(40)) &- 20
    if random.chance(50) { target = model.base + UInt64(random.below(Int(2 * page))) }
    if random.chance(40) { target &= ~7 }
    if random.chance(4) { target = random.pick([0, .max, .max - 3, 1 << 63, 1 << 38, 1 << 32, random.next()]) }
    switch i.effect {
    case .load(_, _, let address), .store(_, let address), .floatLoad(_, let address), .floatStore(_, let address):
      let isIndexed = address == .register || address == .word
      if o.rs1 != 0, !isIndexed || o.rs1 != o.rs2 {
        model.x[o.rs1] = model.x[o.rs1] &+ target &- model.place(address, o)
      } else if isIndexed, o.rs2 != 0 {
        // Twice the same register, or rs2 alone, whose highest bits do not count then.
        model.x[o.rs2] = o.rs1 != 0 ? target / (1 + 1 << UInt64(o.imm2)) : target >> UInt64(o.imm2)
        let shift = address == .word ? 32 : 64 - o.imm2
        if o.rs1 == 0 { model.x[o.rs2] |= random.next() << shift }
      }
    case .loadPair(let bytes, _), .storePair(let bytes): if o.rs1 != 0 { model.x[o.rs1] = target &- UInt64(o.imm2 * 2 * bytes) }
    case .compute, .nothing: break
    }
  }

  /// Numbers with ends and edges in them.
  private static func value(_ random: inout Random) -> UInt64 {
    let bit = UInt64(1) << UInt64(random.below(64))
    switch random.below(8) {
    case 0: return random.pick([0, 0, 1, .max, 1 << 31, 1 << 63, 0x7fff_ffff, 0xffff_ffff, 0x7fff, 0x8000, 0xffff])
    case 1: return bit
    case 2: return bit &- 1
    case 3: return 0 &- bit
    case 4: return random.next() & (random.next() & 0x0101_0101_0101_0101) &* 0xff
    case 5: return UInt64(bitPattern: Int64(random.below(4096) - 2048))
    default: return random.next()
    }
  }

  /// Executes one instruction here and there.
  /// - Parameter records: in the loop that records, else in the other one, up to the ebreak behind it.
  /// - Returns: what differs, and the trap of the model.
  func step(_ index: Int, _ i: TheadInstruction, _ o: TheadOperands, records: Bool) -> (failure: String?, trap: Trap?) {
    let place = code + 8 * UInt64(index)
    hart.pc = place
    for register in 0..<32 { hart.state.x[register] = model.x[register] }
    // What was written to x0 must never be read.
    hart.state.x[Int(Op.sink)] = 0xdead_beef_0bad_cafe &+ UInt64(index)
    for register in 0..<32 { hart.state.pointee.f[register] = model.f[register] }
    hart.state.pointee.set(fs: model.fs)
    let retired = hart.retired
    var trap: Trap?
    let old = model
    do throws(Trap) { try model.execute(i, o) } catch { trap = error }
    let stop = records ? hart.record(into: batch, limit: 1) : hart.run()

    var failures: [String] = []
    var seen: Trap?
    if case .trap(let raised) = stop, hart.pc == place { seen = raised }
    if seen != trap { failures.append("trap \(String(describing: seen)), not \(String(describing: trap))") }
    if hart.pc != (trap == nil ? place + 4 : place) { failures.append("pc \(hart.pc &- place)") }
    if hart.retired != retired + (trap == nil ? 1 : 0) { failures.append("count") }
    for register in 0..<32 where hart.state.x[register] != model.x[register] {
      failures.append("x\(register) \(String(hart.state.x[register], radix: 16)), not \(String(model.x[register], radix: 16))")
    }
    for register in 0..<32 where hart.state.pointee.f[register] != model.f[register] { failures.append("f\(register)") }
    if hart.state.pointee.fs != model.fs { failures.append("FS \(hart.state.pointee.fs), not \(model.fs)") }
    if !memoryIsEqual(to: model.memory) {
      let now = space.peek(model.base, count: model.memory.count) ?? []
      var mayDiffer = false
      if case .storePair(let bytes) = i.effect, trap != nil { mayDiffer = now == partly(old, o, bytes) }
      if !mayDiffer { failures.append("memory") }
      model.memory = now
    }
    if records, trap == nil {
      let accesses = batch.memoryRuns.flatMap { run in
        (0..<Int64(run.count)).map {
          TheadModel.Access(
            address: run.address &+ UInt64(bitPattern: $0 * run.stride), bytes: Int(run.width), isStore: run.kind == .store)
        }
      }
      if accesses != model.accesses { failures.append("accesses \(accesses), not \(model.accesses)") }
    }
    return (failures.isEmpty ? nil : failures.joined(separator: ", "), trap)
  }

  private func memoryIsEqual(to expected: [UInt8]) -> Bool {
    guard let pointer = space.pointer(to: model.base, length: expected.count, need: .read) else { return false }
    return expected.withUnsafeBytes { bytes in bytes.baseAddress.map { memcmp(pointer, $0, bytes.count) == 0 } ?? true }
  }

  /// Memory after the first store of a pair.
  private func partly(_ old: TheadModel, _ o: TheadOperands, _ bytes: Int) -> [UInt8] {
    var memory = old.memory
    let offset = Int(truncatingIfNeeded: old.x[o.rs1] &+ UInt64(o.imm2 * 2 * bytes) &- old.base)
    guard offset >= 0, offset + bytes <= 2 * TheadModel.pageBytes else { return memory }
    for byte in 0..<bytes { memory[offset + byte] = UInt8(truncatingIfNeeded: old.x[o.rd] >> (8 * byte)) }
    return memory
  }
}
