import RVDecoder
import RVFloat

/// The state of RVM 0.6: registers tr0…tr3 (0 to 3) and acc0…acc3 (4 to 7), sizes, CSRs.
final class MatrixV06Unit: ExtensionUnit {
  static let member = Extension.xtheadmatrix0p6

  /// Bits of xmisa; `unlisted` is what has none.
  static let featureBits: [String: UInt64] = [
    "mmi4i32": 1 << 0, "mmi8i32": 1 << 1, "mmf16f16": 1 << 2, "mmf32f32": 1 << 3, "mmf64f64": 1 << 4, "mmf8f16": 1 << 5, "mmf8bf16": 1 << 5,
    "mmf16f32": 1 << 6, "mmbf16f32": 1 << 7, "mmf32f64": 1 << 8, "mmf8f32": 1 << 9, "mfic": 1 << 61, "mfew": 1 << 62, "miew": 1 << 63,
    "unlisted": 1 << 32, "nothing": 1 << 33,
  ]
  private static let unlisted: UInt64 = 1 << 32

  let choices: MatrixChoices
  let rows: Int
  /// Bytes of a row of a tile register, and of an accumulation register.
  let tileRow: Int
  let accumulatorRow: Int
  private let memory: MatrixMemory
  let scratch: UnsafeMutableRawPointer
  let features: UInt64

  var sizeM: UInt64 = 0
  var sizeN: UInt64 = 0
  var sizeK: UInt64 = 0
  /// RNU, RNE, RDN, ROD.
  var fixedRounding: UInt8 = 0
  var saturated = false
  /// NX, UF, OF, NV as in fflags.
  var flags: UInt8 = 0
  /// 5 to 7 are reserved.
  var rounding: UInt8 = 0
  var saturates = false

  init(_ choices: MatrixChoices) {
    self.choices = choices
    rows = choices.tlen / choices.trlen
    tileRow = choices.trlen / 8
    accumulatorRow = rows * choices.elen / 8
    let registers = 4 * rows * (tileRow + accumulatorRow)
    let room = (registers + 255) / 256 * 256
    let widest = max(tileRow, accumulatorRow)
    // What moves and elements work in is a register at most.
    memory = MatrixMemory(bytes: room + max(rvf_matmul_scratch(rows, tileRow), 2 * rows * widest + 256))
    scratch = memory.base + room
    var features: UInt64 = choices.hasUnlisted ? Self.unlisted : 0
    func add(_ names: String...) { for name in names { features |= Self.featureBits[name] ?? 0 } }
    if choices.elen >= 16 { add("mmf16f16", "mmf8f16", "mfew", "mfic") }
    if choices.elen >= 32 { add("mmi4i32", "mmi8i32", "mmf32f32", "mmf16f32", "mmbf16f32", "mmf8f32", "miew") }
    if choices.elen >= 64 { add("mmf64f64", "mmf32f64") }
    self.features = features
  }

  /// Whether a register is one for accumulation.
  @inline(__always)
  static func isAccumulator(_ number: Int) -> Bool { number >= 4 }

  @inline(__always)
  func rowBytes(_ number: Int) -> Int { Self.isAccumulator(number) ? accumulatorRow : tileRow }

  /// A register's rows, side by side.
  @inline(__always)
  func register(_ number: Int) -> UnsafeMutableRawPointer {
    let tile = rows * tileRow
    return memory.base + (Self.isAccumulator(number) ? 4 * tile + (number - 4) * rows * accumulatorRow : number * tile)
  }

  /// As many runs as a load has lines: rows, or columns of a transposed one.
  var mostRuns: Int { max(rows, tileRow, accumulatorRow) }

  func reset() {
    register(0).initializeMemory(as: UInt8.self, repeating: 0, count: 4 * rows * (tileRow + accumulatorRow))
    (sizeM, sizeN, sizeK) = (0, 0, 0)
    control = 0
  }

  var sizes: (m: UInt64, n: UInt64, k: UInt64) { (sizeM, sizeN, sizeK) }

  // MARK: CSRs

  private enum Number {
    static let xmcsr = 0x802
    static let mtilem = 0x803
    static let mtilen = 0x804
    static let mtilek = 0x805
    static let xmxrm = 0x806
    static let xmsat = 0x807
    static let xmfflags = 0x808
    static let xmfrm = 0x809
    static let xmsaten = 0x80a
    static let xmisa = 0xcc0
    static let xtlenb = 0xcc1
    static let xtrlenb = 0xcc2
    static let xalenb = 0xcc3
  }

  private static let flagMask: UInt8 = 0x17

  private var control: UInt64 {
    get {
      UInt64(fixedRounding) | (saturated ? 4 : 0) | UInt64(flags) << 3 | UInt64(rounding) << 8 | (saturates ? 1 << 11 : 0)
    }
    set {
      fixedRounding = UInt8(newValue & 3)
      saturated = newValue & 4 != 0
      flags = UInt8(newValue >> 3 & 31) & Self.flagMask
      rounding = UInt8(newValue >> 8 & 7)
      saturates = newValue >> 11 & 1 != 0
    }
  }

  func value(ofCSR number: Int) -> UInt64? {
    switch number {
    case Number.xmcsr: control
    case Number.mtilem: sizeM
    case Number.mtilen: sizeN
    case Number.mtilek: sizeK
    case Number.xmxrm: UInt64(fixedRounding)
    case Number.xmsat: saturated ? 1 : 0
    case Number.xmfflags: UInt64(flags)
    case Number.xmfrm: UInt64(rounding)
    case Number.xmsaten: saturates ? 1 : 0
    case Number.xmisa: features & ~Self.unlisted
    case Number.xtlenb: UInt64(rows * tileRow)
    case Number.xtrlenb: UInt64(tileRow)
    case Number.xalenb: UInt64(rows * accumulatorRow)
    default: nil
    }
  }

  func write(csr number: Int, _ value: UInt64) {
    switch number {
    case Number.xmcsr: control = value
    case Number.mtilem: sizeM = value
    case Number.mtilen: sizeN = value
    case Number.mtilek: sizeK = value
    case Number.xmxrm: fixedRounding = UInt8(value & 3)
    case Number.xmsat: saturated = value & 1 != 0
    case Number.xmfflags: flags = UInt8(value & 31) & Self.flagMask
    case Number.xmfrm: rounding = UInt8(value & 7)
    case Number.xmsaten: saturates = value & 1 != 0
    default: break
    }
  }

  // MARK: Legality

  /// Whether sizes, register classes and the unit's features allow an instruction.
  func allows(_ op: Op) -> Bool {
    let operands = MatrixOperands.shared[Int(op.id)]
    guard operands.isAmong(features) else { return false }
    return operands.all(op) { shape, number in allows(shape, number, computes: operands.computes) }
  }

  @inline(__always)
  private func allows(_ shape: MatrixShape, _ number: Int, computes: Bool) -> Bool {
    let isAccumulator = Self.isAccumulator(number)
    let bits = Int(shape.bits)
    if computes, isAccumulator, bits > choices.elen { return false }
    switch shape.role {
    case .any: return number & Int(shape.registers - 1) == 0
    case .a: return !isAccumulator && sizeM <= UInt64(rows) && fits(sizeK, bits, tileRow)
    case .b: return !isAccumulator && sizeN <= UInt64(rows) && fits(sizeK, bits, tileRow)
    case .c, .element: return isAccumulator && sizeM <= UInt64(rows) && fits(sizeN, bits, accumulatorRow)
    case .accumulator: return isAccumulator
    }
  }

  /// Pairs of 4-bit elements share a byte. (Sizes above 2^32 do not fit in any row; the product of others does not overflow.)
  @inline(__always)
  private func fits(_ columns: UInt64, _ bits: Int, _ row: Int) -> Bool {
    columns <= UInt64(UInt32.max) && columns &* UInt64(bits) <= UInt64(row &* 8) && (bits != 4 || columns & 1 == 0)
  }
}
