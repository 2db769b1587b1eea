"""What the end-to-end tests share: the binary, a server, requests. Python's standard library alone."""

import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("FOOTFALL_TEST_BINARY", str(ROOT / "build/dev/footfall"))
TIMEOUT_S = 120


def environment(**extra):
    """The environment without what would configure Footfall from outside."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FOOTFALL_")}
    return clean | extra


def run(*arguments, cwd=None, stdin="", **env):
    """Runs the binary to its end."""
    return subprocess.run([BINARY, *map(str, arguments)], cwd=cwd, input=stdin, text=True,
                          capture_output=True, timeout=TIMEOUT_S, env=environment(**env))


def free_ports(count):
    """`count` ports in a row that nobody listens on. They lie below those that the kernel gives out by
    itself (32768 and up), so no connection or server of a test beside this one gets them by chance."""
    while True:
        first = random.randrange(20000, 32768 - count)
        ports = list(range(first, first + count))
        try:
            for port in ports:
                with socket.socket() as free:
                    free.bind(("127.0.0.1", port))
            return ports
        except OSError:  # taken: try elsewhere
            pass


def reachable(url):
    """Of a server here. A machine so bare that it has no /etc/hosts does not know the name localhost."""
    return url.replace("//localhost:", "//127.0.0.1:")


def post(url, body):
    """(status, headers) that the webhook at `url` answers; errors of the connection are the caller's."""
    request = urllib.request.Request(reachable(url) + "/webhook", data=body.encode())
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, error.headers


class NotStarted(AssertionError):
    """The server ended before it served."""

    def __init__(self, server):
        self.returncode = server.process.wait(TIMEOUT_S)
        self.log = server.log()
        super().__init__(f"exit code {self.returncode} at the start: {self.log}")


class Server:
    """footfall serve on a free port, ready to be asked. `under`: a command that runs it."""

    def __init__(self, data_dir, *flags, cwd=None, port=0, under=(), **env):
        port_flags = [] if port is None else ["--port", str(port)]
        self._log = tempfile.TemporaryFile("a+")  # a pipe would fill when nobody reads it
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*under, BINARY, "serve", *port_flags, "--data-dir", str(data_dir), *map(str, flags)],
            text=True, cwd=cwd, stdout=subprocess.PIPE, stderr=self._log, env=environment(**env))
        self.greeting = self.process.stdout.readline()
        self.started_in_s = time.monotonic() - began
        found = re.search(r"http://\S+", self.greeting)
        if not found:
            failure = NotStarted(self)
            self.__exit__()
            raise failure
        self.url = found.group(0)

    def log(self):
        """What it has written on stderr so far."""
        self._log.seek(0)
        return self._log.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
        self._log.close()

    def stop(self, sig=signal.SIGTERM):
        """Returns the exit code."""
        self.process.send_signal(sig)
        return self.process.wait(TIMEOUT_S)

    def request(self, path, body=None, **headers):
        """(status, text) of GET, or POST when there is a body."""
        data = body.encode() if isinstance(body, str) else body
        request = urllib.request.Request(reachable(self.url) + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def json(self, path, body=None):
        status, text = self.request(path, body)
        assert status // 100 == 2, (status, text)
        return json.loads(text)

    def send(self, events):
        return self.json("/webhook", json.dumps(events))

    def wait_until_stored(self):
        while True:
            audit = self.json("/api/v1/audit")
            if audit["in_flight"] == 0:
                return audit
            time.sleep(0.01)


def wait_until(condition, within_s=TIMEOUT_S, describe=lambda: ""):
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, f"not within {within_s} s: {describe()}"
        time.sleep(0.01)


def event(user, event_type, minute=0, **fields):
    return {"event_id": f"{user}-{event_type}-{minute}", "user_id": user, "event_type": event_type,
            "timestamp": f"2026-03-01T10:{minute:02}:00Z"} | fields


# Three users: one buys, one looks, one is seen and does what no journey knows.
SMALL_SHOP = [
    event("asha", "access_app", 0, city="Pune"),
    event("asha", "view_products", 1),
    event("asha", "select_product", 2),
    event("asha", "add_to_cart", 3),
    event("asha", "begin_checkout", 4),
    event("asha", "place_order", 5, amount=499.5, currency="INR", order_id="o1"),
    event("ravi", "access_app", 0, city="banglore"),
    event("ravi", "view_products", 7),
    event("mina", "access_app", 0, city="Pune"),
    event("mina", "share_wishlist", 1),
]


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, self.folder."""

    def setUp(self):
        self._temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self._temporary.cleanup)
        self.folder = pathlib.Path(self._temporary.name)

    def assert_one_line(self, done, code, *parts):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("footfall: "), done.stderr)
        for part in parts:
            self.assertIn(part, done.stderr)
