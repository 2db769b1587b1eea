#!/usr/bin/env bash
# mutants.sh [NAME...]: are the tests worth anything? Each patch in tests/mutants breaks one rule on
# purpose (<= becomes <, a dropped window, another dedup key). It is applied to a copy of HEAD, and the
# test that it names in its first line, "Red: TARGET TEST" (what to build, what CTest runs), must fail.
# A mutant that survives is a hole.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
copy=$repository/build/mutants
tools/make_ready.sh test

git worktree prune
if [ ! -d "$copy" ]; then git worktree add -q --detach "$copy" HEAD; fi
git -C "$copy" checkout -q --force --detach "$(git rev-parse HEAD)"
git -C "$copy" clean -qfd -e build -e node_modules
[ -e "$copy/node_modules" ] || cp -al node_modules "$copy/node_modules"

passed=0
failed=0
for patch in tests/mutants/*.patch; do
    name=$(basename "$patch" .patch)
    if [ $# -gt 0 ] && ! [[ " $* " == *" $name "* ]]; then continue; fi
    read -r _ target test <"$patch"
    patch -s -d "$copy" -p1 <"$patch"
    if ! "$copy/tools/build.sh" dev "$target"; then
        echo "BROKEN    $name does not build"
        failed=$((failed + 1))
    elif ctest --test-dir "$copy/build/dev" -R "^$test\$" >"$copy/build/mutant.log" 2>&1; then
        echo "SURVIVED  $name: $test stayed green"
        failed=$((failed + 1))
    else
        echo "killed    $name by $test"
        passed=$((passed + 1))
    fi
    patch -s -R -d "$copy" -p1 <"$patch"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
