"""Compact a lake: the command around `transforms.lake.compaction`."""

import re

import pyarrow as pa
from rich.console import Console

from newsbeam.transforms.lake.compaction import compact
from newsbeam.transforms.lake.lake import Lake, LakeDamaged, LakeTooNew

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def compact_lake(lake: str, retain: str, expire: str | None, console: Console, errors: Console) -> int:
    """Merge, expire and sweep. 0; 2 where an argument or the lake is wrong; 1 where it could not be done."""
    try:
        retain_seconds = seconds_of(retain)
        expire_days = None if expire is None else _days_of(expire)
        if Lake(lake).snapshot().number == 0:
            errors.print(f"newsbeam: {lake} is no lake, or an empty one", highlight=False, markup=False)
            return 2
    except (ValueError, LakeTooNew) as fault:
        errors.print(f"newsbeam: {fault}", highlight=False, markup=False)
        return 2
    except (LakeDamaged, OSError) as fault:
        return _tell(fault, lake, errors)
    try:
        done = compact(lake, retain_seconds=retain_seconds, expire_days=expire_days)
    except (LakeDamaged, OSError, pa.ArrowException) as fault:
        return _tell(fault, lake, errors)
    for name, value in done._asdict().items():
        console.print(f"{name.replace('_', ' '):16} {value}", highlight=False)
    return 0


def _tell(fault: Exception, lake: str, errors: Console) -> int:
    told = f"newsbeam: the compaction did not end, and no row is lost: {fault}"
    errors.print(told, highlight=False, markup=False)
    errors.print(f"newsbeam doctor --lake {lake} says what is wrong with it", highlight=False, markup=False)
    return 1


def _days_of(text: str) -> int:
    days = int(seconds_of(text) // 86_400)
    if days < 1:
        raise ValueError(f"--expire takes a day or more, was {text!r}")
    return days


def seconds_of(text: str) -> float:
    """Seconds of 90s, 30m, 24h or 7d. Raises ValueError with what is allowed."""
    match = re.fullmatch(r"(\d+)([smhd])", text)
    if match is None:
        raise ValueError(f"a duration is a number with s, m, h or d, such as 24h; was {text!r}")
    return int(match[1]) * _SECONDS[match[2]]
