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
      guard state.pointee.privilege == 3, !isUserMode else { throw Trap(.illegalInstruction) }
      returnFromMachine()
      return .leave
    case .wfi:
      if isUserMode || (state.pointee.privilege != 3 && csr.mstatus & MStatus.tw != 0) { throw Trap(.illegalInstruction) }
      if isInterruptPending { return .next }
      waitsForInterrupt = true
      throw .halt
    // No S mode on this machine.
    case .sret, .sfence_vma, .sinval_vma, .sfence_w_inval, .sfence_inval_ir: throw Trap(.illegalInstruction)

    case .cbo_clean, .cbo_flush: try manageBlock(x[Int(op.rs1)], enable: 0x40)
    case .cbo_inval: try manageBlock(x[Int(op.rs1)], enable: 0x30)
    case .cbo_zero:
      try requireEnvironment(0x80)
      let block = x[Int(op.rs1)] & ~(Self.cacheBlock - 1)
      try checkBlock(block, x[Int(op.rs1)])
      for offset in stride(from: 0, to: Self.cacheBlock, by: 8) { try m.storeAndGoOn(block &+ offset, UInt64(0)) }
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
    try writeCSR(number, change(old))
    state.x[Int(op.rd)] = old
    switch number {
    case CSR.frm, CSR.fcsr: rvf_set_rounding(UInt32(state.pointee.frm))
    case CSR.mstatus, CSR.mie, CSR.mip:
      // An interrupt may come before the next instruction.
      state.pointee.pc &+= 4
      return .leave
    case CSR.misa:
      // Everything may have been decoded anew; flags of the host that this raised are not the guest's.
      _ = rvf_take_flags()
      state.pointee.pc &+= 4
      return .leave
    default: break
    }
    return .next
  }

  private func returnFromMachine() {
    gatherFlags()
    let mpp = csr.mstatus >> 11 & 3
    state.pointee.pc = csr.mepc & ~UInt64(state.pointee.alignmentMask)
    var new = mstatus & ~(MStatus.mie | MStatus.mpp) | MStatus.mpie
    if csr.mstatus & MStatus.mpie != 0 { new |= MStatus.mie }
    if mpp != 3 { new &= ~MStatus.mprv }
    setMStatus(new)
    state.pointee.privilege = UInt8(mpp)
    state.pointee.reservation = HartState.noReservation
  }

  /// menvcfg guards cache-block instructions below M mode.
  private func requireEnvironment(_ mask: UInt64) throws(Trap) {
    if isUserMode || state.pointee.privilege == 3 { return }
    if csr.menvcfg & mask == 0 { throw Trap(.illegalInstruction) }
  }

  private func manageBlock(_ address: UInt64, enable: UInt64) throws(Trap) {
    try requireEnvironment(enable)
    guard space.rights(at: address).contains(.read) || space.rights(at: address).contains(.write) else {
      throw Trap(space.faultsAreAccessFaults ? .storeAccess : .storePageFault, address)
    }
  }

  private func checkBlock(_ block: UInt64, _ address: UInt64) throws(Trap) {
    guard space.rights(at: block).contains(.write) else {
      throw Trap(space.faultsAreAccessFaults ? .storeAccess : .storePageFault, address)
    }
  }

  /// Takes an exception in machine mode: what the hart does by itself (privileged ISA, "Trap-Handler").
  /// - Parameter trap: what happened at the current pc.
  public func takeTrap(_ trap: Trap) {
    let s = state
    csr.mepc = s.pointee.pc
    csr.mcause = trap.cause.code
    csr.mtval = trap.tval
    let mpie = csr.mstatus & MStatus.mie != 0 ? MStatus.mpie : 0
    csr.mstatus = csr.mstatus & ~(MStatus.mie | MStatus.mpie | MStatus.mpp) | mpie | UInt64(s.pointee.privilege) << 11
    s.pointee.privilege = 3
    s.pointee.reservation = HartState.noReservation
    s.pointee.pc = csr.mtvec & ~3 &+ (trap.cause.isInterrupt && csr.mtvec & 1 != 0 ? 4 * trap.cause.number : 0)
  }
}
