import RVDecoder

/// Moves, broadcasts, slides, packs: whole registers, whatever the sizes are. "Move and Broadcast", "Slide", "Pack" of version 0.6.
extension MatrixV06Unit {
  /// Elements of a row.
  /// - Throws: an illegal-instruction exception where not one fits.
  private func columns(_ number: Int, _ width: Int) throws(Trap) -> Int {
    guard rowBytes(number) >= width else { throw Trap(.illegalInstruction) }
    return rowBytes(number) / width
  }

  private func requireOneClass(_ op: Op) throws(Trap) {
    guard Self.isAccumulator(Int(op.rd)) == Self.isAccumulator(Int(op.rs1)) else { throw Trap(.illegalInstruction) }
  }

  /// A copy of a register, so that the destination may be it.
  private func copy(_ number: Int) -> UnsafeMutableRawPointer {
    scratch.copyMemory(from: register(number), byteCount: rows * rowBytes(number))
    return scratch
  }

  func zero(_ op: Op, _ count: Int) {
    for number in Int(op.rd)..<Int(op.rd) + count {
      register(number).initializeMemory(as: UInt8.self, repeating: 0, count: rows * rowBytes(number))
    }
  }

  func move(_ op: Op) {
    let (to, from) = (Int(op.rd), Int(op.rs1))
    if to == from { return }
    for i in 0..<rows {
      (register(to) + i * rowBytes(to)).copyMemory(from: register(from) + i * rowBytes(from), byteCount: min(rowBytes(to), rowBytes(from)))
    }
  }

  /// Elements are counted row by row, modulo their number, which is a power of two.
  private func index(_ number: Int, _ width: Int, _ index: UInt64) throws(Trap) -> Int {
    Int(index & UInt64(rows * (try columns(number, width)) - 1))
  }

  func element(_ op: Op, _ width: Int, at place: UInt64) throws(Trap) -> UInt64 {
    let number = Int(op.rs2)
    return UnsafeRawPointer(register(number)).element(try index(number, width, place), width: width, row: 0).signExtended(width: width)
  }

  func set(_ op: Op, _ width: Int, _ value: UInt64, at place: UInt64) throws(Trap) {
    let number = Int(op.rd)
    register(number).store(value, element: try index(number, width, place), width: width, row: 0)
  }

  func fill(_ op: Op, _ width: Int, _ value: UInt64) throws(Trap) {
    let number = Int(op.rd)
    for index in 0..<rows * (try columns(number, width)) { register(number).store(value, element: index, width: width, row: 0) }
  }

  func pack(_ op: Op, upper1: Bool, upper2: Bool) throws(Trap) {
    try requireOneClass(op)
    guard Self.isAccumulator(Int(op.rs2)) == Self.isAccumulator(Int(op.rd)), rowBytes(Int(op.rd)) > 1 else { throw Trap(.illegalInstruction) }
    let row = rowBytes(Int(op.rd))
    let half = row / 2
    let first = copy(Int(op.rs1))
    let second = scratch + rows * row
    second.copyMemory(from: register(Int(op.rs2)), byteCount: rows * row)
    let target = register(Int(op.rd))
    for i in 0..<rows {
      (target + i * row).copyMemory(from: first + i * row + (upper1 ? half : 0), byteCount: half)
      (target + i * row + half).copyMemory(from: second + i * row + (upper2 ? half : 0), byteCount: half)
    }
  }

  /// - Parameter distance: md[i] = ms1[i + distance].
  func slideRows(_ op: Op, by distance: Int) throws(Trap) {
    try requireOneClass(op)
    let row = rowBytes(Int(op.rd))
    let source = copy(Int(op.rs1))
    let target = register(Int(op.rd))
    let distance = distance.signum() * (abs(distance) & (rows - 1))
    for i in 0..<rows {
      if (0..<rows).contains(i + distance) {
        (target + i * row).copyMemory(from: source + (i + distance) * row, byteCount: row)
      } else {
        (target + i * row).initializeMemory(as: UInt8.self, repeating: 0, count: row)
      }
    }
  }

  func slideColumns(_ op: Op, _ width: Int, isUp: Bool) throws(Trap) {
    try requireOneClass(op)
    let row = rowBytes(Int(op.rd))
    let shift = (Int(op.imm) & ((try columns(Int(op.rd), width)) - 1)) * width
    let source = copy(Int(op.rs1))
    let target = register(Int(op.rd))
    for i in 0..<rows {
      (target + i * row + (isUp ? shift : 0)).copyMemory(from: source + i * row + (isUp ? 0 : shift), byteCount: row - shift)
      (target + i * row + (isUp ? 0 : row - shift)).initializeMemory(as: UInt8.self, repeating: 0, count: shift)
    }
  }

  func spreadRow(_ op: Op) throws(Trap) {
    try requireOneClass(op)
    let row = rowBytes(Int(op.rd))
    let source = copy(Int(op.rs1)) + (Int(op.imm) & (rows - 1)) * row
    for i in 0..<rows { (register(Int(op.rd)) + i * row).copyMemory(from: source, byteCount: row) }
  }

  func spreadColumn(_ op: Op, _ width: Int) throws(Trap) {
    try requireOneClass(op)
    let row = rowBytes(Int(op.rd))
    let columns = try columns(Int(op.rd), width)
    let source = copy(Int(op.rs1))
    for i in 0..<rows {
      let value = UnsafeRawPointer(source).element(Int(op.imm) & (columns - 1), width: width, row: i * row)
      for j in 0..<columns { register(Int(op.rd)).store(value, element: j, width: width, row: i * row) }
    }
  }
}
