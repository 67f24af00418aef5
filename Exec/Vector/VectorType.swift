/// vtype, read. "V", section 3.4, "Vector Type Register".
package struct VectorType: Equatable, Sendable {
  /// The register's bits; of a reserved setting only vill is left.
  package let bits: UInt64

  /// vill alone.
  package static let illegal = VectorType(bits: 1 << 63)

  private init(bits: UInt64) { self.bits = bits }

  /// What a write of `bits` leaves in the register: vill for a setting that is reserved or that ELEN does not allow.
  ///
  /// With LMUL below 1, SEW above LMUL · ELEN is reserved; the specification lets an implementation take it, Spike does not.
  /// - Parameter elen: log2 of ELEN in bytes.
  @inline(__always)
  package init(written bits: UInt64, elen: Int) {
    let lmul = Self.logLMUL(bits)
    self = bits >> 8 != 0 || lmul == -4 || Int(bits >> 3 & 7) > elen + min(lmul, 0) ? .illegal : VectorType(bits: bits)
  }

  package var isIllegal: Bool { bits >> 63 != 0 }
  /// log2 of SEW in bytes: 0…3.
  package var sew: Int { Int(bits >> 3 & 7) }
  /// log2 of LMUL: -3…3.
  package var lmul: Int { Self.logLMUL(bits) }
  /// Tail elements may be overwritten with ones.
  package var tailAgnostic: Bool { bits & 64 != 0 }
  /// So may masked-off elements.
  package var maskAgnostic: Bool { bits & 128 != 0 }

  /// VLMAX = LMUL · VLEN / SEW; 0 with vill.
  /// - Parameter vlenb: VLEN in bytes.
  @inline(__always)
  package func vlmax(vlenb: Int) -> Int {
    if isIllegal { return 0 }
    let ratio = lmul &- sew
    return ratio >= 0 ? vlenb &<< ratio : vlenb &>> (0 &- ratio)
  }

  /// Three bits, signed.
  private static func logLMUL(_ bits: UInt64) -> Int { Int((bits & 7) ^ 4) - 4 }
}
