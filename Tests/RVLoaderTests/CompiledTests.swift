import Testing

@testable import RVLoader

/// Files as compilers make them.
@Suite struct CompiledTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Toolchain.write(Toolchain.program, "program.c", in: folder)
    try Toolchain.write(Toolchain.assembly, "kernel.S", in: folder)
  }

  private func compile(_ options: [String], _ sources: [String] = ["program.c", "kernel.S"]) throws -> String {
    let clang = try #require(Toolchain.clang)
    try Toolchain.run(clang, Toolchain.bareMetal + options + sources + ["-o", "program"], in: folder)
    return folder.path + "/program"
  }

  @Test(.enabled(if: Toolchain.clang != nil, "no clang with ld.lld beside swift")) func symbolsAndAttributes() throws {
    let image = try Image(path: try compile(["-O1"]))
    #expect(image.kind == .executable)
    #expect(image.interpreter == nil)
    #expect(image.attributes.arch?.hasPrefix("rv64i2p1_m2p0_a2p1") == true)
    #expect(image.attributes.arch?.contains("_v1p0_") == true)
    #expect(image.attributes.stackAlignment == 16)
    #expect(image.symbols["_start"]?.address == image.entry)
    #expect(image.symbols["add"]?.isGlobal == false)
    #expect(image.symbols["multiply"]?.kind == .function)
    #expect(image.symbols["results"]?.size == 400)
    #expect(image.symbols["results"]?.kind == .object)
    #expect(!image.symbols.all.contains { $0.name.hasPrefix("$") || $0.name.hasPrefix(".L") })
    let multiply = try #require(image.symbols["multiply"])
    #expect(image.symbols.symbol(containing: multiply.address + multiply.size - 2)?.symbol == multiply)
    let label = try #require(image.symbols["repeat"])
    #expect(image.symbols.symbol(containing: label.address + 2)?.symbol.name == "repeat")
    #expect(image.symbols.symbol(containing: label.address + 2)?.offset == 2)
    #expect(LineTable(path: folder.path + "/program") == nil)
  }

  @Test(
    .enabled(if: Toolchain.clang != nil, "no clang with ld.lld beside swift"),
    arguments: [
      ["-g"], ["-gdwarf-4"], ["-gdwarf-5"], ["-gdwarf-2"], ["-g", "-gz"], ["-gdwarf-4", "-gz"],
      ["-gdwarf-5", "-gdwarf64"], ["-g", "-ffunction-sections", "-Wl,--gc-sections,-e,_start"],
      ["-g", "-Wl,-Ttext=0x80000000"], ["-g", "-gdwarf-aranges"], ["-gline-tables-only"],
    ])
  func lines(_ options: [String]) throws {
    let path = try compile(["-O1"] + options)
    let image = try Image(path: path)
    let table = try #require(LineTable(path: path))
    let multiply = try #require(image.symbols["multiply"])
    let location = try #require(table.location(of: multiply.address))
    #expect(location.file == folder.path + "/program.c")
    #expect((6...7).contains(location.line))
    let last = try #require(table.location(of: multiply.address + multiply.size - 2))
    #expect(last.line == 7)
    #expect(last.column == 3)
    #expect(last.description == "\(folder.path)/program.c:7:3")
    if image.symbols["kernel"] != nil, !options.contains("-gline-tables-only") {
      let kernel = try #require(image.symbols["kernel"])
      #expect(table.location(of: kernel.address)?.line == 3)
      #expect(table.location(of: kernel.address)?.file.hasSuffix("kernel.S") == true)
      let label = try #require(image.symbols["repeat"])
      #expect(table.location(of: label.address)?.line == 5)
    }
    #expect(table.location(of: 0) == nil)
    #expect(table.location(of: .max) == nil)
    #expect(table.location(of: try #require(image.symbols["table"]).address) == nil)
  }

  @Test(
    .enabled(if: Toolchain.clang != nil && Toolchain.symbolizer != nil, "no clang and llvm-symbolizer beside swift"),
    arguments: [["-O0", "-g"], ["-O2", "-gdwarf-4"], ["-O2", "-gdwarf-5"]])
  func linesAgreeWithSymbolizer(_ options: [String]) throws {
    let path = try compile(options)
    let image = try Image(path: path)
    let table = try #require(LineTable(path: path))
    let text = try #require(image.segments.first { $0.flags.contains(.execute) })
    let addresses = Array(stride(from: text.address, to: text.end, by: 2))
    let arguments = ["--no-inlines", "--functions=none", "-e", path] + addresses.map { String($0) }
    let answers = try Toolchain.run(try #require(Toolchain.symbolizer), arguments, in: folder)
      .split(separator: "\n").filter { !$0.isEmpty }
    #expect(answers.count == addresses.count)
    for (address, answer) in zip(addresses, answers) {
      let location = table.location(of: address)
      // The symbolizer says line 0 where no line is known.
      let expected = location.map { "\($0.file):\($0.line):\($0.column)" }
      #expect(expected == String(answer) || (expected == nil && answer.contains(":0:")), "at \(address)")
    }
  }

  @Test(.enabled(if: Toolchain.clang != nil, "no clang with ld.lld beside swift")) func strippedAndRelocatable() throws {
    let stripped = try Image(path: try compile(["-O1", "-Wl,-s"]))
    #expect(stripped.symbols.isEmpty)
    let object = try compile(["-c"], ["program.c"])
    let error = #expect(throws: LoadError.self) { try Image(path: object) }
    #expect(error?.reason == .wrongType(1))
    let clang = try #require(Toolchain.clang)
    let narrow = ["--target=riscv32-unknown-elf", "-march=rv32gc", "-mabi=ilp32d", "-nostdlib", "-static", "-fuse-ld=lld"]
    try Toolchain.run(clang, narrow + ["program.c", "-o", "narrow"], in: folder)
    let narrowError = #expect(throws: LoadError.self) { try Image(path: folder.path + "/narrow") }
    #expect(narrowError?.reason == .wrongClass(1, machine: 243))
  }

  @Test(.enabled(if: Toolchain.gcc != nil, "no riscv64-linux-gnu-gcc"), arguments: [["-g"], ["-gdwarf-4"], ["-g", "-gz"]])
  func staticPIE(_ debug: [String]) throws {
    let gcc = try #require(Toolchain.gcc)
    // GCC 12 names an interpreter in a static PIE unless the linker is told.
    let options = ["-static-pie", "-Wl,--no-dynamic-linker", "-nostdlib", "-nostartfiles", "-O1"]
    try Toolchain.run(gcc, options + debug + ["program.c", "kernel.S", "-o", "pie"], in: folder)
    let image = try Image(path: folder.path + "/pie")
    #expect(image.kind == .staticPIE)
    #expect(image.interpreter == nil)
    #expect(image.dynamicAddress != nil)
    #expect(image.relro != nil)
    #expect(image.programHeaderAddress == 64)
    #expect(image.attributes.arch?.hasPrefix("rv64i") == true)
    #expect(image.symbols["_start"]?.address == image.entry)
    let placed = image.placed(at: 0x55_5555_0000)
    #expect(placed.symbols["_start"]?.address == placed.entry)
    #expect(placed.segment(containing: placed.entry)?.flags.contains(.execute) == true)
    let table = try #require(LineTable(path: folder.path + "/pie"))
    let multiply = try #require(placed.symbols["multiply"])
    let location = try #require(table.location(of: multiply.address - 0x55_5555_0000 + multiply.size - 2))
    #expect(location.line == 8 || location.line == 7)
    #expect(location.file == folder.path + "/program.c")
  }

  @Test(.enabled(if: Toolchain.gcc != nil, "no riscv64-linux-gnu-gcc")) func dynamicAndShared() throws {
    let gcc = try #require(Toolchain.gcc)
    try Toolchain.write("int f(int a) { return a + 1; }", "library.c", in: folder)
    try Toolchain.run(gcc, ["-shared", "-fPIC", "-nostdlib", "library.c", "-o", "library"], in: folder)
    let error = #expect(throws: LoadError.self) { try Image(path: folder.path + "/library") }
    #expect(error?.reason == .entryInFileHeader(entry: 0))
    let common = ["-nostdlib", "-nostartfiles", "program.c", "-o"]
    let interpreter = "-Wl,-I,/lib/ld.so"
    try Toolchain.run(gcc, ["-pie", "-fPIE", interpreter] + common + ["dynamic"], in: folder)
    let image = try Image(path: folder.path + "/dynamic")
    #expect(image.kind == .dynamicPIE)
    #expect(image.interpreter == "/lib/ld.so")
  }
}
