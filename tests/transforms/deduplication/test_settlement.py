import random
from types import SimpleNamespace
from typing import Any

import pytest

from newsbeam.transforms.deduplication.settlement import Settlement, settle
from newsbeam.transforms.deduplication.sightings import sight
from newsbeam.transforms.ids import digest
from newsbeam.transforms.instants import start_of


def run(lake: Any, *batches: list[Any]) -> list[Settlement]:
    """Settle batches one after the other."""
    done = []
    for batch in batches:
        settled = settle([sight(a) for a in batch], lake.read_seen)
        canonical = [(d.article_id, d.revision) for d in settled.decisions if d.is_canonical]
        lake.commit(settled.links, settled.seen, settled.retired, canonical)
        done.append(settled)
    return done


def links(lake: Any) -> dict[str, tuple[str, str, str]]:
    """Relation, canonical article and method by name of article and revision, for articles named by one letter."""
    names = {digest(name): name for name in "abcdefghijklmnop"}
    return {
        f"{names[article_id]}{revision or ''}": (link.relation, names[link.canonical_id], link.method)
        for (article_id, revision), link in lake.links.items()
    }


def facts(lake: Any) -> list[str]:
    names = {digest(name): name for name in "abcdefghijklmnop"}
    return sorted(f"{names[article_id]}{revision or ''}" for article_id, revision in lake.facts)


def test_copies_point_to_the_earliest(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    text = newsroom.story(1)
    batch = [
        newsroom.article("a", text, at=newsroom.NOON + newsroom.HOUR),
        newsroom.article("b", text.upper()),
        newsroom.article("c", text + "\nThe paper thanks its readers.", at=newsroom.NOON + 2 * newsroom.HOUR),
        newsroom.article("d", newsroom.story(2)),
    ]
    run(lake, batch)
    assert links(lake) == {"a": ("copy", "b", "text"), "c": ("copy", "b", "near")}
    assert facts(lake) == ["b", "d"]


def test_another_figure_makes_an_update(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    run(
        lake,
        [
            newsroom.article("a", newsroom.story(1)),
            newsroom.article("b", newsroom.story(1, figure=9), at=newsroom.NOON + newsroom.HOUR),
        ],
    )
    assert links(lake) == {"b": ("update", "a", "near")}
    assert facts(lake) == ["a", "b"]


def test_a_refetch_is_nothing(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    a = newsroom.article("a", newsroom.story(1))
    first, again = run(lake, [a, a, a._replace(title="Another headline")], [a])
    assert first.refetched == 2
    assert (again.decisions, again.links, again.seen, again.retired, again.refetched) == ([], [], [], [], 1)


def test_revisions_are_numbered_and_replace_facts(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    texts = [newsroom.story(seed) for seed in (1, 2, 3)]
    rows = [newsroom.article("a", text, updated_at=newsroom.NOON + n * newsroom.HOUR) for n, text in enumerate(texts)]
    run(lake, [rows[1], rows[0]])
    assert links(lake) == {"a1": ("revision", "a", "url")}
    assert facts(lake) == ["a1"]
    (last,) = run(lake, [rows[2]])
    assert [d.revision for d in last.decisions] == [2]
    assert [(r.revision, r.tables) for r in last.retired] == [(1, ["participants", "events", "figures"])]
    assert facts(lake) == ["a2"]
    run(lake, [rows[0], rows[1], rows[2]])
    assert facts(lake) == ["a2"]


def test_a_late_original_takes_over(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    text = newsroom.story(1)
    at = [newsroom.NOON + n * newsroom.HOUR for n in range(5)]
    run(
        lake,
        [newsroom.article("b", text, at=at[1]), newsroom.article("c", text, at=at[2])],
        [newsroom.article("e", newsroom.story(1, figure=5), at=at[4])],
    )
    assert links(lake) == {"c": ("copy", "b", "text"), "e": ("update", "b", "near")}
    run(lake, [newsroom.article("a", text, at=at[0])])
    assert links(lake) == {"b": ("copy", "a", "text"), "c": ("copy", "a", "text"), "e": ("update", "a", "near")}
    assert facts(lake) == ["a", "e"]


def test_horizons(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    text = newsroom.story(1)
    near = text + "\nThe paper thanks its readers."
    day = 24 * newsroom.HOUR
    run(
        lake,
        [newsroom.article("a", text)],
        [
            newsroom.article("b", near, at=newsroom.NOON + 7 * day),
            newsroom.article("c", text, at=newsroom.NOON - 30 * day),
        ],
        [
            newsroom.article("d", near, at=newsroom.NOON - 38 * day),
            newsroom.article("e", text, at=newsroom.NOON + 38 * day),
        ],
    )
    assert links(lake) == {"a": ("copy", "c", "text"), "b": ("copy", "c", "near")}


def test_short_texts(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    at = newsroom.NOON + newsroom.HOUR
    note = "The harbour of Lindby stays closed on Monday because of the storm, the council said in a note."
    run(
        lake,
        [newsroom.article(n, "") for n in "ab"]
        + [newsroom.article(n, "Video", at=at) for n in "cd"]
        + [newsroom.article(n, "Video of the flood", at=at, title="Flood in Lindby") for n in "ef"]
        + [newsroom.article(n, note) for n in "gh"]
        + [newsroom.article("i", note.replace("stays", "is"))],
    )
    pairs = [tuple(sorted((name, canonical))) for name, (_, canonical, _) in links(lake).items()]
    assert sorted(pairs) == [("e", "f"), ("g", "h")]


@pytest.mark.parametrize("seed", range(12))
def test_the_result_does_not_depend_on_cuts_or_order(newsroom: SimpleNamespace, seed: int) -> None:
    rng = random.Random(seed)
    names = "abcdefghijklmnop"
    articles = []
    for name in names:
        text = newsroom.story(rng.randrange(3), figure=rng.choice((0, 0, 0, 7, 30)))
        if rng.random() < 0.5:
            text += f"\nThe paper of {name} thanks its readers."
        articles.append(newsroom.article(name, text, at=newsroom.NOON + rng.randrange(20) * newsroom.HOUR))
    together, apart = newsroom.Lake(), newsroom.Lake()
    run(together, articles)
    rng.shuffle(articles)
    cuts = sorted(rng.sample(range(len(articles)), 4))
    run(apart, *(articles[a:b] for a, b in zip([0, *cuts], [*cuts, None], strict=True)))
    assert apart.state() == together.state()


def test_bad_input(newsroom: SimpleNamespace) -> None:
    lake = newsroom.Lake()
    sentence = "The council of Lindby met on Monday to count 12 boats. "
    disclaimer = newsroom.prose(99, 140)
    (settled,) = run(
        lake,
        [newsroom.article("a", sentence * 19_000), newsroom.article("b", sentence * 19_000 + "The end.")]
        + [newsroom.article("c", newsroom.story(1), at=start_of("1970-01-01"))]
        + [newsroom.article("d", newsroom.story(1), at=start_of("2099-12-31"))]
        + [newsroom.article("e", newsroom.story(1), at=start_of("9999-12-31"))]
        + [newsroom.article("f", newsroom.story(1), at=start_of("0001-01-01"))]
        + [newsroom.article(f"x{n}", f"{newsroom.prose(n + 200, 50)}\n{disclaimer}") for n in range(150)],
    )
    assert settled.capped > 0
    pairs = {(link.article_id, link.canonical_id) for link in settled.links}
    assert len(pairs) == 1 and {*pairs.pop()} == {digest("a"), digest("b")}


@pytest.mark.slow
def test_ten_thousand_articles_with_one_disclaimer_cost_a_few_comparisons_each(newsroom: SimpleNamespace) -> None:
    disclaimer, day = newsroom.prose(999_999, 90), 24 * newsroom.HOUR
    count = 10_000
    articles = [
        newsroom.article(f"n{n}", f"{newsroom.prose(n, 45)}\n{disclaimer}", at=newsroom.NOON + n * day // count)
        for n in range(count)
    ]
    settled = settle([sight(article) for article in articles], newsroom.Lake().read_seen)
    assert settled.capped > 10
    assert not settled.links
    assert len(settled.decisions) == count


@pytest.mark.parametrize("seed", range(6))
def test_facts_are_those_of_newest_revisions_of_canonical_articles(newsroom: SimpleNamespace, seed: int) -> None:
    rng = random.Random(seed)
    lake = newsroom.Lake()
    articles = []
    for _ in range(30):
        text = newsroom.story(rng.randrange(6), figure=rng.choice((0, 0, 0, 7)))
        at = newsroom.NOON + rng.randrange(100) * newsroom.HOUR
        articles.append(newsroom.article(f"n{rng.randrange(20)}", text, at=at, updated_at=at + rng.randrange(9)))
    run(lake, articles[:11], articles[11:], articles)
    copies = {key[0]: link.canonical_id for key, link in lake.links.items() if link.relation == "copy"}
    newest: dict[str, int] = {}
    for article_id, revision in lake.seen:
        newest[article_id] = max(revision, newest.get(article_id, 0))
    assert len(copies) > 3 and max(newest.values()) > 0
    assert not copies.keys() & copies.values()
    assert lake.facts == {(article_id, last) for article_id, last in newest.items() if article_id not in copies}
