from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from newsbeam.transforms.deduplication.known import Known
from newsbeam.transforms.deduplication.memory import nothing_seen
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import sight
from newsbeam.transforms.instants import start_of


@pytest.fixture
def lake(newsroom: SimpleNamespace) -> Any:
    """A lake with ten articles of as many days."""
    kept = newsroom.Lake()
    day = 24 * newsroom.HOUR
    articles = [newsroom.article(f"n{n}", newsroom.prose(n, 50), at=newsroom.NOON + n * day) for n in range(10)]
    settled = settle([sight(article) for article in articles], kept.read_seen)
    kept.commit(settled.links, settled.seen, settled.retired, [])
    return SimpleNamespace(articles=articles, read_seen=kept.read_seen)


def test_this_text_of_this_article_under_this_day(lake: Any, newsroom: SimpleNamespace) -> None:
    known = Known(lake.read_seen)
    assert all(known.holds(article) for article in lake.articles)
    first, second = lake.articles[:2]
    assert known.holds(first._replace(title="Another headline", revision=3))
    assert not known.holds(first._replace(content_hash=second.content_hash))
    assert not known.holds(first._replace(article_id=second.article_id))
    assert not known.holds(first._replace(date="2025-01-01"))  # the settlement finds it, if within the horizon
    assert not any(Known(nothing_seen).holds(article) for article in lake.articles)


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_any_day_can_be_asked_for(lake: Any, newsroom: SimpleNamespace, day: str) -> None:
    assert not Known(lake.read_seen).holds(newsroom.article("x", "Some text.", at=start_of(day)))


def test_days_are_read_together_and_once(lake: Any) -> None:
    asked: list[list[str]] = []

    def read_seen(*, columns: list[str], dates: list[str]) -> pa.Table:
        asked.append(dates)
        return lake.read_seen(columns=columns, dates=dates)

    known = Known(read_seen)
    assert all(known.holds(article) for article in lake.articles * 3)
    assert len(asked) == 2 and {len(days) for days in asked} == {8}


def test_what_is_kept_is_bounded(lake: Any) -> None:
    known = Known(lake.read_seen, most=8)
    held = [known.holds(article) for article in lake.articles]
    assert 0 < sum(held) <= 8
    assert held == [known.holds(article) for article in lake.articles]
    assert not any(Known(lake.read_seen, most=1).holds(article) for article in lake.articles)
