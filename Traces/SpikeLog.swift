import RVDecoder
import RVExec
import RVLoader

/// Writes what a hart does as Spike's `-l --log-commits --log=FILE` does.
///
/// An instruction has two lines: the one of `-l` with the disassembly (here in the words of this project's disassembler) and, once
/// it has retired, the commit line, byte for byte as Spike writes it:
/// ```
/// core   0: 0x0000000080000094 (0x00012427) mem 0x…
/// core   0: 3 0x000000008000001e (0x02a6) x5  0x0000000000002200
/// ```
/// Spike leaves the first line out when the instruction before was at the same pc; so does this.
public final class SpikeLog: RetireObserver {
  /// Registers must be seen right after each instruction.
  public var batchCapacity: Int { 1 }

  let file: BufferedFile
  let rows = InstructionTable.shared.rows
  private let disassembler: Disassembler
  /// Texts of words at addresses where they were met.
  private var texts: [UInt64: (word: UInt32, text: [UInt8])] = [:]
  /// Names to announce, by address.
  private var labels: [UInt64: [UInt8]] = [:]
  /// The address that the boot ROM jumps to; `nil` once that was written, and for Linux programs.
  private var bootEntry: UInt64?
  /// What the last `-l` line was about, and how often it ran since.
  private var last: (pc: UInt64, word: UInt32)?
  private var executions = 1
  /// State before the instruction in flight.
  var before: Before
  /// The trap that is about to be reported belongs to an instruction that was fetched.
  private var trapsInInstruction = false
  /// The vector load or store that trapped: what it did before has a line of its own.
  private var interrupted: (op: Op, runs: [MemoryRun])?
  /// v0 before the instruction in flight: the mask.
  var mask: [UInt8] = []
  /// What was written to vtype last, legal or not: Spike's words for the type come from that.
  var typeWritten = UInt64.max

  /// What a commit line compares with.
  struct Before {
    var privilege: UInt8
    var fs: UInt8
    var x: InlineArray<34, UInt64>
    var vector: VectorBefore

    init(_ hart: Hart) {
      privilege = hart.state.pointee.privilege
      fs = hart.state.pointee.fs
      x = hart.state.pointee.x
      vector = VectorBefore(hart)
    }
  }

  /// - Parameters:
  ///   - symbols: where they begin, a line says so.
  ///   - hart: the hart to be logged, at its first instruction. It keeps its CSR writes from now on.
  ///   - bootROM: whether to begin with the five instructions of Spike's boot ROM, which jump to the hart's pc.
  public init(_ file: BufferedFile, of hart: Hart, symbols: SymbolTable, bootROM: Bool) {
    self.file = file
    disassembler = Disassembler(isa: hart.isa, separator: .blank)
    // Of several names Spike takes the one that comes first in the order of bytes.
    for symbol in symbols.all {
      let name = Array(symbol.name.utf8)
      if let other = labels[symbol.address], other.lexicographicallyPrecedes(name) { continue }
      labels[symbol.address] = name
    }
    bootEntry = bootROM ? hart.pc : nil
    before = Before(hart)
    keepMask(hart)
    hart.logsCSRWrites = true
    hart.csrWrites = []
  }

  public func drain(_ batch: RetiredBatch, of hart: Hart) {
    for record in batch.records {
      boot()
      if record.flags.contains(.trapped) {
        trapsInInstruction = true
        if case .vl = batch.op(record).row { interrupted = (batch.op(record), Array(batch.memoryRuns)) }
        continue
      }
      let pc = batch.pc(record)
      let op = batch.op(record)
      let word = batch.word(record, in: hart.space)
      announce(pc, word)
      commit(op, pc, word, batch.memoryRuns, hart)
      before = Before(hart)
      if op.mayWriteVectors { keepMask(hart) }
    }
  }

  public func trapped(_ trap: Trap, on hart: Hart) {
    boot()
    if trapsInInstruction, trap.cause != .instructionAccess, trap.cause != .instructionPageFault,
      let word = hart.word(at: hart.pc)
    {
      announce(hart.pc, word)
      if trap.cause.isOfMemory, let (op, runs) = interrupted {
        runs.withUnsafeBufferPointer { commit(op, hart.pc, word, $0, hart) }
        keepMask(hart)
      }
    }
    interrupted = nil
    trapsInInstruction = false
    hart.csrWrites.removeAll(keepingCapacity: true)
    before = Before(hart)
    before.privilege = hart.modeHandling(trap)
    file.write("core   0: exception ")
    file.write(trap.cause.spikeName)
    file.write(", epc 0x")
    file.write(hex: hart.pc, digits: 16)
    if trap.cause.hasValue {
      file.write("\ncore   0:           tval 0x")
      file.write(hex: trap.tval, digits: 16)
    }
    file.write("\n")
  }

  /// The line of `-l`, with the label before it if there is one.
  private func announce(_ pc: UInt64, _ word: UInt32) {
    if let last, last.pc == pc, last.word == word {
      executions += 1
      return
    }
    if let name = labels[pc] {
      file.write("core   0: >>>>  ")
      file.write(name)
      file.write("\n")
    }
    if executions != 1 { file.write("core   0: Executed \(executions) times\n") }
    executions = 1
    last = (pc, word)
    file.write("core   0: 0x")
    file.write(hex: pc, digits: 16)
    file.write(" (0x")
    file.write(hex: UInt64(word), digits: 8)
    file.write(") ")
    file.write(text(pc, word))
    file.write("\n")
  }

  private func text(_ pc: UInt64, _ word: UInt32) -> [UInt8] {
    if let known = texts[pc], known.word == word { return known.text }
    let text = Array(disassembler.text(word, pc: pc).utf8)
    texts[pc] = (word, text)
    return text
  }

  /// What Spike's boot ROM does before the first instruction of the program.
  private func boot() {
    guard let entry = bootEntry else { return }
    bootEntry = nil
    let rom: [(pc: UInt64, word: UInt32, register: Int, value: UInt64, load: UInt64?)] = [
      (0x1000, 0x0000_0297, 5, 0x1000, nil), (0x1004, 0x0202_8593, 11, 0x1020, nil), (0x1008, 0xf140_2573, 10, 0, nil),
      (0x100c, 0x0182_b283, 5, entry, 0x1018), (0x1010, 0x0002_8067, 0, 0, nil),
    ]
    for step in rom {
      announce(step.pc, step.word)
      begin(privilege: 3, step.pc, step.word, length: 4)
      if step.register != 0 { write(register: step.register, file: "x", step.value) }
      if let address = step.load { write(access: address) }
      file.write("\n")
    }
  }
}

extension Trap.Cause {
  /// The name of Spike's class for it.
  var spikeName: StaticString {
    switch self {
    case .instructionMisaligned: "trap_instruction_address_misaligned"
    case .instructionAccess: "trap_instruction_access_fault"
    case .illegalInstruction: "trap_illegal_instruction"
    case .breakpoint: "trap_breakpoint"
    case .loadMisaligned: "trap_load_address_misaligned"
    case .loadAccess: "trap_load_access_fault"
    case .storeMisaligned: "trap_store_address_misaligned"
    case .storeAccess: "trap_store_access_fault"
    case .userCall: "trap_user_ecall"
    case .supervisorCall: "trap_supervisor_ecall"
    case .machineCall: "trap_machine_ecall"
    case .instructionPageFault: "trap_instruction_page_fault"
    case .loadPageFault: "trap_load_page_fault"
    case .storePageFault: "trap_store_page_fault"
    case .supervisorSoftwareInterrupt: "interrupt #1"
    case .machineSoftwareInterrupt: "interrupt #3"
    case .supervisorTimerInterrupt: "interrupt #5"
    case .machineTimerInterrupt: "interrupt #7"
    case .supervisorExternalInterrupt: "interrupt #9"
    case .machineExternalInterrupt: "interrupt #11"
    case .counterOverflowInterrupt: "interrupt #13"
    }
  }

  /// Of a load or store.
  var isOfMemory: Bool {
    switch self {
    case .loadAccess, .loadPageFault, .loadMisaligned, .storeAccess, .storePageFault, .storeMisaligned: true
    default: false
    }
  }

  /// Environment calls and interrupts have none.
  var hasValue: Bool {
    switch self {
    case .userCall, .supervisorCall, .machineCall: false
    default: !isInterrupt
    }
  }
}
