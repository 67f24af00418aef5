import Foundation
import Testing

@testable import RVDecoder

/// The rows of the matrix extension against the table of shared/specs, and as text.
@Suite struct MatrixRows {
  /// `rvm-encodings.csv` beside the tree, if it is there.
  static let table: [[String]] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.deletingLastPathComponent().appending(path: "shared/specs/rvm-encodings.csv")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.split(whereSeparator: \.isNewline).map { line in
      var fields = [""]
      var isQuoted = false
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: fields.append("")
        default: fields[fields.count - 1].append(character)
        }
      }
      return fields
    }
  }()

  /// Fields by name: the highest and the lowest bit.
  private func fields(_ operands: String) -> [(name: String, high: Int, low: Int)] {
    operands.matches(of: /([a-z0-9]+'?)\[(\d+):(\d+)\]/).compactMap { match in
      guard let high = Int(match.output.2), let low = Int(match.output.3) else { return nil }
      return (String(match.output.1), high, low)
    }
  }

  @Test(.enabled(if: !table.isEmpty, "no shared/specs/rvm-encodings.csv beside the tree"), arguments: [("0.6", "MatrixV06", 227), ("0.3", "MatrixV03", 145)])
  func rowsAreThoseOfTheTable(version: String, family: String, count: Int) throws {
    let rows = Dictionary(uniqueKeysWithValues: InstructionTable.shared.rows.filter { $0.family == family }.map { ($0.mnemonic, $0) })
    let wanted = Self.table.filter { $0.count > 6 && $0[6] == version }
    #expect(rows.count == count && wanted.count == count)
    for line in wanted {
      guard let row = rows[line[0]] else {
        Issue.record("no row \(line[0])")
        continue
      }
      #expect("0x" + hex(row.match) == line[1] && "0x" + hex(row.mask) == line[2], "\(line[0])")
      let fields = fields(line[3])
      for (name, high, low) in fields {
        switch name {
        case "md", "ms3", "rd": expectSlot(.rd)
        case "ms1", "rs1": expectSlot(.rs1)
        case "ms2", "rs2": expectSlot(.rs2)
        case "rs1'": expectSlot(fields.contains { $0.name == "ms1" } ? .rs3 : .rs1)
        default: #expect(row.layout.pieces == [.init(low: UInt8(low), width: UInt8(high - low + 1), to: 0)], "\(line[0]): \(name)")
        }
        func expectSlot(_ slot: RegisterSlot) {
          let field = row.layout[slot]
          #expect(Int(field.low) == low && Int(field.mask) == (1 << (high - low + 1)) - 1, "\(line[0]): \(name)")
          #expect(field.base == (name == "rs1'" ? 8 : 0), "\(line[0]): \(name)")
          let file = row.uses.first { $0.slot == slot }?.file
          #expect(file == (name.hasPrefix("m") ? .m : .x), "\(line[0]): \(name)")
        }
      }
      #expect(row.uses.count + row.layout.pieces.count == fields.count, "\(line[0])")
      // Classes of registers.
      for (name, role) in [("md(acc)", true), ("md(tr)", false), ("ms1(acc)", true), ("ms1(tr)", false), ("ms2(acc)", true), ("ms2(tr)", false), ("ms3(acc)", true), ("ms3(tr)", false)]
      where version == "0.6" && line[3].contains(name) {
        let slot: RegisterSlot = name.hasPrefix("ms1") ? .rs1 : name.hasPrefix("ms2") ? .rs2 : .rd
        let shape = row.uses.first { $0.slot == slot }?.matrix
        #expect(shape.map { [.c, .accumulator].contains($0.role) } == role && shape?.role != .any, "\(line[0]): \(name)")
      }
    }
  }

  private func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  @Test func assembly() {
    let newest = Disassembler(separator: .blank)
    let vendor = Disassembler(isa: ISA.max.withMatrices(.xtheadmatrix0p3), separator: .blank)
    let none = Disassembler(isa: .rv64gc, separator: .blank)
    // Words of section 10 of shared/specs/rvm.md, and of the first of each form.
    for (word, text) in [
      (0x2204_002b, "msettilem s0"), (0x2664_8a2b, "msce32 acc0, (s1), t1"), (0x04f4_802b, "mlae8 tr0, (s1), a5"),
      (0x1990_0a2b, "mmacc.w.b acc0, tr1, tr0"), (0x0c00_022b, "mzero acc0"), (0x0000_002b, "mrelease"),
      (0x1000_802b | 0x1ff_8000, "msettileki 0x3ff"), (0x2c80_002b | 5 << 20 | 11 << 15 | 10 << 7, "mmovh.x.m a0, acc1, a1"),
      (0x0408_182b | 6 << 20 | 5 << 15 | 4 << 7 | 3 << 23, "madd.w.mv.i acc0, acc2, acc1[3]"),
      (0x0788_182b | 6 << 20 | 5 << 15 | 4 << 7, "madd.w.mm acc0, acc2, acc1"),
      (0x5c00_002b | 4 << 15 | 5 << 7 | 2 << 23, "mrslidedown acc1, acc0, 0x2"), (0xcc10_2573, "csrr a0, xtlenb"), (0x8030_2573, "csrr a0, mtilem"),
    ] as [(UInt32, String)] { #expect(newest.text(word) == text) }
    for (word, text) in [
      (0x2042_002b, "mmaqa.b m4, m2, m0"), (0x8e05_052b, "mcfgk a0, a0"), (0x0ab5_012b, "mstb m2, a1, (a0)"),
      (0x3200_082b | 1 << 21 | 2 << 18 | 3 << 15 | 1 << 7, "madd.s.mv.x m3, m1, m2[s1]"),
      (0x0400_002b | 2 << 18 | 3 << 15 | 5 << 7, "mmov.mv.i m3, m2[5]"), (0xcc10_2573, "csrr a0, xrlenb"),
    ] as [(UInt32, String)] { #expect(vendor.text(word) == text) }
    #expect(none.text(0x0000_002b) == "<unknown>")
  }

  @Test func theOtherVersionIsNamed() throws {
    #expect(ISA.max.otherMatrixVersion(for: 0x9000_082b) == .xtheadmatrix0p3)
    #expect(ISA.max.contains(.xtheadmatrix0p6) && !ISA.max.contains(.xtheadmatrix0p3))
    let vendor = try ISA("rv64gc_xtheadmatrix0p0")
    #expect(vendor.contains(.xtheadmatrix0p3) && vendor.otherMatrixVersion(for: 0x0788_182b) == .xtheadmatrix0p6)
    #expect(ISA.rv64gc.missingExtensions(for: 0x0000_002b) == [.xtheadmatrix0p6])
    #expect(throws: ISAError.self) { try ISA("rv64gc_xtheadmatrix0p3_xtheadmatrix0p6") }
    #expect(ISA.max.withMatrices(.xtheadmatrix0p3).extensions.count == ISA.max.extensions.count)
  }
}
