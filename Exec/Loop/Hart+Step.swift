import RVDecoder

/// What the loop does not do itself: the other families, and the engine's own steps.
extension Hart {
  /// Executes one op that is not ``Op/fast``, or could not be. ``HartState/retired`` is exact before and after.
  /// - Returns: where to go on; `nil` when the loop has to return, `state.pc` then says where.
  @inline(never)
  func step<M: GuestMemory, W: Watch>(_ op: OpPointer, _ m: M, _ watch: inout W) throws(Trap) -> OpPointer? {
    let s = m.state
    switch op.pointee.row {
    // The loop's own.
    case .core: break
    case .h(let instruction):
      if s.pointee.fs == 0 { throw Trap(.illegalInstruction) }
      try execute(instruction, op.pointee, m, &watch)
    case .a(let instruction): try execute(instruction, op.pointee, m, &watch)
    case .k(let instruction): execute(instruction, op.pointee)
    case .s(let instruction):
      s.pointee.pc = op.pc
      if case .leave = try execute(instruction, op.pointee, m, &watch) { return leave(op, &watch) }
    case .v(let instruction): try filling(op.pointee) { () throws(Trap) in try execute(instruction, op.pointee) }
    case .vp(let instruction): try filling(op.pointee) { () throws(Trap) in try execute(instruction, op.pointee) }
    case .vl(let instruction): try filling(op.pointee) { () throws(Trap) in try execute(instruction, op.pointee, m, &watch) }
    case .vf(let instruction):
      try filling(op.pointee) { () throws(Trap) in try keepingFloatState { () throws(Trap) in try execute(instruction, op.pointee) } }
    case .vk(let instruction): try filling(op.pointee) { () throws(Trap) in try execute(instruction, op.pointee) }
    case .matrixV06(let instruction): try execute(instruction, op.pointee, m, &watch)
    case .matrixV03(let instruction): try execute(instruction, op.pointee, m, &watch)
    case .th(let instruction):
      s.pointee.pc = op.pc
      if case .leave = try execute(instruction, op.pointee, m, &watch) { return leave(op, &watch) }
    case .smt(let instruction): try execute(instruction, op.pointee)
    case .engine(let step):
      switch step {
      case .leave:
        let target = op.page.pointee.address &+ UInt64(bitPattern: Int64(op.pointee.imm))
        // With the look at taken branches this bounds what runs between two looks at the deadline to a page.
        if s.pointee.retired >= s.pointee.deadline {
          s.pointee.pc = target
          return nil
        }
        return try find(target, watch)
      case .hop: return op + Int(op.pointee.imm)
      case .stale:
        if watch.holdsRecords { throw drain(at: op.pc) }
        let pc = op.pc
        if let fresh = try code.refresh(op) { return fresh }
        return try resolve(pc)
      case .straddle:
        let pc = op.pc
        let word = try straddlingWord(op)
        if watch.holdsRecords, code.hasChanged(straddling: op, word: word) { throw drain(at: pc) }
        if let next = code.straddle(op, word: word) { return next }
        return try resolve(pc)
      case .misaligned:
        if branches(op.pointee) { throw Trap(.instructionMisaligned, op.pc &+ UInt64(bitPattern: Int64(op.pointee.imm))) }
      default: throw Trap(.illegalInstruction)
      }
    }
    s.pointee.retired &+= 1
    if watch.retired(op, taken: false) || s.pointee.attention != 0 {
      s.pointee.pc = position(of: op + 1)
      return nil
    }
    return op + 1
  }

  /// Behind an instruction that has set the pc; what the loop has in its hands may be out of date.
  @inline(__always)
  private func leave<W: Watch>(_ op: OpPointer, _ watch: inout W) -> OpPointer? {
    state.pointee.retired &+= 1
    _ = watch.retired(op, taken: true)
    return nil
  }

  /// The op of `pc`, which may be anywhere. The instruction before has retired: a fault of the fetch belongs to `pc`.
  @inline(__always)
  func find<W: Watch>(_ pc: UInt64, _ watch: W) throws(Trap) -> OpPointer {
    let entry = state.jumps + JumpEntry.index(pc)
    if _fastPath(entry.pointee.pc == pc) { return entry.pointee.op.unsafelyUnwrapped }
    return try findSlowly(pc, holdsRecords: watch.holdsRecords)
  }

  @inline(never)
  private func findSlowly(_ pc: UInt64, holdsRecords: Bool) throws(Trap) -> OpPointer {
    state.pointee.pc = pc
    if holdsRecords, forgets(toResolve: pc) { throw drain(at: pc) }
    do throws(Trap) { return try resolve(pc) } catch { throw error.at(.pc) }
  }

  /// Thrown before ops are overwritten that the batch names: the loop returns, and begins anew at `pc` with an empty batch.
  private func drain(at pc: UInt64) -> Trap {
    state.pointee.pc = pc
    return Trap(.breakpoint).at(.drain)
  }

  /// Guest address at which execution goes on when it is to go on at `op`.
  func position(of op: OpPointer) -> UInt64 {
    switch op.pointee.row {
    case .engine(.leave): op.page.pointee.address &+ UInt64(bitPattern: Int64(op.pointee.imm))
    case .engine(.hop): position(of: op + Int(op.pointee.imm))
    default: op.pc
    }
  }

  /// Whether the branch (or jal) behind a ``EngineStep/misaligned`` step is taken.
  @inline(never)
  func branches(_ step: Op) -> Bool {
    let a = state.x[Int(step.rs1)]
    let b = state.x[Int(step.rs2)]
    switch Core(branchCode: step.aux) {
    case .beq: return a == b
    case .bne: return a != b
    case .blt: return Int64(bitPattern: a) < Int64(bitPattern: b)
    case .bge: return Int64(bitPattern: a) >= Int64(bitPattern: b)
    case .bltu: return a < b
    case .bgeu: return a >= b
    default: return true
    }
  }
}
