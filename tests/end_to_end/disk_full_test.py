"""Disks that fill up under load: no acknowledgement without the disk, no death, and on again once there is room."""

import os
import random
import time
import unittest

from footfall_process import FolderTest, Server, wait_until
from ledger import FULL, Ledger, Load, check, tally
from mounts import fill, mount_tmpfs, skip_unless_mounts_work

ROUNDS = 5 if FULL else 1  # a disk that was full and has room again fills up again
FULL_FOR_S = 5 if FULL else 2
ACCEPTS_AGAIN_S_MAX = 5


class DiskFull(FolderTest):
    def setUp(self):
        super().setUp()
        skip_unless_mounts_work(self)
        self.data = self.folder / "data"
        seed = int(os.environ.get("FOOTFALL_TEST_SEED", time.time()))
        print("seed", seed)
        self.chance = random.Random(seed)
        self.ledger = Ledger(seed)

    def serve_through(self, full, refuses):
        """One server from an empty disk to the last check; the disk at `full` fills up in between."""
        with Server(self.data, "--journal-segment-mb", 1) as server:
            for _ in range(ROUNDS):
                load = Load(self.ledger, senders=2, batch_events_max=20, padding_bytes=200)
                load.aim(server)
                self.wait_for_answers(server, 202, 20)
                # What is left runs out within a write, a commit or a checkpoint, as it comes.
                filler = fill(full, self.chance.randrange(2 << 20))
                if refuses:
                    self.wait_for_answers(server, 503, 20)
                time.sleep(FULL_FOR_S)
                filler.unlink()
                self.wait_for_answers(server, 202, 1, ACCEPTS_AGAIN_S_MAX if FULL else 60)
                load.finish()
                check(self, server, self.ledger)
                tally.faults[f"times {self.id().split('.')[-1][5:].replace('_', ' ')}"] += 1
            self.assertEqual(set(self.ledger.answers) - {202, 503}, set(), self.ledger.answers)
            if not refuses:
                self.assertEqual(self.ledger.answers[503], 0, "the journal has room for what the database cannot take")
            self.assertEqual(server.stop(), 0)
        with Server(self.data, "--journal-segment-mb", 1) as server:
            check(self, server, self.ledger)
        tally.acknowledged += len(self.ledger.acknowledged)

    def wait_for_answers(self, server, status, count, within_s=60):
        """So many more of that status, from a server that is still there."""
        target = self.ledger.answers[status] + count

        def answered():
            self.assertIsNone(server.process.poll(), server.log())
            return self.ledger.answers[status] >= target

        wait_until(answered, within_s, lambda: f"{self.ledger.answers}, {server.log()}")

    def test_the_journals_disk_is_full(self):
        self.data.mkdir(mode=0o700)
        mount_tmpfs(self, self.data / "journal", 8)
        self.serve_through(self.data / "journal", refuses=True)

    def test_the_databases_disk_is_full(self):
        mount_tmpfs(self, self.data, 256)
        mount_tmpfs(self, self.data / "journal", 256)
        self.serve_through(self.data, refuses=False)

    def test_the_one_disk_of_both_is_full(self):
        mount_tmpfs(self, self.data, 256)
        self.serve_through(self.data, refuses=True)


if __name__ == "__main__":
    unittest.main()
