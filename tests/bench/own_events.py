"""Measure the events that newsbeam reads in articles of our own against those read by hand.

    python tests/bench/own_events.py [--work FOLDER]

Runs `newsbeam run` over tests/data/own_events/articles.jsonl and prints one JSON object of figures, then the wrong rows
and the missed events. docs/quality.md says how it counts and keeps the figures.
"""

import argparse
import collections
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

ARTICLES = Path(__file__).resolve().parents[1] / "data/own_events/articles.jsonl"
_FILLERS = frozenset(("a", "an", "the", "of", "in", "its", "his", "her", "their", "s"))


class Match(NamedTuple):
    """One event that was read (its rows: two where it goes both ways), and the one by hand that it is."""

    article: str
    rows: list[dict[str, Any]]
    gold: dict[str, Any] | None
    is_type_right: bool


def load_articles() -> list[dict[str, Any]]:
    """The articles with the events by hand."""
    with ARTICLES.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_lake(lake: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of events of each article, by its title, each with its participants under "who"."""
    connection = duckdb.connect(str(lake / "catalog.duckdb"), read_only=True)
    try:
        people = _rows(connection, "select * from participants order by event_id, role, position")
        events = _rows(
            connection,
            "select e.*, a.title from events e join articles a using (article_id, revision, date) "
            "order by article_id, sentence_index, trigger_start, event_id",
        )
    finally:
        connection.close()
    by_title: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
    for event in with_people(events, people):
        by_title[event["title"]].append(event)
    return by_title


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def with_people(events: Iterable[dict[str, Any]], people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The events, each with its participants by role under "who"."""
    who: dict[str, dict[str, list[Mapping[str, Any]]]] = collections.defaultdict(lambda: {"actor": [], "recipient": []})
    for person in people:
        who[person["event_id"]][person["role"]].append(person)
    return [event | {"who": who[event["event_id"]]} for event in events]


def match(article: Mapping[str, Any], rows: Sequence[dict[str, Any]]) -> tuple[list[Match], list[dict[str, Any]]]:
    """Events read in an article, each with the event by hand that it is; and the events by hand that nothing is.

    Rows of one trigger and type are one event. An event by hand is taken once, by one of its sentence and type, nearest
    first. What is left takes one whose anchor holds its trigger: of these the type is wrong.
    """
    groups: dict[tuple[int, str], list[dict[str, Any]]] = collections.defaultdict(list)
    for row in rows:
        groups[row["trigger_start"], row["type"]].append(row)
    left = list(article["events"])
    at = {event["anchor"]: article["text"].index(event["anchor"]) for event in left}

    def distance(group: Sequence[Mapping[str, Any]], event: Mapping[str, Any]) -> int:
        start, end = at[event["anchor"]], at[event["anchor"]] + len(event["anchor"])
        return max(0, start - int(group[0]["trigger_end"]), int(group[0]["trigger_start"]) - end)

    pairs = sorted(
        (distance(group, event), key, number)
        for key, group in groups.items()
        for number, event in enumerate(left)
        if event["anchor"] in " ".join(group[0]["sentence"].split()) and key[1] in (event["type"], *event["also"])
    )
    taken: dict[tuple[int, str], int] = {}
    for _, key, number in pairs:
        if key not in taken and number not in taken.values():
            taken[key] = number
    wrong: dict[tuple[int, str], int] = {}
    for key, group in groups.items():
        near = [
            n for n, e in enumerate(left) if distance(group, e) == 0 and n not in (*taken.values(), *wrong.values())
        ]
        if key not in taken and near:
            wrong[key] = near[0]
    found = [
        Match(article["id"], group, left[taken[key]], is_type_right=True)
        if key in taken
        else Match(article["id"], group, left[wrong[key]] if key in wrong else None, is_type_right=False)
        for key, group in sorted(groups.items())
    ]
    return found, [e for n, e in enumerate(left) if n not in taken.values() and not e["optional"]]


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return [word for word in re.findall(r"\w+", plain) if word not in _FILLERS]


def is_same_name(left: str, right: str) -> bool:
    """Two names share half of their words or more (F1), fillers aside."""
    one, two = collections.Counter(_words(left)), collections.Counter(_words(right))
    return bool(one and two) and 2 * (one & two).total() / (one.total() + two.total()) >= 0.5


class Tally:
    """Counts of what was given, what was wanted, and what of it was right, by name of the measure."""

    def __init__(self) -> None:
        self.right: collections.Counter[str] = collections.Counter()
        self.given: collections.Counter[str] = collections.Counter()
        self.wanted: collections.Counter[str] = collections.Counter()

    def add(self, name: str, *, is_right: bool, is_given: bool) -> None:
        """Count one that was wanted."""
        self.wanted[name] += 1
        self.given[name] += is_given
        self.right[name] += is_given and is_right

    def figures(self) -> dict[str, dict[str, float | int]]:
        """Precision and recall by name."""
        return {
            name: {
                "precision": round(self.right[name] / max(1, self.given[name]), 3),
                "recall": round(self.right[name] / max(1, self.wanted[name]), 3),
                "n": self.wanted[name],
            }
            for name in self.wanted
        }


def judge(found: Match) -> list[tuple[str, bool, bool]]:
    """(measure, right, given) of everything but the type of an event whose type is right."""
    gold, rows = found.gold, found.rows
    assert gold is not None
    out: list[tuple[str, bool, bool]] = []
    for side, role in (("actors", "actor"), ("recipients", "recipient")):
        people = [person for row in rows for person in row["who"][role]]
        names = [text for person in gold[side] for text in person["text"]]
        countries = {person["country"] for person in gold[side] if person["country"]}
        if names:
            hit = any(is_same_name(name, said) for name in names for p in people for said in (p["text"], p["name"]))
            out.append((role, hit, bool(people)))
        if countries:
            given = {person["country"] for person in people if person["country"]}
            out.append((f"{role}_country", bool(given & countries), bool(given)))
    first = rows[0]
    if gold["place"]:
        is_there = any(is_same_name(name, first["place_name"] or "") for name in gold["place"])
        out.append(("place", is_there, bool(first["place_name"])))
    if gold["event_date"]:
        out.append(("date", str(first["event_date"]) == gold["event_date"], bool(first["event_date"])))
    out.append(("polarity", first["polarity"] == gold["polarity"], True))
    out.append(("realis", first["realis"] == gold["realis"], True))
    return out


def score(matches: Sequence[Match], missed: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float | int]]:
    """Precision and recall of events, their type, and each of their parts."""
    right = [m for m in matches if m.is_type_right]
    counted = sum(m.gold is not None and not m.gold["optional"] for m in right)
    aligned = [m for m in matches if m.gold is not None]
    tally = Tally()
    for m in aligned:
        tally.add("type", is_right=m.is_type_right, is_given=True)
    for m in right:
        for name, is_right, is_given in judge(m):
            tally.add(name, is_right=is_right, is_given=is_given)
    events: dict[str, float | int] = {
        "precision": round(len(right) / max(1, len(matches)), 3),
        "recall": round(counted / max(1, counted + len(missed)), 3),
        "n": counted + len(missed),
        "read": len(matches),
    }
    return {"event": events, **tally.figures()}


def describe(found: Match) -> str:
    """A row in one line, with what is wrong in it."""
    row = found.rows[0]
    names = {role: [p["text"] for p in row["who"][role]] for role in ("actor", "recipient")}
    what = "no such event" if found.gold is None else f"type: {found.gold['type']}"
    if found.is_type_right:
        what = ", ".join(name for name, is_right, is_given in judge(found) if is_given and not is_right)
    place, day = row["place_name"], row["event_date"]
    return (
        f"{found.article} {row['type']} [{row['trigger']}] {names['actor']} -> {names['recipient']} @{place} {day} "
        f"{row['polarity']} {row['realis']} {row['confidence']:.2f}: {what}"
    )


def main() -> None:
    """Run newsbeam over the set, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="where the lake goes")
    parsed = parser.parse_args()
    work = parsed.work or Path(tempfile.mkdtemp(prefix="newsbeam-own-events-"))
    lake = work / "own_events"
    shutil.rmtree(lake, ignore_errors=True)
    newsbeam = Path(sys.executable).with_name("newsbeam")
    subprocess.run([newsbeam, "run", ARTICLES, "--lake", lake], check=True, stdout=subprocess.DEVNULL)
    rows = read_lake(lake)
    matches: list[Match] = []
    missed: list[dict[str, Any]] = []
    for article in load_articles():
        found, absent = match(article, rows.get(article["title"], []))
        matches += found
        missed += [event | {"article": article["id"]} for event in absent]
    print(json.dumps(score(matches, missed), indent=1))
    print("\nWrong")
    for m in matches:
        if not m.is_type_right or any(is_given and not is_right for _, is_right, is_given in judge(m)):
            print(" ", describe(m))
    print("\nMissed")
    for event in missed:
        print(f"  {event['article']} {event['type']} “{event['anchor']}”")


if __name__ == "__main__":
    main()
