"""Processes killed at random instants: nothing that was acknowledged is lost, nothing is stored twice."""

import http.client
import json
import os
import random
import shutil
import signal
import threading
import time
import unittest
import uuid

from footfall_process import FolderTest, Server, event, post, run

KILLS = int(os.environ.get("FOOTFALL_TEST_KILLS", "12"))
SENDERS = 3
READY_S_MAX = 2 if "FOOTFALL_TEST_KILLS" in os.environ else 30  # timed on purpose only


class Sender(threading.Thread):
    """Sends batches, and each again until it is acknowledged, as a real client does. Its ledger is its own."""

    def __init__(self, seed):
        super().__init__()
        self.random = random.Random(seed)
        self.url = None
        self.stopped = False
        self.acknowledged = set()
        self.sent = set()

    def run(self):
        while not self.stopped:
            ids = [str(uuid.UUID(int=self.random.getrandbits(128))) for _ in range(self.random.randint(1, 40))]
            self.sent.update(ids)
            body = json.dumps([{"event_id": i, "user_id": f"u{self.random.randint(1, 500)}",
                                "event_type": "access_app"} for i in ids])
            while not self.stopped and not self.accepted(body):
                time.sleep(0.01)
            if not self.stopped:
                self.acknowledged.update(ids)

    def accepted(self, body):
        url = self.url
        try:
            return url is not None and post(url, body) == 202
        except (OSError, http.client.HTTPException):
            return False


class Crashes(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"

    def stored_ids(self, server):
        status, text = server.request("/api/v1/sql?format=csv", "SELECT count(*), count(DISTINCT event_id) FROM events")
        self.assertEqual(status, 200, text)
        return tuple(map(int, text.split("\n")[1].split(",")))

    def missing(self, server, ids):
        """How many of the ids are not stored."""
        ids, found = sorted(ids), 0
        for begin in range(0, len(ids), 1000):
            listed = ",".join(f"'{i}'" for i in ids[begin:begin + 1000])
            _, text = server.request("/api/v1/sql?format=csv",
                                     f"SELECT count(*) FROM events WHERE CAST(event_id AS VARCHAR) IN ({listed})")
            found += int(text.split("\n")[1])
        return len(ids) - found

    def test_kills_under_load_lose_nothing_and_store_nothing_twice(self):
        seed = int(os.environ.get("FOOTFALL_TEST_SEED", time.time()))
        print("seed", seed)
        chance = random.Random(seed)
        senders = [Sender(seed * 100 + i) for i in range(SENDERS)]
        for sender in senders:
            sender.start()
        try:
            for _ in range(KILLS):
                began = time.monotonic()
                with Server(self.data) as server:
                    self.assertLess(time.monotonic() - began, READY_S_MAX)
                    for sender in senders:
                        sender.url = server.url
                    time.sleep(chance.uniform(0.05, 1.0))
                    server.stop(signal.SIGKILL)
        finally:
            for sender in senders:
                sender.stopped = True
            for sender in senders:
                sender.join()

        acknowledged = set().union(*(s.acknowledged for s in senders))
        sent = set().union(*(s.sent for s in senders))
        self.assertGreater(len(acknowledged), 100)
        with Server(self.data) as server:
            audit = server.wait_until_stored()
            self.assertTrue(audit["balanced"], audit)
            rows, distinct = self.stored_ids(server)
            self.assertEqual(rows, distinct)
            self.assertEqual(audit["stored"], rows)
            self.assertLessEqual(rows, len(sent))
            self.assertEqual(self.missing(server, acknowledged), 0)
            self.assertEqual(server.json("/readyz")["warnings"], [])

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
            for i in range(3):
                server.send({"user_id": "u", "event_type": "access_app"})
            server.wait_until_stored()
        (self.data / "footfall.duckdb").unlink()
        (self.data / "footfall.duckdb.wal").unlink(missing_ok=True)

        refused = run("serve", "--port", 0, "--data-dir", self.data)
        self.assert_one_line(refused, 1, "events 1 to 1 are missing", "--accept-loss")

        with Server(self.data, "--accept-loss") as server:
            server.wait_until_stored()
            self.assertEqual(self.stored_ids(server)[0], 3)
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

        self.assertTrue(ready["ready"])
        self.assertRegex(ready["warnings"][0], r"^the journal was damaged: \d+ bytes in 1 places, 10 events lost")
        self.assertIn("journal: damage in 1 places", server.log)
        self.assertIn("10 events are lost", server.log)
        self.assertIn(".quarantine", server.log)
        self.assertEqual(len(list((data / "journal").glob("*.quarantine"))), 1)


class Stop(FolderTest):
    def test_a_stop_under_load_answers_what_it_read_and_exits_0(self):
        data = self.folder / "data"
        sender = Sender(7)
        with Server(data) as server:
            sender.url = server.url
            sender.start()
            time.sleep(0.5)
            began = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - began, 30)
        sender.stopped = True
        sender.join()
        with Server(data) as server:
            audit = server.json("/api/v1/audit")
            self.assertGreaterEqual(audit["accepted"], len(sender.acknowledged))


if __name__ == "__main__":
    unittest.main()
