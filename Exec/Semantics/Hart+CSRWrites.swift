import RVDecoder

/// Writing CSRs. Fields that are WARL keep what Spike lets them keep.
extension Hart {
  /// Writes a CSR at the current privilege.
  /// - Throws: an illegal-instruction exception when it does not exist, is read-only or may not be written.
  public func writeCSR(_ number: Int, _ value: UInt64) throws(Trap) {
    // Seed was asked when it was read: reading it twice would use its bits up.
    if number != CSR.seed { _ = try readCSR(number, writing: true) }
    var logged = number
    switch number {
    case CSR.fflags: return setFlags(value)
    case CSR.frm: return setRounding(value)
    case CSR.fcsr:
      setRounding(value >> 5)
      return setFlags(value)
    case CSR.vstart...CSR.vxrm, CSR.vcsr: return writeVectorCSR(number, value)
    case CSR.mstatus: return setMStatus(value)
    case CSR.misa: return setMISA(value)
    case CSR.mie: csr.mie = value & (ControlState.machineInterrupts | supervisorInterrupts)
    case CSR.mip:
      // The timer's bit is software's as long as it is not stimecmp's.
      let mask = supervisorInterrupts & ~(hasSupervisorTimer ? Interrupt.supervisorTimer : 0)
      // Spike keeps SEIP in another register, and logs it.
      log(CSR.mvip, value & Interrupt.supervisorExternal | csr.mip & mask & (Interrupt.supervisorTimer | Interrupt.supervisorSoftware))
      csr.mip = csr.mip & ~mask | value & mask
    case CSR.mtvec: csr.mtvec = value & ~2
    case CSR.mcounteren: csr.mcounteren = value & counterMask
    case CSR.menvcfg: setEnvironment(value)
    case CSR.mcountinhibit:
      csr.mcountinhibit = value & counterMask & ~2
      // Whether this instruction counts is up to what it writes.
      csr.cycle.stop(csr.mcountinhibit & 1 != 0, at: cycles)
      csr.instret.stop(csr.mcountinhibit & 4 != 0, at: state.pointee.retired)
    case CSR.mhpmevent3...CSR.mhpmevent31: csr.mhpmevent[number - CSR.mhpmevent3] = value & eventMask
    case CSR.mscratch: csr.mscratch = value
    case CSR.mepc: csr.mepc = value & ~1
    case CSR.mcause: csr.mcause = value
    case CSR.mtval: csr.mtval = value
    case CSR.mseccfg: csr.mseccfg = value & (Self.useed | Self.sseed)
    case CSR.mcontext:
      csr.mcontext = value & 0x1fff
      logged = CSR.hcontext
    // The value written is what the next instruction reads: this one does not count.
    case CSR.mcycle:
      csr.cycle.set(value, at: timekeeper == nil ? cycles &+ 1 : cycles)
      return log(number, value)
    case CSR.minstret:
      csr.instret.set(value, at: state.pointee.retired &+ 1)
      return log(number, value)
    case CSR.tselect, CSR.seed: return log(number, 0)
    case CSR.pmpcfg0...CSR.pmpcfg14:
      guard csr.pmp.setConfiguration(from: (number - CSR.pmpcfg0) * 4, value) else { return }
      flushProtection()
    case CSR.pmpaddr0...CSR.pmpaddr63:
      guard csr.pmp.setAddress(number - CSR.pmpaddr0, value) else { return }
      flushProtection()
    // What is left there is constant.
    default: return writeUnitCSR(number, value) ? () : writeSupervisorCSR(number, value)
    }
    if logsCSRWrites { log(logged, self.value(ofCSR: number) ?? value) }
  }

  func log(_ number: Int, _ value: UInt64) {
    if logsCSRWrites { csrWrites.append(CSRWrite(number: number, value: value)) }
  }

  // MARK: Floating point

  private func setFlags(_ value: UInt64) {
    makeFloatDirty()
    state.pointee.fflags = UInt8(value & 31)
    log(CSR.fflags, value & 31)
  }

  private func setRounding(_ value: UInt64) {
    makeFloatDirty()
    state.pointee.set(frm: UInt8(value & 7))
    log(CSR.frm, value & 7)
  }

  private func makeFloatDirty() {
    guard state.pointee.fs != 3 else { return }
    state.pointee.set(fs: 3)
    log(CSR.mstatus, mstatus)
  }

  /// Empties ``csrWrites`` and gives what Spike's commit log has for the last instruction, which must have been run alone: the
  /// writes of CSR instructions, the flags that an operation raised, and mstatus when the float or vector state became dirty by it.
  /// - Parameters:
  ///   - fs: `state.pointee.fs` before the instruction.
  ///   - vs: `state.pointee.vs` before it.
  public func takeCSRWrites(fsBefore fs: UInt8, vsBefore vs: UInt8) -> [CSRWrite] {
    var writes = csrWrites
    csrWrites.removeAll(keepingCapacity: true)
    if raisedFlags != 0 { writes.append(CSRWrite(number: CSR.fflags, value: UInt64(state.pointee.fflags))) }
    let isDirty = state.pointee.fs == 3 && fs != 3 || state.pointee.vs == 3 && vs != 3
    if isDirty, !writes.contains(where: { $0.number == CSR.mstatus }) {
      writes.insert(CSRWrite(number: CSR.mstatus, value: mstatus), at: 0)
    }
    return writes
  }

  // MARK: mstatus and its kin

  func setMStatus(_ value: UInt64) {
    let mask =
      supervisorStatus | MStatus.mie | MStatus.mpie | MStatus.mpp | MStatus.mprv | MStatus.tw | MStatus.tsr
      | (isa.virtualAddressBits > 0 ? MStatus.tvm : 0)
    var new = csr.mstatus & ~mask | value & mask
    // U mode stands in for the mode that is not there.
    if new & MStatus.mpp == 2 << 11 { new &= ~MStatus.mpp }
    if (new ^ csr.mstatus) & (MStatus.mpp | MStatus.mprv) != 0 { state.pointee.reservation = HartState.noReservation }
    csr.mstatus = new
    // Where there is S mode the field is there without F too.
    state.pointee.set(fs: UInt8(value >> 13 & 3))
    if isa.contains(.zve32x) { state.pointee.vs = UInt8(value >> 9 & 3) }
    if unit != nil { state.pointee.ms = UInt8(value >> 25 & 3) }
    updateContext()
    log(CSR.mstatus, mstatus)
  }

  /// Turns extensions off and on again. Ignored when it would turn compressed instructions off between two words.
  private func setMISA(_ value: UInt64) {
    if value & 1 << 2 == 0, isa.contains(.c), state.pointee.pc & 2 != 0 { return }
    let full = csr.fullISA ?? isa
    csr.fullISA = full
    var off = ExtensionSet()
    for (bit, member) in Self.letters where value >> bit & 1 == 0 && member != .i && full.contains(member) { off.insert(member) }
    // What a letter stands for goes with it; F and D stand for themselves, and what needs them goes below.
    for member in [Extension.a, .b, .c, .m] where off.contains(member) { off.formUnion(member.closure) }
    let left = full.extensions.members.filter { $0.closure.subtracting(off) == $0.closure }
    let new = ISA(ExtensionSet(left))
    if new != isa { setISA(new) }
    state.pointee.reservation = HartState.noReservation
    log(CSR.misa, misa)
  }

  var counterMask: UInt64 { (isa.contains(.zicntr) ? 7 : 0) | (isa.contains(.zihpm) ? 0xffff_fff8 : 0) }

  /// Bits of mhpmevent: overflow, and the modes in which it does not count (Sscofpmf). No event is counted.
  private var eventMask: UInt64 { (isa.contains(.sscofpmf) ? 15 << 60 : 0) | (timekeeper == nil ? 0 : 0xff) }

  /// Interrupts of S mode, LCOFI of Sscofpmf among them: those that can be delegated.
  var supervisorInterrupts: UInt64 {
    Interrupt.supervisorSoftware | Interrupt.supervisorTimer | Interrupt.supervisorExternal
      | (isa.contains(.sscofpmf) ? Interrupt.counterOverflow : 0)
  }

  private func setEnvironment(_ value: UInt64) {
    var mask = cacheBlockMask
    if isa.contains(.svadu) { mask |= Environment.updatesAccessed }
    if isa.contains(.svpbmt) { mask |= Environment.memoryTypes }
    if isa.contains(.sstc) { mask |= Environment.supervisorTimer }
    let new = Self.legalEnvironment(value & mask)
    let changed = new ^ csr.menvcfg
    // The timer's interrupt stays what it is when the bit becomes software's.
    if changed & csr.menvcfg & Environment.supervisorTimer != 0 {
      csr.mip = csr.mip & ~Interrupt.supervisorTimer | mip & Interrupt.supervisorTimer
    }
    csr.menvcfg = new
    if changed & (Environment.updatesAccessed | Environment.memoryTypes) != 0 { flushTranslations() }
  }

  /// CBIE, CBCFE, CBZE where the cache-block extensions are on.
  var cacheBlockMask: UInt64 { (isa.contains(.zicbom) ? 0x70 : 0) | (isa.contains(.zicboz) ? 0x80 : 0) }

  /// The value 2 of CBIE is reserved.
  static func legalEnvironment(_ value: UInt64) -> UInt64 { value & 0x30 == 0x20 ? value & ~0x30 : value }
}

extension ControlState {
  static let machineInterrupts: UInt64 = Interrupt.machineSoftware | Interrupt.machineTimer | Interrupt.machineExternal
}
