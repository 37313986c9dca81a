"""Settle a batch of articles against what was seen: revisions, copies, updates, and who speaks for whom.

What comes out depends on the articles and not on how they were cut into batches: an edge depends on its two texts, the
canonical article is the earliest of a component of edges, and whatever an earlier batch decided otherwise is retired
and written anew. (Revision numbers follow arrival, and an overflowing bucket the order of filling.)
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsbeam.schemas.article import Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import FACT_TABLES
from newsbeam.transforms.deduplication.candidates import Member, candidates
from newsbeam.transforms.deduplication.components import Components, Order
from newsbeam.transforms.deduplication.memory import Memory, ReadSeen, days_around
from newsbeam.transforms.deduplication.payloads import Payload, unpack
from newsbeam.transforms.deduplication.sightings import Sighting
from newsbeam.transforms.deduplication.signatures import from_bytes
from newsbeam.transforms.deduplication.verdicts import COPY, UPDATED, is_evidence, judge, similarity
from newsbeam.transforms.instants import SECOND, day_of

DAY = 86_400 * SECOND
REVISION = "revision"
Edge = tuple[str, str, str]  # two articles and how they relate


class Decision(NamedTuple):
    """What becomes of one arrival."""

    article_id: str
    fingerprint: str
    revision: int
    is_canonical: bool  # its facts are to be read


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
    texts = _Texts(new, memory)
    edges = list(_same_text(new, memory, texts, exact_days * DAY))
    found = candidates(*_members(new, memory, near_days), near_days * DAY)
    texts.fetch(m.article_id for pair in found.pairs for m in pair)
    for a, b in found.pairs:
        verdict = judge(texts.payload(a.article_id, a.revision), texts.payload(b.article_id, b.revision))
        if verdict:
            edges.append((a.article_id, b.article_id, verdict.relation))
    decisions, links, seen, retired = _Standing(new, memory, texts, edges).write()
    return Settlement(decisions, links, seen, retired, edges, refetched, found.capped)


New = dict[tuple[str, int], Sighting]


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


class _Texts:
    """Payloads by article and revision, of the batch and of the memory."""

    def __init__(self, new: New, memory: Memory) -> None:
        self._memory = memory
        self._kept = {key: sighting.payload for key, sighting in new.items()}
        self._payloads: dict[tuple[str, int], Payload] = {}
        self.rows: dict[tuple[str, int], Seen] = {}
        self._fetched: set[str] = set()

    def fetch(self, ids: Iterable[str]) -> None:
        """Read the rows of articles that are not yet here."""
        wanted = set(ids) - self._fetched
        self._fetched |= wanted
        for row in self._memory.whole(wanted):
            self.rows[row.article_id, row.revision] = row
            self._kept[row.article_id, row.revision] = row.payload

    def payload(self, article_id: str, revision: int) -> Payload:
        """The payload of a text that is in the batch or was fetched."""
        key = article_id, revision
        if key not in self._payloads:
            self._payloads[key] = unpack(self._kept[key])
        return self._payloads[key]

    def holds(self, article_id: str, revision: int) -> bool:
        """Whether the text is at hand."""
        return (article_id, revision) in self._kept


def _same_text(new: New, memory: Memory, texts: _Texts, horizon: int) -> Iterable[Edge]:
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


class _Standing:
    """Where every article stands that a batch touches, before and after."""

    def __init__(self, new: New, memory: Memory, texts: _Texts, edges: list[Edge]) -> None:
        self._new = new
        self._memory = memory
        self._texts = texts
        self._old: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._order: dict[str, Order] = {}
        self._revisions: dict[str, list[int]] = defaultdict(list)
        for (article_id, revision), sighting in new.items():
            self._revisions[article_id].append(revision)
            self._note(article_id, sighting.published_at)
        self._load_upwards({article_id for edge in edges for article_id in edge[:2]} | set(self._revisions))
        self._tie(edges)
        changed = {i for i in self._old if self._stood_first(i) and self._now(i) != (None, i)}
        for row in self._memory.where("canonical_id", changed):
            self._remember(row)
        self._tie(edges)

    def write(self) -> tuple[list[Decision], list[Link], list[Seen], list[Retired]]:
        """The rows that bring the lake from where it stood to where it stands."""
        decisions: list[Decision] = []
        links: list[Link] = []
        seen: list[Seen] = []
        retired: list[Retired] = []
        moved = {i for i, rows in self._old.items() if any(self._has_moved(row) for row in rows.values())}
        self._texts.fetch(moved | {self._now(i)[1] for i in moved | set(self._revisions)})
        for article_id in sorted(moved | set(self._revisions)):
            is_copy = self._now(article_id)[0] == COPY
            old, added = self._old.get(article_id, {}), sorted(self._revisions[article_id])
            gone: dict[int, list[str]] = defaultdict(list)
            if old and self._before(article_id)[0] != COPY and (is_copy or added):
                gone[max(old)] += FACT_TABLES
            for revision, row in sorted(old.items()):
                if self._has_moved(row):
                    gone[revision] += ["links", "seen"] if row["relation"] else ["seen"]
                    self._place(self._texts.rows[article_id, revision], links, seen)
            retired += [Retired(article_id, r, old[r]["date"], tables) for r, tables in sorted(gone.items())]
            for revision in added:
                sighting = self._new[article_id, revision]
                self._place(_seen_row(sighting, revision), links, seen)
                is_spoken = not is_copy and revision == added[-1]
                decisions.append(Decision(article_id, sighting.fingerprint, revision, is_spoken))
        return decisions, links, seen, retired

    def _note(self, article_id: str, instant: int) -> None:
        order = instant, article_id
        self._order[article_id] = min(order, self._order.get(article_id, order))

    def _remember(self, row: dict[str, Any]) -> None:
        self._old[row["article_id"]][row["revision"]] = row
        self._note(row["article_id"], row["published_at"])

    def _load_upwards(self, ids: set[str]) -> None:
        """Load the rows of articles, of those that speak for them, and so on."""
        loaded: set[str] = set()
        while ids:
            loaded |= ids
            rows = self._memory.where("article_id", ids)
            for row in rows:
                self._remember(row)
            ids = {row["canonical_id"] for row in rows} - loaded

    def _tie(self, edges: list[Edge]) -> None:
        pointers = []
        for article_id, rows in self._old.items():
            for row in rows.values():
                if row["canonical_id"] != article_id:
                    pointers.append((article_id, row["canonical_id"], UPDATED if row["relation"] == UPDATED else COPY))
        for _, canonical_id, _ in pointers:  # beyond the horizon: earlier than all that is known
            self._order.setdefault(canonical_id, (-(1 << 63), canonical_id))
        ties = [*pointers, *edges]
        self._copies = Components(self._order)
        self._copies.join_all((a, b) for a, b, relation in ties if relation == COPY)
        self._stories = Components(self._order)
        self._stories.join_all((a, b) for a, b, _ in ties)

    def _before(self, article_id: str) -> tuple[str | None, str]:
        """Relation and canonical article as an earlier batch left them."""
        rows = self._old[article_id]
        row = rows[min(rows)]
        if row["relation"] == REVISION:
            return (COPY if row["canonical_id"] != article_id else None), row["canonical_id"]
        return row["relation"], row["canonical_id"]

    def _stood_first(self, article_id: str) -> bool:
        return self._before(article_id)[0] != COPY

    def _now(self, article_id: str) -> tuple[str | None, str]:
        if (root := self._copies.root(article_id)) != article_id:
            return COPY, root
        if (root := self._stories.root(article_id)) != article_id:
            return UPDATED, root
        return None, article_id

    def _wanted(self, article_id: str, revision: int) -> tuple[str | None, str]:
        return (REVISION, self._copies.root(article_id)) if revision else self._now(article_id)

    def _has_moved(self, row: dict[str, Any]) -> bool:
        return self._wanted(row["article_id"], row["revision"]) != (row["relation"], row["canonical_id"])

    def _place(self, row: Seen, links: list[Link], seen: list[Seen]) -> None:
        """Write a row of `seen`, and the link that goes with it."""
        relation, canonical_id = self._wanted(row.article_id, row.revision)
        seen.append(row._replace(relation=relation, canonical_id=canonical_id))
        if relation is None:
            return
        share, method = None, "near"
        if relation == REVISION:
            method = "url"
            if self._texts.holds(row.article_id, 0):
                share = self._share(row, row.article_id)
        elif self._texts.holds(canonical_id, 0):
            share = self._share(row, canonical_id)
            if relation == COPY and self._hash(canonical_id) == row.content_hash:
                share, method = 1.0, "text"
        links.append(Link(row.article_id, row.revision, row.date, canonical_id, relation, share, method))

    def _share(self, row: Seen, canonical_id: str) -> float:
        return similarity(self._texts.payload(row.article_id, row.revision), self._texts.payload(canonical_id, 0))

    def _hash(self, article_id: str) -> str:
        key = article_id, 0
        return self._new[key].content_hash if key in self._new else self._texts.rows[key].content_hash


def _seen_row(sighting: Sighting, revision: int) -> Seen:
    return Seen(
        article_id=sighting.article_id,
        revision=revision,
        date=sighting.date,
        content_hash=sighting.content_hash,
        published_at=sighting.published_at,
        seen_day=day_of(sighting.seen_at),
        canonical_id=sighting.article_id,
        relation=None,
        bands=sighting.bands,
        payload=sighting.payload,
    )
