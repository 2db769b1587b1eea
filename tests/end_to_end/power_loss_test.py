"""Power that fails under load: ext4 on a loop device is shut down, so that all that was not synced is gone."""

import fcntl
import os
import random
import signal
import struct
import subprocess
import time
import unittest

from footfall_process import FolderTest, Server
from ledger import FULL, Ledger, Load, check, start_again, tally
from mounts import mount, skip, skip_unless_mounts_work, unmount

LOSSES = 20 if FULL else 2
DISK_BYTES = 256 << 20
# linux/fs/ext4/ext4.h: EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH: not even ext4's own journal is written.
EXT4_IOC_SHUTDOWN = 0x8004587D
WITHOUT_LOG_FLUSH = 2
SMALL_FILES = ("--journal-segment-mb", 1, "--journal-keep-mb", 0, "--hot-ids", 1000)


class PowerLoss(FolderTest):
    def setUp(self):
        super().setUp()
        skip_unless_mounts_work(self)
        self.disk, self.image = self.folder / "disk", self.folder / "image"
        self.data = self.disk / "data"
        with open(self.image, "wb") as file:
            file.truncate(DISK_BYTES)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        try:
            self.plug_in()
        except subprocess.CalledProcessError as error:
            skip(self, f"no loop device: {error}")

    def plug_in(self):
        mount(self, self.disk, "-o", "loop", self.image)

    def lose_power(self):
        disk = os.open(self.disk, os.O_RDONLY)
        fcntl.ioctl(disk, EXT4_IOC_SHUTDOWN, struct.pack("I", WITHOUT_LOG_FLUSH))
        os.close(disk)

    def test_power_loss_under_load_loses_nothing_that_was_acknowledged(self):
        seed = int(os.environ.get("FOOTFALL_TEST_SEED", time.time()))
        print("seed", seed)
        chance = random.Random(seed)
        ledger = Ledger(seed)
        load = Load(ledger, batch_events_max=100, padding_bytes=500)
        for _ in range(LOSSES):
            with start_again(self, self.data, *SMALL_FILES) as server:
                load.aim(server)
                time.sleep(chance.uniform(0.2, 3.0))
                # The ioctl is no instant: a sync that overlaps it may succeed without the disk, and its answer come
                # milliseconds later, from a machine that would be off.
                load.cut_off()
                self.lose_power()
                server.stop(signal.SIGKILL)
            unmount(self.disk)
            self.plug_in()
            tally.faults["power losses"] += 1

        with start_again(self, self.data, *SMALL_FILES) as server:
            load.aim(server)
            load.finish()
            check(self, server, ledger)
        self.assertGreater(len(ledger.acknowledged), 100)
        tally.acknowledged += len(ledger.acknowledged)


if __name__ == "__main__":
    unittest.main()
