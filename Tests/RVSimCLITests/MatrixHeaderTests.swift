import Foundation
import RVDecoder
import Testing

@testable import RVSimCLI

/// `Examples/include/rvm.h`: each of its instructions, as the disassembler reads what a compiler makes of it.
@Suite(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct MatrixHeaderTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// An instruction of the header with arguments, and what it is to be read as: mnemonic and matrix registers.
  private struct Use {
    var call: String
    var mnemonic: String
    var registers: [String]
  }

  private static func uses(_ prefix: String, registers: [String]) throws -> [Use] {
    let header = try String(contentsOf: root.appending(path: "Examples/include/rvm.h"), encoding: .utf8)
    let define = try Regex("#define (\(prefix)[a-z]\\w*)\\((.*?)\\) (RVM\\w*)\\((.*)").anchorsMatchLineEndings()
    return header.matches(of: define).compactMap { match in
      let (name, format) = (String(match[1].substring ?? ""), match[3].substring ?? "")
      let parameters = (match[2].substring ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let isTile = format == "RVM_ACCESS_" && prefix == "rvm_" && !name.contains("mlc") && !name.contains("msc")
      let size = (match[4].substring ?? "").split(separator: " ").dropFirst().first?.first ?? "1"
      let numbers = ["md": isTile ? 3 : 4, "ms3": isTile ? 3 : 4, "ms2": 2, "ms1": 1]
      let arguments = parameters.map { parameter in
        numbers[parameter].map(String.init) ?? ["uimm": "3", "base": "p\(format == "RVM_ACCESS_" ? size : "1")"][parameter] ?? "x"
      }
      return Use(
        call: "\(name)(\(arguments.joined(separator: ", ")))",
        mnemonic: name.dropFirst(prefix.count).replacingOccurrences(of: "_", with: "."),
        registers: parameters.compactMap { numbers[$0].map { registers[$0] } })
    }
  }

  @Test(
    "Each instruction is what its name says, for clang and gcc, C and C++",
    arguments: [("0.6", "rvm_", "MatrixV06", 227), ("0.3", "rvm03_", "MatrixV03", 145)])
  func words(version: String, prefix: String, family: String, count: Int) throws {
    let rows = InstructionTable.shared.rows.filter { $0.family == family }
    let names = try #require(rows.first).matrixRegisters
    let uses = try Self.uses(prefix, registers: names).filter { use in rows.contains { $0.mnemonic == use.mnemonic } }
    #expect(uses.count == count && Set(uses.map(\.mnemonic)) == Set(rows.map(\.mnemonic)))
    let source = """
      #include "rvm.h"
      #ifdef __cplusplus
      extern "C"
      #endif
      void _start(signed char *p1, short *p2, int *p4, long *p8, unsigned long x);
      void _start(signed char *p1, short *p2, int *p4, long *p8, unsigned long x) {
      \(uses.map { "    (void)0; \($0.call);" }.joined(separator: "\n"))
        (void)p1, (void)p2, (void)p4, (void)p8, (void)x;
      }
      """
    let includes = ["-I", Self.root.appending(path: "Examples/include").path, "-Wall", "-Wextra", "-Werror", "-Wno-unused-value"]
    for (name, level) in [("all.c", "-O1"), ("all.c", "-O0"), ("all.cpp", "-O2")] {
      let elf = try Guest.bare(source, name, flags: includes + [level])
      let listing = rvsim("disasm", "--rvm", version, elf)
      #expect(listing.code == 0, "\(listing.error)")
      let mnemonics = Set(uses.map(\.mnemonic))
      let lines = listing.output.split(separator: "\n").compactMap { line -> (String, [String])? in
        let words = line.split { " \t,()[]".contains($0) }.map(String.init)
        guard let at = words.firstIndex(where: mnemonics.contains) else { return nil }
        return (words[at], words[(at + 1)...].filter(names.contains))
      }
      #expect(lines.map(\.0) == uses.map(\.mnemonic), "\(name) \(level)")
      for (line, use) in zip(lines, uses) { #expect(line.1 == use.registers, "\(use.call)") }
    }
    if let gcc = Tools.find("riscv64-linux-gnu-gcc") {
      let file = try Scratch.write(source, "\(UUID().uuidString).c")
      for level in ["-O0", "-O2"] {
        let result = try Tools.run(gcc, includes + [level, "-std=c11", "-c", file, "-o", "/dev/null"])
        #expect(result.code == 0, "\(result.error.prefix(500))")
      }
    }
  }
}
