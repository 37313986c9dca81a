"""Articles at one address under ids of their own: copies, other versions, notes on one page."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apache_beam as beam
import pytest

from newsbeam.schemas.article import Article
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.deduplicate import Deduplicate
from newsbeam.transforms.deduplication.recent import Recent
from newsbeam.transforms.deduplication.settlement import settle
from newsbeam.transforms.deduplication.sightings import sight
from newsbeam.transforms.ids import article_id_of
from newsbeam.transforms.lake.lake import Lake
from newsbeam.transforms.lake.views import connect
from newsbeam.transforms.write import WriteLake

URL = "https://paper.example/news/1"


@pytest.fixture
def archive(newsroom: SimpleNamespace) -> Any:
    """Makes records that have an id of their own, some hours after noon."""

    def record(name: str, text: str, hours: float = 0, url: str = URL, **fields: Any) -> Article:
        at = newsroom.NOON + int(hours * newsroom.HOUR)
        article_id = article_id_of(url, "archive.jsonl", name, text, is_record=True)
        made: Article = newsroom.article(name, text, at=at, canonical_url=url, article_id=article_id)
        return made._replace(**fields)

    return record


def run(lake: Any, *batches: list[Article]) -> None:
    for batch in batches:
        settled = settle([sight(article) for article in batch], lake.read_seen)
        canonical = [(d.article_id, d.revision) for d in settled.decisions if d.is_canonical]
        lake.commit(settled.links, settled.seen, settled.retired, canonical)


def told(lake: Any, *articles: Article) -> tuple[dict[str, tuple[str, str, str]], list[str]]:
    """Links by the names of articles, and the names of those that have facts."""
    names = {article.article_id: str(article.entry_id) for article in articles}
    links = {
        f"{names[article_id]}{revision or ''}": (link.relation, names[link.canonical_id], link.method)
        for (article_id, revision), link in lake.links.items()
    }
    return links, sorted(f"{names[article_id]}{revision or ''}" for article_id, revision in lake.facts)


def test_two_ids_at_one_address(newsroom: SimpleNamespace, archive: Any) -> None:
    lake, text = newsroom.Lake(), newsroom.story(1)
    articles = [
        archive("a", text),
        archive("b", text, 1),
        archive("c", text + "\nThe paper thanks its readers.", 2),
        archive("d", newsroom.story(1, figure=9), 3),
        archive("e", newsroom.prose(2, 80), 4),
        archive("f", newsroom.story(3), 5, title="Title of a"),
    ]
    run(lake, articles)
    links, facts = told(lake, *articles)
    assert links == {
        "b": ("copy", "a", "url"),
        "c": ("copy", "a", "near"),
        "d": ("revision", "a", "url"),
        "f": ("revision", "a", "url"),
    }  # e is another note on the same page
    assert facts == ["a", "d", "e", "f"]


def test_the_same_id_at_the_same_address_is_revised(newsroom: SimpleNamespace, archive: Any) -> None:
    lake = newsroom.Lake()
    first, second = archive("a", newsroom.story(1)), archive("a", newsroom.story(1, figure=9), 1)
    run(lake, [first], [second])
    assert told(lake, first) == ({"a1": ("revision", "a", "url")}, ["a1"])
    assert {link.similarity > 0.9 for link in lake.links.values()} == {True}


def test_short_texts_at_one_address(newsroom: SimpleNamespace, archive: Any) -> None:
    lake = newsroom.Lake()
    articles = [
        archive("a", "Video"), archive("b", "video!", 1), archive("c", "Photo", 2),
        archive("d", "Photos of the flood", 3, title="Title of a"), archive("e", "Video", url=f"{URL}?page=2"),
    ]  # fmt: skip
    run(lake, articles)
    assert told(lake, *articles)[0] == {"b": ("copy", "a", "url"), "d": ("revision", "a", "url")}


def test_an_article_of_a_feed_and_a_record_at_its_address(newsroom: SimpleNamespace, archive: Any) -> None:
    lake = newsroom.Lake()
    of_feed = newsroom.article(
        "f", newsroom.story(1), canonical_url=URL, article_id=article_id_of(URL, "feed", "f", "")
    )
    articles = [of_feed, archive("a", newsroom.story(1, figure=9), 1), archive("b", newsroom.story(1).upper(), 2)]
    run(lake, articles)
    assert told(lake, *articles)[0] == {"a": ("revision", "f", "url"), "b": ("copy", "f", "url")}


def test_notes_that_share_a_page_are_not_compared_by_it(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    notes = [
        newsroom.article(n, newsroom.prose(seed, 60), title="What happened on Monday", canonical_url=URL)
        for seed, n in enumerate("ab")
    ]
    run(lake, notes)
    assert not lake.links


def test_a_late_original_is_revised_by_what_came_before_it(newsroom: SimpleNamespace, archive: Any) -> None:
    lake = newsroom.Lake()
    a, b, c = (archive(name, newsroom.story(1, figure=n * 9), n) for n, name in enumerate("abc"))
    elsewhere = archive("e", newsroom.story(1, figure=99), 9, url="https://other.example/2")
    run(lake, [c, elsewhere], [b], [a], [a, b, c])
    links, facts = told(lake, a, b, c, elsewhere)
    assert links == {"b": ("revision", "a", "url"), "c": ("revision", "a", "url"), "e": ("update", "a", "near")}
    assert facts == ["a", "b", "c", "e"]


@pytest.mark.parametrize("seed", range(10))
def test_the_result_does_not_depend_on_cuts_or_order(newsroom: SimpleNamespace, archive: Any, seed: int) -> None:
    rng = random.Random(seed)
    articles = []
    for name in "abcdefghijklmnopqr":
        text = newsroom.story(rng.randrange(3), figure=rng.choice((0, 0, 0, 7, 30)))
        if rng.random() < 0.3:
            text += f"\nThe paper of {name} thanks its readers."
        url = f"https://paper.example/{rng.randrange(4)}"
        articles.append(archive(name, text, rng.randrange(20), url, title=f"Title of {rng.randrange(9)}"))
    together, apart, streamed = newsroom.Lake(), newsroom.Lake(), newsroom.Lake()
    run(together, articles)
    assert {link.relation for link in together.links.values()} >= {"copy", "revision"}
    rng.shuffle(articles)
    batches = [articles[at : at + 5] for at in range(0, len(articles), 5)]
    run(apart, *batches, articles)
    assert apart.state() == together.state()
    recent = Recent(newsroom.Lake().read_seen)  # a stream whose windows are not yet in the lake
    for batch in batches:
        settled = settle([sight(article) for article in batch], recent.read)
        recent.add(settled.seen)
        canonical = [(d.article_id, d.revision) for d in settled.decisions if d.is_canonical]
        streamed.commit(settled.links, settled.seen, settled.retired, canonical)
    assert streamed.state() == together.state()


def test_a_crowded_address_is_capped(newsroom: SimpleNamespace, archive: Any) -> None:
    articles = [archive(f"n{n:03}", newsroom.prose(n, 12), n, title="Live blog of the day") for n in range(100)]
    settled = settle([sight(article) for article in articles], newsroom.Lake().read_seen)
    assert settled.capped == 1
    assert {link.canonical_id for link in settled.links} == {articles[0].article_id}
    assert len(settled.links) == 99


def _figure(article: Article, value: float) -> Figure:
    nothing = dict.fromkeys(Figure._fields)
    said = {
        "figure_id": f"{article.entry_id}-houses", "article_id": article.article_id, "revision": 0,
        "date": article.date, "surface": "137 damaged houses", "char_start": 0, "char_end": 18, "sentence": "",
        "sentence_index": 0, "kind": "count", "value": value, "bound": "eq", "noun": "house", "groups": [],
        "relation": "total", "polarity": "asserted", "scope": "story", "confidence": 0.9, "coder_version": "1",
    }  # fmt: skip
    return Figure(**{**nothing, **said})


def test_another_version_belongs_to_the_story_and_corrects_its_figures(
    newsroom: SimpleNamespace, archive: Any, tmp_path: Path
) -> None:
    first = archive("a", newsroom.story(1))
    second = archive("b", newsroom.story(1, figure=9), 1)
    with beam.Pipeline(runner="apache_beam.runners.portability.fn_api_runner.FnApiRunner") as pipeline:
        found = pipeline | beam.Create([second, first]) | Deduplicate(str(tmp_path), run_id=None)
        figures = pipeline | "Figures" >> beam.Create([_figure(first, 137.0), _figure(second, 146.0)])
        rows = {name: getattr(found, name) for name in ("articles", "links", "seen", "retired")}
        {**rows, "figures": figures} | WriteLake(str(tmp_path))
    lake = Lake(str(tmp_path))
    assert sorted(row.revision for row in lake.rows("articles")) == [0, 0]
    with connect(lake.storage) as connection:
        stories = connection.execute("SELECT story_id, articles, copies, updates, title FROM stories").fetchall()
        current = connection.execute("SELECT figure_id, value FROM figures_current").fetchall()
    assert stories == [(first.article_id, 2, 0, 1, "Title of a")]
    assert current == [("b-houses", 146.0)]
