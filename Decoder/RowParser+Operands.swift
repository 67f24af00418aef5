extension RowParser {
  /// The second column.
  func operands(_ column: RowText) throws(RowError) -> [Operand] {
    var result: [Operand] = []
    for token in column.parts(",") where !token.isEmpty { result.append(try operand(token.trimmed)) }
    return result
  }

  private func operand(_ token: RowText) throws(RowError) -> Operand {
    if let bracket = token.firstIndex(of: UInt8(ascii: "[")), token.last == UInt8(ascii: "]"),
      let (slot, file, marks) = Self.register(token.prefix(bracket)), marks.isEmpty, file == .m
    {
      switch token.dropFirst(bracket + 1).dropLast() {
      case "uimm": return .row(slot, index: nil)
      case "rs3": return .row(slot, index: .rs3)
      default: throw error("operand '\(token)' names no row")
      }
    }
    if let (slot, file, marks) = Self.register(token), marks.isEmpty {
      guard uses.contains(where: { $0.slot == slot && $0.file == file }) else {
        throw error("operand '\(token)' is not among the bits")
      }
      return .register(slot, file)
    }
    switch token {
    case "vm": return .mask
    case "imm", "uimm": return .immediate
    case "upper": return .upper
    case "target": return .target
    case "imm(rs1)", "uimm(rs1)": return .memory(base: .rs1, offset: true)
    case "uimm(sp)": return .memory(base: .stackPointer, offset: true)
    case "(rs1)": return .memory(base: .rs1, offset: false)
    case "sp": return .fixed(2)
    case "csr": return .csr
    case "zimm": return .number
    case "fli": return .constant
    case "rm": return .roundingMode
    case "rm=rne": return .exactRoundingMode
    case "rtz": return .towardsZero
    case "pred": return .predecessors
    case "succ": return .successors
    case "bs", "rnum", "lsb": return .aux
    case "v0": return .carry
    case "vtype": return .vectorType
    case "3": return .literal(3)
    case "4": return .literal(4)
    default: throw error("unknown operand '\(token)'")
    }
  }
}
