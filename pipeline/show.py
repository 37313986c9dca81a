"""Show an article, story, event or figure with the characters it was read from."""

from typing import Any

import duckdb
from rich.console import Console
from rich.text import Text

from newsbeam.pipeline.sql import cell_of, open_lake, table_of

_STYLES = {"trigger": "bold red", "actor": "bold green", "recipient": "bold blue", "figure": "bold yellow"}
_NEWEST_EVENTS = """
    select event_date, type, actor_name, recipient_name, place_name, killed_min as killed, event_id
    from events order by date desc, event_date desc nulls last, event_id limit ?"""
_NEWEST_FIGURES = """
    select surface, value, noun, effect, scope, relation, period_start, figure_id
    from figures order by date desc, article_id, char_start limit ?"""


def print_evidence(lake: str, id_: str | None, limit: int, console: Console, errors: Console) -> int:
    """Print what `id_` names, or the newest events and figures. 0; 2 where there is no lake or no such id."""
    connection = open_lake(lake, errors)
    if connection is None:
        return 2
    try:
        if id_ is None:
            _print_newest(connection, limit, lake, console)
            return 0
        return _print_named(connection, id_, console, errors)
    finally:
        connection.close()


def _print_newest(connection: duckdb.DuckDBPyConnection, limit: int, lake: str, console: Console) -> None:
    for title, query in (("Events", _NEWEST_EVENTS), ("Figures", _NEWEST_FIGURES)):
        cursor = connection.execute(query, [limit])
        names = [column[0] for column in cursor.description or []]
        console.print(f"\n{title}", style="bold")
        console.print(table_of(names, [(*row[:-1], row[-1][:12]) for row in cursor.fetchall()]))
    console.print(f"\nThe evidence of one of them: newsbeam show ID --lake {lake}", highlight=False)


def _print_named(connection: duckdb.DuckDBPyConnection, id_: str, console: Console, errors: Console) -> int:
    for table, key in (("events", "event_id"), ("figures", "figure_id"), ("articles", "article_id")):
        found = _rows(connection, f"select * from {table} where starts_with({key}, ?) order by {key}", [id_])
        names = {row[key] for row in found}
        if len(names) > 1:
            errors.print(f"newsbeam: {id_} is the start of {len(names)} ids; give more of it", highlight=False)
            return 2
        if found:
            _print_fact(connection, table, found[-1], console)
            return 0
    errors.print(f"newsbeam: the lake has no article, event or figure {id_!r}", highlight=False, markup=False)
    return 2


def _print_fact(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any], console: Console) -> None:
    article = _rows(
        connection,
        "select * from articles where article_id = ? and date = ? and revision = ?",
        [row["article_id"], row["date"], row["revision"]],
    )[0]
    where = [row["article_id"], row["date"], row["revision"]]
    condition = "article_id = ? and date = ? and revision = ?"
    events = _rows(connection, f"select * from events where {condition} order by trigger_start", where)
    people = _rows(connection, f"select * from participants where {condition} order by char_start", where)
    figures = _rows(connection, f"select * from figures where {condition} order by char_start", where)
    if table == "events":
        events = [row]
        people = [person for person in people if person["event_id"] == row["event_id"]]
        figures = [figure for figure in figures if figure["event_id"] == row["event_id"]]
    elif table == "figures":
        events, people, figures = [], [], [row]
    console.print(Text(article["title"] or article["source"] or "", style="bold"))
    console.print(f"{article['date']}  {article['url'] or article['origin']}", highlight=False, markup=False)
    marks = _marks(events, people, figures)
    for fact in [row] if table != "articles" else _sentences(events + figures):
        console.print()
        console.print(_marked(article["text"], fact["sentence"], fact, marks))
    for title, rows in (("Events", events), ("Participants", people), ("Figures", figures)):
        if rows:
            console.print(f"\n{title}", style="bold")
            _print_rows(rows, console, is_alone=table != "articles" and len(rows) == 1)
    _print_relations(connection, row["article_id"], article["text"] if table == "articles" else None, row, console)


def _print_relations(
    connection: duckdb.DuckDBPyConnection, article_id: str, text: str | None, row: dict[str, Any], console: Console
) -> None:
    links = _rows(connection, "select * from links where article_id = ? or canonical_id = ?", [article_id, article_id])
    if links:
        console.print("\nCopies and updates", style="bold")
        _print_rows(links, console)
    key = row.get("event_key")
    if key and text is None:
        claims = _rows(connection, "select * from tolls where event_key = ?", [key])
        if claims:
            console.print("\nTolls of this event, all sources", style="bold")
            _print_rows(claims, console)


def _print_rows(rows: list[dict[str, Any]], console: Console, *, is_alone: bool = False) -> None:
    hidden = {"sentence", "sentence_index", "coder_version", "article_id", "revision", "date", "published_at"}
    if is_alone:
        pairs = [(name, value) for name, value in rows[0].items() if value not in (None, []) and name != "sentence"]
        console.print(table_of(["column", "value"], pairs))
        return
    used = [n for n in rows[0] if n not in hidden and any(row[n] not in (None, []) for row in rows)]
    for row in rows:
        said = ", ".join(f"{n}={cell_of(row[n])}" for n in used if row[n] not in (None, []))
        console.print(f"  {said}", highlight=False, markup=False, soft_wrap=True)


def _marks(
    events: list[dict[str, Any]], people: list[dict[str, Any]], figures: list[dict[str, Any]]
) -> list[tuple[int, int, str]]:
    marks = [(person["char_start"], person["char_end"], _STYLES[person["role"]]) for person in people]
    marks += [(figure["char_start"], figure["char_end"], _STYLES["figure"]) for figure in figures]
    return marks + [(event["trigger_start"], event["trigger_end"], _STYLES["trigger"]) for event in events]


def _sentences(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_index = {fact["sentence_index"]: fact for fact in facts}
    return [by_index[index] for index in sorted(by_index)]


def _marked(text: str, sentence: str, fact: dict[str, Any], marks: list[tuple[int, int, str]]) -> Text:
    inside = fact.get("trigger_start", fact.get("char_start", 0))
    start = text.rfind(sentence, 0, inside + len(sentence))
    shown = Text(sentence)
    for begin, end, style in marks:
        if start <= begin and end <= start + len(sentence):
            shown.stylize(style, begin - start, end - start)
    return shown


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
