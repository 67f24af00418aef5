import RVDecoder
import RVExec

/// Vector loads and stores: inside of the data area, and over the end of memory.
extension Generator {
  /// What an access looks like.
  private struct Shape {
    /// log2 of the bytes of an element.
    var width: Int
    var fields: Int
    var isStrided: Bool
    /// log2 of the bytes of an index.
    var indexWidth: Int?
    var elements: Int
    /// Bytes of a segment.
    var segment: Int { fields << width }
  }

  /// Bytes that strided accesses may span: the data area has room for as many on both sides.
  private static let span = 12 << 10

  mutating func vectorMemory(_ row: RowInfo, _ word: UInt32, _ op: Op, _ operands: VectorOperands, _ target: VectorTarget) {
    var shape = Shape(
      width: Int(operands.vd.width), fields: operands.hasFields ? Int(op.imm) + 1 : 1,
      isStrided: row.uses.contains { $0.slot == .rs2 && $0.file == .x },
      indexWidth: operands.vs2.isPresent ? Int(operands.vs2.width) : nil, elements: context.vl)
    if shape.indexWidth != nil { shape.width = context.sew }
    if operands.vd.width == VectorOperands.Operand.bit {
      shape.width = 0
      shape.elements = (context.vl + 7) / 8
    }
    if operands.whole != 0 {
      shape.width = ["16": 1, "32": 2, "64": 3][row.mnemonic.dropLast(2).suffix(2)] ?? 0
      shape.elements = VectorCoverage.wholeElements(row, vlenb: context.vlenb)
    }
    let stride = stride(shape)
    if shape.isStrided { number(signed: op.rs2, stride) }
    if op.aux & 1 == 0, random.chance(25) { fillMask() }
    if !operands.writes, random.chance(50) { fill(op.rd, operands.vd, row, isIndex: false, whole: operands.whole) }

    let faults = random.chance(28)
    var element: Int?
    if faults, shape.elements > 0 {
      element = [0, shape.elements / 2, shape.elements - 1, random.below(shape.elements)][target.number & 3]
    }
    if let width = shape.indexWidth {
      let length = 1 << max(0, width - context.sew + context.lmul)
      if let element {
        fill(op.rs2, length, at: context.pools.faultAddress(width: width) - UInt64(element << width))
      } else {
        fill(op.rs2, length, from: VectorPools.index(width: width))
      }
    }
    append(.address(rd: op.rs1, .absolute(base(shape, stride, element))))
    let hasStart = target.hasStart && (element == nil || random.chance(30))
    if hasStart { setStart(shape.elements) }
    append(.word(word))
    guard element != nil else { return }
    // What is left of it, or all, elsewhere; not with indices that it has overwritten.
    if shape.indexWidth == nil || op.rd != op.rs2 {
      if random.chance(50) { append("csrrwi", Operands(imm: 8)) }
      if row.mnemonic.contains("ff") { configure(context.sew, context.lmul, length: target.length, policy: target.policy) }
      append(.address(rd: op.rs1, .absolute(base(shape, stride, nil))))
      append(.word(word))
    }
    append("csrrwi", Operands(imm: 8))
    // A fault-only-first load may have changed vl.
    if row.mnemonic.contains("ff") { context.isStale = true }
  }

  private mutating func number(signed register: UInt8, _ value: Int) {
    if -2048..<2048 ~= value {
      append("addi", Operands(rd: register, imm: Int32(value)))
    } else {
      load(UInt64(bitPattern: Int64(value)), register: register, integer: true)
    }
  }

  private mutating func stride(_ shape: Shape) -> Int {
    let limit = Self.span / max(1, shape.elements)
    let size = 1 << shape.width
    let some = random.pick([0, size, shape.segment, -size, -shape.segment, 2 * shape.segment, size * random.below(16)])
    let stride = random.chance(6) ? some + random.below(3) - 1 : some
    return stride.magnitude <= limit ? stride : max(size, limit / size * size) * stride.signum()
  }

  /// An address, where no element faults, or from `element` on all do.
  private mutating func base(_ shape: Shape, _ stride: Int, _ element: Int?) -> UInt64 {
    let crooked = random.chance(6) && shape.width > 0 ? UInt64(1 + random.below(1 << shape.width - 1)) : 0
    guard let element else {
      return Layout.data + 0x4000 + UInt64((random.below(0x4000) >> shape.width) << shape.width) + crooked
    }
    if shape.indexWidth != nil { return Layout.end - UInt64(VectorPools.smallLimit + 72) + crooked % 2 }
    if random.chance(8) { return Layout.end + UInt64(random.below(64) * 8) }
    let field = random.chance(40) ? random.below(shape.fields) : 0
    let step = shape.isStrided ? stride : shape.segment
    if step <= 0 { return Layout.end - UInt64(field << shape.width) }
    return Layout.end - UInt64(element * step + field << shape.width) - (random.chance(20) ? crooked : 0)
  }
}
