#!/usr/bin/env python3
"""Every matrix instruction against a model, one element at a time: random programs on the built rvsim.

  run.py --rvsim PATH --clang PATH --specs FOLDER [--version 0.6|0.3] [--programs N] [--seed N] [--least N] [--table]

Exits with 0 if nothing differs, and each instruction was executed often enough and each rule that makes one illegal was met."""

import argparse
import collections
import pathlib
import random
import sys
import tempfile

import driver03
import driver06
import programs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rvsim", required=True)
    parser.add_argument("--clang", required=True)
    parser.add_argument("--specs", required=True, help="the folder of rvm-encodings.csv")
    parser.add_argument("--version", choices=["0.6", "0.3"], default="0.6")
    parser.add_argument("--programs", type=int, default=8, help="each executes every instruction twice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=1, help="legal executions of each instruction that are wanted")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    rows = programs.table(options.specs, options.version)
    kind = {"0.6": driver06.Driver06, "0.3": driver03.Driver03}[options.version]
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for seed in range(options.seed, options.seed + options.programs):
            draw = random.Random(seed)
            driver = kind(rows, draw)
            program = programs.Program(driver, seed)
            mnemonics = list(rows) * 2
            draw.shuffle(mnemonics)
            for mnemonic in mnemonics:
                program.case(mnemonic)
            elf = programs.build(options.clang, folder, program.text())
            problem = program.compare(programs.run(options.rvsim, elf, driver.options(), folder))
            if problem:
                print(f"RVM {options.version}, seed {seed}, {' '.join(driver.options())}:\n  {problem}")
                return 1
            counts.update(program.outcomes)
    return report(options, rows, kind, counts)


def report(options, rows, kind, counts):
    rules = sorted({rule for _, rule in counts if rule != "legal"})
    if options.table:
        print(f"{'instruction':<18}{'legal':>7}" + "".join(f"{rule:>21}" for rule in rules))
        for mnemonic in rows:
            print(f"{mnemonic:<18}{counts[mnemonic, 'legal']:>7}" + "".join(f"{counts[mnemonic, rule] or '-':>21}" for rule in rules))
    legal = {mnemonic: counts[mnemonic, "legal"] for mnemonic in rows if not kind.is_never(mnemonic)}
    rare = [f"{mnemonic} {count}" for mnemonic, count in legal.items() if count < options.least]
    missing = [rule for rule in kind.RULES if rule not in rules]
    print(f"RVM {options.version}: {sum(counts.values())} executions of {len(rows)} instructions, {sum(legal.values())} legal, at least "
          f"{min(legal.values())} of each; " + ", ".join(f"{rule} {sum(n for (_, r), n in counts.items() if r == rule)}" for rule in rules))
    if rare:
        print("too rare: " + ", ".join(rare))
    if missing:
        print("never met: " + ", ".join(missing))
    return 1 if rare or missing else 0


if __name__ == "__main__":
    sys.exit(main())
