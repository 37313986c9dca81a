"""Hold the precision of events over articles of our own; docs/quality.md has all figures."""

import functools
from typing import Any

from newsbeam.transforms.facts import read_facts
from newsbeam.transforms.models import load_model
from tests.bench.own_events import Match, load_articles, match, score, with_people
from tests.transforms.events.reading import article as article_of

# the measure of docs/quality.md, less three or four events of a hundred: a change that loses more is to be looked at
LEAST_PRECISION = 0.96
LEAST_RECALL = 0.85


@functools.cache
def measured() -> dict[str, dict[str, float | int]]:
    articles = load_articles()
    matches: list[Match] = []
    missed: list[dict[str, Any]] = []
    for told, doc in zip(articles, load_model().pipe(each["text"] for each in articles), strict=True):
        article = article_of(told["text"], told["date"])._replace(article_id=told["id"], title=told["title"])
        facts = read_facts(article, doc)
        people = [person._asdict() for person in facts.participants]
        found, absent = match(told, with_people([event._asdict() for event in facts.events], people))
        matches += found
        missed += absent
    return score(matches, missed)


def test_most_events_are_ones_that_a_reader_finds() -> None:
    assert measured()["event"]["precision"] >= LEAST_PRECISION


def test_most_events_that_a_reader_finds_are_read() -> None:
    assert measured()["event"]["recall"] >= LEAST_RECALL
