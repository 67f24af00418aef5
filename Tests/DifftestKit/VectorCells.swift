import RVDecoder
import RVExec

/// A cell of the vector coverage: an instruction with a type and a mask, or without.
struct VectorCell: Sendable, Hashable {
  var row: Int
  /// log2 of SEW in bytes and of LMUL.
  var sew: Int
  var lmul: Int
  var masked: Bool

  /// Where it stands among the cells of its row.
  var index: Int { Self.index(sew, lmul, masked) }

  static let count = 4 * 7 * 2

  static func index(_ sew: Int, _ lmul: Int, _ masked: Bool) -> Int { (sew * 7 + lmul + 3) * 2 + (masked ? 1 : 0) }

  static func name(_ index: Int) -> String {
    let lmul = index / 2 % 7 - 3
    return "e\(8 << (index / 14)),\(lmul < 0 ? "mf" : "m")\(1 << abs(lmul))" + (index % 2 == 1 ? " masked" : "")
  }
}

/// Which cells are legal: from the rows' operands.
enum VectorCells {
  /// The vector instructions among the enabled rows.
  static func rows(_ rows: [RowInfo]) -> [RowInfo] { rows.filter { isVector($0) } }

  static func isVector(_ row: RowInfo) -> Bool {
    switch row.row {
    case .v, .vp, .vf, .vl, .vk: !row.isCompressed
    default: false
    }
  }

  static func vtype(sew: Int, lmul: Int, policy: Int = 0) -> UInt64 { UInt64(policy << 6 | sew << 3 | lmul & 7) }

  /// Types that are not reserved, tail and mask undisturbed.
  static func types(elen: Int) -> [VectorType] {
    (0...3).flatMap { sew in (-3...3).map { VectorType(written: vtype(sew: sew, lmul: $0), elen: elen) } }.filter {
      !$0.isIllegal
    }
  }

  /// All legal cells but those of vset*, ordered by type.
  static func legal(_ rows: [RowInfo], isa: ISA, vlenb: Int, decoder: Decoder) -> [VectorCell] {
    let elen = isa.contains(.zve64x) ? 3 : 2
    var cells: [VectorCell] = []
    for type in types(elen: elen) {
      for row in rows where row.work != .vset && takes(row, type, isa: isa, vlenb: vlenb) {
        for masked in [false, true] where isLegal(row, type, elen: elen, masked: masked, decoder: decoder) {
          cells.append(VectorCell(row: Int(row.id), sew: type.sew, lmul: type.lmul, masked: masked))
        }
      }
    }
    return cells
  }

  /// Elements of an element group; 1 for instructions that have none.
  static func groupSize(_ row: RowInfo) -> Int {
    guard row.work == .vcrypto, !row.mnemonic.hasPrefix("vclmul") else { return 1 }
    return row.mnemonic.hasPrefix("vsm3") ? 8 : 4
  }

  /// Whether the instruction has this SEW, and registers room for its element groups.
  static func takes(_ row: RowInfo, _ type: VectorType, isa: ISA, vlenb: Int) -> Bool {
    if row.mnemonic.hasPrefix("vclmul") { return type.sew == 3 }
    let group = groupSize(row)
    if group > 1 {
      guard type.sew == 2 || type.sew == 3 && row.mnemonic.hasPrefix("vsha2") else { return false }
      return type.vlmax(vlenb: vlenb) >= group
    }
    return takes(row, sew: type.sew, isa: isa)
  }

  /// Whether operands that lie apart are allowed.
  private static func isLegal(_ row: RowInfo, _ type: VectorType, elen: Int, masked: Bool, decoder: Decoder) -> Bool {
    if masked, !row.operands.contains(.mask) { return false }
    // v8, v16 and v24; two fields.
    let bits: UInt32 = 1 << 29 | (masked ? 0 : 1 << 25) | 16 << 20 | 24 << 15 | 8 << 7
    guard let word = Encoder.word(of: row, bits: bits, decoder: decoder) else { return false }
    return VectorOperands.shared[Int(row.id)].allow(decoder.decode(word), type, elen: elen)
  }

  /// Whether elements are numbers: the instruction then takes the widths of floating-point formats only.
  static func isFloat(_ row: RowInfo) -> Bool {
    switch row.row {
    case .vf, .vp(.vfmv_f_s), .vp(.vfmv_s_f), .vp(.vfslide1up_vf), .vp(.vfslide1down_vf): true
    default: false
    }
  }

  /// Whether SEW is one that the instruction takes: a floating-point format's; high halves of products of 64 bits are V's alone.
  private static func takes(_ row: RowInfo, sew: Int, isa: ISA) -> Bool {
    let name = row.mnemonic
    guard isFloat(row) else { return sew < 3 || isa.contains(.v) || !name.hasPrefix("vmulh") && !name.hasPrefix("vsmul") }
    if name.contains("bf16") { return sew == 1 }
    // From or to an integer of SEW bits, the number has twice as many.
    if name.hasPrefix("vfwcvt.f.x") || name.hasPrefix("vfncvt.") && name.contains("x") && name.hasSuffix(".f.w") {
      return sew <= 2
    }
    return sew >= 1 && (sew <= 2 || !name.hasPrefix("vfw") && !name.hasPrefix("vfncvt"))
  }
}
