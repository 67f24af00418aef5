import Foundation
import RVDecoder
import Testing

@testable import RVSimCLI

/// `Examples/include/rvm.h`: each of its instructions, as the disassembler reads what a compiler makes of it.
@Suite(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
struct MatrixHeaderTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// An instruction of the header with arguments, and what it is to be read as. Operands stand in the order of assembly in both.
  private struct Use {
    var call: String
    var mnemonic: String
    /// Matrix registers, immediates and registers of the program; without rd, which the compiler chooses.
    var operands: [String]
    var hasResult: Bool
  }

  /// The variables that are arguments, as `_start` gets them.
  private static let variables = [
    "p1": "a1", "p2": "a2", "p4": "a3", "p8": "a4", "x": "a5", "stride": "a6", "index": "a7", "row": "a6",
  ]

  private static func uses(_ prefix: String, registers: [String]) throws -> [Use] {
    let header = try String(contentsOf: root.appending(path: "Examples/include/rvm.h"), encoding: .utf8)
    let define = try Regex("#define (\(prefix)[a-z]\\w*)\\((.*?)\\) (RVM\\w*)\\((.*)").anchorsMatchLineEndings()
    return header.matches(of: define).map { match in
      let (name, format) = (String(match[1].substring ?? ""), match[3].substring ?? "")
      let parameters = (match[2].substring ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let fields = (match[4].substring ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let isAccess = ["RVM_ACCESS_", "RVM_TILE_", "RVM_ACC_"].contains(format)
      let numbers =
        switch format {
        case "RVM_TILE_": ["md": 3, "ms3": 3]
        case "RVM_ACC2_", "RVM_ACC3_", "RVM_ACC3I_", "RVM_PACK_", "RVM_CLASS_": ["md": 7, "ms2": 6, "ms1": 5]
        case "RVM_ZERO_", "RVM_WHOLE_": ["md": 8 - (Int(fields[1]) ?? 1), "ms3": 8 - (Int(fields[1]) ?? 1)]
        default: ["md": 6, "ms3": 5, "ms2": 2, "ms1": 1]
        }
      let uimm = ["RVM_SIZE_": "600", "RVM_OUT_SIZE_": "101"][format] ?? "6"
      let arguments = parameters.map {
        numbers[$0].map(String.init) ?? ["uimm": uimm, "base": "p\(isAccess ? fields[1] : "1")"][$0] ?? $0
      }
      return Use(
        call: "\(name)(\(arguments.joined(separator: ", ")))",
        mnemonic: name.dropFirst(prefix.count).replacingOccurrences(of: "_", with: "."),
        operands: zip(parameters, arguments).map { parameter, argument in
          // A register of three bits is always a0: the header moves the value there.
          if format == "RVM03_3X_", !numbers.keys.contains(parameter) { return "a0" }
          return numbers[parameter].map { registers[$0] } ?? variables[argument] ?? argument
        },
        hasResult: format.hasPrefix("RVM_OUT"))
    }
  }

  /// The operands behind a mnemonic of a listing, numbers in decimal.
  private static func operands(_ words: ArraySlice<String>) -> [String] {
    words.map { word in word.hasPrefix("0x") ? Int(word.dropFirst(2), radix: 16).map(String.init) ?? word : word }
  }

  private static func program(_ body: [String]) -> String {
    let parameters =
      "long a0, signed char *p1, short *p2, int *p4, long *p8, unsigned long x, unsigned long stride, unsigned long index"
    return """
      #include "rvm.h"
      #ifdef __cplusplus
      extern "C"
      #endif
      void _start(\(parameters));
      void _start(\(parameters)) {
      #define row stride
      \(body.map { "    \($0);" }.joined(separator: "\n"))
        __asm__ volatile("" : : "r"(p1), "r"(p2), "r"(p4), "r"(p8), "r"(x), "r"(stride), "r"(index));
        (void)a0;
      }
      """
  }

  private static let includes = [
    "-I", root.appending(path: "Examples/include").path, "-Wall", "-Wextra", "-Wpedantic", "-Werror",
  ]

  @Test(
    "Each instruction is what its name says, with its operands, for clang and gcc, C and C++",
    arguments: [("0.6", "rvm_", "MatrixV06", 227), ("0.3", "rvm03_", "MatrixV03", 145)])
  func words(version: String, prefix: String, family: String, count: Int) throws {
    let rows = InstructionTable.shared.rows.filter { $0.family == family }
    let names = try #require(rows.first).matrixRegisters
    let uses = try Self.uses(prefix, registers: names)
    #expect(uses.count == count && Set(uses.map(\.mnemonic)) == Set(rows.map(\.mnemonic)))
    let source = Self.program(uses.map(\.call))
    let mnemonics = Set(uses.map(\.mnemonic))
    let programRegisters = Set(Self.variables.values).union(["a0"])
    for (compiler, name, flags) in Self.compilers {
      guard let program = try Self.compile(source, compiler, name, flags) else { continue }
      let listing = rvsim("disasm", "--rvm", version, program)
      #expect(listing.code == 0, "\(listing.error)")
      let lines = listing.output.split(separator: "\n").compactMap { line -> ArraySlice<String>? in
        let words = line.split { " \t,()[]".contains($0) }.map(String.init)
        return words.firstIndex(where: mnemonics.contains).map { words[$0...] }
      }
      #expect(lines.map(\.first) == uses.map(\.mnemonic), "\(compiler) \(flags)")
      for (line, use) in zip(lines, uses) {
        // Without optimisation the compiler loads its variables into registers of its choice.
        let isPinned = !flags.contains("-O0")
        let read = Self.operands(line.dropFirst(use.hasResult ? 2 : 1))
        #expect(read.count == use.operands.count, "\(use.call): \(line)")
        for (own, expected) in zip(read, use.operands) where isPinned || !programRegisters.contains(expected) {
          // gcc knows that x is in a0 too where the header moved it there.
          #expect(own == expected || (own, expected) == ("a0", Self.variables["x"]), "\(compiler) \(flags): \(use.call): \(line)")
        }
      }
    }
  }

  private static let compilers = [
    ("clang", "all.c", ["-O1", "-std=c11"]), ("clang", "all.c", ["-O0"]), ("clang", "all.cpp", ["-O2", "-std=c++17"]),
    ("gcc", "all.c", ["-O2", "-std=c11"]), ("gcc", "all.c", ["-O0"]), ("g++", "all.cpp", ["-O2", "-std=c++17"]),
    ("g++", "all.cpp", ["-O0"]),
  ]

  /// A program without warnings; nil where there is no such compiler.
  private static func compile(_ source: String, _ compiler: String, _ name: String, _ flags: [String]) throws -> String? {
    if compiler == "clang" { return try Guest.bare(source, name, flags: includes + flags) }
    guard let tool = Tools.find("riscv64-linux-gnu-\(compiler)") else { return nil }
    let (file, program) = (try Scratch.write(source, "\(UUID().uuidString)-\(name)"), Scratch.path(UUID().uuidString))
    let result = try Tools.run(tool, includes + flags + ["-nostdlib", "-static", "-no-pie", file, "-o", program])
    guard result.code == 0 else { throw Tools.Failed(description: result.error) }
    return program
  }

  @Test(
    "Accesses of tiles and of the C program stay in their order",
    arguments: [
      ("0.6", "rvm_mlae8(0, p1, stride)"), ("0.6", "rvm_msce8(4, p1, stride)"), ("0.6", "rvm_mlme8(0, p1)"),
      ("0.6", "rvm_msme8(0, p1)"),
      ("0.3", "rvm03_mldb(0, stride, p1)"), ("0.3", "rvm03_mst1mb(0, p1)"),
    ])
  func order(version: String, call: String) throws {
    let source = Self.program(["*p1 = 3", call, "*p1 = 4", call, "*p8 = *p1"])
    let mnemonic = String(call.drop { $0 != "_" }.dropFirst().prefix { $0 != "(" })
    // clang keeps the order of memory and any volatile assembly, gcc only if it is told so.
    for compiler in ["clang", "gcc"] {
      guard let program = try Self.compile(source, compiler, "order.c", ["-O2"]) else { continue }
      let words = rvsim("disasm", "--rvm", version, program).output.split { " \t\n".contains($0) }.map(String.init)
      let accesses = words.filter { ["sb", "lb", "lbu", "sd", mnemonic].contains($0) }.map { $0 == "lbu" ? "lb" : $0 }
      #expect(accesses == ["sb", mnemonic, "sb", mnemonic, "lb", "sd"])
    }
  }

  @Test(
    "What no instruction can say does not compile",
    arguments: [
      ("rvm_mlae8(rvm_acc0, p1, stride)", "a tile"), ("rvm_msce32(rvm_tr1, p4, stride)", "an accumulator"),
      ("rvm_mlae16(rvm_tr0, p1, stride)", "another size"), ("rvm_mmacc_w_b(rvm_tr0, rvm_tr1, rvm_tr2)", "a tile * a tile"),
      ("rvm_mfmacc_s(rvm_acc0, rvm_tr1, rvm_acc1)", "a tile * a tile"),
      ("rvm_madd_w_mm(rvm_acc0, rvm_tr1, rvm_acc1)", "accumulators"),
      ("rvm_madd_w_mv_i(rvm_acc0, rvm_acc1, rvm_acc2, 7)", "a row up to 6"),
      ("rvm_mfcvtl_s_h(rvm_acc0, rvm_tr1)", "accumulators"),
      ("rvm_mrslideup(rvm_acc0, rvm_tr0, 1)", "both tiles or"), ("rvm_mrslideup(rvm_acc0, rvm_acc1, 8)", "3 bits"),
      ("rvm_mpack(rvm_tr0, rvm_tr1, rvm_acc1)", "all tiles or"), ("rvm_mzero4r(2)", "first of so many"),
      ("rvm_mzero(8)", "no such"),
      ("rvm_msettilemi(1024)", "10 bits"), ("rvm_mmovw_x_m(8, index)", "no such"), ("rvm_mdupb_m_x(8, x)", "no such"),
      ("rvm03_mmaqa_b(4, 4, 0)", "none of the sources"), ("rvm03_mmaqa_h(5, 2, 0)", "even"), ("rvm03_fmmacc_h(4, 3, 0)", "even"),
      ("rvm03_mld2mb(1, p1)", "first of so many"), ("rvm03_mcfgmi(128)", "7 bits"), ("rvm03_mldb(8, stride, p1)", "no such"),
      ("rvm03_madd_s_mv_i(0, 1, 2, 8)", "3 bits"), ("rvm03_madd_s_mx(0, 8, x)", "no such"), ("rvm03_mmov_mm(0, 8)", "no such"),
    ])
  func misuse(call: String, reason: String) throws {
    let file = try Scratch.write(Self.program([call]), "\(UUID().uuidString).c")
    let clang = try #require(Tools.clang)
    let result = try Tools.run(clang, ["--target=riscv64-unknown-elf", "-fsyntax-only"] + Self.includes + [file])
    let errors = result.error.split(separator: "\n").filter { $0.contains("static assertion failed") }
    #expect(result.code != 0 && errors.contains { $0.contains(reason) }, "\(result.error)")
  }
}
