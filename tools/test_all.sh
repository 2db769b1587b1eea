#!/usr/bin/env bash
# Every test, in the order in which a mistake is most cheaply found: all tests under ASan and UBSan,
# then what takes a fast binary.
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
    tools/build.sh dev && ctest --test-dir build/dev --output-on-failure -j 2
}

step "every test, sanitized (ASan, UBSan)" run_ctest
step "the release binary" tools/build.sh release
step "the main job: footfall demo" build/release/footfall demo

echo "== $((passed + failed)) steps"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
