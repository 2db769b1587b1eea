"""Clients that send everything again and again, over restarts and kills: one row an event, the first one."""

import json
import random
import signal
import threading
import unittest

from footfall_process import FolderTest, Server

EVENTS = 3_000
SENDS_MAX = 20
CONNECTIONS = 4
LIVES = [signal.SIGTERM, signal.SIGKILL, signal.SIGTERM, None]


def event(number, send):
    """Each send of an event but the first has another payload: a conflict."""
    return {"event_id": f"storm-{number}", "user_id": f"u{number % 50}", "event_type": "place_order",
            "timestamp": "2026-03-01", "amount": 1 if send == 0 else 2}


class DuplicateStorm(FolderTest):
    def test_each_event_is_one_row_however_often_it_is_sent(self):
        chance = random.Random(8)
        sends = [(number, send) for number in range(EVENTS) for send in range(1, chance.randint(1, SENDS_MAX))]
        chance.shuffle(sends)
        firsts = [(number, 0) for number in range(EVENTS)]
        share = len(sends) // len(LIVES)
        accepted = 0
        for life, end in enumerate(LIVES):
            with Server(self.folder / "data") as server:
                # The first ones before all others; of each life's, a fourth over each connection.
                if life == 0:
                    accepted += self.send(server, firsts)
                accepted += self.storm(server, sends[life * share:(life + 1) * share])
                if end is not None:
                    server.stop(end)
                    continue
                accepted += self.send(server, sends[len(LIVES) * share:])
                audit = server.wait_until_stored()
                self.assertEqual((audit["accepted"], audit["stored"], audit["duplicates"], audit["balanced"]),
                                 (accepted, EVENTS, accepted - EVENTS, True))
                _, rows = server.request("/api/v1/sql?format=csv",
                                         "SELECT count(*), count(DISTINCT event_id), max(amount) FROM events")
                self.assertEqual(rows.split("\n")[1].split(",")[:2], [str(EVENTS), str(EVENTS)])
                self.assertEqual(float(rows.split("\n")[1].split(",")[2]), 1, "the first of an id wins")

    def storm(self, server, sends):
        counts = [0] * CONNECTIONS
        def work(connection):
            counts[connection] = self.send(server, sends[connection::CONNECTIONS])
        threads = [threading.Thread(target=work, args=(i,)) for i in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts)

    def send(self, server, sends):
        """In batches of 1 to 200; all are acknowledged."""
        chance = random.Random(len(sends))
        sent = 0
        while sent < len(sends):
            batch = sends[sent:sent + chance.randint(1, 200)]
            answer = server.send([event(*one) for one in batch])
            self.assertEqual(answer["accepted"], len(batch), json.dumps(answer)[:500])
            sent += len(batch)
        return sent


if __name__ == "__main__":
    unittest.main()
