#!/usr/bin/env bash
# What a change has to pass besides the tests: format, structure, documentation, lint.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/make_ready.sh test
git ls-files '*.cc' '*.h' | xargs clang-format-19 --dry-run -Werror
echo "clang-format: nothing to change"
node_modules/.bin/prettier --check --log-level warn --ignore-path dashboard/.prettierignore dashboard
echo "prettier: nothing to change"
mapfile -t scripts < <(git ls-files | xargs grep -lE '^#!/usr/bin/env bash' --)
shellcheck "${scripts[@]}"
echo "shellcheck: ${#scripts[@]} scripts, nothing found"
python3 tools/tidy.py
python3 tools/assignment.py
# Last, because it takes minutes where many files have changed.
python3 tools/clang_tidy.py
