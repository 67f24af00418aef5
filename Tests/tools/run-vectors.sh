#!/usr/bin/env bash
# Runs the vector kernels at several VLENs, on bare metal and as Linux programs: run-vectors.sh RVSIM FOLDER NAME...
# FOLDER holds rvv-NAME.elf and rvv-NAME-linux.elf. All must exit with 0 and print the same at every VLEN.
set -euo pipefail

rvsim=${1:?usage: run-vectors.sh RVSIM FOLDER NAME...}
folder=${2:?usage: run-vectors.sh RVSIM FOLDER NAME...}
shift 2
vlens=(64 128 256 512 1024 4096 65536)
failures=0
runs=0

fail() {
    echo "run-vectors: $*" >&2
    failures=$((failures + 1))
}

echo
for name in "$@"; do
    first=
    for vlen in "${vlens[@]}"; do
        for elf in "$folder/rvv-$name.elf" "$folder/rvv-$name-linux.elf"; do
            status=0
            line=$("$rvsim" run --vlen "$vlen" "$elf" </dev/null 2>&1) || status=$?
            runs=$((runs + 1))
            first=${first:-$line}
            if ((status != 0)); then
                fail "$elf at VLEN $vlen: exit status $status: $line"
            elif [[ $line != "$first" ]]; then
                fail "$elf at VLEN $vlen prints something else: $line"
            fi
        done
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
    echo "sgemm 64 x 64 x 64 at VLEN $vlen: $((twice - once)) instructions"
done
if ((failures > 0)); then
    echo "vectors: $failures of $runs runs failed" >&2
    exit 1
fi
echo "vectors: all $runs runs exited with 0 and print the same at VLEN ${vlens[*]}"
