/// Reads a row. See ``InstructionSet`` for the grammar.
struct RowParser {
  private let family: String
  private let name: String
  private var mask: UInt32 = 0
  private var match: UInt32 = 0
  private var layout = FieldLayout()
  private var constraints: Constraints = []
  private(set) var uses: [RegisterUse] = []
  /// Bits not yet drawn.
  private var left: Int
  private var immediateBits: UInt32 = 0
  private var hasSign = false
  private var auxLow: Int?

  private init(family: String, name: String, left: Int) {
    self.family = family
    self.name = name
    self.left = left
  }

  /// Parses a row of a family.
  static func parse(
    _ text: String, name: String, family: String, row: Row?, id: UInt16, matrixRegisters: [String] = [],
    needs resolve: (Substring) -> [ExtensionSet]?
  ) throws(RowError) -> RowInfo {
    var copy = text
    let result = copy.withUTF8 { bytes in
      Result { () throws(RowError) in
        try parse(RowText(bytes), text, name: name, family: family, row: row, id: id, matrixRegisters, needs: resolve)
      }
    }
    return try result.get()
  }

  private static func parse(
    _ columns: RowText, _ text: String, name: String, family: String, row: Row?, id: UInt16, _ matrixRegisters: [String],
    needs resolve: (Substring) -> [ExtensionSet]?
  ) throws(RowError) -> RowInfo {
    let compressed = row == nil
    var parser = RowParser(family: family, name: name, left: compressed ? 16 : 32)
    var rest = columns
    func column() throws(RowError) -> RowText {
      guard let (column, after) = rest.column else { throw parser.error("has fewer than five columns") }
      rest = after
      return column.trimmed
    }
    let (bits, operandTexts, kind, extensions) = (try column(), try column(), try column(), try column())
    guard !rest.isEmpty else { throw parser.error("has no meaning") }
    try parser.bits(bits)
    let operands = try parser.operands(operandTexts)
    var work = Work.nop
    var expansion = ""
    if compressed {
      guard kind.hasPrefix("= ") else { throw parser.error("is compressed: its third column begins with =") }
      expansion = "\(kind.dropFirst(2))"
    } else if let known = Work.named[kind.description] {
      work = known
    } else {
      throw parser.error("unknown kind of work '\(kind)'")
    }
    guard let needs = resolve(Substring(extensions.description)), !needs.isEmpty else {
      throw parser.error("unknown extension in '\(extensions)'")
    }
    return RowInfo(
      id: id, row: row ?? .engine(.illegal), mnemonic: String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: ".") : $0 }, as: UTF8.self), family: family,
      length: compressed ? 2 : 4, mask: parser.mask, match: parser.match, operands: operands, work: work, needs: needs,
      base: nil, uses: parser.uses, text: text, matrixRegisters: matrixRegisters, layout: parser.layout,
      opLayout: parser.layout, constraints: parser.constraints, expansion: expansion)
  }

  func error(_ problem: String) -> RowError { RowError(row: "\(family).\(name)", problem: problem) }

  // MARK: Bits

  private mutating func bits(_ column: RowText) throws(RowError) {
    for token in column.parts(" ") {
      guard let first = token.first else { continue }
      switch first {
      case UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "."): try fixed(token)
      default:
        if let bracket = token.firstIndex(of: UInt8(ascii: "[")) {
          try immediate(token.prefix(bracket), token.dropFirst(bracket + 1))
        } else {
          try field(token)
        }
      }
    }
    // Without a vm bit it is as if vm were 1.
    if auxLow == nil, uses.contains(where: { $0.file == .v }) { layout.aux = .init(base: 1) }
    guard left == 0 else { throw error(left > 0 ? "\(left) bits are missing" : "\(-left) bits too many") }
    if hasSign { layout.signShift = UInt8(immediateBits.leadingZeroBitCount) }
  }

  private mutating func take(_ width: Int, for token: RowText) throws(RowError) -> UInt8 {
    left -= width
    guard left >= 0 else { throw error("'\(token)' does not fit: \(-left) bits too many") }
    return UInt8(left)
  }

  private mutating func fixed(_ token: RowText) throws(RowError) {
    for index in 0..<token.count {
      let at = try take(1, for: token)
      switch token[index] {
      case UInt8(ascii: "0"): mask |= 1 << UInt32(at)
      case UInt8(ascii: "1"):
        mask |= 1 << UInt32(at)
        match |= 1 << UInt32(at)
      case UInt8(ascii: "."): break
      default: throw error("'\(token)' is not made of 0, 1 and .")
      }
    }
  }

  private mutating func immediate(_ name: RowText, _ places: RowText) throws(RowError) {
    switch name {
    case "imm": hasSign = true
    case "uimm", "n": break
    default: throw error("unknown field '\(name)['")
    }
    guard let close = places.firstIndex(of: UInt8(ascii: "]")) else { throw error("'\(name)[' without ]") }
    switch places.dropFirst(close + 1) {
    case "": break
    case "!": constraints.insert(.immNotZero)
    case let other: throw error("'\(other)' behind an immediate")
    }
    for place in places.prefix(close).parts("|") {
      let colon = place.firstIndex(of: UInt8(ascii: ":"))
      let ends = (high: place.prefix(colon ?? place.count), low: colon.map { place.dropFirst($0 + 1) } ?? place)
      guard let high = ends.high.number, let low = ends.low.number, 31 >= high, high >= low
      else { throw error("'\(place)' are no bits of an immediate") }
      let width = high - low + 1
      let at = try take(width, for: place)
      let piece = FieldLayout.Piece(low: at, width: UInt8(width), to: UInt8(low))
      let bits = piece.mask << UInt32(low)
      guard immediateBits & bits == 0 else { throw error("immediate bits '\(place)' appear twice") }
      immediateBits |= bits
      layout.pieces.append(piece)
    }
  }

  private mutating func field(_ token: RowText) throws(RowError) {
    if let found = Self.register(token) { return try register(token, found) }
    switch token {
    case "vm": try aux(1, 0, token)
    case "rm":
      try aux(3, 0, token)
      constraints.insert(.roundingMode)
    case "aq": try aux(1, 1, token)
    case "rl": try aux(1, 0, token)
    case "pred": try aux(4, 4, token)
    case "succ": try aux(4, 0, token)
    case "bs": try aux(2, 0, token)
    case "lsb": try aux(6, 0, token)
    case "rnum":
      try aux(4, 0, token)
      constraints.insert(.roundNumber)
    case "csr": layout.pieces.append(.init(low: try take(12, for: token), width: 12, to: 0))
    case "nf": layout.pieces.append(.init(low: try take(3, for: token), width: 3, to: 0))
    case "fm": layout.pieces.append(.init(low: try take(4, for: token), width: 4, to: 0))
    case "zimm", "fli": layout.rs1 = .init(low: try take(5, for: token), mask: 31)
    default: throw error("unknown field '\(token)'")
    }
  }

  /// Fields of `aux` must be neighbours in the word just as in `aux`.
  private mutating func aux(_ width: Int, _ to: Int, _ token: RowText) throws(RowError) {
    let low = Int(try take(width, for: token)) - to
    guard low >= 0, auxLow == nil || auxLow == low else { throw error("'\(token)' does not lie beside its neighbour") }
    auxLow = low
    layout.aux = .init(low: UInt8(low), mask: layout.aux.mask | UInt8(((1 << width) - 1) << to))
  }

  private mutating func register(
    _ token: RowText, _ found: (slot: RegisterSlot, file: RegisterFile, marks: RowText)
  ) throws(RowError) {
    let slot = found.slot
    let file = found.file
    var use = RegisterUse(slot: slot, file: file, isRead: slot != .rd, isWritten: slot == .rd, isPair: false)
    var isShort = false
    var marks = found.marks
    if file == .v {
      // A store's data stand where a destination stands.
      if token.hasPrefix("vs3") { (use.isRead, use.isWritten) = (true, false) }
      if marks.first == UInt8(ascii: "+") {
        use.isRead = true
        marks = marks.dropFirst()
      }
      if marks.last == UInt8(ascii: "!") {
        use.standsApart = true
        marks = marks.dropLast()
      }
      let shape = marks.isEmpty ? .group : marks.first == UInt8(ascii: ":") ? VectorShape(mark: marks.dropFirst()) : nil
      guard let shape else { throw error("unknown mark '\(marks)' in '\(token)'") }
      use.shape = shape
      marks = marks.prefix(0)
    }
    if file == .m {
      if token.hasPrefix("ms3") { (use.isRead, use.isWritten) = (true, false) }
      if marks.first == UInt8(ascii: "+") {
        use.isRead = true
        marks = marks.dropFirst()
      }
      let shape = marks.isEmpty ? MatrixShape() : marks.first == UInt8(ascii: ":") ? MatrixShape(mark: marks.dropFirst()) : nil
      guard let shape else { throw error("unknown mark '\(marks)' in '\(token)'") }
      use.matrix = shape
      marks = marks.prefix(0)
    }
    while let mark = marks.first {
      marks = marks.dropFirst()
      switch mark {
      case UInt8(ascii: "+"): use.isRead = true
      case UInt8(ascii: "-"): (use.isRead, use.isWritten) = (true, false)
      case UInt8(ascii: "="): use.isWritten = true
      case UInt8(ascii: "~"): (use.isRead, use.isWritten) = (false, true)
      case UInt8(ascii: "'"): isShort = true
      case UInt8(ascii: ":") where marks.first == UInt8(ascii: "2"):
        marks = marks.dropFirst()
        use.isPair = true
      case UInt8(ascii: "!"):
        if marks.first == UInt8(ascii: "2") && slot == .rd {
          marks = marks.dropFirst()
          constraints.insert(.rdNotTwo)
        } else if marks.first == UInt8(ascii: "1") && slot == .rd {
          marks = marks.dropFirst()
          constraints.insert(.rdNotBase)
        } else if marks.first == UInt8(ascii: "d") && slot == .rs2 {
          marks = marks.dropFirst()
          constraints.insert(.allDiffer)
        } else if let c = [RegisterSlot.rd: Constraints.rdNotZero, .rs1: .rs1NotZero, .rs2: .rs2NotZero][slot] {
          constraints.insert(c)
        } else {
          throw error("'\(token)' cannot be constrained")
        }
      default: throw error("unknown mark '\(Unicode.Scalar(mark))' in '\(token)'")
      }
    }
    guard !uses.contains(where: { $0.slot == slot }) else { throw error("'\(token)' appears twice") }
    if use.shape == .pair {
      // The bit below is another's; here it counts as 0.
      layout[slot] = .init(low: try take(4, for: token) - 1, mask: 30)
      return uses.append(use)
    }
    let low = try take(isShort || file == .m ? 3 : 5, for: token)
    layout[slot] = file == .m ? .init(low: low, mask: 7) : isShort ? .init(low: low, mask: 7, base: 8) : .init(low: low, mask: 31)
    if use.isPair { mask |= 1 << UInt32(low) }
    // Other numbers are reserved.
    if case .whole(let count) = use.shape { mask |= UInt32(count - 1) << UInt32(low) }
    uses.append(use)
  }

  /// `rd rs1 rs2 rs3 fd fs1 fs2 fs3 vd vs1 vs2 vs3 md ms1 ms2 ms3`, with marks behind them or without. vs3 and ms3 lie where vd and md lie.
  static func register(_ token: RowText) -> (slot: RegisterSlot, file: RegisterFile, marks: RowText)? {
    guard token.count >= 2 else { return nil }
    let file: RegisterFile
    switch token[0] {
    case UInt8(ascii: "r"): file = .x
    case UInt8(ascii: "f"): file = .f
    case UInt8(ascii: "v"): file = .v
    case UInt8(ascii: "m"): file = .m
    default: return nil
    }
    switch token[1] {
    case UInt8(ascii: "d"): return (.rd, file, token.dropFirst(2))
    case UInt8(ascii: "s"):
      let marks = token.dropFirst(3)
      switch token.dropFirst(2).first {
      case UInt8(ascii: "1"): return (.rs1, file, marks)
      case UInt8(ascii: "2"): return (.rs2, file, marks)
      case UInt8(ascii: "3") where file == .f || file == .x: return (.rs3, file, marks)
      case UInt8(ascii: "3"): return (.rd, file, marks)
      default: return nil
      }
    default: return nil
    }
  }
}
