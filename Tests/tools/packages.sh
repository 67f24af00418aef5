#!/usr/bin/env bash
# Installs those of the named Debian or Ubuntu packages that are missing: packages.sh NAME...
# Touches nothing when none is. Exits 1, naming what is missing, when they cannot be installed.
set -euo pipefail

if ! command -v dpkg-query >/dev/null; then
    echo "packages: neither Debian nor Ubuntu, nothing is installed; the equivalents of these are needed: $*" >&2
    exit 0
fi

installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

missing=()
for package in "$@"; do
    installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "packages: missing: ${missing[*]}; not root and no sudo: install them with apt-get, then repeat" >&2
        exit 1
    fi
    as_root=(sudo)
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=2 "$@" </dev/null
}

echo "packages: installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A stale or absent list may still do for the installation, so a failed update is not the end.
apt update >"$log" 2>&1 || true
if ! apt install --yes --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "packages: missing and could not be installed (no network, or no rights?): ${missing[*]}" >&2
    exit 1
fi
