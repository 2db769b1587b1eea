#!/usr/bin/env bash
# Makes a Debian 12 machine ready: make_ready.sh build|test. Says what it installs, needs nothing
# typed, and does nothing where all is there. Sourced by nobody; ./run, ./test and ./dev call it.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root to install Debian packages, and there is no sudo: $*" >&2
        exit 1
    fi
}

# The packages of the lists that are not installed, one a line.
missing_packages() {
    local wanted package
    wanted=$(grep -hv '^#' "$@")
    # Node may have come from elsewhere, npm with it; Debian's are wanted only where it is missing.
    command -v npm >/dev/null || wanted="$wanted nodejs npm"
    for package in $wanted; do
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            echo "$package"
    done
}

install_debian_packages() {
    local missing
    missing=$(missing_packages "$@" | tr '\n' ' ')
    [ -n "${missing// /}" ] || return 0
    echo "Installing from Debian: $missing"
    as_root apt-get -qq update
    # shellcheck disable=SC2086 # one word a package is meant
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 $missing >/dev/null
}

install_npm_packages() {
    # npm writes this file last, so it tells whether the last install is whole and current.
    local done_mark=node_modules/.package-lock.json
    [ -f "$done_mark" ] && [ ! package-lock.json -nt "$done_mark" ] && return 0
    echo "Installing from npm what package-lock.json lists"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    touch "$done_mark"
}

case "${1:-}" in
build) install_debian_packages tools/packages_build.txt ;;
test) install_debian_packages tools/packages_build.txt tools/packages_test.txt ;;
*)
    echo "usage: tools/make_ready.sh build|test" >&2
    exit 2
    ;;
esac
install_npm_packages
