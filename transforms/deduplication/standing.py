"""Where articles stand to each other, before a batch and after it, and the rows that lead from one to the other."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from newsbeam.schemas.article import Link, Seen
from newsbeam.schemas.change import Retired
from newsbeam.schemas.tables import FACT_TABLES
from newsbeam.transforms.deduplication.components import Components, Order
from newsbeam.transforms.deduplication.memory import Memory
from newsbeam.transforms.deduplication.payloads import Payload, unpack
from newsbeam.transforms.deduplication.sightings import Sighting
from newsbeam.transforms.deduplication.signatures import address_in, from_bytes
from newsbeam.transforms.deduplication.verdicts import COPY, REVISION, UPDATED, similarity
from newsbeam.transforms.instants import day_of

#: Two articles and how they relate.
Edge = tuple[str, str, str]
#: The texts of a batch by article and revision.
New = dict[tuple[str, int], Sighting]


class Decision(NamedTuple):
    """What becomes of one arrival."""

    article_id: str
    fingerprint: str
    revision: int
    is_canonical: bool  # its facts are to be read


class Texts:
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


class Standing:
    """Where every article stands that a batch touches, before and after."""

    def __init__(self, new: New, memory: Memory, texts: Texts, edges: list[Edge]) -> None:
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
                    is_copy = row["relation"] == COPY or row["revision"] > 0  # of a copy's revisions the original is it
                    pointers.append((article_id, row["canonical_id"], COPY if is_copy else row["relation"]))
        for _, canonical_id, _ in pointers:  # beyond the horizon: earlier than all that is known
            self._order.setdefault(canonical_id, (-(1 << 63), canonical_id))
        ties = [*pointers, *edges]
        self._copies = Components(self._order)
        self._copies.join_all((a, b) for a, b, relation in ties if relation == COPY)
        self._stories = Components(self._order)
        self._stories.join_all((a, b) for a, b, _ in ties)
        #: Articles that have an earlier one at their address.
        self._revising = {max((a, b), key=self._order.__getitem__) for a, b, relation in edges if relation == REVISION}
        self._revising |= {article_id for article_id, _, relation in pointers if relation == REVISION}

    def _before(self, article_id: str) -> tuple[str | None, str]:
        """Relation and canonical article as an earlier batch left them."""
        rows = self._old[article_id]
        row = rows[min(rows)]
        if row["revision"]:
            return (COPY if row["canonical_id"] != article_id else None), row["canonical_id"]
        return row["relation"], row["canonical_id"]

    def _stood_first(self, article_id: str) -> bool:
        return self._before(article_id)[0] != COPY

    def _now(self, article_id: str) -> tuple[str | None, str]:
        if (root := self._copies.root(article_id)) != article_id:
            return COPY, root
        if (root := self._stories.root(article_id)) != article_id:
            return (REVISION if article_id in self._revising else UPDATED), root
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
            told = row.article_id if row.revision else canonical_id
            if self._texts.holds(told, 0):
                share = self._share(row, told)
        elif self._texts.holds(canonical_id, 0):
            share = self._share(row, canonical_id)
            text, address = self._signed(canonical_id)
            if relation == COPY and text == row.content_hash:
                is_at_one = address is not None and address == address_in(from_bytes(row.bands))
                share, method = 1.0, "url" if is_at_one else "text"
        links.append(Link(row.article_id, row.revision, row.date, canonical_id, relation, share, method))

    def _share(self, row: Seen, canonical_id: str) -> float:
        return similarity(self._texts.payload(row.article_id, row.revision), self._texts.payload(canonical_id, 0))

    def _signed(self, article_id: str) -> tuple[str, int | None]:
        """Hash of the text and key of the address of an article as first seen."""
        key = article_id, 0
        signed = self._new[key] if key in self._new else self._texts.rows[key]
        return signed.content_hash, address_in(from_bytes(signed.bands))


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
