#!/usr/bin/env python3
"""Speed of XuanTie's matrix extension: multiplications of whole tiles at TLEN 8192, and the kernels of Examples/rvm on square matrices.

A run with few repetitions is taken off one with many. The time is CPU time, user and system. Beside the kernels stands what the vector kernels did
in the same `make bench`, on rvsim and on qemu (out/bench/vectors.json)."""

import argparse
import json
import os
import pathlib
import statistics

from bench import become_subreaper, finish
from vectors import build, seconds

HERE = pathlib.Path(__file__).resolve().parent
# Billion multiply-adds a CPU second that are wanted, and how many million a run does.
TILES = [("mmacc_w_b", 20, 4000), ("mfmacc_s", 4, 800), ("mfmacc_s_h", 4, 800), ("mfmacc_s_bf16", 4, 800), ("mfmacc_s_tf32", 4, 800),
         ("mfmacc_s_e4", 4, 800), ("mfmacc_s_e5", 4, 800), ("mfmacc_h", 0.5, 200), ("mfmacc_h_e4", 0.5, 200), ("mfmacc_bf16_e4", 0.5, 200)]
SIZE = 256
KERNELS = [("qgemm", 20, 160), ("sgemm", 4, 40), ("bgemm", 4, 40), ("hgemm", 0.5, 8)]


def rate(command, elf, options, few, many, work):
    """Billion multiply-adds a CPU second: the median of the rounds."""
    rates = []
    for _ in range(options.rounds):
        less, _ = seconds(command, elf, options, *few)
        more, _ = seconds(command, elf, options, *many)
        rates.append(work / max(more - less, 1e-6) / 1e9)
    return statistics.median(rates), min(rates), max(rates)


def vector_rates(options):
    """The vector kernels of the same make bench: name to figures in billions, on rvsim and on qemu."""
    try:
        rows = json.loads((options.out.parent / "vectors.json").read_text())["rows"]
    except (OSError, ValueError, KeyError):
        return {}
    best = {}
    for row in rows:
        if "gemm" in row["kernel"]:
            best[row["kernel"]] = (row["vlen"], statistics.median(row["rvsim"]) / 1e3, statistics.median(row["qemu"]) / 1e3)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rvsim", required=True)
    parser.add_argument("--clang", default=os.environ.get("RVSIM_CLANG", "clang"))
    parser.add_argument("--sysroot", type=pathlib.Path, default=pathlib.Path("/usr/riscv64-linux-gnu"))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out/bench"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is missed")
    options = parser.parse_args()
    options.out = options.out.resolve() / "matrices"
    options.out.mkdir(parents=True, exist_ok=True)
    options.rvsim = os.path.abspath(options.rvsim)
    become_subreaper()
    command = [options.rvsim, "run", "--rvm-tlen", "8192", "--rvm-trlen", "512", "--rvm-unlisted", "allow", "--vlen", "256"]
    missed, rows = 0, []
    print(f"matrices: {options.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; TLEN 8192, TRLEN 512")
    print(f"{'tiles':<18}{'G multiply-adds a CPU second (lowest-highest round), wanted'}", flush=True)
    tiles = build(options, HERE / "guest" / "tiles.c", "tiles", ())
    for form, least, millions in TILES:
        each = int(seconds(command, tiles, options, form, 4)[1])
        count = millions * 10**6 // each // 4 * 4
        found, low, high = rate(command, tiles, options, (form, 4), (form, count), each * (count - 4))
        missed += found < least
        rows.append({"form": form, "rate": found, "least": least})
        print(f"{form.replace('_', '.'):<18}{found:6.2f} ({low:.2f}-{high:.2f}), {least:g}{'' if found >= least else '  MISSED'}", flush=True)
    vectors = vector_rates(options)
    print(f"{'kernel':<18}{f'the same, square matrices of {SIZE}':<44}{'vector kernel: VLEN, rvsim, qemu'}", flush=True)
    for kernel, least, times in KERNELS:
        source = HERE.parent.parent / "Examples" / "rvm" / f"{kernel}.c"
        elf = build(options, HERE / "guest" / "matrixgemm.c", f"matrix-{kernel}", (f"-DSIZE={SIZE}", f'-DKERNEL="{source}"'))
        found, low, high = rate(command, elf, options, (1,), (times + 1,), times * SIZE**3)
        missed += found < least
        rows.append({"kernel": kernel, "rate": found, "least": least})
        beside = "{:>6} {:8.2f} {:8.2f}".format(*vectors[kernel]) if kernel in vectors else "not measured"
        text = f"{found:6.2f} ({low:.2f}-{high:.2f}), {least:g}{'' if found >= least else '  MISSED'}"
        print(f"{'rvm ' + kernel:<18}{text:<44}{beside}", flush=True)
    (options.out.parent / "matrices.json").write_text(json.dumps({"schema": 1, "rows": rows}, indent=2) + "\n")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    finish(main)
