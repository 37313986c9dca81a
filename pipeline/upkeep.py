"""Compact a lake: the command around `transforms.lake.compaction`."""

import re

from rich.console import Console

from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake, LakeTooNew

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def compact_lake(lake: str, retain: str, expire: str | None, console: Console, errors: Console) -> int:
    """Merge, expire and sweep. 0; 2 where an argument or the lake is wrong."""
    try:
        retain_seconds = seconds_of(retain)
        expire_days = None if expire is None else int(seconds_of(expire) // 86_400)
        if Lake(lake).snapshot().number == 0:
            errors.print(f"newsbeam: {lake} is no lake, or an empty one", highlight=False, markup=False)
            return 2
    except (ValueError, LakeTooNew) as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        return 2
    console.print(compact(lake, retain_seconds=retain_seconds, expire_days=expire_days), highlight=False)
    return 0


def seconds_of(text: str) -> float:
    """Seconds of 90s, 30m, 24h or 7d. Raises ValueError with what is allowed."""
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if match is None:
        raise ValueError(f"a duration is a number with s, m, h or d, such as 24h; was {text!r}")
    return int(match[1]) * _SECONDS[match[2]]
