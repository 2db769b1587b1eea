#!/usr/bin/env bash
# Every test, in the order in which a mistake is most cheaply found: all tests under ASan and UBSan,
# then what has threads under TSan, then what takes a fast binary.
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

# What threads share, alone; and then the whole program on a small job, for what they share there.
run_tsan() {
    local threaded=(support_test webhook_test in_memory_queue_test queue_consumer_test
        event_producer_test journey_index_test many_writers_test)
    local names
    names=$(IFS='|' && echo "${threaded[*]}")
    tools/build.sh tsan "${threaded[@]}" footfall &&
        ctest --test-dir build/tsan --output-on-failure -j 2 -R "^($names)\$" &&
        TSAN_OPTIONS="suppressions=$PWD/tests/tsan_suppressions.txt halt_on_error=1" \
            build/tsan/footfall demo --users 5000 --threads 4 --port 18880
}

step "every test, sanitized (ASan, UBSan)" run_ctest
step "what has threads, sanitized (TSan)" run_tsan
step "the release binary" tools/build.sh release
step "the main job: footfall demo" build/release/footfall demo

echo "== $((passed + failed)) steps"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
