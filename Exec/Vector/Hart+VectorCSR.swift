import RVDecoder

/// vstart, vxsat, vxrm, vcsr, vl, vtype, vlenb. "V", chapter 3.
extension Hart {
  func vectorValue(ofCSR number: Int) -> UInt64? {
    guard isa.contains(.zve32x) else { return nil }
    let s = state
    switch number {
    case CSR.vstart: return s.pointee.vstart
    case CSR.vxsat: return UInt64(s.pointee.vxsat)
    case CSR.vxrm: return UInt64(s.pointee.vxrm)
    case CSR.vcsr: return UInt64(s.pointee.vxrm) << 1 | UInt64(s.pointee.vxsat)
    case CSR.vl: return s.pointee.vl
    case CSR.vtype: return s.pointee.vtype.bits
    case CSR.vlenb: return s.pointee.vlenb
    default: return nil
    }
  }

  /// Writes one of those that can be written; the vector state is dirty then.
  func writeVectorCSR(_ number: Int, _ value: UInt64) {
    let s = state
    s.pointee.vs = 3
    switch number {
    // As many bits as an element's index can have.
    case CSR.vstart:
      s.pointee.vstart = value & (s.pointee.vlenb &* 8 &- 1)
      log(number, s.pointee.vstart)
    case CSR.vxsat: setSaturation(value)
    case CSR.vxrm: setFixedRounding(value)
    // A window on both.
    default:
      setSaturation(value)
      setFixedRounding(value >> 1)
    }
  }

  private func setSaturation(_ value: UInt64) {
    state.pointee.vxsat = UInt8(value & 1)
    log(CSR.vxsat, value & 1)
  }

  private func setFixedRounding(_ value: UInt64) {
    state.pointee.vxrm = UInt8(value & 3)
    log(CSR.vxrm, value & 3)
  }

  /// An element was saturated.
  func saturate() {
    state.pointee.vxsat = 1
    log(CSR.vxsat, 1)
  }
}
