"""Servers killed at every named point: wherever it dies, the next start has what was acknowledged, once."""

import ctypes
import json
import re
import shutil
import signal
import subprocess
import time
import unittest
import uuid

from footfall_process import ROOT, FolderTest, NotStarted, Server, event, wait_until
from ledger import FULL, Ledger, Load, check, start_again, stored_ids, tally

# By what reaches them. Those that one start or one stop passes once are killed at their first passing.
UNDER_LOAD = {
    "journal.before_write", "journal.after_write", "journal.after_sync", "journal.before_answers",
    "journal.after_answers", "journal.after_segment_create", "journal.after_segment_header",
    "journal.after_segment_sync", "journal.after_segment_rename", "journal.after_segment_directory_sync",
    "journal.before_trim", "journal.after_recycle_rename", "journal.after_trim",
    "queue.before_hand_over", "queue.after_hand_over",
    "database.before_begin", "database.after_begin", "database.before_commit", "database.after_commit",
    "database.before_checkpoint", "database.after_checkpoint",
    "ids.after_run_write", "ids.after_run_sync", "ids.before_manifest", "ids.after_manifest", "ids.before_merge",
    "ids.after_merge", "ids.after_removal",
}
# Of a new folder; the files that are replaced whole are the key, the manifest of ids and server.json.
AT_THE_FIRST_START = {"file.after_replace_write", "file.after_replace_sync", "file.after_replace_rename"}
ONCE_AT_THE_FIRST_START = {"database.after_schema", "database.before_journeys", "server.before_announce"}
AFTER_A_CRASH = {"journal.after_recovery_clean_up"}
ONCE_AFTER_A_CRASH = {"journal.after_recovery_scan", "journal.after_recovery_cut"}
AFTER_DAMAGE = {"journal.after_salvage_write", "journal.after_salvage_link", "journal.after_salvage_rename"}
ONCE_WITHOUT_ID_FILES = {"ids.after_filling_begin", "ids.before_filling_end"}
WITH_DEAD_LETTERS = {"dead_letter.after_write", "dead_letter.after_sync"}
ONCE_AT_THE_STOP = {"journal.before_close_record", "journal.after_close_record"}

PASSINGS = (1, 2, 3) if FULL else (2,)
ONCE = (1, 1, 1) if FULL else (1,)
REACHED_WITHIN_S = 60

SMALL_FILES = ("--journal-segment-mb", 1, "--journal-keep-mb", 0, "--hot-ids", 1000)
SEGMENT_HEADERS_BYTES = 160  # docs/journal_format.md
LIBDUCKDB = ROOT / "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so"


class CrashPoints(FolderTest):
    def setUp(self):
        super().setUp()
        self.ledger = Ledger(int(time.time()))

    def kill_at_each(self, points, passings, once):
        """`once(data, point, passing)` for each, all passings of a point on one folder."""
        for point in sorted(points):
            self.ledger = Ledger(self.ledger.seed)
            for passing in passings:
                with self.subTest(point=point, passing=passing):
                    once(self.folder / point, point, passing)
                    tally.faults["kills at points"] += 1
            tally.faults["points"] += 1
            tally.acknowledged += len(self.ledger.acknowledged)

    def load(self):
        return Load(self.ledger, senders=2, batch_events_max=20, padding_bytes=2500)

    def crash(self, data, point, passing, load=None, stop=False):
        try:
            with Server(data, *SMALL_FILES, FOOTFALL_CRASH_AT=f"{point}:{passing}") as server:
                if load:
                    load.aim(server)
                if stop:
                    server.process.send_signal(signal.SIGTERM)
                self.assertEqual(server.process.wait(REACHED_WITHIN_S), -signal.SIGKILL, server.log())
        except NotStarted as death:
            self.assertEqual(death.returncode, -signal.SIGKILL, death.log)
        except subprocess.TimeoutExpired:
            self.fail(f"{point} was not reached {passing} times in {REACHED_WITHIN_S} s")

    def go_on(self, data, load, warnings=False):
        with start_again(self, data, *SMALL_FILES) as server:
            load.aim(server)
            load.finish()
            check(self, server, self.ledger, warnings)
            server.stop(signal.SIGKILL)  # sooner than in order

    def test_every_point_is_known_here(self):
        sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.cc") if "_test" not in path.name)
        known = (UNDER_LOAD | AT_THE_FIRST_START | ONCE_AT_THE_FIRST_START | AFTER_A_CRASH | ONCE_AFTER_A_CRASH |
                 AFTER_DAMAGE | ONCE_WITHOUT_ID_FILES | WITH_DEAD_LETTERS | ONCE_AT_THE_STOP)
        self.assertEqual(set(re.findall(r'crashPoint\("([^"]+)"\)', sources)), known)

    def test_under_load(self):
        def once(data, point, passing):
            load = self.load()
            self.crash(data, point, passing, load)
            self.go_on(data, load)

        self.kill_at_each(UNDER_LOAD, PASSINGS, once)

    def test_at_the_first_start(self):
        def once(data, point, passing):
            self.crash(data, point, passing)
            self.go_on(data, self.load())
            shutil.rmtree(data)
            tally.acknowledged += len(self.ledger.acknowledged)
            self.ledger = Ledger(self.ledger.seed)

        self.kill_at_each(AT_THE_FIRST_START, PASSINGS, once)
        self.kill_at_each(ONCE_AT_THE_FIRST_START, ONCE, once)

    def test_in_the_recovery_after_a_crash(self):
        def once(data, point, passing):
            load = self.load()
            self.leave_segments(data, load)
            self.crash(data, point, passing)
            self.go_on(data, load)

        self.kill_at_each(AFTER_A_CRASH, PASSINGS, once)
        self.kill_at_each(ONCE_AFTER_A_CRASH, ONCE, once)

    def test_in_the_salvage_of_damaged_segments(self):
        def once(data, point, passing):
            load = self.load()
            self.leave_segments(data, load)
            for segment in self.segments(data)[-5:-1]:
                with open(segment, "r+b") as file:
                    file.write(bytes(SEGMENT_HEADERS_BYTES))
            self.crash(data, point, passing)
            self.go_on(data, load, warnings=None)

        self.kill_at_each(AFTER_DAMAGE, PASSINGS, once)

    def leave_segments(self, data, load):
        """A folder whose server was killed with five new segments that the database has nothing of."""
        before = set(self.segments(data))
        with Server(data, *SMALL_FILES, FOOTFALL_STALL_AT="database.before_begin:1") as server:
            load.aim(server)
            wait_until(lambda: len(set(self.segments(data)) - before) >= 5)
            server.stop(signal.SIGKILL)

    def segments(self, data):
        return sorted((data / "journal").glob("*.segment"))

    def test_while_the_id_files_are_made_anew(self):
        def once(data, point, passing):
            load = self.load()
            with Server(data, *SMALL_FILES) as server:
                load.aim(server)
                wait_until(lambda: len(self.ledger.acknowledged) > 4000)
                load.finish()
                server.wait_until_stored()
            (data / "ids/manifest").unlink()
            self.crash(data, point, passing)
            self.go_on(data, self.load())

        self.kill_at_each(ONCE_WITHOUT_ID_FILES, ONCE, once)

    def test_at_the_stop(self):
        def once(data, point, passing):
            load = self.load()
            self.crash(data, point, passing, load, stop=True)
            self.go_on(data, load)

        self.kill_at_each(ONCE_AT_THE_STOP, ONCE, once)

    def test_with_events_that_the_database_refuses(self):
        events = [event(f"u{i}", "access_app", event_id=str(uuid.UUID(int=i + 1)), quantity=13 if i % 10 == 0 else 1)
                  for i in range(40)]
        good, refused = ({e["event_id"] for e in events if (e["quantity"] == 13) is bad} for bad in (False, True))

        def once(data, point, passing):
            make_database_that_refuses_quantity_13(data)
            with Server(data, *SMALL_FILES, FOOTFALL_CRASH_AT=f"{point}:{passing}") as server:
                server.send(events)
                self.assertEqual(server.process.wait(REACHED_WITHIN_S), -signal.SIGKILL, server.log())
            with start_again(self, data, *SMALL_FILES) as server:
                audit = server.wait_until_stored()
                self.assertTrue(audit["balanced"], audit)
                self.assertEqual((audit["stored"], audit["dead_lettered"]), (len(good), len(refused)))
                self.assertEqual(set(stored_ids(server)), good)
            self.assertEqual(set(dead_letter_ids(data)), refused)
            shutil.rmtree(data)

        self.kill_at_each(WITH_DEAD_LETTERS, PASSINGS, once)


def make_database_that_refuses_quantity_13(data):
    """Nothing that the webhook accepts is refused by Footfall's own tables; so this folder gets one that does."""
    data.mkdir(mode=0o700)
    schema = (ROOT / "sql/duckdb/schema.sql").read_text()
    strict = schema.replace("quantity     BIGINT,", "quantity     BIGINT CHECK (quantity <> 13),")
    assert strict != schema
    duckdb = ctypes.CDLL(str(LIBDUCKDB))
    database, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert duckdb.duckdb_open(str(data / "footfall.duckdb").encode(), ctypes.byref(database)) == 0
    assert duckdb.duckdb_connect(database, ctypes.byref(connection)) == 0
    assert duckdb.duckdb_query(connection, strict.encode(), None) == 0
    duckdb.duckdb_disconnect(ctypes.byref(connection))
    duckdb.duckdb_close(ctypes.byref(database))


def dead_letter_ids(data):
    with open(data / "dead_letters.jsonl") as file:
        lines = [line for line in file if line.endswith("}\n")]
    return [json.loads(line)["event"]["event_id"] for line in lines]


if __name__ == "__main__":
    unittest.main()
