import RVDecoder

/// Elements that the policies leave open, overwritten with ones after the instruction: `--agnostic ones`. "V", section 3.4.3.
///
/// The tail of a group of registers goes to the end of its last register, where LMUL is a fraction too. With vl = 0, or vstart not below
/// vl, nothing is written. Tails of masks are agnostic whatever vtype says.
extension Hart {
  /// Executes a vector instruction, and fills what it leaves open if that is wanted.
  @inline(__always)
  func filling(_ op: Op, _ body: () throws(Trap) -> Void) throws(Trap) {
    guard _slowPath(state.pointee.fillsAgnostic) else { return try body() }
    let fill = AgnosticFill(op, self)
    try body()
    fill?.apply(to: self)
  }
}

/// What an instruction leaves open, as it was found before: the instruction may overwrite the mask.
private struct AgnosticFill {
  private let operands: VectorOperands
  private let vd: Int
  private let type: VectorType
  /// With a mask bit for each element; four of them leave nothing open.
  private let isMasked: Bool
  /// v0 before the instruction.
  private let mask: [UInt8]
  /// Elements before it keep their values.
  private let first: Int
  private let fields: Int
  private let isMaskLoad: Bool
  private let isCompress: Bool
  private let vs1: Int

  /// - Returns: `nil` where nothing is left open.
  init?(_ op: Op, _ hart: Hart) {
    let s = hart.state
    operands = hart.vectorOperands[Int(op.id)]
    type = s.pointee.vtype
    guard operands.vd.isPresent, operands.writes, operands.whole == 0, !type.isIllegal, s.pointee.vstart < s.pointee.vl else { return nil }
    vd = Int(op.rd)
    vs1 = Int(op.rs1)
    isMasked = op.aux & 1 == 0 && !operands.masksProducts
    mask = isMasked ? Array(hart.vectorBytes[..<Int(s.pointee.vlenb)]) : []
    fields = operands.hasFields ? Int(op.imm) + 1 : 1
    var start = s.pointee.vstart
    switch op.row {
    // What is below the offset is no part of the result.
    case .vp(.vslideup_vx): start = max(start, s.x[Int(op.rs1)])
    case .vp(.vslideup_vi): start = max(start, UInt64(UInt32(bitPattern: op.imm)))
    default: break
    }
    first = Int(min(start, s.pointee.vl))
    isMaskLoad = op.row == .vl(.vlm_v)
    isCompress = op.row == .vp(.vcompress_vm)
  }

  func apply(to hart: Hart) {
    let s = hart.state
    let (vlenb, bytes) = (Int(s.pointee.vlenb), hart.vectorBytes)
    // A load that stops at its first fault has made vl smaller.
    var vl = Int(s.pointee.vl)
    if isMaskLoad { return ones(bytes, from: vd * vlenb + (vl + 7) / 8, to: (vd + 1) * vlenb) }
    if operands.vd.width == VectorOperands.Operand.bit { return fillMask(bytes, vl, vlenb) }
    if isCompress { vl = (0..<vl).count { bytes[vs1 * vlenb + $0 / 8] >> UInt8($0 % 8) & 1 != 0 } }
    guard let (emul, eew) = operands.vd.size(type, elen: 3) else { return }
    if operands.vd.width == VectorOperands.Operand.element {
      if type.tailAgnostic { ones(bytes, from: vd * vlenb + 1 << eew, to: (vd + 1) * vlenb) }
      return
    }
    for field in 0..<fields {
      let group = vd * vlenb + field * (vlenb << max(emul, 0))
      if isMasked, type.maskAgnostic {
        for index in first..<max(first, vl) where !isActive(index) {
          ones(bytes, from: group + index << eew, to: group + (index + 1) << eew)
        }
      }
      if type.tailAgnostic { ones(bytes, from: group + vl << eew, to: group + vlenb << max(emul, 0)) }
    }
  }

  private func isActive(_ index: Int) -> Bool { mask[index / 8] >> UInt8(index % 8) & 1 != 0 }

  private func fillMask(_ bytes: UnsafeMutableRawBufferPointer, _ vl: Int, _ vlenb: Int) {
    for index in 0..<vlenb * 8 where index >= vl || isMasked && type.maskAgnostic && !isActive(index) {
      bytes[vd * vlenb + index / 8] |= 1 << UInt8(index % 8)
    }
  }

  private func ones(_ bytes: UnsafeMutableRawBufferPointer, from start: Int, to end: Int) {
    for at in start..<max(start, end) { bytes[at] = 0xff }
  }
}
