/// Turns words into assembly, in the words of llvm-objdump 21 (`-d`, with and without `-M no-aliases`).
///
/// It differs from llvm in these alone, all of them words that the manuals reserve or that rvsim does not have:
///
/// | word | here | llvm | why |
/// |---|---|---|---|
/// | `fence`, `fence.tso`, `fence.i` with other bits set | as without them | `<unknown>` | the manual wants them ignored |
/// | `aes64ks1i` with a number above 10 | `<unknown>` | printed | the manual reserves them |
/// | `dret`, `hinval.*` and other instructions of the debugger and the hypervisor | `<unknown>` | printed | not in rvsim |
public struct Disassembler: Sendable {
  /// What stands between a mnemonic and its operands.
  public enum Separator: String, Sendable {
    case tab = "\t"
    case blank = " "
  }

  private let decoder: Decoder
  private let aliases: Bool
  private let separator: Separator

  /// - Parameters:
  ///   - aliases: `li`, `ret` and compressed instructions as what they stand for; else every instruction as itself.
  ///   - isa: words that it does not bring are `<unknown>`.
  public init(aliases: Bool = true, isa: ISA = .known, separator: Separator = .tab) {
    decoder = Decoder(isa: isa)
    self.aliases = aliases
    self.separator = separator
  }

  /// The assembly of a word at an address.
  ///
  /// - Parameter symbol: what to print between `<>` behind the target of a jump or branch.
  public func text(_ word: UInt32, pc: UInt64 = 0, symbol: (UInt64) -> String? = { _ in nil }) -> String {
    guard let row = decoder.row(for: word) else {
      guard word & 0xffff == 0 else { return "<unknown>" }
      return aliases ? "unimp" : "c.unimp"
    }
    var (mnemonic, operands) = assembly(row, row.operands(of: word & (row.isCompressed ? 0xffff : ~0)), pc, symbol)
    if row.isCompressed, isZeroShift(row, word) {
      mnemonic += "64"
      operands.removeLast()
    } else if row.isCompressed, aliases, !isHint(row, word) {
      if row.mnemonic == "c.mv" {
        mnemonic = "mv"
      } else {
        let op = decoder.decode(word)
        (mnemonic, operands) = assembly(InstructionTable.shared.rows[Int(op.id)], Operands(op), pc, symbol)
      }
    } else if row.mnemonic == "c.nop", operands == ["0x0"] {
      operands = []
    }
    if aliases { (mnemonic, operands) = Aliases.apply(mnemonic, operands) }
    if operands.isEmpty { return mnemonic }
    return mnemonic + separator.rawValue + operands.joined(separator: ", ")
  }

  /// A compressed shift by 0.
  private func isZeroShift(_ row: RowInfo, _ word: UInt32) -> Bool {
    ["c.slli", "c.srli", "c.srai"].contains(row.mnemonic) && row.operands(of: word).imm == 0
  }

  /// A compressed instruction that changes nothing, and is no nop.
  private func isHint(_ row: RowInfo, _ word: UInt32) -> Bool {
    guard row.work == .alu else { return false }
    let op = decoder.decode(word)
    switch row.mnemonic {
    case "c.nop": return op.imm != 0
    case "c.addi": return op.imm == 0
    default: return op.rd == Op.sink
    }
  }

  private func assembly(
    _ row: RowInfo, _ operands: Operands, _ pc: UInt64, _ symbol: (UInt64) -> String?
  ) -> (mnemonic: String, operands: [String]) {
    var mnemonic = row.mnemonic
    if mnemonic.utf8.last == UInt8(ascii: "N") {
      mnemonic = mnemonic.dropLast() + "\(operands.imm)"
    } else if let place = mnemonic.utf8.firstIndex(of: UInt8(ascii: "N")) {
      mnemonic.replaceSubrange(place...place, with: "\(operands.imm + 1)")
    }
    if row.work == .atomic { mnemonic += ["", ".rl", ".aq", ".aqrl"][Int(operands.aux & 3)] }
    // llvm prints this hint as the fence that it is, unless aliases are on.
    if mnemonic == "pause" { return ("fence", ["w", "0"]) }
    return (mnemonic, row.operands.compactMap { text($0, row, operands, pc, symbol) })
  }

  private func text(_ operand: Operand, _ row: RowInfo, _ o: Operands, _ pc: UInt64, _ symbol: (UInt64) -> String?) -> String? {
    switch operand {
    case .register(let slot, let file):
      return switch file {
      case .x: Register.x(o[slot])
      case .f: Register.f(o[slot])
      case .v: "v\(o[slot])"
      case .m: row.matrixRegisters[Int(o[slot] & 7)]
      }
    case .fixed(let number): return Register.x(number)
    case .literal(let number): return hex(Int64(number))
    case .immediate: return hex(Int64(o.imm))
    case .upper: return hex(Int64(UInt32(bitPattern: o.imm) >> 12))
    case .target:
      let target = pc &+ UInt64(bitPattern: Int64(o.imm))
      return "0x" + String(target, radix: 16) + (symbol(target).map { " <\($0)>" } ?? "")
    case .memory(let base, let offset):
      let register = base == .rs1 ? Register.x(o.rs1) : "sp"
      return offset ? "\(hex(Int64(o.imm)))(\(register))" : "(\(register))"
    case .csr: return CSRNames.name(of: Int(o.imm), in: decoder.extensions) ?? hex(Int64(o.imm))
    case .number: return hex(Int64(o.rs1))
    case .constant: return Self.constants[Int(o.rs1 & 31)]
    case .roundingMode: return aliases && o.aux == 7 ? nil : Self.roundingModes[Int(o.aux & 7)]
    case .exactRoundingMode: return o.aux == 0 ? nil : Self.roundingModes[Int(o.aux & 7)]
    case .towardsZero: return "rtz"
    case .predecessors: return accesses(o.aux >> 4)
    case .successors: return accesses(o.aux & 15)
    case .aux: return hex(Int64(o.aux))
    case .mask: return o.aux & 1 == 0 ? "v0.t" : nil
    case .carry: return "v0"
    case .row(let slot, let index):
      return row.matrixRegisters[Int(o[slot] & 7)] + "[" + (index.map { Register.x(o[$0]) } ?? "\(o.imm)") + "]"
    case .vectorType: return vectorType(UInt32(bitPattern: o.imm))
    }
  }

  private func hex(_ value: Int64) -> String { (value < 0 ? "-0x" : "0x") + String(value.magnitude, radix: 16) }

  /// A number where it is reserved.
  private func vectorType(_ vtype: UInt32) -> String {
    let lmul = vtype & 7
    let sew = vtype >> 3 & 7
    guard vtype >> 8 == 0, lmul != 4, sew < 4 else { return hex(Int64(vtype)) }
    return "e\(8 << sew), \(["m1", "m2", "m4", "m8", "", "mf8", "mf4", "mf2"][Int(lmul)])"
      + (vtype & 64 == 0 ? ", tu" : ", ta") + (vtype & 128 == 0 ? ", mu" : ", ma")
  }

  private func accesses(_ bits: UInt8) -> String {
    if bits & 15 == 0 { return "0" }
    return zip("iorw", [8, 4, 2, 1] as [UInt8]).filter { bits & $0.1 != 0 }.map { String($0.0) }.joined()
  }

  private static let roundingModes = ["rne", "rtz", "rdn", "rup", "rmm", "5", "6", "dyn"]

  /// The constants of Zfa, as assemblers write them.
  static let constants = [
    "-1.0", "min", "1.52587890625e-05", "3.0517578125e-05", "0.00390625", "0.0078125", "0.0625", "0.125", "0.25", "0.3125",
    "0.375", "0.4375", "0.5", "0.625", "0.75", "0.875", "1.0", "1.25", "1.5", "1.75", "2.0", "2.5", "3.0", "4.0", "8.0",
    "16.0", "128.0", "256.0", "32768.0", "65536.0", "inf", "nan",
  ]
}

/// Names of registers in the calling convention.
public enum Register {
  private static let xNames = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3",
    "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
  ]
  private static let fNames = [
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5", "fa6",
    "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
  ]

  /// The name of xn; the sink is x0.
  public static func x(_ number: UInt8) -> String { number < 32 ? xNames[Int(number)] : xNames[0] }
  /// The name of fn.
  public static func f(_ number: UInt8) -> String { fNames[Int(number & 31)] }
}
