#!/usr/bin/env bash
# Runs the matrix kernels on tiles of several shapes, on bare metal and as Linux programs: run-matrices.sh RVSIM FOLDER NAME...
# FOLDER holds rvm-NAME.elf and rvm-NAME-linux.elf for version 0.6 and, but for those without, rvm03-NAME.elf and its like for 0.3.
# All must exit with 0 and print the same whatever the shape.
set -euo pipefail

rvsim=${1:?usage: run-matrices.sh RVSIM FOLDER NAME...}
folder=${2:?usage: run-matrices.sh RVSIM FOLDER NAME...}
shift 2
# TLEN:TRLEN, from tiles of one column to tiles of one row.
shapes=(512:128 512:32 512:512 2048:256 8192:512 65536:2048)
rlens=(128 256 512)
accumulations=(dot-then-add chain-from-c exact)
failures=0
runs=0

# Runs one program; what it prints must be what the first run of this kernel and version printed.
try() {
    local elf=$1 status=0 line
    shift
    line=$("$rvsim" run "$@" "$elf" </dev/null 2>&1) || status=$?
    runs=$((runs + 1))
    first=${first:-$line}
    if ((status != 0)) || [[ $line != "$first" ]]; then
        echo "run-matrices: $elf with $*: exit status $status: $line" >&2
        failures=$((failures + 1))
    fi
}

# Every tile with every order of sums; forms and VLENs by turns.
forms=("" -linux)
vlens=(128 1024)
echo
for name in "$@"; do
    first=
    turn=0
    for shape in "${shapes[@]}"; do
        for accumulation in "${accumulations[@]}"; do
            try "$folder/rvm-$name${forms[turn % 2]}.elf" --rvm-tlen "${shape%:*}" --rvm-trlen "${shape#*:}" --rvm-outside poison \
                --rvm-accumulate "$accumulation" --vlen "${vlens[turn / 2 % 2]}"
            turn=$((turn + 1))
        done
    done
    echo "$first"
    [[ -e $folder/rvm03-$name.elf ]] || continue
    first=
    for rlen in "${rlens[@]}"; do
        for accumulation in "${accumulations[@]}"; do
            try "$folder/rvm03-$name${forms[turn % 2]}.elf" --rvm 0.3 --rvm-rlen "$rlen" \
                --rvm-accumulate "$accumulation" --vlen "${vlens[turn / 2 % 2]}"
            turn=$((turn + 1))
        done
    done
    echo "$first"
done
if ((failures > 0)); then
    echo "matrices: $failures of $runs runs failed" >&2
    exit 1
fi
echo "matrices: all $runs runs exited with 0 and print the same with tiles of ${shapes[*]} bits (0.6), rows of ${rlens[*]} bits (0.3)"
