"""Invented articles for the tests of deduplication, and a lake in memory."""

import random
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from newsbeam.schemas.article import Article, Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.transforms.ids import digest, text_hash
from newsbeam.transforms.instants import day_of, start_of

NOON = start_of("2024-03-05") + 12 * 3_600_000_000
HOUR = 3_600_000_000
_NOUNS = "mayor bridge river union harbour factory council engineer market minister school railway museum".split()
_VERBS = "visited closed opened praised rebuilt inspected funded delayed renamed sold defended surveyed".split()
_ENDS = ("after a long debate", "despite heavy rain", "before the summer break", "as residents watched", "in silence")


def story(seed: int, sentences: int = 9, figure: int = 0) -> str:
    """A text of its own for each seed; `figure` changes one number in it."""
    rng = random.Random(seed)
    place = "".join(rng.choice("BCDFGKLMNPRST"[::step] + "aeiou") for step in (1, 2, 3)).title()
    place += "".join("abcdefghij"[int(digit)] for digit in str(seed)) + "ville"
    said = [
        f"The {rng.choice(_NOUNS)} of {place} {rng.choice(_VERBS)} the {rng.choice(_NOUNS)} "
        f"near the {rng.choice(_NOUNS)} {rng.choice(_ENDS)}."
        for _ in range(sentences)
    ]
    said.insert(2, f"Officials in {place} counted {137 + figure} damaged houses along the {rng.choice(_NOUNS)}.")
    return "\n".join(said)


def prose(seed: int, words: int) -> str:
    """A text of words that no other seed has."""
    rng = random.Random(seed)
    spoken = ["".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(words)]
    return " ".join(spoken).capitalize() + "."


def article(name: str, text: str, *, at: int = NOON, **fields: Any) -> Article:
    """An article with this text; its id comes from its name."""
    row = Article(
        article_id=digest(name), revision=0, date=day_of(at), date_source="feed", url=None, canonical_url=None,
        source=f"{name}.test", origin="feed", entry_id=name, feed_title=None, title=f"Title of {name}", authors=[],
        summary=None, text=text, text_source="feed", language="en", language_score=None, word_count=len(text.split()),
        published_at=at, published_raw=None, updated_at=None, fetched_at=None, ingested_at=NOON, tags=[],
        image_url=None, is_free=None, content_hash=text_hash(text),
    )  # fmt: skip
    return row._replace(**fields)


class Lake:
    """Rows of `seen` and `links`, and the facts that are live, as commits would leave them."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, int], Seen] = {}
        self.links: dict[tuple[str, int], Link] = {}
        self.facts: set[tuple[str, int]] = set()

    def read_seen(self, *, columns: list[str], dates: list[str]) -> pa.Table:
        rows = [row for row in self.seen.values() if row.date in dates]
        kinds = {
            "revision": pa.int32(),
            "published_at": pa.timestamp("us", "UTC"),
            "bands": pa.binary(),
            "payload": pa.binary(),
        }
        return pa.table({c: pa.array([getattr(r, c) for r in rows], kinds.get(c, pa.string())) for c in columns})

    def commit(
        self,
        links: Iterable[Link],
        seen: Iterable[Seen],
        retired: Iterable[Retired],
        canonical: Iterable[tuple[str, int]],
    ) -> None:
        for row in retired:
            key = row.article_id, row.revision
            if "seen" in row.tables:
                assert self.seen.pop(key).date == row.date
            if "links" in row.tables:
                assert self.links.pop(key).date == row.date
            if "events" in row.tables:
                self.facts.remove(key)
        for seen_row in seen:
            assert (key := (seen_row.article_id, seen_row.revision)) not in self.seen
            self.seen[key] = seen_row
        for link in links:
            assert (key := (link.article_id, link.revision)) not in self.links
            self.links[key] = link
        for key in canonical:
            assert key not in self.facts
            self.facts.add(key)

    def state(self) -> tuple[Any, ...]:
        return sorted(self.seen.items()), sorted(self.links.items()), sorted(self.facts)


@pytest.fixture(scope="session")
def newsroom() -> SimpleNamespace:
    """The helpers above, for test modules, which cannot import them."""
    return SimpleNamespace(article=article, story=story, prose=prose, Lake=Lake, NOON=NOON, HOUR=HOUR)
