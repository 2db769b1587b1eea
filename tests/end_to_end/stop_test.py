"""Stops: in time, whatever hangs, and without a loss."""

import signal
import time
import unittest

from footfall_process import FolderTest, Server, run, wait_until
from ledger import FULL, Ledger, Load, check, tally

STOPPED_S_MAX = 10
AT_ONCE_S_MAX = 1


class Stop(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.ledger = Ledger(int(time.time()))

    def stop_under_load(self, signals, code, within_s, **env):
        """The last of the signals ends it with that code, in time."""
        load = Load(self.ledger)
        target = len(self.ledger.acknowledged) + 200
        with Server(self.data, **env) as server:
            load.aim(server)
            wait_until(lambda: len(self.ledger.acknowledged) > target)
            for sig in signals[:-1]:
                server.process.send_signal(sig)
                time.sleep(0.5)
            self.assertIsNone(server.process.poll(), server.log())
            began = time.monotonic()
            self.assertEqual(server.stop(signals[-1]), code, server.log())
            took_s = time.monotonic() - began
        tally.slowest_stop_s = max(tally.slowest_stop_s, took_s)
        if FULL:
            self.assertLess(took_s, within_s)
        with Server(self.data) as server:
            load.aim(server)
            load.finish()
            check(self, server, self.ledger)
        tally.faults["stops"] += 1
        tally.acknowledged += len(self.ledger.acknowledged)

    def test_under_load_exits_0(self):
        self.stop_under_load([signal.SIGTERM], 0, STOPPED_S_MAX)

    def test_with_a_database_that_hangs_exits_0(self):
        for point in ("database.before_commit", "database.before_checkpoint") if FULL else ("database.before_commit",):
            with self.subTest(point=point):
                self.stop_under_load([signal.SIGTERM], 0, STOPPED_S_MAX, FOOTFALL_STALL_AT=f"{point}:1")

    def test_the_second_signal_ends_it_at_once(self):
        self.stop_under_load([signal.SIGTERM, signal.SIGTERM], -signal.SIGTERM, AT_ONCE_S_MAX,
                             FOOTFALL_STALL_AT="database.before_commit:1")

    @unittest.skipUnless(FULL, "what it says is in cli_test.py; this is how fast")
    def test_a_second_server_on_the_folder_goes_at_once(self):
        with Server(self.data):
            began = time.monotonic()
            self.assertEqual(run("serve", "--port", 0, "--data-dir", self.data).returncode, 1)
            self.assertLess(time.monotonic() - began, AT_ONCE_S_MAX)


if __name__ == "__main__":
    unittest.main()
