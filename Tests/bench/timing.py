#!/usr/bin/env python3
"""Speed of timed runs, beside the same programs without a machine, in turn: the integer programs on a core in order and on one out of order, and
the vector kernel sgemm at VLEN 256, by how many times the model slows it. PyPI's unrelated package of our name runs the first program too, from
a virtual environment of its own (--rival, made where pip can reach PyPI). The time is CPU time, user and system."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

from bench import become_subreaper, build, finish
from vectors import build as build_vectors, seconds

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = ["integer", "interpreter"]
# Millions of instructions a CPU second that are wanted, by machine.
MACHINES = [("xuantie-c908", 60), ("generic-ooo", 30)]
SGEMM_MACHINE, SGEMM_MOST = "generic-inorder", 5
RIVAL = "rvsim==2.1.0"
RIVAL_LEAST, RIVAL_LIMIT = 100, 1_000_000
RIVAL_CODE = """
import sys, time, rvsim, rvsim.presets
simulator = rvsim.Simulator(rvsim.presets.basic(), binary=sys.argv[1])
start = time.process_time()
simulator.run(limit=int(sys.argv[2]))
print(simulator.instructions_retired, time.process_time() - start)
"""


def instructions(options, elf):
    """How many the program executes."""
    stats = options.out / "stats.json"
    subprocess.run([options.rvsim, "run", "--stats", stats, "--stats-format", "json", elf], check=True, stdout=subprocess.DEVNULL)
    return json.loads(stats.read_text())["instructions"]


def rival_rate(options, elf):
    """Millions of instructions a CPU second of the rival; None where it cannot be had."""
    python = options.rival / "bin" / "python"
    if not python.exists():
        steps = [[sys.executable, "-m", "venv", options.rival], [python, "-m", "pip", "install", "--quiet", RIVAL]]
        if any(subprocess.run(list(map(str, step)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode for step in steps):
            return None
    done = subprocess.run([str(python), "-c", RIVAL_CODE, str(elf), str(RIVAL_LIMIT)], capture_output=True, text=True, timeout=options.timeout)
    words = done.stdout.split()
    return int(words[-2]) / float(words[-1]) / 1e6 if done.returncode == 0 and len(words) >= 2 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rvsim", required=True)
    parser.add_argument("--clang", default=os.environ.get("RVSIM_CLANG", "clang"))
    parser.add_argument("--sysroot", type=pathlib.Path, default=pathlib.Path("/usr/riscv64-linux-gnu"))
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out/bench"))
    parser.add_argument("--rival", type=pathlib.Path, help="virtual environment of the rival (default: OUT/rival)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is missed")
    options = parser.parse_args()
    options.out = options.out.resolve() / "timing"
    options.out.mkdir(parents=True, exist_ok=True)
    options.rival = (options.rival or options.out.parent / "rival").resolve()
    options.rvsim = os.path.abspath(options.rvsim)
    become_subreaper()
    missed, rows = 0, []
    print(f"timed runs: {options.rounds} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'program':<14}{'machine':<18}{'MIPS (lowest-highest round), wanted':<38}times slower than without", flush=True)

    def series(name, elf, count, machines):
        """CPU seconds of each round: without a machine, and on each, in turn."""
        spent = {machine: [] for machine in [None, *machines]}
        for _ in range(options.rounds):
            for machine in spent:
                command = [options.rvsim, "run"] + (["--machine", machine] if machine else [])
                command += ["--vlen", "256"] if name == "sgemm" else []
                spent[machine].append(seconds(command, elf, options)[0])
        return spent, {machine: [count / second / 1e6 for second in spent[machine]] for machine in spent}

    best = 0
    for program in PROGRAMS:
        elf = build(options.clang, options.out, program, "bare", 0.05)
        spent, rates = series(program, elf, instructions(options, elf), [name for name, _ in MACHINES])
        for machine, least in MACHINES:
            rate, slower = statistics.median(rates[machine]), statistics.median(spent[machine]) / statistics.median(spent[None])
            missed += rate < least
            best = max(best, rate) if program == "integer" else best
            rows.append({"program": program, "machine": machine, "mips": rate, "least": least, "slower": slower})
            text = f"{rate:6.1f} ({min(rates[machine]):.1f}-{max(rates[machine]):.1f}), {least}{'' if rate >= least else '  MISSED'}"
            print(f"{program:<14}{machine:<18}{text:<38}{slower:6.1f}", flush=True)
    source = HERE.parent.parent / "Examples" / "rvv" / "sgemm.c"
    few, many = (build_vectors(options, source, f"sgemm-{times}", (f"-DREPEAT={times}",)) for times in (1, 201))
    kernel = {}
    for machine in (None, SGEMM_MACHINE):
        kernel[machine] = []
    for _ in range(options.rounds):
        for machine in kernel:
            command = [options.rvsim, "run", "--vlen", "256"] + (["--machine", machine] if machine else [])
            kernel[machine].append(seconds(command, many, options)[0] - seconds(command, few, options)[0])
    slower = statistics.median(kernel[SGEMM_MACHINE]) / max(statistics.median(kernel[None]), 1e-6)
    missed += slower > SGEMM_MOST
    rows.append({"program": "sgemm", "machine": SGEMM_MACHINE, "slower": slower, "most": SGEMM_MOST})
    print(f"{'sgemm':<14}{SGEMM_MACHINE:<18}{'':<38}{slower:6.1f}, at most {SGEMM_MOST}{'' if slower <= SGEMM_MOST else '  MISSED'}", flush=True)
    rival = rival_rate(options, build(options.clang, options.out, "integer", "bare", 0.05))
    if rival:
        ratio = best / rival
        missed += ratio < RIVAL_LEAST
        rows.append({"program": "integer", "rival": rival, "ratio": ratio, "least": RIVAL_LEAST})
        print(f"PyPI's {RIVAL}: {rival:.2f} MIPS on integer, {ratio:.0f} times less than the faster machine here, {RIVAL_LEAST} wanted")
    else:
        print(f"PyPI's {RIVAL} cannot be had here: not measured")
    (options.out.parent / "timing.json").write_text(json.dumps({"schema": 1, "rows": rows}, indent=2) + "\n")
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    finish(main)
