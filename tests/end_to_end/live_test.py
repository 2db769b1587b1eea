"""The live stream: what a browser's EventSource reads from a real server."""

import http.client
import json
import time
import unittest
import urllib.parse

from footfall_process import SMALL_SHOP, TIMEOUT_S, FolderTest, Server, reachable

SEEN_S_MAX = 2
ENDS_S_MAX = 2
STREAMS_MAX = 64


class Stream:
    """One open GET /api/v1/live."""

    def __init__(self, server):
        address = urllib.parse.urlsplit(reachable(server.url)).netloc
        self.connection = http.client.HTTPConnection(address, timeout=TIMEOUT_S)
        self.connection.request("GET", "/api/v1/live")
        self.answer = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def message(self):
        """The next one; None when the stream has ended."""
        for line in self.answer:
            if line.startswith(b"data: "):
                return json.loads(line[6:])
        return None


class Live(FolderTest):
    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)

    def test_what_is_sent_is_seen_stored_in_time(self):
        with Stream(self.server) as stream:
            self.assertEqual(stream.answer.status, 200)
            self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
            self.assertEqual(stream.message()["events"], [])
            self.server.send(SMALL_SHOP)
            began = time.monotonic()
            while not (message := stream.message())["events"]:
                self.assertLess(time.monotonic() - began, SEEN_S_MAX)
            self.assertLess(time.monotonic() - began, SEEN_S_MAX)
        self.assertEqual(message["audit"], self.server.json("/api/v1/audit"))
        self.assertEqual(len(message["events"]), len(SMALL_SHOP))
        types = {e["event_type"]: e["stage"] for e in message["events"]}
        self.assertEqual((types["place_order"], types["share_wishlist"]), ("place_order", None))
        self.assertNotIn("asha", json.dumps(message))

    def test_messages_come_every_second(self):
        with Stream(self.server) as stream:
            stream.message()
            began = time.monotonic()
            for _ in range(3):
                self.assertEqual(stream.message()["stored_per_second"], 0)
            self.assertLess(abs(time.monotonic() - began - 3), 1.5)

    def test_a_stop_of_the_server_ends_streams_at_once(self):
        with Stream(self.server) as stream:
            stream.message()
            began = time.monotonic()
            self.assertEqual(self.server.stop(), 0)
            self.assertIsNone(stream.message())
            self.assertLess(time.monotonic() - began, ENDS_S_MAX)

    def test_streams_are_limited_and_free_again(self):
        streams = [Stream(self.server) for _ in range(STREAMS_MAX)]
        with Stream(self.server) as refused:
            self.assertEqual(refused.answer.status, 429)
            self.assertEqual(refused.answer.headers["Retry-After"], "1")
        for stream in streams:
            self.assertEqual(stream.answer.status, 200)
            stream.__exit__()
        end = time.monotonic() + TIMEOUT_S
        status = 429
        while status == 429 and time.monotonic() < end:
            with Stream(self.server) as again:
                status = again.answer.status
        self.assertEqual(status, 200)

    def test_a_parameter_is_refused_by_name(self):
        status, text = self.server.request("/api/v1/live?city=Pune")
        self.assertEqual(status, 400)
        self.assertIn("city", json.loads(text)["error"]["message"])


if __name__ == "__main__":
    unittest.main()
