import RVDecoder
import RVFloat

/// The matrix operands of a row, ready to be checked each time that it is executed: from the row and nothing else.
struct MatrixOperands {
  /// `nil` where the slot holds no matrix register.
  var md: MatrixShape?
  var ms1: MatrixShape?
  var ms2: MatrixShape?
  /// Of each of these one bit must be among the features; 0: nothing is asked for.
  var needs: (UInt64, UInt64) = (0, 0)
  /// It computes with elements, which can be as wide as ELEN at most; moves, loads and stores do not ask.
  var computes = false

  init(_ row: RowInfo) {
    for use in row.uses where use.file == .m {
      switch use.slot {
      case .rd: md = use.matrix
      case .rs1: ms1 = use.matrix
      default: ms2 = use.matrix
      }
    }
    // A name that nobody knows is a bit that nobody has.
    let known = row.features.isEmpty ? [:] : ExtensionUnits.featureBits(of: row)
    let bits = row.features.map { names in names.reduce(0) { $0 | (known[$1] ?? 1 << 40) } }
    needs = (bits.first ?? 0, bits.dropFirst().first ?? 0)
    computes = [.mmacc, .mfma, .melement, .mfelement, .mconvert, .mclip].contains(row.work)
  }

  /// Those of all rows, by ``Op/id``. They live as long as the process. The first instruction that asks makes them, in the guest's
  /// floating-point environment: Swift's dictionaries compute with doubles.
  nonisolated(unsafe) static let shared: UnsafePointer<MatrixOperands> = {
    let guest = rvf_enter(0)
    defer { rvf_leave(guest) }
    let rows = InstructionTable.shared.rows
    let all = UnsafeMutablePointer<MatrixOperands>.allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() { (all + index).initialize(to: MatrixOperands(row)) }
    return UnsafePointer(all)
  }()

  @inline(__always)
  func isAmong(_ features: UInt64) -> Bool {
    (needs.0 == 0 || needs.0 & features != 0) && (needs.1 == 0 || needs.1 & features != 0)
  }

  /// Whether a condition holds for each operand that there is.
  @inline(__always)
  func all(_ op: Op, _ condition: (MatrixShape, Int) -> Bool) -> Bool {
    if let md, !condition(md, Int(op.rd)) { return false }
    if let ms1, !condition(ms1, Int(op.rs1)) { return false }
    if let ms2, !condition(ms2, Int(op.rs2)) { return false }
    return true
  }
}
