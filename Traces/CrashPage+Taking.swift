import RVDecoder
import RVExec

extension CrashPage {
  /// Instructions shown before the one that crashed, and after it.
  private static let context = (before: 4, after: 4)

  /// The page of a guest that has just crashed.
  public init(headline: String, trap: Trap?, system: System, symbolizer: Symbolizer) {
    let hart = system.hart
    let state = hart.state.pointee
    self.init(
      headline: headline, hint: Self.hint(trap, hart), pc: hart.pc,
      code: Self.code(around: hart.pc, hart, symbolizer), x: (0..<32).map { hart[x: $0] },
      f: state.fs == 0 ? nil : (0..<32).map { hart[f: $0] }, fcsr: UInt32(state.frm) << 5 | UInt32(state.fflags),
      instructions: hart.retired, frames: BackTrace(hart, symbolizer).frames)
  }

  /// For a word that would be an instruction if more was enabled.
  static func hint(_ trap: Trap?, _ hart: Hart) -> String? {
    guard let trap, trap.cause == .illegalInstruction, let word = hart.word(at: hart.pc) else { return nil }
    let text = "0x" + hex(UInt64(word), digits: word & 3 == 3 ? 8 : 4)
    let missing = hart.isa.missingExtensions(for: word)
    // Binaries do not say which version of the matrix extension they are of.
    if let other = hart.isa.otherMatrixVersion(for: word), missing != [other] || Extension.matrixVersions.contains(where: hart.isa.contains) {
      let isHere = missing.map(\.isEmpty) ?? false
      return "the word \(text) \(isHere ? "may not run here" : "is no instruction"); in RVM \(other.version) it is one: try --rvm \(other.version)"
    }
    if let missing {
      guard !missing.isEmpty else { return nil }
      let names = missing.map(\.name).joined(separator: "_")
      return "the word \(text) needs \(names); add it to --isa"
    }
    return "the word \(text) is no instruction"
  }

  /// Disassembly around an address. Backwards it begins where the decoding fits the address: at the function's beginning if that is
  /// known, else as far back as gives whole instructions.
  static func code(around pc: UInt64, _ hart: Hart, _ symbolizer: Symbolizer) -> [CodeLine] {
    let disassembler = Disassembler(isa: hart.isa)
    func line(_ address: UInt64) -> CodeLine? {
      guard let word = hart.word(at: address) else { return nil }
      let length = word & 3 == 3 ? 4 : 2
      let text = disassembler.text(word, pc: address) { target in
        let place = symbolizer.symbol(target)
        guard let symbol = place.symbol else { return nil }
        return symbol.offset == 0 ? symbol.name : "\(symbol.name)+0x\(String(symbol.offset, radix: 16))"
      }
      let place = symbolizer.symbol(address)
      return CodeLine(
        address: address, word: word, length: length, text: text, label: place.symbol?.offset == 0 ? place.symbolText : nil)
    }

    var lines: [CodeLine] = []
    for address in starts(before: pc, hart, symbolizer).suffix(context.before) {
      if let line = line(address) { lines.append(line) }
    }
    var address = pc
    for _ in 0..<context.after {
      guard let next = line(address) else { break }
      lines.append(next)
      address &+= UInt64(next.length)
    }
    return lines
  }

  /// Addresses of the instructions before one, in ascending order.
  private static func starts(before pc: UInt64, _ hart: Hart, _ symbolizer: Symbolizer) -> [UInt64] {
    func walk(from start: UInt64) -> [UInt64]? {
      var address = start
      var found: [UInt64] = []
      while address < pc {
        guard let word = hart.word(at: address) else { return nil }
        found.append(address)
        address &+= word & 3 == 3 ? 4 : 2
      }
      return address == pc ? found : nil
    }
    if let start = symbolizer.functionStart(pc), pc - start <= 1 << 16 {
      if let found = walk(from: start) { return found }
    }
    for distance in stride(from: UInt64(4 * context.before), through: 2, by: -2) where pc >= distance {
      if let found = walk(from: pc - distance) { return found }
    }
    return []
  }
}
