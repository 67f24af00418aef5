import RVDecoder

/// Words of the vector opcodes that are no instruction: slots by what chooses the instruction.
enum VectorEncodings {
  /// funct3 and funct6 of OP-V; then width, mew and mop of loads, and of stores.
  static let count = 512 + 2 * 32
  private static let widths: [UInt32] = [0, 5, 6, 7]

  /// - Returns: `nil` for another opcode.
  static func slot(_ word: UInt32) -> Int? {
    let (funct3, funct6) = (word >> 12 & 7, word >> 26)
    switch word & 0x7f {
    case 0x57: return Int((funct3 << 6) | funct6)
    case 0x07, 0x27:
      guard let width = widths.firstIndex(of: funct3) else { return nil }
      return 512 + (word & 0x20 == 0 ? 0 : 32) + (width << 3) + Int(funct6 & 7)
    default: return nil
    }
  }

  /// The lowest word of a slot.
  private static func word(_ slot: Int) -> UInt32 {
    let low = UInt32(slot)
    if slot < 512 { return 0x57 | (low >> 6) << 12 | (low & 63) << 26 }
    return (low & 32 == 0 ? 0x07 : 0x27) | widths[Int(low >> 3 & 3)] << 12 | (low & 7) << 26
  }

  /// A word of the slot that is no instruction; `nil` when tries find none.
  static func unassigned(_ slot: Int, decoder: Decoder, _ random: inout Random) -> UInt32? {
    for _ in 0..<60 {
      let free = UInt32(truncatingIfNeeded: random.next())
      // nf is free in loads and stores.
      let bits = word(slot) | free & (slot < 512 ? 0x03ff_8f80 : 0xe3ff_8f80)
      if decoder.row(for: bits) == nil { return bits }
    }
    return nil
  }

  /// Slots with such words.
  static func possible(decoder: Decoder) -> [Bool] {
    var random = Random(seed: 1)
    return (0..<count).map { slot in slot >> 6 != 7 && unassigned(slot, decoder: decoder, &random) != nil }
  }

  static func name(_ slot: Int) -> String {
    if slot < 512 {
      let forms = ["OPIVV", "OPFVV", "OPMVV", "OPIVI", "OPIVX", "OPFVF", "OPMVX", "OPCFG"]
      return "\(forms[slot >> 6]) funct6 0b" + binary(slot & 63, 6)
    }
    return "\(slot & 32 == 0 ? "load" : "store") width \(8 << (slot >> 3 & 3)) mew \(slot >> 2 & 1) mop 0b" + binary(slot & 3, 2)
  }

  private static func binary(_ value: Int, _ digits: Int) -> String {
    let text = String(value, radix: 2)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
