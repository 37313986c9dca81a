"""A writer, a compaction and a sweep that die at a chosen moment. Run by test_kills.py, in a process of its own.

python kills.py ROOT WORK FAULT [ROUND]: does WORK on the lake ROOT and exits at once, as by kill -9, at the FAULT-th
step of a put or delete: before it, in the middle of it, or after it. FAULT 0: never.

python kills.py: does so in a child for each line of standard input that holds these four, and prints its exit status.
A child starts at once, and has none of the clients of buckets that do not survive a fork: only it makes them.
"""

import itertools
import os
import random
import sys
import threading
import time
import traceback

import gcsfs  # noqa: F401  imported once for all children
import s3fs  # noqa: F401

from newsbeam.schemas.article import Article
from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event
from newsbeam.schemas.tables import ROW_TABLES, TABLES
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake, staging_folder
from newsbeam.transforms.lake.storage import Storage

CHUNKS = 3
KILLED = 9
TEXT = "Soldiers raided the camp."


class Mortal(Storage):
    """A storage on which the process dies at one step; pickles as a plain one."""

    fault = 0
    steps = 0

    def put(self, path, content):
        self._step()
        self._cut_off(super().put, path, content)
        super().put(path, content)
        self._step()

    def put_new(self, path, content):
        self._step()
        self._cut_off(super().put_new, path, content)
        super().put_new(path, content)
        self._step()

    def delete(self, path):
        self._step()
        super().delete(path)
        self._step()

    def write_temp(self, path, content):
        with open(path, "wb") as out:
            out.write(content[: len(content) // 2])
        self._step()
        super().write_temp(path, content)

    def _cut_off(self, put, path, content):
        """On a bucket, where it is the step to die at: while the request is under way, at a moment of chance."""
        if self.is_local:
            return  # `write_temp` has a step in the middle
        if Mortal.steps + 1 == self.fault:
            threading.Thread(target=put, args=(path, content), daemon=True).start()
            time.sleep(random.uniform(0.0, 0.02))
        self._step()

    def _step(self):
        Mortal.steps += 1
        if Mortal.steps == self.fault:
            os._exit(KILLED)


def article(number, day):
    nothing = dict.fromkeys(Article._fields)
    return Article(**{**nothing, "article_id": f"a{number}", "revision": 0, "date": day, "date_source": "file",
        "origin": "o", "authors": [], "text": TEXT, "text_source": "file", "word_count": 4,
        "ingested_at": start_of(day), "tags": [], "published_at": start_of(day), "content_hash": "h"})  # fmt: skip


def event(name, number, day):
    nothing = dict.fromkeys(Event._fields)
    return Event(**{**nothing, "event_id": name, "event_key": "k", "article_id": f"a{number}", "revision": 0,
        "date": day, "date_type": "exact", "type": "ASSAULT", "cameo_root": "19", "quad": 4, "intensity": -9.0,
        "contexts": [], "polarity": "asserted", "realis": "actual", "trigger": "raided", "trigger_start": 9,
        "trigger_end": 15, "sentence": TEXT, "sentence_index": 0, "confidence": 0.5, "coder_version": "1"})  # fmt: skip


def day_of(number):
    return f"2023-01-{1 + number % 2:02}"


def put(storage, rows, retired, scope, folder):
    groups = {}
    for row in rows:
        groups.setdefault((ROW_TABLES[type(row)], row.date), []).append(row)
    files = [write_rows(storage, TABLES[name], day, group, folder=folder) for (name, day), group in groups.items()]
    return change_of(files, retired, scope)


def chunk_rows(round_number, chunk):
    """Two articles a chunk; the second retires the event of the first article of the round and adds a better one."""
    first = round_number * CHUNKS * 2
    numbers = [first + 2 * chunk, first + 2 * chunk + 1]
    rows = [row for n in numbers for row in (event(f"e{n}", n, day_of(n)), article(n, day_of(n)))]
    retired = []
    if chunk == 1:
        rows.append(event(f"better{first}", first, day_of(first)))
        retired.append(Retired(f"a{first}", 0, day_of(first), ["events"]))
    return rows, retired


def expected(rounds):
    """Ids of articles and events after that many rounds."""
    count = rounds * CHUNKS * 2
    firsts = range(0, count, CHUNKS * 2)
    events = {f"e{n}" for n in range(count)} - {f"e{n}" for n in firsts} | {f"better{n}" for n in firsts}
    return sorted(f"a{n}" for n in range(count)), sorted(events)


def run(storage, round_number):
    """One run: what is staged already is not done again, as `newsbeam run` does it."""
    lake = Lake(storage)
    lake.refresh_views()
    name = f"run{round_number}"
    done = lake.resume(name)
    known = set(lake.read("articles", columns=["article_id"]).column(0).to_pylist())
    base = lake.snapshot().data_version
    for chunk in range(CHUNKS):
        if str(chunk) in done:
            continue
        rows, retired = chunk_rows(round_number, chunk)
        if rows[1].article_id in known:
            rows, retired = [], []  # the deduplicator's part
        change = put(storage, rows, retired, f"{name} {chunk} {base}", staging_folder(name, str(chunk)))
        lake.stage(name, str(chunk), change, base)
    lake.publish(name)
    lake.refresh_views()


def commit(storage, round_number):
    """The same rows as direct commits, as windows of a stream."""
    lake = Lake(storage)
    for chunk in range(CHUNKS):
        rows, retired = chunk_rows(round_number, chunk)
        lake.commit(put(storage, rows, retired, f"window {round_number} {chunk}", "_hot"))
    lake.refresh_views()


def write_for_ever(storage):
    """Runs and windows in turn, each of new articles."""
    for number in itertools.count():
        [run, commit][number % 2](storage, number)


def compact_for_ever(storage, retain_seconds):
    """Compactions and sweeps, one after the other."""
    while True:
        compact(storage, retain_seconds=retain_seconds)
        time.sleep(0.2)


def main(root, work, fault, round_number="0"):
    storage = Mortal(root)
    storage.fault = int(fault)
    if work == "run":
        run(storage, int(round_number))
    elif work == "commit":
        commit(storage, int(round_number))
    elif work == "compact":
        compact(storage, retain_seconds=3600.0)
    elif work == "sweep":
        compact(storage, retain_seconds=0.0, clock=lambda: 2e10)
    elif work == "write_for_ever":
        write_for_ever(storage)
    elif work == "compact_for_ever":
        compact_for_ever(storage, retain_seconds=60.0)
    os._exit(0)


def child(root, work, fault, round_number):
    """Exit status of a forked process that does `work`. A fork saves the seconds of the imports."""
    process = os.fork()
    if process == 0:
        Mortal.steps = 0
        try:
            main(root, work, fault, round_number)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def serve():
    """Work through the lines of standard input."""
    for line in sys.stdin:
        print(child(*line.split()), flush=True)


if __name__ == "__main__":
    serve()
