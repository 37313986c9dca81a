"""Pairs of texts worth a verdict: those that meet under a band key."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

#: More texts than this under one key are a template or a disclaimer: each is compared with a few of them only.
CAP = 64
NEIGHBOURS = 4


class Member(NamedTuple):
    """A text under band keys, ordered by instant and id."""

    instant: int
    article_id: str
    revision: int
    is_new: bool
    content_hash: str


class Candidates(NamedTuple):
    """Pairs of members, the earlier first, and how many keys overflowed."""

    pairs: list[tuple[Member, Member]]
    capped: int


def candidates(members: list[Member], bands: list[NDArray[np.uint64]], horizon: int) -> Candidates:
    """Pairs with a new member that share a band key and lie at most `horizon` microseconds apart."""
    if not members:
        return Candidates([], 0)
    order = sorted(range(len(members)), key=members.__getitem__)
    members = [members[i] for i in order]
    owners = np.repeat(np.arange(len(order)), [len(bands[i]) for i in order])
    keys = np.concatenate([bands[i] for i in order])
    by_key = np.argsort(keys, kind="stable")  # so that owners stay in order under each key
    keys, owners = keys[by_key], owners[by_key]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    found: set[tuple[int, int]] = set()
    capped = 0
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        bucket = owners[start : start + size].tolist()
        capped += size > CAP
        found.update(combinations(bucket, 2) if size <= CAP else _few(bucket))
    pairs = [(members[a], members[b]) for a, b in sorted(found)]
    return Candidates([p for p in pairs if _is_worth(*p, horizon)], capped)


def _few(bucket: list[int]) -> Iterator[tuple[int, int]]:
    """Each with the earliest and with its neighbours before: whatever belongs together stays connected."""
    for at in range(1, len(bucket)):
        for other in {*range(min(at, NEIGHBOURS)), *range(max(0, at - NEIGHBOURS), at)}:
            yield bucket[other], bucket[at]


def _is_worth(a: Member, b: Member, horizon: int) -> bool:
    return (a.is_new or b.is_new) and a.article_id != b.article_id and b.instant - a.instant <= horizon
