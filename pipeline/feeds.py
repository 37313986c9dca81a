"""Print the state of each feed."""

import json
from typing import Any

from rich.console import Console

from newsbeam.pipeline.sql import table_of
from newsbeam.pipeline.states import known_states
from newsbeam.transforms.lake.lake import Lake, LakeTooNew
from newsbeam.transforms.poll import wall_clock
from newsbeam.transforms.polling.report import report


def print_feeds(lake: str, console: Console, errors: Console, *, as_json: bool) -> int:
    """Print last outcome, next due time, interval, new entries a day and failures. 0; 2 where the lake is too new."""
    try:
        states = known_states(Lake(lake))
    except LakeTooNew as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        return 2
    rows: list[dict[str, Any]] = [row._asdict() for row in report(states, wall_clock())]
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=str))
    elif not rows:
        console.print("no feed has been polled yet: newsbeam run feeds.opml", highlight=False)
    else:
        console.print(table_of(list(rows[0]), [tuple(row.values()) for row in rows]))
    return 0
