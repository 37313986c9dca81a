"""Find the names of places in a document and decide which places they are."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc

from newsbeam.transforms.actors.naming import surnames_of
from newsbeam.transforms.actors.tokens import BEGIN, INSIDE, Tokens, tokens_of
from newsbeam.transforms.places.gazetteer import Candidate, Place, begins, candidates, folded
from newsbeam.transforms.places.words import WORDS

_CAMP = re.compile(r"(?: refugee)? camp$", re.IGNORECASE)


_Match = tuple[int, int, tuple[Candidate, ...]]


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
_ALIAS = 1.5  # what a name costs a place that is called otherwise, in powers of ten of weight
_SAME_REGION, _SAME_COUNTRY = 2.5, 0.4  # what votes of the article add, in powers of ten of weight
STATES = dict(pair.split("=") for pair in sorted(WORDS["states"]))
_NO_PLACES, _NOT_BEFORE = WORDS["no_places"], WORDS["not_before"]
_LOCATIVE, _AFTER_PLACES = WORDS["locative"], WORDS["holders"] | WORDS["bodies"] | WORDS["events"]
_NAME_POS = {"PROPN", "NOUN", "ADJ", "X", "ADP"}
_TOWNS = {"city", "town", "village", "port", "outskirts", "capital"}
_REGION_NOUNS, _DONE_TO_PLACES = WORDS["regions"], WORDS["done_to_places"]


def find_places(doc: Doc, title: str | None) -> list[Mention]:
    """The places that a document names, from the left; each name means one place unless its region follows it."""
    tokens = tokens_of(doc)
    raw = list(_matches(doc, tokens, surnames_of(doc)))
    votes = _votes(tokens, raw, title)
    mentions = []
    senses: dict[str, Place | None] = {}
    for start, end, found in raw:
        text = tokens.span(start, end)
        key = folded(text)
        narrowed = _narrowed(tokens, end, found)
        if narrowed is not None:
            senses[key] = narrowed[0].place
        elif key not in senses:
            senses[key] = _chosen(found, votes, key)
        mentions.append(Mention(start, end, _spelt(_as_region(tokens, start, end, senses[key]), text)))
    return mentions


def _spelt(place: Place | None, text: str) -> Place | None:
    """The place under the name that readers of English know, where GeoNames' has letters that English has not.

    One article may write Kyiv and another Kiev: `geonameid` is what tells places apart.
    """
    if place is None or place.name.isascii() or not text.isascii():
        return place
    return place._replace(name=_CAMP.sub("", text))


def _as_region(tokens: Tokens, start: int, end: int, place: Place | None) -> Place | None:
    """The region around a town where the text speaks of it: "Aleppo province", "the state of Kano"."""
    if place is None or place.precision != "city":
        return place
    lower = tokens.lower
    after = lower[end] if end < len(lower) else ""
    before = lower[start - 2] if start > 1 and lower[start - 1] == "of" else ""
    if after in _REGION_NOUNS or before in _REGION_NOUNS:
        return place._replace(geonameid=None, precision="admin1")
    return place


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


def _matches(doc: Doc, tokens: Tokens, surnames: frozenset[str]) -> Iterator[_Match]:
    words, lower, last = tokens.word, tokens.lower, len(tokens.word)
    starts = set(tokens.starts)
    at = 0
    while at < last:
        if (
            not words[at][0].isupper()
            or tokens.pos[at] not in _NAME_POS
            or not begins(words[at])
            or _is_person(doc, tokens, at)
        ):
            at += 1
            continue
        best: _Match | None = None
        for end in range(at + 1, min(last, at + _MAX_WORDS) + 1):
            text = tokens.span(at, end)
            if "\n" in text or (end > at + 1 and (end - 1 in starts or not begins(text))):
                break
            if not (words[end - 1][0].isupper() or lower[end - 1] == "camp"):
                continue
            if end == at + 1 and not _may_stand_alone(tokens, at):
                continue
            if end < last and lower[end] in _NOT_BEFORE and words[end][0].isupper():
                continue
            found = candidates(text)
            if found and not (end == at + 1 and _is_of_person(tokens, at, found[0], surnames)):
                best = at, end, found
        if best is not None:
            yield best
            at = best[1]
        else:
            at += 1


def _is_person(doc: Doc, tokens: Tokens, at: int) -> bool:
    """Whether a token belongs to a person's name; a lone name that the gazetteer knows well does not."""
    if tokens.ent[at] != "PERSON":
        return False
    head, dep = tokens.head[at], tokens.dep[at]
    alone = tokens.iob[at] == BEGIN and (at + 1 == len(tokens.iob) or tokens.iob[at + 1] != INSIDE)
    if alone and dep in ("dobj", "nsubjpass") and doc[head].lemma_ in _DONE_TO_PLACES:
        return False
    if not alone or dep != "pobj":
        return True
    preposition = tokens.lower[head]
    if preposition in ("to", "into", "from"):
        return not any(candidate.place.precision == "country" for candidate in candidates(tokens.word[at]))
    is_town = preposition == "of" and tokens.lower[tokens.head[head]] in _TOWNS
    return not (is_town or preposition in ("in", "near", "at", "outside", "around"))


def _is_of_person(tokens: Tokens, at: int, candidate: Candidate, surnames: frozenset[str]) -> bool:
    """Whether a lone word that is a town's name, too, is a given name or the surname of a person of the article."""
    if candidate.weight >= _WORLD_CITY:
        return False
    dep = tokens.dep[at]
    after = at + 1
    if after < len(tokens.word) and tokens.word[after] in surnames and tokens.head[at] == after:
        return True  # "Savannah Guthrie"
    if tokens.ent[at] in ("GPE", "LOC"):
        return False
    if tokens.word[at] in surnames:
        return not (dep == "pobj" and tokens.lower[tokens.head[at]] in _LOCATIVE)
    if after == len(tokens.word) or tokens.pos[after] != "PROPN" or dep not in ("compound", "nmod"):
        return False
    return tokens.word[after][0].isupper() and tokens.lower[after] not in _AFTER_PLACES


def _may_stand_alone(tokens: Tokens, at: int) -> bool:
    word = tokens.word[at]
    if tokens.lower[at] in _NO_PLACES or tokens.pos[at] not in ("PROPN", "NOUN"):
        return False
    if len(word) < 3 and word not in ("US", "UK"):
        return False
    before = at - 1
    # the last word of a longer name: "Coney Island", "West Side"
    return not (
        at and tokens.pos[before] == "PROPN" and tokens.dep[before] == "compound" and tokens.head[before] == at
        and tokens.word[before][0].isupper() and tokens.ent[before] not in ("GPE", "PERSON")
        and before not in tokens.starts
    )  # fmt: skip


def _votes(tokens: Tokens, raw: list[_Match], title: str | None) -> _Votes:
    votes = _Votes({}, {})
    names = [(folded(tokens.span(start, end)), _narrowed(tokens, end, found) or found) for start, end, found in raw]
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


def _narrowed(tokens: Tokens, end: int, found: tuple[Candidate, ...]) -> tuple[Candidate, ...] | None:
    """Candidates that lie in the region or country named right after ("Paris, Texas"); None where nothing is."""
    words = tokens.word
    if end + 1 >= len(words) or words[end] not in (",", "(") or not words[end + 1][0].isupper():
        return None
    code = STATES.get(tokens.lower[end + 1].rstrip("."))
    if code and (words[end + 1].isupper() or words[end + 1].endswith(".")):
        return tuple(c for c in found if c.place.country == "USA" and c.place.admin1 == code) or None
    if not begins(words[end + 1]):
        return None
    for stop in range(min(len(words), end + 4), end + 1, -1):
        outer = candidates(tokens.span(end + 1, stop))
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
        if is_another_s and candidate.place.precision == "city" and folded(candidate.place.name) != key:
            near -= _ALIAS
        return math.log10(candidate.weight + 1000) + near + _SAME_COUNTRY * min(3, votes.country(candidate.place, key))

    # "Salisbury" was a name of Harare, but is that of other towns
    is_another_s = any(c.place.precision == "city" and folded(c.place.name) == key for c in found)
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
