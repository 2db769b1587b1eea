"""/openapi.json is what the server answers: every route and parameter is in it, every answer is as it says."""

import copy
import json
import re
import unittest

from footfall_process import ROOT, SMALL_SHOP, FolderTest, Server, event
from json_schema import Checker, Mismatch
from live_test import Stream

PERIOD = "from=2026-03-01&to=2026-03-02"
# Requests that between them ask for every field: others, comparisons, tests, several currencies.
ASKED = [
    "/healthz", "/readyz", "/openapi.json", "/api/v1/audit", "/api/v1/journeys", "/api/v1/events",
    "/api/v1/filters", "/api/v1/filters?top=1&search=b",
    "/api/v1/reports/stages", f"/api/v1/reports/stages?{PERIOD}&compare=previous",
    "/api/v1/reports/stages?city=Pune&compare=others", "/api/v1/reports/stages?city=Pune&compare_city=Bengaluru",
    "/api/v1/reports/stages?from=2030-01-01", "/api/v1/reports/stages?window=unlimited",
    "/api/v1/reports/cities", "/api/v1/reports/cities?top=1&sort=revenue", "/api/v1/reports/cities?city_search=x",
    "/api/v1/reports/cities?city_is=Pune", "/api/v1/reports/cities?with_event=1",
    f"/api/v1/reports/cities?{PERIOD}&compare=previous", f"/api/v1/reports/cities?{PERIOD}&compare_from=2026-01-01",
    "/api/v1/reports/cities?from=2030-01-01", "/api/v1/reports/cities?device=none",
    "/api/v1/reports/trend", "/api/v1/reports/trend?by=week&from=2026-03-01&to=2026-03-20",
]
WRONG = ["/api/v1/reports/stages?compare=previous", "/api/v1/reports/stages?compare=others",
         "/api/v1/reports/stages?compare=yesterday", "/api/v1/reports/cities?city=Pune&compare_city=Delhi",
         "/api/v1/reports/stages?compare=previous&compare_from=2026-01-01", "/api/v1/reports/cities?top=0",
         "/api/v1/reports/trend?by=hour", "/api/v1/reports/trend?city=Pune&compare=others",
         "/api/v1/reports/trend?from=1000-01-01&to=3000-01-01", "/api/v1/filters?top=1001", "/api/v1/filters?search=%ff",
         "/api/v1/reports/cities?city_search=%ff", "/openapi.json?x=1"]


def registered_routes():
    """As the source has them: (method, path)."""
    found = [("POST", "/webhook")]
    found += re.findall(r'Route\{"(\w+)", "([^"]+)"', (ROOT / "src/dashboard/api_routes.cc").read_text())
    found += re.findall(r'router\.add\("(\w+)", "([^"]+)"', (ROOT / "src/webhook/webhook.cc").read_text())
    return {(method.lower(), path) for method, path in found} - {("get", "/")}


class OpenApi(FolderTest):
    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)
        self.document = self.server.json("/openapi.json")
        self.checker = Checker(self.document)
        crowd = [event(f"c{i}", "access_app", 8, city="Bengaluru", device="ios", channel="ads") for i in range(40)]
        abroad = [event("kim", "place_order", 9, city="Pune", amount=5, currency="USD")]
        self.received = self.server.send(SMALL_SHOP + crowd + abroad)
        self.server.wait_until_stored()

    def schema_of(self, path, status=200, method="get"):
        answer = self.document["paths"][path][method]["responses"][str(status)]
        if "$ref" in answer:
            answer = self.checker.resolve(answer["$ref"])
        return next(iter(answer["content"].values()))["schema"]

    def test_every_route_is_in_it_and_no_other(self):
        described = {(method, path) for path, methods in self.document["paths"].items() for method in methods}
        self.assertEqual(described, registered_routes())

    def test_every_answer_is_as_it_says(self):
        for target in ASKED:
            with self.subTest(target=target):
                self.checker.check(self.server.json(target), self.schema_of(target.split("?")[0]))
        self.checker.check(self.received, self.schema_of("/webhook", 202, "post"))
        with Stream(self.server) as stream:
            self.checker.check(stream.message(), self.schema_of("/api/v1/live"))
        self.checker.check(self.server.json("/api/v1/sql", "SELECT 1, 'x', NULL"),
                           self.schema_of("/api/v1/sql", method="post"))

    def test_every_error_is_as_it_says(self):
        for target in WRONG:
            with self.subTest(target=target):
                status, text = self.server.request(target)
                self.assertEqual(status, 400, text)
                self.checker.check(json.loads(text), self.document["components"]["schemas"]["Error"])

    def test_every_parameter_of_a_report_is_taken_and_no_other(self):
        for name in ("stages", "cities", "trend"):
            path = f"/api/v1/reports/{name}"
            for parameter in self.document["paths"][path]["get"]["parameters"]:
                found = self.checker.resolve(parameter["$ref"])["name"]
                _, text = self.server.request(f"{path}?{found}=")
                message = json.loads(text)["error"]["message"]
                self.assertIn(found, message)
                self.assertNotIn("no such parameter", message)
            self.assertIn("no such parameter", self.server.request(f"{path}?other=1")[1])

    def test_the_checker_sees_what_differs(self):
        path = "/api/v1/reports/cities"
        good = self.server.json(path)
        spoils = [lambda r: r.pop("others"), lambda r: r.update(more=1), lambda r: r["overall"].update(users="3"),
                  lambda r: r["cities"][0].update(verdict="good"), lambda r: r["overall"].update(users=-1),
                  lambda r: r.update(generated_at="yesterday"), lambda r: r["cities"][0]["gap"].update(points=None)]
        for number, spoil in enumerate(spoils):
            bad = copy.deepcopy(good)
            spoil(bad)
            with self.subTest(number=number), self.assertRaises(Mismatch):
                self.checker.check(bad, self.schema_of(path))


if __name__ == "__main__":
    unittest.main()
