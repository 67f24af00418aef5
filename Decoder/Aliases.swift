/// Aliases of assembly: how disassembly names frequent forms of an instruction.
///
/// A line is a pattern of canonical assembly and what to print for it. `rd rs rt imm op` stand for any operand, the same name
/// for the same one; anything else stands for itself. The first line that fits wins.
struct Aliases: Sendable {
  private static let table = """
    addi zero, zero, 0x0      | nop
    addi rd, zero, imm        | li rd, imm
    addi rd, rs, 0x0          | mv rd, rs
    xori rd, rs, -0x1         | not rd, rs
    sub rd, zero, rs          | neg rd, rs
    subw rd, zero, rs         | negw rd, rs
    addiw rd, rs, 0x0         | sext.w rd, rs
    andi rd, rs, 0xff         | zext.b rd, rs
    add.uw rd, rs, zero       | zext.w rd, rs
    sltiu rd, rs, 0x1         | seqz rd, rs
    sltu rd, zero, rs         | snez rd, rs
    slt rd, rs, zero          | sltz rd, rs
    slt rd, zero, rs          | sgtz rd, rs
    add zero, zero, sp        | ntl.p1
    add zero, zero, gp        | ntl.pall
    add zero, zero, tp        | ntl.s1
    add zero, zero, t0        | ntl.all
    c.add zero, sp            | c.ntl.p1
    c.add zero, gp            | c.ntl.pall
    c.add zero, tp            | c.ntl.s1
    c.add zero, t0            | c.ntl.all
    beq rs, zero, op          | beqz rs, op
    bne rs, zero, op          | bnez rs, op
    bge zero, rs, op          | blez rs, op
    bge rs, zero, op          | bgez rs, op
    blt rs, zero, op          | bltz rs, op
    blt zero, rs, op          | bgtz rs, op
    jal zero, op              | j op
    jal ra, op                | jal op
    jalr zero, 0x0(ra)        | ret
    jalr zero, 0x0(rs)        | jr rs
    jalr ra, 0x0(rs)          | jalr rs
    jalr rd, 0x0(rs)          | jalr rd, rs
    jalr zero, op             | jr op
    jalr ra, op               | jalr op
    fence iorw, iorw          | fence
    fence w, 0                | pause
    sfence.vma zero, zero     | sfence.vma
    sfence.vma rs, zero       | sfence.vma rs
    csrrw zero, cycle, zero   | unimp
    csrrs rd, fflags, zero    | frflags rd
    csrrs rd, frm, zero       | frrm rd
    csrrs rd, fcsr, zero      | frcsr rd
    csrrs rd, cycle, zero     | rdcycle rd
    csrrs rd, time, zero      | rdtime rd
    csrrs rd, instret, zero   | rdinstret rd
    csrrw zero, fflags, rs    | fsflags rs
    csrrw rd, fflags, rs      | fsflags rd, rs
    csrrw zero, frm, rs       | fsrm rs
    csrrw rd, frm, rs         | fsrm rd, rs
    csrrw zero, fcsr, rs      | fscsr rs
    csrrw rd, fcsr, rs        | fscsr rd, rs
    csrrwi zero, fflags, imm  | fsflagsi imm
    csrrwi rd, fflags, imm    | fsflagsi rd, imm
    csrrwi zero, frm, imm     | fsrmi imm
    csrrwi rd, frm, imm       | fsrmi rd, imm
    csrrs rd, op, zero        | csrr rd, op
    csrrw zero, op, rs        | csrw op, rs
    csrrs zero, op, rs        | csrs op, rs
    csrrc zero, op, rs        | csrc op, rs
    csrrwi zero, op, imm      | csrwi op, imm
    csrrsi zero, op, imm      | csrsi op, imm
    csrrci zero, op, imm      | csrci op, imm
    fsgnj.s rd, rs, rs        | fmv.s rd, rs
    fsgnjn.s rd, rs, rs       | fneg.s rd, rs
    fsgnjx.s rd, rs, rs       | fabs.s rd, rs
    fsgnj.d rd, rs, rs        | fmv.d rd, rs
    fsgnjn.d rd, rs, rs       | fneg.d rd, rs
    fsgnjx.d rd, rs, rs       | fabs.d rd, rs
    fsgnj.h rd, rs, rs        | fmv.h rd, rs
    fsgnjn.h rd, rs, rs       | fneg.h rd, rs
    fsgnjx.h rd, rs, rs       | fabs.h rd, rs
    vrsub.vx rd, rs, zero           | vneg.v rd, rs
    vrsub.vx rd, rs, zero, v0.t     | vneg.v rd, rs, v0.t
    vxor.vi rd, rs, -0x1            | vnot.v rd, rs
    vxor.vi rd, rs, -0x1, v0.t      | vnot.v rd, rs, v0.t
    vwadd.vx rd, rs, zero           | vwcvt.x.x.v rd, rs
    vwadd.vx rd, rs, zero, v0.t     | vwcvt.x.x.v rd, rs, v0.t
    vwaddu.vx rd, rs, zero          | vwcvtu.x.x.v rd, rs
    vwaddu.vx rd, rs, zero, v0.t    | vwcvtu.x.x.v rd, rs, v0.t
    vnsrl.wx rd, rs, zero           | vncvt.x.x.w rd, rs
    vnsrl.wx rd, rs, zero, v0.t     | vncvt.x.x.w rd, rs, v0.t
    vfsgnjn.vv rd, rs, rs           | vfneg.v rd, rs
    vfsgnjn.vv rd, rs, rs, v0.t     | vfneg.v rd, rs, v0.t
    vfsgnjx.vv rd, rs, rs           | vfabs.v rd, rs
    vfsgnjx.vv rd, rs, rs, v0.t     | vfabs.v rd, rs, v0.t
    vmand.mm rd, rs, rs             | vmmv.m rd, rs
    vmxor.mm rd, rd, rd             | vmclr.m rd
    vmxnor.mm rd, rd, rd            | vmset.m rd
    vmnand.mm rd, rs, rs            | vmnot.m rd, rs
    vl1re8.v rd, op                 | vl1r.v rd, op
    vl2re8.v rd, op                 | vl2r.v rd, op
    vl4re8.v rd, op                 | vl4r.v rd, op
    vl8re8.v rd, op                 | vl8r.v rd, op
    """

  private struct Alias: Sendable {
    var pattern: [Substring]
    var mnemonic: Substring
    var operands: [Substring]
  }

  private static let byMnemonic: [Substring: [Alias]] = {
    var result: [Substring: [Alias]] = [:]
    for line in table.split(separator: "\n") {
      guard let (from, to) = line.cut(" | ") else { continue }
      let (pattern, printed) = (Self.split(from.trimmed), Self.split(to.trimmed))
      result[pattern.mnemonic, default: []].append(
        Alias(pattern: pattern.operands, mnemonic: printed.mnemonic, operands: printed.operands))
    }
    return result
  }()

  private static func split(_ text: Substring) -> (mnemonic: Substring, operands: [Substring]) {
    guard let (mnemonic, operands) = text.cut(" ") else { return (text, []) }
    return (mnemonic, operands.parts(",").map(\.trimmed))
  }

  /// The alias of an instruction; the instruction itself where there is none.
  static func apply(_ mnemonic: String, _ operands: [String]) -> (mnemonic: String, operands: [String]) {
    guard let candidates = byMnemonic[Substring(mnemonic)] else { return (mnemonic, operands) }
    for alias in candidates where alias.pattern.count == operands.count {
      var values: [(name: Substring, value: Substring)] = []
      let fits = zip(alias.pattern, operands).allSatisfy { match($0, Substring($1), &values) }
      guard fits else { continue }
      let printed = alias.operands.map { name in values.first { $0.name == name }.map { String($0.value) } ?? String(name) }
      return (String(alias.mnemonic), printed)
    }
    return (mnemonic, operands)
  }

  private static func match(
    _ pattern: Substring, _ operand: Substring, _ values: inout [(name: Substring, value: Substring)]
  ) -> Bool {
    if pattern == "0x0(rs)" {
      guard operand.hasPrefix("0x0("), operand.last == ")" else { return false }
      return match("rs", operand.dropFirst(4).dropLast(), &values)
    }
    guard ["rd", "rs", "rt", "imm", "op"].contains(pattern) else { return pattern == operand }
    if let known = values.first(where: { $0.name == pattern }) { return known.value == operand }
    values.append((pattern, operand))
    return true
  }
}
