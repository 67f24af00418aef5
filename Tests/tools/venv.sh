#!/usr/bin/env bash
# Makes a private Python environment with pinned packages: venv.sh FOLDER REQUIREMENT...
# Does nothing if the folder already holds exactly these.
set -euo pipefail

folder=${1:?usage: venv.sh FOLDER REQUIREMENT...}
shift

# Debian's own Python: another one on PATH may lack venv or be too new for the wheels.
python=${PYTHON:-/usr/bin/python3}
[[ -x $python ]] || python=python3

stamp=$folder/requirements
if [[ -f $stamp && $(<"$stamp") == "$*" ]]; then
    exit 0
fi
echo "venv: installing $* into $folder"
rm -rf "$folder"
if ! "$python" -m venv "$folder"; then
    echo "venv: $python cannot make a virtual environment: is python3-venv installed?" >&2
    exit 1
fi
if ! "$folder/bin/python" -m pip install --quiet --pre --only-binary :all: "$@" </dev/null; then
    echo "venv: could not be installed from PyPI (no network, or no wheel for $("$python" --version)?): $*" >&2
    exit 1
fi
echo "$*" >"$stamp"
