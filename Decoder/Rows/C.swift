/// Compressed instructions of RV64: Zca, Zcd, Zcb, Zcmop. Each stands for the instruction in its third column, to which it is decoded.
/// Hints (rd = x0, shift by 0, …) decode like any other; what the manual reserves is excluded by `!`.
/// Unprivileged ISA, chapters "C" and "Zc".
// swift-format-ignore
public enum C: String, InstructionSet {
  // Zca, quadrant 0
  case c_addi4spn = "000 uimm[5:4|9:6|2|3]! rd' 00         | rd, sp, uimm   | = addi rd, sp, uimm   | zca             | rd = sp + uimm"
  case c_lw       = "010 uimm[5:3] rs1' uimm[2|6] rd' 00   | rd, uimm(rs1)  | = lw rd, uimm(rs1)    | zca             | rd = sign-extended 32 bits at rs1 + uimm"
  case c_ld       = "011 uimm[5:3] rs1' uimm[7:6] rd' 00   | rd, uimm(rs1)  | = ld rd, uimm(rs1)    | zca             | rd = 64 bits at rs1 + uimm"
  case c_sw       = "110 uimm[5:3] rs1' uimm[2|6] rs2' 00  | rs2, uimm(rs1) | = sw rs2, uimm(rs1)   | zca             | 32 bits at rs1 + uimm = rs2"
  case c_sd       = "111 uimm[5:3] rs1' uimm[7:6] rs2' 00  | rs2, uimm(rs1) | = sd rs2, uimm(rs1)   | zca             | 64 bits at rs1 + uimm = rs2"

  // Zca, quadrant 1
  case c_nop      = "000 imm[5] 00000 imm[4:0] 01          | imm            | = addi x0, x0, imm    | zca             | more specific than c.addi: nothing; a hint when imm is not 0"
  case c_addi     = "000 imm[5] rd+ imm[4:0] 01            | rd, imm        | = addi rd, rd, imm    | zca             | rd = rd + imm"
  case c_addiw    = "001 imm[5] rd+! imm[4:0] 01           | rd, imm        | = addiw rd, rd, imm   | zca             | rd = sext32(rd + imm)"
  case c_li       = "010 imm[5] rd imm[4:0] 01             | rd, imm        | = addi rd, x0, imm    | zca             | rd = imm"
  case c_addi16sp = "011 imm[9] 00010 imm[4|6|8:7|5]! 01   | sp, imm        | = addi sp, sp, imm    | zca             | sp = sp + imm"
  case c_lui      = "011 imm[17] rd!2 imm[16:12]! 01       | rd, upper      | = lui rd, upper       | zca             | rd = imm"
  case c_srli     = "100 uimm[5] 00 rd'+ uimm[4:0] 01      | rd, uimm       | = srli rd, rd, uimm   | zca             | rd = rd >> uimm (logical)"
  case c_srai     = "100 uimm[5] 01 rd'+ uimm[4:0] 01      | rd, uimm       | = srai rd, rd, uimm   | zca             | rd = rd >> uimm (arithmetic)"
  case c_andi     = "100 imm[5] 10 rd'+ imm[4:0] 01        | rd, imm        | = andi rd, rd, imm    | zca             | rd = rd & imm"
  case c_sub      = "100 0 11 rd'+ 00 rs2' 01              | rd, rs2        | = sub rd, rd, rs2     | zca             | rd = rd - rs2"
  case c_xor      = "100 0 11 rd'+ 01 rs2' 01              | rd, rs2        | = xor rd, rd, rs2     | zca             | rd = rd ^ rs2"
  case c_or       = "100 0 11 rd'+ 10 rs2' 01              | rd, rs2        | = or rd, rd, rs2      | zca             | rd = rd | rs2"
  case c_and      = "100 0 11 rd'+ 11 rs2' 01              | rd, rs2        | = and rd, rd, rs2     | zca             | rd = rd & rs2"
  case c_subw     = "100 1 11 rd'+ 00 rs2' 01              | rd, rs2        | = subw rd, rd, rs2    | zca             | rd = sext32(rd - rs2)"
  case c_addw     = "100 1 11 rd'+ 01 rs2' 01              | rd, rs2        | = addw rd, rd, rs2    | zca             | rd = sext32(rd + rs2)"
  case c_j        = "101 imm[11|4|9:8|10|6|7|3:1|5] 01     | target         | = jal x0, target      | zca             | pc = pc + imm"
  case c_beqz     = "110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01 | rs1, target    | = beq rs1, x0, target | zca             | if rs1 == 0: pc = pc + imm"
  case c_bnez     = "111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01 | rs1, target    | = bne rs1, x0, target | zca             | if rs1 != 0: pc = pc + imm"

  // Zca, quadrant 2
  case c_slli     = "000 uimm[5] rd+ uimm[4:0] 10          | rd, uimm       | = slli rd, rd, uimm   | zca             | rd = rd << uimm"
  case c_lwsp     = "010 uimm[5] rd! uimm[4:2|7:6] 10      | rd, uimm(sp)   | = lw rd, uimm(sp)     | zca             | rd = sign-extended 32 bits at sp + uimm"
  case c_ldsp     = "011 uimm[5] rd! uimm[4:3|8:6] 10      | rd, uimm(sp)   | = ld rd, uimm(sp)     | zca             | rd = 64 bits at sp + uimm"
  case c_jr       = "100 0 rs1! 00000 10                   | rs1            | = jalr x0, 0(rs1)     | zca             | pc = rs1"
  case c_mv       = "100 0 rd rs2! 10                      | rd, rs2        | = add rd, x0, rs2     | zca             | rd = rs2"
  case c_ebreak   = "100 1 00000 00000 10                  |                | = ebreak              | zca             | call of the debugger"
  case c_jalr     = "100 1 rs1! 00000 10                   | rs1            | = jalr x1, 0(rs1)     | zca             | ra = next pc; pc = rs1"
  case c_add      = "100 1 rd+ rs2! 10                     | rd, rs2        | = add rd, rd, rs2     | zca             | rd = rd + rs2"
  case c_swsp     = "110 uimm[5:2|7:6] rs2 10              | rs2, uimm(sp)  | = sw rs2, uimm(sp)    | zca             | 32 bits at sp + uimm = rs2"
  case c_sdsp     = "111 uimm[5:3|8:6] rs2 10              | rs2, uimm(sp)  | = sd rs2, uimm(sp)    | zca             | 64 bits at sp + uimm = rs2"

  // Zcd
  case c_fld      = "001 uimm[5:3] rs1' uimm[7:6] fd' 00   | fd, uimm(rs1)  | = fld fd, uimm(rs1)   | zcd             | fd = 64 bits at rs1 + uimm"
  case c_fsd      = "101 uimm[5:3] rs1' uimm[7:6] fs2' 00  | fs2, uimm(rs1) | = fsd fs2, uimm(rs1)  | zcd             | 64 bits at rs1 + uimm = fs2"
  case c_fldsp    = "001 uimm[5] fd uimm[4:3|8:6] 10       | fd, uimm(sp)   | = fld fd, uimm(sp)    | zcd             | fd = 64 bits at sp + uimm"
  case c_fsdsp    = "101 uimm[5:3|8:6] fs2 10              | fs2, uimm(sp)  | = fsd fs2, uimm(sp)   | zcd             | 64 bits at sp + uimm = fs2"

  // Zcb
  case c_lbu      = "100000 rs1' uimm[0|1] rd' 00          | rd, uimm(rs1)  | = lbu rd, uimm(rs1)   | zcb             | rd = zero-extended byte at rs1 + uimm"
  case c_lhu      = "100001 rs1' 0 uimm[1] rd' 00          | rd, uimm(rs1)  | = lhu rd, uimm(rs1)   | zcb             | rd = zero-extended 16 bits at rs1 + uimm"
  case c_lh       = "100001 rs1' 1 uimm[1] rd' 00          | rd, uimm(rs1)  | = lh rd, uimm(rs1)    | zcb             | rd = sign-extended 16 bits at rs1 + uimm"
  case c_sb       = "100010 rs1' uimm[0|1] rs2' 00         | rs2, uimm(rs1) | = sb rs2, uimm(rs1)   | zcb             | byte at rs1 + uimm = rs2"
  case c_sh       = "100011 rs1' 0 uimm[1] rs2' 00         | rs2, uimm(rs1) | = sh rs2, uimm(rs1)   | zcb             | 16 bits at rs1 + uimm = rs2"
  case c_zext_b   = "100111 rd'+ 11000 01                  | rd             | = andi rd, rd, 255    | zcb             | rd = zext8(rd)"
  case c_sext_b   = "100111 rd'+ 11001 01                  | rd             | = sext.b rd, rd       | zcb&zbb         | rd = sext8(rd)"
  case c_zext_h   = "100111 rd'+ 11010 01                  | rd             | = zext.h rd, rd       | zcb&zbb         | rd = zext16(rd)"
  case c_sext_h   = "100111 rd'+ 11011 01                  | rd             | = sext.h rd, rd       | zcb&zbb         | rd = sext16(rd)"
  case c_zext_w   = "100111 rd'+ 11100 01                  | rd             | = add.uw rd, rd, x0   | zcb&zba         | rd = rd[31:0]"
  case c_not      = "100111 rd'+ 11101 01                  | rd             | = xori rd, rd, -1     | zcb             | rd = ~rd"
  case c_mul      = "100111 rd'+ 10 rs2' 01                | rd, rs2        | = mul rd, rd, rs2     | zcb&m zcb&zmmul | rd = rd * rs2"

  // Zcmop
  case c_mop_1    = "011 0 00001 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_3    = "011 0 00011 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_5    = "011 0 00101 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_7    = "011 0 00111 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_9    = "011 0 01001 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_11   = "011 0 01011 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_13   = "011 0 01101 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"
  case c_mop_15   = "011 0 01111 00000 01                  |                | = addi x0, x0, 0      | zcmop           | nothing, until an extension says otherwise"

  public var row: Row? { nil }
}
