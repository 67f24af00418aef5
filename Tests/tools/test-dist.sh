#!/usr/bin/env bash
# Unpacks the distribution in a bare Debian (or Ubuntu) and runs it there: test-dist.sh FOLDER CHROOT
# CHROOT is made once and kept. The suite is this machine's own: a binary needs the glibc it was linked with, or a newer one.
# SUITE=name takes another, MIRROR=address another mirror. Where no chroot can be made, the test says why and is skipped.
set -euo pipefail

dist=${1:?usage: test-dist.sh FOLDER CHROOT}
chroot=${2:?usage: test-dist.sh FOLDER CHROOT}
name=$(<"$dist/latest")
# shellcheck source=/dev/null
suite=${SUITE:-$(. /etc/os-release && echo "${VERSION_CODENAME:-}")}

skip() {
    echo "test-dist: skipped: $1"
    exit 0
}

as_root=()
if ((EUID != 0)); then
    sudo -n true 2>/dev/null || skip "neither root nor sudo without a password, so no chroot"
    as_root=(sudo -n)
fi
[[ -n $suite ]] || skip "/etc/os-release names no suite; set SUITE"
[[ -x /usr/sbin/debootstrap ]] || skip "debootstrap is not installed"
"${as_root[@]}" unshare --mount true 2>/dev/null || skip "this machine does not allow mount name spaces (a container?)"

if [[ ! -f $chroot/complete || $(<"$chroot/complete") != "$suite" ]]; then
    echo "test-dist: making a bare $suite in $chroot"
    "${as_root[@]}" rm -rf "$chroot"
    mkdir -p "$chroot"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    if ! "${as_root[@]}" /usr/sbin/debootstrap --variant=minbase "$suite" "$chroot/root" ${MIRROR:+"$MIRROR"} \
        </dev/null >"$log" 2>&1; then
        tail -n 5 "$log"
        skip "debootstrap $suite failed (no network, or no rights to make devices?)"
    fi
    echo "$suite" >"$chroot/complete"
fi

root=$chroot/root
"${as_root[@]}" rm -rf "$root/opt/rvsim"
"${as_root[@]}" mkdir -p "$root/opt/rvsim"
"${as_root[@]}" tar --extract --gzip --file "$dist/$name.tar.gz" --directory "$root/opt/rvsim" --strip-components=1

# The mounts go when the name space does. The loader needs /proc for $ORIGIN.
inside() {
    # shellcheck disable=SC2016 # for the inner shell
    "${as_root[@]}" unshare --mount --propagation private sh -euc \
        'root=$1; shift; mount -t proc proc "$root/proc"; exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin "$@"' \
        sh "$root" "$@" </dev/null
}
if ! inside true; then
    skip "no /proc can be mounted in the chroot"
fi

failures=0
try() {
    local status=0
    echo "\$ $*"
    inside "$@" || status=$?
    if ((status != 0)); then
        echo "test-dist: exit status $status" >&2
        failures=$((failures + 1))
    fi
}

try /opt/rvsim/bin/rvsim --help
while read -r example; do
    try /opt/rvsim/bin/rvsim run "/opt/rvsim/examples/$example"
done < <(cd "$root/opt/rvsim/examples" && ls)
# Through a link elsewhere, as people install it.
inside ln -sf /opt/rvsim/bin/rvsim /usr/bin/rvsim
try rvsim --help

if ((failures > 0)); then
    echo "test-dist: $failures commands failed in a bare $suite" >&2
    exit 1
fi
echo "test-dist: $name runs in a bare $suite"
