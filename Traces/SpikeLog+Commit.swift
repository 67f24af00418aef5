import RVDecoder
import RVExec

/// Commit lines.
extension SpikeLog {
  /// `core   0: 3 0x… (0x…)`, without the end of the line.
  func begin(privilege: UInt8, _ pc: UInt64, _ word: UInt32, length: UInt8) {
    file.write("core   0: ")
    file.write(0x30 + privilege)
    file.write(" 0x")
    file.write(hex: pc, digits: 16)
    file.write(" (0x")
    file.write(hex: UInt64(word), digits: length == 2 ? 4 : 8)
    file.write(")")
  }

  /// ` x5  0x…`: two columns for the number.
  func write(register: Int, file prefix: StaticString, _ value: UInt64) {
    file.write(" ")
    file.write(prefix)
    if register >= 10 { file.write(0x30 + UInt8(truncatingIfNeeded: register / 10)) }
    file.write(0x30 + UInt8(truncatingIfNeeded: register % 10))
    file.write(register < 10 ? "  0x" : " 0x")
    file.write(hex: value, digits: 16)
  }

  /// ` mem 0x…`.
  func write(access address: UInt64) {
    file.write(" mem 0x")
    file.write(hex: address, digits: 16)
  }

  func write(store address: UInt64, _ value: UInt64, width: Int) {
    write(access: address)
    file.write(" 0x")
    file.write(hex: value, digits: width * 2)
  }

  /// The line of an instruction that has just retired.
  func commit(_ op: Op, _ pc: UInt64, _ word: UInt32, _ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart) {
    guard op.id != Op.noID else { return }
    let row = rows[Int(op.id)]
    begin(privilege: privilege(row.row, hart), pc, word, length: op.length)
    let vector = vectorEffects(op, row, runs, hart)
    writeRegisters(row.writes(op), vector, hart)
    if case .vl = row.row {
      writeElements(op, row, runs, hart)
    } else if !row.matrixRegisters.isEmpty {
      writeMatrix(runs, hart)
    } else {
      writeMemory(op, row, runs, hart)
    }
    file.write("\n")
  }

  /// The privilege in which the instruction ran. A trap handler's may have changed since the last instruction.
  private func privilege(_ row: Row, _ hart: Hart) -> UInt8 {
    switch row {
    case .s(.mret): 3
    case .s(.sret): before.privilege
    default: hart.state.pointee.privilege
    }
  }

  /// Registers in the order of Spike's keys: number * 16, plus 0 for x, 1 for f, 2 for v and 4 for CSRs; vtype and vl have the key 3.
  private func writeRegisters(_ set: RegisterSet, _ vector: VectorEffects, _ hart: Hart) {
    var csrs: [(number: Int, value: UInt64)] = []
    for write in hart.takeCSRWrites(fsBefore: before.fs, vsBefore: before.vector.vs) + vector.csrs {
      if let index = csrs.firstIndex(where: { $0.number == write.number }) {
        csrs[index].value = write.value
      } else {
        csrs.append((write.number, write.value))
      }
    }
    csrs.sort { $0.number < $1.number }

    var next = 0
    if set.x | set.f | vector.registers != 0 || vector.showsType {
      for number in 0..<32 {
        while next < csrs.count, csrs[next].number < number { write(csrs[next], hart, &next) }
        if set.x >> UInt32(number) & 1 != 0 { write(register: number, file: "x", hart[x: number]) }
        if set.f >> UInt32(number) & 1 != 0 { write(register: number, file: "f", hart[f: number]) }
        if number == 0, vector.showsType { writeVectorType(hart) }
        if vector.registers >> UInt32(number) & 1 != 0 { write(vector: number, hart) }
      }
    }
    while next < csrs.count { write(csrs[next], hart, &next) }
  }

  private func write(_ csr: (number: Int, value: UInt64), _ hart: Hart, _ next: inout Int) {
    next += 1
    file.write(" c\(csr.number)_\(CSRNames.name(of: csr.number, in: hart.isa.extensions) ?? "unknown") 0x")
    file.write(hex: csr.value, digits: 16)
  }

  /// All loads, then all stores.
  private func writeMemory(_ op: Op, _ row: RowInfo, _ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart) {
    for run in runs where run.kind != .store { write(access: run.address) }
    for run in runs {
      switch run.kind {
      case .load: break
      // Where the data's register stands in the place of rd there may be a second one.
      case .store where row.work == .store && !row.uses.contains { $0.slot == .rd }: writeStored(op, row, run, hart)
      // What a conditional store stored; a cleared cache block byte by byte.
      case .store: writeBytes(run, piece: row.work == .cacheBlock ? 1 : Int(run.width), hart)
      case .atomic where compared(op, row.row, run, hart): writeBytes(run, piece: min(8, Int(run.width)), hart)
      case .atomic: break
      }
    }
  }

  /// A plain store: the register's low bytes. Memory may already hold something else, when a device has answered.
  private func writeStored(_ op: Op, _ row: RowInfo, _ run: MemoryRun, _ hart: Hart) {
    let isFloat = row.uses.contains { $0.slot == .rs2 && $0.file == .f }
    let value = isFloat ? hart[f: Int(op.rs2)] : hart[x: Int(op.rs2)]
    write(store: run.address, value, width: Int(run.width))
  }

  /// What memory holds now.
  private func writeBytes(_ run: MemoryRun, piece: Int, _ hart: Hart) {
    let bytes = hart.peek(run.address, count: Int(run.width)) ?? []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      let value = bytes[start..<min(start + piece, bytes.count)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      write(store: run.address &+ UInt64(start), value, width: piece)
    }
  }

  /// Whether an atomic stored: those that compare do so only when memory held what was expected.
  private func compared(_ op: Op, _ row: Row, _ run: MemoryRun, _ hart: Hart) -> Bool {
    guard case .a(let atomic) = row else { return true }
    let old = Int(op.rd & 31)
    let mask = run.width >= 8 ? UInt64.max : 1 << (UInt64(run.width) * 8) - 1
    switch atomic {
    // The destination held what was expected, and holds what was found. x0 expects zero and does not show what was found.
    case .amocas_b, .amocas_h, .amocas_w, .amocas_d:
      if op.rd == 0 || op.rd == Op.sink { return stored(run, op, hart) }
      return before.x[old] & mask == hart[x: old] & mask
    case .amocas_q:
      if op.rd == 0 || op.rd == Op.sink { return stored(run, op, hart) }
      return before.x[old] == hart[x: old] && before.x[old + 1] == hart[x: old + 1]
    default: return true
    }
  }

  /// Whether memory holds what an atomic wanted to store.
  private func stored(_ run: MemoryRun, _ op: Op, _ hart: Hart) -> Bool {
    guard let bytes = hart.peek(run.address, count: Int(run.width)) else { return false }
    let low = op.rs2 == 0 ? 0 : hart[x: Int(op.rs2)]
    let high = op.rs2 == 0 || run.width < 16 ? 0 : hart[x: Int(op.rs2) + 1]
    return bytes.enumerated().allSatisfy { index, byte in
      byte == UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> (UInt64(index % 8) * 8))
    }
  }
}
