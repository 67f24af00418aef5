import RVDecoder

/// Operands of a floating-point row.
struct FloatShape: Sendable {
  /// Format of the f operands; `nil` when there are none.
  var format: FloatFormat?
  /// f registers read.
  var sources: [RegisterSlot]
  /// An x register is converted or moved.
  var takesInteger: Bool
  /// Whether the word holds a rounding mode.
  var hasMode: Bool
  /// Exact ties make a difference: conversions.
  var converts: Bool
  /// The destination of a conversion.
  var target: FloatFormat?
  /// Sums, products and fused sums: what an exact tie is of.
  var arithmetic: Arithmetic?

  /// Whether terms of equal signs cancel: differences.
  var subtracts: Bool

  enum Arithmetic: Sendable { case sum, product, fused }

  /// What is looked for beside the classes of operands.
  private var specials: Int { arithmetic == nil ? 0 : arithmetic == .product ? 1 : 2 }

  init(_ row: RowInfo) {
    let parts = row.mnemonic.split(separator: ".")
    sources = row.uses.filter { $0.file == .f && $0.isRead }.map(\.slot)
    takesInteger = row.uses.contains { $0.file == .x && $0.isRead }
    hasMode = row.operands.contains(.roundingMode) || row.operands.contains(.exactRoundingMode)
    let isConversion = row.mnemonic.hasPrefix("fcvt") || row.mnemonic.hasPrefix("fround")
    format = sources.isEmpty ? nil : FloatFormat(suffix: parts[parts.count - 1])
    if row.mnemonic.hasPrefix("fmv.x.") { format = FloatFormat(suffix: parts[2]) }
    converts = isConversion
    target = row.mnemonic.hasPrefix("fcvt.") ? FloatFormat(suffix: parts[1]) : nil
    if row.mnemonic.hasPrefix("fcvt.w") { target = nil }
    if let source = format, let target, target.fraction >= source.fraction { converts = false }
    switch row.work {
    case .fadd: arithmetic = .sum
    case .fmul: arithmetic = .product
    case .fma: arithmetic = .fused
    default: arithmetic = nil
    }
    subtracts = ["fsub", "fmsub", "fnmsub"].contains(parts[0])
  }

  var modes: Int { hasMode ? 5 : 1 }
  private var classes: Int { format.map(FloatClass.count) ?? 1 }

  /// Cells to fill: classes of operands, ties, and rounding modes.
  var cellCount: Int {
    if takesInteger { return (target == nil ? 2 : 4) * modes }
    switch sources.count {
    case 0: return 1
    case 1: return (classes + (converts ? 1 : 0)) * modes
    default: return (classes * classes + specials) * modes
    }
  }

  /// What a cell asks for.
  struct Cell: Sendable {
    var mode: Int
    var first = FloatClass.normal
    var second = FloatClass.normal
    /// An exact tie.
    var tie = false
    /// A sum of terms that cancel: the zero's sign depends on the rounding mode.
    var cancels = false
    /// 0: zero, 1: fits exactly, 2: a tie, 3: anything else.
    var integer = 0
  }

  func cell(_ index: Int) -> Cell {
    let mode = index % modes
    let rest = index / modes
    if takesInteger { return Cell(mode: mode, integer: rest) }
    if sources.count == 1 {
      guard let kind = FloatClass(rawValue: rest), rest < classes else { return Cell(mode: mode, tie: true) }
      return Cell(mode: mode, first: kind)
    }
    guard sources.count > 1 else { return Cell(mode: mode) }
    if rest >= classes * classes { return Cell(mode: mode, tie: rest == classes * classes, cancels: rest > classes * classes) }
    return Cell(
      mode: mode, first: FloatClass(rawValue: rest % classes) ?? .normal, second: FloatClass(rawValue: rest / classes) ?? .normal)
  }

  /// The words for a cell in the list of empty ones.
  func name(_ index: Int) -> String {
    let cell = cell(index)
    let mode = hasMode ? " " + ["rne", "rtz", "rdn", "rup", "rmm"][cell.mode] : ""
    if takesInteger { return ["zero", "exact", "tie", "other"][cell.integer] + mode }
    if sources.isEmpty { return "any" }
    if cell.tie { return "tie" + mode }
    if cell.cancels { return "cancellation" + mode }
    return sources.count == 1 ? cell.first.name + mode : "\(cell.first.name),\(cell.second.name)" + mode
  }

  /// The cells that operands fill.
  func cells(x: UInt64, a: UInt64, b: UInt64, c: UInt64?, mode: Int) -> (Int, Int?) {
    let mode = hasMode ? mode : 0
    if takesInteger { return (integerClass(x) * modes + mode, nil) }
    guard let format, !sources.isEmpty else { return (0, nil) }
    let first = FloatClass(register: a, format)
    if sources.count == 1 {
      let isTie = converts && first == .normal && isConversionTie(a, format)
      return (first.rawValue * modes + mode, isTie ? classes * modes + mode : nil)
    }
    let second = FloatClass(register: b, format)
    var special: Int?
    if let arithmetic, first == .normal, second == .normal {
      let third = c.map { FloatClass(register: $0, format) }
      if arithmetic != .fused || third == .normal || third == .positiveZero || third == .negativeZero {
        if FloatValues.isTie(product: arithmetic != .sum, a, b, c, format) { special = 0 }
        if cancels(arithmetic, a, b, c, format) { special = 1 }
      }
    }
    let pairs = classes * classes
    return ((second.rawValue * classes + first.rawValue) * modes + mode, special.map { (pairs + $0) * modes + mode })
  }

  /// Whether the exact sum is zero, and its terms are not.
  private func cancels(_ arithmetic: Arithmetic, _ a: UInt64, _ b: UInt64, _ c: UInt64?, _ format: FloatFormat) -> Bool {
    let (x, y) = (format.parts(a), format.parts(b))
    switch arithmetic {
    case .product: return false
    case .sum: return a & ~format.sign == b & ~format.sign && (x.negative == y.negative) == subtracts
    case .fused:
      guard let z = c.map({ format.parts($0) }), z.significand != 0 else { return false }
      let product = UInt128(x.significand) * UInt128(y.significand)
      let shift = z.scale - x.scale - y.scale
      guard shift >= 0, shift < 64, product == UInt128(z.significand) << UInt128(shift) else { return false }
      return ((x.negative != y.negative) == z.negative) == subtracts
    }
  }

  private func integerClass(_ x: UInt64) -> Int {
    if x == 0 { return 0 }
    guard let target else { return 1 }
    let magnitude = UInt128(Int64(bitPattern: x).magnitude)
    if FloatValues.isTie(magnitude, target) { return 2 }
    return 64 - Int64(bitPattern: x).magnitude.leadingZeroBitCount - x.trailingZeroBitCount <= target.fraction + 1 ? 1 : 3
  }

  private func isConversionTie(_ a: UInt64, _ format: FloatFormat) -> Bool {
    let parts = format.parts(a)
    let zeros = parts.significand.trailingZeroBitCount
    if let target {
      return target.fraction < format.fraction && FloatValues.isTie(UInt128(parts.significand), target)
    }
    return parts.scale + zeros == -1
  }
}
