import RVDecoder

/// How the generator makes an instruction of a row, and what it counts there.
enum RowKind: Sendable {
  /// Any operands will do.
  case plain
  /// A jump or branch to a place that is known beforehand.
  case direct
  /// jalr and its short forms.
  case indirect
  /// Bytes of the access.
  case memory(width: Int)
  case atomic(width: Int)
  case block
  case csr
  case float(FloatShape)
  /// ecall and ebreak.
  case call
  case mret
  case sret
  /// Fences of page tables: in machine mode they do nothing here, in user mode they trap.
  case fence
  /// Waiting for interrupts: only where it traps.
  case wfi

  init(_ row: RowInfo) {
    switch row.row {
    case .s(.ecall), .s(.ebreak): self = .call
    case .s(.mret): self = .mret
    case .s(.wfi): self = .wfi
    case .s(.sret): self = .sret
    case .s(.sfence_vma), .s(.sinval_vma), .s(.sfence_w_inval), .s(.sfence_inval_ir): self = .fence
    case .s(.cbo_clean), .s(.cbo_flush), .s(.cbo_inval), .s(.cbo_zero): self = .block
    case .core(.jalr): self = .indirect
    default:
      switch row.work {
      case .branch, .jump: self = .direct
      case .load, .store: self = .memory(width: Self.width(row))
      case .atomic: self = .atomic(width: Self.width(row))
      case .csr: self = .csr
      case .fadd, .fmul, .fma, .fdiv, .fsqrt, .fcvt, .fcmp, .fmove, .fminmax: self = .float(FloatShape(row))
      default: self = .plain
      }
    }
  }

  /// Bytes of an access, by the mnemonic of the row (or the row it stands for).
  private static func width(_ row: RowInfo) -> Int {
    let name = row.base.map { InstructionTable.shared.rows[Int($0)].mnemonic } ?? row.mnemonic
    if row.work == .atomic {
      switch name.last {
      case "b": return 1
      case "h": return 2
      case "w": return 4
      case "q": return 16
      default: return 8
      }
    }
    switch name {
    case "lb", "lbu", "sb": return 1
    case "lh", "lhu", "sh", "flh", "fsh": return 2
    case "lw", "lwu", "sw", "flw", "fsw": return 4
    default: return 8
    }
  }
}
