#!/usr/bin/env bash
# model.sh CASES: both reports on that many seeded random cases, by Footfall through a real database and
# by a plain model in Python; every field must agree.
set -euo pipefail
cd "$(dirname "$0")/.."
cases=${1:-10000}
tools/make_ready.sh test
tools/build.sh dev report_cases
exec python3 -B tests/reports/model.py build/dev/tests/reports/report_cases --cases "$cases"
