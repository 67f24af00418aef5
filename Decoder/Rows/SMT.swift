/// SpacemiT's products of small matrices of bytes in vector registers, XSMTVDot ("RISC-V IME extension", version 1.0, "Instruction list"), beside
/// which RVM 0.6 can be: both lie in custom-1. The first letter of `u`, `su`, `us` is that of vs1; without letters both are signed.
// swift-format-ignore
public enum SMT: String, InstructionSet {
  case smt_vmadot    = "111000 1 vs2:r1 vs1:r1 011 vd+:p 0 0101011  | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i][k] * vs2[j][k], signed"
  case smt_vmadotu   = "111000 1 vs2:r1 vs1:r1 000 vd+:p 0 0101011  | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i][k] * vs2[j][k], unsigned"
  case smt_vmadotsu  = "111000 1 vs2:r1 vs1:r1 010 vd+:p 0 0101011  | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i][k] * vs2[j][k], signed by unsigned"
  case smt_vmadotus  = "111000 1 vs2:r1 vs1:r1 001 vd+:p 0 0101011  | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i][k] * vs2[j][k], unsigned by signed"
  case smt_vmadot1   = "111001 1 vs2:r1 vs1:p 0 011 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 1][k] * vs2[j][k], signed"
  case smt_vmadot1u  = "111001 1 vs2:r1 vs1:p 0 000 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 1][k] * vs2[j][k], unsigned"
  case smt_vmadot1su = "111001 1 vs2:r1 vs1:p 0 010 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 1][k] * vs2[j][k], signed by unsigned"
  case smt_vmadot1us = "111001 1 vs2:r1 vs1:p 0 001 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 1][k] * vs2[j][k], unsigned by signed"
  case smt_vmadot2   = "111001 1 vs2:r1 vs1:p 0 111 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 2][k] * vs2[j][k], signed"
  case smt_vmadot2u  = "111001 1 vs2:r1 vs1:p 0 100 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 2][k] * vs2[j][k], unsigned"
  case smt_vmadot2su = "111001 1 vs2:r1 vs1:p 0 110 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 2][k] * vs2[j][k], signed by unsigned"
  case smt_vmadot2us = "111001 1 vs2:r1 vs1:p 0 101 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 2][k] * vs2[j][k], unsigned by signed"
  case smt_vmadot3   = "111001 1 vs2:r1 vs1:p 1 011 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 3][k] * vs2[j][k], signed"
  case smt_vmadot3u  = "111001 1 vs2:r1 vs1:p 1 000 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 3][k] * vs2[j][k], unsigned"
  case smt_vmadot3su = "111001 1 vs2:r1 vs1:p 1 010 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 3][k] * vs2[j][k], signed by unsigned"
  case smt_vmadot3us = "111001 1 vs2:r1 vs1:p 1 001 vd+:p 0 0101011 | vd, vs1, vs2 | vmadot | xsmtvdot | vd[i][j] += sum of vs1[i + 3][k] * vs2[j][k], unsigned by signed"

  public var row: Row? { .smt(self) }
}
