import RVDecoder
import RVExec

/// Why a vector instruction is reserved, or may not be executed now.
enum VectorReserved: Int, CaseIterable, Sendable {
  /// vtype holds vill.
  case type
  /// The instruction has no such SEW, or an operand's EEW or EMUL does not exist.
  case size
  /// A register group's number is no multiple of its EMUL.
  case destinationAlignment, secondAlignment, firstAlignment
  /// v0 is the destination and the mask.
  case mask
  /// A source lies over the destination as it may not.
  case secondOverlap, firstOverlap
  /// Segments that need more than eight registers, or go beyond v31.
  case fields
  /// vstart is not 0. (A choice of Spike's.)
  case start
  /// frm holds no rounding mode.
  case rounding
  /// vl or VLMAX does not hold whole element groups.
  case group
  /// mstatus.VS is off.
  case off

  var name: String {
    switch self {
    case .type: "vill"
    case .size: "SEW and LMUL"
    case .destinationAlignment: "vd not aligned"
    case .secondAlignment: "vs2 not aligned"
    case .firstAlignment: "vs1 not aligned"
    case .mask: "vd over the mask"
    case .secondOverlap: "vs2 over vd"
    case .firstOverlap: "vs1 over vd"
    case .fields: "too many fields"
    case .start: "vstart > 0"
    case .rounding: "no rounding mode"
    case .group: "vl no multiple of the group"
    case .off: "VS off"
    }
  }

  /// Those that lie in the word and vtype.
  static let ofOperands: [VectorReserved] = [
    .size, .destinationAlignment, .secondAlignment, .firstAlignment, .mask, .secondOverlap, .firstOverlap, .fields,
  ]

  /// Why a word is reserved under a type that is not vill; `nil`: it is not.
  static func reason(_ row: RowInfo, _ op: Op, _ type: VectorType, isa: ISA, elen: Int, vlenb: Int) -> VectorReserved? {
    let operands = VectorOperands.shared[Int(row.id)]
    if operands.whole != 0 { return nil }
    guard VectorCells.takes(row, type, isa: isa, vlenb: vlenb) else { return .size }
    if operands.allow(op, type, elen: elen) { return nil }
    let all = [
      (operands.vd, op.rd, destinationAlignment), (operands.vs2, op.rs2, .secondAlignment),
      (operands.vs1, op.rs1, .firstAlignment),
    ]
    for (operand, _, _) in all where operand.isPresent && operand.size(type, elen: elen) == nil { return .size }
    for (operand, number, reason) in all where operand.isPresent {
      let emul = operand.size(type, elen: elen)?.emul ?? 0
      if operand.width >= -1, Int(number) & (1 << max(emul, 0) - 1) != 0 { return reason }
    }
    if operands.hasFields, let emul = operands.vd.size(type, elen: elen)?.emul {
      let length = (Int(op.imm) + 1) << max(emul, 0)
      if length > 8 || Int(op.rd) + length > 32 { return .fields }
    }
    if op.rd == 0, op.aux & 1 == 0 || operands.readsCarries, operands.writes {
      // The same elsewhere: is it the mask?
      var apart = operands
      apart.readsCarries = false
      var unmasked = op
      unmasked.aux |= 1
      if apart.allow(unmasked, type, elen: elen) { return .mask }
    }
    var without = operands
    without.vs2.isPresent = false
    if !without.allow(op, type, elen: elen) { return .firstOverlap }
    return .secondOverlap
  }

  /// Which of ``ofOperands`` a row can show, by trying numbers and types.
  static func possible(_ row: RowInfo, isa: ISA, elen: Int, vlenb: Int, decoder: Decoder) -> Set<VectorReserved> {
    let operands = VectorOperands.shared[Int(row.id)]
    guard operands.whole == 0, row.work != .vset else { return [] }
    var found = Set<VectorReserved>()
    for type in VectorCells.types(elen: elen) {
      for number in UInt32(0)..<32 {
        for (vd, vs2, vs1) in [(number, 16, 24), (8, number, 24), (8, 16, number)] as [(UInt32, UInt32, UInt32)] {
          for high in [0, 1 << 25, 7 << 29] as [UInt32] where high >> 29 == 0 || operands.hasFields {
            let bits = high | vs2 << 20 | vs1 << 15 | vd << 7
            guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { continue }
            if let reason = reason(row, decoder.decode(word), type, isa: isa, elen: elen, vlenb: vlenb) { found.insert(reason) }
          }
        }
      }
    }
    return found
  }
}
