#!/usr/bin/env python3
"""A peer of run.py: the assignment's design as a team would write it in Python.

Flask, served by Waitress, puts the events of POST /webhook into a queue.Queue and answers; one
consumer takes them out in batches and inserts them into SQLite, which leaves out ids that it has.
What is in the queue is lost when the process ends. flask_sqlite.py PORT DATABASE
"""
import queue
import sqlite3
import sys
import threading
import time

import waitress
from flask import Flask, jsonify, request

FIELDS = ("event_id", "user_id", "session_id", "event_type", "city", "timestamp", "product_id",
          "order_id", "amount", "device", "channel")
REQUIRED = ("event_id", "user_id", "event_type", "timestamp")
BATCH_ROWS = 1_000
BATCH_SECONDS = 0.5
THREADS = 8

events = queue.Queue()
app = Flask(__name__)


@app.post("/webhook")
def webhook():
    sent = request.get_json()
    sent = sent if isinstance(sent, list) else [sent]
    good = [e for e in sent if isinstance(e, dict) and all(field in e for field in REQUIRED)]
    for event in good:
        events.put(event)
    return jsonify(accepted=len(good), rejected=len(sent) - len(good)), 202


def next_batch():
    batch = [events.get()]
    deadline = time.monotonic() + BATCH_SECONDS
    while len(batch) < BATCH_ROWS:
        try:
            batch.append(events.get(timeout=max(0, deadline - time.monotonic())))
        except queue.Empty:
            break
    return batch


def consume(path):
    database = sqlite3.connect(path)
    columns = ", ".join(FIELDS).replace("event_id", "event_id PRIMARY KEY", 1)
    database.execute(f"CREATE TABLE IF NOT EXISTS events ({columns})")
    places = ", ".join("?" * len(FIELDS))
    while True:
        rows = [tuple(event.get(field) for field in FIELDS) for event in next_batch()]
        database.executemany(f"INSERT OR IGNORE INTO events VALUES ({places})", rows)
        database.commit()


if __name__ == "__main__":
    threading.Thread(target=consume, args=(sys.argv[2],), daemon=True).start()
    waitress.serve(app, listen=f"127.0.0.1:{sys.argv[1]}", threads=THREADS)
