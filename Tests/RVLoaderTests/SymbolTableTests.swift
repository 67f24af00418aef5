import Testing

@testable import RVLoader

@Suite struct SymbolTableTests {
  private func table(_ symbols: [ELFBuilder.Symbol]) throws -> SymbolTable {
    var builder = ELFBuilder()
    builder.sections = [ELFBuilder.text, ELFBuilder.dataSection]
    builder.symbols = symbols
    return try Image(bytes: builder.build(), name: "symbols").symbols
  }

  private func owner(_ table: SymbolTable, _ address: UInt64) -> String? {
    table.symbol(containing: address).map { "\($0.symbol.name)+\($0.offset)" }
  }

  @Test func sizedSymbolsOwnTheirBytes() throws {
    let table = try table([
      .init(name: "outer", value: 0x10100, size: 0x40, type: 2),
      .init(name: "inner", value: 0x10110, size: 8, type: 2),
      .init(name: "label", value: 0x10120, binding: 0),
      .init(name: "next", value: 0x10150, size: 4, type: 2),
    ])
    #expect(owner(table, 0x100ff) == nil)
    #expect(owner(table, 0x10100) == "outer+0")
    #expect(owner(table, 0x10110) == "inner+0")
    #expect(owner(table, 0x10117) == "inner+7")
    #expect(owner(table, 0x10118) == "outer+24")
    #expect(owner(table, 0x10124) == "outer+36")
    #expect(owner(table, 0x1013f) == "outer+63")
    #expect(owner(table, 0x10140) == nil)
    #expect(owner(table, 0x10153) == "next+3")
    #expect(owner(table, 0x10154) == nil)
  }

  @Test func labelsReachToTheNextSymbolOrTheEndOfTheSection() throws {
    let table = try table([
      .init(name: "first", value: 0x10104),
      .init(name: "second", value: 0x10108, binding: 0),
      .init(name: "sized", value: 0x10180, size: 0x10, type: 2),
      .init(name: "last", value: 0x101f0, type: 2),
      .init(name: "array", value: 0x11204, size: 4, type: 1, section: 2),
      .init(name: "unsized", value: 0x1120c, type: 1, section: 2),
    ])
    #expect(owner(table, 0x10100) == nil)
    #expect(owner(table, 0x10107) == "first+3")
    #expect(owner(table, 0x1017f) == "second+119")
    #expect(owner(table, 0x10190) == nil)
    #expect(owner(table, 0x101ff) == "last+15")
    #expect(owner(table, 0x10200) == nil)
    #expect(owner(table, 0x11200) == nil)
    #expect(owner(table, 0x11207) == "array+3")
    #expect(owner(table, 0x11208) == nil)
    #expect(owner(table, 0x1120c) == nil)
  }

  @Test func overlappingAndLyingSizes() throws {
    let table = try table([
      .init(name: "a", value: 0x10100, size: 0x20, type: 2),
      .init(name: "b", value: 0x10110, size: 0x20, type: 2),
      .init(name: "c", value: 0x10118, size: 4, type: 2),
      .init(name: "liar", value: 0x101f0, size: .max, type: 2),
      .init(name: "outside", value: .max, size: 8, type: 2),
    ])
    #expect(owner(table, 0x1010f) == "a+15")
    #expect(owner(table, 0x10117) == "b+7")
    #expect(owner(table, 0x1011b) == "c+3")
    #expect(owner(table, 0x1011c) == "b+12")
    #expect(owner(table, 0x1012f) == "b+31")
    #expect(owner(table, 0x10130) == nil)
    #expect(owner(table, 0x101ff) == "liar+15")
    #expect(owner(table, 0x10200) == nil)
    #expect(owner(table, .max) == nil)
  }

  @Test func markersAndForeignersAreLeftOut() throws {
    let table = try table([
      .init(name: "$x", value: 0x10100, binding: 0), .init(name: "$d", value: 0x10104, binding: 0),
      .init(name: "$xrv64i2p1_v1p0", value: 0x10100, binding: 0), .init(name: "$x.7", value: 0x10100, binding: 0),
      .init(name: ".L12", value: 0x10108, binding: 0), .init(name: ".L0 ", value: 0x10108, binding: 0),
      .init(name: "undefined", value: 0, section: 0), .init(name: "file.c", value: 0, type: 4, binding: 0, section: 0xfff1),
      .init(name: "section", value: 0x10100, type: 3, binding: 0), .init(name: "thread", value: 8, type: 6, section: 2),
      .init(name: "common", value: 8, type: 1, section: 0xfff2), .init(name: "", value: 0x10100),
      .init(name: "debug", value: 0x10, section: 3), .init(name: "$dollar", value: 0x1010c),
      .init(name: "$x", value: 0x10110, type: 2),
    ])
    #expect(table.all.map(\.name) == ["$dollar", "$x"])
  }

  @Test func names() throws {
    let table = try table([
      .init(name: "twice", value: 0x10104, type: 2, binding: 0), .init(name: "twice", value: 0x10108, type: 2, binding: 0),
      .init(name: "best", value: 0x1010c, type: 2, binding: 0), .init(name: "best", value: 0x10120, type: 2, binding: 1),
      .init(name: "best", value: 0x10130, type: 2, binding: 2),
      .init(name: "absolute", value: 7, section: 0xfff1), .init(name: "indirect", value: 0x10140, type: 10),
      .init(name: "größe", value: 0x11200, size: 8, type: 1, section: 2),
    ])
    #expect(table["twice"]?.address == 0x10104)
    #expect(table["twice"]?.isGlobal == false)
    #expect(table["best"]?.address == 0x10120)
    #expect(table["absolute"]?.isAbsolute == true)
    #expect(table["indirect"]?.kind == .function)
    #expect(table["größe"] == .init(name: "größe", address: 0x11200, size: 8, kind: .object, isGlobal: true))
    #expect(table["nothing"] == nil)
    #expect(table[""] == nil)
    #expect(table.symbol(containing: 7) == nil)
    #expect(table.count == 8)
  }

  @Test func aliases() throws {
    let table = try table([
      .init(name: "label", value: 0x10100), .init(name: "__memcpy", value: 0x10100, size: 8, type: 2),
      .init(name: "memcpy", value: 0x10100, size: 8, type: 2), .init(name: "cpy", value: 0x10100, size: 8, type: 2, binding: 0),
      .init(name: "other", value: 0x10104),
    ])
    #expect(owner(table, 0x10102) == "memcpy+2")
    #expect(table.labels(at: 0x10100).map(\.name) == ["memcpy", "__memcpy", "cpy", "label"])
    #expect(table.labels(at: 0x10104).map(\.name) == ["other"])
    #expect(table.labels(at: 0x10102).isEmpty)
  }

  @Test func manySymbols() throws {
    // One symbol encloses thousands: look-ups must not walk.
    var symbols: [ELFBuilder.Symbol] = [.init(name: "all", value: 0x10100, size: 0x100, type: 2)]
    symbols += (0..<5000).map { .init(name: "s\($0)", value: 0x10100 + UInt64($0) % 0x80, size: 1, type: 2) }
    let table = try table(symbols)
    #expect(table.count == 5001)
    for number in stride(from: 0, to: 5000, by: 7) {
      #expect(table["s\(number)"]?.address == 0x10100 + UInt64(number) % 0x80)
    }
    #expect(owner(table, 0x10190) == "all+144")
  }

  @Test func withoutSections() throws {
    let empty = SymbolTable()
    #expect(empty.isEmpty && empty.all.isEmpty && empty.labels(at: 0).isEmpty)
    #expect(empty["x"] == nil)
    #expect(empty.symbol(containing: 0) == nil)
  }
}
