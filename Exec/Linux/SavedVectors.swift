import RVDecoder

/// The vector state in a signal frame: `struct __riscv_v_ext_state` (arch/riscv/include/uapi/asm/ptrace.h), then the registers.
///
///     0     vstart, vl, vtype, vcsr, vlenb: 8 bytes each
///     40    address of the registers
///     48    v0…v31
struct SavedVectors {
  /// RISCV_V_MAGIC.
  static let magic: UInt32 = 0x5346_5457
  private static let headSize = 48

  /// Bytes of it.
  static func size(vlenb: Int) -> Int { headSize + 32 * vlenb }

  var vstart: UInt64
  var vl: UInt64
  var vtype: UInt64
  var vcsr: UInt64
  var registers: [UInt8]

  /// What a hart has now.
  init(_ hart: Hart) {
    let s = hart.state
    (vstart, vl, vtype) = (s.pointee.vstart, s.pointee.vl, s.pointee.vtype.bits)
    vcsr = UInt64(s.pointee.vxrm) << 1 | UInt64(s.pointee.vxsat)
    registers = Array(hart.vectorBytes)
  }

  /// What a program left in a frame; the registers lie where the frame says.
  /// - Returns: `nil` where that cannot be read.
  init?(at address: UInt64, of hart: Hart) {
    guard let head = hart.space.read(address, count: Self.headSize) else { return nil }
    func word(_ index: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(head[index * 8 + $1]) << UInt64($1 * 8) } }
    guard let bytes = hart.space.read(word(5), count: hart.vectorBytes.count) else { return nil }
    (vstart, vl, vtype, vcsr, registers) = (word(0), word(1), word(2), word(3), bytes)
  }

  /// - Parameter address: where these bytes go.
  func bytes(at address: UInt64, of hart: Hart) -> [UInt8] {
    var layout = GuestLayout(capacity: Self.size(vlenb: Int(hart.state.pointee.vlenb)))
    for word in [vstart, vl, vtype, vcsr, hart.state.pointee.vlenb, address &+ UInt64(Self.headSize)] { layout.put(word) }
    layout.put(registers)
    return layout.bytes
  }

  /// Puts it back, as vsetvl and writes of the CSRs do.
  func restore(_ hart: Hart) {
    let s = hart.state
    let type = VectorType(written: vtype, elen: Int(s.pointee.elen))
    s.pointee.vtype = type
    s.pointee.vl = min(vl, UInt64(type.vlmax(vlenb: Int(s.pointee.vlenb))))
    hart.writeVectorCSR(CSR.vstart, vstart)
    hart.writeVectorCSR(CSR.vcsr, vcsr)
    hart.vectorBytes.copyBytes(from: registers)
  }
}
