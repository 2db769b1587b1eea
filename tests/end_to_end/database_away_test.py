"""The database cannot be opened, or is damaged: events are accepted all the same, and none is lost."""

import contextlib
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest

from footfall_process import FolderTest, Server, run

REPORTS = ("stages", "cities")


def orders(first, count):
    return [{"event_id": f"e{i}", "user_id": f"u{i % 7}", "event_type": "place_order", "city": "Pune",
             "timestamp": "2026-03-01", "amount": i} for i in range(first, first + count)]


def reports(server):
    return [server.request(f"/api/v1/reports/{name}?format=csv")[1] for name in REPORTS]


@contextlib.contextmanager
def locked(path):
    """The file locked by another process, as DuckDB locks it."""
    code = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        yield
        holder.stdin.close()


class DatabaseAway(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.database = self.data / "footfall.duckdb"
        self.log = self.data / "footfall.duckdb.wal"

    def test_events_are_accepted_while_another_process_holds_the_file(self):
        with Server(self.data) as server:
            server.send(orders(0, 100))
            server.wait_until_stored()
        with locked(self.database), Server(self.data) as server:
            self.assertEqual(server.send(orders(50, 100))["accepted"], 100)
            ready = server.json("/readyz")
            self.assertTrue(ready["ready"])
            self.assertIn("open in another process", ready["warnings"][0])
            for path in ("/api/v1/audit", "/api/v1/reports/stages"):
                status, text = server.request(path)
                self.assertEqual((status, "open in another process" in text), (503, True), text)
            self.assertEqual(server.stop(), 0)
        with locked(self.database):
            server = Server(self.data)
            self.assertEqual(server.send(orders(150, 10))["accepted"], 10)
        with server:
            while server.request("/api/v1/audit")[0] == 503:
                time.sleep(0.05)
            audit = server.wait_until_stored()
            self.assertEqual((audit["stored"], audit["duplicates"], audit["balanced"]), (160, 50, True))
            self.assertEqual(server.json("/readyz")["warnings"], [])

    def test_a_file_that_is_held_and_no_journal_to_number_events_by_is_refused(self):
        with Server(self.data) as server:
            server.send(orders(0, 10))
            server.wait_until_stored()
        shutil.rmtree(self.data / "journal")
        with locked(self.database):
            refused = run("serve", "--port", 0, "--data-dir", self.data)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("open in another process", refused.stderr)

    def test_a_log_that_cannot_be_replayed_is_filled_in_from_the_journal(self):
        with Server(self.data) as server:
            server.send(orders(0, 500))
            server.wait_until_stored()
            before = reports(server)
            server.stop(signal.SIGKILL)
        log = bytearray(self.log.read_bytes())
        log[len(log) // 2] ^= 1
        self.log.write_bytes(log)

        with Server(self.data) as server:
            self.assertTrue(server.wait_until_stored()["balanced"])
            self.assertEqual(reports(server), before)
            aside = self.log.with_name(self.log.name + ".1.quarantine")
            self.assertEqual(server.json("/readyz")["warnings"], [f"a file that was damaged is kept as {aside}"])
            self.assertEqual(aside.read_bytes(), log)

    def damage_the_database(self):
        with self.database.open("r+b") as file:
            file.write(bytes(8192))

    def test_a_damaged_database_is_built_anew_where_the_journal_has_everything(self):
        with Server(self.data) as server:
            server.send(orders(0, 500))
            server.wait_until_stored()
            before = reports(server)
        self.damage_the_database()

        with Server(self.data) as server:
            self.assertTrue(server.wait_until_stored()["balanced"])
            self.assertEqual(reports(server), before)
            self.assertTrue(self.database.with_name("footfall.duckdb.1.quarantine").exists())

    def test_a_damaged_database_is_refused_and_left_alone_where_the_journal_has_not(self):
        with Server(self.data) as server:
            server.send(orders(0, 10))
            server.wait_until_stored()
        shutil.rmtree(self.data / "journal")
        with Server(self.data) as server:
            server.send(orders(10, 10))
            server.wait_until_stored()
        self.damage_the_database()

        refused = run("serve", "--port", 0, "--data-dir", self.data)

        self.assertEqual(refused.returncode, 1)
        self.assertIn("is damaged", refused.stderr)
        self.assertIn("events 1 to 10 are missing", refused.stderr)
        self.assertEqual([p.name for p in pathlib.Path(self.data).glob("*.quarantine")], [])


if __name__ == "__main__":
    unittest.main()
