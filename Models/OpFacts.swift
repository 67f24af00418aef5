import RVDecoder

/// What timing has to know of a row, ready for use: from the row and nothing else. Indexed by ``Op/id``.
struct OpFacts {
  /// Where a register operand's state lies: x from 0 (with the sink of x0), f from 33.
  static let floatBase: UInt8 = 33
  static let none: UInt8 = 255
  static let registers = 65

  enum Kind: UInt8 {
    case scalar, load, store, atomic, branch, jump, vector, vectorLoad, vectorStore, vset, matrix, fence, csr
    var isVectorMemory: Bool { self == .vectorLoad || self == .vectorStore }
    /// It goes on in a queue of its unit when the core is done with it.
    @inline(__always)
    var isQueued: Bool { self == .vector || self == .vectorLoad || self == .vectorStore || self == .matrix }
  }

  var kind: Kind
  /// Index of the ``Work`` in `Work.allCases`.
  var work: UInt8
  /// Base of the file of x and f operands by slot, or ``none``.
  var rd = OpFacts.none
  var rs1 = OpFacts.none
  var rs2 = OpFacts.none
  var rs3 = OpFacts.none
  /// x or f destination that is also read.
  var readsDestination = false
  /// Vector operands; `nil` where there is none.
  var vd: VectorShape?
  var vs1: VectorShape?
  var vs2: VectorShape?
  var vs3: VectorShape?
  /// vd is read as well, whatever the policy says: sums, and stores.
  var readsVD = false
  var writesVD = false
  /// The carry or selection in v0 is read.
  var readsV0 = false
  /// A segment access: the immediate is the number of fields, less one.
  var hasFields = false
  /// One of neighbouring segments, which machines may price apart from ``widestNarrow`` fields on.
  var mayBeWide = false
  /// Most fields of a segment access that goes by the ordinary law.
  static let widestNarrow = 4
  /// Of what a matrix instruction reads.
  var elementBytes: UInt8 = 1
  /// A jump to what a register says.
  var isIndirect = false

  static let count = InstructionTable.shared.rows.count
  static let works = Work.allCases

  /// Of all rows. They live as long as the process.
  nonisolated(unsafe) static let shared: UnsafePointer<OpFacts> = {
    let rows = InstructionTable.shared.rows
    let all = UnsafeMutablePointer<OpFacts>.allocate(capacity: rows.count)
    for (index, row) in rows.enumerated() { (all + index).initialize(to: OpFacts(row)) }
    return UnsafePointer(all)
  }()

  private static let numbers = Dictionary(uniqueKeysWithValues: Work.allCases.enumerated().map { ($1, UInt8($0)) })

  init(_ row: RowInfo) {
    work = Self.numbers[row.work] ?? 0
    kind = Self.kind(row.work)
    for use in row.uses {
      switch use.file {
      case .x, .f:
        let base = use.file == .x ? 0 : Self.floatBase
        switch use.slot {
        case .rd:
          if use.isWritten { rd = base }
          readsDestination = use.isRead
          if use.isRead, !use.isWritten { rs3 = base }
        case .rs1: rs1 = base
        case .rs2: rs2 = base
        case .rs3: rs3 = base
        }
      case .v:
        let shape = use.shape ?? .group
        if case .fields = shape { hasFields = true }
        switch use.slot {
        case .rd:
          vd = shape
          readsVD = use.isRead
          writesVD = use.isWritten
        case .rs1: vs1 = shape
        case .rs2: vs2 = shape
        case .rs3: vs3 = shape
        }
      case .m: if use.slot == .rs1, let shape = use.matrix { elementBytes = max(1, shape.bits / 8) }
      }
    }
    mayBeWide = row.work.mayBeWide
    readsV0 = row.operands.contains(.carry)
    isIndirect = row.work == .jump && rs1 != Self.none
  }

  static func kind(_ work: Work) -> Kind {
    switch work {
    case .branch: .branch
    case .jump: .jump
    case .load: .load
    case .store: .store
    case .atomic: .atomic
    case .csr: .csr
    case .fence, .system: .fence
    case .vset: .vset
    case .vload, .vloadff, .vloadstride, .vloadindex, .vloadsegment, .vloadsegmentff, .vloadsegstride, .vloadsegindex,
      .vloadwhole:
      .vectorLoad
    case .vstore, .vstorestride, .vstoreindex, .vstoresegment, .vstoresegstride, .vstoresegindex, .vstorewhole: .vectorStore
    case .mconfig, .mload, .mstore, .mmove, .mmacc, .mfma, .melement, .mfelement, .mconvert, .mclip: .matrix
    case .alu, .mul, .div, .count, .fadd, .fmul, .fma, .fdiv, .fsqrt, .fcvt, .fcmp, .fmove, .fminmax, .crypto, .clmul,
      .cacheBlock, .nop:
      .scalar
    case .valu, .vadc, .vmadc, .vminmax, .vlogic, .vshift, .vnshift, .vwshift, .vextend, .vcompare, .vmerge, .vmove, .vsaturate,
      .vaverage,
      .vsmul, .vscale, .vnclip, .vmul, .vdiv, .vrem, .vmacc, .vwadd, .vwmul, .vwmacc, .vreduce, .vwreduce, .vfreduce, .vfwreduce,
      .vfredosum, .vfwredosum, .vmask,
      .vmaskcount, .vmaskset,
      .viota, .vslide, .vslidedown, .vgather, .vgatherone, .vcompress, .vmovewhole, .vtoscalar, .vfromscalar, .vfadd, .vfmul,
      .vfma, .vfdiv, .vfsqrt,
      .vfestimate, .vfclass, .vfsign, .vfminmax, .vfcompare, .vfcvt, .vfwcvt, .vfncvt, .vfwadd, .vfwaddw, .vfwmul, .vfwma, .vbits,
      .vclmul,
      .vcrypto,
      .vdot, .vmadot:
      .vector
    }
  }
}

extension Work {
  /// Whether it is a store of vectors.
  public var isVectorStore: Bool { OpFacts.kind(self) == .vectorStore }

  /// An access to segments: one of many fields may have a law of its own.
  var mayBeWide: Bool {
    switch self {
    case .vloadsegment, .vloadsegmentff, .vloadsegstride, .vstoresegment, .vstoresegstride: true
    default: false
    }
  }

  /// The kind by whose law it goes where a machine has none for it.
  var kin: Work? {
    switch self {
    case .vrem: .vdiv
    case .vwreduce: .vreduce
    case .vfwaddw: .vfwadd
    case .vfwreduce: .vfreduce
    case .vfwredosum: .vfredosum
    case .vloadsegmentff: .vloadsegment
    default: nil
    }
  }

  /// Whether the vector unit does it.
  public var isVector: Bool {
    switch OpFacts.kind(self) {
    case .vector, .vectorLoad, .vectorStore: true
    default: false
    }
  }
}

extension VectorShape {
  /// Eighths of registers that an operand takes; of a segment access those of one field.
  /// - Parameters:
  ///   - lmul: LMUL in eighths.
  ///   - logSEW: log2 of SEW in bytes.
  @inline(__always)
  func eighths(lmul: Int, logSEW: Int) -> Int {
    switch self {
    case .group: lmul
    case .twice: lmul &* 2
    case .fraction(let n): lmul / Int(n)
    case .mask, .single, .wideSingle, .maskBytes: 8
    case .fixed(let bits): (lmul &* Int(bits)) >> (logSEW &+ 3)
    case .fields(let bits): bits == 0 ? lmul : (lmul &* Int(bits)) >> (logSEW &+ 3)
    case .whole(let n): Int(n) &* 8
    case .pair: 16
    case .elementGroup: lmul
    }
  }
}
