import RVDecoder
import RVModels

/// The loop behind a row of a table: 8 copies of the instruction with rotating destinations, eight times, 512 rounds.
public struct InstructionLoop {
  public static let copies = 8
  public static let unrolled = 8
  public static let rounds = 512
  /// Instructions that a figure is divided by.
  public static let instructions = copies * unrolled * rounds

  public let row: LoopTable.Row
  public let info: RowInfo
  /// The 8 copies.
  let body: [UInt32]
  /// vtype for vsetvli.
  let vtype: UInt32

  /// Why a row makes no loop.
  public enum Problem: Error, Sendable { case unknownInstruction, operands }

  public init(_ row: LoopTable.Row) throws(Problem) {
    self.row = row
    let found = Self.find(row.mnemonic)
    guard let (info, fields) = found else { throw .unknownInstruction }
    self.info = info
    let code: UInt32 = ["m1": 0, "m2": 1, "m4": 2, "m8": 3, "mf8": 5, "mf4": 6, "mf2": 7][row.lmul] ?? 0
    vtype = code | UInt32(row.sew.trailingZeroBitCount - 3) << 3 | 1 << 6 | (row.isMaskUndisturbed ? 0 : 1 << 7)
    // Widening and narrowing work rotates as the next LMUL up.
    var eighths = row.lmulEighths
    for use in info.uses where use.file == .v {
      if case .twice = use.shape { eighths = row.lmulEighths * 2 }
    }
    let step = max(1, eighths / 8)
    var body: [UInt32] = []
    for copy in 0..<Self.copies {
      guard let word = Self.word(info, row.operands, fields: fields, offset: UInt8(copy * step % 8)) else { throw .operands }
      body.append(word)
    }
    self.body = body
  }

  /// The row of a mnemonic, and the fields of a segment access.
  static func find(_ mnemonic: String) -> (RowInfo, Int)? {
    if let row = byMnemonic[mnemonic] { return (row, 1) }
    // vlseg5e32.v is vlsegNe32.v.
    guard let range = mnemonic.firstRange(of: "seg"), let digit = mnemonic[range.upperBound...].first?.wholeNumberValue,
      (2...8).contains(digit)
    else {
      return nil
    }
    let template = mnemonic[..<range.upperBound] + "N" + mnemonic[range.upperBound...].dropFirst()
    return byMnemonic[String(template)].map { ($0, digit) }
  }

  private static let byMnemonic = Dictionary(InstructionTable.shared.rows.filter { !$0.isCompressed }.map { ($0.mnemonic, $0) }) {
    first, _ in first
  }

  private static let names: [String: UInt8] = [
    "x0": 0, "t0": 5, "t1": 6, "t2": 7, "t3": 28, "ft0": 0, "v0": 0, "v8": 8, "v16": 16, "v24": 24,
  ]
  /// t0 and what rotates with it: x5, x6, x7, x28 to x31, and one more.
  private static let rotation: [UInt8] = [5, 6, 7, 28, 29, 30, 31, 10]

  /// - Parameter offset: of the destination.
  private static func word(_ row: RowInfo, _ text: String, fields: Int, offset: UInt8) -> UInt32? {
    var tokens = text.split(separator: ",").map { $0.split(separator: "/").first.map(String.init) ?? "" }
    var operands = Operands()
    var hasMask = false
    for operand in row.operands {
      if case .mask = operand {
        hasMask = true
        if tokens.first == "v0.t" { tokens.removeFirst() } else { operands.aux |= 1 }
        continue
      }
      if case .roundingMode = operand { operands.aux = 7; continue }
      guard !tokens.isEmpty else { return nil }
      var token = tokens.removeFirst()
      switch operand {
      case .register(let slot, let file):
        guard var number = names[token] else { return nil }
        // Destinations, and what is stored.
        if slot == .rd {
          switch file {
          case .x: number = rotation[Int(offset)]
          default: number += offset
          }
        }
        switch slot {
        case .rd: operands.rd = number
        case .rs1: operands.rs1 = number
        case .rs2: operands.rs2 = number
        case .rs3: operands.rs3 = number
        }
        if file == .v, slot != .rd, row.work.isVectorStore, token == "v8" {
          switch slot {
          case .rs1: operands.rs1 += offset
          case .rs2: operands.rs2 += offset
          default: operands.rs3 += offset
          }
        }
      case .memory:
        token = token.trimmed("()")
        guard let number = names[token] else { return nil }
        operands.rs1 = number
      case .immediate:
        guard let number = Int32(token) else { return nil }
        operands.imm = number
      case .carry: guard token == "v0" else { return nil }
      default: return nil
      }
    }
    guard tokens.isEmpty else { return nil }
    if !hasMask, row.operands.contains(.carry) { operands.aux = row.operands(of: row.match).aux }
    if fields > 1 { operands.imm = Int32(fields - 1) }
    return row.word(operands)
  }
}

extension RowInfo {
  /// The word with these operands; numbers that the row itself fixes need not be among them.
  func word(_ operands: Operands) -> UInt32? {
    if let word = Encoder.encode(self, operands) { return word }
    let fixed = self.operands(of: match)
    for (imm, aux) in [(fixed.imm, operands.aux), (operands.imm, fixed.aux), (fixed.imm, fixed.aux)] {
      var operands = operands
      (operands.imm, operands.aux) = (imm, aux)
      if let word = Encoder.encode(self, operands) { return word }
    }
    return nil
  }
}

extension String {
  func trimmed(_ characters: String) -> String {
    String(drop { characters.contains($0) }.reversed().drop { characters.contains($0) }.reversed())
  }
}

extension InstructionLoop {
  /// The loop without its program, for fits.
  func estimate(_ decoder: Decoder, vlen: Int) -> LoopEstimate? {
    var words: [UInt32] = []
    for _ in 0..<Self.unrolled { words += body }
    guard let (addi, _) = Self.find("addi"), let (bne, _) = Self.find("bne"),
      let count = Encoder.encode(addi, .init(rd: 11, rs1: 11, imm: -1)),
      let close = Encoder.encode(bne, .init(rs1: 11, rs2: 0, imm: -260))
    else { return nil }
    words += [count, close]
    let vlmax = vlen * row.lmulEighths / 8 / row.sew
    let vector = VectorStateChange(record: 0, vl: UInt32(vlmax), vtype: UInt64(vtype))
    return LoopEstimate(words: words, decoder: decoder, vector: vector, vlen: vlen, runs: runs)
  }

  /// Where each memory instruction of the loop begins: the data are in the first cache, so that laws alone count.
  private var runs: [MemoryRun] {
    guard row.operands.contains("(") else { return [] }
    return [MemoryRun(address: LoopProgram.address, width: 1, kind: info.work.isVectorStore ? .store : .load)]
  }
}
