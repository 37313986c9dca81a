"""A stream on Prism: windows show while it runs, SIGTERM drains it, kill -9 loses nothing and doubles nothing."""

import os
import signal
import threading
from pathlib import Path

import pytest

from newsbeam.pipeline.arguments import parse_run
from newsbeam.pipeline.stream import CommittedStates, shards_of
from newsbeam.pipeline.summary import Summary
from newsbeam.schemas.feed import FeedState
from newsbeam.schemas.tables import TABLES
from newsbeam.transforms import metrics
from newsbeam.transforms.lake.changes import change_of, write_rows
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.polling.schedule import first_state
from tests.pipeline.growing import Stream, entries_in, feed_of, growing, wait_for, why_no_prism
from tests.pipeline.lakes import rows, run

_FLAGS = ("--window_seconds", 4, "--min_poll_seconds", 2)
needs_prism = pytest.mark.skipif(why_no_prism() is not None, reason=str(why_no_prism()))


@pytest.mark.slow
@needs_prism
def test_windows_show_sigterm_drains_and_kill_loses_nothing(tmp_path: Path) -> None:
    lake, log = tmp_path / "lake", tmp_path / "log"
    with growing(hosts=3, seconds=1.0) as feeds:
        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: len(entries_in(lake)) >= 6)  # while it runs
        assert stream.process.poll() is None
        assert stream.drain() == 0, log.read_text()[-3000:]
        drained = entries_in(lake)
        assert len(drained) == len(set(drained))
        assert Lake(str(lake)).snapshot().number >= 1

        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: len(entries_in(lake)) >= len(drained) + 6)
        prisms = stream.runners()
        assert len(prisms) == 1
        stream.kill()
        wait_for(lambda: not Path(f"/proc/{prisms[0]}").exists(), 10)  # it does not outlive its job
        killed = entries_in(lake)

        stream = Stream(feeds.urls, lake, log, *_FLAGS)
        wait_for(lambda: len(entries_in(lake)) > len(killed))
        feeds.freeze()
        wait_for(lambda: set(entries_in(lake)) == feeds.entries())
        assert stream.drain() == 0, log.read_text()[-3000:]
        assert entries_in(lake) == sorted(feeds.entries())
    said = log.read_text()
    assert "window until " in said and "newest article published " in said
    doubles = "select count(*) from (select event_id from events group by 1 having count(*) > 1)"
    assert rows(lake, doubles) == [(0,)]


@pytest.mark.slow
@needs_prism
def test_a_stream_counts_what_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def item(name: str, text: str) -> str:
        guid = f'<guid isPermaLink="false">{name}</guid>'
        return f"<item><title>{name}</title>{guid}<description>{text}</description></item>"

    text = "A bomb killed 12 people at a market in Kano on Monday, police of the district said in a statement."
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    lake, results = tmp_path / "lake", []
    monkeypatch.setattr(Summary, "add", lambda self, result: results.append(result.metrics().query()))
    with growing(hosts=1, seconds=1.0, odd=[feed_of(item("a", text)), feed_of(item("b", text)), b"no feed"]) as feeds:
        listed = tmp_path / "feeds.txt"
        listed.write_text("\n".join(feeds.urls) + "\n")

        def end() -> None:
            try:
                wait_for(lambda: {"a", "b"} < set(entries_in(lake)) and len(entries_in(lake)) > 6)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=end).start()
        assert run(listed, "--lake", lake, "--streaming", "--allow_private_networks", *_FLAGS) == 0
    (found,) = results
    counts = {c.key.metric.name: c.committed for c in found["counters"] if c.key.metric.namespace == metrics.NAMESPACE}
    spreads = {d.key.metric.name: d.committed for d in found["distributions"]}
    articles = rows(lake, "select count(*) from articles")[0][0]
    assert counts[metrics.ENTRIES_NEW] == counts[metrics.NEW] == articles
    assert counts[metrics.COPIES] == 1
    assert counts[metrics.FEEDS_POLLED] >= 4
    assert counts[metrics.EVENTS] == rows(lake, "select count(*) from events")[0][0] > 0
    assert counts[metrics.FIGURES] == rows(lake, "select count(*) from figures")[0][0] > 0
    rejected = dict(rows(lake, "select reason, count(*) from rejects group by 1"))
    assert set(rejected) == {"not_a_feed"}
    assert counts[metrics.REJECTS] == counts["rejects_not_a_feed"] == rejected["not_a_feed"]
    assert spreads[metrics.ENTRY_LAG].count == articles - 2  # two have no date
    assert spreads[metrics.OVERDUE].count > 0
    assert 0 <= spreads[metrics.NEWEST_LAG].min <= spreads[metrics.NEWEST_LAG].max < 120


def test_a_stream_refuses_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("date 2024-05-01\nA bomb killed two people in Kano.")
    assert run(tmp_path / "a.txt", "--lake", tmp_path / "lake", "--streaming") == 2
    assert "--streaming watches feeds" in capsys.readouterr().err
    assert not (tmp_path / "lake").exists()


def test_hosts_are_watched_one_by_one_until_they_are_too_many() -> None:
    flink = parse_run(["f", "--streaming", "--runner", "FlinkRunner", "--checkpointing_interval", "9"]).options
    urls = [f"https://host-{n}.example/{path}" for n in range(257) for path in ("a", "b")]
    assert shards_of(urls, parse_run(["f", "--streaming"]).options) == 1
    assert shards_of(urls[:512], flink) is None
    assert shards_of(urls, flink) == 256


def _commit(lake: Lake, *states: FeedState) -> None:
    files = [write_rows(lake.storage, TABLES["feeds"], state.date, [state]) for state in states]
    lake.commit(change_of(files, [], os.urandom(4).hex()))


def test_committed_states_follow_the_lake(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    urls = [f"https://news.example/{n}" for n in range(3)]
    load, load_seldom = CommittedStates(str(tmp_path)), CommittedStates(str(tmp_path), seconds=3600)
    assert load(urls) == load_seldom(urls) == []
    first = [first_state(url)._replace(polled_at=5, date="2024-05-01", known_ids=["a"]) for url in urls[:2]]
    _commit(lake, *first)
    assert load_seldom(urls) == []
    assert load(urls) == first
    assert load_seldom(urls) == first  # what a process has read is for all
    newer = first[0]._replace(polled_at=7, date="2024-05-02")
    _commit(lake, newer)
    assert load(urls) == [newer, first[1]]
    assert load(urls[1:]) == [first[1]]
