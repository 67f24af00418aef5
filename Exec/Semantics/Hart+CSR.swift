import RVDecoder
import RVFloat

/// Reading CSRs by number. One that is not here raises an illegal-instruction exception; what is here, and what reads back after
/// which write, is as on Spike with `--priv=msu --pmpregions=16 --triggers=0`. Those of S mode are in `Hart+SupervisorCSR.swift`.
///
/// These functions know nothing of the host's float environment: a loop gathers the flags before it calls them.
extension Hart {
  /// The value of a CSR as the guest would read it at its current privilege.
  /// - Parameter writing: whether the instruction writes too; the seed CSR insists on that.
  /// - Throws: an illegal-instruction exception when it does not exist or may not be read.
  public func readCSR(_ number: Int, writing: Bool = false) throws(Trap) -> UInt64 {
    if number >> 8 & 3 > Int(state.pointee.privilege) || (writing && number >> 10 == 3) { throw Trap(.illegalInstruction) }
    switch number {
    case CSR.fflags, CSR.frm, CSR.fcsr:
      guard isa.contains(.f), state.pointee.fs != 0 else { throw Trap(.illegalInstruction) }
    case CSR.vstart...CSR.vxrm, CSR.vcsr, CSR.vl...CSR.vlenb:
      if state.pointee.vs == 0 { throw Trap(.illegalInstruction) }
    case CSR.cycle, CSR.time, CSR.instret: try requireCounter(number - CSR.cycle, .zicntr)
    case CSR.hpmcounter3...CSR.hpmcounter31: try requireCounter(number - CSR.cycle, .zihpm)
    case CSR.seed:
      let mode = state.pointee.privilege
      guard isa.contains(.zkr), writing,
        mode == Mode.machine || csr.mseccfg & (mode == Mode.user ? Self.useed : Self.sseed) != 0
      else { throw Trap(.illegalInstruction) }
      // OPST is ES16: sixteen bits of entropy.
      return 0x8000_0000 | csr.nextEntropy()
    default:
      try requireUnitCSR(number)
      try requireSupervisorCSR(number)
    }
    if timekeeper != nil, showsTime(number) { try serveDevice() }
    guard let value = value(ofCSR: number) else { throw Trap(.illegalInstruction) }
    return value
  }

  /// The value of a CSR whatever the privilege; `nil` when there is none, or when reading it is not without effect (seed).
  func value(ofCSR number: Int) -> UInt64? {
    let count = state.pointee.retired
    switch number {
    case CSR.fflags: return UInt64(state.pointee.fflags)
    case CSR.frm: return UInt64(state.pointee.frm)
    case CSR.fcsr: return UInt64(state.pointee.frm) << 5 | UInt64(state.pointee.fflags)
    case CSR.vstart...CSR.vxrm, CSR.vcsr, CSR.vl...CSR.vlenb: return vectorValue(ofCSR: number)
    case CSR.mcycle, CSR.cycle: return csr.cycle.value(at: cycles)
    case CSR.minstret, CSR.instret: return csr.instret.value(at: count)
    case CSR.time: return time
    case CSR.mhpmcounter3...CSR.mhpmcounter31: return eventCounter(number - CSR.mhpmcounter3 + 3)
    case CSR.hpmcounter3...CSR.hpmcounter31: return eventCounter(number - CSR.hpmcounter3 + 3)
    case CSR.mvendorid, CSR.mimpid, CSR.mconfigptr: return 0
    case CSR.marchid: return 5
    case CSR.mhartid: return csr.hartID
    case CSR.mstatus: return mstatus
    case CSR.misa: return misa
    case CSR.mie: return csr.mie
    case CSR.mip: return mip
    case CSR.mtvec: return csr.mtvec
    case CSR.mcounteren: return csr.mcounteren
    case CSR.mcountinhibit: return csr.mcountinhibit
    case CSR.menvcfg: return csr.menvcfg
    case CSR.mhpmevent3...CSR.mhpmevent31: return csr.mhpmevent[number - CSR.mhpmevent3]
    case CSR.mscratch: return csr.mscratch
    case CSR.mepc: return csr.mepc & ~UInt64(state.pointee.alignmentMask)
    case CSR.mcause: return csr.mcause
    case CSR.mtval: return csr.mtval
    case CSR.mseccfg: return isa.contains(.zkr) ? csr.mseccfg : nil
    // No triggers: nothing can be selected.
    case CSR.tselect, CSR.tdata1...CSR.tdata3, CSR.tinfo: return 0
    case CSR.mcontext: return csr.mcontext
    case CSR.pmpcfg0...CSR.pmpcfg14 where number % 2 == 0: return csr.pmp.configuration(from: (number - CSR.pmpcfg0) * 4)
    case CSR.pmpaddr0...CSR.pmpaddr63: return csr.pmp.address(number - CSR.pmpaddr0)
    default: return unitValue(ofCSR: number) ?? (isUserMode ? nil : supervisorValue(ofCSR: number))
    }
  }

  /// mseccfg.USEED: the seed CSR may be used in U mode.
  static let useed: UInt64 = 1 << 8
  /// mseccfg.SSEED.
  static let sseed: UInt64 = 1 << 9

  // MARK: Counters

  private func requireCounter(_ index: Int, _ member: Extension) throws(Trap) {
    guard isa.contains(member) else { throw Trap(.illegalInstruction) }
    if isUserMode || state.pointee.privilege == 3 { return }
    let enabled = state.pointee.privilege == Mode.user ? csr.mcounteren & csr.scounteren : csr.mcounteren
    if enabled >> UInt64(index) & 1 == 0 { throw Trap(.illegalInstruction) }
  }

  // MARK: Composed registers

  var mstatus: UInt64 {
    let dirty = state.pointee.fs == 3 || state.pointee.vs == 3 || state.pointee.ms == 3
    return csr.mstatus | MStatus.uxl64 | MStatus.sxl64 | UInt64(state.pointee.fs) << 13 | UInt64(state.pointee.vs) << 9
      | UInt64(state.pointee.ms) << 25 | (dirty ? MStatus.sd : 0)
  }

  /// Letters of misa, with what stands for them here.
  static let letters: [(bit: UInt64, member: Extension)] = [
    (0, .a), (1, .b), (2, .c), (3, .d), (5, .f), (8, .i), (12, .m), (21, .v),
  ]

  /// Extensions by letter, XLEN 64, S and U mode.
  var misa: UInt64 {
    Self.letters.reduce(2 << 62 | 1 << 20 | 1 << 18) { isa.contains($1.member) ? $0 | 1 << $1.bit : $0 }
  }
}
