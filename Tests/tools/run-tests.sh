#!/usr/bin/env bash
# Runs a test command, keeps what it says in a log, and repeats its closing lines at the end: run-tests.sh LOG COMMAND...
# A run in which no test ran is a failure.
set -euo pipefail

log=${1:?usage: run-tests.sh LOG COMMAND...}
shift
mkdir -p "$(dirname "$log")"

status=0
"$@" </dev/null 2>&1 | tee "$log" || status=${PIPESTATUS[0]}

echo
echo "== tests: closing lines (all of it in $log)"
grep -E 'Test .* skipped' "$log" || true
# Both runners report: XCTest ("Executed N tests") and Swift Testing ("Test run with N tests").
grep -E 'Executed [0-9]+ tests?|Test run with [0-9]+ tests?|^error:|recorded an issue|✘' "$log" | tail -n 25 || true

ran=$(grep -oE '(Executed|Test run with) [0-9]+ test' "$log" | grep -oE '[0-9]+' | sort -n | tail -n 1 || true)
if ((status == 0 && ${ran:-0} == 0)); then
    echo "tests: no test ran" >&2
    status=1
fi
# Measured silicon lies beside the project where it is judged: there it has to be looked at.
if [[ -n ${CI:-} ]] && grep -q 'skipped: "no shared/silicon' "$log"; then
    echo "tests: the comparison with measured silicon was skipped" >&2
    status=1
fi
skipped=$(grep -cE 'Test .* skipped' "$log" || true)
if ((status == 0)); then
    if ((skipped > 0)); then echo "$((ran - skipped)) passed, 0 failed, $skipped skipped"; else echo "$ran passed, 0 failed"; fi
else
    echo "tests: FAILED (exit status $status)"
fi
exit "$status"
