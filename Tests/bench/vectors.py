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
import sys
from dataclasses import dataclass

from bench import Failure, become_subreaper, run

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "Examples" / "rvv"
MARCH = "rv64gc_zve64d_zfh_zvfh_zfbfmin_zvfbfwma"


@dataclass
class Case:
    """A kernel at a VLEN; `work` is what one run of it does, in millions of `unit`."""

    kernel: str
    vlen: int
    size: int
    work: float
    unit: str
    repeat: int  # for qemu; rvsim runs it `factor` times as often
    factor: int
    least: float  # times qemu, wanted
    qemu_flags: tuple = ()


MILLION = 1e6
CASES = [
    Case("sgemm", 256, 256, 256**3 / MILLION, "multiply-adds", 4, 10, 12),
    Case("sgemm", 1024, 256, 256**3 / MILLION, "multiply-adds", 4, 20, 30),
    Case("qgemm", 256, 256, 256**3 / MILLION, "multiply-adds", 8, 4, 8),
    Case("qgemm", 1024, 256, 256**3 / MILLION, "multiply-adds", 8, 8, 8),
    Case("hgemm", 256, 256, 256**3 / MILLION, "multiply-adds", 3, 10, 5),
    # qemu 7.2 knows no bfloat16: it widens by shifts and multiplies singles.
    Case("bgemm", 256, 256, 256**3 / MILLION, "multiply-adds", 4, 6, 5, ("-DWITHOUT_BFLOAT",)),
    Case("softmax", 256, 512, 32 * 512 / MILLION, "elements", 60, 6, 5),
    Case("strlen", 256, 65536, 65536 / MILLION, "bytes", 500, 10, 5),
    Case("memcpy", 256, 65536, 65536 / MILLION, "bytes", 500, 30, 20),
]
LENGTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]


def build(options, source, name, flags):
    """A static Linux program: compiled by clang, linked with Debian's C library."""
    elf = options.out / f"{name}.elf"
    compile = [options.clang, "--target=riscv64-linux-gnu", f"-march={MARCH}", "-O2", "-std=gnu17", "-isystem",
               options.sysroot / "include", *flags, "-c", "-o", elf.with_suffix(".o"), source]
    link = ["riscv64-linux-gnu-gcc", "-static", "-o", elf, elf.with_suffix(".o"), "-lm"]
    try:
        for command in (compile, link):
            subprocess.run(list(map(str, command)), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot build {name}: {error}") from None
    return elf


def seconds(command, elf, options):
    output = options.out / "output.txt"
    status, spent, _ = run([*command, elf], output, options.timeout)
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
            full = [f"-DSIZE={case.size}", f"-DREPEAT={often}", *flags]
            programs[name, often > 1] = build(options, KERNELS / f"{case.kernel}.c", f"{case.kernel}-{name}-{often}", full), often
    own, other = [], []
    for _ in range(options.rounds):
        for rates, command, name in ((own, rvsim(options, case.vlen), "rvsim"), (other, qemu(options, case.vlen), "qemu")):
            (once, _), (often, repeat) = programs[name, False], programs[name, True]
            less, first = seconds(command, once, options)
            more, second = seconds(command, often, options)
            if first != second:
                raise Failure(f"{case.kernel}: {name} printed {first.strip()!r} and {second.strip()!r}")
            rates.append(case.work * (repeat - 1) / max(more - less, 1e-6))
    return own, other


def curve(options):
    """Nanoseconds an element by vector length."""
    points = []
    for length in LENGTHS:
        repeat = min(400_000, 40_000_000 // length)
        elves = [build(options, HERE / "guest" / "curve.c", f"curve-{length}-{n}", (f"-DVL={length}", f"-DREPEAT={n}"))
                 for n in (1, repeat)]
        spent = []
        for _ in range(options.rounds):
            less, _ = seconds(rvsim(options, 16384), elves[0], options)
            more, _ = seconds(rvsim(options, 16384), elves[1], options)
            spent.append((more - less) / (4 * (repeat - 1) * length) * 1e9)
        points.append((length, statistics.median(spent)))
    return points


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
        print(line.format(case.kernel, case.vlen, f"{statistics.median(own):,.0f}", f"{statistics.median(other):,.0f}", case.unit,
                          f"{ratio:.1f} ({min(ratios):.1f}-{max(ratios):.1f}), {case.least:g}"
                          + ("" if ratio >= case.least else "  MISSED")), flush=True)
        rows.append({"kernel": case.kernel, "vlen": case.vlen, "rvsim": own, "qemu": other, "unit": case.unit, "ratio": ratio})
    points = []
    if not options.kernels:
        points = curve(options)
        print("vfmacc.vf at VLEN 16384, ns an element: " + ", ".join(f"vl {length}: {cost:.2f}" for length, cost in points))
        falling = all(later < earlier * 1.1 for (_, earlier), (_, later) in zip(points, points[1:]))
        missed += not falling
        if not falling:
            print("MISSED the cost of an element must fall with vl")
    (options.out.parent / "vectors.json").write_text(json.dumps({"schema": 1, "rows": rows, "curve": points}, indent=2) + "\n")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"vectors: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
