import RVDecoder
import RVFloat

/// The state of RVM 0.3: registers m0…m7, xmsize, CSRs.
final class MatrixV03Unit: ExtensionUnit {
  static let member = Extension.xtheadmatrix0p3

  /// Bits of xmisa.
  static let featureBits: [String: UInt64] = [
    "i4i32": 1 << 0, "i8i32": 1 << 1, "i16i64": 1 << 2, "f16f16": 1 << 3, "f32f32": 1 << 4, "f64f64": 1 << 5, "pw_i64": 1 << 6,
    "pw_i32": 1 << 7, "f16f32": 1 << 8, "f32f64": 1 << 9,
  ]

  let choices: MatrixChoices
  let rows: Int
  let rowBytes: Int
  private let memory: MatrixMemory
  let scratch: UnsafeMutableRawPointer
  /// Room for a pair of registers whose rows are whole.
  let pair: UnsafeMutableRawPointer
  let features: UInt64 = 0x3ff

  /// sizeM, sizeN (8 bits each), sizeK (16 bits, in bytes).
  var size: UInt32 = 0
  /// RNU, RNE, RDN, ROD.
  var fixedRounding: UInt8 = 0
  var saturated = false

  init(_ choices: MatrixChoices) {
    self.choices = choices
    rows = choices.rlen / 32
    rowBytes = choices.rlen / 8
    let register = rows * rowBytes
    let registers = (8 * register + 255) / 256 * 256
    let pairs = (2 * register + 255) / 256 * 256
    memory = MatrixMemory(bytes: registers + pairs + max(rvf_matmul_scratch(2 * rows, rowBytes), 8 * register))
    pair = memory.base + registers
    scratch = pair + pairs
  }

  var sizeM: Int { Int(size & 0xff) }
  var sizeN: Int { Int(size >> 8 & 0xff) }
  var sizeK: Int { Int(size >> 16) }
  var registerBytes: Int { rows * rowBytes }

  @inline(__always)
  func register(_ number: Int) -> UnsafeMutableRawPointer { memory.base + number * registerBytes }

  var mostRuns: Int { max(rows, 8) }

  func reset() {
    register(0).initializeMemory(as: UInt8.self, repeating: 0, count: 8 * registerBytes)
    (size, fixedRounding, saturated) = (0, 0, false)
  }

  var sizes: (m: UInt64, n: UInt64, k: UInt64) { (UInt64(sizeM), UInt64(sizeN), UInt64(sizeK)) }

  // MARK: CSRs

  private enum Number {
    /// A load or store is begun anew after a trap: this is always 0.
    static let xmrstart = 0x801
    static let xmcsr = 0x802
    static let xmsize = 0x803
    static let xmlenb = 0xcc0
    static let xrlenb = 0xcc1
    static let xmisa = 0xcc2
  }

  func value(ofCSR number: Int) -> UInt64? {
    switch number {
    case Number.xmrstart: 0
    case Number.xmcsr: UInt64(fixedRounding) | (saturated ? 4 : 0)
    case Number.xmsize: UInt64(size)
    case Number.xmlenb: UInt64(registerBytes)
    case Number.xrlenb: UInt64(rowBytes)
    case Number.xmisa: features
    default: nil
    }
  }

  func write(csr number: Int, _ value: UInt64) {
    switch number {
    case Number.xmcsr:
      fixedRounding = UInt8(value & 3)
      saturated = value & 4 != 0
    case Number.xmsize: size = UInt32(truncatingIfNeeded: value)
    default: break
    }
  }

  // MARK: Legality

  func allows(_ op: Op) -> Bool {
    let operands = MatrixOperands.shared[Int(op.id)]
    guard operands.isAmong(features) else { return false }
    let isAllowed = operands.all(op) { shape, number in
      guard number & Int(shape.registers - 1) == 0 else { return false }
      let (bits, registers) = (Int(shape.bits), Int(shape.registers))
      switch shape.role {
      case .any, .accumulator: return true
      case .a, .element: return sizeM <= rows && hasWhole(bits)
      case .b: return sizeN <= rows * registers && hasWhole(bits)
      case .c: return sizeM <= rows && sizeN * bits <= rowBytes * 8 * registers
      }
    }
    guard isAllowed, let md = operands.md, md.role == .c, let ms1 = operands.ms1, let ms2 = operands.ms2 else { return isAllowed }
    // What is multiplied may not be overwritten meanwhile.
    func overlaps(_ shape: MatrixShape, _ number: Int) -> Bool {
      number < Int(op.rd) + Int(md.registers) && Int(op.rd) < number + Int(shape.registers)
    }
    return !overlaps(ms1, Int(op.rs1)) && !overlaps(ms2, Int(op.rs2))
  }

  /// sizeK is in bytes, of which elements take one or more.
  private func hasWhole(_ bits: Int) -> Bool { sizeK <= rowBytes && (bits <= 8 || sizeK % (bits / 8) == 0) }
}
