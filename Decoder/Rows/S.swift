/// System: fences, environment calls, CSRs, privileged instructions, cache blocks and may-be-operations. For CSR instructions `imm`
/// of the op is the CSR's number and `rs1` of the immediate forms the five-bit number; for `fence` `imm` is fm and `aux` pred and
/// succ. Unprivileged ISA, chapters "RV32I", "Zicsr", "Zifencei", "CMO", "Zimop"; privileged ISA, chapter "Supervisor-Level ISA".
// swift-format-ignore
public enum S: String, InstructionSet {
  // Fences and environment
  case fence           = "fm pred succ ..... 000 ..... 0001111            | pred, succ    | fence      | i           | accesses in pred before those in succ"
  case fence_tso       = "1000 0011 0011 ..... 000 ..... 0001111          |               | fence      | i           | more specific than fence: all but store before load"
  case pause           = "0000 0001 0000 00000 000 00000 0001111          |               | nop        | zihintpause | more specific than fence: a hint for spin loops"
  case fence_i         = "............ ..... 001 ..... 0001111            |               | fence      | zifencei    | stores before instruction fetches"
  case ecall           = "000000000000 00000 000 00000 1110011            |               | system     | i           | call of the environment"
  case ebreak          = "000000000001 00000 000 00000 1110011            |               | system     | i           | call of the debugger"

  // Zicsr
  case csrrw           = "csr rs1 001 rd 1110011                          | rd, csr, rs1  | csr        | zicsr       | rd = csr; csr = rs1; not read when rd is x0"
  case csrrs           = "csr rs1 010 rd 1110011                          | rd, csr, rs1  | csr        | zicsr       | rd = csr; csr = csr | rs1; not written when rs1 is x0"
  case csrrc           = "csr rs1 011 rd 1110011                          | rd, csr, rs1  | csr        | zicsr       | rd = csr; csr = csr & ~rs1; not written when rs1 is x0"
  case csrrwi          = "csr zimm 101 rd 1110011                         | rd, csr, zimm | csr        | zicsr       | rd = csr; csr = zimm; not read when rd is x0"
  case csrrsi          = "csr zimm 110 rd 1110011                         | rd, csr, zimm | csr        | zicsr       | rd = csr; csr = csr | zimm; not written when zimm is 0"
  case csrrci          = "csr zimm 111 rd 1110011                         | rd, csr, zimm | csr        | zicsr       | rd = csr; csr = csr & ~zimm; not written when zimm is 0"

  // Privileged
  case mret            = "001100000010 00000 000 00000 1110011            |               | system     | i           | return from a trap into machine mode"
  case sret            = "000100000010 00000 000 00000 1110011            |               | system     | i           | return from a trap into supervisor mode"
  case wfi             = "000100000101 00000 000 00000 1110011            |               | system     | i           | wait for an interrupt"
  case sfence_vma      = "0001001 rs2 rs1 000 00000 1110011               | rs1, rs2      | system     | i           | page tables: address rs1, address space rs2"
  case sinval_vma      = "0001011 rs2 rs1 000 00000 1110011               | rs1, rs2      | system     | svinval     | as sfence.vma, without its order"
  case sfence_w_inval  = "0001100 00000 00000 000 00000 1110011           |               | system     | svinval     | stores before the sinval.vma that follow"
  case sfence_inval_ir = "0001100 00001 00000 000 00000 1110011           |               | system     | svinval     | sinval.vma before implicit accesses that follow"

  // Cache blocks
  case cbo_inval       = "000000000000 rs1 010 00000 0001111              | (rs1)         | cacheBlock | zicbom      | the block at rs1 leaves the caches"
  case cbo_clean       = "000000000001 rs1 010 00000 0001111              | (rs1)         | cacheBlock | zicbom      | the block at rs1 is written to memory"
  case cbo_flush       = "000000000010 rs1 010 00000 0001111              | (rs1)         | cacheBlock | zicbom      | the block at rs1 is written to memory and leaves the caches"
  case cbo_zero        = "000000000100 rs1 010 00000 0001111              | (rs1)         | cacheBlock | zicboz      | all bytes of the block at rs1 = 0"
  case prefetch_i      = "imm[11:5] 00000 rs1 110 00000 0010011           | imm(rs1)      | cacheBlock | zicbop      | more specific than ori: rs1 + imm will be executed"
  case prefetch_r      = "imm[11:5] 00001 rs1 110 00000 0010011           | imm(rs1)      | cacheBlock | zicbop      | more specific than ori: rs1 + imm will be read"
  case prefetch_w      = "imm[11:5] 00011 rs1 110 00000 0010011           | imm(rs1)      | cacheBlock | zicbop      | more specific than ori: rs1 + imm will be written"

  // Zimop
  case mop_r_N         = "1 n[4] 00 n[3:2] 0111 n[1:0] rs1 100 rd 1110011 | rd, rs1       | alu        | zimop       | rd = 0, until an extension says otherwise"
  case mop_rr_N        = "1 n[2] 00 n[1:0] 1 rs2 rs1 100 rd 1110011       | rd, rs1, rs2  | alu        | zimop       | rd = 0, until an extension says otherwise"

  public var row: Row? { .s(self) }
}
