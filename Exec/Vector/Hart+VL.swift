import RVDecoder

/// Vector loads and stores. "V", chapter 7. Elements are accessed in order, those of "unordered" instructions too.
extension Hart {
  @inline(never)
  func execute<M: GuestMemory, W: Watch>(_ instruction: VL, _ op: Op, _ m: M, _ watch: inout W) throws(Trap) {
    switch instruction {
    case .vle8_v, .vle16_v, .vle32_v, .vle64_v, .vlsegNe8_v, .vlsegNe16_v, .vlsegNe32_v, .vlsegNe64_v:
      try access(op, .load, m, &watch)
    case .vse8_v, .vse16_v, .vse32_v, .vse64_v, .vssegNe8_v, .vssegNe16_v, .vssegNe32_v, .vssegNe64_v:
      try access(op, .store, m, &watch)
    case .vle8ff_v, .vle16ff_v, .vle32ff_v, .vle64ff_v, .vlsegNe8ff_v, .vlsegNe16ff_v, .vlsegNe32ff_v, .vlsegNe64ff_v:
      try access(op, .loadFaultOnlyFirst, m, &watch)
    case .vlm_v: try access(op, .loadMask, m, &watch)
    case .vsm_v: try access(op, .storeMask, m, &watch)
    case .vlse8_v, .vlse16_v, .vlse32_v, .vlse64_v, .vlssegNe8_v, .vlssegNe16_v, .vlssegNe32_v, .vlssegNe64_v:
      try access(op, .loadStrided, m, &watch)
    case .vsse8_v, .vsse16_v, .vsse32_v, .vsse64_v, .vsssegNe8_v, .vsssegNe16_v, .vsssegNe32_v, .vsssegNe64_v:
      try access(op, .storeStrided, m, &watch)
    case .vluxei8_v, .vluxei16_v, .vluxei32_v, .vluxei64_v, .vloxei8_v, .vloxei16_v, .vloxei32_v, .vloxei64_v,
      .vluxsegNei8_v, .vluxsegNei16_v, .vluxsegNei32_v, .vluxsegNei64_v,
      .vloxsegNei8_v, .vloxsegNei16_v, .vloxsegNei32_v, .vloxsegNei64_v:
      try access(op, .loadIndexed, m, &watch)
    case .vsuxei8_v, .vsuxei16_v, .vsuxei32_v, .vsuxei64_v, .vsoxei8_v, .vsoxei16_v, .vsoxei32_v, .vsoxei64_v,
      .vsuxsegNei8_v, .vsuxsegNei16_v, .vsuxsegNei32_v, .vsuxsegNei64_v,
      .vsoxsegNei8_v, .vsoxsegNei16_v, .vsoxsegNei32_v, .vsoxsegNei64_v:
      try access(op, .storeIndexed, m, &watch)
    case .vl1re8_v, .vl2re8_v, .vl4re8_v, .vl8re8_v: try whole(op, 0, isStore: false, m, &watch)
    case .vl1re16_v, .vl2re16_v, .vl4re16_v, .vl8re16_v: try whole(op, 1, isStore: false, m, &watch)
    case .vl1re32_v, .vl2re32_v, .vl4re32_v, .vl8re32_v: try whole(op, 2, isStore: false, m, &watch)
    case .vl1re64_v, .vl2re64_v, .vl4re64_v, .vl8re64_v: try whole(op, 3, isStore: false, m, &watch)
    case .vs1r_v, .vs2r_v, .vs4r_v, .vs8r_v: try whole(op, 0, isStore: true, m, &watch)
    }
    state.pointee.vstart = 0
  }

  /// Where vtype decides how many elements there are and which registers they fill.
  @inline(never)
  private func access<M: GuestMemory, W: Watch>(_ op: Op, _ how: VectorAccess, _ m: M, _ watch: inout W) throws(Trap) {
    let (e, _) = try begin(op)
    let operands = vectorOperands + Int(op.id)
    let type = state.pointee.vtype
    let width = how.isMask ? 0 : how.addressing == .indexed ? e.sew : Int(operands.pointee.vd.width)
    let count = how.isMask ? (e.count + 7) / 8 : e.count
    let fields = operands.pointee.hasFields ? Int(op.imm) + 1 : 1
    let spacing = e.vlenb << max(width - type.sew + type.lmul, 0)
    let base = state.x[Int(op.rs1)]
    let stride = how.addressing == .strided ? state.x[Int(op.rs2)] : UInt64(fields << width)
    if how.addressing == .unitStride, fields == 1, !e.isMasked || how.isMask, state.pointee.vstart == 0 {
      if block(base, count << width, e.vd, width: width, isStore: how.isStore, m, &watch) { return }
    }
    let indexWidth = Int(operands.pointee.vs2.width)
    var index = Int(min(state.pointee.vstart, UInt64(count)))
    while index < count {
      if how.isMask || e.isActive(index) {
        var address = base &+ stride &* UInt64(index)
        if how.addressing == .indexed { address = base &+ Elements.element(index, of: e.vs2, width: indexWidth) }
        var field = 0
        do throws(Trap) {
          while field < fields {
            try element(address &+ UInt64(field << width), e.vd + field * spacing, index, width, how.isStore, m, &watch)
            field += 1
          }
        } catch {
          if how.faultOnlyFirst, index > 0 {
            state.pointee.vl = UInt64(index)
            return
          }
          state.pointee.vstart = UInt64(index)
          throw error
        }
      }
      index += 1
    }
  }

  /// Whole registers, whatever vtype is, as elements of `1 << width` bytes.
  @inline(never)
  private func whole<M: GuestMemory, W: Watch>(_ op: Op, _ width: Int, isStore: Bool, _ m: M, _ watch: inout W) throws(Trap) {
    let s = state
    guard s.pointee.vs != 0, width <= Int(s.pointee.elen), let file = s.pointee.vectors else { throw Trap(.illegalInstruction) }
    s.pointee.vs = 3
    let vlenb = Int(s.pointee.vlenb)
    let registers = file + Int(op.rd) * vlenb
    let size = Int(vectorOperands[Int(op.id)].whole) * vlenb
    let base = s.x[Int(op.rs1)]
    if s.pointee.vstart == 0, block(base, size, registers, width: width, isStore: isStore, m, &watch) { return }
    var index = Int(min(s.pointee.vstart, UInt64(size >> width)))
    while index < size >> width {
      do throws(Trap) {
        try element(base &+ UInt64(index << width), registers, index, width, isStore, m, &watch)
      } catch {
        s.pointee.vstart = UInt64(index)
        throw error
      }
      index += 1
    }
  }

  /// Neighbouring bytes at once, if all of them are ordinary memory.
  @inline(__always)
  private func block<M: GuestMemory, W: Watch>(
    _ address: UInt64, _ length: Int, _ registers: UnsafeMutableRawPointer, width: Int, isStore: Bool, _ m: M, _ watch: inout W
  ) -> Bool {
    guard length > 0, address & UInt64(1 << width - 1) == 0,
      let memory = m.plainMemory(address, length: length, forStore: isStore)
    else { return false }
    if isStore {
      memory.copyMemory(from: registers, byteCount: length)
    } else {
      registers.copyMemory(from: memory, byteCount: length)
    }
    watch.elements(address, count: length >> width, width: 1 << width, isStore: isStore)
    return true
  }

  @inline(__always)
  private func element<M: GuestMemory, W: Watch>(
    _ address: UInt64, _ group: UnsafeMutableRawPointer, _ index: Int, _ width: Int, _ isStore: Bool, _ m: M, _ watch: inout W
  ) throws(Trap) {
    if isStore {
      let value = Elements.element(index, of: group, width: width)
      switch width {
      case 0: try m.storeAndGoOn(address, UInt8(truncatingIfNeeded: value))
      case 1: try m.storeAndGoOn(address, UInt16(truncatingIfNeeded: value))
      case 2: try m.storeAndGoOn(address, UInt32(truncatingIfNeeded: value))
      default: try m.storeAndGoOn(address, value)
      }
    } else {
      let value: UInt64 =
        switch width {
        case 0: UInt64(try m.load(address, as: UInt8.self))
        case 1: UInt64(try m.load(address, as: UInt16.self))
        case 2: UInt64(try m.load(address, as: UInt32.self))
        default: try m.load(address, as: UInt64.self)
        }
      Elements.store(value, index, of: group, width: width)
    }
    watch.elements(address, count: 1, width: 1 << width, isStore: isStore)
  }
}
