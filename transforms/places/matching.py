"""Find the names of places in a document and decide which places they are."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.places.gazetteer import Candidate, Place, candidates, folded


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
#: state abbreviations of news style, which follow a town and a comma
STATES = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL", "ga": "GA",
    "ill": "IL", "ind": "IN", "kan": "KS", "ky": "KY", "la": "LA", "md": "MD", "mass": "MA", "mich": "MI", "minn": "MN",
    "miss": "MS", "mo": "MO", "mont": "MT", "neb": "NE", "nev": "NV", "okla": "OK", "ore": "OR", "pa": "PA", "tenn": "TN",
    "tex": "TX", "vt": "VT", "va": "VA", "wash": "WA", "wis": "WI", "wyo": "WY",
} | {code.lower(): code for code in (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI "
    "SC SD TN TX UT VT VA WA WV WI WY DC".split()
)}  # fmt: skip
#: capitalised words of news that are small towns, too
_NO_PLACES = set(
    "of police nice reading mobile same march may sunday union congress battle hope god king queen bush clinton lead time "
    "nancy orange george martin can man best most born split dole independence liberty normal opposition church white "
    "black green brown young long brest bath deal enterprise pole ali hassan omar mosque republic central south north east "
    "west eastern western southern northern government parliament army minister president prime general sharif said salem "
    "university college school side metro park county city center centre hospital street avenue road national american "
    "european house court district department sheriff state university international airport bank university media news "
    "times post police democrat republican senate assembly ministry council security union party spring summer autumn "
    "winter monday tuesday wednesday thursday friday saturday january february april june july august september october "
    "november december christmas easter islam islamic muslim christian catholic chief force forces group front center "
    "defense defence energy justice peace victory progress commerce industry trade freedom corona prospect young bell "
    "golden silver star sun moon hill valley lake river bay beach island mountain se ne nw sw st dr mr mrs la el de los "
    "las al an in on at to by for the and but not all any one two three four five six seven eight nine ten "
    "male plain bay rose lima-bean mercedes ford lincoln madison jackson jefferson tyler marion".split()
) - {"lincoln", "madison", "jackson", "jefferson", "tyler", "marion"}
#: words that turn the name before them into another name: a county, a paper, a firm
_NOT_BEFORE = {
    "county", "parish", "post", "times", "news", "tribune", "herald", "globe", "journal", "guardian", "gazette", "airlines",
    "airways", "university", "college", "fc", "united", "street", "avenue", "road", "boulevard", "river", "lake", "sea",
    "ocean", "bank", "motors", "inc", "corp", "co", "express", "mail", "telegraph", "observer", "examiner", "chronicle",
    "sun-times", "dispatch", "hotel", "high", "middle", "elementary", "accords", "accord", "agreement", "treaty",
    "convention", "protocol", "summit", "consensus", "declaration", "process", "nobel", "club", "games", "olympics",
}  # fmt: skip


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
        mentions.append(Mention(start, end, senses[key]))
    return mentions


def _key(doc: Doc, start: int, end: int) -> str:
    return folded(doc.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])])


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
    while at < last:
        token = doc[at]
        if not token.text[0].isupper() or token.pos_ not in ("PROPN", "NOUN", "ADJ", "X", "ADP") or _is_person(doc, at):
            at += 1
            continue
        for end in range(min(last, at + _MAX_WORDS), at, -1):
            final = doc[end - 1]
            if not (final.text[0].isupper() or final.lower_ == "camp") or (end > at + 1 and final.is_sent_start):
                continue
            text = doc.text[token.idx : final.idx + len(final)]
            if "\n" in text or (end == at + 1 and not _may_stand_alone(doc, token)):
                continue
            if end < last and doc[end].lower_ in _NOT_BEFORE and doc[end].text[0].isupper():
                continue
            found = candidates(text)
            if found:
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
    in_place = token.dep_ == "pobj" and token.head.lower_ in ("in", "near", "at", "outside", "around")
    return not (alone and in_place)


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
        outer = candidates(doc.text[doc[end + 1].idx : doc[stop - 1].idx + len(doc[stop - 1])])
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
