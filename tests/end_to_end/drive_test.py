"""footfall drive against a real server: what it delivers, and what it says when it cannot."""

import json
import signal
import subprocess
import unittest

from footfall_process import BINARY, FolderTest, Server, environment, run

USERS = 300


class Drive(FolderTest):
    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)

    def test_every_event_arrives_once_and_the_truth_is_written(self):
        truth_file = self.folder / "truth.json"
        output_file = self.folder / "sent.jsonl"
        done = run("drive", "--url", self.server.url, "--users", USERS, "--duplicates", "0.2",
                   "--truth", truth_file, "--output", output_file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        sent = [json.loads(line)["event_id"] for line in output_file.read_text().splitlines()]

        audit = self.server.wait_until_stored()

        self.assertEqual(audit["accepted"], len(sent))
        self.assertEqual(audit["stored"], len(set(sent)))
        self.assertGreater(audit["duplicates"], 0)
        stages = self.server.json("/api/v1/reports/stages")
        self.assertEqual(stages["total_users"],
                         json.loads(truth_file.read_text())["stages"]["total_users"])

    def test_the_same_seed_and_start_send_nothing_new(self):
        for _ in range(2):
            done = run("drive", "--url", self.server.url + "/webhook", "--users", USERS,
                       "--start", "2026-01-01", "--duplicates", "0", "--seed", "5")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            audit = self.server.wait_until_stored()
        self.assertEqual(audit["stored"], audit["duplicates"])

    def test_what_is_refused_is_counted_and_exits_1(self):
        done = run("drive", "--url", self.server.url + "/nowhere", "--users", USERS)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("refused", done.stdout)

    def test_wrong_url_rate_and_start_are_wrong_usage(self):
        self.assert_one_line(run("drive", "--url", "localhost", "--users", 1), 2, "localhost")
        self.assert_one_line(run("drive", "--rate", "fast", "--users", 1), 2, "--rate", "fast")
        self.assert_one_line(run("drive", "--start", "soon", "--users", 1), 2, "--start")

    def test_ctrl_c_ends_it_with_what_was_done(self):
        process = subprocess.Popen(
            [BINARY, "drive", "--url", self.server.url, "--users", "100000", "--rate", "200"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        while self.server.json("/api/v1/audit")["received"] == 0:
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn("Stopped before the end.", output)


if __name__ == "__main__":
    unittest.main()
