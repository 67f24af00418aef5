import Testing

@testable import RVSimCLI

/// The help, word for word: whoever changes an option sees here what users will see.
struct HelpTests {
  @Test func root() {
    let expected = """
      OVERVIEW: Runs RISC-V programs, bit for bit as the manuals say.

      Exit codes: the guest's own; 124 a limit was reached; 125 wrong usage or
      configuration; 126 no ELF file that can be run; 128+n killed by signal n (for
      an unhandled trap on bare metal the signal of its cause: 4 illegal instruction,
      5 breakpoint, 7 misaligned, 11 access or page fault); 130 Ctrl-C.

      Completions for your shell: rvsim --generate-completion-script bash|zsh|fish

      USAGE: rvsim <subcommand>

      OPTIONS:
        --version               Show the version.
        -h, --help              Show help information.

      SUBCOMMANDS:
        run                     Run a program.
        disasm                  Print the instructions of a program, or of single
                                words.
        machines                List the machines that time can be told for, or show
                                one.
        validate                Compare a machine's cycles with measured instructions.
        fit                     Fit the laws of a machine's vector unit to measured
                                instructions.

        See 'rvsim help <subcommand>' for detailed help.

      """
    let result = rvsim("--help")
    #expect(result.code == 0)
    #expect(result.error == "")
    #expect(result.output == expected)
  }

  @Test func run() {
    let expected = """
      OVERVIEW: Run a program.

      Everything behind the ELF file belongs to the guest; one '--' directly behind
      it is dropped.

      Guest form: a program with an interpreter (PT_INTERP) or for the GNU/Linux ABI
      (EI_OSABI) is a Linux program; else one with a symbol 'tohost', or that begins
      at 0x80000000 or above, is for bare metal; else it is a Linux program. --env
      decides otherwise.

      A run prints nothing of its own unless asked or on a crash; its words go to
      standard error and begin with 'rvsim: '. The guest's streams are left alone.
      Clocks, process numbers and random bytes of a guest are the same on every run;
      of the host it sees the files, the streams and, for Linux programs, the
      environment.

      A bare machine has Spike's map (DRAM at 0x80000000, boot ROM 0x1000, CLINT
      0x2000000, PLIC 0xc000000, 16550 UART 0x10000000) and QEMU's test finisher at
      0x100000; a1 holds the device tree, with the guest arguments as the kernel's.
      Standard input is that of the UART and of HTIF: from a file it comes at the
      same instruction on every run, from a pipe or terminal when it comes.

      Every option may come from an environment variable: RVSIM_ and its name in
      capitals, with _ for -, such as RVSIM_MAX_INSNS. The command line wins, an
      empty variable counts as none.

      USAGE: rvsim run [<options>] <elf> [<guest arguments> ...]

      ARGUMENTS:
        <elf>                   The program.
        <guest arguments>       What the guest gets as arguments.

      OPTIONS:
        --isa <max|elf|string>  What the machine has: all that rvsim knows (max, the
                                default), what the ELF's attributes name (elf), or a
                                GNU -march string.
        --vlen <n>              Bits of a vector register, a power of two from 64 to
                                65536 (default: what the ISA promises, 128 for max).
        --elen <32|64>          Bits of the widest vector elements (default: what the
                                ISA has, 64 for max).
        --agnostic <undisturbed|ones>
                                Vector elements that are agnostic, in tails and
                                masked off: they keep their values (undisturbed, the
                                default) or become ones.
        --vl <max|half>         vl after vsetvl where VLMAX < AVL < 2 VLMAX: VLMAX
                                (max, the default) or half of AVL, rounded up.
        --reduction <sequential|tree|random:seed>
                                Order of vfredusum and vfwredusum: the scalar, then
                                element by element (sequential, the default); scalar
                                and elements as a row in which neighbours are added
                                until one is left (tree); or any two of the row again
                                and again, the same ones for the same seed.
        --rvm <0.6|0.3>         Version of XuanTie's matrix extension, which a binary
                                does not say: 0.6 (the default where the ISA has
                                matrices, as max has) or 0.3, that of the vendor's
                                libraries. Turns matrices on where the ISA has none.
        --rvm-tlen <n>          Bits of a tile register of RVM 0.6 (default: 8192).
        --rvm-trlen <n>         Bits of a row of a tile register of RVM 0.6 (default:
                                512).
        --rvm-elen <n>          Bits of the widest element of RVM 0.6: 8, 16, 32 or
                                64 (default: 32).
        --rvm-rlen <n>          Bits of a row of a matrix register of RVM 0.3
                                (default: 128).
        --rvm-accumulate <dot-then-add|chain-from-c|exact>
                                Sums of matrix products in floating point: from zero
                                on, then the old element is added (dot-then-add, the
                                default), from the old element on (chain-from-c),
                                each step rounded; or rounded once (exact).
        --rvm-outside <zero|poison>
                                What RVM 0.6 registers hold outside of a loaded tile:
                                zero (default), or bytes 0xfe, which find kernels
                                that rely on zero (poison).
        --rvm-unlisted <trap|allow>
                                Instructions of RVM 0.6 for which xmisa has no bit
                                (tf32, products of 16-bit integers) trap (default) or
                                are there.
        --env <user|bare>       Guest form; found out unless given.
        --memory <size>         Memory of a bare machine, from 0x80000000 on
                                (default: 2GiB).
        --misaligned <allow|trap>
                                Misaligned scalar loads and stores are done (default)
                                or trap.
        --max-insns <n>         End after so many instructions, with exit code 124.
        --timeout <time>        End after so long by the host's clock, with exit code
                                124: 500ms, 60s, 2m.
        --stdin <file>          What the guest reads from its standard input.
        --setenv <name=value>   Set a variable of a Linux guest's environment
                                (repeatable).
        --clear-env             Start with an empty environment; a Linux guest
                                inherits rvsim's otherwise.
        --stats <file>          Write what the run counted; '-' is standard error.
        --stats-format <text|json|csv|md>
                                Form of the statistics (default: text).
        --trace <spike=file>    Write a log of every instruction, as Spike's -l
                                --log-commits does (repeatable).
        --signature <file>      Write memory between the symbols begin_signature and
                                end_signature at the end.
        --signature-granularity <n>
                                Bytes in a line of the signature (default: 4).
        --dump-dtb <file>       Write the device tree that a bare machine's program
                                gets, flattened.
        --clock <virtual|host>  Clocks of a Linux guest: virtual (default), a
                                nanosecond an instruction or with --machine its time,
                                or the host's, which differ from run to run.
        --stack <size>          Stack of a Linux guest (default: 8MiB).
        --fs <host|read-only|none>
                                Files of the host for a Linux guest: all (host, the
                                default), without changing any (read-only) or none,
                                not even their names.
        --machine <machine>     Tell the cycles on this machine, by name (rvsim
                                machines) or by the path of its file. Its VLEN and
                                ISA are taken unless --vlen and --isa say otherwise.
                                The figures go to standard error at the end, with how
                                far they may be trusted.
        --set <key=value>       Another value for a key of the machine (repeatable).
        --roi <start[:end]>     With --machine: tell the cycles of a part of the run,
                                its region of interest. It begins whenever the
                                program comes to the first place, and ends when it
                                comes to the second, or without one when the function
                                returns; places are symbols or addresses. Marker
                                instructions in the program do the same (rvsim.h
                                among the examples).
        --thp                   With --machine: a Linux program's memory lies in
                                pages of 2 MiB, not 4 KiB.
        --version               Show the version.
        -h, --help              Show help information.

      """
    let result = rvsim("run", "--help")
    #expect(result.code == 0)
    #expect(result.error == "")
    #expect(result.output == expected)
  }

  @Test func disasm() {
    let expected = """
      OVERVIEW: Print the instructions of a program, or of single words.

      The form is that of llvm-objdump -d. The words come from rvsim's own
      instruction rows; --engine capstone asks the library Capstone for a second
      opinion. It is looked for at run time, as RVSIM_CAPSTONE_LIB or
      libcapstone.so.5, .4 or without number, and must be version 5 or newer.

      USAGE: rvsim disasm [<options>] <elf>
             rvsim disasm [<options>] --word <word> ...

      ARGUMENTS:
        <elf>                   The program.

      OPTIONS:
        --isa <max|elf|string>  What is an instruction: all that rvsim knows (max,
                                the default), what the ELF's attributes name (elf),
                                or a GNU -march string. (default: max)
        --rvm <0.6|0.3>         Version of XuanTie's matrix extension (default: 0.6
                                with max).
        --engine <engine>       Who prints. (values: rows, capstone; default: rows)
        --aliases/--no-aliases  Names for frequent forms, and compressed instructions
                                as what they stand for. (default: --aliases)
        --start <address>       First address.
        --stop <address>        Address at which to stop.
        --symbol <name>         One function alone.
        --line                  File and line of the source code, where they change.
        --word <word>           An instruction itself instead of a program, such as
                                0x00a50533 (repeatable).
        --version               Show the version.
        -h, --help              Show help information.

      """
    let result = rvsim("disasm", "--help")
    #expect(result.code == 0)
    #expect(result.error == "")
    #expect(result.output == expected)
  }

  @Test func withoutAnything() {
    let result = rvsim()
    #expect(result.code == 125)
    #expect(result.output == "")
    #expect(result.error.contains("USAGE: rvsim <subcommand>"))
  }

  @Test func otherWays() {
    #expect(rvsim("help", "run").output.contains("USAGE: rvsim run [<options>] <elf>"))
    #expect(rvsim("run", "-h").output == rvsim("run", "--help").output)
    #expect(rvsim("--version").output == "rvsim \(RVSim.version)\n")
    #expect(rvsim("run", "--version").code == 0)
  }
}
