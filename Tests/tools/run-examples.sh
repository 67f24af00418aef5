#!/usr/bin/env bash
# Runs every example both ways and sums up: run-examples.sh RVSIM FOLDER NAME[@VLEN]...
# FOLDER holds NAME.elf (bare metal) and NAME-linux.elf. Both must exit with 0 and print the same, at every VLEN.
set -euo pipefail

usage='usage: run-examples.sh RVSIM FOLDER NAME[@VLEN]...'
rvsim=${1:?$usage}
folder=${2:?$usage}
shift 2
declare -A printed=()
summary=()
failures=0

run() {
    local name=$1 vlen=$2 form=$3 elf=$4
    local output=$elf.txt stats=$elf.json status=0 instructions=- verdict=ok options=()
    if [[ -n $vlen ]]; then options=(--vlen "$vlen"); fi
    rm -f "$stats"
    echo "\$ rvsim run${vlen:+ --vlen $vlen} $elf"
    "$rvsim" run "${options[@]}" --stats "$stats" --stats-format json "$elf" </dev/null >"$output" || status=$?
    cat "$output"
    if [[ -s $stats ]]; then
        instructions=$(grep -oE '"instructions" *: *[0-9]+' "$stats" | grep -oE '[0-9]+' | head -n 1 || true)
    fi
    : "${printed[$name]:=$(<"$output")}"
    if ((status != 0)); then
        verdict=FAILED
    elif [[ $(<"$output") != "${printed[$name]}" ]]; then
        verdict='FAILED: differs from the first run'
    fi
    [[ $verdict == ok ]] || failures=$((failures + 1))
    summary+=("$(printf '%-14s %5s  %-11s %4d  %12s  %s' "$name" "${vlen:--}" "$form" "$status" "${instructions:--}" "$verdict")")
}

for name in "$@"; do
    vlen=
    if [[ $name == *@* ]]; then vlen=${name#*@}; fi
    name=${name%@*}
    run "$name" "$vlen" "bare metal" "$folder/$name.elf"
    run "$name" "$vlen" Linux "$folder/$name-linux.elf"
done

echo
printf '%-14s %5s  %-11s %4s  %12s  %s\n' example VLEN form exit instructions result
printf '%s\n' "${summary[@]}"
if ((failures > 0)); then
    echo "examples: $failures of ${#summary[@]} runs failed" >&2
    exit 1
fi
echo "examples: all ${#summary[@]} runs exited with 0; each prints the same on bare metal, as a Linux program and at every VLEN"
