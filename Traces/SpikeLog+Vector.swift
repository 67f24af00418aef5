import RVDecoder
import RVExec

/// What commit lines of vector instructions have besides.
///
/// Spike names each register of which it has set an element, so active elements decide; `vstart`, which it sets as it goes; and, for a
/// load or store that faults, what was done before the fault.
extension SpikeLog {
  /// Vector state before the instruction in flight, but for the mask.
  struct VectorBefore {
    var vs: UInt8
    var vl: UInt64
    var vstart: UInt64
    var type: UInt64

    init(_ hart: Hart) {
      let state = hart.state.pointee
      vs = state.vs
      vl = state.vl
      vstart = state.vstart
      type = state.vtype.bits
    }
  }

  /// What a vector instruction did, as far as Spike says.
  struct VectorEffects {
    /// Bit n: vn.
    var registers: UInt32 = 0
    /// The line has vtype and vl.
    var showsType = false
    var csrs: [CSRWrite] = []
  }

  func keepMask(_ hart: Hart) {
    guard let vectors = hart.state.pointee.vectors else { return }
    mask = Array(UnsafeRawBufferPointer(start: vectors, count: Int(hart.state.pointee.vlenb)))
  }

  func vectorEffects(_ op: Op, _ row: RowInfo, _ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart) -> VectorEffects {
    guard op.isVector else { return VectorEffects() }
    var effects = VectorEffects(csrs: [CSRWrite(number: 8, value: hart.state.pointee.vstart)])
    if row.work == .vset {
      effects.csrs += configuration(op, row, hart)
      return effects
    }
    effects.showsType = true
    let vl = hart.state.pointee.vl
    // A fault behind the first element.
    if vl != before.vector.vl { effects.csrs.append(CSRWrite(number: 0xc20, value: vl)) }
    guard VectorOperands.shared[Int(op.id)].writes else { return effects }
    if case .vl = row.row {
      walk(op, row, runs, hart) { effects.registers |= 1 << UInt32($0.register) }
    } else {
      effects.registers = written(op, row, hart)
    }
    return effects
  }

  /// vtype where the instruction asked for another one, and vl unless it was kept.
  private func configuration(_ op: Op, _ row: RowInfo, _ hart: Hart) -> [CSRWrite] {
    let state = hart.state.pointee
    var writes: [CSRWrite] = []
    let wanted = row.row == .v(.vsetvl) ? before.x[Int(op.rs2)] : UInt64(UInt32(bitPattern: op.imm))
    if wanted != before.vector.type {
      typeWritten = wanted
      writes.append(CSRWrite(number: 0xc21, value: state.vtype.bits))
    }
    let keeps = row.row != .v(.vsetivli) && op.rs1 == 0 && op.rd == Op.sink
    if !keeps || state.vtype.isIllegal { writes.append(CSRWrite(number: 0xc20, value: state.vl)) }
    return writes
  }

  // MARK: Registers

  /// The registers that an instruction which is no load has set elements of.
  private func written(_ op: Op, _ row: RowInfo, _ hart: Hart) -> UInt32 {
    let state = hart.state.pointee
    let operands = VectorOperands.shared[Int(op.id)]
    let vl = Int(state.vl)
    let rd = UInt32(op.rd)
    if row.uses.contains(where: { $0.slot == .rd && $0.shape == .pair }) { return 3 << rd }
    // A register is not moved to itself.
    if operands.whole != 0 { return op.rd == op.rs2 ? 0 : (1 << UInt32(operands.whole) - 1) << rd }
    guard vl > 0, let (_, eew) = operands.vd.size(state.vtype, elen: Int(state.elen)) else { return 0 }
    let all = op.aux & 1 != 0 || operands.readsCarries
    if operands.vd.width == VectorOperands.Operand.element { return 1 << rd }
    if operands.vd.width == VectorOperands.Operand.bit { return all || (0..<vl).contains(where: isActive) ? 1 << rd : 0 }
    var elements = 0..<vl
    switch row.row {
    case .vp(.vslideup_vx): elements = Int(min(hart[x: Int(op.rs1)], state.vl))..<vl
    case .vp(.vslideup_vi): elements = min(Int(op.imm), vl)..<vl
    case .vp(.vcompress_vm):
      guard let vs1 = state.vectors.map({ $0 + Int(op.rs1) * Int(state.vlenb) }) else { return 0 }
      elements = 0..<elements.count { vs1.load(fromByteOffset: $0 >> 3, as: UInt8.self) >> UInt8($0 & 7) & 1 != 0 }
    default: break
    }
    var registers: UInt32 = 0
    for index in elements where all || isActive(index) {
      registers |= 1 << (rd + UInt32((index << eew) / Int(state.vlenb)))
      // Widening integers, Spike touches the element of SEW bits with that number, too.
      if operands.vd.delta == 1, row.family != "VF" { registers |= 1 << (rd + UInt32((index << (eew - 1)) / Int(state.vlenb))) }
    }
    return registers
  }

  private func isActive(_ index: Int) -> Bool { mask[index >> 3] >> UInt8(index & 7) & 1 != 0 }

  // MARK: Loads and stores

  /// One element of a load or store.
  struct ElementAccess {
    var address: UInt64
    /// The register that holds it, and where in the register.
    var register: Int
    var offset: Int
    var width: Int
  }

  /// Goes through the accesses that were done, in order.
  private func walk(
    _ op: Op, _ row: RowInfo, _ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart, _ body: (ElementAccess) -> Void
  ) {
    let state = hart.state.pointee
    let operands = VectorOperands.shared[Int(op.id)]
    let vlenb = Int(state.vlenb)
    let fields = operands.hasFields ? Int(op.imm) + 1 : 1
    var index = Int(before.vector.vstart)
    var field = 0
    for run in runs {
      let width = Int(run.width)
      let spacing = vlenb << max(0, width.trailingZeroBitCount - state.vtype.sew + state.vtype.lmul)
      for count in 0..<Int64(run.count) {
        if field == 0, op.aux & 1 == 0 { while !isActive(index) { index += 1 } }
        let place = field * spacing + index * width
        let address = run.address &+ UInt64(bitPattern: run.stride &* count)
        body(ElementAccess(address: address, register: Int(op.rd) + place / vlenb, offset: place % vlenb, width: width))
        field += 1
        if field == fields {
          field = 0
          index += 1
        }
      }
    }
  }

  /// ` mem 0x…` for each element; a store's with what the register holds.
  func writeElements(_ op: Op, _ row: RowInfo, _ runs: UnsafeBufferPointer<MemoryRun>, _ hart: Hart) {
    guard let vectors = hart.state.pointee.vectors else { return }
    let vlenb = Int(hart.state.pointee.vlenb)
    let isLoad = VectorOperands.shared[Int(op.id)].writes
    walk(op, row, runs, hart) { access in
      if isLoad { return write(access: access.address) }
      let bytes = UnsafeRawBufferPointer(start: vectors + access.register * vlenb + access.offset, count: access.width)
      write(store: access.address, bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }, width: access.width)
    }
  }

  // MARK: Words

  /// ` e32 m1 l8`.
  func writeVectorType(_ hart: Hart) {
    let lmul = Int(typeWritten & 7 ^ 4) - 4
    file.write(" e\(8 << (typeWritten >> 3 & 7)) \(lmul < 0 ? "mf" : "m")\(1 << abs(lmul)) l\(hart.state.pointee.vl)")
  }

  /// ` v5  0x…`, from the last byte to the first.
  func write(vector number: Int, _ hart: Hart) {
    guard let vectors = hart.state.pointee.vectors else { return }
    file.write(number < 10 ? " v\(number)  0x" : " v\(number) 0x")
    let vlenb = Int(hart.state.pointee.vlenb)
    for word in (0..<vlenb / 8).reversed() {
      file.write(hex: UInt64(littleEndian: vectors.load(fromByteOffset: number * vlenb + word * 8, as: UInt64.self)), digits: 16)
    }
  }
}

extension Op {
  var isVector: Bool {
    switch row {
    case .v, .vp, .vf, .vl, .vk, .smt: true
    default: false
    }
  }

  /// A vector instruction, or one behind which somebody else may have acted.
  var mayWriteVectors: Bool {
    if case .s = row { return true }
    return isVector
  }
}
