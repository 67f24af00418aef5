/// A parsed row: what is derived from the one line that defines an instruction.
public struct RowInfo: Sendable {
  /// Its index in ``InstructionTable/rows``.
  public let id: UInt16
  /// The family's case; for a compressed row that of the instruction it stands for.
  public internal(set) var row: Row
  /// The mnemonic as assemblers spell it; an `N` stands for a number (``Operands/imm``).
  public let mnemonic: String
  /// Name of the family: `I`, `F`, `C` …
  public let family: String
  /// Length in bytes: 2 or 4.
  public let length: UInt8
  /// The fixed bits of the encoding are those set here …
  public let mask: UInt32
  /// … and have these values.
  public let match: UInt32
  /// The operands in the order of assembly.
  public let operands: [Operand]
  /// The kind of work; for a compressed row that of the instruction it stands for.
  public internal(set) var work: Work
  /// Sets of extensions, each of which brings the instruction.
  public let needs: [ExtensionSet]
  /// For a compressed row, the index of the row it stands for.
  public internal(set) var base: UInt16?
  /// The registers it uses, by slots of the op.
  public internal(set) var uses: [RegisterUse]
  /// The row itself, as written.
  public let text: String

  /// The names of matrix registers.
  public let matrixRegisters: [String]
  let layout: FieldLayout
  /// Where the numbers of an op come from: ``layout``, or for a compressed row its fields in the places of the base row's.
  var opLayout: FieldLayout
  let constraints: Constraints
  /// The third column of a compressed row: mnemonic and operands.
  let expansion: String

  /// The last column.
  public var meaning: String {
    var rest = Substring(text)
    for _ in 0..<4 { rest = rest.cut(" | ")?.after ?? "" }
    return String(rest)
  }

  /// What an implementation must have beside the extensions, in a register of its own that says so: sets of names, of each of which one is
  /// enough. In the row they stand in front of the meaning: `needs mfew & mmf16f16|mmf8f16: `.
  public var features: [[String]] {
    guard let list = Substring(meaning).cut("needs ")?.after.cut(": ")?.before else { return [] }
    return list.split(separator: "&").map { $0.trimmed.split(separator: "|").map(String.init) }
  }

  /// Mnemonic of the row with which this one overlaps and before which it goes.
  public var moreSpecificThan: String? {
    let meaning = meaning
    guard meaning.hasPrefix("more specific than "), let colon = meaning.firstIndex(of: ":") else { return nil }
    return String(meaning[..<colon].dropFirst("more specific than ".count))
  }

  /// Compressed rows stand for another.
  public var isCompressed: Bool { length == 2 }

  /// Whether these extensions bring it.
  public func isEnabled(by extensions: ExtensionSet) -> Bool {
    needs.contains { $0.isSubset(of: extensions) }
  }

  /// Whether a word (a halfword for compressed rows) is this instruction, whatever is enabled; rows may overlap.
  public func matches(_ word: UInt32) -> Bool { word & mask == match && constraints.allow(layout.operands(word)) }

  /// The numbers in a word of this row.
  public func operands(of word: UInt32) -> Operands { layout.operands(word) }
}

/// An operand as assembly shows it.
public enum Operand: Sendable, Hashable {
  case register(RegisterSlot, RegisterFile)
  /// A fixed x register.
  case fixed(UInt8)
  /// A number that is always the same.
  case literal(UInt8)
  /// The immediate as a number.
  case immediate
  /// Bits 31:12 of the immediate.
  case upper
  /// The address pc + imm.
  case target
  /// `imm(register)`.
  case memory(base: MemoryBase, offset: Bool)
  case csr
  /// The five-bit number in `rs1`.
  case number
  /// One of the 32 constants of Zfa.
  case constant
  /// Not printed when dynamic.
  case roundingMode
  /// Not printed when to nearest, ties to even: the result is exact.
  case exactRoundingMode
  /// The word `rtz`.
  case towardsZero
  case predecessors, successors
  /// The whole of ``Op/aux``.
  case aux
  /// `v0.t` when bit 0 of ``Op/aux`` (vm) is clear, else nothing.
  case mask
  /// `v0`, read as carries or as a selection.
  case carry
  /// The immediate as vtype: `e32, m1, ta, ma`.
  case vectorType
  /// A row of a matrix register, `m1[3]`: its number is the immediate, or in an x register.
  case row(RegisterSlot, index: RegisterSlot?)

  public enum MemoryBase: Sendable, Hashable { case rs1, stackPointer }
}

/// What is wrong with a row, found by the all-rows test.
public struct RowError: Error, Sendable, CustomStringConvertible {
  /// Family and case.
  public var row: String
  public var problem: String
  public var description: String { "row \(row): \(problem)" }
}
