#!/usr/bin/env python3
"""Speed and memory of rvsim, next to Spike and qemu-user on the same programs in the same session.

The simulators take turns (A B C, A B C, ...), so that a change of the machine's load meets them all alike; only ratios are
judged. The time is the CPU time of the process (user and system), less that of a program that does nothing.
"""

import argparse
import ctypes
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
RUNTIME = HERE.parent.parent / "Examples" / "rt"
PROGRAMS = ["integer", "interpreter", "doubles", "chase", "chase39"]
BARE_ONLY = {"chase39"}  # they need supervisor mode
SPIKE_ISA = "rv64gc_zicntr_zihpm_zicclsm"

# What rvsim owes: at least this many times Spike's speed; and for the empty program at most so much.
LEAST_RATIO = {"integer": 1.5, "doubles": 8.0, "chase": 4.0, "chase39": 4.0}
MOST_START_SECONDS = 0.020
MOST_START_MEGABYTES = 25.0


class Failure(Exception):
    """Ends the benchmark with a message."""


@dataclass
class Simulator:
    name: str
    command: list
    form: str  # which build of the program it runs: bare or linux
    stats: bool = False  # can count instructions itself


@dataclass
class Series:
    """The runs of one program on one simulator, in order of rounds."""

    seconds: list = field(default_factory=list)
    megabytes: float = 0.0
    check: str = ""
    instructions: int = 0


def run(command, output, timeout):
    """Runs a command with its output in a file; returns its exit status, CPU seconds and peak memory in MB.

    The kernel counts into a child's peak what the process had before exec: a copy of this interpreter. So a shell, which is
    small, starts it and ends at once; this process, a "subreaper", inherits the child and its account.
    """
    # The child waits for a line, so that it cannot end while the shell is still there to collect it.
    script = 'exec 3<&0; { read -r go; exec "$@" </dev/null 3<&-; } <&3 >"$0" 2>&1 & echo $!'
    gate, release = os.pipe()
    words = ["/bin/sh", "-c", script, str(output), *map(str, command)]
    shell = subprocess.run(words, stdin=gate, stdout=subprocess.PIPE, check=True)
    os.close(gate)
    child = int(shell.stdout)
    os.write(release, b"\n")
    os.close(release)
    deadline = time.monotonic() + timeout
    pause = 0.001
    try:
        while True:
            pid, status, usage = os.wait4(child, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                raise Failure(f"{command[0]}: still running after {timeout} s: {' '.join(map(str, command))}")
            time.sleep(pause)
            pause = min(pause * 2, 0.05)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.wait4(child, 0)
        raise
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def become_subreaper():
    pr_set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0) != 0:
        raise Failure(f"prctl: {os.strerror(ctypes.get_errno())}")


def build(clang, folder, program, form, scale):
    """Compiles one program, for bare metal or as a Linux process; both from the same kernel, neither with a C library."""
    elf = folder / f"{program}-{form}.elf"
    command = [clang, "--target=riscv64-unknown-elf", "-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany", "-O2", "-std=c17"]
    command += ["-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-nostdlibinc", "-isystem", RUNTIME / "include"]
    command += [f"-I{RUNTIME}", f"-DSCALE={round(scale * 1000)}", "-nostdlib", "-static", "-fuse-ld=lld", "-o", elf]
    command += [HERE / "guest" / f"{program}.c"] + ([] if program == "empty" else [HERE / "guest" / "main.c"])
    command += [RUNTIME / "console.c", RUNTIME / "builtins.c"]
    if form == "bare":
        command += [f"-Wl,-T,{RUNTIME / 'link.ld'}", RUNTIME / "crt0.S", RUNTIME / "bare.c"]
    else:
        command += [HERE / "guest" / "linux.c"]
    try:
        subprocess.run(list(map(str, command)), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot build {program} with {clang}: {error}") from None
    return elf


def read_result(text):
    """The check value and the instruction count that a program prints."""
    words = dict(line.split(" ", 1) for line in text.splitlines() if line.startswith(("check ", "instructions ")))
    return words.get("check", ""), int(words.get("instructions", "0"))


def measure(simulator, program, elf, series, options):
    output = options.out / f"{program}-{simulator.name.replace(' ', '-')}.txt"
    status, seconds, megabytes = run([*simulator.command, elf], output, options.timeout)
    text = output.read_text(errors="replace")
    if status != 0:
        raise Failure(f"{simulator.name}: {program} ended with exit status {status}: {text.strip()[-500:]}")
    check, instructions = read_result(text)
    if program != "empty" and not check:
        raise Failure(f"{simulator.name}: {program} printed no check value")
    series.seconds.append(seconds)
    series.megabytes = max(series.megabytes, megabytes)
    series.check = check
    # In user mode under qemu the counter shows the host's ticks; a simulator that counts itself has done so already.
    if simulator.name != "qemu-user" and not series.instructions:
        series.instructions = instructions


def count(simulator, program, elf, options):
    """Instructions of one run, by rvsim's own statistics; 0 if it has none."""
    stats = options.out / f"{program}-{simulator.form}.json"
    stats.unlink(missing_ok=True)
    command = [*simulator.command, "--stats", stats, "--stats-format", "json", elf]
    status, _, _ = run(command, options.out / "count.txt", options.timeout)
    if status != 0:
        raise Failure(f"{simulator.name}: {program} with --stats ended with exit status {status}")
    try:
        return find(json.loads(stats.read_text()), "instructions")
    except (OSError, ValueError):
        return 0


def find(tree, key):
    """The first integer under a key, at any depth."""
    if isinstance(tree, dict):
        if isinstance(tree.get(key), int):
            return tree[key]
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            value = find(branch, key)
            if value:
                return value
    return 0


def simulators(options):
    found = []
    if options.rvsim and shutil.which(options.rvsim):
        rvsim = os.path.abspath(shutil.which(options.rvsim))
        found.append(Simulator("rvsim bare", [rvsim, "run"], "bare", stats=True))
        found.append(Simulator("rvsim linux", [rvsim, "run"], "linux", stats=True))
    else:
        print("bench: no rvsim: left out")
    if options.spike and shutil.which(options.spike):
        found.append(Simulator("Spike", [options.spike, f"--isa={SPIKE_ISA}"], "bare"))
    else:
        print("bench: no Spike (RVSIM_SPIKE or --spike): left out, and no ratios")
    if options.qemu and shutil.which(options.qemu):
        found.append(Simulator("qemu-user", [options.qemu], "linux"))
    else:
        print("bench: no qemu-riscv64 (RVSIM_QEMU or --qemu): left out")
    if not found:
        raise Failure("no simulator to measure")
    return found


def same_check(program, results):
    """All simulators must agree on what the program computed."""
    checks = {simulator: series.check for simulator, series in results.items()}
    if len(set(checks.values())) > 1:
        raise Failure(f"{program}: results differ: " + ", ".join(f"{name} {check}" for name, check in checks.items()))


def instructions_of(name, results):
    """qemu cannot count: take the same program's count by rvsim, else the same kernel's on Spike."""
    for other in (name, "rvsim linux", "Spike", "rvsim bare"):
        if other in results and results[other].instructions:
            return results[other].instructions
    return 0


def rates(name, results, start):
    """Million instructions per CPU second, one for each round."""
    instructions = instructions_of(name, results)
    return [instructions / max(seconds - start[name], 1e-6) / 1e6 for seconds in results[name].seconds]


def report(table, start, options):
    """Prints the table and the verdicts; returns the rows as plain data and how many limits were missed."""
    rows, verdicts, missed = [], [], 0
    line = "{:<12} {:<12} {:>15} {:>8} {:>9} {:>8}  {}"
    print()
    print(line.format("program", "simulator", "instructions", "CPU s", "MIPS", "peak MB", "x Spike (lowest-highest round)"))
    for program, results in table.items():
        spike = rates("Spike", results, start) if "Spike" in results else []
        for name, series in results.items():
            seconds = statistics.median(series.seconds)
            row = {"program": program, "simulator": name, "cpu_seconds": seconds, "peak_megabytes": series.megabytes}
            rows.append(row)
            if program == "empty":
                print(line.format(program, name, "", f"{seconds:.4f}", "", f"{series.megabytes:.1f}", ""))
                if name.startswith("rvsim"):
                    for what, value, most, unit in [("start", seconds * 1000, MOST_START_SECONDS * 1000, "ms CPU"),
                                                    ("start", series.megabytes, MOST_START_MEGABYTES, "MB")]:
                        missed += not value < most
                        verdicts.append((value < most, f"{name}: {what} {value:.1f} {unit}, below {most:g} wanted"))
                continue
            own = rates(name, results, start)
            mips = statistics.median(own)
            row.update(instructions=instructions_of(name, results), mips=mips)
            shown = ""
            if spike:
                ratios = [a / b for a, b in zip(own, spike)]
                row["ratio"] = statistics.median(ratios)
                shown = f"{row['ratio']:.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            print(line.format(program, name, f"{row['instructions']:,}", f"{seconds:.3f}", f"{mips:,.0f}",
                              f"{series.megabytes:.1f}", shown))
            if name.startswith("rvsim") and program in LEAST_RATIO:
                least = LEAST_RATIO[program]
                good = row.get("ratio", 0) >= least
                missed += not good
                text = f"{row['ratio']:.2f} x Spike" if spike else "not judged without Spike"
                verdicts.append((good, f"{name}: {program} {text}, at least {least:g} wanted"))
    print()
    for good, text in verdicts:
        print(f"{'ok    ' if good else 'MISSED'} {text}")
    if not verdicts:
        print("bench: no rvsim, nothing to judge")
        missed += 1
    if options.scale < 0.5:
        print(f"bench: scale {options.scale:g} is too small for figures that mean anything")
    return rows, missed


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rvsim", default=os.environ.get("RVSIM_BIN", "rvsim"), help="the rvsim to measure")
    parser.add_argument("--spike", default=os.environ.get("RVSIM_SPIKE", "spike"))
    parser.add_argument("--qemu", default=os.environ.get("RVSIM_QEMU", "qemu-riscv64"))
    parser.add_argument("--clang", default=os.environ.get("RVSIM_CLANG", "clang"), help="the clang that builds the programs")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("out/bench"), help="folder for programs and results")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="amount of work; 1: Spike takes about 3 to 8 s for each program")
    parser.add_argument("--timeout", type=float, default=600, help="seconds that one run may take")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a limit is missed")
    parser.add_argument("programs", nargs="*", metavar="program", help=f"of: {' '.join(PROGRAMS)} (default: all)")
    options = parser.parse_args()
    unknown = set(options.programs) - set(PROGRAMS)
    if unknown or options.rounds < 1 or options.scale <= 0:
        parser.error(f"unknown program: {' '.join(sorted(unknown))}" if unknown else "rounds and scale must be positive")
    return options


def main():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    options.out = options.out.resolve()
    become_subreaper()
    sims = simulators(options)
    programs = ["empty"] + [name for name in PROGRAMS if not options.programs or name in options.programs]
    print(f"bench: {', '.join(sim.name for sim in sims)}; {options.rounds} rounds, scale {options.scale:g}, "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)

    table = {}
    for program in programs:
        able = [sim for sim in sims if sim.form == "bare" or program not in BARE_ONLY]
        elf = {form: build(options.clang, options.out, program, form, options.scale) for form in {sim.form for sim in able}}
        results = table[program] = {sim.name: Series() for sim in able}
        for sim in able:
            if sim.stats:
                results[sim.name].instructions = count(sim, program, elf[sim.form], options)
        # The empty program is over in milliseconds: more rounds cost nothing.
        for number in range(max(options.rounds, 9) if program == "empty" else options.rounds):
            for sim in able:
                measure(sim, program, elf[sim.form], results[sim.name], options)
            if program != "empty":
                print(f"bench: {program}, round {number + 1}: "
                      + ", ".join(f"{sim.name} {results[sim.name].seconds[-1]:.2f} s" for sim in able), flush=True)
        same_check(program, results)

    start = {name: statistics.median(series.seconds) for name, series in table["empty"].items()}
    rows, missed = report(table, start, options)
    (options.out / "bench.json").write_text(json.dumps({"schema": 1, "rounds": options.rounds, "scale": options.scale,
                                                        "rows": rows}, indent=2) + "\n")
    return 1 if options.check and missed else 0


def finish(main):
    """Ends the process with what main returns, or says why it cannot go on."""
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    finish(main)
