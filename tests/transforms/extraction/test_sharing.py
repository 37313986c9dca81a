"""Readers of the process that started this one."""

import json
import os
import threading
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from pathlib import Path

import pytest

from newsbeam.transforms.extraction import pool as pools
from newsbeam.transforms.extraction import sharing
from newsbeam.transforms.extraction.pool import KILLED, Pool, ReadingFailed
from newsbeam.transforms.extraction.sharing import VARIABLE, Remote, readers, shared_with_children


@pytest.fixture
def pool(obedient: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Readers of another process: this one does not know them as its own."""
    monkeypatch.setattr(pools, "_MODULE", obedient)
    monkeypatch.setattr(sharing, "_own", {})
    monkeypatch.setattr(sharing, "_remote", {})
    made = Pool("ready", 2)
    yield made
    made.close()
    sharing.close_readers()


def test_who_is_started_within_finds_them(pool: Pool) -> None:
    with shared_with_children(pool):
        found = readers("ready")
        assert isinstance(found, Remote) and found.processes == 2
        assert readers("ready") is found
        futures = [found.submit([b"%d" % n, b"die" if n == 3 else b"good"]) for n in range(8)]
        assert [future.result() for future in futures] == [
            [b"%d" % n, KILLED if n == 3 else b"good"] for n in range(8)
        ]  # fmt: skip
        with pytest.raises(ReadingFailed, match="Traceback\nValueError: of the rules"):
            found.submit([b"bug"]).result()
        assert found.submit([b"one"]).result() == [b"one"]
    assert VARIABLE not in os.environ


def test_only_this_user_and_only_with_the_key(pool: Pool) -> None:
    with shared_with_children(pool):
        known = json.loads(os.environ[VARIABLE])
        folder = Path(known["address"]).parent
        assert folder.stat().st_mode & 0o777 == 0o700
        with pytest.raises(AuthenticationError):
            Remote(known["address"], b"guessed", "ready")
        assert Remote(known["address"], bytes.fromhex(known["key"]), "ready").submit([b"one"]).result() == [b"one"]
    assert not folder.exists()
    with pytest.raises(OSError):
        Remote(known["address"], bytes.fromhex(known["key"]), "ready")
    accepting = [thread for thread in threading.enumerate() if "_accept" in thread.name]
    for thread in accepting:
        thread.join(10)
    assert not any(thread.is_alive() for thread in accepting)


@pytest.mark.parametrize("model", ["ready", "another"])
def test_where_nobody_is_there_a_process_has_its_own(
    pool: Pool, model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = {"address": str(tmp_path / "none"), "key": "00", "model": "ready"}
    monkeypatch.setenv(VARIABLE, json.dumps(address))
    found = readers(model)
    assert isinstance(found, Pool) and found is not pool and found.processes == 1
    assert readers(model) is found


def test_own_readers_come_first_and_end_when_told(pool: Pool) -> None:
    own = sharing.own_readers("ready")
    with shared_with_children(pool):
        assert readers("ready") is own
    assert sharing.own_readers("ready", 2) is own and own.processes == 2
    sharing.close_readers("ready")
    assert own.ids() == []
    assert sharing.own_readers("ready") is not own
