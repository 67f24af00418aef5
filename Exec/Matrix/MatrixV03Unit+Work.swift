import RVDecoder
import RVFloat

/// What the instructions of version 0.3 do.
extension MatrixV03Unit {
  /// Writes `width` bits of xmsize from bit `shift` on.
  /// - Returns: the new xmsize.
  func configure(_ value: UInt64, at shift: UInt32, width: UInt32) -> UInt64 {
    let mask = (UInt32.max >> (32 - width)) << shift
    size = size & ~mask | (UInt32(truncatingIfNeeded: value) << shift) & mask
    return UInt64(size)
  }

  // MARK: Loads and stores

  private func tile(_ op: Op, _ width: Int, _ hart: Hart) -> TileAccess {
    TileAccess(base: hart.state.x[Int(op.rs1)], step: hart.state.x[Int(op.rs2)], rows: sizeM, columns: sizeK / width, width: width)
  }

  @inline(__always)
  func load<M: GuestMemory, W: Watch>(_ op: Op, _ width: Int, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    let tile = tile(op, width, hart)
    try hart.load(tile, to: register(Int(op.rd)), rowBytes: rowBytes, scratch: scratch, m, &watch)
    clearOutside(register(Int(op.rd)), rows: sizeM, bytes: sizeK)
  }

  @inline(__always)
  func store<M: GuestMemory, W: Watch>(_ op: Op, _ width: Int, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    try hart.store(tile(op, width, hart), from: register(Int(op.rd)), rowBytes: rowBytes, m, &watch)
  }

  @inline(__always)
  func loadWhole<M: GuestMemory, W: Watch>(_ op: Op, _ count: Int, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    let bytes = count * registerBytes
    // All registers are as much as there may be in the working room.
    try hart.load(.bytes(hart.state.x[Int(op.rs1)], count: bytes), to: register(Int(op.rd)), rowBytes: bytes, scratch: scratch, m, &watch)
  }

  @inline(__always)
  func storeWhole<M: GuestMemory, W: Watch>(_ op: Op, _ count: Int, _ hart: Hart, _ m: M, _ watch: inout W) throws(Trap) {
    let bytes = count * registerBytes
    try hart.store(.bytes(hart.state.x[Int(op.rs1)], count: bytes), from: register(Int(op.rd)), rowBytes: bytes, m, &watch)
  }

  private func clearOutside(_ base: UnsafeMutableRawPointer, rows inside: Int, bytes: Int) {
    if bytes < rowBytes {
      for i in 0..<inside { (base + i * rowBytes + bytes).initializeMemory(as: UInt8.self, repeating: 0, count: rowBytes - bytes) }
    }
    if inside < rows { (base + inside * rowBytes).initializeMemory(as: UInt8.self, repeating: 0, count: (rows - inside) * rowBytes) }
  }

  // MARK: Moves

  func zero(_ op: Op) { register(Int(op.rd)).initializeMemory(as: UInt8.self, repeating: 0, count: registerBytes) }

  func move(_ op: Op) {
    if op.rd != op.rs1 { register(Int(op.rd)).copyMemory(from: register(Int(op.rs1)), byteCount: registerBytes) }
  }

  /// Row numbers have as many bits as rows need.
  private func row(_ number: UInt64) -> Int { Int(number & UInt64(rows - 1)) * rowBytes }

  func spread(_ op: Op, row number: UInt64) {
    scratch.copyMemory(from: register(Int(op.rs1)) + row(number), byteCount: rowBytes)
    for i in 0..<rows { (register(Int(op.rd)) + i * rowBytes).copyMemory(from: scratch, byteCount: rowBytes) }
  }

  private func index(_ place: UInt64, _ width: Int) -> Int { Int(place & UInt64(registerBytes / width - 1)) }

  func element(_ op: Op, _ width: Int, at place: UInt64) -> UInt64 {
    UnsafeRawPointer(register(Int(op.rs2))).element(index(place, width), width: width, row: 0).signExtended(width: width)
  }

  func set(_ op: Op, _ width: Int, _ value: UInt64, at place: UInt64) {
    register(Int(op.rd)).store(value, element: index(place, width), width: width, row: 0)
  }

  func fill(_ op: Op, _ width: Int, _ value: UInt64) {
    for index in 0..<registerBytes / width { register(Int(op.rd)).store(value, element: index, width: width, row: 0) }
  }

  // MARK: Multiplication

  /// Multiplies into a register, or into a pair of which the first holds the left columns: in whole rows, which are put back.
  private func multiply(_ op: Op, resultBits: Int, k: Int, _ body: (inout rvf_matmul) -> Void) {
    let registers = Int(MatrixOperands.shared[Int(op.id)].md?.registers ?? 1)
    let target = register(Int(op.rd))
    let row = registers * rowBytes
    if registers > 1 { copyPair(target, toRows: true) }
    var job = rvf_matmul(
      c: registers > 1 ? pair : target, a: register(Int(op.rs1)), b: register(Int(op.rs2)), c_stride: row, a_stride: rowBytes,
      b_stride: rowBytes, m: sizeM, n: sizeN, k: k, scratch: scratch)
    body(&job)
    let bytes = sizeN * resultBits / 8
    if registers > 1 {
      copyPair(target, toRows: false)
      clearOutside(target, rows: sizeM, bytes: min(bytes, rowBytes))
      clearOutside(target + registerBytes, rows: sizeM, bytes: max(bytes - rowBytes, 0))
    } else {
      clearOutside(target, rows: sizeM, bytes: bytes)
    }
  }

  private func copyPair(_ registers: UnsafeMutableRawPointer, toRows: Bool) {
    for half in 0..<2 {
      for i in 0..<rows {
        let (apart, together) = (registers + half * registerBytes + i * rowBytes, pair + (2 * i + half) * rowBytes)
        if toRows {
          together.copyMemory(from: apart, byteCount: rowBytes)
        } else {
          apart.copyMemory(from: together, byteCount: rowBytes)
        }
      }
    }
  }

  /// Rounding mode and flags are those of fcsr.
  func multiply(_ op: Op, _ source: rvf_number, _ result: rvf_number, _ hart: Hart) throws(Trap) {
    let s = hart.state
    guard s.pointee.fs != 0, s.pointee.frm <= 4 else { throw Trap(.illegalInstruction) }
    let width = { (x: rvf_number) in x == RVF_DOUBLE ? 8 : x == RVF_SINGLE ? 4 : 2 }
    multiply(op, resultBits: 8 * width(result), k: sizeK / width(source)) { job in
      let raised = rvf_matmul_float(&job, source, result, choices.accumulation.order, UInt32(s.pointee.frm))
      // The loop gathers them, and makes the float state dirty.
      if raised != 0 { rvf_raise(raised) }
    }
  }

  /// Sums wrap. sizeK is in bytes, of which one holds two elements of 4 bits.
  func multiply(_ op: Op, _ bits: Int32, _ aSigned: Bool, _ bSigned: Bool) {
    multiply(op, resultBits: bits == 16 ? 64 : 32, k: sizeK * 8 / Int(bits)) { job in
      _ = rvf_matmul_integer(&job, bits, aSigned, bSigned, false)
    }
  }

  // MARK: Elements

  /// What stands in the place of the second source.
  enum Second {
    case register
    /// A row of it, for all rows.
    case row(UInt64)
    case scalar(UInt64)
  }

  /// sizeM × sizeK elements of `width` bytes; a clip puts quarters of them side by side. The rest is zero.
  func elements(_ op: Op, _ operation: MatrixElement.Integer, _ width: Int, _ second: Second) {
    let mode = VectorRounding(rawValue: fixedRounding) ?? .nearestUp
    let columns = sizeK / width
    let isClip =
      switch operation {
      case .clip, .clipUnsigned: true
      default: false
      }
    let resultWidth = isClip ? width / 4 : width
    // All sources are read before anything is written.
    let results = scratch
    let spare = scratch + registerBytes
    if case .row(let number) = second { spare.copyMemory(from: register(Int(op.rs1)) + row(number), byteCount: rowBytes) }
    for i in 0..<sizeM {
      let a = UnsafeRawPointer(register(Int(op.rs2)) + i * rowBytes)
      for j in 0..<columns {
        let b =
          switch second {
          case .register: UnsafeRawPointer(register(Int(op.rs1))).element(j, width: width, row: i * rowBytes)
          case .row: UnsafeRawPointer(spare).element(j, width: width, row: 0)
          case .scalar(let value): value
          }
        let (value, isSaturated) = MatrixElement.integer(
          operation, a.element(j, width: width, row: 0), b, width: width, saturates: false, rounding: mode)
        if isSaturated { saturated = true }
        results.store(value, element: j, width: resultWidth, row: i * rowBytes)
      }
    }
    let target = register(Int(op.rd))
    target.copyMemory(from: results, byteCount: sizeM * rowBytes)
    clearOutside(target, rows: sizeM, bytes: columns * resultWidth)
  }
}
