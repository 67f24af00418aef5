"""What every benchmark needs: building a program, running it, and the CPU seconds and memory that it took."""

import ctypes
import os
import pathlib
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "Examples"
RUNTIME = EXAMPLES / "rt"


class Failure(Exception):
    """Ends the benchmark with a message."""


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


def build(clang, elf, sources, form, scale, march="rv64gc", flags=()):
    """Compiles a program, for bare metal or as a Linux process; both from the same kernel, neither with a C library."""
    command = [clang, "--target=riscv64-unknown-elf", f"-march={march}", "-mabi=lp64d", "-mcmodel=medany", "-O2", "-std=c17"]
    command += ["-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-nostdlibinc", "-isystem", RUNTIME / "include"]
    command += [f"-I{RUNTIME}", f"-DSCALE={round(scale * 1000)}", "-nostdlib", "-static", "-fuse-ld=lld", "-o", elf, *flags]
    command += [HERE / "guest" / name for name in sources]
    command += [RUNTIME / "console.c", RUNTIME / "builtins.c"]
    if form == "bare":
        command += [f"-Wl,-T,{RUNTIME / 'link.ld'}", RUNTIME / "crt0.S", RUNTIME / "bare.c"]
    else:
        command += [HERE / "guest" / "linux.c"]
    try:
        subprocess.run(list(map(str, command)), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot build {elf.name} with {clang}: {error}") from None
    return elf
