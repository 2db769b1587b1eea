#!/usr/bin/env bash
# mutants.sh [NAME...]: are the tests worth anything? Each patch in tests/mutants breaks one rule on
# purpose (<= becomes <, a dropped window, another dedup key). It is applied to a copy of HEAD, and the
# test that it names in its first line, "Red: TARGET TEST" (what to build, what CTest runs), must fail
# where it passed before. A mutant that survives is a hole.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
copy=$repository/build/mutants
tools/make_ready.sh test

git worktree prune
if [ ! -d "$copy" ]; then git worktree add -q --detach "$copy" HEAD; fi
git -C "$copy" checkout -q --force --detach "$(git rev-parse HEAD)"
git -C "$copy" clean -qfd -e build -e node_modules
mkdir -p "$copy/build"
[ -e "$copy/node_modules" ] || cp -al node_modules "$copy/node_modules"

builds() { "$copy/tools/build.sh" dev "$1" >"$copy/build/mutant.log" 2>&1; }
passes() { ctest --test-dir "$copy/build/dev" -R "^$1\$" >"$copy/build/mutant.log" 2>&1; }

# Whether the test passes without a patch, asked once for each: a test that is always red proves nothing.
declare -A sound
is_sound() {
    [ -n "${sound[$2]:-}" ] || sound[$2]=$(builds "$1" && passes "$2" && echo yes || echo no)
    [ "${sound[$2]}" = yes ]
}

# Says what became of one mutant; succeeds where it was killed.
try() {
    local name=$1 target=$2 test=$3
    if ! builds "$target"; then
        echo "BROKEN    $name does not build"
        cat "$copy/build/mutant.log"
    elif passes "$test"; then
        echo "SURVIVED  $name: $test stayed green"
    else
        echo "killed    $name by $test"
        return 0
    fi
    return 1
}

passed=0
failed=0
for patch in tests/mutants/*.patch; do
    name=$(basename "$patch" .patch)
    if [ $# -gt 0 ] && ! [[ " $* " == *" $name "* ]]; then continue; fi
    read -r _ target test <"$patch"
    if ! is_sound "$target" "$test"; then
        echo "UNSOUND   $name: $test fails without it"
        failed=$((failed + 1))
        continue
    fi
    patch -s -d "$copy" -p1 <"$patch"
    if try "$name" "$target" "$test"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    patch -s -R -d "$copy" -p1 <"$patch"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
