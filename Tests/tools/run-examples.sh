#!/usr/bin/env bash
# Runs every example both ways and sums up: run-examples.sh RVSIM FOLDER NAME...
# FOLDER holds NAME.elf (bare metal) and NAME-linux.elf. Both must exit with 0 and print the same.
set -euo pipefail

rvsim=${1:?usage: run-examples.sh RVSIM FOLDER NAME...}
folder=${2:?usage: run-examples.sh RVSIM FOLDER NAME...}
shift 2
summary=()
failures=0

run() {
    local name=$1 form=$2 elf=$3
    local output=$elf.txt stats=$elf.json status=0 instructions=- verdict=ok
    rm -f "$stats"
    echo "\$ rvsim run $elf"
    "$rvsim" run --stats "$stats" --stats-format json "$elf" </dev/null >"$output" || status=$?
    cat "$output"
    if [[ -s $stats ]]; then
        instructions=$(grep -oE '"instructions" *: *[0-9]+' "$stats" | grep -oE '[0-9]+' | head -n 1 || true)
    fi
    if ((status != 0)); then
        verdict=FAILED
    elif [[ $form == Linux ]] && ! cmp -s "$output" "$folder/$name.elf.txt"; then
        verdict="FAILED: differs from bare metal"
    fi
    [[ $verdict == ok ]] || failures=$((failures + 1))
    summary+=("$(printf '%-10s %-11s %4d  %12s  %s' "$name" "$form" "$status" "${instructions:--}" "$verdict")")
}

for name in "$@"; do
    run "$name" "bare metal" "$folder/$name.elf"
    run "$name" Linux "$folder/$name-linux.elf"
done

echo
printf '%-10s %-11s %4s  %12s  %s\n' example form exit instructions result
printf '%s\n' "${summary[@]}"
if ((failures > 0)); then
    echo "examples: $failures of ${#summary[@]} runs failed" >&2
    exit 1
fi
echo "examples: all ${#summary[@]} runs exited with 0, bare metal and Linux print the same"
