import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.schemas.event import Event, Participant
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.figure import Figure
from newsbeam.schemas.reject import Fetch, Reject
from newsbeam.schemas.tables import ROW_TABLES, TABLES
from newsbeam.transforms.instants import start_of
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.lake import Lake

TEXT = "Soldiers raided the camp on Thursday. Ten people were killed."
DAY = "2023-01-31"
_TRIGGER, _SURFACE, _WORDS = "raided", "Ten people", "Soldiers"
_DEFAULTS = {
    Article: {
        "article_id": "a1", "revision": 0, "date": DAY, "date_source": "file", "origin": "raid.txt", "authors": [],
        "text": TEXT, "text_source": "file", "word_count": 10, "ingested_at": start_of("2023-02-01"), "tags": [],
        "published_at": start_of(DAY), "content_hash": "h1", "source": "paper.example", "title": "Raid",
    },
    Link: {"article_id": "a2", "revision": 0, "date": DAY, "canonical_id": "a1", "relation": "copy", "method": "near"},
    Event: {
        "event_id": "e1", "event_key": "k1", "article_id": "a1", "revision": 0, "date": DAY, "date_type": "exact",
        "event_date": "2023-01-26", "type": "ASSAULT", "cameo_root": "19", "quad": 4, "intensity": -9.0, "contexts": [],
        "polarity": "asserted", "realis": "actual", "trigger": _TRIGGER, "trigger_start": TEXT.index(_TRIGGER),
        "trigger_end": TEXT.index(_TRIGGER) + len(_TRIGGER), "sentence": TEXT.split(".")[0] + ".", "sentence_index": 0,
        "confidence": 0.5, "coder_version": "1", "published_at": start_of(DAY),
    },
    Participant: {
        "event_id": "e1", "article_id": "a1", "revision": 0, "date": DAY, "role": "actor", "position": 0,
        "text": _WORDS, "char_start": 0, "char_end": len(_WORDS), "name": "Soldiers", "score": 0.5,
    },
    Figure: {
        "figure_id": "f1", "article_id": "a1", "revision": 0, "date": DAY, "event_id": "e1", "surface": _SURFACE,
        "char_start": TEXT.index(_SURFACE), "char_end": TEXT.index(_SURFACE) + len(_SURFACE), "sentence": "Ten.",
        "sentence_index": 1, "kind": "people", "value": 10.0, "bound": "eq", "noun": "people", "effect": "killed",
        "polarity": "asserted", "groups": [], "relation": "total", "scope": "event", "confidence": 0.5,
        "coder_version": "1",
    },
    Reject: {
        "stage": "read", "reason": "empty", "error": "nothing in it", "origin": "empty.txt", "key": "", "payload": "",
        "seen_at": start_of(DAY), "date": DAY,
    },
    Fetch: {
        "url": "https://paper.example/1", "kind": "page", "status": 200, "outcome": "ok", "bytes": 1, "seconds": 0.5,
        "not_modified": False, "fetched_at": start_of(DAY), "date": DAY,
    },
    Seen: {
        "article_id": "a1", "revision": 0, "date": DAY, "content_hash": "h1", "published_at": start_of(DAY),
        "seen_day": "2023-02-01", "canonical_id": "a1", "bands": b"", "payload": b"",
    },
    FeedState: {
        "feed_url": "https://paper.example/rss", "date": DAY, "fetch_url": "https://paper.example/rss",
        "polled_at": start_of(DAY), "next_due_at": start_of(DAY), "interval_seconds": 3600.0, "unconditional_at": 0,
        "outcome": "ok", "failures": 0.0, "moved_count": 0, "is_gone": False, "entries_per_day": 1.0, "known_ids": [],
    },
    Retired: {"article_id": "a1", "revision": 0, "date": DAY, "tables": ["events"]},
}  # fmt: skip


@pytest.fixture(scope="session")
def make():
    """make(Event, event_id="e2") is a whole, consistent row."""

    def made(row_type, **fields):
        nothing = dict.fromkeys(row_type._fields)
        return row_type(**{**nothing, **_DEFAULTS[row_type], **fields})

    return made


@pytest.fixture(scope="session")
def story(make):
    """Rows of an article with its facts, in one list."""

    def told(number, day=DAY, revision=0):
        common = {"article_id": f"a{number}", "date": day, "revision": revision}
        mark = f"{number}.{revision}"
        return [
            make(Article, published_at=start_of(day), **common),
            make(Event, event_id=f"e{mark}", published_at=start_of(day), **common),
            make(Participant, event_id=f"e{mark}", **common),
            make(Figure, figure_id=f"f{mark}", event_id=f"e{mark}", **common),
            make(Seen, **common),
        ]

    return told


@pytest.fixture(scope="session")
def change():
    """change(storage, rows, retired) is a change whose files are put; one file a table and day."""

    def changed(storage, rows, retired=(), scope="", **options):
        groups = {}
        for each in rows:
            groups.setdefault((ROW_TABLES[type(each)], each.date), []).append(each)
        files = [write_rows(storage, TABLES[name], day, group, **options) for (name, day), group in groups.items()]
        return change_of(files, retired, scope)

    return changed


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "lake"))


@pytest.fixture(scope="session")
def gcs_server():
    binary = shutil.which("fake-gcs-server") or str(Path.home() / "go/bin/fake-gcs-server")
    if not Path(binary).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have fake-gcs-server: go install github.com/fsouza/fake-gcs-server@latest")
        pytest.skip("fake-gcs-server is not installed: go install github.com/fsouza/fake-gcs-server@latest")
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    command = [binary, *options, "-public-host", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        _wait_for(f"{url}/storage/v1/b?project=p")
        _send(f"{url}/storage/v1/b?project=p", "POST", b'{"name": "news"}')
        yield url
        server.terminate()


@pytest.fixture(scope="session")
def s3_server():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    _send(f"{url}/news", "PUT", b"")
    yield url
    server.stop()


@pytest.fixture(params=["local", "memory", "gs", "s3"])
def any_root(request, tmp_path, monkeypatch):
    """Where a lake lies: a folder, memory, and buckets behind emulators."""
    return _root(request, tmp_path, monkeypatch)


@pytest.fixture(
    params=["local", "gs", pytest.param("memory", marks=pytest.mark.slow), pytest.param("s3", marks=pytest.mark.slow)]
)
def root(request, tmp_path, monkeypatch):
    """As `any_root`; by default only where a protocol differs: moto takes a second a test."""
    return _root(request, tmp_path, monkeypatch)


def _root(request, tmp_path, monkeypatch):
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)
    if request.param == "local":
        return str(tmp_path / "lake")
    if request.param == "memory":
        return f"memory://{name}"
    if request.param == "gs":
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", request.getfixturevalue("gcs_server"))
        return f"gs://news/{name}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("s3_server"))
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return f"s3://news/{name}"


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_for(url):
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.05)
    pytest.fail(f"{url} does not answer")


def _send(url, method, body):
    request = urllib.request.Request(url, body, {"content-type": "application/json"}, method=method)
    urllib.request.urlopen(request, timeout=20).close()
