import RVDecoder

/// Atomics: A, Zabha, Zacas, Zawrs (unprivileged ISA, chapters of these names).
///
/// aq and rl order nothing here: a hart's accesses are in program order.
extension Hart {
  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: A, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) {
    switch instruction {
    case .lr_w: try reserve(op, UInt32.self, m, &watch)
    case .lr_d: try reserve(op, UInt64.self, m, &watch)
    case .sc_w: try storeConditionally(op, UInt32.self, m, &watch)
    case .sc_d: try storeConditionally(op, UInt64.self, m, &watch)
    case .amoswap_b: try update(op, UInt8.self, m, &watch) { _, b in b }
    case .amoadd_b: try update(op, UInt8.self, m, &watch) { a, b in a &+ b }
    case .amoxor_b: try update(op, UInt8.self, m, &watch) { a, b in a ^ b }
    case .amoand_b: try update(op, UInt8.self, m, &watch) { a, b in a & b }
    case .amoor_b: try update(op, UInt8.self, m, &watch) { a, b in a | b }
    case .amomin_b: try update(op, UInt8.self, m, &watch) { a, b in Int8(bitPattern: a) < Int8(bitPattern: b) ? a : b }
    case .amomax_b: try update(op, UInt8.self, m, &watch) { a, b in Int8(bitPattern: a) > Int8(bitPattern: b) ? a : b }
    case .amominu_b: try update(op, UInt8.self, m, &watch) { a, b in min(a, b) }
    case .amomaxu_b: try update(op, UInt8.self, m, &watch) { a, b in max(a, b) }
    case .amocas_b: try compareAndSwap(op, UInt8.self, m, &watch)
    case .amoswap_h: try update(op, UInt16.self, m, &watch) { _, b in b }
    case .amoadd_h: try update(op, UInt16.self, m, &watch) { a, b in a &+ b }
    case .amoxor_h: try update(op, UInt16.self, m, &watch) { a, b in a ^ b }
    case .amoand_h: try update(op, UInt16.self, m, &watch) { a, b in a & b }
    case .amoor_h: try update(op, UInt16.self, m, &watch) { a, b in a | b }
    case .amomin_h: try update(op, UInt16.self, m, &watch) { a, b in Int16(bitPattern: a) < Int16(bitPattern: b) ? a : b }
    case .amomax_h: try update(op, UInt16.self, m, &watch) { a, b in Int16(bitPattern: a) > Int16(bitPattern: b) ? a : b }
    case .amominu_h: try update(op, UInt16.self, m, &watch) { a, b in min(a, b) }
    case .amomaxu_h: try update(op, UInt16.self, m, &watch) { a, b in max(a, b) }
    case .amocas_h: try compareAndSwap(op, UInt16.self, m, &watch)
    case .amoswap_w: try update(op, UInt32.self, m, &watch) { _, b in b }
    case .amoadd_w: try update(op, UInt32.self, m, &watch) { a, b in a &+ b }
    case .amoxor_w: try update(op, UInt32.self, m, &watch) { a, b in a ^ b }
    case .amoand_w: try update(op, UInt32.self, m, &watch) { a, b in a & b }
    case .amoor_w: try update(op, UInt32.self, m, &watch) { a, b in a | b }
    case .amomin_w: try update(op, UInt32.self, m, &watch) { a, b in Int32(bitPattern: a) < Int32(bitPattern: b) ? a : b }
    case .amomax_w: try update(op, UInt32.self, m, &watch) { a, b in Int32(bitPattern: a) > Int32(bitPattern: b) ? a : b }
    case .amominu_w: try update(op, UInt32.self, m, &watch) { a, b in min(a, b) }
    case .amomaxu_w: try update(op, UInt32.self, m, &watch) { a, b in max(a, b) }
    case .amocas_w: try compareAndSwap(op, UInt32.self, m, &watch)
    case .amoswap_d: try update(op, UInt64.self, m, &watch) { _, b in b }
    case .amoadd_d: try update(op, UInt64.self, m, &watch) { a, b in a &+ b }
    case .amoxor_d: try update(op, UInt64.self, m, &watch) { a, b in a ^ b }
    case .amoand_d: try update(op, UInt64.self, m, &watch) { a, b in a & b }
    case .amoor_d: try update(op, UInt64.self, m, &watch) { a, b in a | b }
    case .amomin_d: try update(op, UInt64.self, m, &watch) { a, b in Int64(bitPattern: a) < Int64(bitPattern: b) ? a : b }
    case .amomax_d: try update(op, UInt64.self, m, &watch) { a, b in Int64(bitPattern: a) > Int64(bitPattern: b) ? a : b }
    case .amominu_d: try update(op, UInt64.self, m, &watch) { a, b in min(a, b) }
    case .amomaxu_d: try update(op, UInt64.self, m, &watch) { a, b in max(a, b) }
    case .amocas_d: try compareAndSwap(op, UInt64.self, m, &watch)
    case .amocas_q: try compareAndSwapPair(op, m, &watch)
    // Nobody else could take the reservation away: waiting is over at once, as it may be at any time.
    case .wrs_nto, .wrs_sto: break
    }
  }

  /// Misaligned atomics trap whatever `--misaligned` says, with Spike's causes: an access fault where misaligned accesses are done otherwise.
  @inline(__always)
  private func requireAlignment(_ address: UInt64, width: Int, load: Bool) throws(Trap) {
    if address & UInt64(width - 1) == 0 { return }
    switch (space.misalignedAccessTraps, load) {
    case (true, true): throw Trap(.loadMisaligned, address)
    case (true, false): throw Trap(.storeMisaligned, address)
    case (false, true): throw Trap(.loadAccess, address)
    case (false, false): throw Trap(.storeAccess, address)
    }
  }

  @inline(__always)
  private func extended<T: FixedWidthInteger & UnsignedInteger>(_ value: T) -> UInt64 {
    let shift = UInt64(64 - T.bitWidth)
    return UInt64(bitPattern: Int64(bitPattern: UInt64(value) &<< shift) &>> Int64(shift))
  }

  @inline(__always)
  private func reserve<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ type: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let address = state.x[Int(op.rs1)]
    let width = MemoryLayout<T>.size
    try requireAlignment(address, width: width, load: true)
    // Devices cannot be reserved, and are not read either.
    let place = try m.reservable(address, width: width, .load)
    let value = try m.load(address, as: T.self)
    state.pointee.reservation = place
    state.pointee.reservationWidth = UInt64(width)
    state.x[Int(op.rd)] = extended(value)
    watch.load(address, width: width)
  }

  @inline(__always)
  private func storeConditionally<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ type: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let address = state.x[Int(op.rs1)]
    let width = MemoryLayout<T>.size
    try requireAlignment(address, width: width, load: false)
    // The permission is asked for even when the store will not be done. What is no memory cannot be reserved, and faults all the same.
    let place = try m.reservable(address, width: width, .store)
    let holds = state.pointee.reservation == place && state.pointee.reservationWidth == UInt64(width)
    state.pointee.reservation = HartState.noReservation
    if holds {
      try m.storeAndGoOn(address, T(truncatingIfNeeded: state.x[Int(op.rs2)]))
      watch.store(address, width: width)
    }
    state.x[Int(op.rd)] = holds ? 0 : 1
  }

  @inline(__always)
  private func update<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ type: T.Type, _ m: M, _ watch: inout W, _ combine: (T, T) -> T
  ) throws(Trap) {
    let address = state.x[Int(op.rs1)]
    let width = MemoryLayout<T>.size
    try requireAlignment(address, width: width, load: false)
    try m.checkStore(address, width: width)
    let old = try loadForStore(address, m, as: T.self)
    try m.storeAndGoOn(address, combine(old, T(truncatingIfNeeded: state.x[Int(op.rs2)])))
    state.x[Int(op.rd)] = extended(old)
    watch.atomic(address, width: width)
  }

  @inline(__always)
  private func compareAndSwap<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory, W: Watch>(
    _ op: Op, _ type: T.Type, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let address = state.x[Int(op.rs1)]
    let width = MemoryLayout<T>.size
    try requireAlignment(address, width: width, load: false)
    try m.checkStore(address, width: width)
    let old = try loadForStore(address, m, as: T.self)
    // rd is compared as a source; the sink stands for x0, which reads as zero.
    let expected = op.rd == Op.sink ? 0 : T(truncatingIfNeeded: state.x[Int(op.rd)])
    if old == expected { try m.storeAndGoOn(address, T(truncatingIfNeeded: state.x[Int(op.rs2)])) }
    state.x[Int(op.rd)] = extended(old)
    watch.atomic(address, width: width)
  }

  private func compareAndSwapPair<M: GuestMemory, W: Watch>(_ op: Op, _ m: M, _ watch: inout W) throws(Trap) {
    let x = state.x
    let address = x[Int(op.rs1)]
    try requireAlignment(address, width: 16, load: false)
    try m.checkStore(address, width: 16)
    let old = (try loadForStore(address, m, as: UInt64.self), try loadForStore(address &+ 8, m, as: UInt64.self))
    // A pair that begins with x0 reads as zero, and is not written.
    let discards = op.rd == Op.sink
    let expected = discards ? (0, 0) : (x[Int(op.rd)], x[Int(op.rd) + 1])
    if old == expected {
      try m.storeAndGoOn(address, op.rs2 == 0 ? 0 : x[Int(op.rs2)])
      try m.storeAndGoOn(address &+ 8, op.rs2 == 0 ? 0 : x[Int(op.rs2) + 1])
    }
    if !discards {
      x[Int(op.rd)] = old.0
      x[Int(op.rd) + 1] = old.1
    }
    watch.atomic(address, width: 16)
  }

  /// The load of a read-modify-write: what faults is a store.
  @inline(__always)
  private func loadForStore<T: FixedWidthInteger & UnsignedInteger, M: GuestMemory>(
    _ address: UInt64, _ m: M, as type: T.Type
  ) throws(Trap) -> T {
    do throws(Trap) {
      return try m.load(address, as: T.self)
    } catch {
      switch error.cause {
      case .loadMisaligned: throw Trap(.storeMisaligned, error.tval)
      case .loadAccess: throw Trap(.storeAccess, error.tval)
      case .loadPageFault: throw Trap(.storePageFault, error.tval)
      default: throw error
      }
    }
  }
}
