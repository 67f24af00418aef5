import RVDecoder
import RVExec

/// The first difference between Spike and us in a program.
public struct Divergence: Sendable, CustomStringConvertible {
  /// What differs.
  public var kind: String
  public var pc: UInt64
  public var word: UInt32 = 0
  /// Instructions retired before it.
  public var index = 0
  public var assembly = ""
  var mnemonic = ""
  /// Registers read, with their values.
  public var operands = ""
  public var spike = ""
  public var ours = ""

  init(kind: String, pc: UInt64) {
    self.kind = kind
    self.pc = pc
  }

  /// With its place.
  func `in`(_ line: String, _ index: Int, _ pc: UInt64, _ hart: Hart, _ decoder: Decoder) -> Divergence {
    var copy = self
    copy.spike = line
    copy.index = index
    if copy.word == 0 { copy.word = hart.word(at: pc) ?? 0 }
    copy.assembly = Disassembler(aliases: false, separator: .blank).text(copy.word, pc: pc)
    copy.mnemonic = decoder.row(for: copy.word)?.mnemonic ?? "illegal"
    return copy
  }

  /// Two divergences are of one kind when they concern the same instruction.
  func isLike(_ other: Divergence) -> Bool { mnemonic == other.mnemonic }

  public var description: String {
    var lines = ["differs in \(kind) after \(index) instructions, at \(Self.hex(pc, 16)): \(assembly)"]
    if !operands.isEmpty { lines.append("  read:  \(operands)") }
    if !spike.isEmpty { lines.append("  Spike: \(spike)") }
    if !ours.isEmpty { lines.append("  rvsim: \(ours)") }
    return lines.joined(separator: "\n")
  }

  static func hex(_ value: UInt64, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
