"""Find the places that an article names, decide which places they are, and say where a clause's event happened."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.places.gazetteer import Candidate, Place, candidates


class PlaceReading(NamedTuple):
    """Where an event happened, or why that is not known."""

    place: Place | None
    reason: str | None  # not_stated, not_in_gazetteer or ambiguous where there is no place


class _Mention(NamedTuple):
    start: int
    end: int
    place: Place | None
    is_ambiguous: bool


_MAX_WORDS = 5
_DATELINE_TOKENS = 16
_DASHES = {"-", "--", "–", "—", "―"}
#: prepositions that say where; "from" and "to" tell of ways
_LOCATIVE = {
    "in", "at", "near", "outside", "inside", "around", "across", "on", "off", "throughout", "along", "over", "within",
    "beside", "between", "north", "south", "east", "west", "through", "into", "toward", "towards", "onto", "above",
}  # fmt: skip
_HOLDERS = set(
    "city town village province region district state camp suburb outskirts capital area part neighborhood neighbourhood "
    "port governorate county municipality island border centre center north south east west enclave territory settlement "
    "base airport street square hospital prison mosque church university market station valley coast hamlet commune".split()
)
#: adverbs and verbs of saying whose place is where someone spoke, not where it happened
_SAYING = {"say", "tell", "report", "announce", "add", "write"}
#: capitalised words that are also small towns
_NO_PLACES = set(
    "of police nice reading mobile same march may sunday union congress battle hope un us god king queen bush clinton "
    "jordan lead time nancy orange victoria george martin santiago israel male can man of best most born split dole "
    "independence liberty normal opposition church white black green brown young long lima brest bath deal enterprise "
    "pole ali san los hassan omar mosque republic central south north east west eastern western southern northern "
    "government parliament army minister president prime general sharif said salem".split()
) - {"us", "israel", "jordan", "lima", "victoria"}


class ArticlePlaces:
    """The places of one article. Reads the document once, answers for any clause."""

    def __init__(self, doc: Doc, title: str | None) -> None:
        self._doc = doc
        raw = list(_matches(doc))
        context = _context(raw, title)
        self._mentions: list[_Mention] = []
        senses: dict[str, tuple[Place | None, bool]] = {}
        for start, end, found in raw:
            key = doc.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])]
            narrowed = _narrowed(doc, end, found)
            if narrowed is not found or key not in senses:
                senses[key] = _chosen(narrowed, context)
            self._mentions.append(_Mention(start, end, *senses[key]))
        self._by_token = {i: mention for mention in self._mentions for i in range(mention.start, mention.end)}
        self._dateline = self._dateline_place()

    @property
    def dateline(self) -> Place | None:
        """Where the report was filed, if its head says so."""
        return self._dateline

    def place_of(self, tokens: Sequence[Token]) -> PlaceReading:
        """Where the event of a clause happened: by the clause's own locatives, then its sentence's, then the dateline."""
        found = self._located(tokens)
        if found is None and tokens:
            found = self._located(tokens[0].sent)
        if found is not None:
            return found
        return PlaceReading(None, "not_stated")

    def _located(self, tokens: Iterable[Token]) -> PlaceReading | None:
        best: tuple[tuple[int, int, int], _Mention] | None = None
        unknown = False
        for token in tokens:
            mention = self._by_token.get(token.i)
            if mention is None:
                unknown = unknown or (token.ent_type_ in ("GPE", "LOC") and _rank(token) >= 2 and token.ent_iob_ == "B")
                continue
            if token.i != self._head(mention):
                continue
            rank = _rank(token)
            if rank:
                fineness = {"city": 2, "admin1": 1}.get(mention.place.precision, 0) if mention.place else 0
                score = (rank, fineness, -mention.start)
                if best is None or score > best[0]:
                    best = score, mention
        if best is not None:
            mention = best[1]
            return PlaceReading(mention.place, "ambiguous" if mention.place is None else None)
        return PlaceReading(None, "not_in_gazetteer") if unknown else None

    def _head(self, mention: _Mention) -> int:
        return self._doc[mention.start : mention.end].root.i

    def _dateline_place(self) -> Place | None:
        for mention in self._mentions[:2]:
            after = self._doc[mention.end : mention.end + 8]
            if mention.start < _DATELINE_TOKENS and any(token.text in _DASHES for token in after):
                if self._doc[mention.start].is_upper or mention.start == 0:
                    return mention.place
        return None


def _matches(doc: Doc) -> Iterable[tuple[int, int, tuple[Candidate, ...]]]:
    at, last = 0, len(doc)
    while at < last:
        token = doc[at]
        if (
            not token.text[:1].isupper()
            or token.ent_type_ == "PERSON"
            or token.pos_ not in ("PROPN", "NOUN", "ADJ", "X")
        ):
            at += 1
            continue
        for end in range(min(last, at + _MAX_WORDS), at, -1):
            final = doc[end - 1]
            if not (final.text[:1].isupper() or final.lower_ == "camp") or final.ent_type_ == "PERSON":
                continue
            text = doc.text[token.idx : final.idx + len(final)]
            if "\n" in text or (end == at + 1 and (token.lower_ in _NO_PLACES or token.pos_ != "PROPN")):
                continue
            found = candidates(text)
            if found:
                yield at, end, found
                at = end
                break
        else:
            # the rest of a longer name is no place of its own: "University of Paris" is, "Air France" is not
            at += 1


def _context(raw: list[tuple[int, int, tuple[Candidate, ...]]], title: str | None) -> Counter[str]:
    """How often each country is meant by names that leave no choice."""
    context: Counter[str] = Counter()
    for _, _, found in raw:
        top = found[0]
        if top.place.precision == "country" or len({c.place.country for c in found}) == 1:
            context[top.place.country] += 2 if top.place.precision == "country" else 1
    for word in (title or "").split():
        found = candidates(word.strip(",.:;'\"!?")) if word[:1].isupper() else ()
        if found and found[0].place.precision == "country":
            context[found[0].place.country] += 2
    return context


def _narrowed(doc: Doc, end: int, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Candidates that lie in the region or country named right after ("Paris, Texas"), where there are any."""
    if end + 1 < len(doc) and doc[end].text == "," and doc[end + 1].text[:1].isupper():
        for stop in range(min(len(doc), end + 4), end + 1, -1):
            outer = candidates(doc.text[doc[end + 1].idx : doc[stop - 1].idx + len(doc[stop - 1])])
            for place in (c.place for c in outer if c.place.precision != "city"):
                inside = tuple(
                    c
                    for c in found
                    if c.place.country == place.country
                    and (place.precision == "country" or c.place.admin1 == place.admin1)
                )
                if inside:
                    return inside
    return found


def _chosen(found: tuple[Candidate, ...], context: Counter[str]) -> tuple[Place | None, bool]:
    scored = sorted(
        (-(math.log10(c.weight + 1000) + 1.5 * min(3, context[c.place.country])), i, c) for i, c in enumerate(found)
    )
    if len(scored) > 1 and scored[0][2].weight < 100_000:
        near = scored[1][0] - scored[0][0] < 0.15
        if near and scored[0][2].place.country != scored[1][2].place.country:
            return None, True
    return scored[0][2].place, False


def _rank(token: Token) -> int:
    """How surely a name says where its clause happens: 3 by a locative, 2 as what was struck, 1 as a modifier; else 0."""
    node = token
    for _ in range(6):
        dep, head = node.dep_, node.head
        if dep == "pobj":
            if head.lower_ in _LOCATIVE:
                return 1 if head.head.lemma_ in _SAYING else 3
            if head.lower_ == "of" and head.head.lemma_ in _HOLDERS:
                node = head.head
                continue
            return 1 if head.lower_ in ("of", "from") and head.head.pos_ == "NOUN" else 0
        if dep == "dobj" and node is token:
            return 2
        if dep in ("compound", "nmod", "poss", "amod") and head.lemma_.lower() in _HOLDERS:
            node = head
            continue
        if dep in ("appos", "conj", "npadvmod", "nmod") and head.pos_ in ("PROPN", "NOUN"):
            node = head
            continue
        if dep in ("compound", "poss") and head.pos_ == "NOUN":
            return 1
        return 0
    return 0
