"""Processes killed at random instants: nothing that was acknowledged is lost, nothing is stored twice."""

import os
import random
import shutil
import signal
import time
import unittest

from footfall_process import FolderTest, Server, event, run
from ledger import FULL, Ledger, Load, check, start_again, stored_ids, tally

KILLS = 100 if FULL else 12


class Crashes(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"

    def test_kills_under_load_lose_nothing_and_store_nothing_twice(self):
        seed = int(os.environ.get("FOOTFALL_TEST_SEED", time.time()))
        print("seed", seed)
        chance = random.Random(seed)
        ledger = Ledger(seed)
        load = Load(ledger)
        for _ in range(KILLS):
            with start_again(self, self.data) as server:
                load.aim(server)
                time.sleep(chance.uniform(0.05, 1.0))
                server.stop(signal.SIGKILL)
            tally.faults["kills at random"] += 1

        with start_again(self, self.data) as server:
            load.aim(server)
            load.finish()
            check(self, server, ledger)
        self.assertGreater(len(ledger.acknowledged), 100)
        tally.acknowledged += len(ledger.acknowledged)

    def test_a_lost_database_is_built_anew_from_the_journal(self):
        with Server(self.data) as server:
            server.send([{"event_id": f"e{i}", "user_id": f"u{i % 7}", "event_type": "place_order", "city": "Pune",
                          "timestamp": "2026-03-01", "amount": i} for i in range(500)])
            server.wait_until_stored()
            before = [server.request(f"/api/v1/reports/{name}?format=csv")[1] for name in ("stages", "cities")]
        for name in ("footfall.duckdb", "footfall.duckdb.wal"):
            (self.data / name).unlink(missing_ok=True)

        with Server(self.data) as server:
            server.wait_until_stored()
            after = [server.request(f"/api/v1/reports/{name}?format=csv")[1] for name in ("stages", "cities")]

        self.assertEqual(before, after)

    def lives(self, *flags):
        """Three servers one after the other, a segment each; returns what the last says."""
        for life in range(3):
            with Server(self.data, *flags) as server:
                server.send([{"event_id": f"{life}-{i}", "user_id": f"u{i % 7}", "event_type": "place_order",
                              "timestamp": f"2026-03-0{life + 1}", "amount": i} for i in [*range(100), 0]]
                            + [{"user_id": "without a type"}])
                audit = server.wait_until_stored()
                reports = [server.request(f"/api/v1/reports/{name}?format=csv")[1] for name in ("stages", "cities")]
        for name in ("footfall.duckdb", "footfall.duckdb.wal"):
            (self.data / name).unlink(missing_ok=True)
        return audit, reports

    def test_a_lost_database_is_built_anew_from_what_the_journal_keeps(self):
        audit, reports = self.lives()
        self.assertEqual((audit["stored"], audit["duplicates"], audit["rejected"]), (300, 3, 3))

        with Server(self.data) as server:
            self.assertEqual(server.wait_until_stored(), audit)
            self.assertEqual([server.request(f"/api/v1/reports/{name}?format=csv")[1] for name in ("stages", "cities")],
                             reports)

    def test_a_journal_that_keeps_nothing_cannot_build_a_lost_database(self):
        self.lives("--journal-keep-mb", 0)

        refused = run("serve", "--port", 0, "--data-dir", self.data)
        self.assert_one_line(refused, 1, "events 1 to 202 are missing", "--accept-loss")

    def test_a_lost_database_that_the_journal_does_not_cover_is_refused(self):
        with Server(self.data) as server:
            server.send({"user_id": "u", "event_type": "access_app"})
            server.wait_until_stored()
        shutil.rmtree(self.data / "journal")
        with Server(self.data) as server:
            for _ in range(3):
                server.send({"user_id": "u", "event_type": "access_app"})
            server.wait_until_stored()
        (self.data / "footfall.duckdb").unlink()
        (self.data / "footfall.duckdb.wal").unlink(missing_ok=True)

        refused = run("serve", "--port", 0, "--data-dir", self.data)
        self.assert_one_line(refused, 1, "events 1 to 1 are missing", "--accept-loss")

        with Server(self.data, "--accept-loss") as server:
            server.wait_until_stored()
            self.assertEqual(len(stored_ids(server)), 3)
            self.assertFalse(server.json("/api/v1/audit")["balanced"], "an event is missing, and it says so")


class Damage(FolderTest):
    def test_damage_of_the_journal_is_told_and_takes_nothing_beside_it(self):
        data = self.folder / "data"
        with Server(data) as server:
            for batch in range(3):
                server.send([event(f"user{batch}", "access_app", minute) for minute in range(10)])
            server.wait_until_stored()
        for name in ("footfall.duckdb", "footfall.duckdb.wal"):  # so that the journal alone has the events
            (data / name).unlink(missing_ok=True)
        with next((data / "journal").glob("*.segment")).open("r+b") as segment:
            at = segment.read().index(b"user1")
            segment.seek(at)
            segment.write(b"U")

        with Server(data) as server:
            self.assertEqual(server.wait_until_stored()["stored"], 20)
            ready = server.json("/readyz")
            server.stop()
            log = server.log()

        self.assertTrue(ready["ready"])
        self.assertRegex(ready["warnings"][0], r"^the journal was damaged: \d+ bytes in 1 places, 10 events lost")
        self.assertIn("journal: damage in 1 places", log)
        self.assertIn("10 events are lost", log)
        self.assertIn(".quarantine", log)
        self.assertEqual(len(list((data / "journal").glob("*.quarantine"))), 1)


if __name__ == "__main__":
    unittest.main()
