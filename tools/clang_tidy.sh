#!/usr/bin/env bash
# clang-tidy-19 over every source file that is not a test, with clang's thread-safety analysis.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/build.sh tidy embedded # generated headers must be there to be included
mapfile -t files < <(git ls-files 'src/*.cc' 'bench/*.cc' | grep -v '_test\.cc$')
run-clang-tidy-19 -quiet -p build/tidy -j "$(nproc)" "${files[@]}" 2>/dev/null >build/tidy.log || {
    grep -E -A6 'error:|warning:' build/tidy.log | head -200
    exit 1
}
echo "clang-tidy: ${#files[@]} files, nothing found"
