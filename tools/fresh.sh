#!/usr/bin/env bash
# fresh.sh [DIR]: is Footfall complete on a machine that has nothing? Makes a minimal Debian 12 root in
# DIR (default ./fresh), clones this repository's HEAD into it, and runs ./run and ./test there.
# Needs root and debootstrap. What the machine at hand needs to reach its package servers (apt's
# sources, CA certificates, npm's configuration, name servers) is copied in.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
root=${1:-$repository/fresh}

if [ "$(id -u)" != 0 ]; then
    echo "./dev fresh needs root: it makes a chroot" >&2
    exit 1
fi
command -v debootstrap >/dev/null || apt-get -qq install -y --no-install-recommends debootstrap

unmount_all() {
    for folder in dev/pts dev proc sys; do
        mountpoint -q "$root/$folder" && umount "$root/$folder"
    done
    return 0
}
trap unmount_all EXIT

copy_in() {
    [ -e "$1" ] || return 0
    mkdir -p "$root$(dirname "$1")"
    cp -a "$1" "$root$(dirname "$1")/"
}

rm -rf "$root"
mkdir -p "$root"
echo "Making a Debian 12 root in $root"
debootstrap --variant=minbase --include=ca-certificates,git bookworm "$root" >"$root.log" 2>&1

rm -f "$root/etc/apt/sources.list"
for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/resolv.conf \
    /usr/local/share/ca-certificates /etc/ssl/certs/ca-certificates.crt /root/.npmrc /usr/etc/npmrc; do
    copy_in "$path"
done
for folder in proc sys dev dev/pts; do
    mount --bind "/$folder" "$root/$folder"
done

git clone -q "file://$repository" "$root/root/footfall"
inside() {
    chroot "$root" env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        bash -c "cd /root/footfall && $1"
}
for script in ./run ./run ./test; do
    started=$SECONDS
    echo "== $script"
    inside "$script"
    echo "== $script: exit 0 after $((SECONDS - started)) s"
done
