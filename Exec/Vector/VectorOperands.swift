import RVDecoder

/// The vector operands of a row, ready to be checked each time that it is executed: from the row's shapes and nothing else.
package struct VectorOperands: Sendable {
  /// How wide the elements of an operand are and how many registers they take.
  package struct Operand: Sendable {
    /// Added to log2 of SEW and LMUL both (`twice`, `fraction`); or, when `width` is not negative, EEW is `width`.
    package var delta: Int8 = 0
    /// log2 of EEW in bytes; -1: SEW and `delta`; -2: one bit in one register; -3: an element in one register; -4: an element group of SEW bits
    /// each, whose registers are checked where it is used.
    package var width: Int8 = -1
    package var isPresent = false
    /// May not overlap the destination at all.
    package var standsApart = false

    package static let bit: Int8 = -2
    package static let element: Int8 = -3
    package static let group: Int8 = -4
  }

  /// What stands in the place of vs1.
  package enum Source: UInt8, Sendable { case none, vector, x, f, immediate }

  package var vd = Operand()
  package var vs1 = Operand()
  package var vs2 = Operand()
  package var source = Source.none
  /// Whether vd is written; a store's is read.
  package var writes = false
  /// Registers of a whole-register move, load or store, which vtype does not concern; 0 for others.
  package var whole: UInt8 = 0
  /// It has as many groups at vd as nf says.
  package var hasFields = false
  /// A masked one may write v0: its destination is a mask or the result of a reduction.
  var mayWriteMask = false
  /// v0 is an operand, so it cannot be the destination as well, unless that is a mask.
  package var readsCarries = false
  /// A memory access: vstart may be any.
  var resumes = false
  /// v0 has a bit for each of the four products of an element. XTheadVdot, "th.vmaqa.vv".
  var masksProducts = false

  init(_ row: RowInfo) {
    for use in row.uses {
      switch (use.file, use.slot) {
      case (.v, .rd):
        vd = Operand(use)
        writes = use.isWritten
        if case .whole(let count) = use.shape { whole = count }
        if case .fields = use.shape { hasFields = true }
        mayWriteMask = vd.width == Operand.element || vd.width == Operand.bit && row.work != .vmaskset
      case (.v, .rs1):
        vs1 = Operand(use)
        source = .vector
      case (.v, _): vs2 = Operand(use)
      case (.x, .rs1): source = .x
      case (.f, .rs1): source = .f
      default: break
      }
    }
    if source == .none, row.operands.contains(.immediate) { source = .immediate }
    readsCarries = row.operands.contains(.carry)
    if case .vl = row.row { resumes = true }
    masksProducts = row.needs.contains { $0.contains(.xtheadvdot) }
  }

  /// Those of all rows, by ``Op/id``; rows without vector operands have empty ones. They live as long as the process.
  package nonisolated(unsafe) static let shared: UnsafePointer<VectorOperands> = {
    let rows = InstructionTable.shared.rows
    let all = UnsafeMutablePointer<VectorOperands>.allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() { (all + index).initialize(to: VectorOperands(row)) }
    return UnsafePointer(all)
  }()
}

extension VectorOperands.Operand {
  fileprivate init(_ use: RegisterUse) {
    isPresent = true
    standsApart = use.standsApart
    switch use.shape {
    case .group, .whole, .pair, nil: break
    // One key for all groups of the destination may not be one of them.
    case .elementGroup:
      width = Self.group
      standsApart = true
    case .twice: delta = 1
    case .fraction(let divisor): delta = -Int8(divisor.trailingZeroBitCount)
    case .mask, .maskBytes: width = Self.bit
    case .single: width = Self.element
    case .wideSingle:
      width = Self.element
      delta = 1
    case .fixed(let bits): width = Int8((bits / 8).trailingZeroBitCount)
    case .fields(let bits): if bits != 0 { width = Int8((bits / 8).trailingZeroBitCount) }
    }
  }

  /// log2 of EMUL and of EEW in bytes; `nil` when there is no such register group.
  @inline(__always)
  package func size(_ type: VectorType, elen: Int) -> (emul: Int, eew: Int)? {
    switch width {
    case Self.bit: return (0, -3)
    case Self.element:
      let eew = type.sew + Int(delta)
      return eew <= elen ? (0, eew) : nil
    case Self.group: return (0, type.sew)
    case -1:
      let (emul, eew) = (type.lmul + Int(delta), type.sew + Int(delta))
      return emul >= -3 && emul <= 3 && eew >= 0 && eew <= elen ? (emul, eew) : nil
    default:
      let eew = Int(width)
      let emul = eew - type.sew + type.lmul
      return emul >= -3 && emul <= 3 && eew <= elen ? (emul, eew) : nil
    }
  }
}

extension VectorOperands {
  /// Whether vtype allows the op: EMUL and EEW exist, groups are aligned, sources overlap the destination only as they may, and v0 is not
  /// overwritten while it is the mask. "V", sections 3.4.2, 5.2, 5.3.
  package func allow(_ op: Op, _ type: VectorType, elen: Int) -> Bool {
    // Numbers of whole registers are aligned wherever they decode.
    if whole != 0 { return true }
    guard vd.isPresent else { return allowSource(vs2, op.rs2, type, elen) && allowSource(vs1, op.rs1, type, elen) }
    guard let (emul, eew) = vd.size(type, elen: elen) else { return false }
    let length = 1 << max(emul, 0)
    guard Int(op.rd) & (length - 1) == 0 || vd.width < -1 else { return false }
    if hasFields {
      let fields = Int(op.imm) + 1
      guard fields * length <= 8, Int(op.rd) + fields * length <= 32 else { return false }
    }
    if writes, op.aux & 1 == 0 || readsCarries, op.rd == 0, !mayWriteMask { return false }
    return allow(vs2, op.rs2, op, type, elen, emul, eew) && allow(vs1, op.rs1, op, type, elen, emul, eew)
  }

  private func allowSource(_ source: Operand, _ number: UInt8, _ type: VectorType, _ elen: Int) -> Bool {
    guard source.isPresent else { return true }
    guard let (emul, _) = source.size(type, elen: elen) else { return false }
    return Int(number) & ((1 << max(emul, 0)) - 1) == 0
  }

  private func allow(
    _ source: Operand, _ number: UInt8, _ op: Op, _ type: VectorType, _ elen: Int, _ emul: Int, _ eew: Int
  ) -> Bool {
    guard source.isPresent else { return true }
    guard let (sourceMUL, sourceEEW) = source.size(type, elen: elen) else { return false }
    let length = 1 << max(sourceMUL, 0)
    let first = Int(number)
    guard first & (length - 1) == 0 else { return false }
    // What a reduction writes and reads beside its vector is a scalar.
    guard writes, vd.width != Operand.element, source.width != Operand.element else { return true }
    let target = Int(op.rd)
    let fields = hasFields ? Int(op.imm) + 1 : 1
    let targetEnd = target + fields << max(emul, 0)
    if first + length <= target || targetEnd <= first { return true }
    if source.standsApart || fields > 1 { return false }
    if eew == sourceEEW { return true }
    // Narrower results may lie over the beginning of their source, wider ones so that the source is their end.
    return eew < sourceEEW ? target == first : sourceMUL >= 0 && first + length == targetEnd && first > target
  }
}
