"""Find what an id names in a lake, and what belongs with it: its article, its story, what others claim."""

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
from rich.console import Console

from newsbeam.pipeline import evidence
from newsbeam.pipeline.sql import open_lake

Row = dict[str, Any]

_TABLES = (("events", "event_id"), ("figures", "figure_id"), ("articles", "article_id"))
_OF_ARTICLE = "article_id = ? and date = ? and revision = ?"
_ORDERS = {"events": "trigger_start, event_id", "participants": "role, position, event_id", "figures": "char_start"}
_NEWEST_STORIES = """
    select date, title, articles, copies, updates, list_aggregate(sources, 'string_agg', ', ') as sources, story_id
    from stories where articles > 1 order by last_seen desc, story_id limit ?"""
_NEWEST_EVENTS = """
    select event_date, type, actor_name, recipient_name, place_name, killed_min as killed, event_id
    from events order by date desc, event_date desc nulls last, event_id limit ?"""
_NEWEST_FIGURES = """
    select surface, value, noun, effect, scope, relation, period_start, figure_id
    from figures order by date desc, article_id, char_start limit ?"""

_TIES = "(l.relation in ('copy', 'update') or l.relation = 'revision' and l.revision = 0)"
#: Every article of the story that an article belongs to. A copy of a copy leads on to the same original.
_STORY = f"""
with recursive found(article_id) as (
    select ? union
    select case when l.article_id = f.article_id then l.canonical_id else l.article_id end
    from found f join links l on f.article_id in (l.article_id, l.canonical_id)
    where {_TIES}
), leads as (
    select article_id, arg_max(relation, revision) as relation, arg_max(similarity, revision) as similarity
    from links l where {_TIES} group by article_id
)
select coalesce(l.relation, 'original') as relation, a.published_at, a.source, a.title, a.revision, l.similarity,
    a.article_id, a.url
from articles a semi join found using (article_id) left join leads l using (article_id)
qualify a.revision = max(a.revision) over (partition by a.article_id)
order by a.published_at nulls last, a.article_id
"""

#: Keys of an event and of those like it in other articles of its story, whose names or numbers may differ.
_SAME_EVENT = """
select distinct event_key from events
where event_key = $key or list_contains($articles, article_id) and type = $type
    and event_date is not distinct from $day and coalesce(place_id = $place, true)
order by event_key
"""

#: What is claimed of them. `tolls` says what a claim is.
_CLAIMS = """
select t.effect, c.* from (
    select effect, unnest(claims) as c from tolls where list_contains($keys, event_key)
) t order by t.effect, c.published_at nulls last, c.figure_id
"""


def print_evidence(lake: str, id_: str | None, limit: int, console: Console, errors: Console) -> int:
    """Print what `id_` names, or the newest stories, events and figures.

    0; 2 where there is no lake or no such id; 1 where a file of the lake cannot be read.
    """
    connection = open_lake(lake, errors)
    if connection is None:
        return 2
    try:
        if id_ is None:
            _print_newest(connection, limit, lake, console)
            return 0
        return _print_named(connection, id_, console, errors)
    except duckdb.Error as error:
        errors.print(f"newsbeam: {error}", highlight=False, markup=False)
        errors.print(f"newsbeam doctor --lake {lake} says what is wrong with it", highlight=False, markup=False)
        return 1
    finally:
        connection.close()


def _print_newest(connection: duckdb.DuckDBPyConnection, limit: int, lake: str, console: Console) -> None:
    asked = (("Stories of several articles", _NEWEST_STORIES), ("Events", _NEWEST_EVENTS), ("Figures", _NEWEST_FIGURES))
    for title, query in asked:
        evidence.print_table(console, title, _rows(connection, query, [limit]))
    console.print(f"\nThe evidence of one of them: newsbeam show ID --lake {lake}", highlight=False, markup=False)


def _print_named(connection: duckdb.DuckDBPyConnection, id_: str, console: Console, errors: Console) -> int:
    for test in ("{key} = ?", "starts_with({key}, ?)"):  # only a whole id is looked up by bloom filter
        found = [
            (table, row[key], row)
            for table, key in _TABLES
            for row in _rows(
                connection, f"select * from {table} where {test.format(key=key)} order by {key}, revision", [id_]
            )
        ]
        names = {name for _, name, _ in found}
        if len(names) > 1:
            errors.print(f"newsbeam: {id_} is the start of {len(names)} ids; give more of it", highlight=False)
            return 2
        if found:
            table, _, newest = found[-1]
            _print_fact(connection, table, newest, console)
            return 0
    errors.print(f"newsbeam: the lake has no article, event or figure {id_!r}", highlight=False, markup=False)
    return 2


def _print_fact(connection: duckdb.DuckDBPyConnection, table: str, row: Row, console: Console) -> None:
    where = [row["article_id"], row["date"], row["revision"]]
    article = _rows(connection, f"select * from articles where {_OF_ARTICLE}", where)[0]
    events, people, figures = (
        _rows(connection, f"select * from {name} where {_OF_ARTICLE} order by {order}", where)
        for name, order in _ORDERS.items()
    )
    story = _rows(connection, _STORY, [row["article_id"]])
    if table == "articles":
        evidence.print_article(console, article, events, people, figures, story)
        told = events
    elif table == "events":
        evidence.print_event(console, row, _of(row, people), _of(row, figures), article)
        told = [row]
    else:
        told = _of(row, events)
        evidence.print_figure(console, row, told, figures, article)
    if table != "articles":
        evidence.print_source(console, article)
    if len(story) > 1:
        evidence.print_story(console, story, row["article_id"])
    evidence.print_claims(console, _claims(connection, told, story, row["effect"] if table == "figures" else None))


def _of(event: Row, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if event["event_id"] is not None and row["event_id"] == event["event_id"]]


def _claims(
    connection: duckdb.DuckDBPyConnection, events: Sequence[Row], story: Sequence[Row], effect: str | None
) -> list[list[Row]]:
    """The claims on each effect of each event, or on one effect, where there are several."""
    sources = {article["article_id"]: article["source"] for article in story}
    found: dict[tuple[str, ...], list[Row]] = {}
    for event in events:
        same = {"key": event["event_key"], "articles": list(sources), "type": event["type"]}
        same |= {"day": event["event_date"], "place": event["place_id"]}
        keys = [row["event_key"] for row in _rows(connection, _SAME_EVENT, same)]
        by_effect: dict[str, list[Row]] = {}
        for claim in _rows(connection, _CLAIMS, {"keys": keys}):
            by_effect.setdefault(claim["effect"], []).append(claim)
        for claims in by_effect.values():
            if len(claims) > 1 and effect in (None, claims[0]["effect"]):
                found.setdefault(tuple(sorted(claim["figure_id"] for claim in claims)), claims)
    for claim in (claim for claims in found.values() for claim in claims):
        if claim["article_id"] not in sources:
            query = "select source, origin from articles where article_id = ? order by revision desc limit 1"
            (told,) = _rows(connection, query, [claim["article_id"]])
            sources[claim["article_id"]] = told["source"] or told["origin"]
        claim["source"] = sources[claim["article_id"]]
    return list(found.values())


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: Any) -> list[Row]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
