"""Speed of the vector kernels of Examples/, next to qemu-user, and what an element costs by vl.

Both run the same ELF file at the same VLEN and take turns; rvsim, being faster, repeats the work more often, so that what it
takes can be measured. Rates are compared, CPU time less that of a program that does nothing. qemu 7.2 has no bfloat16: there
the same kernel widens by integer shifts, with the same result to the bit.
"""

import os
import shutil
import statistics
from dataclasses import dataclass

from measuring import EXAMPLES, Failure, build, run

VECTOR = "rv64gc_zve64d"


@dataclass(frozen=True)
class Kernel:
    example: str
    vlen: int
    unit: str
    count: int  # calls under qemu, for one to two seconds
    more: int  # times as many under rvsim
    flags: tuple = ()  # sizes
    extensions: str = ""
    qemu_flags: tuple = ()


def gemm(m, n, k):
    return (f"-DM={m}", f"-DN={n}", f"-DK={k}")


SIZES = gemm(48, 256, 256)
KERNELS = {
    "sgemm256": Kernel("rvv_sgemm", 256, "multiply-adds", 48, 6, SIZES),
    "sgemm1024": Kernel("rvv_sgemm", 1024, "multiply-adds", 48, 15, SIZES),
    "qgemm": Kernel("rvv_qgemm", 256, "multiply-adds", 100, 4, SIZES),
    "hgemm": Kernel("rvv_hgemm", 256, "multiply-adds", 20, 4, SIZES, "_zfh_zvfh"),
    "bgemm": Kernel("rvv_bgemm", 256, "multiply-adds", 32, 3, SIZES, "_zfbfmin_zvfbfmin_zvfbfwma", ("-DSHIFTS",)),
    "softmax": Kernel("rvv_softmax", 256, "elements", 80, 3, ("-DROWS=32", "-DCOLUMNS=1000")),
    "strlen": Kernel("rvv_strlen", 256, "bytes", 6000, 5, ("-DLENGTH=10000", "-DNO_GUARD")),
    "memcpy": Kernel("rvv_memcpy", 256, "bytes", 2500, 15, ("-DBYTES=32768",)),
}
PROGRAMS = [*KERNELS, "curve"]

# What rvsim owes: at least this many times qemu's speed.
LEAST_RATIO = {"sgemm256": 12.0, "sgemm1024": 30.0, "qgemm": 8.0, "hgemm": 5.0, "bgemm": 5.0, "softmax": 5.0, "strlen": 5.0,
               "memcpy": 20.0}

# The curve: at this VLEN LMUL = 8 holds 4096 elements of 32 bits.
CURVE_VLEN = 16384
CURVE = [1 << power for power in range(12)]
CURVE_ELEMENTS = 1 << 30  # in one run at the most
CURVE_INSTRUCTIONS = 1 << 23
# No longer vector may cost more per element than a shorter one, by more than this factor; and the longest this much less
# than the shortest.
CURVE_RISE = 1.25
CURVE_FALL = 40.0


def rvsim(options, vlen):
    return [os.path.abspath(shutil.which(options.rvsim)), "run", "--vlen", vlen]


def qemu(options, vlen, empty):
    """qemu's command with half precision under the name that this version has for it (7.2: Zfh alone does, for vectors too)."""
    for half in ["zfh=true,zvfh=true", "Zfh=true"]:
        command = [options.qemu, "-cpu", f"rv64,v=true,vext_spec=v1.0,vlen={vlen},{half}"]
        if run([*command, empty], options.out / "probe.txt", options.timeout)[0] == 0:
            return command
    raise Failure(f"{options.qemu}: no way found to get vectors with half precision")


def words_of(text):
    return dict(line.split(" ", 1) for line in text.splitlines() if " " in line)


def measure(command, elf, output, options):
    """CPU seconds of one run, and what it printed."""
    status, seconds, _ = run([*command, *elf], output, options.timeout)
    text = output.read_text(errors="replace")
    if status != 0:
        raise Failure(f"{' '.join(map(str, [*command, *elf]))} ended with exit status {status}: {text.strip()[-500:]}")
    return seconds, words_of(text)


def start_of(command, empty, options):
    """CPU seconds of a program that does nothing."""
    return statistics.median(measure(command, [empty], options.out / "start.txt", options)[0] for _ in range(7))


def kernel_elf(name, kernel, options, flags, suffix):
    flags = ["-fno-vectorize", "-fno-slp-vectorize", f"-I{EXAMPLES}", f'-DEXAMPLE="{kernel.example}.c"', *kernel.flags, *flags]
    march = VECTOR + ("" if "-DSHIFTS" in flags else kernel.extensions)
    return build(options.clang, options.out / f"{name}{suffix}.elf", ["kernel.c"], "linux", options.scale, march, flags)


def compare(name, commands, starts, options):
    """One kernel on all simulators in turn: rates by round."""
    kernel = KERNELS[name]
    elf = {simulator: kernel_elf(name, kernel, options, (), "") for simulator in commands}
    if kernel.qemu_flags and "qemu-user" in commands:
        elf["qemu-user"] = kernel_elf(name, kernel, options, kernel.qemu_flags, "-qemu")
    rates, seconds, checks = {sim: [] for sim in commands}, {sim: [] for sim in commands}, set()
    for number in range(options.rounds):
        for simulator, command in commands.items():
            count = max(1, round(kernel.count * options.scale)) * (kernel.more if simulator == "rvsim" else 1)
            time, words = measure(command, [elf[simulator], count], options.out / f"{name}-{simulator}.txt", options)
            checks.add(words.get("check"))
            seconds[simulator].append(time)
            rates[simulator].append(int(words["work"]) / max(time - starts[simulator], 1e-6))
        taken = ", ".join(f"{sim} {seconds[sim][-1]:.2f} s" for sim in commands)
        print(f"bench: {name}, round {number + 1}: {taken}", flush=True)
    if len(checks) != 1 or None in checks:
        raise Failure(f"{name}: results differ or are missing: {checks}")
    return rates, seconds


def report(name, rates, seconds, rows, verdicts):
    kernel = KERNELS[name]
    for simulator, own in rates.items():
        row = {"program": name, "vlen": kernel.vlen, "simulator": simulator, "cpu_seconds": statistics.median(seconds[simulator]),
               "unit": kernel.unit, "per_second": statistics.median(own)}
        shown = ""
        if "qemu-user" in rates:
            ratios = [mine / other for mine, other in zip(own, rates["qemu-user"])]
            row["ratio"] = statistics.median(ratios)
            shown = f"{row['ratio']:.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        rows.append(row)
        prefix, unit = ("G", 1e9) if row["per_second"] >= 1e8 else ("M", 1e6)
        print(f"{name:<12} {kernel.vlen:>5} {simulator:<10} {row['cpu_seconds']:>8.3f} {row['per_second'] / unit:>10.2f} "
              f"{prefix + ' ' + kernel.unit + '/s':<19} {shown}")
        if simulator == "rvsim":
            least = LEAST_RATIO[name]
            text = f"{row['ratio']:.2f} x qemu" if "ratio" in row else "not judged without qemu"
            text = f"rvsim: {name} at VLEN {kernel.vlen} {text}, at least {least:g} wanted"
            verdicts.append((row.get("ratio", 0) >= least, text))


def curve(options, empty, rows, verdicts):
    """Nanoseconds of CPU time per element by vl."""
    elf = build(options.clang, options.out / "curve.elf", ["curve.c"], "linux", options.scale, VECTOR)
    command = rvsim(options, CURVE_VLEN)
    start = start_of(command, empty, options)
    cost = {(kind, vl): [] for vl in CURVE for kind in ("vadd", "vfmacc")}
    for _ in range(options.rounds):
        for kind, vl in cost:
            count = max(8, round(min(CURVE_INSTRUCTIONS, CURVE_ELEMENTS // vl) * options.scale) // 8 * 8)
            seconds, words = measure(command, [elf, kind, vl, count], options.out / "curve.txt", options)
            if words.get("vl") != str(vl):
                raise Failure(f"curve: vl {vl} not reached")
            cost[kind, vl].append(max(seconds - start, 1e-6) / count / vl * 1e9)
    print(f"\nns per element at VLEN {CURVE_VLEN}, LMUL = 8, 32 bits, by vl")
    print(f"{'vl':<12}" + "".join(f"{vl:>8}" for vl in CURVE))
    for kind in ("vadd", "vfmacc"):
        # The best round: what other programs on the machine take away is noise here, and always of one sign.
        best = [min(cost[kind, vl]) for vl in CURVE]
        print(f"{kind + '.vv':<12}" + "".join(f"{value:>8.3f}" for value in best))
        rows += [{"program": "curve", "vlen": CURVE_VLEN, "simulator": "rvsim", "instruction": f"{kind}.vv", "vl": vl,
                  "ns_per_element": value} for vl, value in zip(CURVE, best)]
        rise = max(value / min(best[: index + 1]) for index, value in enumerate(best))
        fall = best[0] / best[-1]
        verdicts.append((rise <= CURVE_RISE and fall >= CURVE_FALL,
                         f"rvsim: {kind}.vv costs {fall:.0f} times less per element at vl {CURVE[-1]} than at 1 (at least "
                         f"{CURVE_FALL:g} wanted) and rises nowhere by more than {(rise - 1) * 100:.0f} % (at most "
                         f"{(CURVE_RISE - 1) * 100:.0f} wanted)"))


def bench(options):
    """Runs what was asked for; returns rows as plain data and how many limits were missed."""
    wanted = [name for name in PROGRAMS if not options.programs or name in options.programs]
    if not wanted:
        return [], 0
    if not (options.rvsim and shutil.which(options.rvsim)):
        print("bench: no rvsim: no vectors")
        return [], 0
    with_qemu = bool(options.qemu and shutil.which(options.qemu))
    empty = build(options.clang, options.out / "empty-linux.elf", ["empty.c"], "linux", options.scale)
    results, commands, starts = {}, {}, {}
    for name in wanted:
        if name == "curve":
            continue
        vlen = KERNELS[name].vlen
        if vlen not in commands:
            commands[vlen] = {"rvsim": rvsim(options, vlen)}
            if with_qemu:
                commands[vlen]["qemu-user"] = qemu(options, vlen, empty)
            starts[vlen] = {simulator: start_of(command, empty, options) for simulator, command in commands[vlen].items()}
        results[name] = compare(name, commands[vlen], starts[vlen], options)
    rows, verdicts = [], []
    if results:
        print(f"\n{'kernel':<12} {'VLEN':>5} {'simulator':<10} {'CPU s':>8} {'':>10} {'':<19} x qemu (lowest-highest round)")
    for name, (rates, seconds) in results.items():
        report(name, rates, seconds, rows, verdicts)
    if "curve" in wanted:
        curve(options, empty, rows, verdicts)
    print()
    for good, text in verdicts:
        print(f"{'ok    ' if good else 'MISSED'} {text}")
    return rows, sum(not good for good, _ in verdicts)
