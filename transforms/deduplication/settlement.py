"""Settle a batch of articles against what was seen: revisions, copies, updates, and who speaks for whom.

What comes out depends on the articles and not on how they were cut into batches: an edge depends on its two texts, the
canonical article is the earliest of a component of edges, and whatever an earlier batch decided otherwise is retired
and written anew. (Revision numbers follow arrival, and an overflowing bucket the order of filling.)
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsbeam.schemas.article import Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.transforms.deduplication.candidates import Member, candidates
from newsbeam.transforms.deduplication.memory import Memory, ReadSeen, days_around
from newsbeam.transforms.deduplication.sightings import Sighting
from newsbeam.transforms.deduplication.signatures import address_in, from_bytes
from newsbeam.transforms.deduplication.standing import Decision, Edge, New, Standing, Texts
from newsbeam.transforms.deduplication.verdicts import COPY, Similarities, is_evidence, judge, judge_at_one_address
from newsbeam.transforms.instants import SECOND

DAY = 86_400 * SECOND


class Settlement(NamedTuple):
    """What a batch adds to the lake, and what stops being live."""

    decisions: list[Decision]
    links: list[Link]
    seen: list[Seen]
    retired: list[Retired]
    edges: list[Edge]
    refetched: int
    capped: int


def settle(
    sightings: Iterable[Sighting], read_seen: ReadSeen, *, near_days: int = 7, exact_days: int = 30
) -> Settlement:
    """Settle a batch."""
    arrivals = sorted(sightings, key=lambda s: (s.article_id, s.changed_at, s.content_hash, s.fingerprint))
    memory = Memory(read_seen, days_around((s.date for s in arrivals), max(near_days, exact_days)))
    new, refetched = _revisions(arrivals, memory)
    if not new:
        return Settlement([], [], [], [], [], refetched, 0)
    texts = Texts(new, memory)
    edges = list(_same_text(new, memory, texts, exact_days * DAY))
    members, keys = _members(new, memory, near_days)
    found = candidates(members, keys, near_days * DAY)
    edges += _verdicts(found.pairs, _Addresses(members, keys), texts)
    decisions, links, seen, retired = Standing(new, memory, texts, edges).write()
    return Settlement(decisions, links, seen, retired, edges, refetched, found.capped)


def _revisions(arrivals: list[Sighting], memory: Memory) -> tuple[New, int]:
    """The arrivals that bring a text not yet known of their article, by article and revision."""
    known: dict[str, set[str]] = defaultdict(set)
    following: dict[str, int] = defaultdict(int)
    for row in memory.where("article_id", {s.article_id for s in arrivals}):
        known[row["article_id"]].add(row["content_hash"])
        following[row["article_id"]] = max(following[row["article_id"]], row["revision"] + 1)
    new: New = {}
    for sighting in arrivals:
        article_id = sighting.article_id
        if sighting.content_hash not in known[article_id]:
            known[article_id].add(sighting.content_hash)
            new[article_id, following[article_id]] = sighting
            following[article_id] += 1
    return new, len(arrivals) - len(new)


def _same_text(new: New, memory: Memory, texts: Texts, horizon: int) -> Iterable[Edge]:
    """Edges between neighbours in time among the articles of each text."""
    by_text: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for (article_id, revision), sighting in new.items():
        by_text[sighting.content_hash].append((sighting.published_at, article_id, revision))
    rows = memory.where("content_hash", by_text)
    for row in rows:
        by_text[row["content_hash"]].append((row["published_at"], row["article_id"], row["revision"]))
    shared = [sorted(by_text[text]) for text in sorted(by_text) if len(by_text[text]) > 1]
    texts.fetch(sorted({row["article_id"] for row in rows}))
    for members in shared:
        alike: dict[int, tuple[int, str]] = {}  # the last article of this text, for a short one under this title
        for instant, article_id, revision in members:
            evidence = is_evidence(texts.payload(article_id, revision))
            if evidence is None:
                continue
            before = alike.get(evidence)
            if before is not None and before[1] != article_id and instant - before[0] <= horizon:
                yield before[1], article_id, COPY
            alike[evidence] = instant, article_id


def _verdicts(pairs: list[tuple[Member, Member]], addresses: "_Addresses", texts: Texts) -> Iterable[Edge]:
    """Edges between near texts, and between all that lie at one address."""
    judged = []
    for a, b in pairs:
        is_at_one = addresses.are_one(a, b)
        if a.content_hash != b.content_hash:
            judged.append((a, b, is_at_one))
        elif is_at_one:  # elsewhere the same text takes more evidence
            yield a.article_id, b.article_id, COPY
    texts.fetch(m.article_id for a, b, _ in judged for m in (a, b))
    for a, found in groupby(judged, key=lambda pair: pair[0]):
        first = texts.payload(a.article_id, a.revision)
        similarities = Similarities(first)
        for _, b, is_at_one in found:
            second = texts.payload(b.article_id, b.revision)
            verdict = (judge_at_one_address if is_at_one else judge)(first, second, similarities.to(second))
            if verdict:
                yield a.article_id, b.article_id, verdict.relation


class _Addresses:
    """The keys of addresses of a batch, and which members have them."""

    def __init__(self, members: list[Member], keys: list[NDArray[np.uint64]]) -> None:
        self._keys = {m: address_in(own) for m, own in zip(members, keys, strict=True) if m.is_new}
        asked = set(self._keys.values())
        for member, shared in zip(members, keys, strict=True):
            if not member.is_new:
                self._keys[member] = next((key for key in shared.tolist() if key in asked), None)

    def are_one(self, a: Member, b: Member) -> bool:
        """Whether two members lie at one address."""
        key = self._keys[a]
        return key is not None and key == self._keys[b]


def _members(new: New, memory: Memory, near_days: int) -> tuple[list[Member], list[NDArray[np.uint64]]]:
    """The texts that near copies are sought among: the new ones, and those seen that share a key with one."""
    members = [
        Member(s.published_at, article_id, revision, True, s.content_hash) for (article_id, revision), s in new.items()
    ]
    bands = [from_bytes(sighting.bands) for sighting in new.values()]
    days = days_around((sighting.date for sighting in new.values()), near_days)
    for article_id, revision, instant, text, keys in memory.sharing_bands(np.unique(np.concatenate(bands)), days):
        members.append(Member(instant, article_id, revision, False, text))
        bands.append(keys)
    return members, bands
