import RVDecoder
import RVExec

/// One instruction on both sides.
extension Lockstep {
  func difference(_ step: Step, _ entry: CommitLog.Entry, _ log: CommitLog) -> String? {
    if entry.pc != step.pc { return "pc" }
    if entry.word != step.word { return "instruction word" }
    if entry.privilege != step.privilege { return "privilege" }
    for write in entry.x { x[write.number] = write.value }
    for write in entry.f { f[write.number] = write.value }
    for index in 1..<32 where hart[x: index] != x[index] { return "x\(index) (\(Register.x(UInt8(index))))" }
    for index in 0..<32 where hart[f: index] != f[index] { return "f\(index) (\(Register.f(UInt8(index))))" }
    for write in entry.csr {
      vector.write(write.number, write.value)
      switch write.number {
      case 1: flags = write.value
      case 2: frm = write.value
      default:
        // Counters move on.
        guard write.number & 0xf7f != 0xb00, write.number & 0xf7f != 0xb02 else { continue }
        if let value = value(write.number), value != write.value { return "CSR 0x\(String(write.number, radix: 16))" }
      }
    }
    if UInt64(hart.state.pointee.fflags) != flags { return "fflags" }
    if UInt64(hart.state.pointee.frm) != frm { return "frm" }
    if let difference = vectorDifference(step, entry, log) { return difference }
    if case .vl = step.op.row { return elementDifference(step, entry) }
    return memoryDifference(entry)
  }

  /// The time, which in a run on our own is another one.
  func readsClock(_ step: Step) -> Bool {
    guard case .s = step.op.row, step.row?.work == .csr else { return false }
    return step.op.imm == 0xc01
  }

  /// A CSR as machine mode sees it.
  func value(_ number: Int) -> UInt64? {
    let privilege = hart.state.pointee.privilege
    hart.state.pointee.privilege = 3
    defer { hart.state.pointee.privilege = privilege }
    return try? hart.readCSR(number)
  }

  private func memoryDifference(_ entry: CommitLog.Entry) -> String? {
    let runs = batch.memoryRuns
    func covers(_ run: MemoryRun, _ address: UInt64) -> Bool { address &- run.address < UInt64(run.width) }
    for address in entry.loads where !runs.contains(where: { $0.kind != .store && covers($0, address) }) {
      return "load address 0x\(String(address, radix: 16))"
    }
    for store in entry.stores {
      guard runs.contains(where: { $0.kind != .load && covers($0, store.address) }) else {
        return "store address 0x\(String(store.address, radix: 16))"
      }
      // What HTIF and the CLINT make of a store is seen later.
      if store.address &- Layout.tohost < 16 || CLINTRegister.all.contains(store.address) { continue }
      guard let bytes = hart.peek(store.address, count: store.width) else { return "store out of memory" }
      let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if value != store.value { return "stored value at 0x\(String(store.address, radix: 16))" }
    }
    for run in runs {
      let known = entry.loads.contains { covers(run, $0) } || entry.stores.contains { covers(run, $0.address) }
      if !known { return "access to 0x\(String(run.address, radix: 16)) that Spike does not do" }
      if run.kind == .store, !entry.stores.contains(where: { $0.address == run.address }) {
        return "a store that Spike does not do"
      }
    }
    return nil
  }

  // MARK: Words

  func ours(_ step: Step) -> String {
    var text =
      "\(step.privilege) \(Divergence.hex(step.pc, 16)) (\(Divergence.hex(UInt64(step.word), step.word & 3 == 3 ? 8 : 4)))"
    var writes = step.row.map { _ in InstructionTable.shared.row(of: step.op)?.writes(step.op) ?? RegisterSet() } ?? RegisterSet()
    for index in 0..<32 {
      if hart[x: index] != x[index] { writes.x |= 1 << UInt32(index) }
      if hart[f: index] != f[index] { writes.f |= 1 << UInt32(index) }
    }
    for index in 1..<32 where writes.x >> UInt32(index) & 1 != 0 { text += " x\(index) \(Divergence.hex(hart[x: index], 16))" }
    for index in 0..<32 where writes.f >> UInt32(index) & 1 != 0 { text += " f\(index) \(Divergence.hex(hart[f: index], 16))" }
    for run in batch.memoryRuns { text += " mem \(Divergence.hex(run.address, 16)) \(run.kind) \(run.width)" }
    return text + " fflags \(hart.state.pointee.fflags) frm \(hart.state.pointee.frm)"
  }

  func operands(_ step: Step, _ x: [UInt64], _ f: [UInt64]) -> String {
    guard let reads = InstructionTable.shared.row(of: step.op)?.reads(step.op) else { return "" }
    var parts: [String] = []
    for index in 1..<32 where reads.x >> UInt32(index) & 1 != 0 { parts.append("x\(index) = \(Divergence.hex(x[index], 16))") }
    for index in 0..<32 where reads.f >> UInt32(index) & 1 != 0 { parts.append("f\(index) = \(Divergence.hex(f[index], 16))") }
    return parts.joined(separator: ", ")
  }
}
