import RVDecoder

/// An operation of whole vectors in C, ready to be called where nothing is out of the ordinary. By ``Op/id``.
struct FastForm {
  /// By log2 of the bytes of SEW.
  private var byte, half, single, double: VectorBlock?
  var addsFirst = false
  /// It rounds and raises as the host does.
  var isFloat = false

  @inline(__always)
  func block(_ sew: Int) -> VectorBlock? {
    switch sew {
    case 0: byte
    case 1: half
    case 2: single
    default: double
    }
  }

  /// They live as long as the process.
  nonisolated(unsafe) static let shared: UnsafePointer<FastForm> = {
    let rows = InstructionTable.shared.rows
    let all = UnsafeMutablePointer<FastForm>.allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() { (all + index).initialize(to: FastForm(row.row)) }
    return UnsafePointer(all)
  }()

  private init(_ row: Row) {
    switch row {
    case .vf(let instruction):
      switch FloatForm(instruction) {
      case .two(let operation): setFloat(operation.blocks)
      case .fused(let operation, let addsFirst):
        setFloat(operation.blocks)
        self.addsFirst = addsFirst
      case .reversed, nil: break
      }
    case .v(let instruction):
      guard let blocks = WideProduct(instruction)?.blocks else { return }
      (byte, half, single) = blocks
    default: break
    }
  }

  private mutating func setFloat(_ blocks: ByFormat<VectorBlock>) {
    (half, single, double) = (blocks.half, blocks.single, blocks.double)
    isFloat = true
  }
}

extension Hart {
  /// Does the op at once if it has a ``FastForm``, is not masked, nothing is to be filled, and the state is dirty already; if it computes
  /// with floats, in a rounding mode of the host's.
  /// - Returns: whether it did.
  @inline(never)
  func executesFast(_ op: OpPointer, _ s: UnsafeMutablePointer<HartState>) -> Bool {
    let id = Int(op.pointee.id)
    let type = s.pointee.vtype
    let sew = type.sew
    let form = fastForms + id
    let numbers = UInt32(op.pointee.rd) | UInt32(op.pointee.rs1) << 8 | UInt32(op.pointee.rs2) << 16
    guard let block = form.pointee.block(sew), s.pointee.vs == 3, !type.isIllegal, !s.pointee.fillsAgnostic, s.pointee.vstart == 0, op.pointee.aux & 1 != 0,
      VectorChecks.allow(vectorChecks[id << 5 | Int(type.bits & 31)], numbers, isMasked: false), let file = s.pointee.vectors
    else { return false }
    if form.pointee.isFloat, s.pointee.hostRounding & 0x80 == 0 || !isNumber(sew) { return false }
    let vlenb = Int(truncatingIfNeeded: s.pointee.vlenb)
    let vd = file + Int(op.pointee.rd) &* vlenb
    let vs2 = UnsafeRawPointer(file + Int(op.pointee.rs2) &* vlenb)
    var second = UnsafeRawPointer(file + Int(op.pointee.rs1) &* vlenb)
    var isScalar = true
    // The number lies in the register as it lies in memory.
    switch vectorOperands[id].source {
    case .f:
      second = UnsafeRawPointer(s.f + Int(op.pointee.rs1))
      if sew != 3, second.load(as: UInt64.self) < ~0 &<< UInt64(8 << sew) { return false }
    case .x: second = UnsafeRawPointer(s.x + Int(op.pointee.rs1))
    default: isScalar = false
    }
    let addsFirst = form.pointee.addsFirst
    block(vd, addsFirst ? UnsafeRawPointer(vd) : vs2, second, addsFirst ? vs2 : UnsafeRawPointer(vd), Int(truncatingIfNeeded: s.pointee.vl), isScalar)
    return true
  }
}
