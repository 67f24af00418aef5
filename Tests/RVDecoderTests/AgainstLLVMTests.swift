import Foundation
import Testing

@testable import RVDecoder

/// Disassembly is llvm-objdump's, but for the differences in one short table.
@Suite(.enabled(if: Toolchain.isThere, "no llvm-objdump, llvm-objcopy and clang beside swift"), .serialized)
struct AgainstLLVM {
  /// Beginnings of what is printed here and by llvm for the same word, and why that is right.
  static let differences: [(here: String, llvm: String, reason: String)] = [
    ("fence", "<unknown>", "bits of a fence that are reserved are ignored, as the manual wants it"),
    ("pause", "<unknown>", "the same: a fence w, 0 with reserved bits"),
    ("<unknown>", "aes64ks1i", "round numbers above 10 are reserved"),
    ("<unknown>", "dret", "the debugger's"),
    ("<unknown>", "hinval.", "the hypervisor's"),
    ("<unknown>", "hfence.", "the hypervisor's"),
  ]

  /// What llvm 21 does not know.
  static let strangers: ExtensionSet = [.xtheadmatrix0p6, .xsmtvdot]

  /// Words of 2 or 4 bytes, one after the other, with and without aliases.
  func compare(_ words: [UInt32], bytesEach: Int) throws {
    var bytes: [UInt8] = []
    for word in words { for index in 0..<bytesEach { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(8 * index))) } }
    for aliases in [true, false] {
      let theirs = try Toolchain.disassemble(bytes, aliases: aliases)
      let disassembler = Disassembler(aliases: aliases, isa: .known.removing(Self.strangers), separator: .blank)
      var failures: [String] = []
      for (index, word) in words.enumerated() {
        let pc = UInt64(index * bytesEach)
        let (here, llvm) = (disassembler.text(word, pc: pc), theirs[pc] ?? "nothing")
        if here == llvm { continue }
        if Self.differences.contains(where: { here.hasPrefix($0.here) && llvm.hasPrefix($0.llvm) }) { continue }
        failures.append("\(String(word, radix: 16)): '\(here)', llvm '\(llvm)'")
      }
      #expect(failures.isEmpty, "\(failures.count) differences, aliases \(aliases): \(failures.prefix(20))")
    }
  }

  @Test func twoHundredWordsOfEachRow() throws {
    var random = Random(5)
    var words: [UInt32] = []
    let isa = ISA.known.removing(Self.strangers)
    for row in InstructionTable.shared.rows where !row.isCompressed && row.isEnabled(by: isa.extensions) {
      var left = 200
      for _ in 0..<1000 where left > 0 {
        var bits = random.next32()
        // Few bits set: many registers are x0 then, and immediates 0.
        if left % 4 == 0 { bits &= random.next32() & random.next32() & random.next32() }
        guard let word = Encoder.word(of: row, bits: bits, decoder: everything) else { continue }
        words.append(word)
        left -= 1
      }
    }
    try compare(words, bytesEach: 4)
  }

  @Test func allControlRegisters() throws {
    try compare((0..<4096).map { UInt32($0) << 20 | 0x2573 }, bytesEach: 4)
  }

  @Test func anyWords() throws {
    var random = Random(6)
    let opcodes: [UInt32] = [0x73, 0x0f, 0x53, 0x2f, 0x33, 0x13, 0x3b, 0x1b]
    let words = (0..<60_000).map { index -> UInt32 in
      let word = random.next32() | 3
      return index % 3 == 0 ? word & 0xffff_ffe3 : word & ~0x7f | opcodes[index % 8]
    }
    try compare(words.filter { $0 & 0x1f != 0x1f }, bytesEach: 4)
  }

  @Test func allHalfwords() throws { try compare((0..<0x10000).filter { $0 & 3 != 3 }, bytesEach: 2) }

  /// Code of a compiler, with the lengths mixed as they come.
  @Test func compiledCode() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rvsim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = { (name: String) in folder.appendingPathComponent(name).path }
    try Data(Self.program.utf8).write(to: URL(fileURLWithPath: file("a.c")))
    try Toolchain.run(
      "clang",
      [
        "--target=riscv64", "-march=rv64gc_zba_zbb_zbs_zicond_zfh_zfa", "-mabi=lp64d", "-O2", "-ffreestanding", "-c", file("a.c"),
        "-o", file("a.o"),
      ])
    try Toolchain.run("llvm-objcopy", ["-O", "binary", "--only-section=.text", file("a.o"), file("text")])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file("text"))))
    #expect(bytes.count > 400)
    for aliases in [true, false] {
      let theirs = try Toolchain.disassemble(bytes, aliases: aliases)
      let disassembler = Disassembler(aliases: aliases, separator: .blank)
      var pc = 0
      while pc + 1 < bytes.count {
        var word: UInt32 = 0
        for index in 0..<4 where pc + index < bytes.count { word |= UInt32(bytes[pc + index]) << UInt32(8 * index) }
        #expect(disassembler.text(word, pc: UInt64(pc)) == theirs[UInt64(pc)])
        pc += Int(Decoder.length(UInt16(truncatingIfNeeded: word)))
      }
    }
  }

  static let program = """
    typedef unsigned long u64; typedef unsigned u32;
    u64 gcd(u64 a, u64 b) { while (b) { u64 t = a % b; a = b; b = t; } return a; }
    double dot(const double *x, const double *y, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i] * y[i]; return s; }
    float scale(float *x, int n, float f) { float m = 0; for (int i = 0; i < n; i++) { x[i] *= f; if (x[i] > m) m = x[i]; } return m; }
    _Float16 half(_Float16 a, _Float16 b) { return a * b + (_Float16)0.5; }
    int counts(u64 x) { return __builtin_popcountl(x) + __builtin_ctzl(x) * __builtin_clzl(x); }
    u32 rotate(u32 x, int n) { return x << (n & 31) | x >> (-n & 31); }
    int select(int c, int a, int b) { return c ? a : b; }
    long add(long *p) { return __atomic_fetch_add(p, 1, __ATOMIC_SEQ_CST); }
    int swap(int *p, int a, int b) { return __atomic_compare_exchange_n(p, &a, b, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED); }
    void sort(int *a, int n) {
      for (int i = 1; i < n; i++) for (int j = i; j && a[j - 1] > a[j]; j--) { int t = a[j]; a[j] = a[j - 1]; a[j - 1] = t; }
    }
    int chars(const char *s) { int n = 0; while (*s) switch (*s++) { case 'a': n++; break; case 'b': n += 7; break; case 'x': return n; } return n; }
    double convert(long a, u32 b, float c) { return (double)a + (double)b + (double)(int)c; }
    extern int callee(int, const void *); int caller(int x) { char b[4000]; return callee(x, b) + callee(-x, b + 17) + 0x12345678; }
    """
}
