/// Atomics: A (Zalrsc, Zaamo), Zabha, Zacas, Zawrs. `aux` of the op holds aq in bit 1 and rl in bit 0.
/// Narrow results are sign-extended. Unprivileged ISA, chapters "A", "Zabha", "Zacas", "Zawrs".
// swift-format-ignore
public enum A: String, InstructionSet {
  // Zalrsc
  case lr_w      = "00010 aq rl 00000 rs1 010 rd 0101111    | rd, (rs1)      | atomic | a zalrsc    | rd = 32 bits at rs1, reserved"
  case sc_w      = "00011 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zalrsc    | if reserved: 32 bits at rs1 = rs2, rd = 0; else rd = 1"
  case lr_d      = "00010 aq rl 00000 rs1 011 rd 0101111    | rd, (rs1)      | atomic | a zalrsc    | rd = 64 bits at rs1, reserved"
  case sc_d      = "00011 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zalrsc    | if reserved: 64 bits at rs1 = rs2, rd = 0; else rd = 1"

  // Zaamo
  case amoswap_w = "00001 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = rs2"
  case amoadd_w  = "00000 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = rd + rs2"
  case amoxor_w  = "00100 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = rd ^ rs2"
  case amoand_w  = "01100 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = rd & rs2"
  case amoor_w   = "01000 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = rd | rs2"
  case amomin_w  = "10000 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = smaller of rd, rs2 (signed)"
  case amomax_w  = "10100 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = larger of rd, rs2 (signed)"
  case amominu_w = "11000 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = smaller of rd, rs2 (unsigned)"
  case amomaxu_w = "11100 aq rl rs2 rs1 010 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 32 bits at rs1; memory = larger of rd, rs2 (unsigned)"
  case amoswap_d = "00001 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = rs2"
  case amoadd_d  = "00000 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = rd + rs2"
  case amoxor_d  = "00100 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = rd ^ rs2"
  case amoand_d  = "01100 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = rd & rs2"
  case amoor_d   = "01000 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = rd | rs2"
  case amomin_d  = "10000 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = smaller of rd, rs2 (signed)"
  case amomax_d  = "10100 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = larger of rd, rs2 (signed)"
  case amominu_d = "11000 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = smaller of rd, rs2 (unsigned)"
  case amomaxu_d = "11100 aq rl rs2 rs1 011 rd 0101111      | rd, rs2, (rs1) | atomic | a zaamo     | rd = 64 bits at rs1; memory = larger of rd, rs2 (unsigned)"

  // Zabha
  case amoswap_b = "00001 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = rs2"
  case amoadd_b  = "00000 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = rd + rs2"
  case amoxor_b  = "00100 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = rd ^ rs2"
  case amoand_b  = "01100 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = rd & rs2"
  case amoor_b   = "01000 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = rd | rs2"
  case amomin_b  = "10000 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = smaller of rd, rs2 (signed)"
  case amomax_b  = "10100 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = larger of rd, rs2 (signed)"
  case amominu_b = "11000 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = smaller of rd, rs2 (unsigned)"
  case amomaxu_b = "11100 aq rl rs2 rs1 000 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = byte at rs1; memory = larger of rd, rs2 (unsigned)"
  case amoswap_h = "00001 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = rs2"
  case amoadd_h  = "00000 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = rd + rs2"
  case amoxor_h  = "00100 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = rd ^ rs2"
  case amoand_h  = "01100 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = rd & rs2"
  case amoor_h   = "01000 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = rd | rs2"
  case amomin_h  = "10000 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = smaller of rd, rs2 (signed)"
  case amomax_h  = "10100 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = larger of rd, rs2 (signed)"
  case amominu_h = "11000 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = smaller of rd, rs2 (unsigned)"
  case amomaxu_h = "11100 aq rl rs2 rs1 001 rd 0101111      | rd, rs2, (rs1) | atomic | zabha       | rd = 16 bits at rs1; memory = larger of rd, rs2 (unsigned)"

  // Zacas
  case amocas_b  = "00101 aq rl rs2 rs1 000 rd+ 0101111     | rd, rs2, (rs1) | atomic | zabha&zacas | if byte at rs1 == rd: memory = rs2; rd = what memory was"
  case amocas_h  = "00101 aq rl rs2 rs1 001 rd+ 0101111     | rd, rs2, (rs1) | atomic | zabha&zacas | if 16 bits at rs1 == rd: memory = rs2; rd = what memory was"
  case amocas_w  = "00101 aq rl rs2 rs1 010 rd+ 0101111     | rd, rs2, (rs1) | atomic | zacas       | if 32 bits at rs1 == rd: memory = rs2; rd = what memory was"
  case amocas_d  = "00101 aq rl rs2 rs1 011 rd+ 0101111     | rd, rs2, (rs1) | atomic | zacas       | if 64 bits at rs1 == rd: memory = rs2; rd = what memory was"
  case amocas_q  = "00101 aq rl rs2:2 rs1 100 rd:2+ 0101111 | rd, rs2, (rs1) | atomic | zacas       | if 128 bits at rs1 == rd pair: memory = rs2 pair; rd pair = what memory was"

  // Zawrs
  case wrs_nto   = "000000001101 00000 000 00000 1110011    |                | system | zawrs       | wait until the reservation is gone"
  case wrs_sto   = "000000011101 00000 000 00000 1110011    |                | system | zawrs       | wait until the reservation is gone, for a short time at most"

  public var row: Row? { .a(self) }
}
