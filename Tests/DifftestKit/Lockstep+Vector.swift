import RVDecoder
import RVExec

/// Vector state: compared after each vector instruction, register by register, and counted.
extension Lockstep {
  /// Spike's vector state as its log tells it.
  struct VectorState {
    var registers: [UInt8] = []
    var vl: UInt64 = 0
    var vtype: UInt64 = 1 << 63
    var vstart: UInt64 = 0
    var vxsat: UInt64 = 0
    var vxrm: UInt64 = 0

    init(_ hart: Hart) { registers = Array(repeating: 0, count: 32 * Int(hart.state.pointee.vlenb)) }

    /// Takes a CSR write over.
    mutating func write(_ number: Int, _ value: UInt64) {
      switch number {
      case 8: vstart = value
      case 9: vxsat = value
      case 10: vxrm = value
      case 0xc20: vl = value
      case 0xc21: vtype = value
      default: break
      }
    }
  }

  func vectorDifference(_ step: Step, _ entry: CommitLog.Entry, _ log: CommitLog) -> String? {
    let state = hart.state.pointee
    guard let vectors = state.vectors else { return nil }
    let vlenb = Int(state.vlenb)
    vector.registers.withUnsafeMutableBufferPointer { registers in
      guard let base = registers.baseAddress else { return }
      for write in entry.v where write.digits.count == 2 * vlenb { log.copy(write.digits, to: base + write.number * vlenb) }
    }
    guard step.row.map({ VectorCells.isVector($0) || $0.work == .csr }) == true else { return nil }
    if vector.vl != state.vl { return "vl" }
    if vector.vtype != state.vtype.bits { return "vtype" }
    if vector.vstart != state.vstart { return "vstart" }
    if vector.vxsat != UInt64(state.vxsat) { return "vxsat" }
    if vector.vxrm != UInt64(state.vxrm) { return "vxrm" }
    let ours = UnsafeRawBufferPointer(start: vectors, count: 32 * vlenb)
    let same = vector.registers.withUnsafeBytes { theirs in
      stride(from: 0, to: theirs.count, by: 8).allSatisfy {
        ours.load(fromByteOffset: $0, as: UInt64.self) == theirs.load(fromByteOffset: $0, as: UInt64.self)
      }
    }
    if same { return nil }
    let at = (0..<ours.count).first { ours[$0] != vector.registers[$0] } ?? 0
    let words = (
      Self.text(vector.registers[at / vlenb * vlenb..<at / vlenb * vlenb + vlenb]),
      Self.text(ours[at / vlenb * vlenb..<at / vlenb * vlenb + vlenb])
    )
    return
      "v\(at / vlenb), byte \(at % vlenb): \(words.0) on Spike, \(words.1) here, vtype \(String(state.vtype.bits, radix: 16)), vl \(state.vl)"
  }

  private static func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    bytes.suffix(64).reversed().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Accesses in order, and what stores have left.
  func elementDifference(_ step: Step, _ entry: CommitLog.Entry) -> String? {
    var addresses: [UInt64] = []
    for run in batch.memoryRuns {
      for index in 0..<Int64(run.count) { addresses.append(run.address &+ UInt64(bitPattern: run.stride &* index)) }
    }
    let theirs = entry.stores.isEmpty ? entry.loads : entry.stores.map(\.address)
    if theirs != addresses { return "addresses of elements: \(theirs.count) on Spike, \(addresses.count) here" }
    // What a later store covers is not there any more; the one that faulted may have reached the end of memory.
    var covered = step.isInterrupted ? Set(Layout.end - 8..<Layout.end) : []
    for store in entry.stores.reversed() {
      guard let bytes = hart.peek(store.address, count: store.width) else { return "store out of memory" }
      for (index, byte) in bytes.enumerated() where covered.insert(store.address &+ UInt64(index)).inserted {
        if byte != UInt8(truncatingIfNeeded: store.value >> UInt64(8 * index)) {
          return "stored value at \(Divergence.hex(store.address, 16))"
        }
      }
    }
    return nil
  }

  // MARK: Counting

  /// A vector instruction before it runs.
  struct VectorView {
    var row: RowInfo
    var op: Op
    var type: VectorType
    var vl: UInt64
    var vlmax: Int
    var vstart: UInt64
    /// Indices of ``VectorCoverage/Section/numbers``.
    var numbers: Set<Int> = []
    var reason: VectorReserved?

    /// The cell's place among those of the row; the type is not vill.
    var cell: Int { VectorCell.index(type.sew, type.lmul, op.aux & 1 == 0) }
  }

  func vectorView(_ step: Step) -> VectorView? {
    guard let row = step.row, coverage.vector?.has(Int(row.id)) == true else { return nil }
    let state = hart.state.pointee
    var view = VectorView(
      row: row, op: step.op, type: state.vtype, vl: state.vl, vlmax: state.vtype.vlmax(vlenb: Int(state.vlenb)),
      vstart: state.vstart)
    if VectorCoverage.takesNumbers(row), !state.vtype.isIllegal, state.frm < 5 { view.numbers = numbers(view) }
    view.reason = reason(view)
    return view
  }

  /// Why the instruction is reserved, if it is.
  private func reason(_ view: VectorView) -> VectorReserved? {
    let state = hart.state.pointee
    let row = view.row
    if state.vs == 0 { return .off }
    let isWhole = VectorOperands.shared[Int(row.id)].whole != 0
    var isAccess = false
    if case .vl = row.row { isAccess = true }
    if isWhole, isAccess { return nil }
    if view.type.isIllegal { return .type }
    if view.vstart != 0, !isAccess { return .start }
    let vlenb = Int(state.vlenb)
    if let reason = VectorReserved.reason(row, view.op, view.type, isa: hart.isa, elen: Int(state.elen), vlenb: vlenb) {
      return reason
    }
    if VectorCells.isFloat(row), state.frm > 4 { return .rounding }
    return view.vl % UInt64(VectorCells.groupSize(row)) != 0 ? .group : nil
  }

  /// Classes of the numbers in the first active elements.
  private func numbers(_ view: VectorView) -> Set<Int> {
    let state = hart.state.pointee
    let operands = VectorOperands.shared[Int(view.row.id)]
    guard let vectors = state.vectors else { return [] }
    func element(_ operand: VectorOperands.Operand, _ number: UInt8, _ index: Int) -> Int? {
      guard operand.isPresent, let (_, eew) = operand.size(view.type, elen: 3),
        let format = Generator.format(view.row, width: eew)
      else { return nil }
      let place = Int(number) * Int(state.vlenb) + (operand.width == VectorOperands.Operand.element ? 0 : index << eew)
      guard place + 1 << eew <= 32 * Int(state.vlenb) else { return nil }
      let bits = (0..<1 << eew).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64(vectors.load(fromByteOffset: place + $1, as: UInt8.self))
      }
      return VectorNumber.index(format.boxed(bits), format)
    }
    var scalar: Int?
    if operands.source == .f, let format = Generator.format(view.row, width: view.type.sew) {
      scalar = VectorNumber.index(hart[f: Int(view.op.rs1)], format)
    }
    var cells = Set<Int>()
    for index in 0..<Int(min(view.vl, 24)) {
      if view.op.aux & 1 == 0, vectors.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1 == 0 { continue }
      let a = element(operands.vs2, view.op.rs2, index) ?? 0
      let b = scalar ?? element(operands.vs1, view.op.rs1, index) ?? 0
      cells.insert((b * VectorNumber.count + a) * 5 + Int(state.frm))
    }
    return cells
  }

  func count(_ view: VectorView, _ stop: Stop) {
    let id = Int(view.row.id)
    if case .trap(let trap) = stop {
      let isReserved = trap.cause == .illegalInstruction
      coverage.vector?.count(reserved: isReserved)
      guard view.row.work != .vset else { return }
      let reason = isReserved ? view.reason : nil
      if let reason { coverage.vector?.fill(id, .reserved, reason.rawValue) }
      if view.vstart != 0, reason == .start || !isReserved, !view.type.isIllegal {
        coverage.vector?.fill(id, .starts, view.cell * 2 + 1)
      }
      guard case .vl = view.row.row, trap.cause != .illegalInstruction else { return }
      return countFault(view, at: Int(hart.state.pointee.vstart))
    }
    coverage.vector?.count(reserved: false)
    guard view.row.work != .vset else { return }
    let operands = VectorOperands.shared[id]
    if view.type.isIllegal { return }
    let cell = view.cell
    coverage.vector?.fill(id, .cells, cell)
    coverage.vector?.fill(id, .lengths, cell * 4 + (view.vl == 0 ? 0 : view.vl == view.vlmax ? 3 : view.vl == 1 ? 1 : 2))
    if view.vl == 1, view.vlmax == 1 { coverage.vector?.fill(id, .lengths, cell * 4 + 1) }
    coverage.vector?.fill(id, .policies, cell * 4 + Int(view.type.bits >> 6 & 3))
    coverage.vector?.fill(id, .starts, cell * 2 + (view.vstart == 0 ? 0 : 1))
    if operands.hasFields, view.op.imm > 0 { coverage.vector?.fill(id, .fields, Int(view.op.imm) - 1) }
    if operands.writes, let target = registers(operands.vd, view.op.rd, view, operands) {
      if let source = registers(operands.vs2, view.op.rs2, view, operands), source.overlaps(target) {
        coverage.vector?.fill(id, .overlaps, 0)
      }
      if let source = registers(operands.vs1, view.op.rs1, view, operands), source.overlaps(target) {
        coverage.vector?.fill(id, .overlaps, 1)
      }
    }
    for cell in view.numbers { coverage.vector?.fill(id, .numbers, cell) }
    // A fault-only-first load that fell short.
    if hart.state.pointee.vl < view.vl { countFault(view, at: Int(hart.state.pointee.vl)) }
  }

  private func countFault(_ view: VectorView, at index: Int) {
    let operands = VectorOperands.shared[Int(view.row.id)]
    var count = Int(view.vl)
    if operands.vd.width == VectorOperands.Operand.bit { count = (count + 7) / 8 }
    if operands.whole != 0 { count = VectorCoverage.wholeElements(view.row, vlenb: Int(hart.state.pointee.vlenb)) }
    coverage.vector?.fill(Int(view.row.id), .faults, index == 0 ? 0 : index == count - 1 ? 2 : 1)
  }

  private func registers(_ operand: VectorOperands.Operand, _ number: UInt8, _ view: VectorView, _ operands: VectorOperands)
    -> Range<Int>?
  {
    guard operand.isPresent else { return nil }
    if operands.whole != 0 { return Int(number)..<Int(number) + Int(operands.whole) }
    guard let (emul, _) = operand.size(view.type, elen: 3) else { return nil }
    return Int(number)..<Int(number) + (operand.width < -1 ? 1 : 1 << max(emul, 0))
  }
}
