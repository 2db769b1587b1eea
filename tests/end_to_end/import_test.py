"""footfall import: the same rows give the same report, however and however often they come."""

import gzip
import json
import random
import unittest

from footfall_process import FolderTest, Server, run

FLAGS = ["--map", "user_id=user", "--map", "event_type=event", "--map", "city=channel"]


def rows_of_a_shop(users=300):
    """Lines of a CSV: each user goes some way through the shop."""
    stages = ["access_app", "view_products", "select_product", "add_to_cart", "begin_checkout",
              "place_order"]
    chance = random.Random(7)
    lines = []
    for user in range(users):
        channel = chance.choice(["email", '"social, paid"', "organic", ""])
        for minute, stage in enumerate(stages[:chance.randint(1, len(stages))]):
            lines.append(f"u{user},{stage},2026-03-{user % 28 + 1:02} 10:{minute:02}:00,{channel}")
    return lines


class Import(FolderTest):
    def setUp(self):
        super().setUp()
        self.lines = rows_of_a_shop()
        self.csv = self.write("events.csv", self.lines)

    def write(self, name, lines, end="\n"):
        path = self.folder / name
        path.write_bytes(end.join(["user,event,timestamp,channel", *lines, ""]).encode())
        return path

    def imported(self, path, data_dir, *flags):
        done = run("import", path, *FLAGS, "--timezone", "UTC", "--data-dir", self.folder / data_dir,
                   *flags)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def reports(self, data_dir):
        both = []
        for name in ("stages", "cities"):
            done = run("report", name, "--format", "json", "--data-dir", self.folder / data_dir)
            self.assertEqual(done.returncode, 0, done.stderr)
            figures = json.loads(done.stdout)
            del figures["generated_at"]
            both.append(figures)
        return both

    def test_shuffled_repeated_gzipped_or_again_the_report_is_the_same(self):
        said = self.imported(self.csv, "plain")
        self.assertIn(f"{len(self.lines)} new events stored, 0 were known already, 0 rejected", said)
        expected = self.reports("plain")
        self.assertEqual(expected[0]["total_users"], 300)
        self.assertEqual({city["city"] for city in expected[1]["cities"]},
                         {"Email", "Social, Paid", "Organic", "unknown"})

        again = self.imported(self.csv, "plain")
        self.assertIn(f"0 new events stored, {len(self.lines)} were known already", again)
        self.assertEqual(self.reports("plain"), expected)

        messy = self.lines + self.lines[::10]
        random.Random(1).shuffle(messy)
        self.imported(self.write("messy.csv", messy, end="\r\n"), "messy")
        self.assertEqual(self.reports("messy"), expected)

        packed = self.folder / "events.csv.gz"
        packed.write_bytes(gzip.compress(self.csv.read_bytes()))
        self.imported(packed, "packed")
        self.assertEqual(self.reports("packed"), expected)

    def test_json_lines_give_the_same_report(self):
        names = ["user", "event", "timestamp", "channel"]
        path = self.folder / "events.jsonl"
        path.write_text("".join(
            json.dumps(dict(zip(names, line.replace('"social, paid"', "social; paid").split(","))))
            .replace("social; paid", "social, paid") + "\n" for line in self.lines))
        self.imported(self.csv, "csv")
        self.imported(path, "json")
        self.assertEqual(self.reports("json"), self.reports("csv"))

    def test_a_running_server_takes_the_rows(self):
        with Server(self.folder / "data", "--timezone", "UTC") as server:
            self.imported(self.csv, "data")
            self.assertEqual(server.json("/api/v1/audit")["stored"], len(self.lines))

    def test_identical_rows_are_events_of_their_own_when_asked(self):
        path = self.write("twice.csv", self.lines[:1] * 3)
        self.assertIn("1 new events stored, 2 were known", self.imported(path, "merged"))
        self.assertIn("3 new events", self.imported(path, "kept", "--keep-identical"))
        self.assertIn("0 new events", self.imported(path, "kept", "--keep-identical"))

    def test_invalid_rows_are_named_by_their_line_and_spoil_nothing(self):
        lines = self.lines[:3] + ["u9,,2026-03-01 10:00:00,email", "u9,x,yesterday,email"]
        done = run("import", self.write("bad.csv", lines), *FLAGS, "--data-dir", self.folder / "d")
        self.assertEqual(done.returncode, 1)
        self.assertIn("3 new events stored, 0 were known already, 2 rejected", done.stdout)
        self.assertIn("bad.csv, line 5: ", done.stderr)
        self.assertIn("bad.csv, line 6: ", done.stderr)

    def test_a_broken_file_is_named_with_line_and_column(self):
        path = self.write("broken.csv", ['u1,a,2026-03-01,"x'])
        done = run("import", path, *FLAGS, "--data-dir", self.folder / "d")
        self.assert_one_line(done, 1, "broken.csv, line 2, column 17: ")

    def test_a_mapped_column_that_is_not_there(self):
        done = run("import", self.csv, "--map", "user_id=uid", "--data-dir", self.folder / "d")
        self.assert_one_line(done, 2, "uid", "user, event, timestamp, channel")
        self.assertFalse((self.folder / "d").exists())

    def test_a_file_that_is_not_there(self):
        self.assert_one_line(run("import", "none.csv", cwd=self.folder), 1, "none.csv")


if __name__ == "__main__":
    unittest.main()
