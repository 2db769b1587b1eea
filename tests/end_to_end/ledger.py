"""Clients that keep a ledger of what they sent and what was acknowledged, and the checks that hold a server
against it. The ledger shares no code with Footfall: what it says is counted here alone.
"""

import atexit
import collections
import http.client
import json
import os
import random
import threading
import time
import uuid

from footfall_process import TIMEOUT_S, Server, post

# Set by ./dev crashes: everything as often as the bars ask for, and with their times.
FULL = "FOOTFALL_TEST_FULL" in os.environ
READY_S_MAX = 2
STAGES = ("access_app", "view_products", "select_product", "add_to_cart", "begin_checkout", "place_order")
RESEND_PAUSE_S = 0.01
PAGE_ROWS = 10_000  # what /api/v1/sql answers at most


class Ledger:
    """What was sent: {event_id: (user, event_type)}; the ids that were acknowledged; the answers, by status."""

    def __init__(self, seed):
        self.seed = seed
        self.sent = {}
        self.acknowledged = set()
        self.answers = collections.Counter()
        self.without_retry_after = 0  # 429 and 503 that do not say when to come again

    def users_by_stage(self):
        users = collections.defaultdict(set)
        for event_id in self.acknowledged:
            user, event_type = self.sent[event_id]
            users[event_type].add(user)
        return {stage: len(users[stage]) for stage in STAGES}


class Sender(threading.Thread):
    """Sends batches, and each again until it is acknowledged, as a real client does; some once more after that."""

    def __init__(self, ledger, seed, batch_events_max, padding_bytes):
        super().__init__(daemon=True)
        self.ledger = ledger
        self.random = random.Random(seed)
        self.batch_events_max = batch_events_max
        self.padding_bytes = padding_bytes
        self.url = None
        self.stopping = False

    def run(self):
        while not self.stopping:
            events = [self.event() for _ in range(self.random.randint(1, self.batch_events_max))]
            self.ledger.sent.update((e["event_id"], (e["user_id"], e["event_type"])) for e in events)
            body = json.dumps(events)
            self.deliver(body)
            self.ledger.acknowledged.update(e["event_id"] for e in events)
            if self.random.random() < 0.1:
                self.deliver(body)

    def event(self):
        return {"event_id": str(uuid.UUID(int=self.random.getrandbits(128))),
                "user_id": f"u{self.random.randint(1, 500)}", "event_type": self.random.choice(STAGES),
                "timestamp": f"2026-03-01T10:{self.random.randint(0, 59):02}:00Z",
                # Drawn, as what repeats is written once a batch.
                "properties": {"padding": self.random.randbytes(self.padding_bytes // 2).hex()}}

    def deliver(self, body):
        while self.send(body) != 202:
            time.sleep(RESEND_PAUSE_S)

    def send(self, body):
        url = self.url
        if url is None:
            return None
        try:
            status, headers = post(url, body)
        except (OSError, http.client.HTTPException):
            status, headers = "no answer", {}
        if self.url != url:  # it was cut off, and never saw this
            return None
        self.ledger.answers[status] += 1
        if status in (429, 503) and not headers.get("Retry-After", "").isdigit():
            self.ledger.without_retry_after += 1
        return status


class Load:
    """Senders at work until finish(), across the death of servers."""

    def __init__(self, ledger, senders=3, batch_events_max=40, padding_bytes=0):
        ledger.seed += 1
        self.senders = [Sender(ledger, ledger.seed * 1000 + i, batch_events_max, padding_bytes)
                        for i in range(senders)]
        for sender in self.senders:
            sender.start()

    def aim(self, server):
        for sender in self.senders:
            sender.url = server.url

    def cut_off(self):
        """No answer that comes from now on arrives."""
        for sender in self.senders:
            sender.url = None

    def finish(self):
        """Returns when everything that was ever sent is acknowledged: what is in doubt is sent again."""
        for sender in self.senders:
            sender.stopping = True
        for sender in self.senders:
            sender.join(TIMEOUT_S)
            assert not sender.is_alive(), f"not acknowledged in {TIMEOUT_S} s"


def stored_ids(server):
    """The ids in the order of acceptance, as often as they are stored."""
    ids, last = [], 0
    while True:
        query = f"SELECT sequence, event_id FROM events WHERE sequence > {last} ORDER BY sequence LIMIT {PAGE_ROWS}"
        status, text = server.request("/api/v1/sql?format=csv", query)
        assert status == 200, text
        rows = [line.split(",") for line in text.split("\n")[1:] if line]
        ids += [event_id for _, event_id in rows]
        if len(rows) < PAGE_ROWS:
            return ids
        last = int(rows[-1][0])


def check(test, server, ledger, warnings=False):
    """Nothing lost, nothing twice, nothing invented; the audit and the stage report as the ledger says.
    `warnings`: whether /readyz has some; None: it may. REQUIRES: the loads are finished."""
    audit = server.wait_until_stored()
    test.assertTrue(audit["balanced"], audit)
    ids = stored_ids(server)
    stored = set(ids)
    lost, twice = ledger.acknowledged - stored, len(ids) - len(stored)
    tally.lost += len(lost)
    tally.twice += twice
    test.assertEqual(len(lost), 0, f"lost, of {len(ledger.acknowledged)}")
    test.assertEqual(twice, 0, "stored twice")
    test.assertEqual(len(stored - ledger.sent.keys()), 0, "stored and never sent")
    test.assertEqual(audit["stored"], len(ids))
    report = server.json("/api/v1/reports/stages")
    found = {stage["stage"]: stage["users"] for stage in report["stages"] if stage["stage"] in STAGES}
    test.assertEqual(found, ledger.users_by_stage())
    if warnings is not None:
        test.assertEqual(bool(server.json("/readyz")["warnings"]), warnings)
    test.assertEqual(ledger.without_retry_after, 0, "answers 429 or 503 without Retry-After")


def start_again(test, data, *flags, **env):
    """A server on a folder whose last server died. One that comes late fails the test, which goes on."""
    server = Server(data, *flags, **env)
    tally.slowest_start_s = max(tally.slowest_start_s, server.started_in_s)
    if FULL:
        with test.subTest("start"):
            test.assertLess(server.started_in_s, READY_S_MAX)
    return server


class Tally:
    """What a whole run of tests has shown; its last line."""

    def __init__(self):
        self.faults = collections.Counter()
        self.acknowledged = self.lost = self.twice = 0
        self.slowest_start_s = self.slowest_stop_s = 0.0

    def print(self):
        faults = ", ".join(f"{count:,} {kind}" for kind, count in self.faults.items())
        print(f"shown: {faults or 'nothing'}; {self.acknowledged:,} events acknowledged, {self.lost} lost, "
              f"{self.twice} stored twice; slowest start {self.slowest_start_s:.2f} s, "
              f"slowest stop {self.slowest_stop_s:.2f} s", flush=True)


tally = Tally()
atexit.register(tally.print)
