import Testing

@testable import RVSimCLI

/// Wrong command lines: 125 and one line. No ELF that can be run: 126 and one line.
struct UsageTests {
  @Test(arguments: [
    ["run"], ["frob"], ["run", "--frob", "x"], ["run", "--isa"], ["run", "--isa=", "x"], ["run", "--isa", "", "x"],
    ["run", "--isa", "rv32i", "x"], ["run", "--isa", "rv64gc_zfoo", "x"], ["run", "--env", "windows", "x"],
    ["run", "--memory", "2", "--memory", "x", "x"], ["run", "--memory", "99999999999999999999", "x"],
    ["run", "--memory", "99999999TiB", "x"], ["run", "--memory", "0", "x"], ["run", "--memory", "1TiB", "x"],
    ["run", "--max-insns", "0", "x"], ["run", "--max-insns", "-5", "x"], ["run", "--max-insns", "18446744073709551616", "x"],
    ["run", "--max-insns", "1e6", "x"], ["run", "--timeout", "soon", "x"], ["run", "--timeout", "0s", "x"],
    ["run", "--timeout", "9999999999999h", "x"], ["run", "--stdin", "/does/not/exist", "x"], ["run", "--setenv", "novalue", "x"],
    ["run", "--setenv", "=x", "x"], ["run", "--stats-format", "xml", "x"], ["run", "--trace", "konata=x", "x"],
    ["run", "--trace", "x", "x"], ["run", "--trace", "spike=", "x"], ["run", "--stats", "", "x"], ["run", "--stack", "big", "x"],
    ["run", "--clock", "sundial", "x"], ["run", "--fs", "write-only", "x"], ["run", "--misaligned", "maybe", "x"], ["run", ""],
    ["run", "--signature-granularity", "0", "x"], ["run", "--vlen", "63", "x"], ["run", "--vlen", "96", "x"],
    ["run", "--vlen", "131072", "x"], ["run", "--vlen", "+128", "x"], ["run", "--elen", "16", "x"], ["run", "--agnostic", "zeros", "x"],
    ["run", "--vl", "min", "x"], ["run", "--reduction", "random", "x"], ["run", "--reduction", "random:-1", "x"], ["disasm"], ["disasm", "--word", "x"], ["disasm", "--word", "0x123456789"],
    ["run", "--rvm", "0.4", "x"], ["run", "--rvm-tlen", "96", "x"], ["run", "--rvm-trlen", "16384", "x"], ["run", "--rvm-elen", "48", "x"],
    ["run", "--rvm-rlen", "32", "x"], ["run", "--rvm-accumulate", "fast", "x"], ["run", "--rvm-outside", "ones", "x"],
    ["run", "--rvm-tlen", "16777216", "--rvm-trlen", "32", "x"], ["disasm", "--rvm", "1", "--word", "0x13"],
    ["disasm", "--word", "0x13", "x"], ["disasm", "--engine", "magic", "x"], ["disasm", "--start", "+5", "x"],
  ])
  func wrong(arguments: [String]) {
    let result = rvsim(arguments)
    #expect(result.code == 125, "\(arguments)")
    #expect(result.output == "")
    #expect(result.error.hasPrefix("rvsim: "))
    #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
  }

  @Test func messagesNameTheSource() {
    #expect(rvsim("run", "--timeout", "5x", "p").error == "rvsim: --timeout '5x': must be a time such as 500ms, 60s, 2m or 1h\n")
    #expect(rvsim("run", "p", environment: ["RVSIM_TIMEOUT": "5x"]).error.hasPrefix("rvsim: RVSIM_TIMEOUT '5x': must be a time"))
    #expect(
      rvsim("run", "p", environment: ["RVSIM_CLEAR_ENV": "perhaps"]).error == "rvsim: RVSIM_CLEAR_ENV 'perhaps': must be 1 or 0\n"
    )
    #expect(rvsim("run", "--trace", "konata=x", "p").error.contains("unknown kind of trace 'konata', there is: spike"))
    #expect(
      rvsim("run", "--max-insns", "18446744073709551616", "p").error
        == "rvsim: --max-insns '18446744073709551616': is too large\n")
    #expect(rvsim("run", "--frob", "p").error.contains("--frob"))
    #expect(
      rvsim("run", "--isa", "rv64gcv_zvl256b", "--vlen", "128", "p").error
        == "rvsim: --vlen '128': the ISA promises registers of at least 256 bits (zvl256b)\n")
    // Of several lengths of matrices the one that is wrong.
    #expect(
      rvsim("run", "--rvm-tlen", "8192", "--rvm-rlen", "100", "p").error
        == "rvsim: --rvm-rlen '100': RLEN must be a power of two from 64 to 4096\n")
    #expect(rvsim("run", "--rvm-tlen", "8192", "--rvm-elen", "48", "p").error == "rvsim: --rvm-elen '48': ELEN must be 8, 16, 32 or 64\n")
    #expect(
      rvsim("run", "--rvm-trlen", "16384", "p").error
        == "rvsim: --rvm-trlen '16384': TLEN must be a power of two, TRLEN (16384) at least\n")
    #expect(rvsim("run", "--rvm", "0.4", "p").error == "rvsim: --rvm '0.4': must be 0.6, 0.3\n")
    #expect(rvsim("run", "--isa", "rv64gc", "p", environment: ["RVSIM_VLEN": "128"]).error == "rvsim: RVSIM_VLEN '128': the ISA has no vectors\n")
    #expect(
      rvsim("run", "--isa", "rv64gcv", "--elen", "32", "p").error == "rvsim: --elen '32': the ISA has elements of 64 bits (zve64x)\n")
  }

  @Test(arguments: [
    ("/does/not/exist", "no such file"), ("/", "is a directory"), ("/dev/null", "is not a regular file"),
    (#filePath, "is not an ELF file"), ("/proc/self/exe", "not RISC-V"),
  ])
  func notRunnable(path: String, words: String) {
    let result = rvsim("run", path)
    #expect(result.code == 126)
    #expect(result.error.contains(words), "\(result.error)")
    #expect(result.error.split(separator: "\n").count == 1)
    #expect(rvsim("disasm", path).code == 126)
  }

  @Test(.enabled(if: Tools.clang != nil, "clang and ld.lld beside swift"))
  func filesThatCannotBeWritten() throws {
    let elf = try Guest.bare(".globl _start\n_start: li a0, 0\n j exit")
    for option in [["--stats", "/nowhere/s"], ["--trace", "spike=/nowhere/t"], ["--signature", "/nowhere/g"]] {
      let result = rvsim(["run"] + option + [elf])
      #expect(result.code == 125)
      #expect(result.error.hasPrefix("rvsim: cannot write the ") && result.error.contains("No such file"), "\(result.error)")
    }
    let full = rvsim("run", "--stats", "/dev/full", elf)
    #expect(full.code == 125)
    #expect(full.error == "rvsim: cannot write the statistics: /dev/full: No space left on device\n")
    #expect(rvsim("disasm", "--symbol", "nobody", elf).error == "rvsim: \(elf) has no symbol 'nobody'\n")
  }

  @Test func optionTableIsComplete() {
    let help = RunCommand.helpMessage(columns: 200)
    for option in RunOption.allCases {
      #expect(help.contains("--\(option.rawValue)\(option.takesValue ? " <" : " ")"), "\(option)")
    }
    let named = help.split(separator: "\n").filter { $0.hasPrefix("  --") }.count
    #expect(named == RunOption.allCases.count)
  }

  @Test func splitting() {
    let split = CommandLineSplit(["run", "--isa", "max", "--clear-env", "--stats=-", "prog", "--", "-x", "--"])
    #expect(split.own == ["run", "--isa", "max", "--clear-env", "--stats=-", "--", "prog"])
    #expect(split.guest == ["-x", "--"])
    #expect(CommandLineSplit(["run", "--", "-prog"]).own == ["run", "--", "-prog"])
    #expect(CommandLineSplit(["run", "--help"]).own == ["run", "--help"])
    #expect(CommandLineSplit(["disasm", "x", "--line"]).own == ["disasm", "x", "--line"])
  }
}
