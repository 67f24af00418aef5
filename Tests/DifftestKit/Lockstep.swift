import RVDecoder
import RVExec
import RVLoader

/// Runs a program here, instruction by instruction, and compares each with a line of Spike's commit log.
final class Lockstep {
  private let system: System
  private let hart: Hart
  private let decoder: Decoder
  private let batch: RetiredBatch
  /// Spike's registers as its log tells them.
  private var x = [UInt64](repeating: 0, count: 32)
  private var f = [UInt64](repeating: 0, count: 32)
  private var flags: UInt64 = 0
  private var frm: UInt64 = 0
  var coverage: Coverage
  /// Registers hold something that only Spike knows (its time, a reservation it lost): a run on our own will differ.
  private(set) var isSynchronised = false
  /// Instructions since Spike last looked up from the hart, and the same at the last LR.
  private var quantum = 0
  private var reservedAt = 0
  private var count = 0

  init(elf: [UInt8], options: Generator.Options, coverage: Coverage) throws {
    system = try Self.system(elf, options)
    hart = system.hart
    batch = hart.makeBatch(capacity: 1)
    decoder = Decoder(isa: options.isa)
    self.coverage = coverage
  }

  private static func system(_ elf: [UInt8], _ options: Generator.Options) throws -> System {
    let image = try Image(bytes: elf, name: "test program")
    let system = try BareMetal.system(image, isa: options.isa, memorySize: Layout.memorySize)
    system.space.misalignedAccessTraps = options.misalignedTraps
    return system
  }

  /// What our side did up to the next retired instruction.
  private struct Step {
    var pc: UInt64 = 0
    var word: UInt32 = 0
    var row: RowInfo?
    var op: Op
    var reads: String = ""
    var privilege: UInt8 = 3
    var ended = false
  }

  /// - Returns: the first difference.
  func compare(_ log: inout CommitLog) -> Divergence? {
    var entry = CommitLog.Entry()
    // The boot ROM sets a few registers.
    var found = false
    while log.next(&entry) {
      if entry.pc == Layout.code {
        found = true
        break
      }
      for write in entry.x { x[write.number] = write.value }
      quantum += 1
    }
    guard found else { return Divergence(kind: "Spike does not reach the program", pc: 0) }
    for index in 1..<32 { hart[x: index] = x[index] }
    // The program begins with fcsr = 0.
    repeat {
      let before = hart.pc
      var step = Step(op: Op(row: .engine(.illegal)))
      let registers = (x, f)
      if let divergence = advance(&step, entry) {
        return divergence.in(log.text(entry), count, before, self.hart, decoder)
      }
      let difference = difference(step, entry)
      count += 1
      quantum += 1
      coverage.instructions += 1
      if let difference {
        var divergence = Divergence(kind: difference, pc: step.pc)
        divergence.word = step.word
        divergence.operands = operands(step, registers.0, registers.1)
        divergence.ours = ours(step)
        return divergence.in(log.text(entry), count - 1, step.pc, hart, decoder)
      }
      if step.ended { return nil }
    } while log.next(&entry)
    return Divergence(kind: "Spike ended, we did not", pc: hart.pc).in("", count, hart.pc, hart, decoder)
  }

  /// Goes on until an instruction has retired.
  private func advance(_ step: inout Step, _ entry: CommitLog.Entry) -> Divergence? {
    for _ in 0..<4 {
      let pc = hart.pc
      step.pc = pc
      step.privilege = hart.state.pointee.privilege
      let word = hart.word(at: pc)
      step.word = word ?? 0
      step.row = word.flatMap { decoder.row(for: $0) }
      step.op = decoder.decode(step.word)
      watchReservation(step, entry)
      let cells = word == nil ? (nil, nil) : self.cells(step)
      let stop = hart.record(into: batch, limit: 1)
      var trapped = false
      switch stop {
      case .pause: break
      case .halt: step.ended = true
      case .trap(let trap):
        trapped = true
        quantum = 0
        if case .end(let ending) = system.platform.handle(trap, on: hart) {
          return Divergence(kind: "we end with \(ending)", pc: pc)
        }
      }
      if let row = step.row {
        coverage.count(Int(row.id), trapped: trapped)
        if !trapped {
          if let cell = cells.0 { coverage.fill(Int(row.id), cell) }
          if let cell = cells.1 { coverage.fill(Int(row.id), cell) }
        } else if case .memory = coverage.kinds[Int(row.id)], let cell = cells.0 {
          coverage.fill(Int(row.id), cell)
        }
      }
      if !trapped { return nil }
    }
    return Divergence(kind: "we trap again and again", pc: hart.pc)
  }

  /// Spike forgets a reservation when it looks up from the hart: every 5,000 instructions, and at traps. SC may fail at any time, so
  /// there, and only there, we follow.
  private func watchReservation(_ step: Step, _ entry: CommitLog.Entry) {
    switch step.op.row {
    case .a(.lr_w), .a(.lr_d): reservedAt = quantum
    case .a(.sc_w), .a(.sc_d):
      let crossed = quantum < reservedAt || (quantum + 8) / 5000 != max(0, reservedAt - 8) / 5000
      if entry.pc == step.pc, entry.stores.isEmpty, crossed, hart.state.pointee.reservation != HartState.noReservation {
        hart.state.pointee.reservation = HartState.noReservation
        isSynchronised = true
      }
    default: break
    }
  }

  private func cells(_ step: Step) -> (Int?, Int?) {
    guard let row = step.row else { return (nil, nil) }
    switch coverage.kinds[Int(row.id)] {
    case .float(let shape):
      let op = step.op
      let values = shape.sources.map { hart[f: Int(op[$0] & 31)] }
      let mode = op.aux & 7 == 7 ? hart.state.pointee.frm : op.aux & 7
      guard !shape.hasMode || mode < 5 else { return (nil, nil) }
      return shape.cells(
        x: hart[x: Int(op.rs1 & 31)], a: values.first ?? 0, b: values.count > 1 ? values[1] : 0, c: values.count > 2 ? values[2] : nil,
        mode: Int(mode))
    case .memory(let width):
      let address = hart[x: Int(step.op.rs1 & 31)] &+ UInt64(bitPattern: Int64(step.op.imm))
      let left = Int(4096 - address % 4096)
      return (left < width ? 15 + left : Int(address % 16), nil)
    default: return (nil, nil)
    }
  }

  // MARK: Comparing

  private func difference(_ step: Step, _ entry: CommitLog.Entry) -> String? {
    if entry.pc != step.pc { return "pc" }
    if entry.word != step.word { return "instruction word" }
    if entry.privilege != step.privilege { return "privilege" }
    for write in entry.x { x[write.number] = write.value }
    for write in entry.f { f[write.number] = write.value }
    if readsClock(step), let write = entry.x.first, hart[x: write.number] != write.value {
      hart[x: write.number] = write.value
      isSynchronised = true
    }
    for index in 1..<32 where hart[x: index] != x[index] { return "x\(index) (\(Register.x(UInt8(index))))" }
    for index in 0..<32 where hart[f: index] != f[index] { return "f\(index) (\(Register.f(UInt8(index))))" }
    for write in entry.csr {
      switch write.number {
      case 1: flags = write.value
      case 2: frm = write.value
      default:
        // 1957 is tcontrol, which Spike lists with mret; counters move on.
        guard write.number != 1957, write.number & 0xf7f != 0xb00, write.number & 0xf7f != 0xb02 else { continue }
        if let value = value(write.number), value != write.value { return "CSR 0x\(String(write.number, radix: 16))" }
      }
    }
    if UInt64(hart.state.pointee.fflags) != flags { return "fflags" }
    if UInt64(hart.state.pointee.frm) != frm { return "frm" }
    // The store that ends the program is not recorded.
    return step.ended ? nil : memoryDifference(entry)
  }

  /// The time, which is not the same on both.
  private func readsClock(_ step: Step) -> Bool {
    guard case .s = step.op.row, step.row?.work == .csr else { return false }
    return step.op.imm == 0xc01
  }

  /// A CSR as machine mode sees it.
  private func value(_ number: Int) -> UInt64? {
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
      guard store.address < Layout.tohost || store.address >= Layout.tohost + 16 else { continue }
      guard let bytes = hart.space.peek(store.address, count: store.width) else { return "store out of memory" }
      let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if value != store.value { return "stored value at 0x\(String(store.address, radix: 16))" }
    }
    for run in runs {
      let known = entry.loads.contains { covers(run, $0) } || entry.stores.contains { covers(run, $0.address) }
      if !known { return "access to 0x\(String(run.address, radix: 16)) that Spike does not do" }
      if run.kind == .store, !entry.stores.contains(where: { $0.address == run.address }) { return "a store that Spike does not do" }
    }
    return nil
  }

  // MARK: Words

  private func ours(_ step: Step) -> String {
    var text = "\(step.privilege) \(Divergence.hex(step.pc, 16)) (\(Divergence.hex(UInt64(step.word), step.word & 3 == 3 ? 8 : 4)))"
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

  private func operands(_ step: Step, _ x: [UInt64], _ f: [UInt64]) -> String {
    guard let reads = InstructionTable.shared.row(of: step.op)?.reads(step.op) else { return "" }
    var parts: [String] = []
    for index in 1..<32 where reads.x >> UInt32(index) & 1 != 0 { parts.append("x\(index) = \(Divergence.hex(x[index], 16))") }
    for index in 0..<32 where reads.f >> UInt32(index) & 1 != 0 { parts.append("f\(index) = \(Divergence.hex(f[index], 16))") }
    return parts.joined(separator: ", ")
  }

  // MARK: The fast loop

  /// Runs the program again at full speed: the state at the end must be the same.
  func compareWithFastRun(elf: [UInt8], _ options: Generator.Options) throws -> Divergence? {
    guard !isSynchronised else { return nil }
    let other = try Self.system(elf, options)
    let lead = hart
    // What the boot ROM left in registers is overwritten by the program's start.
    let ending = other.run(limit: hart.retired + 100_000)
    let fast = other.hart
    var problem: String?
    if fast.retired != lead.retired { problem = "retired \(fast.retired), in lock-step \(lead.retired), ending \(ending)" }
    for index in 1..<32 where fast[x: index] != lead[x: index] { problem = problem ?? "x\(index)" }
    for index in 0..<32 where fast[f: index] != lead[f: index] { problem = problem ?? "f\(index)" }
    if fast.state.pointee.fflags != lead.state.pointee.fflags { problem = problem ?? "fflags" }
    if fast.pc != lead.pc { problem = problem ?? "pc" }
    let bytes = Int(Layout.dataPages * 4096)
    if other.space.peek(Layout.data, count: bytes) != system.space.peek(Layout.data, count: bytes) { problem = problem ?? "memory" }
    guard let problem else { return nil }
    return Divergence(kind: "the fast loop ends differently: \(problem)", pc: fast.pc)
  }
}
