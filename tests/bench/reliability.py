"""Tell whether `confidence` is the chance that it says to be: rows by their confidence, against those that are right.

    python tests/bench/reliability.py EVALUATION_FOLDER WORK_FOLDER

Reads the lakes `lake-plv` and `lake-plover_gsr` that `tests/bench/quality.py … --work WORK_FOLDER` left, and
`own_events` that `tests/bench/own_events.py --work WORK_FOLDER` left; prints a table in Markdown. A row is right if its
type is, and if nobody named in a role is wrong (a side that the row leaves empty is not). In plv and plover_gsr that is
judged of the row of a text that fits best, by the rules of the sets' scorer; in the own set of every row, false ones
included.
"""

import argparse
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.own_events import judge, load_articles, match, read_lake

BINS = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0)


class Judged(NamedTuple):
    """One row."""

    set: str
    confidence: float
    is_type_right: bool
    is_right: bool


def scorer_of(bench: Path) -> ModuleType:
    """The scorer of the evaluation sets as a module."""
    spec = importlib.util.spec_from_file_location("score", bench / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged_spans(score: Any, bench: Path, lake: Path) -> list[Judged]:
    """The best row of each text of plv."""
    of, found = score.events_of(score.Lake(lake)), []
    for text in score.gold(bench, "plv"):
        gold, rows = text["events"][0], of(text["id"])
        sides = {"actor": gold["source_text"], "recipient": gold["target_text"]}
        if not rows:
            continue

        def fit(row: Any, role: str, wanted: dict[str, str] = sides) -> float:
            return max([score.overlap(wanted[role], p["text"]) for p in row["who"][role]] or [0.0])

        best = max(rows, key=lambda row: fit(row, "actor") + fit(row, "recipient"))
        is_type_right = score.YIELD.get(best["type"], best["type"]) == gold["plover_zsp"]
        is_wrong = any(sides[role] and best["who"][role] and fit(best, role) < 0.5 for role in sides)
        found.append(Judged("plv", best["confidence"], is_type_right, is_type_right and not is_wrong))
    return found


def judged_countries(score: Any, bench: Path, lake: Path) -> list[Judged]:
    """The best row of each text of plover_gsr; a side without a country is not judged."""
    of, found = score.events_of(score.Lake(lake)), []
    for text in score.gold(bench, "plover_gsr"):
        gold, rows = text["events"][0], of(text["id"])
        sides = {"actor": {c for c in gold["source"] if c}, "recipient": {c for c in gold["target"] if c}}
        if not rows:
            continue
        best = max(rows, key=lambda row: sum(bool(score.countries(row, role) & sides[role]) for role in sides))
        given = {role: score.countries(best, role) for role in sides}
        is_type_right = score.YIELD.get(best["type"], best["type"]) == score.YIELD.get(gold["plover"], gold["plover"])
        is_wrong = any(sides[role] and given[role] and not given[role] & sides[role] for role in sides)
        found.append(Judged("plover_gsr", best["confidence"], is_type_right, is_type_right and not is_wrong))
    return found


def judged_own(lake: Path) -> list[Judged]:
    """Every event of the own set, false ones included."""
    rows, found = read_lake(lake), []
    for article in load_articles():
        for one in match(article, rows.get(article["title"], []))[0]:
            is_right = one.is_type_right and all(
                is_right
                for name, is_right, is_given in judge(one)
                if is_given and name.partition("_")[0] in ("actor", "recipient")
            )
            found.append(Judged("own", one.rows[0]["confidence"], one.is_type_right, is_right))
    return found


def table(rows: list[Judged]) -> str:
    """The rows by bins of confidence, all together and each set."""
    lines = ["| bin | n | mean confidence | type right | row right |", "|---|---|---|---|---|"]
    for name in ("all", "plv", "plover_gsr", "own"):
        for low, high in zip(BINS, BINS[1:], strict=False):
            here = [r for r in rows if name in ("all", r.set) and low <= r.confidence < high]
            if here:
                mean, typed, right = (
                    sum(values) / len(here)
                    for values in zip(*((r.confidence, r.is_type_right, r.is_right) for r in here), strict=True)
                )
                lines.append(f"| {name} {low:g}–{high:g} | {len(here)} | {mean:.2f} | {typed:.2f} | {right:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parsed = parser.parse_args()
    score = scorer_of(parsed.bench)
    rows = judged_spans(score, parsed.bench, parsed.work / "lake-plv")
    rows += judged_countries(score, parsed.bench, parsed.work / "lake-plover_gsr")
    rows += judged_own(parsed.work / "own_events")
    print(table(rows))


if __name__ == "__main__":
    main()
