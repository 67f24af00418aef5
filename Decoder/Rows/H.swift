/// Half precision (Zfh, Zfhmin), bfloat16 conversions (Zfbfmin) and Zfa for all three formats.
/// Unprivileged ISA, chapters "Zfh", "BF16", "Zfa".
// swift-format-ignore
public enum H: String, InstructionSet {
  // Moves that Zfh, Zfhmin and Zfbfmin share
  case flh         = "imm[11:0] rs1 001 fd 0000111           | fd, imm(rs1)          | load    | zfh zfhmin zfbfmin | fd = 16 bits at rs1 + imm"
  case fsh         = "imm[11:5] fs2 rs1 001 imm[4:0] 0100111 | fs2, imm(rs1)         | store   | zfh zfhmin zfbfmin | 16 bits at rs1 + imm = fs2"
  case fmv_x_h     = "1110010 00000 fs1 000 rd 1010011       | rd, fs1               | fmove   | zfh zfhmin zfbfmin | rd = bits of fs1, sign-extended"
  case fmv_h_x     = "1111010 00000 rs1 000 fd 1010011       | fd, rs1               | fmove   | zfh zfhmin zfbfmin | fd = bits of rs1"

  // Zfhmin
  case fcvt_s_h    = "0100000 00010 fs1 rm fd 1010011        | fd, fs1, rm=rne       | fcvt    | zfh zfhmin         | fd = fs1 widened to 32 bits"
  case fcvt_h_s    = "0100010 00000 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfh zfhmin         | fd = fs1 rounded to 16 bits"
  case fcvt_d_h    = "0100001 00010 fs1 rm fd 1010011        | fd, fs1, rm=rne       | fcvt    | zfh&d zfhmin&d     | fd = fs1 widened to 64 bits"
  case fcvt_h_d    = "0100010 00001 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfh&d zfhmin&d     | fd = fs1 rounded to 16 bits"

  // Zfh
  case fmadd_h     = "fs3 10 fs2 fs1 rm fd 1000011           | fd, fs1, fs2, fs3, rm | fma     | zfh                | fd = fs1 * fs2 + fs3, rounded once"
  case fmsub_h     = "fs3 10 fs2 fs1 rm fd 1000111           | fd, fs1, fs2, fs3, rm | fma     | zfh                | fd = fs1 * fs2 - fs3, rounded once"
  case fnmsub_h    = "fs3 10 fs2 fs1 rm fd 1001011           | fd, fs1, fs2, fs3, rm | fma     | zfh                | fd = -(fs1 * fs2) + fs3, rounded once"
  case fnmadd_h    = "fs3 10 fs2 fs1 rm fd 1001111           | fd, fs1, fs2, fs3, rm | fma     | zfh                | fd = -(fs1 * fs2) - fs3, rounded once"
  case fadd_h      = "0000010 fs2 fs1 rm fd 1010011          | fd, fs1, fs2, rm      | fadd    | zfh                | fd = fs1 + fs2"
  case fsub_h      = "0000110 fs2 fs1 rm fd 1010011          | fd, fs1, fs2, rm      | fadd    | zfh                | fd = fs1 - fs2"
  case fmul_h      = "0001010 fs2 fs1 rm fd 1010011          | fd, fs1, fs2, rm      | fmul    | zfh                | fd = fs1 * fs2"
  case fdiv_h      = "0001110 fs2 fs1 rm fd 1010011          | fd, fs1, fs2, rm      | fdiv    | zfh                | fd = fs1 / fs2"
  case fsqrt_h     = "0101110 00000 fs1 rm fd 1010011        | fd, fs1, rm           | fsqrt   | zfh                | fd = square root of fs1"
  case fsgnj_h     = "0010010 fs2 fs1 000 fd 1010011         | fd, fs1, fs2          | fmove   | zfh                | fd = fs1 with the sign of fs2"
  case fsgnjn_h    = "0010010 fs2 fs1 001 fd 1010011         | fd, fs1, fs2          | fmove   | zfh                | fd = fs1 with the opposite of the sign of fs2"
  case fsgnjx_h    = "0010010 fs2 fs1 010 fd 1010011         | fd, fs1, fs2          | fmove   | zfh                | fd = fs1 with the exclusive or of both signs"
  case fmin_h      = "0010110 fs2 fs1 000 fd 1010011         | fd, fs1, fs2          | fminmax | zfh                | fd = smaller of fs1, fs2; a number wins over a NaN"
  case fmax_h      = "0010110 fs2 fs1 001 fd 1010011         | fd, fs1, fs2          | fminmax | zfh                | fd = larger of fs1, fs2; a number wins over a NaN"
  case feq_h       = "1010010 fs2 fs1 010 rd 1010011         | rd, fs1, fs2          | fcmp    | zfh                | rd = fs1 == fs2 (quiet)"
  case flt_h       = "1010010 fs2 fs1 001 rd 1010011         | rd, fs1, fs2          | fcmp    | zfh                | rd = fs1 < fs2 (signaling)"
  case fle_h       = "1010010 fs2 fs1 000 rd 1010011         | rd, fs1, fs2          | fcmp    | zfh                | rd = fs1 <= fs2 (signaling)"
  case fclass_h    = "1110010 00000 fs1 001 rd 1010011       | rd, fs1               | fcmp    | zfh                | rd = class of fs1, one of ten bits"
  case fcvt_w_h    = "1100010 00000 fs1 rm rd 1010011        | rd, fs1, rm           | fcvt    | zfh                | rd = fs1 as signed 32 bits"
  case fcvt_wu_h   = "1100010 00001 fs1 rm rd 1010011        | rd, fs1, rm           | fcvt    | zfh                | rd = fs1 as unsigned 32 bits, then sign-extended"
  case fcvt_l_h    = "1100010 00010 fs1 rm rd 1010011        | rd, fs1, rm           | fcvt    | zfh                | rd = fs1 as signed 64 bits"
  case fcvt_lu_h   = "1100010 00011 fs1 rm rd 1010011        | rd, fs1, rm           | fcvt    | zfh                | rd = fs1 as unsigned 64 bits"
  case fcvt_h_w    = "1101010 00000 rs1 rm fd 1010011        | fd, rs1, rm           | fcvt    | zfh                | fd = signed rs1[31:0] as a number"
  case fcvt_h_wu   = "1101010 00001 rs1 rm fd 1010011        | fd, rs1, rm           | fcvt    | zfh                | fd = unsigned rs1[31:0] as a number"
  case fcvt_h_l    = "1101010 00010 rs1 rm fd 1010011        | fd, rs1, rm           | fcvt    | zfh                | fd = signed rs1 as a number"
  case fcvt_h_lu   = "1101010 00011 rs1 rm fd 1010011        | fd, rs1, rm           | fcvt    | zfh                | fd = unsigned rs1 as a number"

  // Zfbfmin
  case fcvt_bf16_s = "0100010 01000 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfbfmin            | fd = fs1 rounded to bfloat16"
  case fcvt_s_bf16 = "0100000 00110 fs1 rm fd 1010011        | fd, fs1, rm=rne       | fcvt    | zfbfmin            | fd = bfloat16 fs1 widened to 32 bits"

  // Zfa
  case fli_s       = "1111000 00001 fli 000 fd 1010011       | fd, fli               | fmove   | zfa                | fd = constant number fli of the table"
  case fminm_s     = "0010100 fs2 fs1 010 fd 1010011         | fd, fs1, fs2          | fminmax | zfa                | fd = smaller of fs1, fs2; NaN when one is NaN"
  case fmaxm_s     = "0010100 fs2 fs1 011 fd 1010011         | fd, fs1, fs2          | fminmax | zfa                | fd = larger of fs1, fs2; NaN when one is NaN"
  case fround_s    = "0100000 00100 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa                | fd = fs1 rounded to an integral number, never inexact"
  case froundnx_s  = "0100000 00101 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa                | fd = fs1 rounded to an integral number"
  case fleq_s      = "1010000 fs2 fs1 100 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa                | rd = fs1 <= fs2 (quiet)"
  case fltq_s      = "1010000 fs2 fs1 101 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa                | rd = fs1 < fs2 (quiet)"
  case fli_d       = "1111001 00001 fli 000 fd 1010011       | fd, fli               | fmove   | zfa&d              | fd = constant number fli of the table"
  case fminm_d     = "0010101 fs2 fs1 010 fd 1010011         | fd, fs1, fs2          | fminmax | zfa&d              | fd = smaller of fs1, fs2; NaN when one is NaN"
  case fmaxm_d     = "0010101 fs2 fs1 011 fd 1010011         | fd, fs1, fs2          | fminmax | zfa&d              | fd = larger of fs1, fs2; NaN when one is NaN"
  case fround_d    = "0100001 00100 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa&d              | fd = fs1 rounded to an integral number, never inexact"
  case froundnx_d  = "0100001 00101 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa&d              | fd = fs1 rounded to an integral number"
  case fleq_d      = "1010001 fs2 fs1 100 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa&d              | rd = fs1 <= fs2 (quiet)"
  case fltq_d      = "1010001 fs2 fs1 101 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa&d              | rd = fs1 < fs2 (quiet)"
  case fcvtmod_w_d = "1100001 01000 fs1 001 rd 1010011       | rd, fs1, rtz          | fcvt    | zfa&d              | rd = fs1 truncated, modulo 2^32, sign-extended"
  case fli_h       = "1111010 00001 fli 000 fd 1010011       | fd, fli               | fmove   | zfa&zfh            | fd = constant number fli of the table"
  case fminm_h     = "0010110 fs2 fs1 010 fd 1010011         | fd, fs1, fs2          | fminmax | zfa&zfh            | fd = smaller of fs1, fs2; NaN when one is NaN"
  case fmaxm_h     = "0010110 fs2 fs1 011 fd 1010011         | fd, fs1, fs2          | fminmax | zfa&zfh            | fd = larger of fs1, fs2; NaN when one is NaN"
  case fround_h    = "0100010 00100 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa&zfh            | fd = fs1 rounded to an integral number, never inexact"
  case froundnx_h  = "0100010 00101 fs1 rm fd 1010011        | fd, fs1, rm           | fcvt    | zfa&zfh            | fd = fs1 rounded to an integral number"
  case fleq_h      = "1010010 fs2 fs1 100 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa&zfh            | rd = fs1 <= fs2 (quiet)"
  case fltq_h      = "1010010 fs2 fs1 101 rd 1010011         | rd, fs1, fs2          | fcmp    | zfa&zfh            | rd = fs1 < fs2 (quiet)"

  public var row: Row? { .h(self) }
}
