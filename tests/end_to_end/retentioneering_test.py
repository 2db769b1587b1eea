"""The main job on a shop's data that we did not make: tests/data/retentioneering_ecom.csv.

The expected figures are those of the notebook that comes with the data (ordered, no time limit), and,
for the other counts, of a calculation by hand on the same file.
"""

import csv
import json
import random
import unittest

from footfall_process import ROOT, FolderTest, Server, run

CSV = ROOT / "tests/data/retentioneering_ecom.csv"
JOURNEY = ROOT / "tests/data/catalog.toml"
FLAGS = ["--map", "event_type=event", "--map", "city=acquisition_channel", "--timezone", "UTC"]


class Retentioneering(FolderTest):
    def imported(self, name, path):
        folder = self.folder / name
        done = run("import", path, *FLAGS, "--data-dir", folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return folder

    def report(self, server, name, **parameters):
        query = "&".join(f"{key}={value}" for key, value in
                         ({"journey": "catalog"} | parameters).items())
        return server.json(f"/api/v1/reports/{name}?{query}")

    def serve(self, folder):
        return Server(folder, "--journey", JOURNEY, "--timezone", "UTC")

    def column(self, report, name):
        return [stage[name] for stage in report["stages"]]

    def test_answers_the_published_funnel(self):
        with self.serve(self.imported("shop", CSV)) as server:
            unlimited = self.report(server, "stages", window="unlimited")
            week = self.report(server, "stages", window="7d")
            june = self.report(server, "cities", **{"from": "2024-06-01"})

        self.assertEqual(self.column(unlimited, "users_in_order"), [600, 511, 431, 225])
        self.assertEqual(self.column(unlimited, "users"), [600, 522, 489, 328])
        self.assertEqual(self.column(week, "users_in_order"), [600, 462, 330, 126])
        self.assertEqual((june["total_users"], june["overall"]["buyers"]), (429, 137))

    def test_answers_the_same_shuffled_and_sent_twice(self):
        with open(CSV, newline="") as file:
            header, *rows = list(csv.reader(file))
        rows += rows[::10]
        random.Random(1).shuffle(rows)
        shuffled = self.folder / "shuffled.csv"
        with open(shuffled, "w", newline="") as file:
            csv.writer(file).writerows([header, *rows])

        reports = []
        for name, path in (("plain", CSV), ("shuffled", shuffled)):
            with self.serve(self.imported(name, path)) as server:
                both = [self.report(server, "stages", window="unlimited"),
                        self.report(server, "cities")]
            for report in both:
                del report["generated_at"]
            reports.append(json.dumps(both))

        self.assertEqual(reports[0], reports[1])


if __name__ == "__main__":
    unittest.main()
