#!/usr/bin/env bash
# Prints the path of a tool that belongs to the Swift toolchain on PATH: toolchain.sh clang|ld.lld|llvm-objdump|...
# PATH itself is not searched for it, because another clang or llvm-objdump may stand earlier there.
set -euo pipefail

tool=${1:?usage: toolchain.sh TOOL}

if ! swift=$(command -v swift); then
    echo "toolchain: no 'swift' on PATH: install Swift 6.2 or newer from swift.org and put its usr/bin on PATH" >&2
    exit 1
fi

folder=$(dirname "$(readlink -f "$swift")")
if [[ ! -x $folder/$tool ]]; then
    # `swift` may be a launcher (swiftly): ask the toolchain where it lives.
    resources=$("$swift" -print-target-info | sed -n 's/.*"runtimeResourcePath": *"\(.*\)".*/\1/p')
    folder=$(dirname "$(dirname "$resources")")/bin
fi
if [[ ! -x $folder/$tool ]]; then
    echo "toolchain: the Swift toolchain of $swift has no $tool" >&2
    exit 1
fi
echo "$folder/$tool"
