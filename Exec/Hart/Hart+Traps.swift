/// What the hart does by itself when it traps. Privileged ISA, "Trap-Handler Base-Address Registers" and "Delegation Registers".
extension Hart {
  /// Where a trap leads to.
  struct TrapTarget: Equatable {
    var mode: UInt8
    var pc: UInt64
  }

  /// The handler of a trap that would be raised now.
  func target(of trap: Trap) -> TrapTarget {
    let delegated = trap.cause.isInterrupt ? csr.mideleg : csr.medeleg
    let mode = state.pointee.privilege != Mode.machine && delegated >> trap.cause.number & 1 != 0 ? Mode.supervisor : Mode.machine
    let vector = mode == Mode.machine ? csr.mtvec : csr.stvec
    let isVectored = vector & 1 != 0 && trap.cause.isInterrupt
    return TrapTarget(mode: mode, pc: vector & ~3 &+ (isVectored ? 4 * trap.cause.number : 0))
  }

  /// The mode that a trap would be handled in: 1 S, 3 M.
  public func modeHandling(_ trap: Trap) -> UInt8 { target(of: trap).mode }

  /// Takes a trap.
  /// - Parameter trap: what happened at the current pc.
  public func takeTrap(_ trap: Trap) {
    let target = target(of: trap)
    let old = UInt64(state.pointee.privilege)
    if target.mode == Mode.machine {
      csr.mepc = pc
      csr.mcause = trap.cause.code
      csr.mtval = trap.tval
      let mpie = csr.mstatus & MStatus.mie != 0 ? MStatus.mpie : 0
      csr.mstatus = csr.mstatus & ~(MStatus.mie | MStatus.mpie | MStatus.mpp) | mpie | old << 11
    } else {
      csr.sepc = pc
      csr.scause = trap.cause.code
      csr.stval = trap.tval
      let spie = csr.mstatus & MStatus.sie != 0 ? MStatus.spie : 0
      csr.mstatus = csr.mstatus & ~(MStatus.sie | MStatus.spie | MStatus.spp) | spie | old << 8
    }
    state.pointee.reservation = HartState.noReservation
    pc = target.pc
    setPrivilege(target.mode)
  }

  /// Why a trap can never be dealt with; `nil` when it can: its handler can be fetched, and is not what traps.
  func whyUnhandled(_ trap: Trap, sameInstructionCount: Bool) -> String? {
    let target = target(of: trap)
    guard let fault = fault(fetching: target) else {
      // A handler that traps at its first instruction does so for ever. With MPRV what it may do changes once, with the first trap.
      let isItself = target.pc == pc && target.mode == state.pointee.privilege && !trap.cause.isInterrupt
      return isItself && (sameInstructionCount || csr.mstatus & MStatus.mprv == 0) ? "the trap handler's first instruction traps" : nil
    }
    if target.mode == Mode.supervisor, csr.medeleg >> fault.number & 1 == 0 {
      // The fault is machine mode's.
      guard let fault = self.fault(fetching: TrapTarget(mode: Mode.machine, pc: csr.mtvec & ~3)) else { return nil }
      return words(fault, TrapTarget(mode: Mode.machine, pc: csr.mtvec & ~3))
    }
    return words(fault, target)
  }

  private func words(_ fault: Trap.Cause, _ target: TrapTarget) -> String {
    let place = target.mode == Mode.supervisor ? "supervisor trap handler" : "trap handler"
    if target.pc == 0 { return "no \(place) is set" }
    let address = "0x" + String(target.pc, radix: 16)
    if fault == .instructionPageFault { return "the \(place) at \(address) is not mapped" }
    let isThere = physicalAddress(of: target.pc, mode: target.mode).map { space.rights(at: $0).contains(.execute) } ?? false
    return "the \(place) at \(address) is \(isThere ? "protected" : "not in memory")"
  }

  /// What fetching a handler would raise, found out without a trace in the page tables.
  private func fault(fetching target: TrapTarget) -> Trap.Cause? {
    guard let place = physicalAddress(of: target.pc, mode: target.mode, for: .fetch) else { return .instructionPageFault }
    guard csr.pmp.allows(place, length: 2, .fetch, target.mode), space.rights(at: place).contains(.execute) else {
      return .instructionAccess
    }
    return nil
  }
}
