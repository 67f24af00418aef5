import RVDecoder

/// Makes a program that diverges as short as it gets: takes out pieces as long as it still diverges in the same instruction.
struct Reducer {
  let trial: Trial
  let coverage: Coverage
  private(set) var best: Program
  private(set) var divergence: Divergence
  private var runs = 0
  /// Runs at most.
  let budget: Int

  init(_ trial: Trial, _ program: Program, _ divergence: Divergence, coverage: Coverage, budget: Int = 600) {
    self.trial = trial
    self.coverage = coverage
    best = program
    self.divergence = divergence
    self.budget = budget
  }

  mutating func reduce() {
    // Nothing behind the divergence matters, unless a jump goes there.
    if let assembly = Assembly(best), let last = assembly.addresses.lastIndex(where: { $0 <= divergence.pc }) {
      let items = best.items
      _ = attempt(items.enumerated().filter { $0.offset <= last + 4 || $0.element.isPinned }.map(\.element))
    }
    var size = max(1, best.items.count / 2)
    while runs < budget {
      var isShorter = false
      var end = best.items.count
      while end > 0, runs < budget {
        let start = max(0, end - size)
        let items = best.items
        let kept = items.enumerated().filter { $0.element.isPinned || $0.offset < start || $0.offset >= end }.map(\.element)
        if kept.count < items.count, attempt(kept) { isShorter = true }
        end = start
      }
      if size == 1, !isShorter { break }
      if !isShorter || size > best.items.count { size = max(1, size / 2) }
    }
  }

  private mutating func attempt(_ items: [Item]) -> Bool {
    runs += 1
    let candidate = best.with(items)
    guard let result = try? trial.run(candidate, coverage: coverage), let found = result.divergence, found.isLike(divergence) else {
      return false
    }
    best = candidate
    divergence = found
    return true
  }

  /// The program as assembly, without its frame; constants beside the loads.
  var listing: String {
    guard let assembly = Assembly(best) else { return "" }
    let disassembler = Disassembler(aliases: false, separator: .blank)
    var lines: [String] = []
    for (item, address) in zip(best.items, assembly.addresses) where !item.isPinned {
      var offset = Int(address - Layout.code)
      let end = offset + Int(item.size)
      while offset < end {
        let low = UInt32(assembly.code[offset]) | UInt32(assembly.code[offset + 1]) << 8
        let word = low & 3 == 3 ? low | UInt32(assembly.code[offset + 2]) << 16 | UInt32(assembly.code[offset + 3]) << 24 : low
        let pc = Layout.code + UInt64(offset)
        lines.append("  \(Divergence.hex(pc, 8)): \(disassembler.text(word, pc: pc))" + note(item))
        offset += word & 3 == 3 ? 4 : 2
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The number that a load from a pool brings.
  private func note(_ item: Item) -> String {
    guard case .word(let word) = item.kind, let row = Decoder(isa: trial.options.isa).row(for: word), ["ld", "fld"].contains(row.mnemonic)
    else { return "" }
    let operands = row.operands(of: word)
    let slot = (Int(operands.imm) + 2048) / 8
    if operands.rs1 == Reserved.integers, slot < best.integers.count { return "  # \(Divergence.hex(best.integers[slot], 16))" }
    guard operands.rs1 == Reserved.constants else { return "" }
    // The page is that of the last address loaded before.
    var page = 0
    for other in best.items {
      if other.number >= item.number { break }
      if case .address(Reserved.constants, let target) = other.kind {
        page = Int((UInt64(bitPattern: target.offset) - Layout.constants) / 4096)
      }
    }
    let index = page * 512 + slot
    return index < best.constants.count ? "  # \(Divergence.hex(best.constants[index], 16))" : ""
  }
}
