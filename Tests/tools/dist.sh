#!/usr/bin/env bash
# Makes the distribution for machines without Swift: dist.sh FOLDER EXAMPLES NAME...
# Run in the package's folder. Writes FOLDER/rvsim-<version>-linux-<arch>.tar.gz:
#   bin/rvsim         with the Swift library inside
#   lib/              the shared libraries it wants beyond glibc
#   examples/         NAME.elf and NAME-linux.elf of each example
#   share/licences/   the terms of all that is inside
# VERSION sets the version; otherwise rvsim or git says it.
set -euo pipefail

dist=${1:?usage: dist.sh FOLDER EXAMPLES NAME...}
examples=${2:?usage: dist.sh FOLDER EXAMPLES NAME...}
shift 2
here=$(dirname "$(readlink -f "$0")")
swift=${SWIFT:-swift}
arch=$(uname -m)

# RPATH, not RUNPATH (--disable-new-dtags): it also counts for the libraries' own libraries.
read -ra flags <<<"${RELEASE_FLAGS:?make dist sets it}"
flags+=(--scratch-path .build-dist --product rvsim)
# shellcheck disable=SC2016 # $ORIGIN is for the dynamic loader
flags+=(-Xlinker -rpath -Xlinker '$ORIGIN/../lib' -Xlinker --disable-new-dtags)
"$swift" build "${flags[@]}"
binary=$("$swift" build "${flags[@]}" --show-bin-path)/rvsim

version=${VERSION:-}
if [[ -z $version ]]; then
    version=$("$binary" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+[0-9A-Za-z.+-]*' | head -n 1 || true)
fi
if [[ -z $version ]]; then
    version=$(git describe --tags --always --dirty 2>/dev/null || echo 0)
fi
name=rvsim-$version-linux-$arch

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/$name
mkdir -p "$root/bin" "$root/lib" "$root/examples" "$root/share/licences"
strip --strip-debug -o "$root/bin/rvsim" "$binary"
for example in "$@"; do
    cp "$examples/$example.elf" "$examples/$example-linux.elf" "$root/examples/"
done

# The Debian package that a file belongs to; /lib and /usr/lib are one folder under two names.
owner() {
    local file=$1 other
    case $file in
        /usr/*) other=${file#/usr} ;;
        *) other=/usr$file ;;
    esac
    dpkg-query --search "$file" 2>/dev/null || dpkg-query --search "$other" 2>/dev/null
}

if ldd "$binary" | grep 'not found'; then
    echo "dist: libraries missing on this machine" >&2
    exit 1
fi
while read -r library; do
    package=$(owner "$library" || owner "$(readlink -f "$library")" || true)
    package=$(head -n 1 <<<"$package")
    package=${package%%:*}
    case $package in
        libc6) continue ;;
        "")
            echo "dist: $library belongs to no Debian package: its licence is unknown, so it cannot be bundled" >&2
            exit 1
            ;;
    esac
    echo "dist: bundling $(basename "$library") of $package"
    cp -L "$library" "$root/lib/"
    cp "/usr/share/doc/$package/copyright" "$root/share/licences/$package"
done < <(ldd "$binary" | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p')

# What is linked in: the Swift library and the packages.
licence=$(dirname "$("$here/toolchain.sh" clang)")/../share/swift/LICENSE.txt
if [[ ! -f $licence ]]; then
    echo "dist: the Swift toolchain has no $licence" >&2
    exit 1
fi
cp "$licence" "$root/share/licences/swift"
for folder in .build-dist/checkouts/*/; do
    if [[ -d $folder ]]; then
        cp "$folder"LICENSE* "$root/share/licences/$(basename "$folder")"
    fi
done
for file in LICENSE LICENSE.txt LICENSE.md README.md; do
    if [[ -f $file ]]; then
        cp "$file" "$root/"
    fi
done

# Debian's notices name the long licence texts by a path; those texts go along.
while read -r text; do
    cp -L "/usr/share/common-licenses/$text" "$root/share/licences/"
done < <(grep -ohE '/usr/share/common-licenses/[A-Za-z]+-[0-9.]*[0-9]' -r "$root/share/licences" | sed 's|.*/||' | sort -u)

mkdir -p "$dist"
when=$(git log -1 --format=%ct 2>/dev/null || echo 0)
tar --create --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r,go-w --mtime="@$when" "$name" \
    | gzip --no-name --best >"$dist/$name.tar.gz"
echo "dist: $dist/$name.tar.gz, $(du -h "$dist/$name.tar.gz" | cut -f1)"
echo "$name" >"$dist/latest"
