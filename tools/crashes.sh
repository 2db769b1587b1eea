#!/usr/bin/env bash
# crashes.sh [TEST...]: real servers killed 100 times at random and three times at every named point,
# on full disks, with syncs that fail, without power, and stopped. TEST: a module of tests/end_to_end,
# or a class or test in it. The last line says what was shown; "SKIPPED" says what was not.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- crash_test crash_points_test disk_full_test sync_error_test power_loss_test stop_test
tools/make_ready.sh test
tools/build.sh fast footfall # under ASan a start takes several times as long
export FOOTFALL_TEST_BINARY=$PWD/build/fast/footfall
cd tests/end_to_end
FOOTFALL_TEST_FULL=1 exec python3 -B -m unittest -v "$@"
