import RVDecoder

/// CSRs of S mode, and those of M mode that are there for its sake. Privileged ISA, chapters "Supervisor-Level ISA", "Smstateen", "Sstc",
/// "Sscofpmf".
extension Hart {
  /// Checks beyond the privilege that a number itself asks for.
  func requireSupervisorCSR(_ number: Int) throws(Trap) {
    let isMachine = state.pointee.privilege == Mode.machine
    switch number {
    case CSR.satp: if !isMachine, csr.mstatus & MStatus.tvm != 0 { throw Trap(.illegalInstruction) }
    case CSR.stimecmp:
      if !isMachine, !hasSupervisorTimer || csr.mcounteren & 2 == 0 { throw Trap(.illegalInstruction) }
    case CSR.senvcfg:
      if !isMachine, isa.contains(.smstateen), csr.mstateen[0] & StateEnable.environment == 0 { throw Trap(.illegalInstruction) }
    case CSR.sstateen0...CSR.sstateen3:
      if !isMachine, csr.mstateen[number - CSR.sstateen0] & StateEnable.stateEnable == 0 { throw Trap(.illegalInstruction) }
    default: break
    }
  }

  /// The value of a CSR; `nil` when there is none.
  func supervisorValue(ofCSR number: Int) -> UInt64? {
    switch number {
    case CSR.sstatus: return mstatus & (supervisorStatus | MStatus.fs | MStatus.vs | MStatus.ms | MStatus.uxl64 | MStatus.sd)
    case CSR.sie: return csr.mie & csr.mideleg
    case CSR.sip: return mip & csr.mideleg
    case CSR.stvec: return csr.stvec
    case CSR.scounteren: return csr.scounteren
    case CSR.senvcfg: return csr.senvcfg
    case CSR.sstateen0 where isa.contains(.smstateen): return csr.sstateen0 & csr.mstateen[0]
    case CSR.sstateen0...CSR.sstateen3 where isa.contains(.smstateen): return 0
    case CSR.sscratch: return csr.sscratch
    case CSR.sepc: return csr.sepc & ~UInt64(state.pointee.alignmentMask)
    case CSR.scause: return csr.scause
    case CSR.stval: return csr.stval
    case CSR.stimecmp where isa.contains(.sstc): return csr.stimecmp
    case CSR.satp: return csr.satp
    case CSR.scontext: return csr.scontext
    case CSR.medeleg: return csr.medeleg
    case CSR.mideleg: return csr.mideleg
    case CSR.mstateen0...CSR.mstateen3 where isa.contains(.smstateen): return csr.mstateen[number - CSR.mstateen0]
    case CSR.scountovf where isa.contains(.sscofpmf): return overflows
    default: return nil
    }
  }

  /// Writes what exists and may be written; what is constant stays as it is.
  func writeSupervisorCSR(_ number: Int, _ value: UInt64) {
    switch number {
    case CSR.sstatus:
      let mask = supervisorStatus | MStatus.fs | (unit == nil ? 0 : MStatus.ms)
      return setMStatus(mstatus & ~mask | value & mask)
    case CSR.sie:
      csr.mie = csr.mie & ~csr.mideleg | value & csr.mideleg
      log(CSR.mie, csr.mie)
    case CSR.sip:
      let mask = csr.mideleg & (Interrupt.supervisorSoftware | Interrupt.counterOverflow)
      csr.mip = csr.mip & ~mask | value & mask
      return log(CSR.mip, mip)
    case CSR.stvec: csr.stvec = value & ~2
    case CSR.scounteren: csr.scounteren = value & counterMask
    case CSR.senvcfg: csr.senvcfg = Self.legalEnvironment(value & cacheBlockMask)
    case CSR.sstateen0:
      let mask = StateEnable.custom & csr.mstateen[0]
      csr.sstateen0 = csr.sstateen0 & ~mask | value & mask
    case CSR.sscratch: csr.sscratch = value
    case CSR.sepc: csr.sepc = value & ~1
    case CSR.scause: csr.scause = value
    case CSR.stval: csr.stval = value
    case CSR.stimecmp: csr.stimecmp = value
    case CSR.satp: setTranslation(value)
    case CSR.scontext: csr.scontext = value & 0xffff_ffff
    case CSR.medeleg: csr.medeleg = value & delegableExceptions
    case CSR.mideleg: csr.mideleg = value & supervisorInterrupts
    case CSR.mstateen0:
      csr.mstateen[0] =
        value & (StateEnable.custom | StateEnable.indirect | StateEnable.environment | StateEnable.stateEnable)
    case CSR.mstateen0 + 1...CSR.mstateen3: csr.mstateen[number - CSR.mstateen0] = value & StateEnable.stateEnable
    case CSR.sstateen0 + 1...CSR.sstateen3: break
    default: return
    }
    if logsCSRWrites { log(number, supervisorValue(ofCSR: number) ?? value) }
  }

  /// What sstatus shares with mstatus and may change, beside FS.
  var supervisorStatus: UInt64 { MStatus.supervisor | (isa.virtualAddressBits > 0 ? MStatus.translation : 0) }

  /// A mode that is not there changes nothing at all.
  private func setTranslation(_ value: UInt64) {
    let bits = isa.virtualAddressBits
    switch value >> 60 {
    case 0 where bits > 0: break
    case 8 where bits >= 39, 9 where bits >= 48, 10 where bits >= 57: break
    default: return
    }
    guard value != csr.satp else { return }
    csr.satp = value
    flushTranslations()
    updateContext()
  }

  /// What medeleg can have. Calls from M mode and, with compressed instructions, misaligned jumps are nobody else's.
  private var delegableExceptions: UInt64 {
    (isa.contains(.zca) ? 0 : 1 << 0) | 0x3fe | (isa.virtualAddressBits > 0 ? 0xb000 : 0) | 3 << 18
  }

  /// scountovf: the overflow bits of mhpmevent3…31, those that mcounteren shows to S mode.
  private var overflows: UInt64 {
    var bits: UInt64 = 0
    for (index, event) in csr.mhpmevent.enumerated() where event >> 63 != 0 { bits |= 1 << UInt64(index + 3) }
    return state.pointee.privilege == Mode.machine ? bits : bits & csr.mcounteren
  }
}
