#!/usr/bin/env bash
# Runs the vector kernels at several VLENs, on bare metal and as Linux programs: run-vectors.sh RVSIM FOLDER NAME...
# FOLDER holds rvv-NAME.elf and rvv-NAME-linux.elf. All must exit with 0 and print the same at every VLEN.
set -euo pipefail

rvsim=${1:?usage: run-vectors.sh RVSIM FOLDER NAME...}
folder=${2:?usage: run-vectors.sh RVSIM FOLDER NAME...}
shift 2
vlens=(64 128 256 512 1024 2048 4096 8192 16384 32768 65536)
# Other choices that the specification allows, none of which a correct kernel can tell.
choices=(--agnostic ones --vl half --reduction random:1)
failures=0
runs=0

fail() {
    echo "run-vectors: $*" >&2
    failures=$((failures + 1))
}

# Runs one program; what it prints must be what the first run printed.
try() {
    local name=$1 elf=$2 status=0 line
    shift 2
    line=$("$rvsim" run "$@" "$elf" </dev/null 2>&1) || status=$?
    runs=$((runs + 1))
    first=${first:-$line}
    if ((status != 0)); then
        fail "$name: $elf with $*: exit status $status: $line"
    elif [[ $line != "$first" ]]; then
        fail "$name: $elf with $* prints something else: $line"
    fi
}

echo
for name in "$@"; do
    first=
    for vlen in "${vlens[@]}"; do
        for form in "" -linux; do
            try "$name" "$folder/rvv-$name$form.elf" --vlen "$vlen"
        done
    done
    for vlen in 64 256 1024; do
        try "$name" "$folder/rvv-$name.elf" --vlen "$vlen" "${choices[@]}"
    done
    echo "$first"
done

# What wider vectors are for: one product, in fewer instructions. (A run with two products less a run with one.)
count() {
    local stats=$folder/rvv-sgemm.json
    "$rvsim" run --vlen "$1" --stats "$stats" --stats-format json "$2" >/dev/null </dev/null
    grep -oE '"instructions" *: *[0-9]+' "$stats" | grep -oE '[0-9]+' | head -n 1
}
echo
for vlen in 128 1024; do
    once=$(count "$vlen" "$folder/rvv-sgemm.elf")
    twice=$(count "$vlen" "$folder/rvv-sgemm-twice.elf")
    echo "rvv sgemm at VLEN $vlen: $((twice - once)) instructions for one product"
done
if ((failures > 0)); then
    echo "vectors: $failures of $runs runs failed" >&2
    exit 1
fi
echo "vectors: all $runs runs exited with 0 and print the same at VLEN ${vlens[*]},"
echo "also with ${choices[*]}"
