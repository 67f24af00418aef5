import RVDecoder

/// XuanTie's scalar extensions (thead-extension-spec, a section each). pc and count in the state are exact while these run.
///
/// Where its text leaves something open, or says two things, this does as QEMU: th.ext with its bits the wrong way round leaves rd as it is;
/// th.sbib and its kin with rd = rs1 store the old value.
extension Hart {
  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: TH, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) -> SystemResult {
    let x = state.x
    let rd = Int(op.rd)
    let a = x[Int(op.rs1)]
    let b = x[Int(op.rs2)]
    switch instruction {
    case .th_addsl: x[rd] = a &+ b &<< UInt64(op.aux)
    case .th_srri: x[rd] = a &>> UInt64(op.imm) | a &<< UInt64(-op.imm & 63)
    case .th_srriw: x[rd] = sext32(low32(a) &>> UInt32(op.imm) | low32(a) &<< UInt32(-op.imm & 31))
    case .th_ext: extract(op, a) { UInt64(bitPattern: Int64(bitPattern: $0) &>> $1) }
    case .th_extu: extract(op, a) { $0 &>> UInt64($1) }
    case .th_ff0: x[rd] = UInt64((~a).leadingZeroBitCount)
    case .th_ff1: x[rd] = UInt64(a.leadingZeroBitCount)
    case .th_rev: x[rd] = a.byteSwapped
    case .th_revw: x[rd] = sext32(low32(a).byteSwapped)
    case .th_tstnbz:
      // Bit 7 of each byte: whether any bit of the byte is set.
      let some = (a & 0x7f7f_7f7f_7f7f_7f7f &+ 0x7f7f_7f7f_7f7f_7f7f | a) & 0x8080_8080_8080_8080
      x[rd] = ~((some &- some >> 7) | some)
    case .th_tst: x[rd] = a &>> UInt64(op.imm) & 1

    case .th_mveqz: if b == 0 { x[rd] = a }
    case .th_mvnez: if b != 0 { x[rd] = a }
    case .th_mula: x[rd] = x[rd] &+ a &* b
    case .th_muls: x[rd] = x[rd] &- a &* b
    case .th_mulaw: x[rd] = sext32(low32(x[rd] &+ a &* b))
    case .th_mulsw: x[rd] = sext32(low32(x[rd] &- a &* b))
    case .th_mulah: x[rd] = sext32(low32(x[rd]) &+ product16(a, b))
    case .th_mulsh: x[rd] = sext32(low32(x[rd]) &- product16(a, b))

    case .th_lbia: try load(op, .after, UInt8.self, Int8.self, m, &watch)
    case .th_lbib: try load(op, .before, UInt8.self, Int8.self, m, &watch)
    case .th_lrb: try load(op, .register, UInt8.self, Int8.self, m, &watch)
    case .th_lurb: try load(op, .word, UInt8.self, Int8.self, m, &watch)
    case .th_lbuia: try load(op, .after, UInt8.self, UInt8.self, m, &watch)
    case .th_lbuib: try load(op, .before, UInt8.self, UInt8.self, m, &watch)
    case .th_lrbu: try load(op, .register, UInt8.self, UInt8.self, m, &watch)
    case .th_lurbu: try load(op, .word, UInt8.self, UInt8.self, m, &watch)
    case .th_lhia: try load(op, .after, UInt16.self, Int16.self, m, &watch)
    case .th_lhib: try load(op, .before, UInt16.self, Int16.self, m, &watch)
    case .th_lrh: try load(op, .register, UInt16.self, Int16.self, m, &watch)
    case .th_lurh: try load(op, .word, UInt16.self, Int16.self, m, &watch)
    case .th_lhuia: try load(op, .after, UInt16.self, UInt16.self, m, &watch)
    case .th_lhuib: try load(op, .before, UInt16.self, UInt16.self, m, &watch)
    case .th_lrhu: try load(op, .register, UInt16.self, UInt16.self, m, &watch)
    case .th_lurhu: try load(op, .word, UInt16.self, UInt16.self, m, &watch)
    case .th_lwia: try load(op, .after, UInt32.self, Int32.self, m, &watch)
    case .th_lwib: try load(op, .before, UInt32.self, Int32.self, m, &watch)
    case .th_lrw: try load(op, .register, UInt32.self, Int32.self, m, &watch)
    case .th_lurw: try load(op, .word, UInt32.self, Int32.self, m, &watch)
    case .th_lwuia: try load(op, .after, UInt32.self, UInt32.self, m, &watch)
    case .th_lwuib: try load(op, .before, UInt32.self, UInt32.self, m, &watch)
    case .th_lrwu: try load(op, .register, UInt32.self, UInt32.self, m, &watch)
    case .th_lurwu: try load(op, .word, UInt32.self, UInt32.self, m, &watch)
    case .th_ldia: try load(op, .after, UInt64.self, UInt64.self, m, &watch)
    case .th_ldib: try load(op, .before, UInt64.self, UInt64.self, m, &watch)
    case .th_lrd: try load(op, .register, UInt64.self, UInt64.self, m, &watch)
    case .th_lurd: try load(op, .word, UInt64.self, UInt64.self, m, &watch)

    case .th_sbia: try store(op, .after, UInt8.self, x[rd], m, &watch)
    case .th_sbib: try store(op, .before, UInt8.self, x[rd], m, &watch)
    case .th_srb: try store(op, .register, UInt8.self, x[rd], m, &watch)
    case .th_surb: try store(op, .word, UInt8.self, x[rd], m, &watch)
    case .th_shia: try store(op, .after, UInt16.self, x[rd], m, &watch)
    case .th_shib: try store(op, .before, UInt16.self, x[rd], m, &watch)
    case .th_srh: try store(op, .register, UInt16.self, x[rd], m, &watch)
    case .th_surh: try store(op, .word, UInt16.self, x[rd], m, &watch)
    case .th_swia: try store(op, .after, UInt32.self, x[rd], m, &watch)
    case .th_swib: try store(op, .before, UInt32.self, x[rd], m, &watch)
    case .th_srw: try store(op, .register, UInt32.self, x[rd], m, &watch)
    case .th_surw: try store(op, .word, UInt32.self, x[rd], m, &watch)
    case .th_sdia: try store(op, .after, UInt64.self, x[rd], m, &watch)
    case .th_sdib: try store(op, .before, UInt64.self, x[rd], m, &watch)
    case .th_srd: try store(op, .register, UInt64.self, x[rd], m, &watch)
    case .th_surd: try store(op, .word, UInt64.self, x[rd], m, &watch)

    case .th_flrw: try loadFloat(op, .register, UInt32.self, m, &watch)
    case .th_flurw: try loadFloat(op, .word, UInt32.self, m, &watch)
    case .th_flrd: try loadFloat(op, .register, UInt64.self, m, &watch)
    case .th_flurd: try loadFloat(op, .word, UInt64.self, m, &watch)
    case .th_fsrw: try storeFloat(op, .register, UInt32.self, m, &watch)
    case .th_fsurw: try storeFloat(op, .word, UInt32.self, m, &watch)
    case .th_fsrd: try storeFloat(op, .register, UInt64.self, m, &watch)
    case .th_fsurd: try storeFloat(op, .word, UInt64.self, m, &watch)

    case .th_lwd: try loadPair(op, UInt32.self, Int32.self, m, &watch)
    case .th_lwud: try loadPair(op, UInt32.self, UInt32.self, m, &watch)
    case .th_ldd: try loadPair(op, UInt64.self, UInt64.self, m, &watch)
    case .th_swd: try storePair(op, UInt32.self, m, &watch)
    case .th_sdd: try storePair(op, UInt64.self, m, &watch)

    // No cache keeps anything from memory. "Permission" of each says which are for user mode.
    case .th_dcache_call, .th_dcache_iall, .th_dcache_ciall, .th_icache_iall, .th_icache_ialls, .th_l2cache_call, .th_l2cache_iall,
      .th_l2cache_ciall, .th_dcache_csw, .th_dcache_isw, .th_dcache_cisw, .th_dcache_cva, .th_dcache_iva, .th_dcache_cpal1, .th_dcache_cpa,
      .th_dcache_ipa, .th_dcache_cipa, .th_icache_ipa:
      try requireSupervisor(unless: 0)
    case .th_dcache_cval1, .th_dcache_civa, .th_icache_iva: break

    case .th_sfence_vmas:
      try requireSupervisor(unless: MStatus.tvm)
      // Not the register x0 stands for all addresses, but the value 0.
      if a == 0 { flushTranslations() } else { flushTranslations(of: a) }
      state.pointee.pc &+= 4
      return .leave
    // One hart in program order, whose stores to code take effect at once.
    case .th_sync, .th_sync_s, .th_sync_i, .th_sync_is: break
    }
    return .next
  }

  /// - Parameter shifted: moves bits to the right; they stand at the top of the register.
  @inline(__always)
  private func extract(_ op: Op, _ value: UInt64, _ shifted: (UInt64, Int64) -> UInt64) {
    let (high, low) = (Int64(op.imm), Int64(op.aux))
    if low <= high { state.x[Int(op.rd)] = shifted(value &<< UInt64(63 - high), 63 - high + low) }
  }

  @inline(__always)
  private func product16(_ a: UInt64, _ b: UInt64) -> UInt32 {
    UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: a)) &* Int32(Int16(truncatingIfNeeded: b)))
  }

  // MARK: Memory

  /// What is added to rs1, and when.
  private enum Indexing {
    /// imm << bs, to the register, after or before the access.
    case after, before
    /// rs2 << bs, or its lower word, for the access alone.
    case register, word
  }

  /// - Returns: the address, and rs1 as it is afterwards.
  @inline(__always)
  private func address(_ op: Op, _ indexing: Indexing) -> (UInt64, base: UInt64) {
    let base = state.x[Int(op.rs1)]
    let moved = base &+ UInt64(bitPattern: Int64(op.imm)) &<< UInt64(op.aux)
    return switch indexing {
    case .after: (base, moved)
    case .before: (moved, moved)
    case .register: (base &+ state.x[Int(op.rs2)] &<< UInt64(op.aux), base)
    case .word: (base &+ UInt64(low32(state.x[Int(op.rs2)])) &<< UInt64(op.aux), base)
    }
  }

  @inline(__always)
  private func keep(base: UInt64, _ op: Op) {
    if op.rs1 != 0 { state.x[Int(op.rs1)] = base }
  }

  @inline(never)
  private func load<T: FixedWidthInteger & UnsignedInteger, Extended: FixedWidthInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ indexing: Indexing, _: T.Type, _: Extended.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let (address, base) = address(op, indexing)
    let value = try m.load(address, as: T.self)
    watch.load(address, width: MemoryLayout<T>.size)
    keep(base: base, op)
    state.x[Int(op.rd)] = UInt64(truncatingIfNeeded: Extended(truncatingIfNeeded: value))
  }

  @inline(never)
  private func store<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ indexing: Indexing, _: T.Type, _ value: UInt64, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let (address, base) = address(op, indexing)
    try m.storeAndGoOn(address, T(truncatingIfNeeded: value))
    watch.store(address, width: MemoryLayout<T>.size)
    keep(base: base, op)
  }

  /// Singles are boxed.
  @inline(never)
  private func loadFloat<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ indexing: Indexing, _: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    try state.requireFloat()
    let (address, _) = address(op, indexing)
    let value = try m.load(address, as: T.self)
    watch.load(address, width: MemoryLayout<T>.size)
    state.set(f: Int(op.rd), UInt64(value) | (T.bitWidth == 32 ? 0xffff_ffff_0000_0000 : 0))
  }

  @inline(never)
  private func storeFloat<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ indexing: Indexing, _: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    try state.requireFloat()
    try store(op, indexing, T.self, state.f[Int(op.rd)], m, &watch)
  }

  /// Both are read before a register is written.
  @inline(never)
  private func loadPair<T: FixedWidthInteger & UnsignedInteger, Extended: FixedWidthInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _: T.Type, _: Extended.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let size = MemoryLayout<T>.size
    let address = state.x[Int(op.rs1)] &+ UInt64(op.aux) &* UInt64(2 * size)
    let first = try m.load(address, as: T.self)
    watch.load(address, width: size)
    let second = try m.load(address &+ UInt64(size), as: T.self)
    watch.load(address &+ UInt64(size), width: size)
    state.x[Int(op.rd)] = UInt64(truncatingIfNeeded: Extended(truncatingIfNeeded: first))
    if op.rs2 != 0 { state.x[Int(op.rs2)] = UInt64(truncatingIfNeeded: Extended(truncatingIfNeeded: second)) }
  }

  /// The first is stored even if the second cannot be: the instruction is begun anew.
  @inline(never)
  private func storePair<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let size = MemoryLayout<T>.size
    let address = state.x[Int(op.rs1)] &+ UInt64(op.aux) &* UInt64(2 * size)
    try m.storeAndGoOn(address, T(truncatingIfNeeded: state.x[Int(op.rd)]))
    watch.store(address, width: size)
    try m.storeAndGoOn(address &+ UInt64(size), T(truncatingIfNeeded: state.x[Int(op.rs2)]))
    watch.store(address &+ UInt64(size), width: size)
  }
}
