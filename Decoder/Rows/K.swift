/// Scalar cryptography and carry-less multiplication: Zbc, Zbkb, Zbkc, Zbkx, Zknd, Zkne, Zknh, Zksed, Zksh.
/// Unprivileged ISA, chapters "B" and "Scalar Cryptography".
// swift-format-ignore
public enum K: String, InstructionSet {
  // Zbc, Zbkc
  case clmul      = "0000101 rs2 rs1 001 rd 0110011    | rd, rs1, rs2     | clmul  | zbc zbkc  | rd = low half of the carry-less product"
  case clmulh     = "0000101 rs2 rs1 011 rd 0110011    | rd, rs1, rs2     | clmul  | zbc zbkc  | rd = high half of the carry-less product"
  case clmulr     = "0000101 rs2 rs1 010 rd 0110011    | rd, rs1, rs2     | clmul  | zbc       | rd = bits 126:63 of the carry-less product"

  // Zbkb
  case pack       = "0000100 rs2 rs1 100 rd 0110011    | rd, rs1, rs2     | alu    | zbkb      | rd = rs2[31:0] above rs1[31:0]"
  case packh      = "0000100 rs2 rs1 111 rd 0110011    | rd, rs1, rs2     | alu    | zbkb      | rd = rs2[7:0] above rs1[7:0]"
  case packw      = "0000100 rs2 rs1 100 rd 0111011    | rd, rs1, rs2     | alu    | zbkb      | rd = sext32(rs2[15:0] above rs1[15:0])"
  case brev8      = "0110100 00111 rs1 101 rd 0010011  | rd, rs1          | alu    | zbkb      | rd = bits of each byte of rs1 in reverse order"

  // Zbkx
  case xperm4     = "0010100 rs2 rs1 010 rd 0110011    | rd, rs1, rs2     | alu    | zbkx      | rd[i] = rs1[rs2[i]], nibbles; 0 when out of range"
  case xperm8     = "0010100 rs2 rs1 100 rd 0110011    | rd, rs1, rs2     | alu    | zbkx      | rd[i] = rs1[rs2[i]], bytes; 0 when out of range"

  // Zknd, Zkne
  case aes64ds    = "0011101 rs2 rs1 000 rd 0110011    | rd, rs1, rs2     | crypto | zknd      | rd = last round of AES decryption"
  case aes64dsm   = "0011111 rs2 rs1 000 rd 0110011    | rd, rs1, rs2     | crypto | zknd      | rd = middle round of AES decryption"
  case aes64im    = "0011000 00000 rs1 001 rd 0010011  | rd, rs1          | crypto | zknd      | rd = inverse MixColumns of both words of rs1"
  case aes64es    = "0011001 rs2 rs1 000 rd 0110011    | rd, rs1, rs2     | crypto | zkne      | rd = last round of AES encryption"
  case aes64esm   = "0011011 rs2 rs1 000 rd 0110011    | rd, rs1, rs2     | crypto | zkne      | rd = middle round of AES encryption"
  case aes64ks1i  = "0011000 1 rnum rs1 001 rd 0010011 | rd, rs1, rnum    | crypto | zknd zkne | rd = rotation, substitution and round constant of the key schedule"
  case aes64ks2   = "0111111 rs2 rs1 000 rd 0110011    | rd, rs1, rs2     | crypto | zknd zkne | rd = exclusive ors of the key schedule"

  // Zknh
  case sha256sum0 = "0001000 00000 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = Sigma0 of SHA-256, sign-extended"
  case sha256sum1 = "0001000 00001 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = Sigma1 of SHA-256, sign-extended"
  case sha256sig0 = "0001000 00010 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = sigma0 of SHA-256, sign-extended"
  case sha256sig1 = "0001000 00011 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = sigma1 of SHA-256, sign-extended"
  case sha512sum0 = "0001000 00100 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = Sigma0 of SHA-512"
  case sha512sum1 = "0001000 00101 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = Sigma1 of SHA-512"
  case sha512sig0 = "0001000 00110 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = sigma0 of SHA-512"
  case sha512sig1 = "0001000 00111 rs1 001 rd 0010011  | rd, rs1          | crypto | zknh      | rd = sigma1 of SHA-512"

  // Zksed, Zksh
  case sm4ed      = "bs 11000 rs2 rs1 000 rd 0110011   | rd, rs1, rs2, bs | crypto | zksed     | rd = a quarter of an SM4 round, by byte bs of rs2"
  case sm4ks      = "bs 11010 rs2 rs1 000 rd 0110011   | rd, rs1, rs2, bs | crypto | zksed     | rd = a quarter of an SM4 key schedule step, by byte bs of rs2"
  case sm3p0      = "0001000 01000 rs1 001 rd 0010011  | rd, rs1          | crypto | zksh      | rd = P0 of SM3, sign-extended"
  case sm3p1      = "0001000 01001 rs1 001 rd 0010011  | rd, rs1          | crypto | zksh      | rd = P1 of SM3, sign-extended"

  public var row: Row? { .k(self) }
}
