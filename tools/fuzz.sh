#!/usr/bin/env bash
# fuzz.sh SECONDS: runs every libFuzzer target for that long on its kept corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
tools/make_ready.sh test
tools/build.sh fuzz fuzzers
for target in build/fuzz/fuzz/*_fuzz; do
    name=$(basename "$target")
    mkdir -p "build/fuzz/corpus/$name"
    seeds=("build/fuzz/corpus/$name")
    [ -d "fuzz/corpus/$name" ] && seeds+=("fuzz/corpus/$name")
    echo "== $name, $seconds s"
    "$target" -max_total_time="$seconds" -timeout=1 -rss_limit_mb=512 -print_final_stats=1 \
        "${seeds[@]}" 2>&1 | grep -E 'stat::|ERROR|SUMMARY|Test unit' || true
    test "${PIPESTATUS[0]}" = 0
done
