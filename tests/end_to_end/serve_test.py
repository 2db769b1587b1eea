"""A server from its start to its end, and the commands that ask it or its folder."""

import json
import os
import signal
import stat
import threading
import time
import unittest

from footfall_process import SMALL_SHOP, FolderTest, Server, event, run


def report(*arguments):
    done = run("report", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(text):
    parsed = json.loads(text)
    del parsed["generated_at"]
    return parsed


class Serve(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"

    def test_says_where_it_serves_and_what_it_promises(self):
        with Server(self.data) as server:
            self.assertIn(str(self.data), server.greeting)
            self.assertIn("durability: fsync", server.greeting)

    def test_keeps_its_folder_to_itself(self):
        with Server(self.data):
            self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode), 0o700)
            self.assertEqual(stat.S_IMODE(os.stat(self.data / "id.key").st_mode), 0o600)

    def test_stops_in_order_and_keeps_what_it_accepted(self):
        for sig in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=sig), Server(self.data) as server:
                known = json.loads((self.data / "server.json").read_text())
                self.assertEqual(known, {"pid": server.process.pid, "url": server.url})
                server.send([event(f"u{sig}", "access_app")])
                self.assertEqual(server.stop(sig), 0)
                self.assertFalse((self.data / "server.json").exists())
        done = run("report", "stages", "--format", "json", "--data-dir", self.data)
        self.assertEqual(figures(done.stdout)["total_users"], 2)

    def test_stop_under_load_keeps_every_event_that_was_acknowledged(self):
        server = Server(self.data)
        acknowledged = [0] * 4

        def send(sender):
            number = 0
            while True:
                batch = [event(f"u{sender}-{number}-{i}", "access_app") for i in range(50)]
                try:
                    if server.request("/webhook", json.dumps(batch))[0] != 202:
                        return
                except OSError:
                    return
                acknowledged[sender] += len(batch)
                number += 1

        senders = [threading.Thread(target=send, args=(i,)) for i in range(4)]
        for sender in senders:
            sender.start()
        while min(acknowledged) == 0:
            self.assertIsNone(server.process.poll())
            time.sleep(0.01)
        began = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        for sender in senders:
            sender.join()

        count = run("sql", "-", "--format", "csv", "--data-dir", self.data,
                    stdin="SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM events")
        stored, distinct = map(int, count.stdout.split("\n")[1].split(","))
        self.assertEqual(stored, distinct)
        # An answer that was lost on its way makes a batch stored and not acknowledged.
        self.assertGreaterEqual(stored, sum(acknowledged))
        self.assertLessEqual(stored, sum(acknowledged) + 4 * 50)

    def test_ids_are_known_again_after_a_restart(self):
        for _ in range(2):
            with Server(self.data) as server:
                server.send(SMALL_SHOP)
                audit = server.wait_until_stored()
        self.assertEqual((audit["stored"], audit["duplicates"]), (10, 10))
        self.assertTrue(audit["balanced"])

    def test_leftovers_of_a_killed_server_do_no_harm(self):
        with Server(self.data) as server:
            server.send(SMALL_SHOP)
            server.wait_until_stored()
            server.stop(signal.SIGKILL)
        self.assertTrue((self.data / "server.json").exists())
        self.assertEqual(figures(report("stages", "--format", "json", "--data-dir", self.data))
                         ["total_users"], 3)
        with Server(self.data) as server:
            self.assertEqual(server.json("/api/v1/audit")["stored"], 10)


class Asking(FolderTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.server = Server(self.data)
        self.addCleanup(self.server.__exit__)
        self.server.send(SMALL_SHOP)
        self.server.wait_until_stored()

    def test_reports_are_the_same_from_server_and_folder(self):
        for name in ("stages", "cities"):
            asked = report(name, "--format", "json", "--data-dir", self.data)
            self.assertEqual(figures(asked), self.server_figures(f"/api/v1/reports/{name}"))
            by_url = report(name, "--format", "json", "--url", self.server.url + "/webhook")
            self.assertEqual(figures(by_url), figures(asked))
        csv = report("cities", "--format", "csv", "--data-dir", self.data)
        stages = figures(report("stages", "--format", "json", "--data-dir", self.data))
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(report("cities", "--format", "csv", "--data-dir", self.data), csv)
        self.assertEqual(figures(report("stages", "--format", "json", "--data-dir", self.data)), stages)

    def server_figures(self, path):
        return figures(self.server.request(path)[1])

    def test_reports_say_what_was_sent(self):
        stages = self.server_figures("/api/v1/reports/stages")
        self.assertEqual([s["users"] for s in stages["stages"]], [3, 0, 2, 1, 1, 1, 1])
        cities = self.server_figures("/api/v1/reports/cities")
        self.assertEqual([(c["city"], c["users"], c["revenue"]) for c in cities["cities"]],
                         [("Pune", 2, "499.5000"), ("Bengaluru", 1, "0.0000")])

    def test_flags_reach_the_report(self):
        asked = figures(report("stages", "--format", "json", "--data-dir", self.data,
                               "--city", "Pune", "--window", "1d", "--from", "2026-03-01",
                               "--new-users"))
        self.assertEqual((asked["total_users"], asked["conversion_window_s"]), (2, 86400))

    def test_report_by_day_is_the_trend(self):
        asked = figures(report("stages", "--by", "day", "--format", "json", "--data-dir", self.data))
        self.assertEqual([(b["users"], b["buyers"]) for b in asked["buckets"]], [(3, 1)])
        self.assertEqual(asked, self.server_figures("/api/v1/reports/trend?by=day"))
        table = report("stages", "--by", "week", "--data-dir", self.data)
        self.assertRegex(table, r"Week from +Users +Buyers")
        self.assert_one_line(run("report", "cities", "--by", "day", "--data-dir", self.data), 2, "--by")

    def test_report_is_compared_in_the_terminal(self):
        period = ("--from", "2026-03-01", "--to", "2026-03-02", "--data-dir", self.data)
        text = report("stages", *period, "--compare", "previous")
        self.assertIn("There is nothing to compare with: 28 Feb 2026 has no users.", text)
        text = report("stages", "--city", "Pune", "--compare", "others", "--data-dir", self.data)
        self.assertIn("Against all but Pune", text)
        text = report("cities", *period, "--compare-from", "2026-02-01")
        self.assertIn("Against since 1 Feb 2026", text)
        self.assertTrue(text.isascii(), text)

    def test_filters_are_what_was_sent(self):
        filters = self.server.json("/api/v1/filters")
        self.assertEqual(filters["cities"], [{"name": "Pune", "users": 2}, {"name": "Bengaluru", "users": 1}])
        self.assertEqual((filters["total_cities"], filters["devices"]), (2, [{"name": "unknown", "users": 3}]))
        self.assertEqual(self.server.json("/api/v1/filters?search=BENG&top=5")["cities"],
                         [{"name": "Bengaluru", "users": 1}])

    def test_table_names_its_source_and_is_plain_in_a_pipe(self):
        for name in ("stages", "cities"):
            text = report(name, "--data-dir", self.data)
            self.assertIn(self.server.url, text)
            self.assertTrue(text.isascii(), text)

    def test_wrong_parameter_is_wrong_usage(self):
        done = run("report", "stages", "--data-dir", self.data, "--from", "yesterday")
        self.assert_one_line(done, 2, "from")
        done = run("report", "stages", "--data-dir", self.data, "--journey", "none")
        self.assert_one_line(done, 2, "journey", "storefront")

    def test_events_names_the_line_to_add(self):
        done = run("events", "--data-dir", self.data, "--format", "json")
        types = {e["event_type"]: e for e in json.loads(done.stdout)["events"]}
        self.assertEqual(types["share_wishlist"], {"event_type": "share_wishlist", "events": 1,
                                                   "users": 1, "stage": None,
                                                   "add": '"share_wishlist",'})
        self.assertEqual(types["access_app"]["stage"], "access_app")
        self.assertEqual(types["access_app"]["users"], 3)
        table = run("events", "--data-dir", self.data).stdout
        self.assertRegex(table, r'share_wishlist +1 +1 +"share_wishlist",')

    def test_sql_reads_while_the_server_runs_and_after(self):
        query = "SELECT city, count(*) AS n FROM events GROUP BY city ORDER BY n DESC, city"
        rows = "city,n\nunknown,7\nPune,2\nBengaluru,1\n"
        (self.folder / "q.sql").write_text(query)
        for stop in (False, True):
            if stop:
                self.server.stop()
            asked = run("sql", "-", "--format", "csv", "--data-dir", self.data, stdin=query)
            self.assertEqual(asked.stdout, rows, asked.stderr)
            table = run("sql", self.folder / "q.sql", "--data-dir", self.data)
            self.assertIn("Bengaluru    1\n", table.stdout)

    def test_sql_refuses_what_writes_or_leaves_the_data(self):
        for query in ("DELETE FROM stored_events", "COPY events TO 'x.csv'", "ATTACH 'x.db'",
                      "SELECT * FROM read_csv('/etc/passwd')", "nonsense", ""):
            done = run("sql", "-", "--data-dir", self.data, stdin=query)
            self.assertEqual(done.returncode, 2, (query, done.stdout, done.stderr))
        self.assertEqual(self.server.json("/api/v1/audit")["stored"], 10)

    def test_api_refuses_wrong_parameters_by_name(self):
        for path, named in [("/api/v1/reports/stages?form=2026-01-01", "form"),
                            ("/api/v1/reports/cities?sort=size", "sort"),
                            ("/api/v1/reports/stages?city=a&city=b", "city"),
                            ("/api/v1/audit?x=1", "x"),
                            ("/api/v1/journeys?x=1", "x"),
                            ("/api/v1/events?format=pdf", "format"),
                            ("/api/v1/events?journey=none", "none")]:
            status, text = self.server.request(path)
            self.assertEqual(status, 400, path)
            self.assertIn(named, json.loads(text)["error"]["message"])

    def test_api_sql_takes_text_and_json(self):
        expected = {"columns": ["n"], "rows": [[10]], "truncated": False}
        query = "SELECT count(*) AS n FROM events"
        self.assertEqual(self.server.json("/api/v1/sql", query), expected)
        self.assertEqual(self.server.json("/api/v1/sql", json.dumps({"sql": query})), expected)
        for body in ("", "{}", '{"sql": 1}', '{"sql": "SELECT 1", "more": 1}', '{"sql"'):
            self.assertEqual(self.server.request("/api/v1/sql", body)[0], 400, body)

    def test_api_sql_is_cut_at_its_limit_of_rows(self):
        answer = self.server.json("/api/v1/sql", "SELECT * FROM range(20000)")
        self.assertEqual((len(answer["rows"]), answer["truncated"]), (10000, True))


if __name__ == "__main__":
    unittest.main()
