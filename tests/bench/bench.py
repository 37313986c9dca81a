"""Measure how fast newsbeam is, as ratios within one run, each measurement in a process of its own.

    python tests/bench/bench.py [MEASURE ...] [--texts FILE.jsonl] [--articles N] [--full]

Prints a JSON line a measurement, then a table with the goals. Under five minutes on two idle cores; `--full` adds
100,000 articles to deduplicate and memory at 50,000. Figures, and the machine they are of, are in docs/performance.md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from newsbeam.transforms.isolation.kernels import kernel_settings

_HERE = Path(__file__).parent
#: (measure, key, what it says, least or most, bound)
GOALS = (
    ("start_up", "first_article_s", "start-up to the first article, s", "most", 3.0),
    ("start_up", "first_article_cpu_s", "the same, CPU", "most", 3.0),
    ("start_up", "one_article_s", "one article, whole command, s", "most", 8.0),
    ("end_to_end", "ratio", "end to end ÷ nlp.pipe, one core", "least", 1.0),
    ("end_to_end", "ratio_without_fixed", "the same without the second that any run takes", "least", 1.0),
    ("end_to_end", "articles_per_s", "articles/s, one core", None, None),
    ("readers", "parse_ratio", "parse ÷ nlp.pipe, one core", None, None),
    ("readers", "facts_of_parse", "all facts, of nlp.pipe's time", "most", 0.15),
    ("readers", "figure_sentences_per_s", "figures: sentences/s after the parse", "least", 2_000),
    ("readers", "event_sentences_per_s", "events: sentences/s after the parse", "least", 2_000),
    ("two_cores", "ratio", "two cores ÷ one", "least", 1.8),
    ("deduplication", "new_per_s_10000", "new articles/s without extraction", "least", 500),
    ("deduplication", "seen_per_s_10000", "already-seen articles/s", "least", 2_000),
    ("deduplication", "cost_10k_to_1k", "cost of an article, 10k ÷ 1k", "most", 1.1),
    ("deduplication", "cost_100k_to_10k", "cost of an article, 100k ÷ 10k", "most", 1.2),
    ("polling", "feeds_per_s", "feeds polled/s, a host each", "least", 200),
    ("polling", "feeds_per_cpu_s", "feeds polled per second of CPU", "least", 200),
    ("pages", "ratio", "pages/s ÷ trafilatura alone", None, None),
    ("memory", "ratio", "peak memory, ten times the articles", "most", 1.1),
)


def measure(name: str, sizes: dict[str, Any]) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    environment = {**os.environ, **kernel_settings(), "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, _HERE / "measures.py", name, json.dumps(sizes)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    if done.returncode:
        return {"measure": name, "failed": done.stderr.strip().splitlines()[-1:]}
    load = round(os.getloadavg()[0], 1)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return {"measure": name, **found, "took_s": round(time.monotonic() - begin, 1), "load": load}


def table_of(results: dict[str, dict[str, Any]]) -> Table:
    """What was measured beside what is wanted."""
    table = Table("what", "measured", "goal", "", box=None, pad_edge=False)
    for name, key, label, side, bound in GOALS:
        value = results.get(name, {}).get(key)
        if value is None:
            continue
        holds = "" if bound is None else "holds" if (value >= bound if side == "least" else value <= bound) else "FAILS"
        goal = "" if bound is None else f"{'≥' if side == 'least' else '≤'} {bound:,}"
        table.add_row(label, f"{value:,}", goal, holds)
    return table


def main() -> None:
    """Measure what is named, or everything."""
    names = tuple(dict.fromkeys(goal[0] for goal in GOALS))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", help=f"of {', '.join(names)}")
    parser.add_argument("--texts", type=Path, help="JSONL with text (title, date) instead of composed articles")
    parser.add_argument("--articles", type=int, default=150, help="how many are parsed")
    parser.add_argument("--sentences", type=int, default=18, help="of each composed article")
    parser.add_argument("--full", action="store_true")
    parsed = parser.parse_args()
    if unknown := set(parsed.measures) - set(names):
        parser.error(f"no measure {', '.join(sorted(unknown))}; they are {', '.join(names)}")
    sizes = {
        "articles": parsed.articles,
        "sentences": parsed.sentences,
        "texts": str(parsed.texts.resolve()) if parsed.texts else None,
        "is_full": parsed.full,
        "work": "",
    }
    results = {}
    for name in parsed.measures or names:
        results[name] = measure(name, sizes)
        print(json.dumps(results[name]), flush=True)
    Console().print(table_of(results))
    if any("failed" in result for result in results.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
