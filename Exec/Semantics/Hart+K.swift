import RVDecoder

/// Scalar cryptography and carry-less multiplication (unprivileged ISA, chapters "Scalar Cryptography", "Zbc").
extension Hart {
  @inline(never)
  func execute(_ instruction: K, _ op: Op) {
    let x = state.x
    let a = x[Int(op.rs1)]
    let b = x[Int(op.rs2)]
    x[Int(op.rd)] =
      switch instruction {
      case .clmul: carrylessProduct(a, b).low
      case .clmulh: carrylessProduct(a, b).high
      case .clmulr: carrylessProduct(a, b).high << 1 | carrylessProduct(a, b).low >> 63
      case .pack: a & 0xffff_ffff | b << 32
      case .packh: a & 0xff | (b & 0xff) << 8
      case .packw: sext32(low32(a) & 0xffff | low32(b) << 16)
      case .brev8: reverseBitsInBytes(a)
      case .xperm4: permute(a, by: b, bits: 4)
      case .xperm8: permute(a, by: b, bits: 8)

      case .aes64es: AES.substitute(AES.shiftRows(a, b), CryptoTables.aes)
      case .aes64esm: AES.mixColumns(AES.substitute(AES.shiftRows(a, b), CryptoTables.aes), AES.forward)
      case .aes64ds: AES.substitute(AES.inverseShiftRows(a, b), CryptoTables.aesInverseBox)
      case .aes64dsm: AES.mixColumns(AES.substitute(AES.inverseShiftRows(a, b), CryptoTables.aesInverseBox), AES.backward)
      case .aes64im: AES.mixColumns(a, AES.backward)
      case .aes64ks1i: AES.scheduleCore(a, round: op.aux)
      case .aes64ks2: AES.scheduleMix(a, b)

      case .sha256sum0: sext32(rotated(low32(a), 2) ^ rotated(low32(a), 13) ^ rotated(low32(a), 22))
      case .sha256sum1: sext32(rotated(low32(a), 6) ^ rotated(low32(a), 11) ^ rotated(low32(a), 25))
      case .sha256sig0: sext32(rotated(low32(a), 7) ^ rotated(low32(a), 18) ^ low32(a) >> 3)
      case .sha256sig1: sext32(rotated(low32(a), 17) ^ rotated(low32(a), 19) ^ low32(a) >> 10)
      case .sha512sum0: rotated(a, 28) ^ rotated(a, 34) ^ rotated(a, 39)
      case .sha512sum1: rotated(a, 14) ^ rotated(a, 18) ^ rotated(a, 41)
      case .sha512sig0: rotated(a, 1) ^ rotated(a, 8) ^ a >> 7
      case .sha512sig1: rotated(a, 19) ^ rotated(a, 61) ^ a >> 6

      case .sm3p0: sext32(low32(a) ^ rotated(low32(a), 23) ^ rotated(low32(a), 15))
      case .sm3p1: sext32(low32(a) ^ rotated(low32(a), 17) ^ rotated(low32(a), 9))
      // The linear maps of SM4 of one substituted byte, at its place in the word, added to rs1.
      case .sm4ed: sm4(a, b, op.aux) { $0 ^ $0 << 8 ^ $0 << 2 ^ $0 << 18 ^ ($0 & 0x3f) << 26 ^ ($0 & 0xc0) << 10 }
      case .sm4ks: sm4(a, b, op.aux) { $0 ^ ($0 & 0x07) << 29 ^ ($0 & 0xfe) << 7 ^ ($0 & 0x01) << 23 ^ ($0 & 0xf8) << 13 }
      }
  }
}

/// Rotation to the right.
private func rotated<T: FixedWidthInteger & UnsignedInteger>(_ value: T, _ by: T) -> T {
  value >> by | value << (T(T.bitWidth) - by)
}

/// The 128-bit product of two polynomials over GF(2).
func carrylessProduct(_ a: UInt64, _ b: UInt64) -> (high: UInt64, low: UInt64) {
  var high: UInt64 = 0
  var low: UInt64 = 0
  var rest = b
  while rest != 0 {
    let bit = UInt64(rest.trailingZeroBitCount)
    low ^= a << bit
    if bit != 0 { high ^= a >> (64 - bit) }
    rest &= rest - 1
  }
  return (high, low)
}

private func reverseBitsInBytes(_ value: UInt64) -> UInt64 {
  var v = value
  v = (v >> 1) & 0x5555_5555_5555_5555 | (v & 0x5555_5555_5555_5555) << 1
  v = (v >> 2) & 0x3333_3333_3333_3333 | (v & 0x3333_3333_3333_3333) << 2
  return (v >> 4) & 0x0f0f_0f0f_0f0f_0f0f | (v & 0x0f0f_0f0f_0f0f_0f0f) << 4
}

/// Each field of `index` picks the field of `table` with that number, or zero beyond its end.
private func permute(_ table: UInt64, by index: UInt64, bits: UInt64) -> UInt64 {
  let mask: UInt64 = 1 << bits - 1
  var result: UInt64 = 0
  for position in stride(from: UInt64(0), to: 64, by: Int(bits)) {
    let from = (index >> position & mask) * bits
    if from < 64 { result |= (table >> from & mask) << position }
  }
  return result
}

private func sm4(_ a: UInt64, _ b: UInt64, _ byte: UInt8, _ spread: (UInt32) -> UInt32) -> UInt64 {
  let shift = UInt32(byte & 3) * 8
  let substituted = UInt32(CryptoTables.sm4[Int(low32(b) >> shift & 0xff)])
  let mixed = spread(substituted)
  let placed = mixed << shift | (shift == 0 ? 0 : mixed >> (32 - shift))
  return sext32(placed ^ low32(a))
}

/// AES on a state of two 64-bit halves: rs1 holds columns 0 and 1, rs2 columns 2 and 3; results are columns 0 and 1.
private enum AES {
  static let forward: [UInt8] = [2, 3, 1, 1]
  static let backward: [UInt8] = [14, 11, 13, 9]

  private static func byte(_ value: UInt64, _ index: Int) -> UInt64 { value >> UInt64(8 * index) & 0xff }

  /// Bytes 0…7 of the state after ShiftRows: byte (row r, column c) comes from column c + r.
  static func shiftRows(_ a: UInt64, _ b: UInt64) -> UInt64 { gather(a, b) { row, column in (column + row) % 4 } }

  static func inverseShiftRows(_ a: UInt64, _ b: UInt64) -> UInt64 { gather(a, b) { row, column in (column + 4 - row) % 4 } }

  private static func gather(_ a: UInt64, _ b: UInt64, _ source: (Int, Int) -> Int) -> UInt64 {
    var result: UInt64 = 0
    for column in 0..<2 {
      for row in 0..<4 {
        let from = source(row, column)
        let value = from < 2 ? byte(a, 4 * from + row) : byte(b, 4 * (from - 2) + row)
        result |= value << UInt64(8 * (4 * column + row))
      }
    }
    return result
  }

  static func substitute(_ value: UInt64, _ box: [UInt8]) -> UInt64 {
    var result: UInt64 = 0
    for index in 0..<8 { result |= UInt64(box[Int(byte(value, index))]) << UInt64(8 * index) }
    return result
  }

  /// Both columns times the circulant matrix with this first row.
  static func mixColumns(_ value: UInt64, _ row: [UInt8]) -> UInt64 {
    var result: UInt64 = 0
    for column in 0..<2 {
      for r in 0..<4 {
        var sum: UInt8 = 0
        for c in 0..<4 { sum ^= CryptoTables.multiply(UInt8(byte(value, 4 * column + c)), row[(c + 4 - r) % 4]) }
        result |= UInt64(sum) << UInt64(8 * (4 * column + r))
      }
    }
    return result
  }

  /// aes64ks1i: the last word of the key rotated (but for round 10), substituted and with the round's constant, in both halves.
  static func scheduleCore(_ value: UInt64, round: UInt8) -> UInt64 {
    var word = UInt32(truncatingIfNeeded: value >> 32)
    var constant: UInt8 = 0
    if round < 10 {
      word = rotated(word, 8)
      constant = 1
      for _ in 0..<round { constant = CryptoTables.multiply(constant, 2) }
    }
    let substituted = UInt32(truncatingIfNeeded: substitute(UInt64(word), CryptoTables.aes)) ^ UInt32(constant)
    return UInt64(substituted) << 32 | UInt64(substituted)
  }

  static func scheduleMix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let first = UInt32(truncatingIfNeeded: a >> 32) ^ UInt32(truncatingIfNeeded: b)
    let second = first ^ UInt32(truncatingIfNeeded: b >> 32)
    return UInt64(second) << 32 | UInt64(first)
  }
}
