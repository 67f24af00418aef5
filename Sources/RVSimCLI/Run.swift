import ArgumentParser
import RVExec
import RVTraces

/// `rvsim run`.
struct RunCommand: RVSimCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a program.",
    usage: "rvsim run [<options>] <elf> [<guest arguments> ...]",
    discussion: """
      Everything behind the ELF file belongs to the guest; one '--' directly behind it is dropped.

      Guest form: a program with an interpreter (PT_INTERP) or for the GNU/Linux ABI (EI_OSABI) is a Linux program; else one with a \
      symbol 'tohost', or that begins at 0x80000000 or above, is for bare metal; else it is a Linux program. --env decides otherwise.

      A run prints nothing of its own unless asked or on a crash; its words go to standard error and begin with 'rvsim: '. The guest's \
      streams are left alone. Clocks, process numbers and random bytes of a guest are the same on every run; of the host it sees the \
      files, the streams and, for Linux programs, the environment.

      A bare machine has Spike's map (DRAM at 0x80000000, boot ROM 0x1000, CLINT 0x2000000, PLIC 0xc000000, 16550 UART 0x10000000) and \
      QEMU's test finisher at 0x100000; a1 holds the device tree, with the guest arguments as the kernel's. Standard input is that of \
      the UART and of HTIF: from a file it comes at the same instruction on every run, from a pipe or terminal when it comes.

      Every option may come from an environment variable: RVSIM_ and its name in capitals, with _ for -, such as RVSIM_MAX_INSNS. \
      The command line wins, an empty variable counts as none.
      """)

  @Option(
    help: ArgumentHelp(
      "What the machine has: all that rvsim knows (max, the default), what the ELF's attributes name (elf), or a GNU -march string.",
      valueName: "max|elf|string"), completion: .list(["max", "elf", "rv64gc", "rva22u64"]))
  var isa: String?

  @Option(
    help: ArgumentHelp(
      "Bits of a vector register, a power of two from 64 to 65536 (default: what the ISA promises, 128 for max).", valueName: "n")
  )
  var vlen: String?

  @Option(
    help: ArgumentHelp("Bits of the widest vector elements (default: what the ISA has, 64 for max).", valueName: "32|64"),
    completion: .list(["32", "64"]))
  var elen: String?

  @Option(
    help: ArgumentHelp(
      "Vector elements that are agnostic, in tails and masked off: they keep their values (undisturbed, the default) or become ones.",
      valueName: "undisturbed|ones"), completion: .list(VectorChoices.Agnostic.allCases.map(\.rawValue)))
  var agnostic: String?

  @Option(
    help: ArgumentHelp(
      "vl after vsetvl where VLMAX < AVL < 2 VLMAX: VLMAX (max, the default) or half of AVL, rounded up.", valueName: "max|half"),
    completion: .list(VectorChoices.Length.allCases.map(\.rawValue)))
  var vl: String?

  @Option(
    help: ArgumentHelp(
      """
      Order of vfredusum and vfwredusum: the scalar, then element by element (sequential, the default); scalar and elements as a row in \
      which neighbours are added until one is left (tree); or any two of the row again and again, the same ones for the same seed.
      """, valueName: "sequential|tree|random:seed"), completion: .list(["sequential", "tree", "random:1"]))
  var reduction: String?

  @Option(
    help: ArgumentHelp(
      """
      Version of XuanTie's matrix extension, which a binary does not say: 0.6 (the default where the ISA has matrices, as max has) or 0.3, \
      that of the vendor's libraries. Turns matrices on where the ISA has none.
      """, valueName: "0.6|0.3"), completion: .list(["0.6", "0.3"]))
  var rvm: String?

  @Option(help: ArgumentHelp("Bits of a tile register of RVM 0.6 (default: 8192).", valueName: "n"))
  var rvmTlen: String?

  @Option(help: ArgumentHelp("Bits of a row of a tile register of RVM 0.6 (default: 512).", valueName: "n"))
  var rvmTrlen: String?

  @Option(help: ArgumentHelp("Bits of the widest element of RVM 0.6: 8, 16, 32 or 64 (default: 32).", valueName: "n"))
  var rvmElen: String?

  @Option(help: ArgumentHelp("Bits of a row of a matrix register of RVM 0.3 (default: 128).", valueName: "n"))
  var rvmRlen: String?

  @Option(
    help: ArgumentHelp(
      """
      Sums of matrix products in floating point: from zero on, then the old element is added (dot-then-add, the default), from the old element \
      on (chain-from-c), each step rounded; or rounded once (exact).
      """, valueName: "dot-then-add|chain-from-c|exact"), completion: .list(MatrixChoices.Accumulation.allCases.map(\.rawValue)))
  var rvmAccumulate: String?

  @Option(
    help: ArgumentHelp(
      "What RVM 0.6 registers hold outside of a loaded tile: zero (default), or bytes 0xfe, which find kernels that rely on zero (poison).",
      valueName: "zero|poison"), completion: .list(MatrixChoices.Outside.allCases.map(\.rawValue)))
  var rvmOutside: String?

  @Option(
    help: ArgumentHelp(
      "Instructions of RVM 0.6 for which xmisa has no bit (tf32, products of 16-bit integers) trap (default) or are there.",
      valueName: "trap|allow"), completion: .list(["trap", "allow"]))
  var rvmUnlisted: String?

  @Option(help: ArgumentHelp("Guest form; found out unless given.", valueName: "user|bare"), completion: .list(["user", "bare"]))
  var env: String?

  @Option(help: ArgumentHelp("Memory of a bare machine, from 0x80000000 on (default: 2GiB).", valueName: "size"))
  var memory: String?

  @Option(
    help: ArgumentHelp("Misaligned scalar loads and stores are done (default) or trap.", valueName: "allow|trap"),
    completion: .list(["allow", "trap"]))
  var misaligned: String?

  @Option(help: ArgumentHelp("End after so many instructions, with exit code 124.", valueName: "n"))
  var maxInsns: String?

  @Option(help: ArgumentHelp("End after so long by the host's clock, with exit code 124: 500ms, 60s, 2m.", valueName: "time"))
  var timeout: String?

  @Option(help: ArgumentHelp("What the guest reads from its standard input.", valueName: "file"), completion: .file())
  var stdin: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Set a variable of a Linux guest's environment (repeatable).", valueName: "name=value"))
  var setenv: [String] = []

  @Flag(help: "Start with an empty environment; a Linux guest inherits rvsim's otherwise.")
  var clearEnv = false

  @Option(help: ArgumentHelp("Write what the run counted; '-' is standard error.", valueName: "file"), completion: .file())
  var stats: String?

  @Option(
    help: ArgumentHelp("Form of the statistics (default: text).", valueName: "text|json|csv|md"),
    completion: .list(Statistics.Format.allCases.map(\.rawValue)))
  var statsFormat: String?

  @Option(
    help: ArgumentHelp(
      "Write a log of every instruction, as Spike's -l --log-commits does (repeatable).", valueName: "spike=file"))
  var trace: [String] = []

  @Option(
    help: ArgumentHelp("Write memory between the symbols begin_signature and end_signature at the end.", valueName: "file"),
    completion: .file())
  var signature: String?

  @Option(help: ArgumentHelp("Bytes in a line of the signature (default: 4).", valueName: "n"))
  var signatureGranularity: String?

  @Option(
    name: .customLong("dump-dtb"),
    help: ArgumentHelp("Write the device tree that a bare machine's program gets, flattened.", valueName: "file"),
    completion: .file())
  var dumpDTB: String?

  @Option(
    help: ArgumentHelp(
      "Clocks of a Linux guest: virtual (default), a nanosecond an instruction or with --machine its time, or the host's, which differ from run to run.",
      valueName: "virtual|host"), completion: .list(["virtual", "host"]))
  var clock: String?

  @Option(help: ArgumentHelp("Stack of a Linux guest (default: 8MiB).", valueName: "size"))
  var stack: String?

  @Option(
    help: ArgumentHelp(
      "Files of the host for a Linux guest: all (host, the default), without changing any (read-only) or none, not even their names.",
      valueName: "host|read-only|none"), completion: .list(RunConfiguration.FileAccess.allCases.map(\.rawValue)))
  var fs: String?

  @Option(
    help: ArgumentHelp(
      """
      Tell the cycles on this machine, by name (rvsim machines) or by the path of its file. Its VLEN and ISA are taken unless --vlen and --isa \
      say otherwise. The figures go to standard error at the end, with how far they may be trusted.
      """, valueName: "machine"))
  var machine: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Another value for a key of the machine (repeatable).", valueName: "key=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      With --machine: tell the cycles of a part of the run, its region of interest. It begins whenever the program comes to the first place, and \
      ends when it comes to the second, or without one when the function returns; places are symbols or addresses. Marker instructions in the \
      program do the same (rvsim.h among the examples).
      """, valueName: "start[:end]"))
  var roi: String?

  @Flag(help: "With --machine: a Linux program's memory lies in pages of 2 MiB, not 4 KiB.")
  var thp = false

  @Argument(help: "The program.", completion: .file())
  var elf: String

  @Argument(parsing: .remaining, help: ArgumentHelp("What the guest gets as arguments.", valueName: "guest arguments"))
  var guest: [String] = []

  mutating func execute(_ context: Context) throws(Failure) -> Int32 {
    let configuration = try RunConfiguration(self, context.environment)
    return try RunSession(configuration, context).run()
  }
}
