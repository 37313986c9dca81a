"""kill -9 at any moment, then a run to the end: tables as if undisturbed, and nobody saw half of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.lakes import EPOCH, rows, run, tables

pytestmark = pytest.mark.slow

_PLACES = ("Mosul", "Kano", "Goma", "Aleppo", "Kabul", "Gaza", "Kyiv", "Manila")
_ARTICLES = 40
_MOMENTS = 10


def _write_articles(folder: Path) -> None:
    folder.mkdir()
    for n in range(_ARTICLES):
        place = _PLACES[n % len(_PLACES)]
        text = (
            f"date 2024-05-{n % 28 + 1:02d}\n"
            f"A bomb killed {n + 2} people at a market in {place} on Monday, police said.\n\n"
            f"Report number {n} came from the {place} office. The government condemned the attack."
        )
        (folder / f"{n:03d}.txt").write_text(text, encoding="utf-8")


def _start(folder: Path, lake: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "newsbeam.pipeline.cli", "run", str(folder), "--lake", str(lake)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}
    return subprocess.Popen(
        [*command, "--chunk_articles", "10"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip


def _seen(lake: Path) -> int | None:
    """How many articles a reader sees at this moment; None before the first catalog."""
    if not (lake / "catalog.duckdb").exists():
        return None
    try:
        return int(rows(lake, "select count(*) from articles")[0][0])
    except duckdb.IOException as error:  # the file was replaced between the look and the open
        if "does not exist" in str(error) or "No such file" in str(error):
            return None
        raise


def test_killed_at_ten_moments_a_run_ends_as_if_undisturbed(tmp_path: Path) -> None:
    _write_articles(tmp_path / "in")
    begin = time.monotonic()
    undisturbed = _start(tmp_path / "in", tmp_path / "whole")
    assert undisturbed.wait(timeout=300) == 0
    duration = time.monotonic() - begin
    for moment in range(_MOMENTS):
        lake = tmp_path / f"killed-{moment}"
        process = _start(tmp_path / "in", lake)
        deadline = time.monotonic() + duration * (moment + 0.5) / _MOMENTS
        seen = set()
        while time.monotonic() < deadline and process.poll() is None:
            seen.add(_seen(lake))
            time.sleep(0.05)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        seen.add(_seen(lake))
        assert seen <= {None, 0, _ARTICLES}, f"a reader saw part of a run: {seen}"
        assert run(tmp_path / "in", "--lake", lake, "--chunk_articles", "10") == 0
        assert tables(lake) == tables(tmp_path / "whole")


def test_two_runs_at_once_write_each_article_once(tmp_path: Path) -> None:
    _write_articles(tmp_path / "in")
    processes = [_start(tmp_path / "in", tmp_path / "lake") for _ in range(2)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    assert rows(tmp_path / "lake", "select count(*), count(distinct article_id) from articles") == [
        (_ARTICLES, _ARTICLES)
    ]
    doubles = "select count(*) from (select event_id from events group by 1 having count(*) > 1)"
    assert rows(tmp_path / "lake", doubles) == [(0,)]
