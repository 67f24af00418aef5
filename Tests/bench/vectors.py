#!/usr/bin/env python3
"""Speed of the vector kernels in Examples/rvv, next to qemu-user on the same programs in the same session.

Each kernel is built twice, once to run often and once to run a single time: the difference is the kernel's alone, without
start, data and the check of the result. The simulators take turns; ratios are judged. The time is CPU time, user and system.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
from dataclasses import dataclass

from bench import Failure, become_subreaper, finish, run

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "Examples" / "rvv"
MARCH = "rv64gc_zve64d_zfh_zvfh_zfbfmin_zvfbfwma"


@dataclass
class Case:
    """A kernel at a VLEN; `work` is what one run of it does, in millions of `unit`."""

    kernel: str
    vlen: int
    sizes: dict  # macros
    work: float
    unit: str
    repeat: int  # for qemu; rvsim runs it `factor` times as often
    factor: int
    least: float  # times qemu, wanted
    qemu_flags: tuple = ()


def gemm(kernel, vlen, *rest):
    sizes = {"M": 48, "N": 256, "K": 256}
    return Case(kernel, vlen, sizes, 48 * 256 * 256 / 1e6, "multiply-adds", *rest)


CASES = [
    gemm("sgemm", 256, 40, 10, 12),
    gemm("sgemm", 1024, 40, 20, 30),
    gemm("qgemm", 256, 80, 6, 8),
    gemm("qgemm", 1024, 80, 10, 8),
    gemm("hgemm", 256, 20, 8, 5),
    # qemu 7.2 knows no bfloat16: there the kernel widens by shifts and multiplies singles, to the same bits.
    gemm("bgemm", 256, 32, 6, 5, ("-DWITHOUT_BFLOAT",)),
    Case("softmax", 256, {"ROWS": 32, "COLUMNS": 512}, 32 * 512 / 1e6, "elements", 120, 6, 5),
    Case("strlen", 256, {"LENGTH": 65535}, 65535 / 1e6, "bytes", 800, 8, 5),
    Case("memcpy", 256, {"BYTES": 65536}, 65536 / 1e6, "bytes", 1000, 20, 20),
]
# The curve of cost by vl: one instruction in a loop at this VLEN, LMUL = 8.
CURVE_VLEN = 16384
INSTRUCTIONS = ["vadd", "vfmacc"]
LENGTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]
CURVE_RISE = 1.15  # no length may cost more per element than a shorter one, by more than this factor


def build(options, source, name, flags):
    """A static Linux program: compiled by clang, linked with Debian's C library. Only what is written as vectors is vectors."""
    elf = options.out / f"{name}.elf"
    compile = [options.clang, "--target=riscv64-linux-gnu", f"-march={MARCH}", "-O2", "-std=gnu17",
               "-fno-vectorize", "-fno-slp-vectorize", "-isystem", options.sysroot / "include", *flags, "-c", "-o", elf.with_suffix(".o"), source]
    link = ["riscv64-linux-gnu-gcc", "-static", "-o", elf, elf.with_suffix(".o"), "-lm"]
    try:
        for command in (compile, link):
            subprocess.run(list(map(str, command)), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot build {name}: {error}") from None
    return elf


def seconds(command, elf, options, *guest_arguments):
    output = options.out / "output.txt"
    status, spent, _ = run([*command, elf, *guest_arguments], output, options.timeout)
    if status != 0:
        raise Failure(f"{command[0]}: {elf.name} ended with exit status {status}: {output.read_text(errors='replace')[-300:]}")
    return spent, output.read_text(errors="replace")


def rvsim(options, vlen):
    return [options.rvsim, "run", "--vlen", str(vlen)]


def qemu(options, vlen):
    return [options.qemu, "-cpu", f"rv64,v=true,vext_spec=v1.0,vlen={vlen},Zfh=true"]


def compare(case, options):
    """Millions of `unit` a CPU second on both, and their ratio, one of each for each round."""
    programs = {}
    for name, flags, repeat in (("rvsim", (), case.repeat * case.factor), ("qemu", case.qemu_flags, case.repeat)):
        for often in (1, repeat):
            full = [*(f"-D{macro}={value}" for macro, value in case.sizes.items()), f"-DREPEAT={often}", *flags]
            programs[name, often > 1] = build(options, KERNELS / f"{case.kernel}.c", f"{case.kernel}-{name}-{often}", full), often
    own, other, printed = [], [], set()
    for _ in range(options.rounds):
        for rates, command, name in ((own, rvsim(options, case.vlen), "rvsim"), (other, qemu(options, case.vlen), "qemu")):
            (once, _), (often, repeat) = programs[name, False], programs[name, True]
            less, first = seconds(command, once, options)
            more, second = seconds(command, often, options)
            printed |= {first, second}
            rates.append(case.work * (repeat - 1) / max(more - less, 1e-6))
    if len(printed) > 1:
        raise Failure(f"{case.kernel}: results differ: {printed}")
    return own, other


def curve(options):
    """Nanoseconds an element, by instruction and vector length: the best round, for a busy machine only adds."""
    elf = build(options, HERE / "guest" / "curve.c", "curve", ())
    command = rvsim(options, CURVE_VLEN)
    best = {}
    for _ in range(options.rounds):
        for name in INSTRUCTIONS:
            for length in LENGTHS:
                count = min(8_000_000, 1_000_000_000 // length) // 8 * 8
                less, _ = seconds(command, elf, options, name, length, 8)
                more, _ = seconds(command, elf, options, name, length, count)
                cost = (more - less) / (count - 8) / length * 1e9
                best[name, length] = min(cost, best.get((name, length), cost))
    return {name: [best[name, length] for length in LENGTHS] for name in INSTRUCTIONS}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rvsim", required=True)
    parser.add_argument("--qemu", default=os.environ.get("RVSIM_QEMU", "qemu-riscv64"))
    parser.add_argument("--clang", default=os.environ.get("RVSIM_CLANG", "clang"))
    parser.add_argument("--sysroot", type=pathlib.Path, default=pathlib.Path("/usr/riscv64-linux-gnu"))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out/bench"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is missed")
    parser.add_argument("kernels", nargs="*")
    return parser.parse_args()


def main():
    options = arguments()
    options.out = options.out.resolve() / "vectors"
    options.out.mkdir(parents=True, exist_ok=True)
    options.rvsim = os.path.abspath(shutil.which(options.rvsim) or options.rvsim)
    if not shutil.which(options.qemu):
        raise Failure("no qemu-riscv64 (RVSIM_QEMU or --qemu): nothing to compare with")
    become_subreaper()
    print(f"vectors: {options.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    line = "{:<8} {:>5} {:>12} {:>12}  {:<24} {}"
    print(line.format("kernel", "VLEN", "rvsim", "qemu", "million a CPU second", "x qemu (lowest-highest round), wanted"))
    rows, missed = [], 0
    for case in CASES:
        if options.kernels and case.kernel not in options.kernels:
            continue
        own, other = compare(case, options)
        ratios = [a / b for a, b in zip(own, other)]
        ratio = statistics.median(ratios)
        missed += ratio < case.least
        print(line.format(case.kernel, case.vlen, f"{statistics.median(own):,.1f}", f"{statistics.median(other):,.1f}", case.unit,
                          f"{ratio:.1f} ({min(ratios):.1f}-{max(ratios):.1f}), {case.least:g}"
                          + ("" if ratio >= case.least else "  MISSED")), flush=True)
        rows.append({"kernel": case.kernel, "vlen": case.vlen, "rvsim": own, "qemu": other, "unit": case.unit, "ratio": ratio})
    points = {}
    if not options.kernels or "curve" in options.kernels:
        points = curve(options)
        print(f"\nns an element at VLEN {CURVE_VLEN}, 32 bits, LMUL = 8")
        print(f"{'vl':<10}" + "".join(f"{length:>8}" for length in LENGTHS))
        for name, costs in points.items():
            falling = all(cost <= min(costs[: index + 1]) * CURVE_RISE for index, cost in enumerate(costs))
            missed += not falling
            print(f"{name + '.vv':<10}" + "".join(f"{cost:>8.3f}" for cost in costs)
                  + ("" if falling else "  MISSED: the cost must fall with vl"))
    (options.out.parent / "vectors.json").write_text(json.dumps({"schema": 1, "rows": rows,
                                                               "curve": {"vl": LENGTHS, **points}}, indent=2) + "\n")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    finish(main)
