"""Find the names of places in a document and decide which places they are."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.naming import surnames_of
from newsbeam.transforms.places.gazetteer import Candidate, Place, candidates, folded
from newsbeam.transforms.places.words import WORDS

_CAMP = re.compile(r"(?: refugee)? camp$", re.IGNORECASE)


class Mention(NamedTuple):
    """A name of a place in the document."""

    start: int
    end: int
    place: Place | None  # None where the article does not tell which place it is


_MAX_WORDS = 5
#: log10 of weight by which a candidate must lead another that is no likelier by context
_CLEAR_LEAD = 0.3
_OFTEN = 100_000  # weight above which a name is taken for its weightiest place without more ado
_KNOWN = 15_000  # weight from which the only place of a name needs no other sign
_WORLD_CITY = 300_000
_FOREIGN = 3  # names of one other country from which a smaller foreign town is doubted
_SAME_REGION, _SAME_COUNTRY = 2.5, 0.4  # what votes of the article add, in powers of ten of weight
STATES = dict(pair.split("=") for pair in sorted(WORDS["states"]))
_NO_PLACES, _NOT_BEFORE = WORDS["no_places"], WORDS["not_before"]
_REGION_NOUNS, _DONE_TO_PLACES = WORDS["regions"], WORDS["done_to_places"]


def find_places(doc: Doc, title: str | None) -> list[Mention]:
    """The places that a document names, from the left; each name means one place unless its region follows it."""
    raw = list(_matches(doc))
    votes = _votes(doc, raw, title)
    mentions = []
    senses: dict[str, Place | None] = {}
    for start, end, found in raw:
        key = _key(doc, start, end)
        narrowed = _narrowed(doc, end, found)
        if narrowed is not None:
            senses[key] = narrowed[0].place
        elif key not in senses:
            senses[key] = _chosen(found, votes, key)
        mentions.append(Mention(start, end, _spelt(_as_region(doc, start, end, senses[key]), doc[start:end].text)))
    return mentions


def _spelt(place: Place | None, text: str) -> Place | None:
    """The place under the name that readers of English know, where GeoNames' has letters that English has not.

    One article may write Kyiv and another Kiev: `geonameid` is what tells places apart.
    """
    if place is None or place.name.isascii() or not text.isascii():
        return place
    return place._replace(name=_CAMP.sub("", text))


def _as_region(doc: Doc, start: int, end: int, place: Place | None) -> Place | None:
    """The region around a town where the text speaks of it: "Aleppo province", "the state of Kano"."""
    if place is None or place.precision != "city":
        return place
    after = doc[end].lower_ if end < len(doc) else ""
    before = doc[start - 2].lower_ if start > 1 and doc[start - 1].lower_ == "of" else ""
    if after in _REGION_NOUNS or before in _REGION_NOUNS:
        return place._replace(geonameid=None, precision="admin1")
    return place


def _key(doc: Doc, start: int, end: int) -> str:
    return folded(doc[start:end].text)


class _Votes(NamedTuple):
    """Which names, of those that leave no choice, lie in a region and in a country."""

    regions: dict[tuple[str, str], set[str]]
    countries: dict[str, set[str]]

    def region(self, place: Place, key: str) -> int:
        """Names other than `key` that lie in the place's region."""
        if place.admin1 is None:
            return 0
        return len(self.regions.get((place.country, place.admin1), _NONE) - {key})

    def country(self, place: Place, key: str) -> int:
        """Names other than `key` that lie in the place's country."""
        return len(self.countries.get(place.country, _NONE) - {key})


_NONE: frozenset[str] = frozenset()


def _matches(doc: Doc) -> Iterator[tuple[int, int, tuple[Candidate, ...]]]:
    at, last = 0, len(doc)
    surnames = surnames_of(doc)
    while at < last:
        token = doc[at]
        if not token.text[0].isupper() or token.pos_ not in ("PROPN", "NOUN", "ADJ", "X", "ADP") or _is_person(doc, at):
            at += 1
            continue
        for end in range(min(last, at + _MAX_WORDS), at, -1):
            final = doc[end - 1]
            if not (final.text[0].isupper() or final.lower_ == "camp") or (end > at + 1 and final.is_sent_start):
                continue
            text = doc[at:end].text
            if "\n" in text or (end == at + 1 and not _may_stand_alone(doc, token)):
                continue
            if end < last and doc[end].lower_ in _NOT_BEFORE and doc[end].text[0].isupper():
                continue
            found = candidates(text)
            if found and not (end == at + 1 and _is_of_person(doc, token, found[0], surnames)):
                yield at, end, found
                at = end - 1
                break
        at += 1


def _is_person(doc: Doc, at: int) -> bool:
    """Whether a token belongs to a person's name; a lone name that the gazetteer knows well does not."""
    token = doc[at]
    if token.ent_type_ != "PERSON":
        return False
    alone = token.ent_iob_ == "B" and (at + 1 == len(doc) or doc[at + 1].ent_iob_ != "I")
    if alone and token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_ in _DONE_TO_PLACES:
        return False
    if not alone or token.dep_ != "pobj":
        return True
    preposition = token.head
    is_town = preposition.lower_ == "of" and preposition.head.lower_ in (
        "city",
        "town",
        "village",
        "port",
        "outskirts",
        "capital",
    )
    if preposition.lower_ in ("to", "into", "from"):
        return not any(candidate.place.precision == "country" for candidate in candidates(token.text))
    return not (is_town or preposition.lower_ in ("in", "near", "at", "outside", "around"))


def _is_of_person(doc: Doc, token: Token, candidate: Candidate, surnames: frozenset[str]) -> bool:
    """Whether a lone word that is a town's name, too, is a given name or the surname of a person of the article."""
    if token.ent_type_ in ("GPE", "LOC") or candidate.weight >= _WORLD_CITY:
        return False
    if token.text in surnames:
        return not (token.dep_ == "pobj" and token.head.lower_ in WORDS["locative"])
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if after is None or after.pos_ != "PROPN" or not after.text[0].isupper() or token.dep_ not in ("compound", "nmod"):
        return False
    return not (after.lower_ in WORDS["holders"] or after.lower_ in WORDS["bodies"] or after.lower_ in WORDS["events"])


def _may_stand_alone(doc: Doc, token: Token) -> bool:
    if (
        token.lower_ in _NO_PLACES
        or token.pos_ not in ("PROPN", "NOUN")
        or len(token) < 3
        and token.text not in ("US", "UK")
    ):
        return False
    before = doc[token.i - 1] if token.i else None
    # the last word of a longer name: "Coney Island", "West Side"
    return not (
        before is not None and before.pos_ == "PROPN" and before.dep_ == "compound" and before.head.i == token.i
        and before.text[0].isupper() and before.ent_type_ not in ("GPE", "PERSON") and not before.is_sent_start
    )  # fmt: skip


def _votes(doc: Doc, raw: list[tuple[int, int, tuple[Candidate, ...]]], title: str | None) -> _Votes:
    votes = _Votes({}, {})
    names = [(_key(doc, start, end), _narrowed(doc, end, found) or found) for start, end, found in raw]
    for word in (title or "").split():
        bare = word.strip(",.:;'’\"!?()")
        found = candidates(bare) if bare[:1].isupper() and bare.lower() not in _NO_PLACES else ()
        if found:
            names.append((folded(bare), found))
    for key, found in names:
        first = found[0].place
        if len({c.place.country for c in found}) == 1 or first.precision == "country":
            votes.countries.setdefault(first.country, set()).add(key)
            if first.admin1 and len({c.place.admin1 for c in found}) == 1:
                votes.regions.setdefault((first.country, first.admin1), set()).add(key)
    return votes


def _narrowed(doc: Doc, end: int, found: tuple[Candidate, ...]) -> tuple[Candidate, ...] | None:
    """Candidates that lie in the region or country named right after ("Paris, Texas"); None where nothing is."""
    if end + 1 >= len(doc) or doc[end].text not in (",", "(") or not doc[end + 1].text[0].isupper():
        return None
    code = STATES.get(doc[end + 1].lower_.rstrip("."))
    if code and (doc[end + 1].is_upper or doc[end + 1].text.endswith(".")):
        return tuple(c for c in found if c.place.country == "USA" and c.place.admin1 == code) or None
    for stop in range(min(len(doc), end + 4), end + 1, -1):
        outer = candidates(doc[end + 1 : stop].text)
        for place in (c.place for c in outer if c.place.precision != "city"):
            inside = tuple(
                c
                for c in found
                if c.place.country == place.country
                and c.place != place
                and (place.precision == "country" or c.place.admin1 == place.admin1)
            )
            if inside:
                return inside
    return None


def _chosen(found: tuple[Candidate, ...], votes: _Votes, key: str) -> Place | None:
    """The candidate that weight and the article's other names speak for; None where two are as likely, or none is."""

    def score(candidate: Candidate) -> float:
        near = _SAME_REGION if votes.region(candidate.place, key) else 0.0
        return math.log10(candidate.weight + 1000) + near + _SAME_COUNTRY * min(3, votes.country(candidate.place, key))

    ranked = sorted(found, key=score, reverse=True)  # stable: the weightiest of equals stays first
    best = ranked[0]
    place = best.place
    if best.weight >= _OFTEN and len(ranked) == 1:
        return place
    is_backed = votes.region(place, key) > 0 or votes.country(place, key) > 0
    if best.weight < _OFTEN and not is_backed and (len(ranked) > 1 or best.weight < _KNOWN):
        return None  # one of many small towns of the name, and nothing else of its country is named
    if best.weight < _WORLD_CITY and not is_backed and max(map(len, votes.countries.values()), default=0) >= _FOREIGN:
        return None  # the article is about another country, where a namesake may be too small for the gazetteer
    if len(ranked) > 1 and best.weight < _OFTEN and score(best) - score(ranked[1]) < _CLEAR_LEAD:
        second = ranked[1].place
        if (place.country, place.admin1) != (second.country, second.admin1):
            return None
    return place
