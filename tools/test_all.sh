#!/usr/bin/env bash
# Every test, in the order in which a mistake is most cheaply found: unit and socket tests under
# ASan and UBSan, what has threads under TSan, then the release binary end to end.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/make_ready.sh test
passed=0
failed=0

# Runs one named step and counts it; its output is shown as it comes.
step() {
    local name=$1
    shift
    echo "== $name"
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "== FAILED: $name"
    fi
}

run_ctest() {
    local preset=$1
    shift
    tools/build.sh "$preset" && ctest --test-dir "build/$preset" --output-on-failure "$@"
}

step "unit, socket and report tests (ASan, UBSan)" run_ctest dev -j 2
step "tests with threads (TSan)" run_ctest tsan
step "the release binary" tools/build.sh release
step "end to end" ctest --test-dir build/release --output-on-failure

echo "== $((passed + failed)) steps"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
