/// A family of instructions in which the case is the row: the raw value draws the encoding as the manual draws it and says
/// everything that is derived from it (decode tree, encoder, disassembler, read and write sets, kind of work, membership).
///
/// A row has five columns between `|`:
///
/// 1. **bits**, from the highest to the lowest, 32 of them (16 for compressed rows), tokens between blanks:
///    - `0110011`: fixed bits; a `.` is a bit that is ignored (encoders write 0).
///    - registers, five bits each: `rd rs1 rs2` (x), `fd fs1 fs2 fs3` (f); with `'` three bits that name x8…x15 or f8…f15.
///      `rd+` is also read; `rd:2` is an even-odd pair (odd numbers are reserved); `rd!` must not be zero, `rd!2` not two.
///    - vector registers `vd vs1 vs2 vs3` (vs3 in the place of vd), with `+` as above and the shape of the operand behind a colon:
///      ``VectorShape``; a last `!` bars a source from overlapping the destination; `vm` (one bit, 0: masked by v0), `nf` (three bits: fields less one, the number in the mnemonic).
///    - matrix registers, three bits each: `md ms1 ms2 ms3` (ms3 in the place of md), with `+` as above and what they hold behind a colon:
///      ``MatrixShape``.
///    - `imm[11:0]`, `imm[12|10:5]`: bits of a sign-extended immediate, at the places the brackets name; `uimm[…]`: of a
///      zero-extended one. With `!` behind the bracket the whole immediate must not be zero.
///    - `rd-` is only read, `rs1=` also written, `rs2~` only written; `rd!1` must not be rs1, `rs2!d` neither of rd and rs1, nor rd rs1.
///    - `aq rl` (one bit), `rm` (three bits; 5 and 6 are reserved), `csr` (12 bits), `fm pred succ` (four each), `bs` (two), `lsb` (six),
///      `rnum` (four, at most 10), `zimm fli` (five-bit numbers in the place of rs1), `n[…]`: bits of a number that is part of
///      the mnemonic (mop.r.N).
/// 2. **operands** in the order of assembly: registers as above, `imm`, `uimm`, `imm(rs1)`, `(rs1)`, `ms1[uimm]` and `ms1[rs3]`
///    (a row of a matrix register), `upper` (bits 31:12 of the immediate), `target` (the address pc + imm), `csr`, `zimm`, `fli` (a constant), `rm` (not printed when dynamic),
///    `rm=rne` (not printed when to nearest, because the result is exact), `rtz`, `pred`, `succ`, `bs`, `rnum`, `sp`, `uimm(sp)`, `vm`,
///    `v0` (read whatever vm says), `vtype`.
/// 3. **work**: the kind of work, priced by machines (``Work``). In a compressed row `= addi rd, rd, imm`: the instruction
///    it stands for, with `x0 x1 sp` for fixed registers and numbers for fixed immediates.
/// 4. **on when**: extensions, any one of which brings it: `zbb zbkb`; joined by `&` where it needs several: `zcb&zba`.
/// 5. **meaning**, in a line.
///
/// The mnemonic is the name of the case, `_` written as `.`; a last `N` stands for the number `n`, an `N` elsewhere for `nf` + 1. A case with an empty row is
/// no instruction.
/// Where two rows overlap the one with more fixed bits wins, and its meaning begins with `more specific than X:`.
public protocol InstructionSet: RawRepresentable, CaseIterable, Sendable, Hashable where RawValue == String {
  /// The case as an op's row; `nil` for compressed rows, which are decoded to the row that they stand for.
  var row: Row? { get }
  /// The names of matrix registers by their numbers.
  static var matrixRegisters: [String] { get }
}

extension InstructionSet {
  public static var matrixRegisters: [String] { [] }
}
