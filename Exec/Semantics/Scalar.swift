import RVDecoder

// What one integer instruction computes, where an operator of the host does not say it. RV64I, M, Zbb.

@inline(__always) func low32(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: value) }
@inline(__always) func sext8(_ value: UInt8) -> UInt64 { UInt64(bitPattern: Int64(Int8(bitPattern: value))) }
@inline(__always) func sext16(_ value: UInt16) -> UInt64 { UInt64(bitPattern: Int64(Int16(bitPattern: value))) }
@inline(__always) func sext32(_ value: UInt32) -> UInt64 { UInt64(bitPattern: Int64(Int32(bitPattern: value))) }

/// The sign of a double.
@inline(__always) var signBit: UInt64 { 1 << 63 }

/// Signed quotient: -1 for a division by zero, the dividend on overflow (M, "Division Operations").
@inline(__always)
func quotient<T: FixedWidthInteger & SignedInteger>(_ a: T, _ b: T) -> T {
  if b == 0 { return -1 }
  if b == -1 { return 0 &- a }
  return a / b
}

/// Signed remainder: the dividend for a division by zero, 0 on overflow.
@inline(__always)
func remainder<T: FixedWidthInteger & SignedInteger>(_ a: T, _ b: T) -> T {
  if b == 0 { return a }
  if b == -1 { return 0 }
  return a % b
}

/// Each byte 255 where the argument's byte is not zero, else 0 (Zbb, orc.b).
@inline(__always)
func spreadNonzeroBytes(_ value: UInt64) -> UInt64 {
  let low7: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
  // Bit 7 of each byte: whether the byte is not zero. The sum of seven bits cannot leave its byte.
  let marks = ((value & low7) &+ low7 | value) & ~low7
  return (marks &>> 7) &* 255
}

extension Core {
  /// A number for the instructions that have a displacement, so that an op can remember which one it was: funct3 of branches, 2 for jal.
  var branchCode: UInt8 {
    switch self {
    case .beq: 0
    case .bne: 1
    case .blt: 4
    case .bge: 5
    case .bltu: 6
    case .bgeu: 7
    default: 2
    }
  }

  init(branchCode: UInt8) {
    switch branchCode {
    case 0: self = .beq
    case 1: self = .bne
    case 4: self = .blt
    case 5: self = .bge
    case 6: self = .bltu
    case 7: self = .bgeu
    default: self = .jal
    }
  }
}
