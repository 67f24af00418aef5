#!/usr/bin/env python3
"""Runs the kernels of Examples/timing and shows what they cost: for each kernel, variant and size the cycles per byte or element.

    kernels.py out/examples/timing-memcpy.elf --rvsim .build/release/rvsim --machine xuantie-c908 --machine generic-inorder

The fastest variant of each size is marked with *. `slope` is what each further byte or element costs between the two largest sizes that
stay in the first cache (up to --resident): free of what a call costs. Without a machine the guest's own counter is shown as it is.
The exit code is 1 when a run fails or finds a wrong result.
"""

import argparse
import csv
import pathlib
import subprocess
import sys

HEADER = ["kernel", "variant", "n", "cycles"]
# What `make run` builds.
BUILT = pathlib.Path(__file__).resolve().parent.parent.parent / ".build" / "release" / "rvsim"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("elf", nargs="+", help="programs made from Examples/timing")
    parser.add_argument("--rvsim", default=str(BUILT) if BUILT.exists() else "rvsim", help="the simulator (default: %(default)s)")
    parser.add_argument("--machine", action="append", default=[], metavar="NAME", help="a machine (repeatable), by name or path")
    parser.add_argument("--vlen", help="another VLEN than the machine's")
    parser.add_argument("--isa", help="another ISA than the machine's")
    parser.add_argument("--quick", action="store_true", help="sizes up to 1024 (Linux programs; bare ones are made so)")
    parser.add_argument("--resident", type=int, default=16384, metavar="N", help="largest n in the first cache (default: %(default)s)")
    parser.add_argument("--csv", metavar="FILE", help="write all lines, with the machine in front")
    return parser.parse_args()


def run(options, elf, machine):
    """The lines of one program on one machine, (kernel, variant, n, cycles), and what went wrong."""
    command = [options.rvsim, "run"]
    command += ["--machine", machine] if machine else []
    command += ["--vlen", options.vlen] if options.vlen else []
    command += ["--isa", options.isa] if options.isa else []
    command += [elf] + (["quick"] if options.quick else [])
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError as error:
        sys.exit(f"kernels: cannot run {options.rvsim}: {error.strerror}")
    rows, problems = [], []
    for fields in csv.reader(result.stdout.splitlines()):
        if fields[:1] and fields[0].startswith("#"):
            problems.append(",".join(fields).lstrip("# "))
        elif len(fields) == 4 and fields != HEADER:
            rows.append((fields[0], fields[1], int(fields[2]), int(fields[3])))
        elif fields != HEADER:
            problems.append("not a line of a kernel: " + ",".join(fields)[:100])
    if result.returncode != 0:
        problems.append(f"exit code {result.returncode}: " + " ".join(result.stderr.split())[:200])
    elif not rows:
        problems.append("no lines")
    return rows, [f"{pathlib.Path(elf).name}: {problem}" for problem in problems]


def slope(cycles, sizes):
    """Cycles of a further element between the two largest of the sizes, or None."""
    known = [n for n in sizes if n in cycles][-2:]
    if len(known) < 2:
        return None
    return (cycles[known[1]] - cycles[known[0]]) / (known[1] - known[0])


def cell(value, best):
    return "-" if value is None else f"{value:.3f}{'*' if best is not None and value <= best else ' '}"


def least(values):
    return min((value for value in values if value is not None), default=None)


def table(kernel, rows, resident):
    """One kernel on one machine."""
    variants = {}
    for _, variant, n, cycles in rows:
        variants.setdefault(variant, {})[n] = cycles
    sizes = sorted({n for _, _, n, _ in rows})
    inside = [n for n in sizes if n <= resident]
    slopes = {variant: slope(cycles, inside) for variant, cycles in variants.items()}
    columns = [[cycles[n] / n if n in cycles else None for cycles in variants.values()] for n in sizes] + [list(slopes.values())]
    best = [least(column) for column in columns]
    names = [f"n={n}" for n in sizes] + [f"slope {inside[-2]}-{inside[-1]}" if len(inside) > 1 else "slope"]
    widths = [max(11, len(name) + 1) for name in names]
    first = max(len(name) for name in [kernel, *variants])
    yield kernel.ljust(first) + "".join(f"{name} ".rjust(width + 1) for name, width in zip(names, widths))
    for index, variant in enumerate(variants):
        cells = [cell(column[index], low) for column, low in zip(columns, best)]
        yield variant.ljust(first) + "".join(text.rjust(width + 1) for text, width in zip(cells, widths))


def main():
    options = arguments()
    everything, problems = [], []
    for machine in options.machine or [None]:
        name = machine or "no machine"
        print(f"== {name}: cycles per byte or element, * fastest")
        kernels = {}
        for elf in options.elf:
            rows, found = run(options, elf, machine)
            problems += [f"{name}: {problem}" for problem in found]
            for row in rows:
                kernels.setdefault(row[0], []).append(row)
                everything.append((name, *row))
        for kernel, rows in kernels.items():
            print()
            print("\n".join(line.rstrip() for line in table(kernel, rows, options.resident)))
        print()
    if options.csv:
        with open(options.csv, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["machine", *HEADER])
            writer.writerows(everything)
    for problem in problems:
        print("kernels: " + problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
