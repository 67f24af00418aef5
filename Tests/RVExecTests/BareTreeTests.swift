import DifftestKit
import Foundation
import RVDecoder
import RVExec
import Testing

/// The device tree, read back by dtc and compared with what Spike says of itself.
@Suite(.enabled(if: BareGuest.clang != nil && SourceTree.hasCompiler, "no clang beside swift, or no dtc"))
struct BareTreeTests {
  private func tree(_ isa: String = "rv64gc_zba_zicboz_sv48", _ configure: (inout BareOptions) -> Void = { _ in }) throws
    -> SourceTree
  {
    let guest = try BareGuest.run("exit 0", isa: isa, configure)
    return try SourceTree(flattened: try #require(guest.system.platform as? BareMetal).deviceTree)
  }

  @Test("dtc reads it without a warning") func warnings() throws {
    #expect(try tree().warnings == "")
    #expect(try tree("rv64i_zicsr_svbare") { $0.arguments = ["kernel", "a \"quoted\"", "b"] }.warnings == "")
  }

  @Test("a1 holds its address, and it is all there") func inMemory() throws {
    let guest = try BareGuest.run(
      "la s10, out; li t0, 508; 1: ld t1, (a1); sd t1, (s10); addi a1, a1, 8; addi s10, s10, 8; addi t0, t0, -1; bnez t0, 1b; exit 0",
      out: 4064)
    let blob = try #require(guest.system.platform as? BareMetal).deviceTree
    #expect(guest.system.hart[x: 11] == 0x1020 + 4064)
    let bytes = guest.words(508).flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    #expect(bytes.count == 4064 && Array(bytes.prefix(blob.count)) == blob && !bytes.dropFirst(blob.count).contains { $0 != 0 })
    #expect(blob.count > 500 && blob.count <= 4064)
  }

  @Test("what both have is as Spike says it", .enabled(if: Spike.find() != nil, "no Spike")) func spike() throws {
    let ours = try tree("rv64gc_zba_zicboz_sv57") { $0.memorySize = 64 << 20 }
    let theirs = try SourceTree.ofSpike(["--isa=rv64gc_zba_zicboz", "-m64"])
    for (path, other, properties) in [
      ("", "", ["#address-cells", "#size-cells"]),
      ("/cpus", "/cpus", ["#address-cells", "#size-cells", "timebase-frequency"]),
      ("/cpus/cpu@0", "/cpus/cpu@0", ["device_type", "reg", "status", "compatible", "mmu-type", "clock-frequency"]),
      (
        "/cpus/cpu@0/interrupt-controller", "/cpus/cpu@0/interrupt-controller",
        ["#interrupt-cells", "interrupt-controller", "compatible"]
      ),
      ("/memory@80000000", "/memory@80000000", ["device_type", "reg"]),
      ("/soc", "/soc", ["#address-cells", "#size-cells", "ranges"]),
      ("/soc/clint@2000000", "/soc/clint@2000000", ["reg"]),
      (
        "/soc/interrupt-controller@c000000", "/soc/plic@c000000", ["reg", "riscv,ndev", "riscv,max-priority", "#interrupt-cells"]
      ),
      (
        "/soc/serial@10000000", "/soc/ns16550@10000000",
        ["compatible", "reg", "reg-shift", "reg-io-width", "interrupts", "clock-frequency"]
      ),
      ("/htif", "/htif", ["compatible"]),
    ] {
      for property in properties {
        let value = theirs.nodes[other]?[property]
        #expect(value != nil && ours.nodes[path]?[property] == value, "\(path) \(property)")
      }
    }
    // Handles have other numbers.
    let controller = try #require(ours.nodes["/cpus/cpu@0/interrupt-controller"]?["phandle"]?.dropFirst().dropLast())
    #expect(ours.nodes["/soc/clint@2000000"]?["interrupts-extended"] == "<\(controller) 0x03 \(controller) 0x07>")
    #expect(ours.nodes["/soc/interrupt-controller@c000000"]?["interrupts-extended"] == "<\(controller) 0x0b \(controller) 0x09>")
    #expect(
      ours.nodes["/soc/serial@10000000"]?["interrupt-parent"] == ours.nodes["/soc/interrupt-controller@c000000"]?["phandle"])
    #expect(ours.nodes["/chosen"]?["stdout-path"] == "\"/soc/serial@10000000\"")
  }

  @Test(
    "the hart is what the ISA says",
    arguments: [("rv64i_zicsr_svbare", "none"), ("rv64gc_sv39", "sv39"), ("rv64gc_zicbom_sv48", "sv48")])
  func hart(_ isa: String, _ translation: String) throws {
    let cpu = try #require(try tree(isa).nodes["/cpus/cpu@0"])
    let members = try ISA(isa).extensions.members.map(\.name)
    #expect(cpu["riscv,isa"] == "\"\(try ISA(isa))\"")
    #expect(cpu["riscv,isa-base"] == "\"rv64i\"")
    #expect(cpu["riscv,isa-extensions"] == "\"\(members.joined(separator: "\\0"))\"")
    #expect(cpu["mmu-type"] == "\"riscv,\(translation)\"")
    #expect(cpu["riscv,cbom-block-size"] == (isa.contains("zicbom") ? "<0x40>" : nil))
  }

  @Test("a kernel finds its command line, and the way to turn the machine off") func surroundings() throws {
    let nodes = try tree { $0.arguments = ["kernel", "console=ttyS0", "quiet"] }.nodes
    #expect(nodes["/chosen"]?["bootargs"] == "\"console=ttyS0 quiet\"")
    #expect(try tree().nodes["/chosen"]?["bootargs"] == nil)
    #expect(nodes["/poweroff"]?["compatible"] == "\"syscon-poweroff\"" && nodes["/poweroff"]?["value"] == "<0x5555>")
    #expect(nodes["/reboot"]?["compatible"] == "\"syscon-reboot\"" && nodes["/reboot"]?["value"] == "<0x7777>")
    #expect(nodes["/poweroff"]?["regmap"] == nodes["/soc/test@100000"]?["phandle"])
  }
}

/// A device tree as dtc prints it.
struct SourceTree {
  /// Properties by their names, of nodes by their paths.
  private(set) var nodes: [String: [String: String]] = [:]
  private(set) var warnings = ""

  static let hasCompiler = FileManager.default.isExecutableFile(atPath: "/usr/bin/dtc")

  init(flattened bytes: [UInt8]) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("tree-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let result = try Self.run("/usr/bin/dtc", ["-I", "dtb", "-O", "dts", path])
    warnings = result.errors
    parse(result.output)
  }

  private init() {}

  static func ofSpike(_ options: [String]) throws -> SourceTree {
    // Spike wants a program even so.
    var tree = SourceTree()
    _ = try BareGuest.run(
      "exit 0", elsewhere: { tree.parse(try run(Spike.find() ?? "spike", options + ["--dump-dts", $0]).output) })
    return tree
  }

  private static func run(_ tool: String, _ arguments: [String]) throws -> (output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let words = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: text, as: UTF8.self), String(decoding: words, as: UTF8.self))
  }

  /// One node's beginning or end, or one property, a line.
  private mutating func parse(_ text: String) {
    var path: [Substring] = []
    for line in text.split(separator: "\n") {
      let line = line.drop { $0 == "\t" || $0 == " " }
      if line.hasSuffix(" {") {
        path.append(line.dropLast(2))
        nodes[name(path)] = [:]
      } else if line == "};" {
        path.removeLast()
      } else if line.hasSuffix(";"), !path.isEmpty {
        let parts = line.dropLast().split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        nodes[name(path)]?[parts[0]] = parts.count > 1 ? parts[1] : ""
      }
    }
  }

  private func name(_ path: [Substring]) -> String { path.dropFirst().map { "/" + $0 }.joined() }
}
