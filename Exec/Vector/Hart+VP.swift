import RVDecoder

/// Permutations, masks, integer reductions, moves between register files. "V", chapters 14 to 16.
extension Hart {
  @inline(never)
  func execute(_ instruction: VP, _ op: Op) throws(Trap) {
    let x = state.x
    switch instruction {
    case .vredsum_vs: try reduce(op, Add.self)
    case .vredand_vs: try reduce(op, And.self)
    case .vredor_vs: try reduce(op, Or.self)
    case .vredxor_vs: try reduce(op, Xor.self)
    case .vredminu_vs: try reduce(op, MinUnsigned.self)
    case .vredmin_vs: try reduce(op, Min.self)
    case .vredmaxu_vs: try reduce(op, MaxUnsigned.self)
    case .vredmax_vs: try reduce(op, Max.self)
    case .vwredsumu_vs: try widenSum(op, signed: false)
    case .vwredsum_vs: try widenSum(op, signed: true)

    case .vmandn_mm: try masks(op) { $0 & ~$1 }
    case .vmand_mm: try masks(op) { $0 & $1 }
    case .vmor_mm: try masks(op) { $0 | $1 }
    case .vmxor_mm: try masks(op) { $0 ^ $1 }
    case .vmorn_mm: try masks(op) { $0 | ~$1 }
    case .vmnand_mm: try masks(op) { ~($0 & $1) }
    case .vmnor_mm: try masks(op) { ~($0 | $1) }
    case .vmxnor_mm: try masks(op) { ~($0 ^ $1) }
    case .vcpop_m:
      let (e, _) = try begin(op)
      x[Int(op.rd)] = UInt64(e.activeBits(e.vs2) { $0.nonzeroBitCount })
    case .vfirst_m:
      let (e, _) = try begin(op)
      x[Int(op.rd)] = UInt64(bitPattern: Int64(e.firstActiveBit(e.vs2) ?? -1))
    case .vmsbf_m: try markFirst(op, before: true, at: false)
    case .vmsof_m: try markFirst(op, before: false, at: true)
    case .vmsif_m: try markFirst(op, before: true, at: true)
    case .viota_m: try count(op)
    case .vid_v: try number(op)

    case .vmv_x_s:
      let (e, _) = try begin(op)
      x[Int(op.rd)] = e.first(signed: true)
    case .vmv_s_x:
      let (e, _) = try begin(op)
      if e.count > 0 { e.setFirst(x[Int(op.rs1)]) }
    case .vfmv_f_s:
      try requireVectorFloat(widest: 3)
      let (e, _) = try begin(op)
      // A narrower number is boxed.
      state.set(f: Int(op.rd), e.first(signed: false) | (e.sew == 3 ? 0 : ~0 &<< UInt64(8 << e.sew)))
    case .vfmv_s_f:
      try requireVectorFloat(widest: 3)
      let (e, _) = try begin(op)
      if e.count > 0 { e.setFirst(unboxed(op, e.sew)) }

    case .vslideup_vx: try slideUp(op, by: x[Int(op.rs1)])
    case .vslideup_vi: try slideUp(op, by: UInt64(UInt32(bitPattern: op.imm)))
    case .vslidedown_vx: try slideDown(op, by: x[Int(op.rs1)])
    case .vslidedown_vi: try slideDown(op, by: UInt64(UInt32(bitPattern: op.imm)))
    case .vslide1up_vx: try slideUpOne(op, x[Int(op.rs1)])
    case .vslide1down_vx: try slideDownOne(op, x[Int(op.rs1)])
    case .vfslide1up_vf:
      try requireVectorFloat(widest: 3)
      try slideUpOne(op, unboxed(op, state.pointee.vtype.sew))
    case .vfslide1down_vf:
      try requireVectorFloat(widest: 3)
      try slideDownOne(op, unboxed(op, state.pointee.vtype.sew))
    case .vrgather_vv: try gather(op, indexWidth: state.pointee.vtype.sew)
    case .vrgatherei16_vv: try gather(op, indexWidth: 1)
    case .vrgather_vx: try gather(op, index: x[Int(op.rs1)])
    case .vrgather_vi: try gather(op, index: UInt64(UInt32(bitPattern: op.imm)))
    case .vcompress_vm: try compress(op)
    case .vmv1r_v: try moveWhole(op, 1)
    case .vmv2r_v: try moveWhole(op, 2)
    case .vmv4r_v: try moveWhole(op, 4)
    case .vmv8r_v: try moveWhole(op, 8)
    }
  }

  // MARK: Reductions

  /// Result and first operand are element 0; with vl = 0 nothing is written. "V", section 14.1.
  @inline(never)
  private func reduce<K: BinaryKernel>(_ op: Op, _ kernel: K.Type) throws(Trap) {
    let (e, _) = try begin(op)
    if e.count == 0 { return }
    switch e.sew {
    case 0: reduce(e, kernel, UInt8.self, e.vs2)
    case 1: reduce(e, kernel, UInt16.self, e.vs2)
    case 2: reduce(e, kernel, UInt32.self, e.vs2)
    default: reduce(e, kernel, UInt64.self, e.vs2)
    }
  }

  @inline(__always)
  private func reduce<K: BinaryKernel, T: Lane>(_ e: Elements, _ kernel: K.Type, _: T.Type, _ elements: UnsafeMutableRawPointer) {
    e.vd.storeBytes(of: e.reduce(K.self, T.self, elements, from: e.vs1.load(as: T.self)), as: T.self)
  }

  private func widenSum(_ op: Op, signed: Bool) throws(Trap) {
    let (e, _) = try begin(op)
    if e.count == 0 { return }
    switch e.sew {
    case 0: widenSum(e, UInt8.self, UInt16.self, signed)
    case 1: widenSum(e, UInt16.self, UInt32.self, signed)
    default: widenSum(e, UInt32.self, UInt64.self, signed)
    }
  }

  @inline(__always)
  private func widenSum<Narrow: Lane, Wide: Lane>(_ e: Elements, _: Narrow.Type, _: Wide.Type, _ signed: Bool) {
    // Sixteen registers' worth with LMUL 8: the spare pieces are neighbours.
    e.resize(e.vs2, Narrow.self, to: e.spare(0), Wide.self, signed: signed)
    reduce(e, Add.self, Wide.self, e.spare(0))
  }

  // MARK: Masks

  @inline(__always)
  private func masks(_ op: Op, _ logic: (UInt8, UInt8) -> UInt8) throws(Trap) {
    let (e, _) = try begin(op)
    let out = e.spare(0)
    for group in 0..<(e.count + 7) / 8 {
      let a = e.vs2.load(fromByteOffset: group, as: UInt8.self)
      let b = e.vs1.load(fromByteOffset: group, as: UInt8.self)
      out.storeBytes(of: logic(a, b), toByteOffset: group, as: UInt8.self)
    }
    e.commitMask(out)
  }

  private func markFirst(_ op: Op, before: Bool, at: Bool) throws(Trap) {
    let (e, _) = try begin(op)
    let first = e.firstActiveBit(e.vs2) ?? e.count
    let out = e.spare(0)
    out.initializeMemory(as: UInt8.self, repeating: 0, count: (e.count + 7) / 8)
    let set = (before ? 0 : first)..<min(at ? first + 1 : first, e.count)
    for index in set.lowerBound..<max(set.lowerBound, set.upperBound) {
      let byte = out.load(fromByteOffset: index >> 3, as: UInt8.self)
      out.storeBytes(of: byte | 1 << UInt8(index & 7), toByteOffset: index >> 3, as: UInt8.self)
    }
    e.commitMask(out)
  }

  private func count(_ op: Op) throws(Trap) {
    let (e, _) = try begin(op)
    var ones: UInt64 = 0
    for index in 0..<e.count {
      e.set(index, ones, in: e.spare(0))
      if e.isActive(index), Elements.bit(index, of: e.vs2) { ones += 1 }
    }
    e.commit(e.spare(0))
  }

  private func number(_ op: Op) throws(Trap) {
    let (e, _) = try begin(op)
    for index in 0..<e.count { e.set(index, UInt64(index), in: e.spare(0)) }
    e.commit(e.spare(0))
  }

  // MARK: Permutations

  /// Elements below the offset keep their values.
  private func slideUp(_ op: Op, by offset: UInt64) throws(Trap) {
    let (e, _) = try begin(op)
    guard offset < UInt64(e.count) else { return }
    let out = e.spare(0)
    let (size, start) = (e.count << e.sew, Int(offset) << e.sew)
    out.copyMemory(from: e.vd, byteCount: start)
    (out + start).copyMemory(from: e.vs2, byteCount: size - start)
    e.commit(out)
  }

  /// Zero comes in from behind VLMAX, not from behind vl.
  private func slideDown(_ op: Op, by offset: UInt64) throws(Trap) {
    let (e, _) = try begin(op)
    let out = e.spare(0)
    let vlmax = state.pointee.vtype.vlmax(vlenb: e.vlenb)
    let there = min(e.count, vlmax - Int(min(offset, UInt64(vlmax))))
    out.initializeMemory(as: UInt8.self, repeating: 0, count: e.count << e.sew)
    if there > 0 { out.copyMemory(from: e.vs2 + Int(offset) << e.sew, byteCount: there << e.sew) }
    e.commit(out)
  }

  private func slideUpOne(_ op: Op, _ scalar: UInt64) throws(Trap) {
    let (e, _) = try begin(op)
    if e.count == 0 { return }
    let out = e.spare(0)
    (out + 1 << e.sew).copyMemory(from: e.vs2, byteCount: (e.count - 1) << e.sew)
    e.set(0, scalar, in: out)
    e.commit(out)
  }

  private func slideDownOne(_ op: Op, _ scalar: UInt64) throws(Trap) {
    let (e, _) = try begin(op)
    if e.count == 0 { return }
    let out = e.spare(0)
    out.copyMemory(from: e.vs2 + 1 << e.sew, byteCount: (e.count - 1) << e.sew)
    e.set(e.count - 1, scalar, in: out)
    e.commit(out)
  }

  /// - Parameter indexWidth: log2 of the bytes of an index.
  private func gather(_ op: Op, indexWidth: Int) throws(Trap) {
    let (e, _) = try begin(op)
    let vlmax = UInt64(state.pointee.vtype.vlmax(vlenb: e.vlenb))
    for index in 0..<e.count {
      let from = Elements.element(index, of: e.vs1, width: indexWidth)
      e.set(index, from < vlmax ? Elements.element(Int(from), of: e.vs2, width: e.sew) : 0, in: e.spare(0))
    }
    e.commit(e.spare(0))
  }

  private func gather(_ op: Op, index: UInt64) throws(Trap) {
    let (e, _) = try begin(op)
    let vlmax = UInt64(state.pointee.vtype.vlmax(vlenb: e.vlenb))
    let value = index < vlmax ? Elements.element(Int(index), of: e.vs2, width: e.sew) : 0
    for index in 0..<e.count { e.set(index, value, in: e.spare(0)) }
    e.commit(e.spare(0))
  }

  /// What lies behind the last element that is written belongs to the tail.
  private func compress(_ op: Op) throws(Trap) {
    let (e, _) = try begin(op)
    var written = 0
    for index in 0..<e.count where Elements.bit(index, of: e.vs1) {
      e.set(written, Elements.element(index, of: e.vs2, width: e.sew), in: e.spare(0))
      written += 1
    }
    e.vd.copyMemory(from: e.spare(0), byteCount: written << e.sew)
  }

  private func moveWhole(_ op: Op, _ registers: Int) throws(Trap) {
    let (e, _) = try begin(op)
    e.vd.copyMemory(from: e.vs2, byteCount: registers * e.vlenb)
  }
}
