/// Where the fields of a row lie in its word, and how they become the numbers of an ``Op``.
struct FieldLayout: Sendable {
  /// A small field: `base + (word >> low & mask)`. With a mask of 0 it is the constant `base`.
  struct Small: Sendable, Equatable {
    var low: UInt8 = 0
    var mask: UInt8 = 0
    var base: UInt8 = 0

    @inline(__always)
    func value(_ word: UInt32) -> UInt8 { base &+ UInt8(truncatingIfNeeded: word &>> UInt32(low)) & mask }

    /// The bits that give the value; `nil` when the field cannot hold it.
    func bits(_ value: UInt8) -> UInt32? {
      guard value >= base, (value &- base) & ~mask == 0 else { return nil }
      return UInt32(value &- base) << UInt32(low)
    }
  }

  /// Neighbouring bits of an immediate: `width` bits of the word from `low` on go to bit `to`.
  struct Piece: Sendable, Equatable {
    let low: UInt8
    let to: UInt8
    /// `width` ones.
    let mask: UInt32

    init(low: UInt8, width: UInt8, to: UInt8) {
      self.low = low
      self.to = to
      mask = width >= 32 ? ~0 : (1 << UInt32(width)) - 1
    }
  }

  var rd = Small()
  var rs1 = Small()
  var rs2 = Small()
  var rs3 = Small()
  var aux = Small()
  var pieces: [Piece] = []
  /// How far the immediate is shifted up and back down to extend its sign; 0 where it has none.
  var signShift: UInt8 = 0
  /// The immediate of rows without immediate bits.
  var constant: Int32 = 0

  subscript(slot: RegisterSlot) -> Small {
    get {
      switch slot {
      case .rd: rd
      case .rs1: rs1
      case .rs2: rs2
      case .rs3: rs3
      }
    }
    set {
      switch slot {
      case .rd: rd = newValue
      case .rs1: rs1 = newValue
      case .rs2: rs2 = newValue
      case .rs3: rs3 = newValue
      }
    }
  }

  func immediate(_ word: UInt32) -> Int32 {
    var value = UInt32(bitPattern: constant)
    for piece in pieces { value |= (word >> UInt32(piece.low) & piece.mask) << UInt32(piece.to) }
    return (Int32(bitPattern: value) << Int32(signShift)) >> Int32(signShift)
  }

  /// All numbers in a word.
  func operands(_ word: UInt32) -> Operands {
    Operands(
      rd: rd.value(word), rs1: rs1.value(word), rs2: rs2.value(word), rs3: rs3.value(word), imm: immediate(word),
      aux: aux.value(word))
  }

  /// The word's bits for these numbers; `nil` when one does not fit its field.
  func word(_ operands: Operands) -> UInt32? {
    guard let d = rd.bits(operands.rd), let s1 = rs1.bits(operands.rs1), let s2 = rs2.bits(operands.rs2),
      let s3 = rs3.bits(operands.rs3), let a = aux.bits(operands.aux)
    else { return nil }
    var word = d | s1 | s2 | s3 | a
    for piece in pieces {
      word |= (UInt32(bitPattern: operands.imm) >> UInt32(piece.to) & piece.mask) << UInt32(piece.low)
    }
    return immediate(word) == operands.imm ? word : nil
  }
}

/// The numbers of an instruction: what its encoding holds besides the fixed bits. Fields that a row does not have are 0.
public struct Operands: Sendable, Hashable {
  public var rd: UInt8
  public var rs1: UInt8
  public var rs2: UInt8
  public var rs3: UInt8
  /// The immediate, or the number of a CSR, or the number in the mnemonic of a may-be-operation.
  public var imm: Int32
  /// What ``Op/aux`` holds.
  public var aux: UInt8

  public init(rd: UInt8 = 0, rs1: UInt8 = 0, rs2: UInt8 = 0, rs3: UInt8 = 0, imm: Int32 = 0, aux: UInt8 = 0) {
    self.rd = rd
    self.rs1 = rs1
    self.rs2 = rs2
    self.rs3 = rs3
    self.imm = imm
    self.aux = aux
  }

  /// The register number in a slot.
  public subscript(slot: RegisterSlot) -> UInt8 {
    switch slot {
    case .rd: rd
    case .rs1: rs1
    case .rs2: rs2
    case .rs3: rs3
    }
  }

  /// The numbers of an op, the sink turned back into x0.
  public init(_ op: Op) {
    // rs3 and imm share a place in the op; the row says which of them it is.
    let hasThird = InstructionTable.shared.row(of: op).map { $0.layout.rs3.mask != 0 } ?? false
    self.init(
      rd: op.rd == Op.sink ? 0 : op.rd, rs1: op.rs1, rs2: op.rs2, rs3: hasThird ? op.rs3 : 0, imm: hasThird ? 0 : op.imm,
      aux: op.aux)
  }
}

/// What a row excludes besides its fixed bits.
struct Constraints: OptionSet, Sendable {
  var rawValue: UInt16
  /// rm 5 and 6 are reserved.
  static let roundingMode = Constraints(rawValue: 1)
  static let immNotZero = Constraints(rawValue: 2)
  static let rdNotZero = Constraints(rawValue: 4)
  static let rdNotTwo = Constraints(rawValue: 8)
  static let rs1NotZero = Constraints(rawValue: 16)
  static let rs2NotZero = Constraints(rawValue: 32)
  /// At most 10.
  static let roundNumber = Constraints(rawValue: 64)
  /// rd is not rs1.
  static let rdNotBase = Constraints(rawValue: 128)
  /// rd, rs1 and rs2 are three registers.
  static let allDiffer = Constraints(rawValue: 256)

  @inline(__always)
  func allow(rd: UInt8, rs1: UInt8, rs2: UInt8, imm: Int32, aux: UInt8) -> Bool {
    if isEmpty { return true }
    if contains(.roundingMode) { return aux & 7 != 5 && aux & 7 != 6 }
    return allowRare(rd: rd, rs1: rs1, rs2: rs2, imm: imm, aux: aux)
  }

  @inline(never)
  private func allowRare(rd: UInt8, rs1: UInt8, rs2: UInt8, imm: Int32, aux: UInt8) -> Bool {
    if contains(.immNotZero) && imm == 0 { return false }
    if contains(.rdNotZero) && rd == 0 { return false }
    if contains(.rdNotTwo) && rd == 2 { return false }
    if contains(.rs1NotZero) && rs1 == 0 { return false }
    if contains(.rs2NotZero) && rs2 == 0 { return false }
    if contains(.roundNumber) && aux > 10 { return false }
    if contains(.rdNotBase) && rd == rs1 { return false }
    if contains(.allDiffer) && (rd == rs1 || rd == rs2 || rs1 == rs2) { return false }
    return true
  }

  func allow(_ o: Operands) -> Bool { allow(rd: o.rd, rs1: o.rs1, rs2: o.rs2, imm: o.imm, aux: o.aux) }
}
