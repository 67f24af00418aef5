import Testing

@testable import RVDecoder

extension RowInfo {
  /// Rows of encodings that contradict others are brought by no ISA that holds all.
  var isKnown: Bool { isEnabled(by: ISA.known.extensions) }
}

/// A decoder that has the row.
private func decoder(of row: RowInfo) -> Decoder { row.isKnown ? everything : contrary }

private let contrary = Decoder(extensions: [.xtheadmatrix0p3])

@Suite struct AllRows {
  @Test func everyRowIsWellFormed() throws {
    let table = try InstructionTable()
    #expect(table.rows.count > 380)
    for row in table.rows {
      #expect(row.id == UInt16(table.rows.firstIndex { $0.text == row.text } ?? -1), "\(row.mnemonic) is written twice")
      #expect(row.isEnabled(by: decoder(of: row).extensions), "\(row.mnemonic) is brought by nothing")
      if let other = row.moreSpecificThan { #expect(table.row(mnemonic: other) != nil, "\(row.mnemonic): no \(other)") }
    }
    let (known, others) = (table.rows.filter(\.isKnown), table.rows.filter { !$0.isKnown })
    #expect(Set(known.map(\.mnemonic)).count == known.count && Set(others.map(\.mnemonic)).count == others.count)
  }

  @Test func everyRowEncodesAndDecodesToItself() throws {
    var random = Random(1)
    for row in InstructionTable.shared.rows {
      let decoder = decoder(of: row)
      var found = 0
      for _ in 0..<400 {
        guard let word = Encoder.word(of: row, bits: random.next32(), decoder: decoder) else { continue }
        found += 1
        let operands = row.operands(of: word)
        let again = Encoder.encode(row, operands)
        #expect(again != nil, "\(row.mnemonic) does not encode \(operands)")
        if !row.text.contains(".....") { #expect(again == word, "\(row.mnemonic)") }
        let op = decoder.decode(word)
        #expect(op.length == row.length && op.id == row.base ?? row.id && op.row == row.row, "\(row.mnemonic)")
        if !row.isCompressed { #expect(Operands(op) == operands, "\(row.mnemonic)") }
      }
      #expect(found > 50, "\(row.mnemonic) is hard to find: \(found)")
    }
  }

  @Test func compressedRowsEqualTheirBase() throws {
    var random = Random(2)
    for row in InstructionTable.shared.rows where row.isCompressed {
      for _ in 0..<100 {
        guard let word = Encoder.word(of: row, bits: random.next32(), decoder: everything) else { continue }
        let op = everything.decode(word)
        let base = InstructionTable.shared.rows[Int(op.id)]
        guard let long = Encoder.encode(base, Operands(op)) else {
          Issue.record("\(row.mnemonic): \(base.mnemonic) does not encode \(Operands(op))")
          continue
        }
        let expanded = everything.decode(long)
        if expanded.id != op.id { #expect(InstructionTable.shared.rows[Int(expanded.id)].moreSpecificThan == base.mnemonic) }
        #expect(Operands(expanded) == Operands(op) && expanded.rd == op.rd, "\(row.mnemonic)")
      }
    }
  }

  @Test(arguments: [true, false]) func overlapsAreAnnounced(known: Bool) throws {
    let rows = InstructionTable.shared.rows.filter { $0.isKnown == known }
    var random = Random(3)
    var announced: Set<String> = []
    for (index, a) in rows.enumerated() {
      for b in rows[..<index] where a.length == b.length && (a.match ^ b.match) & a.mask & b.mask == 0 {
        let both = (0..<64).contains { _ in
          let word = (random.next32() & ~a.mask | a.match) & ~b.mask | b.match
          let bits = word & (a.length == 2 ? 0xffff : ~0)
          return a.matches(bits) && b.matches(bits)
        }
        guard both else { continue }
        let (narrow, wide) = a.mask.nonzeroBitCount > b.mask.nonzeroBitCount ? (a, b) : (b, a)
        #expect(narrow.moreSpecificThan == wide.mnemonic, "\(narrow.mnemonic) overlaps with \(wide.mnemonic)")
        #expect(narrow.mask & wide.mask == wide.mask, "\(narrow.mnemonic) is not inside of \(wide.mnemonic)")
        announced.insert(narrow.mnemonic)
      }
    }
    #expect(announced == Set(rows.filter { $0.moreSpecificThan != nil }.map(\.mnemonic)))
  }

  /// c.lui comes behind c.addi16sp and the eight c.mop; all others are found with four comparisons or fewer.
  @Test func theTreeIsGood() { #expect(everything.longestLeaf <= 10) }

  /// The tree against the plain search through all rows.
  @Test func decodingIsTheNarrowestMatch() {
    var random = Random(4)
    let rows = InstructionTable.shared.rows.filter(\.isKnown)
    func check(_ word: UInt32) {
      let candidates = rows.filter { ($0.length == 2) == (word & 3 != 3) && $0.matches(word) }
      let best = candidates.max { $0.mask.nonzeroBitCount < $1.mask.nonzeroBitCount }
      #expect(everything.row(for: word)?.id == best?.id, "\(String(word, radix: 16))")
    }
    for _ in 0..<2000 { check(random.next32() | 3) }
    for word in stride(from: UInt32(0), to: 0x10000, by: 7) where word & 3 != 3 { check(word) }
  }

  @Test func wrongRowsAreNamed() throws {
    func problem(_ text: String) -> String {
      do throws(RowError) {
        _ = try RowParser.parse(text, name: "test", family: "I", row: .core(.add), id: 0, needs: { _ in [[.i]] })
        return "none"
      } catch { return error.description }
    }
    let good = "0000000 rs2 rs1 000 rd 0110011 | rd, rs1, rs2 | alu | i | sum"
    #expect(problem(good) == "none")
    #expect(problem("000000 rs2 rs1 000 rd 0110011 | rd, rs1 | alu | i | x") == "row I.test: 1 bits are missing")
    #expect(problem("00000000 rs2 rs1 000 rd 0110011 | rd | alu | i | x").contains("too many"))
    #expect(problem("0000000 rs9 rs1 000 rd 0110011 | rd | alu | i | x") == "row I.test: unknown field 'rs9'")
    #expect(problem("0000000 rs2 rs1 000 rd 0110011 | rd, fs1 | alu | i | x").contains("'fs1' is not among the bits"))
    #expect(problem("0000000 rs2 rs1 000 rd 0110011 | rd | allu | i | x").contains("unknown kind of work 'allu'"))
    #expect(problem("0000000 rs1 rs1 000 rd 0110011 | rd | alu | i | x").contains("appears twice"))
    #expect(problem("imm[11:0 rs1 000 rd 0110011 | rd | alu | i | x").contains("without ]"))
    #expect(problem("imm[11:0] rs1 000 rd 0110011 | rd | alu") == "row I.test: has fewer than five columns")
  }
}

extension Random {
  mutating func next32() -> UInt32 { UInt32(truncatingIfNeeded: next()) }
}
