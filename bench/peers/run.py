#!/usr/bin/env python3
"""Footfall beside what a team would write without it: run.py [--npm DIR] [--rounds 5]

Each server in turn takes the same load (../peer_load.cc) on the same cores, with fsync where it has
one, until all that it accepted is stored. Needs `./dev build release` and Debian's python3-flask and
python3-waitress; for the peers in Node `npm install --prefix DIR fastify@5 better-sqlite3@12`.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
RELEASE = HERE.parent.parent / "build" / "release"
PORT = 18_811
TICKS = os.sysconf("SC_CLK_TCK")
QUIET_SECONDS = 3  # without a new row: what was accepted and is not there is lost


class Peer:
    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = command
        self.environment = {**os.environ, **(environment or {})}

    def start(self, folder):
        self.database = folder / "events.db"
        command = [*map(str, self.command), str(PORT), str(self.database)]
        self.process = subprocess.Popen(command, env=self.environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stored(self):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as database:
            return database.execute("SELECT count(*) FROM events").fetchone()[0]


class Footfall(Peer):
    def __init__(self):
        super().__init__("Footfall", [])

    def start(self, folder):
        command = [RELEASE / "footfall", "serve", "--port", str(PORT), "--data-dir", folder / "data"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)

    def stored(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/audit") as answer:
            return json.load(answer)["stored"]


def until_it_listens(peer):
    while True:
        if peer.process.poll() is not None:
            sys.exit(f"{peer.name}: it ended at its start; --help says what it needs")
        try:
            return socket.create_connection(("127.0.0.1", PORT), 1).close()
        except OSError:
            time.sleep(0.05)


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def until_stored(peer, wanted):
    """The rows that there are in the end, and when the last of them came."""
    rows = peer.stored()
    last_change = time.monotonic()
    while rows < wanted and time.monotonic() < last_change + QUIET_SECONDS:
        time.sleep(0.05)
        now = peer.stored()
        if now != rows:
            rows, last_change = now, time.monotonic()
    return rows, last_change


def measure(peer, options):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="footfall-peers-"))
    peer.start(folder)
    try:
        until_it_listens(peer)
        began = time.monotonic()
        cpu_before = cpu_seconds(peer.process)
        load = json.loads(subprocess.run(
            [RELEASE / "bench" / "peer_load", "--port", str(PORT), "--batch", str(options.batch),
             "--seconds", str(options.seconds)], check=True, capture_output=True, text=True).stdout)
        rows, ended = until_stored(peer, load["distinct"])
        cpu = cpu_seconds(peer.process) - cpu_before
    finally:
        peer.process.terminate()
        peer.process.wait()
        shutil.rmtree(folder)
    return {"accepted_s": load["accepted"] / load["seconds"], "stored_s": rows / (ended - began),
            "cpu_us": cpu / max(1, rows) * 1e6, "p50_ms": load["p50_ms"], "p99_ms": load["p99_ms"],
            "lost": load["distinct"] - rows}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npm", help="where npm has put fastify and better-sqlite3")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    if not (RELEASE / "bench" / "peer_load").exists():
        sys.exit("run.py measures the release build: ./dev build release")

    peers = [Footfall(), Peer("Flask, queue, SQLite", ["/usr/bin/python3", HERE / "flask_sqlite.py"])]
    if options.npm:
        modules = {"NODE_PATH": str(pathlib.Path(options.npm).resolve() / "node_modules")}
        node = ["node", HERE / "node_sqlite.js"]
        peers.append(Peer("Node, SQLite, queued", node, {**modules, "ACK": "queue"}))
        peers.append(Peer("Node, SQLite, durable", node, {**modules, "ACK": "db"}))

    results = {peer.name: [] for peer in peers}
    for _ in range(options.rounds):
        for peer in peers:
            results[peer.name].append(measure(peer, options))
    print(f"{'':<22} {'accepted/s':>11} {'stored/s':>9} {'CPU us':>7} {'p50 ms':>7} {'p99 ms':>7}"
          f" {'lost':>5}  Footfall stores")
    ours = statistics.median(each["stored_s"] for each in results["Footfall"])
    for name, rounds in results.items():
        middle = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
        print(f"{name:<22} {middle['accepted_s']:>11,.0f} {middle['stored_s']:>9,.0f}"
              f" {middle['cpu_us']:>7.1f} {middle['p50_ms']:>7.2f} {middle['p99_ms']:>7.2f}"
              f" {middle['lost']:>5.0f}  {ours / middle['stored_s']:.1f} times as many")


if __name__ == "__main__":
    main()
