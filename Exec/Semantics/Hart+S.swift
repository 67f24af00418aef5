import RVDecoder
import RVFloat

/// What the loop does after a system instruction.
enum SystemResult {
  case next
  /// The pc was changed, or something that a loop holds in its hands: return and begin anew at `state.pc`.
  case leave
}

/// Fences, CSRs, calls and returns, cache blocks, may-be-operations. pc and count in the state are exact while these run.
extension Hart {
  /// Bytes of a cache block for cbo.zero and its kin, as on Spike.
  public static let cacheBlock: UInt64 = 64

  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: S, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) -> SystemResult {
    let x = state.x
    switch instruction {
    // One hart in program order: nothing to wait for. Stores to code take effect at once, fence.i has nothing to do.
    case .fence, .fence_tso, .pause, .fence_i: return .next

    case .ecall:
      switch state.pointee.privilege {
      case 0: throw Trap(.userCall)
      case 1: throw Trap(.supervisorCall)
      default: throw Trap(.machineCall)
      }
    case .ebreak: throw Trap(.breakpoint, state.pointee.pc)

    case .csrrw: return try accessCSR(op, writes: true) { _ in x[Int(op.rs1)] }
    case .csrrs: return try accessCSR(op, writes: op.rs1 != 0) { $0 | x[Int(op.rs1)] }
    case .csrrc: return try accessCSR(op, writes: op.rs1 != 0) { $0 & ~x[Int(op.rs1)] }
    case .csrrwi: return try accessCSR(op, writes: true) { _ in UInt64(op.rs1) }
    case .csrrsi: return try accessCSR(op, writes: op.rs1 != 0) { $0 | UInt64(op.rs1) }
    case .csrrci: return try accessCSR(op, writes: op.rs1 != 0) { $0 & ~UInt64(op.rs1) }

    case .mret:
      guard state.pointee.privilege == Mode.machine, !isUserMode else { throw Trap(.illegalInstruction) }
      returnFromMachine()
      return .leave
    case .sret:
      try requireSupervisor(unless: MStatus.tsr)
      returnFromSupervisor()
      return .leave
    case .wfi:
      try requireSupervisor(unless: MStatus.tw)
      if isInterruptPending { return .next }
      waitsForInterrupt = true
      throw .halt
    case .sfence_vma, .sinval_vma:
      try requireSupervisor(unless: MStatus.tvm)
      if op.rs1 == 0 { flushTranslations() } else { flushTranslations(of: x[Int(op.rs1)]) }
      // What follows may lie elsewhere now.
      state.pointee.pc &+= 4
      return .leave
    case .sfence_w_inval, .sfence_inval_ir: try requireSupervisor(unless: 0)

    case .cbo_clean, .cbo_flush:
      try requireEnvironment(0x40)
      try m.checkBlock(x[Int(op.rs1)])
    case .cbo_inval:
      try requireEnvironment(0x30)
      try m.checkBlock(x[Int(op.rs1)])
    case .cbo_zero:
      try requireEnvironment(0x80)
      let block = x[Int(op.rs1)] & ~(Self.cacheBlock - 1)
      // By words: memory protection may end inside of a block.
      for offset in stride(from: 0, to: Self.cacheBlock, by: 4) { try m.storeAndGoOn(block &+ offset, UInt32(0)) }
      watch.store(block, width: Int(Self.cacheBlock))
    case .prefetch_i, .prefetch_r, .prefetch_w: break

    case .mop_r_N, .mop_rr_N: x[Int(op.rd)] = 0
    }
    return .next
  }

  /// One CSR instruction. rd = x0 makes no difference but for the sink: no CSR here has effects when read, bar seed, which
  /// insists on being written.
  private func accessCSR(_ op: Op, writes: Bool, _ change: (UInt64) -> UInt64) throws(Trap) -> SystemResult {
    gatherFlags()
    let number = Int(op.imm)
    let old = try readCSR(number, writing: writes)
    guard writes else {
      state.x[Int(op.rd)] = old
      return .next
    }
    let translates = isTranslating
    // What a device drives of mip.SEIP is read, but not written back.
    let seip = Interrupt.supervisorExternal
    try writeCSR(number, change(number == CSR.mip ? old & ~seip | csr.mip & seip : old))
    state.x[Int(op.rd)] = old
    switch number {
    case CSR.frm, CSR.fcsr:
      rvf_set_rounding(UInt32(state.pointee.frm))
      return .next
    case CSR.misa:
      // Everything may have been decoded anew; flags of the host that this raised are not the guest's.
      _ = rvf_take_flags()
    case CSR.satp, CSR.menvcfg, CSR.mideleg, CSR.stimecmp, CSR.mie, CSR.sie, CSR.mip, CSR.sip: break
    case CSR.pmpcfg0...CSR.pmpcfg14, CSR.pmpaddr0...CSR.pmpaddr63: break
    // They are written often: a loop goes on unless it has to become another one, or an interrupt comes.
    case CSR.mstatus, CSR.sstatus:
      if isTranslating == translates, interrupt == nil { return .next }
    default: return .next
    }
    state.pointee.pc &+= 4
    return .leave
  }

  /// Illegal in U mode, and in S mode while a bit of mstatus says so.
  func requireSupervisor(unless bit: UInt64) throws(Trap) {
    let mode = state.pointee.privilege
    if isUserMode || mode == Mode.user || (mode == Mode.supervisor && csr.mstatus & bit != 0) { throw Trap(.illegalInstruction) }
  }

  private func returnFromMachine() {
    gatherFlags()
    let mpp = csr.mstatus >> 11 & 3
    state.pointee.pc = csr.mepc & ~UInt64(state.pointee.alignmentMask)
    var new = mstatus & ~(MStatus.mie | MStatus.mpp) | MStatus.mpie
    if csr.mstatus & MStatus.mpie != 0 { new |= MStatus.mie }
    if mpp != 3 { new &= ~MStatus.mprv }
    setMStatus(new)
    setPrivilege(UInt8(mpp))
    state.pointee.reservation = HartState.noReservation
  }

  private func returnFromSupervisor() {
    gatherFlags()
    let spp = UInt8(csr.mstatus >> 8 & 1)
    state.pointee.pc = csr.sepc & ~UInt64(state.pointee.alignmentMask)
    var new = mstatus & ~(MStatus.sie | MStatus.spp | MStatus.mprv) | MStatus.spie
    if csr.mstatus & MStatus.spie != 0 { new |= MStatus.sie }
    setMStatus(new)
    setPrivilege(spp)
    state.pointee.reservation = HartState.noReservation
  }

  /// menvcfg guards cache-block instructions below M mode, senvcfg those in U mode.
  private func requireEnvironment(_ mask: UInt64) throws(Trap) {
    if isUserMode || state.pointee.privilege == Mode.machine { return }
    if csr.menvcfg & mask == 0 { throw Trap(.illegalInstruction) }
    if state.pointee.privilege == Mode.user, csr.senvcfg & mask == 0 { throw Trap(.illegalInstruction) }
  }
}
