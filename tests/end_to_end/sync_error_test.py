"""Syncs that fail: what waits for one is refused, no file is synced again, and the server stops at once."""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from footfall_process import TIMEOUT_S, FolderTest, NotStarted, Server, wait_until
from ledger import FULL, Ledger, Load, check, start_again, tally
from mounts import skip

# Footfall's own files are synced by fdatasync, and its folders by fsync; DuckDB's files by fsync.
SYNCS = range(1, 61) if FULL else (1, 2, 25)  # of the journal's thread, a new segment's among them
DATABASE_SYNCS = range(1, 6) if FULL else (1,)
STOPPED_S_MAX = 1
SMALL_FILES = ("--journal-segment-mb", 1)
# LeakSanitizer traces its process as strace does, and only one can.
UNDER_STRACE = {"ASAN_OPTIONS": "detect_leaks=0"}


def strace(call, n, log, *more):
    """Fails the n-th such call of each thread with EIO."""
    return ["strace", "-f", "-ttt", "-y", "-o", str(log), "-e", f"trace={call}",
            "-e", f"inject={call}:error=EIO:when={n}", *map(str, more)]


class Attached:
    """strace on a running server, until that ends or the `with` does."""

    def __init__(self, server, *arguments):
        self.process = subprocess.Popen([*strace(*arguments), "-p", str(server.process.pid)],
                                        stderr=subprocess.PIPE, text=True)
        self.process.stderr.readline()  # "attached"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=TIMEOUT_S)


class SyncErrors(FolderTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("strace"):
            skip(self, "strace is not installed")
        if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode != 0:
            skip(self, "no process can be traced here")
        self.data = self.folder / "data"
        self.log = self.folder / "strace.log"
        self.ledger = Ledger(int(time.time()))

    def go_on(self, load=None):
        with start_again(self, self.data, *SMALL_FILES) as server:
            if load:
                load.aim(server)
                load.finish()
            check(self, server, self.ledger)

    def test_the_nth_sync_of_the_journal_fails_under_load(self):
        for n in SYNCS:
            with self.subTest(n=n):
                load = Load(self.ledger, batch_events_max=100, padding_bytes=2000)
                with Server(self.data, *SMALL_FILES, **UNDER_STRACE) as server:
                    with Attached(server, "fdatasync", n, self.log):
                        refused = self.ledger.answers[503]
                        load.aim(server)
                        self.assertEqual(server.process.wait(TIMEOUT_S), 1, server.log())
                    self.assertGreater(self.ledger.answers[503], refused, "what waits for the sync is refused")
                    self.assertIn("The server stops", server.log())
                self.assert_not_synced_again()
                self.go_on(load)
                tally.faults["failed syncs"] += 1
        tally.acknowledged += len(self.ledger.acknowledged)

    def assert_not_synced_again(self):
        """And stopped in time, as the trace has it."""
        lines = self.log.read_text().splitlines()
        failed = [i for i, line in enumerate(lines) if "(INJECTED)" in line]
        self.assertEqual(len(failed), 1, lines)
        file = re.search(r"fdatasync\((\d+<[^>]*>)", lines[failed[0]])[1]
        self.assertEqual([line for line in lines[failed[0] + 1:] if f"fdatasync({file}" in line], [])
        stopped_in_s = float(lines[-1].split()[1]) - float(lines[failed[0]].split()[1])
        tally.slowest_stop_s = max(tally.slowest_stop_s, stopped_in_s)
        if FULL:
            self.assertLess(stopped_in_s, STOPPED_S_MAX)

    def test_the_nth_sync_of_a_start_fails(self):
        """Of every n, until a start has no more of them."""
        for call in ("fdatasync", "fsync") if FULL else ("fdatasync",):
            for n in itertools.count(1):
                with self.subTest(call=call, n=n):
                    self.leave_behind_a_crash()
                    failed = self.start_with_failing(call, n)
                    self.go_on()
                    tally.faults["failed syncs of a start"] += failed
                    if not failed:
                        self.assertGreater(n, 1, "a start syncs")
                        break
        tally.acknowledged += len(self.ledger.acknowledged)

    def leave_behind_a_crash(self):
        load = Load(self.ledger)
        target = len(self.ledger.acknowledged) + 50
        with Server(self.data, *SMALL_FILES) as server:
            load.aim(server)
            wait_until(lambda: len(self.ledger.acknowledged) > target)
            load.finish()
            server.stop(signal.SIGKILL)

    def start_with_failing(self, call, n):
        """Whether a sync failed. The server refuses to start then, or has found a way around it."""
        try:
            with Server(self.data, *SMALL_FILES, under=strace(call, n, self.log), **UNDER_STRACE) as server:
                os.kill(json.loads((self.data / "server.json").read_text())["pid"], signal.SIGKILL)
                server.process.wait(TIMEOUT_S)
        except NotStarted as refused:
            self.assertEqual(refused.returncode, 1, refused.log)
        return "(INJECTED)" in self.log.read_text()

    def test_the_nth_sync_of_the_database_fails_under_load(self):
        for n in DATABASE_SYNCS:
            with self.subTest(n=n):
                load = Load(self.ledger, batch_events_max=100, padding_bytes=2000)
                files = itertools.chain.from_iterable(
                    ("-P", self.data / name) for name in ("footfall.duckdb", "footfall.duckdb.wal"))
                with Server(self.data, *SMALL_FILES, **UNDER_STRACE) as server:
                    with Attached(server, "fsync", n, self.log, *files):
                        load.aim(server)
                        wait_until(lambda: "(INJECTED)" in self.log.read_text(), describe=self.log.read_text)
                    load.finish()
                    check(self, server, self.ledger)
                self.assertEqual(set(self.ledger.answers), {202}, "the journal is not the database")
                tally.faults["failed syncs of the database"] += 1
        self.go_on()
        tally.acknowledged += len(self.ledger.acknowledged)


if __name__ == "__main__":
    unittest.main()
