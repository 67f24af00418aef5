import RVDecoder

/// Loads and stores. "Load and Store" of version 0.6.
extension MatrixV06Unit {
  /// Rows and columns of what an operand holds.
  private func extent(_ shape: MatrixShape?) -> (rows: Int, columns: Int) {
    switch shape?.role {
    case .a: (Int(sizeM), Int(sizeK))
    case .b: (Int(sizeN), Int(sizeK))
    default: (Int(sizeM), Int(sizeN))
    }
  }

  private func tile(_ op: Op, _ width: Int, _ isTransposed: Bool, _ hart: Hart) -> TileAccess {
    let (rows, columns) = extent(MatrixOperands.shared[Int(op.id)].md)
    return TileAccess(
      base: hart.state.x[Int(op.rs1)], step: hart.state.x[Int(op.rs2)], rows: rows, columns: columns, width: width, isTransposed: isTransposed)
  }

  @inline(__always)
  func load<M: GuestMemory, W: Watch>(
    _ op: Op, _ width: Int, isTransposed: Bool = false, _ hart: Hart, _ m: M, _ watch: inout W
  ) throws(Trap) {
    let tile = tile(op, width, isTransposed, hart)
    let (target, row) = (register(Int(op.rd)), rowBytes(Int(op.rd)))
    try hart.load(tile, to: target, rowBytes: row, scratch: scratch, m, &watch)
    // The text is silent about the rest; versions 0.3 and 0.4 say zero.
    fillOutside(Int(op.rd), rows: tile.columns == 0 ? 0 : tile.rows, bytes: tile.columns * width, choices.outside == .zero ? 0 : MatrixChoices.poison)
  }

  @inline(__always)
  func store<M: GuestMemory, W: Watch>(
    _ op: Op, _ width: Int, isTransposed: Bool = false, _ hart: Hart, _ m: M, _ watch: inout W
  ) throws(Trap) {
    try hart.store(tile(op, width, isTransposed, hart), from: register(Int(op.rd)), rowBytes: rowBytes(Int(op.rd)), m, &watch)
  }

  @inline(__always)
  func loadWhole<M: GuestMemory, W: Watch>(_ op: Op, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    let bytes = rows * rowBytes(Int(op.rd))
    try hart.load(.bytes(hart.state.x[Int(op.rs1)], count: bytes), to: register(Int(op.rd)), rowBytes: bytes, scratch: scratch, m, &watch)
  }

  @inline(__always)
  func storeWhole<M: GuestMemory, W: Watch>(_ op: Op, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    let bytes = rows * rowBytes(Int(op.rd))
    try hart.store(.bytes(hart.state.x[Int(op.rs1)], count: bytes), from: register(Int(op.rd)), rowBytes: bytes, m, &watch)
  }

  /// Fills what lies behind the first `bytes` of the first `rows` rows of a register.
  func fillOutside(_ number: Int, rows inside: Int, bytes: Int, _ value: UInt8) {
    let (base, row) = (register(number), rowBytes(number))
    if bytes < row {
      for i in 0..<inside { (base + i * row + bytes).initializeMemory(as: UInt8.self, repeating: value, count: row - bytes) }
    }
    if inside < rows { (base + inside * row).initializeMemory(as: UInt8.self, repeating: value, count: (rows - inside) * row) }
  }
}
