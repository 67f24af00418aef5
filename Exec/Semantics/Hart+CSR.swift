import RVDecoder
import RVFloat

/// CSRs by number (privileged ISA, "CSR Listing"). A CSR that is not here raises an illegal-instruction exception.
extension Hart {
  /// The value of a CSR as the guest would read it at its current privilege.
  /// - Throws: an illegal-instruction exception when it does not exist or may not be read.
  public func readCSR(_ number: Int) throws(Trap) -> UInt64 {
    let privilege = state.pointee.privilege
    if number >> 8 & 3 > Int(privilege) { throw Trap(.illegalInstruction) }
    let count = state.pointee.retired
    switch number {
    case CSR.fflags:
      try requireFloat()
      return UInt64(currentFlags)
    case CSR.frm:
      try requireFloat()
      return UInt64(state.pointee.frm)
    case CSR.fcsr:
      try requireFloat()
      return UInt64(state.pointee.frm) << 5 | UInt64(currentFlags)
    case CSR.cycle, CSR.time, CSR.instret:
      try requireCounter(number - CSR.cycle, .zicntr)
      switch number {
      case CSR.cycle: return csr.cycle.value(at: count)
      case CSR.time: return time
      default: return csr.instret.value(at: count)
      }
    case CSR.hpmcounter3...CSR.hpmcounter31:
      try requireCounter(number - CSR.cycle, .zihpm)
      return 0
    case CSR.mvendorid, CSR.mimpid, CSR.mconfigptr: return 0
    case CSR.marchid: return 5
    case CSR.mhartid: return csr.hartID
    case CSR.mstatus: return mstatus
    case CSR.misa: return misa
    case CSR.mie: return csr.mie
    case CSR.mtvec: return csr.mtvec
    case CSR.mcounteren: return csr.mcounteren
    case CSR.menvcfg: return csr.menvcfg
    case CSR.mcountinhibit: return csr.mcountinhibit
    case CSR.mhpmevent3...CSR.mhpmevent31: return csr.mhpmevent[number - CSR.mhpmevent3]
    case CSR.mscratch: return csr.mscratch
    case CSR.mepc: return csr.mepc & ~UInt64(state.pointee.alignmentMask)
    case CSR.mcause: return csr.mcause
    case CSR.mtval: return csr.mtval
    case CSR.mip: return csr.mip
    case CSR.mseccfg: return csr.mseccfg
    case CSR.mcycle: return csr.cycle.value(at: count)
    case CSR.minstret: return csr.instret.value(at: count)
    case CSR.mhpmcounter3...CSR.mhpmcounter31: return 0
    default: throw Trap(.illegalInstruction)
    }
  }

  /// Writes a CSR; fields that are WARL keep legal values.
  /// - Throws: an illegal-instruction exception when it does not exist, is read-only or may not be written.
  public func writeCSR(_ number: Int, _ value: UInt64) throws(Trap) {
    if number >> 10 == 3 || number >> 8 & 3 > Int(state.pointee.privilege) { throw Trap(.illegalInstruction) }
    switch number {
    case CSR.fflags:
      try requireFloat()
      setFlags(UInt8(value & 31))
    case CSR.frm:
      try requireFloat()
      setRounding(UInt8(value & 7))
    case CSR.fcsr:
      try requireFloat()
      setFlags(UInt8(value & 31))
      setRounding(UInt8(value >> 5 & 7))
    case CSR.mstatus: setMStatus(value)
    case CSR.misa: break
    case CSR.mie: csr.mie = value & ControlState.interrupts
    case CSR.mtvec: csr.mtvec = value & ~2
    case CSR.mcounteren: csr.mcounteren = value & counterMask
    case CSR.menvcfg: csr.menvcfg = legalEnvironment(value)
    case CSR.mcountinhibit:
      csr.mcountinhibit = value & counterMask & ~2
      // The write itself still counts as it did before.
      csr.cycle.stop(value & 1 != 0, at: state.pointee.retired &+ 1)
      csr.instret.stop(value & 4 != 0, at: state.pointee.retired &+ 1)
    case CSR.mhpmevent3...CSR.mhpmevent31: csr.mhpmevent[number - CSR.mhpmevent3] = 0
    case CSR.mscratch: csr.mscratch = value
    case CSR.mepc: csr.mepc = value & ~1
    case CSR.mcause: csr.mcause = value
    case CSR.mtval: csr.mtval = value
    case CSR.mip: break
    case CSR.mseccfg: break
    // The value written is what the next instruction reads: this one does not count.
    case CSR.mcycle: csr.cycle.set(value, at: state.pointee.retired &+ 1)
    case CSR.minstret: csr.instret.set(value, at: state.pointee.retired &+ 1)
    case CSR.mhpmcounter3...CSR.mhpmcounter31: break
    default: throw Trap(.illegalInstruction)
    }
  }

  // MARK: Floating point

  private func requireFloat() throws(Trap) {
    if state.pointee.fs == 0 { throw Trap(.illegalInstruction) }
  }

  /// fflags with what the host has gathered since the loop was entered.
  private var currentFlags: UInt8 { state.pointee.fflags | UInt8(truncatingIfNeeded: rvf_peek_flags()) }

  private func setFlags(_ flags: UInt8) {
    _ = rvf_take_flags()
    state.pointee.fflags = flags
    state.pointee.fs = 3
  }

  private func setRounding(_ mode: UInt8) {
    state.pointee.frm = mode
    state.pointee.hostRounding = HartState.hostRounding(frm: mode)
    rvf_set_rounding(UInt32(mode))
    state.pointee.fs = 3
  }

  // MARK: Counters

  /// Ticks of the 10 MHz clock. Clocks are virtual: one instruction is one nanosecond.
  public var time: UInt64 { state.pointee.retired / 100 }

  private func requireCounter(_ index: Int, _ member: Extension) throws(Trap) {
    guard isa.contains(member) else { throw Trap(.illegalInstruction) }
    if isUserMode || state.pointee.privilege == 3 { return }
    if csr.mcounteren >> UInt64(index) & 1 == 0 { throw Trap(.illegalInstruction) }
  }

  private var counterMask: UInt64 { (isa.contains(.zicntr) ? 7 : 0) | (isa.contains(.zihpm) ? 0xffff_fff8 : 0) }

  // MARK: mstatus and its kin

  /// The whole of mstatus.
  public var mstatus: UInt64 {
    let fs = rvf_peek_flags() != 0 && state.pointee.fs != 0 ? 3 : state.pointee.fs
    let dirty = fs == 3 || state.pointee.vs == 3
    return csr.mstatus | MStatus.uxl64 | UInt64(fs) << 13 | UInt64(state.pointee.vs) << 9 | (dirty ? MStatus.sd : 0)
  }

  private func setMStatus(_ value: UInt64) {
    // Flags raised before the write must not make the state dirty after it.
    state.pointee.fflags |= UInt8(truncatingIfNeeded: rvf_take_flags())
    var new = csr.mstatus & ~MStatus.writable | value & MStatus.writable
    let mpp = value >> 11 & 3
    if mpp != 3 && mpp != 0 { new = new & ~MStatus.mpp | csr.mstatus & MStatus.mpp }
    csr.mstatus = new
    state.pointee.fs = isa.contains(.f) ? UInt8(value >> 13 & 3) : 0
  }

  /// Extensions by letter, XLEN 64; fixed.
  var misa: UInt64 {
    var value: UInt64 = 2 << 62 | 1 << 20
    for (letter, member) in [("a", Extension.a), ("b", .b), ("c", .c), ("d", .d), ("f", .f), ("i", .i), ("m", .m)] {
      if isa.contains(member), let scalar = letter.unicodeScalars.first { value |= 1 << UInt64(scalar.value - 97) }
    }
    return value
  }

  /// menvcfg: CBIE, CBCFE, CBZE where the cache-block extensions are on; CBIE 2 is reserved.
  private func legalEnvironment(_ value: UInt64) -> UInt64 {
    var mask: UInt64 = 0
    if isa.contains(.zicbom) { mask |= 0x70 }
    if isa.contains(.zicboz) { mask |= 0x80 }
    let new = value & mask
    return new & 0x30 == 0x20 ? new & ~0x30 : new
  }
}

extension ControlState {
  /// Interrupts that can be enabled: machine software, timer, external.
  static let interrupts: UInt64 = 1 << 3 | 1 << 7 | 1 << 11
}

/// CSR numbers.
enum CSR {
  static let fflags = 0x001
  static let frm = 0x002
  static let fcsr = 0x003
  static let cycle = 0xc00
  static let time = 0xc01
  static let instret = 0xc02
  static let hpmcounter3 = 0xc03
  static let hpmcounter31 = 0xc1f
  static let mvendorid = 0xf11
  static let marchid = 0xf12
  static let mimpid = 0xf13
  static let mhartid = 0xf14
  static let mconfigptr = 0xf15
  static let mstatus = 0x300
  static let misa = 0x301
  static let mie = 0x304
  static let mtvec = 0x305
  static let mcounteren = 0x306
  static let menvcfg = 0x30a
  static let mcountinhibit = 0x320
  static let mhpmevent3 = 0x323
  static let mhpmevent31 = 0x33f
  static let mscratch = 0x340
  static let mepc = 0x341
  static let mcause = 0x342
  static let mtval = 0x343
  static let mip = 0x344
  static let mseccfg = 0x747
  static let mcycle = 0xb00
  static let minstret = 0xb02
  static let mhpmcounter3 = 0xb03
  static let mhpmcounter31 = 0xb1f
}
