import RVDecoder
import RVExec
import RVLoader

/// Runs a program here, instruction by instruction, and compares each with a line of Spike's commit log.
final class Lockstep {
  let system: System
  let hart: Hart
  private let decoder: Decoder
  let batch: RetiredBatch
  /// Spike's registers as its log tells them.
  var x = [UInt64](repeating: 0, count: 32)
  var f = [UInt64](repeating: 0, count: 32)
  var flags: UInt64 = 0
  var frm: UInt64 = 0
  var vector: VectorState
  var coverage: Coverage
  /// The program has seen something that only Spike knows (its time, a reservation it lost): a run on our own will differ.
  var isSynchronised = false
  private var clock = SpikeClock()
  /// Spike's turn at the last LR.
  private var reservedAt = 0
  private var count = 0

  init(elf: [UInt8], options: Generator.Options, coverage: Coverage) throws {
    system = try Self.system(elf, options)
    hart = system.hart
    batch = hart.makeBatch(capacity: 1)
    decoder = Decoder(isa: options.isa)
    self.coverage = coverage
    vector = VectorState(hart)
  }

  private static func system(_ elf: [UInt8], _ options: Generator.Options) throws -> System {
    let image = try Image(bytes: elf, name: "test program")
    var machine = BareOptions()
    machine.memorySize = Layout.memorySize
    machine.trapsMisaligned = options.misalignedTraps
    return try BareMetal.system(image, isa: options.isa, options: machine)
  }

  /// What our side did up to the next retired instruction.
  struct Step {
    var pc: UInt64 = 0
    var word: UInt32 = 0
    var row: RowInfo?
    var op: Op
    var reads: String = ""
    var privilege: UInt8 = 3
    var ended = false
    /// A vector access that trapped in the middle: Spike logs what it did before, which was compared.
    var isInterrupted = false
    var difference: String?
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
      clock.retire()
    }
    guard found else { return Divergence(kind: "Spike does not reach the program", pc: 0) }
    for index in 1..<32 { hart[x: index] = x[index] }
    // The program begins with fcsr = 0.
    repeat {
      let before = hart.pc
      var step = Step(op: Op(row: .engine(.illegal)))
      let registers = (x, f)
      if let divergence = advance(&step, entry, log) {
        return divergence.in(log.text(entry), count, before, self.hart, decoder)
      }
      let difference = step.isInterrupted ? step.difference : difference(step, entry, log)
      count += 1
      if !step.isInterrupted { clock.retire(endsTurn: step.row?.row == .s(.wfi)) }
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
  private func advance(_ step: inout Step, _ entry: CommitLog.Entry, _ log: CommitLog) -> Divergence? {
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
      let page = pageView(step)
      let protection = protectionPlace(step)
      let view = vectorView(step)
      hart.time = clock.time
      var stop = hart.record(into: batch, limit: 1)
      // An access to a device begins once more, alone.
      if case .pause = stop, batch.count == 0 { stop = hart.record(into: batch, limit: 1) }
      if let page { count(page, stop) }
      if let protection { count(protection, stop) }
      watchClock(step)
      if let view { count(view, stop) }
      var trapped = false
      switch stop {
      case .pause: break
      case .halt: step.ended = true
      case .wait: break
      case .trap(let trap):
        trapped = true
        clock.endTurn()
        if word != nil, step.row == nil, trap.cause == .illegalInstruction { coverage.vector?.count(unassigned: step.word) }
        if trap.cause.isInterrupt { coverage.count(interrupt: Int(trap.cause.number)) }
        if case .vl = step.op.row, trap.cause != .illegalInstruction {
          step.isInterrupted = true
          step.difference = difference(step, entry, log)
        }
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
      if !trapped || step.isInterrupted { return nil }
    }
    return Divergence(kind: "we trap again and again", pc: hart.pc)
  }

  private func count(_ page: (PageCells.Shape, PageCells.Kind, PageCells.View), _ stop: Stop) {
    var outcome = PageCells.Outcome.done
    if case .trap(let trap) = stop {
      switch trap.cause {
      case .instructionPageFault, .loadPageFault, .storePageFault: outcome = .pageFault
      case .instructionAccess, .loadAccess, .storeAccess: outcome = .accessFault
      default: if page.1 != .fetch { return }
      }
    }
    coverage.fill(page: PageCells.index(page.0, page.1, page.2, outcome))
  }

  private func count(_ place: ProtectionCells.Place, _ stop: Stop) {
    guard case .trap(let trap) = stop else { return coverage.fill(protection: ProtectionCells.index(place, isPermitted: true)) }
    switch trap.cause {
    case .instructionAccess, .loadAccess, .storeAccess:
      coverage.fill(protection: ProtectionCells.index(place, isPermitted: false))
    default: break
    }
  }

  /// Time that the program reads is Spike's, and time that it sets is Spike's, too.
  private func watchClock(_ step: Step) {
    if readsClock(step) { isSynchronised = true }
    for run in batch.memoryRuns where CLINTRegister.all.contains(run.address) {
      // Each program switches the timer off first: that is the same at any time.
      if run.kind == .store, run.address == CLINTRegister.mtimecmp, hart.machineTimer == .max { continue }
      isSynchronised = true
      if run.kind == .store, run.address &- CLINTRegister.mtime < 8 { clock.set(hart.time) }
    }
  }

  /// Spike forgets a reservation when the hart's turn is over. SC may fail at any time, so there, and only there, we follow.
  private func watchReservation(_ step: Step, _ entry: CommitLog.Entry) {
    switch step.op.row {
    case .a(.lr_w), .a(.lr_d): reservedAt = clock.turn
    case .a(.sc_w), .a(.sc_d):
      if entry.pc == step.pc, entry.stores.isEmpty, clock.turn != reservedAt,
        hart.state.pointee.reservation != HartState.noReservation
      {
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
        x: hart[x: Int(op.rs1 & 31)], a: values.first ?? 0, b: values.count > 1 ? values[1] : 0,
        c: values.count > 2 ? values[2] : nil,
        mode: Int(mode))
    case .memory(let width):
      let address = hart[x: Int(step.op.rs1 & 31)] &+ UInt64(bitPattern: Int64(step.op.imm))
      let left = Int(4096 - address % 4096)
      return (left < width ? 15 + left : Int(address % 16), nil)
    default: return (nil, nil)
    }
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
    if let a = fast.state.pointee.vectors, let b = lead.state.pointee.vectors {
      let count = 32 * Int(lead.state.pointee.vlenb)
      let same = UnsafeRawBufferPointer(start: a, count: count).elementsEqual(UnsafeRawBufferPointer(start: b, count: count))
      if !same { problem = problem ?? "vector registers" }
    }
    if fast.state.pointee.vl != lead.state.pointee.vl { problem = problem ?? "vl" }
    if fast.state.pointee.vtype != lead.state.pointee.vtype { problem = problem ?? "vtype" }
    if fast.state.pointee.vxsat != lead.state.pointee.vxsat { problem = problem ?? "vxsat" }
    let bytes = Int(Layout.dataPages * 4096)
    if other.space.peek(Layout.data, count: bytes) != system.space.peek(Layout.data, count: bytes) {
      problem = problem ?? "memory"
    }
    guard let problem else { return nil }
    return Divergence(kind: "the fast loop ends differently: \(problem)", pc: fast.pc)
  }
}
