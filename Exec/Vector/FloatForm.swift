import RVDecoder

/// Operations that combine elements of SEW bits with those at the same place: most of what kernels do.
enum FloatForm {
  case two(FloatOperation2)
  /// The scalar first.
  case reversed(FloatOperation2)
  /// `addsFirst`: vs2 is what is added, and vd a factor.
  case fused(FloatOperation3, addsFirst: Bool)

  /// "V", sections 13.2 to 13.7, 13.11, 13.12.
  init?(_ instruction: VF) {
    let form: FloatForm? =
      switch instruction {
      case .vfadd_vv, .vfadd_vf: .two(.add)
      case .vfsub_vv, .vfsub_vf: .two(.subtract)
      case .vfrsub_vf: .reversed(.subtract)
      case .vfmul_vv, .vfmul_vf: .two(.multiply)
      case .vfdiv_vv, .vfdiv_vf: .two(.divide)
      case .vfrdiv_vf: .reversed(.divide)
      case .vfmin_vv, .vfmin_vf: .two(.min)
      case .vfmax_vv, .vfmax_vf: .two(.max)
      case .vfsgnj_vv, .vfsgnj_vf: .two(.sign)
      case .vfsgnjn_vv, .vfsgnjn_vf: .two(.oppositeSign)
      case .vfsgnjx_vv, .vfsgnjx_vf: .two(.signProduct)

      case .vfmadd_vv, .vfmadd_vf: .fused(.multiplyAdd, addsFirst: true)
      case .vfnmadd_vv, .vfnmadd_vf: .fused(.negatedMultiplySubtract, addsFirst: true)
      case .vfmsub_vv, .vfmsub_vf: .fused(.multiplySubtract, addsFirst: true)
      case .vfnmsub_vv, .vfnmsub_vf: .fused(.negatedMultiplyAdd, addsFirst: true)
      case .vfmacc_vv, .vfmacc_vf: .fused(.multiplyAdd, addsFirst: false)
      case .vfnmacc_vv, .vfnmacc_vf: .fused(.negatedMultiplySubtract, addsFirst: false)
      case .vfmsac_vv, .vfmsac_vf: .fused(.multiplySubtract, addsFirst: false)
      case .vfnmsac_vv, .vfnmsac_vf: .fused(.negatedMultiplyAdd, addsFirst: false)
      default: nil
      }
    guard let form else { return nil }
    self = form
  }
}
