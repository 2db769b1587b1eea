#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures where that is needed and builds. Quiet when there is
# nothing to do; on failure it shows the compiler's words.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift

mkdir -p build
configured=build/$preset.configured # of its own: CMake writes its files anew at many a build
if [ ! -f "build/$preset/build.ninja" ] || [ ! "$configured" -nt CMakePresets.json ]; then
    echo "Configuring build/$preset"
    cmake --preset "$preset" >"build/$preset.configure.log" 2>&1 || {
        cat "build/$preset.configure.log"
        exit 1
    }
    touch "$configured"
fi
started=$SECONDS
if [ -t 1 ]; then
    cmake --build "build/$preset" ${1:+--target "$@"}
else
    cmake --build "build/$preset" ${1:+--target "$@"} >"build/$preset.log" 2>&1 || {
        grep -v '^\[' "build/$preset.log" | head -200
        exit 1
    }
fi
[ $((SECONDS - started)) -lt 5 ] || echo "Built build/$preset in $((SECONDS - started)) s"
