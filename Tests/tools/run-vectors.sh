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

# What wider vectors are for: the same product in fewer instructions.
echo
printf '%-12s %6s  %12s\n' kernel VLEN instructions
for vlen in 128 1024; do
    stats=$folder/rvv-sgemm.json
    "$rvsim" run --vlen "$vlen" --stats "$stats" --stats-format json "$folder/rvv-sgemm.elf" >/dev/null </dev/null
    instructions=$(grep -oE '"instructions" *: *[0-9]+' "$stats" | grep -oE '[0-9]+' | head -n 1 || true)
    printf '%-12s %6d  %12s\n' sgemm "$vlen" "${instructions:--}"
done
if ((failures > 0)); then
    echo "vectors: $failures of $runs runs failed" >&2
    exit 1
fi
echo "vectors: all $runs runs exited with 0 and print the same at VLEN ${vlens[*]}"
