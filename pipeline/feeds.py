"""Print the state of each feed."""

import json
import time
from typing import Any

from rich.console import Console

from newsbeam.pipeline.sql import table_of
from newsbeam.transforms.lake.lake import Lake, LakeTooNew
from newsbeam.transforms.polling.report import report
from newsbeam.transforms.polling.states import states_of


def print_feeds(lake: str, console: Console, errors: Console, *, as_json: bool) -> int:
    """Print last outcome, next due time, interval, new entries a day and failures. 0; 2 where the lake is too new."""
    try:
        states = states_of(Lake(lake))
    except LakeTooNew as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        return 2
    rows: list[dict[str, Any]] = [row._asdict() for row in report(states, int(time.time() * 1_000_000))]
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=str))
    elif not rows:
        console.print("no feed has been polled yet: newsbeam run feeds.opml", highlight=False)
    else:
        console.print(table_of(list(rows[0]), [tuple(row.values()) for row in rows]))
    return 0
