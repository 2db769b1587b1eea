"""The demo: the main job end to end, and that it notices a wrong number."""

import json
import socket
import unittest

from footfall_process import FolderTest, free_ports, run

SMALL = ["--users", "2000", "--port", "18888"]


class Demo(FolderTest):
    def test_small_demo_equals_its_truth(self):
        done = run("demo", *SMALL, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Reports equal the driver's truth: yes\n", done.stdout)
        self.assertIn("2,000 users", done.stdout)
        self.assertIn("balanced: yes; durability: fsync", done.stdout)
        self.assertRegex(done.stdout, r"curl http://localhost:8888/webhook -d '\{.*\}'\n")
        self.assertTrue(done.stdout.isascii(), "a pipe gets plain text")

    def test_an_altered_number_in_the_truth_is_named(self):
        truth_file = self.folder / "truth.json"
        first = run("demo", *SMALL, "--start", "2026-01-01", "--truth", truth_file, cwd=self.folder)
        self.assertEqual(first.returncode, 0, first.stdout + first.stderr)
        truth = json.loads(truth_file.read_text())
        truth["stages"]["stages"][4]["users"] += 1
        altered_file = self.folder / "altered.json"
        altered_file.write_text(json.dumps(truth))

        done = run("demo", *SMALL, "--start", "2026-01-01", "--compare-with", altered_file,
                   cwd=self.folder)

        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        expected = truth["stages"]["stages"][4]["users"]
        self.assertIn("Reports equal the driver's truth: no (stages.stages[4].users: "
                      f"expected {expected}, found {expected - 1})\n", done.stdout)

    def test_taken_port_gives_way_to_the_next(self):
        port, following = free_ports(2)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            taken.listen()
            done = run("demo", "--users", "50", "--port", port, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"Port {port} is taken; this demo uses {following}.\n", done.stdout)


if __name__ == "__main__":
    unittest.main()
