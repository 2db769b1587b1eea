#!/usr/bin/env bash
# model.sh CASES: both reports on that many seeded random cases, by Footfall through a real database and
# by a plain model in Python; every field must agree.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=${1:-10000}
tools/make_ready.sh test
tools/build.sh fast report_cases # under ASan a case takes several times as long
exec python3 -B tests/reports/model.py build/fast/tests/reports/report_cases --cases "$cases"
