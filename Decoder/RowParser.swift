/// Reads a row. See ``InstructionSet`` for the grammar.
struct RowParser {
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

  private init(name: String, left: Int) {
    self.name = name
    self.left = left
  }

  /// Parses a row of a family.
  static func parse(
    _ text: String, name: String, family: String, row: Row?, id: UInt16, needs resolve: (Substring) -> [ExtensionSet]?
  ) throws(RowError) -> RowInfo {
    let full = "\(family).\(name)"
    var columns: [Substring] = []
    var rest = Substring(text)
    while columns.count < 4 {
      guard let (column, after) = rest.cut(" | ") else { throw RowError(row: full, problem: "has fewer than five columns") }
      columns.append(column.trimmed)
      rest = after
    }
    guard !rest.isEmpty else { throw RowError(row: full, problem: "has no meaning") }
    let compressed = row == nil
    var parser = RowParser(name: full, left: compressed ? 16 : 32)
    try parser.bits(columns[0])
    let operands = try parser.operands(columns[1])
    var work = Work.nop
    var expansion = Substring()
    if compressed {
      guard columns[2].hasPrefix("= ") else { throw parser.error("is compressed: its third column begins with =") }
      expansion = columns[2].dropFirst(2)
    } else if let kind = Work.named[columns[2]] {
      work = kind
    } else {
      throw parser.error("unknown kind of work '\(columns[2])'")
    }
    guard let needs = resolve(columns[3]), !needs.isEmpty else {
      throw parser.error("unknown extension in '\(columns[3])'")
    }
    return RowInfo(
      id: id, row: row ?? .engine(.illegal), mnemonic: String(decoding: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: ".") : $0 }, as: UTF8.self), family: family,
      length: compressed ? 2 : 4, mask: parser.mask, match: parser.match, operands: operands, work: work, needs: needs,
      base: nil, uses: parser.uses, text: text, layout: parser.layout, opLayout: parser.layout, constraints: parser.constraints,
      expansion: String(expansion))
  }

  func error(_ problem: String) -> RowError { RowError(row: name, problem: problem) }

  // MARK: Bits

  private mutating func bits(_ column: Substring) throws(RowError) {
    for token in column.parts(" ") {
      guard let first = token.utf8.first else { continue }
      switch first {
      case UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "."): try fixed(token)
      default:
        if let bracket = token.utf8.firstIndex(of: UInt8(ascii: "[")) {
          try immediate(token[..<bracket], token[token.utf8.index(after: bracket)...])
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

  private mutating func take(_ width: Int, for token: Substring) throws(RowError) -> UInt8 {
    left -= width
    guard left >= 0 else { throw error("'\(token)' does not fit: \(-left) bits too many") }
    return UInt8(left)
  }

  private mutating func fixed(_ token: Substring) throws(RowError) {
    for digit in token.utf8 {
      let at = try take(1, for: token)
      switch digit {
      case UInt8(ascii: "0"): mask |= 1 << UInt32(at)
      case UInt8(ascii: "1"):
        mask |= 1 << UInt32(at)
        match |= 1 << UInt32(at)
      case UInt8(ascii: "."): break
      default: throw error("'\(token)' is not made of 0, 1 and .")
      }
    }
  }

  private mutating func immediate(_ name: Substring, _ places: Substring) throws(RowError) {
    switch name {
    case "imm": hasSign = true
    case "uimm", "n": break
    default: throw error("unknown field '\(name)['")
    }
    guard let close = places.utf8.firstIndex(of: UInt8(ascii: "]")) else { throw error("'\(name)[' without ]") }
    switch places[places.utf8.index(after: close)...] {
    case "": break
    case "!": constraints.insert(.immNotZero)
    case let other: throw error("'\(other)' behind an immediate")
    }
    for place in places[..<close].parts("|", keepingEmpty: true) {
      let ends = place.parts(":", keepingEmpty: true)
      guard let high = ends.first.flatMap({ Int($0) }), let low = ends.last.flatMap({ Int($0) }), ends.count <= 2,
        31 >= high, high >= low, low >= 0
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

  private mutating func field(_ token: Substring) throws(RowError) {
    if let found = Self.register(token) { return try register(token, found) }
    switch token {
    case "rm":
      try aux(3, 0, token)
      constraints.insert(.roundingMode)
    case "aq": try aux(1, 1, token)
    case "rl": try aux(1, 0, token)
    case "pred": try aux(4, 4, token)
    case "succ": try aux(4, 0, token)
    case "bs": try aux(2, 0, token)
    case "rnum":
      try aux(4, 0, token)
      constraints.insert(.roundNumber)
    case "csr": layout.pieces.append(.init(low: try take(12, for: token), width: 12, to: 0))
    case "vm": try aux(1, 0, token)
    case "nf": layout.pieces.append(.init(low: try take(3, for: token), width: 3, to: 0))
    case "fm": layout.pieces.append(.init(low: try take(4, for: token), width: 4, to: 0))
    case "zimm", "fli": layout.rs1 = .init(low: try take(5, for: token), mask: 31)
    default: throw error("unknown field '\(token)'")
    }
  }

  /// Fields of `aux` must be neighbours in the word just as in `aux`.
  private mutating func aux(_ width: Int, _ to: Int, _ token: Substring) throws(RowError) {
    let low = Int(try take(width, for: token)) - to
    guard low >= 0, auxLow == nil || auxLow == low else { throw error("'\(token)' does not lie beside its neighbour") }
    auxLow = low
    layout.aux = .init(low: UInt8(low), mask: layout.aux.mask | UInt8(((1 << width) - 1) << to))
  }

  private mutating func register(
    _ token: Substring, _ found: (slot: RegisterSlot, file: RegisterFile, marks: Substring)
  ) throws(RowError) {
    let slot = found.slot
    let file = found.file
    var use = RegisterUse(slot: slot, file: file, isRead: slot != .rd, isWritten: slot == .rd, isPair: false)
    var isShort = false
    var marks = found.marks
    if file == .v {
      // A store's data stand where a destination stands.
      if token.hasPrefix("vs3") { (use.isRead, use.isWritten) = (true, false) }
      if marks.first == "+" {
        use.isRead = true
        marks = marks.dropFirst()
      }
      if marks.last == "!" {
        use.standsApart = true
        marks = marks.dropLast()
      }
      let shape = marks.isEmpty ? .group : marks.first == ":" ? VectorShape(mark: marks.dropFirst()) : nil
      guard let shape else { throw error("unknown mark '\(marks)' in '\(token)'") }
      use.shape = shape
      marks = ""
    }
    while let mark = marks.first {
      marks = marks.dropFirst()
      switch mark {
      case "+": use.isRead = true
      case "'": isShort = true
      case ":" where marks.first == "2":
        marks = marks.dropFirst()
        use.isPair = true
      case "!":
        if marks.first == "2" && slot == .rd {
          marks = marks.dropFirst()
          constraints.insert(.rdNotTwo)
        } else if let c = [RegisterSlot.rd: Constraints.rdNotZero, .rs1: .rs1NotZero, .rs2: .rs2NotZero][slot] {
          constraints.insert(c)
        } else {
          throw error("'\(token)' cannot be constrained")
        }
      default: throw error("unknown mark '\(mark)' in '\(token)'")
      }
    }
    guard !uses.contains(where: { $0.slot == slot }) else { throw error("'\(token)' appears twice") }
    let low = try take(isShort ? 3 : 5, for: token)
    layout[slot] = isShort ? .init(low: low, mask: 7, base: 8) : .init(low: low, mask: 31)
    if use.isPair { mask |= 1 << UInt32(low) }
    // Other numbers are reserved.
    if case .whole(let count) = use.shape { mask |= UInt32(count - 1) << UInt32(low) }
    uses.append(use)
  }

  /// `rd rs1 rs2 fd fs1 fs2 fs3 vd vs1 vs2 vs3`, with marks behind them or without. vs3 lies where vd lies.
  static func register(_ token: Substring) -> (slot: RegisterSlot, file: RegisterFile, marks: Substring)? {
    let bytes = token.utf8
    guard let first = bytes.first, let second = bytes.dropFirst().first else { return nil }
    let file: RegisterFile
    switch first {
    case UInt8(ascii: "r"): file = .x
    case UInt8(ascii: "f"): file = .f
    case UInt8(ascii: "v"): file = .v
    default: return nil
    }
    switch second {
    case UInt8(ascii: "d"): return (.rd, file, Substring(bytes.dropFirst(2)))
    case UInt8(ascii: "s"):
      let marks = Substring(bytes.dropFirst(3))
      switch bytes.dropFirst(2).first {
      case UInt8(ascii: "1"): return (.rs1, file, marks)
      case UInt8(ascii: "2"): return (.rs2, file, marks)
      case UInt8(ascii: "3") where file == .f: return (.rs3, file, marks)
      case UInt8(ascii: "3") where file == .v: return (.rd, file, marks)
      default: return nil
      }
    default: return nil
    }
  }
}
