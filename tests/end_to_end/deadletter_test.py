"""footfall deadletter: events that DuckDB really refused are listed, mended and sent again, each stored once.

The refusals are DuckDB's own: a column of the stored table is made NOT NULL behind Footfall's back. Session ids here are
letters and hyphens, which are kept in that column (docs/decisions/0006).
"""

import csv
import ctypes
import io
import json
import unittest

from footfall_process import ROOT, FolderTest, Server, event, run

DUCKDB = ROOT / "node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so"
REASON = "NOT NULL constraint failed: stored_events.session_id"


def execute(database, sql):
    """Runs a statement on a DuckDB file that no process has open."""
    duckdb = ctypes.CDLL(str(DUCKDB))
    handle, connection = ctypes.c_void_p(), ctypes.c_void_p()
    assert duckdb.duckdb_open(str(database).encode(), ctypes.byref(handle)) == 0
    assert duckdb.duckdb_connect(handle, ctypes.byref(connection)) == 0
    failed = duckdb.duckdb_query(connection, sql.encode(), None)
    duckdb.duckdb_disconnect(ctypes.byref(connection))
    duckdb.duckdb_close(ctypes.byref(handle))
    assert failed == 0, sql


class Deadletter(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.server().stop()  # made the database

    def server(self):
        server = Server(self.data, "--timezone", "UTC")
        self.addCleanup(server.__exit__)
        return server

    def refuse_events_without_session(self, refuse=True):
        verb = "SET" if refuse else "DROP"
        execute(self.data / "footfall.duckdb", f"ALTER TABLE stored_events ALTER session_id {verb} NOT NULL")

    def refused_events(self, count=2):
        """Has the database refuse so many of count + 1 events; returns the audit."""
        self.refuse_events_without_session()
        with self.server() as server:
            server.send([event("asha", "look", at, amount=0.1, timestamp="2026-03-01") for at in range(count)]
                        + [event("mina", "look", session_id="s1")])
            return server.wait_until_stored()

    def deadletter(self, *arguments, code=0):
        done = run("deadletter", *arguments, "--data-dir", self.data)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def listed(self, *flags):
        """Rows of the list as dictionaries."""
        done = self.deadletter("list", "--format", "csv", "--timezone", "Asia/Kolkata", *flags)
        return list(csv.DictReader(io.StringIO(done.stdout)))

    def stored(self):
        done = run("sql", "-", "--format", "json", "--data-dir", self.data, stdin="SELECT user_id, session_id, amount, "
                   "properties FROM events ORDER BY user_id, session_id")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["rows"]


class List(Deadletter):
    def test_no_dead_letters(self):
        self.assertEqual(self.deadletter("list").stdout, "No dead letters.\n")
        self.assertEqual(self.deadletter("list", "--format", "json").stdout, "")
        self.assertEqual(self.deadletter("replay").stdout, "No dead letters wait.\n")

    def test_what_the_database_refused_with_and_without_a_server(self):
        audit = self.refused_events()
        self.assertEqual((audit["stored"], audit["dead_lettered"], audit["balanced"]), (1, 2, True))

        table = self.deadletter("list", "--timezone", "Asia/Kolkata").stdout
        self.assertIn("2 dead letters wait in ", table)
        self.assertRegex(table, f"\n +2  .*{REASON}")
        self.assertRegex(table, rf"\n20..-..-.. ..:..:..\+05:30  look +asha  [0-9a-f-]{{36}}  .*{REASON}")
        rows = self.listed()
        self.assertEqual([(row["event_type"], row["user"], row["replayed_at"]) for row in rows],
                         [("look", "asha", "")] * 2)
        self.assertRegex(rows[0]["time"], r"^20..-..-..T..:..:..(\.\d+)?\+05:30$")
        self.assertIn(REASON, rows[0]["reason"])
        self.assertEqual(len({row["event_id"] for row in rows}), 2)
        with self.server():
            self.assertEqual(self.deadletter("list", "--timezone", "Asia/Kolkata").stdout, table)

    def test_a_torn_last_line_is_skipped_and_said(self):
        self.refused_events()
        letters = self.data / "dead_letters.jsonl"
        with letters.open("a") as file:
            file.write(letters.read_text()[:50])
        done = self.deadletter("list")
        self.assertIn("2 dead letters wait", done.stdout)
        self.assertIn("dead_letters.jsonl, line 3: ", done.stderr)

    def test_wrong_usage(self):
        for arguments, part in [((), "list"), (["lst"], "list"), (["list", "--url", "http://localhost:1"], "--url"),
                                (["list", "--format", "xml"], "--format"), (["list", "--timezone", "Mars"], "Mars")]:
            with self.subTest(arguments=arguments):
                self.assert_one_line(run("deadletter", *arguments, "--data-dir", self.data), 2, part)
        for action in ("list", "replay"):
            self.assert_one_line(run("deadletter", action, cwd=self.folder), 1, "footfall-data", "--data-dir")
            self.assertFalse((self.folder / "footfall-data").exists())


class Replay(Deadletter):
    def test_without_a_server_each_event_is_stored_once(self):
        self.refused_events()
        self.refuse_events_without_session(False)
        self.assertIn("2 dead letters sent again, 0 rejected. 2 new events stored, 0 were known already.",
                      self.deadletter("replay").stdout)
        self.assertEqual([row[:3] for row in self.stored()],
                         [["asha", None, "0.1000"]] * 2 + [["mina", "s1", None]])
        self.assertEqual(self.deadletter("replay").stdout, "No dead letters wait.\n")

        self.assertEqual(self.listed(), [])
        self.assertIn("No dead letters wait; 2 were replayed", self.deadletter("list").stdout)
        self.assertRegex(self.listed("--all")[0]["replayed_at"], r"^20.*\+05:30$")

        # As a replay that was killed before it noted what it did.
        (self.data / "dead_letters.replayed").unlink()
        self.assertIn("0 new events stored, 2 were known already.", self.deadletter("replay").stdout)
        self.assertEqual(len(self.stored()), 3)
        with self.server() as server:
            audit = server.json("/api/v1/audit")
            self.assertTrue(audit["balanced"])
            self.assertEqual((audit["received"], audit["stored"], audit["duplicates"], audit["dead_lettered"]),
                             (7, 3, 2, 2))

    def test_a_running_server_takes_them(self):
        self.refused_events(250)
        self.refuse_events_without_session(False)
        with self.server() as server:
            self.assertIn("250 dead letters sent again, 0 rejected. 250 new events stored",
                          self.deadletter("replay").stdout)
            audit = server.json("/api/v1/audit")
            self.assertEqual((audit["stored"], audit["dead_lettered"], audit["balanced"]), (251, 250, True))
            self.assertEqual(self.deadletter("replay", "--url", server.url).stdout, "No dead letters wait.\n")

    def test_what_is_refused_again_is_a_new_dead_letter(self):
        self.refused_events()
        first = self.listed()
        done = self.deadletter("replay", code=1)
        self.assertIn("The database refused 2 again; see footfall deadletter list.", done.stdout)

        again = self.listed()
        self.assertEqual([row["event_id"] for row in again], [row["event_id"] for row in first])
        self.assertNotEqual([row["time"] for row in again], [row["time"] for row in first])
        self.assertEqual(len(self.listed("--all")), 4)

    def test_what_validation_rejects_is_named_and_waits_on(self):
        self.refused_events(3)
        self.refuse_events_without_session(False)
        letters = self.data / "dead_letters.jsonl"
        lines = letters.read_text().splitlines(keepends=True)
        lines[1] = lines[1].replace('"amount":0.1', '"amount":-1')
        letters.write_text("".join(lines))
        for sent, new in [(3, 2), (1, 0)]:
            done = self.deadletter("replay", code=1)
            self.assertIn(f"{sent} dead letters sent again, 1 rejected. {new} new events stored", done.stdout)
            self.assertRegex(done.stderr, "dead_letters.jsonl, line 2, event [0-9a-f-]{36}: .*amount")
            self.assertEqual(len(self.listed()), 1)

    def test_a_server_that_is_not_there_changes_nothing(self):
        self.refused_events()
        self.assert_one_line(run("deadletter", "replay", "--url", "http://localhost:1", "--data-dir", self.data), 1)
        self.assertEqual(len(self.listed()), 2)


class Mend(Deadletter):
    def test_the_list_is_what_import_takes(self):
        self.refused_events()
        mend = self.folder / "mend.jsonl"
        mend.write_text(self.deadletter("list", "--format", "json").stdout)
        events = [json.loads(line) for line in mend.read_text().splitlines()]
        self.assertEqual([each["properties"]["$event_id"] for each in events], ["asha-look-0", "asha-look-1"])
        mend.write_text("".join(json.dumps(each | {"session_id": f"mended-{at}"}) + "\n"
                                for at, each in enumerate(events)))

        done = run("import", mend, "--data-dir", self.data)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2 new events stored, 0 were known already, 0 rejected", done.stdout)
        self.assertEqual([row[:3] for row in self.stored()],
                         [["asha", "mended-0", "0.1000"], ["asha", "mended-1", "0.1000"], ["mina", "s1", None]])
        self.assertEqual([json.loads(row[3])["$event_id"] for row in self.stored()],
                         ["asha-look-0", "asha-look-1", "mina-look-0"])

        # What was mended leaves the list: as it was, it is a duplicate now.
        self.assertIn("0 new events stored, 2 were known already", self.deadletter("replay").stdout)
        self.assertEqual(self.listed(), [])
        self.assertEqual(len(self.stored()), 3)


if __name__ == "__main__":
    unittest.main()
