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

/// The same, ready to be called where nothing is out of the ordinary. By ``Op/id``.
struct FloatFast {
  /// By log2 of the bytes of SEW; index 0 is never asked for.
  var half, single, double: FloatBlock?
  var addsFirst = false

  @inline(__always)
  func block(_ sew: Int) -> FloatBlock? { sew == 2 ? single : sew == 3 ? double : half }

  /// They live as long as the process.
  nonisolated(unsafe) static let shared: UnsafePointer<FloatFast> = {
    let rows = InstructionTable.shared.rows
    let all = UnsafeMutablePointer<FloatFast>.allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() {
      var fast = FloatFast()
      if case .vf(let instruction) = row.row {
        switch FloatForm(instruction) {
        case .two(let operation): fast.set(operation.blocks)
        case .fused(let operation, let addsFirst):
          fast.set(operation.blocks)
          fast.addsFirst = addsFirst
        case .reversed, nil: break
        }
      }
      (all + index).initialize(to: fast)
    }
    return UnsafePointer(all)
  }()

  private mutating func set(_ blocks: ByFormat<FloatBlock>) { (half, single, double) = (blocks.half, blocks.single, blocks.double) }
}

extension Hart {
  /// Does the op at once if it is one of ``FloatForm``, not masked, in a rounding mode of the host's, and the state is dirty already.
  /// - Returns: whether it did.
  @inline(__always)
  func executesFast(_ op: OpPointer, _ s: UnsafeMutablePointer<HartState>) -> Bool {
    let id = Int(op.pointee.id)
    let type = s.pointee.vtype
    let sew = type.sew
    let numbers = UInt32(op.pointee.rd) | UInt32(op.pointee.rs1) << 8 | UInt32(op.pointee.rs2) << 16
    guard s.pointee.hostRounding & 0x80 != 0, s.pointee.vs == 3, !type.isIllegal, s.pointee.vstart == 0, op.pointee.aux & 1 != 0,
      VectorChecks.allow(vectorChecks[id << 5 | Int(type.bits & 31)], numbers, isMasked: false), isNumber(sew),
      let block = floatFast[id].block(sew), let file = s.pointee.vectors
    else { return false }
    let vlenb = Int(truncatingIfNeeded: s.pointee.vlenb)
    let vd = file + Int(op.pointee.rd) &* vlenb
    let vs2 = UnsafeRawPointer(file + Int(op.pointee.rs2) &* vlenb)
    let isScalar = vectorOperands[id].source == .f
    var second = UnsafeRawPointer(file + Int(op.pointee.rs1) &* vlenb)
    if isScalar {
      // The number lies in the register as it lies in memory.
      let scalar = UnsafeRawPointer(s.f + Int(op.pointee.rs1))
      if sew != 3, scalar.load(as: UInt64.self) < ~0 &<< UInt64(8 << sew) { return false }
      second = scalar
    }
    let addsFirst = floatFast[id].addsFirst
    block(vd, addsFirst ? UnsafeRawPointer(vd) : vs2, second, addsFirst ? vs2 : UnsafeRawPointer(vd), Int(truncatingIfNeeded: s.pointee.vl), isScalar)
    return true
  }
}
