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
    case CSR.mstatus: return setMStatus(value)
    case CSR.misa: return setMISA(value)
    case CSR.mie: csr.mie = value & (ControlState.interrupts | overflowInterrupt)
    case CSR.mip: csr.mip = csr.mip & ~overflowInterrupt | value & overflowInterrupt
    case CSR.mtvec: csr.mtvec = value & ~2
    case CSR.mcounteren: csr.mcounteren = value & counterMask
    case CSR.menvcfg: csr.menvcfg = legalEnvironment(value)
    case CSR.mcountinhibit:
      csr.mcountinhibit = value & counterMask & ~2
      // Whether this instruction counts is up to what it writes.
      csr.cycle.stop(csr.mcountinhibit & 1 != 0, at: state.pointee.retired)
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
      csr.cycle.set(value, at: state.pointee.retired &+ 1)
      return log(number, value)
    case CSR.minstret:
      csr.instret.set(value, at: state.pointee.retired &+ 1)
      return log(number, value)
    case CSR.tselect, CSR.seed: return log(number, 0)
    // What is left is constant.
    default: return
    }
    if logsCSRWrites { log(logged, self.value(ofCSR: number) ?? value) }
  }

  private func log(_ number: Int, _ value: UInt64) {
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
  /// writes of CSR instructions, the flags that an operation raised, and mstatus when the float state became dirty by it.
  /// - Parameter before: `state.pointee.fs` before the instruction.
  public func takeCSRWrites(floatStateBefore before: UInt8) -> [CSRWrite] {
    var writes = csrWrites
    csrWrites.removeAll(keepingCapacity: true)
    if raisedFlags != 0 { writes.append(CSRWrite(number: CSR.fflags, value: UInt64(state.pointee.fflags))) }
    if state.pointee.fs == 3, before != 3, !writes.contains(where: { $0.number == CSR.mstatus }) {
      writes.insert(CSRWrite(number: CSR.mstatus, value: mstatus), at: 0)
    }
    return writes
  }

  // MARK: mstatus and its kin

  func setMStatus(_ value: UInt64) {
    var new = csr.mstatus & ~MStatus.writable | value & MStatus.writable
    // U mode stands in for the modes that are not there.
    if new & MStatus.mpp != MStatus.mpp { new &= ~MStatus.mpp }
    if (new ^ csr.mstatus) & (MStatus.mpp | MStatus.mprv) != 0 { state.pointee.reservation = HartState.noReservation }
    csr.mstatus = new
    // The field stays when misa turns F off.
    if (csr.fullISA ?? isa).contains(.f) { state.pointee.set(fs: UInt8(value >> 13 & 3)) }
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

  private var counterMask: UInt64 { (isa.contains(.zicntr) ? 7 : 0) | (isa.contains(.zihpm) ? 0xffff_fff8 : 0) }

  /// Bits of mhpmevent: overflow, and the modes in which it does not count (Sscofpmf). No event is counted.
  private var eventMask: UInt64 { isa.contains(.sscofpmf) ? 1 << 63 | 1 << 62 | 1 << 60 : 0 }

  /// LCOFI, the interrupt of Sscofpmf.
  private var overflowInterrupt: UInt64 { isa.contains(.sscofpmf) ? 1 << 13 : 0 }

  /// menvcfg: CBIE, CBCFE, CBZE where the cache-block extensions are on (CBIE 2 is reserved); what concerns S mode is kept.
  private func legalEnvironment(_ value: UInt64) -> UInt64 {
    var mask: UInt64 = 0
    if isa.contains(.zicbom) { mask |= 0x70 }
    if isa.contains(.zicboz) { mask |= 0x80 }
    if isa.contains(.svadu) { mask |= 1 << 61 }
    if isa.contains(.svpbmt) { mask |= 1 << 62 }
    if isa.contains(.sstc) { mask |= 1 << 63 }
    let new = value & mask
    return new & 0x30 == 0x20 ? new & ~0x30 : new
  }
}

extension ControlState {
  /// Interrupts that can be enabled: machine software, timer, external.
  static let interrupts: UInt64 = 1 << 3 | 1 << 7 | 1 << 11
}
