import Testing

@testable import RVLoader

@Suite struct ImageTests {
  @Test func executable() throws {
    let image = try Image(bytes: ELFBuilder.complete().build(), name: "good")
    #expect(image.kind == .executable)
    #expect(image.entry == 0x10100)
    #expect(image.flags == 5)
    #expect(image.osABI == 0)
    #expect(image.path == "good")
    #expect(image.interpreter == nil)
    #expect(image.segments.count == 2)
    #expect(image.segments[0].flags == [.read, .execute])
    #expect(image.segments[0].bytes.prefix(4) == [0x7f, 0x45, 0x4c, 0x46])
    #expect(image.segments[1].flags.description == "rw-")
    #expect(image.segments[1].address == 0x11200)
    #expect(image.segments[1].fileOffset == 0x200)
    #expect(image.segments[1].bytes == (1...16).map(UInt8.init))
    #expect(image.segments[1].memorySize == 0x50)
    #expect(image.segments[1].alignment == 0x1000)
    #expect(image.addresses == 0x10000..<0x11250)
    #expect(image.segment(containing: 0x1124f)?.address == 0x11200)
    #expect(image.segment(containing: 0x11250) == nil)
    #expect(image.programHeaderAddress == 0x10040)
    #expect(image.programHeaderCount == 2)
    #expect(image.programHeaderEntrySize == 56)
    #expect(image.attributes.arch == "rv64i2p1_c2p0")
    #expect(image.attributes.stackAlignment == 16)
    #expect(image.attributes.unalignedAccess == true)
    #expect(image.symbols["_start"]?.size == 0x20)
    #expect(image.symbols.count == 3)
    #expect("\(image)" == "good: executable, entry 0x10100, 0x10000..<0x10200 r-x, 0x11200..<0x11250 rw-")
  }

  @Test func auxiliaryHeaders() throws {
    var builder = ELFBuilder()
    builder.programs += [
      ELFBuilder.Program(type: 7, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 24, alignment: 8),
      ELFBuilder.Program(type: 0x6474_e551, flags: 6, offset: 0, address: 0, fileSize: 0, memorySize: 0x20000, alignment: 16),
      ELFBuilder.Program(type: 0x6474_e552, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 8),
      ELFBuilder.Program(type: 2, flags: 6, offset: 0x200, address: 0x11208, fileSize: 8, memorySize: 8),
    ]
    let image = try Image(bytes: builder.build(), name: "aux")
    #expect(image.tls == Image.ThreadLocalStorage(address: 0x11200, fileSize: 8, memorySize: 24, alignment: 8))
    #expect(image.gnuStackFlags == [.read, .write])
    #expect(image.gnuStackSize == 0x20000)
    #expect(image.relro == 0x11200..<0x11208)
    #expect(image.dynamicAddress == 0x11208)
  }

  @Test func kinds() throws {
    var builder = ELFBuilder()
    builder.type = 3
    #expect(try Image(bytes: builder.build(), name: "pie").kind == .staticPIE)
    builder.programs.append(.init(type: 3, flags: 4, offset: 0x200, address: 0x11200, fileSize: 7, memorySize: 7))
    builder.data = Array("/ld.so\0tail".utf8) + [0, 0, 0, 0, 0]
    let dynamic = try Image(bytes: builder.build(), name: "dynamic")
    #expect(dynamic.kind == .dynamicPIE)
    #expect(dynamic.interpreter == "/ld.so")
    builder.type = 2
    let executable = try Image(bytes: builder.build(), name: "exec")
    #expect(executable.kind == .executable)
    #expect(executable.interpreter == "/ld.so")
  }

  @Test func placement() throws {
    var builder = ELFBuilder.complete()
    builder.type = 3
    builder.programs.append(.init(type: 7, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 8, alignment: 8))
    builder.programs.append(.init(type: 0x6474_e552, flags: 4, offset: 0x200, address: 0x11200, fileSize: 8, memorySize: 8))
    builder.symbols.append(.init(name: "absolute", value: 42, section: 0xfff1))
    let image = try Image(bytes: builder.build(), name: "pie")
    let moved = image.placed(at: 0x40_0000_0000)
    #expect(moved.entry == 0x40_0001_0100)
    #expect(moved.segments.map(\.address) == [0x40_0001_0000, 0x40_0001_1200])
    #expect(moved.segments.map(\.bytes) == image.segments.map(\.bytes))
    #expect(moved.programHeaderAddress == 0x40_0001_0040)
    #expect(moved.tls?.address == 0x40_0001_1200)
    #expect(moved.relro == 0x40_0001_1200..<0x40_0001_1208)
    #expect(moved.symbols["_start"]?.address == 0x40_0001_0100)
    #expect(moved.symbols["absolute"]?.address == 42)
    #expect(moved.symbols.symbol(containing: 0x40_0001_0118)?.symbol.name == "_start")
    #expect(moved.symbols.symbol(containing: 0x10118) == nil)
    let back = moved.placed(at: 0 &- 0x40_0000_0000)
    #expect(back.segments == image.segments)
    #expect(back.symbols.all == image.symbols.all)
  }

  @Test func toleratedOddities() throws {
    // Out of order, an empty PT_LOAD, no alignment, address and offset incongruent, bss only with an offset outside of the file.
    var builder = ELFBuilder()
    builder.programs = [
      .init(flags: 6, offset: 0x1234_5678, address: 0x20004, fileSize: 0, memorySize: 0x1000, alignment: 0x1000),
      .init(flags: 4, offset: 0, address: 0x10000, fileSize: 0, memorySize: 0, alignment: 3),
      .init(flags: 5, offset: 0x200, address: 0x10100, fileSize: 0x10, memorySize: 0x10, alignment: 0),
    ]
    let image = try Image(bytes: builder.build(), name: "odd")
    #expect(image.segments.map(\.address) == [0x10100, 0x20004])
    #expect(image.segments[0].alignment == 1)
    #expect(image.segments[1].bytes.isEmpty)
    #expect(image.programHeaderAddress == nil)
  }

  @Test(
    arguments: [
      ("table outside of the file", 0xffff_ffff_ffff_0000, 64, nil), ("table at 0", 0, 64, nil),
      ("entry size", nil, 40, nil), ("count beyond the end", nil, 64, 0xff00), ("count in section 0", nil, 64, 0),
    ] as [(String, UInt64?, UInt16, UInt16?)])
  func unusableSectionHeadersCountAsStripped(_ name: String, offset: UInt64?, size: UInt16, count: UInt16?) throws {
    var builder = ELFBuilder.complete()
    builder.sectionHeaders = offset
    builder.sectionHeaderSize = size
    builder.sectionCount = count
    let image = try Image(bytes: builder.build(), name: name)
    #expect(image.symbols.isEmpty)
    #expect(image.symbols["_start"] == nil)
    #expect(image.symbols.symbol(containing: image.entry) == nil)
    #expect(image.attributes == Attributes())
  }

  @Test func attributesWithoutSectionHeaders() throws {
    var builder = ELFBuilder()
    builder.data = ELFBuilder.attributes(arch: "rv64gcv")
    let size = UInt64(builder.data.count)
    builder.programs[1].fileSize = size
    builder.programs.append(.init(type: 0x7000_0003, flags: 4, offset: 0x200, address: 0, fileSize: size, memorySize: 0))
    #expect(try Image(bytes: builder.build(), name: "stripped").attributes.arch == "rv64gcv")
  }
}
