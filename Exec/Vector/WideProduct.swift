import RVDecoder
import RVFloat

/// The signs of the factors of a widening multiply-add: vs2's first.
enum WideProduct {
  case bothSigned, bothUnsigned, signedUnsigned, unsignedSigned

  /// "V", section 11.14.
  init?(_ instruction: V) {
    switch instruction {
    case .vwmaccu_vv, .vwmaccu_vx: self = .bothUnsigned
    case .vwmacc_vv, .vwmacc_vx: self = .bothSigned
    case .vwmaccus_vx: self = .signedUnsigned
    case .vwmaccsu_vv, .vwmaccsu_vx: self = .unsignedSigned
    default: return nil
    }
  }

  /// From 8 to 16, from 16 to 32, from 32 to 64 bits.
  var blocks: (VectorBlock, VectorBlock, VectorBlock) {
    switch self {
    case .bothSigned: (rvf_vector_macc_ss_16, rvf_vector_macc_ss_32, rvf_vector_macc_ss_64)
    case .bothUnsigned: (rvf_vector_macc_uu_16, rvf_vector_macc_uu_32, rvf_vector_macc_uu_64)
    case .signedUnsigned: (rvf_vector_macc_su_16, rvf_vector_macc_su_32, rvf_vector_macc_su_64)
    case .unsignedSigned: (rvf_vector_macc_us_16, rvf_vector_macc_us_32, rvf_vector_macc_us_64)
    }
  }
}
