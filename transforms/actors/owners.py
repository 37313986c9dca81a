"""Say whose a noun phrase is: the countries and bodies that its words name."""

import functools
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL
from newsbeam.transforms.actors.lexicon import Entry, folded, names, role_of, singular
from newsbeam.transforms.actors.naming import Hit, find_names
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.actors.words import WORDS
from newsbeam.transforms.places.gazetteer import candidates
from newsbeam.transforms.places.words import WORDS as PLACE_WORDS


class Owner(NamedTuple):
    """Whose someone is: the country, and what told it."""

    country: str
    sector: str | None
    method: str
    is_body: bool  # told by a body or person of that country, not by the country


_OWNING, _KEPT, _RELATED = WORDS["owning"], WORDS["kept"], WORDS["related"]
_AIMED_BEFORE = {"to", "with", "against", "on", "for", "anti", "pro"}
#: Bodies that the place behind them names, whatever the parser hangs it on.
_SEATED = frozenset("government authorities parliament ministry regime administration leadership".split())
_JOINTS = {"and", "or", ",", "-", "–", "/", "&"}
_PLACE_WEIGHT_IN_NAMES = 100_000
_TWO_MENTIONS = 4  # a country named once may be where "the Senate" only travels to
_TITLE_WEIGHT = 2  # of a country that the headline names
_NO_PLACES = PLACE_WORDS["no_places"]
_RIVAL = 5  # a namesake in another country that is less than so many times smaller leaves a choice
_WELL_KNOWN = 100_000  # population from which a town needs no other sign of its country


class Owners:
    """The names of one document, and whose its noun phrases are."""

    def __init__(self, doc: Doc, title: str | None, year: int | None = None) -> None:
        """Find the names of `doc`, of the year `year`; the title's countries count for what the article is about."""
        self.doc = doc
        self.year = year
        self.tokens = tokens_of(doc)
        self.lower = self.tokens.lower
        self.hits = find_names(doc)
        self.hit_at: dict[int, Hit] = {i: hit for hit in self.hits for i in range(hit.start, hit.end)}
        self.countries: Counter[str] = Counter()
        for hit in self.hits:
            entry = hit.entry
            if len(entry.countries) == 1 and len(hit.entries) == 1 and entry.method != "body":
                if entry.countries[0] not in SUPRANATIONAL:
                    self.countries[entry.countries[0]] += 2 if entry.kind == "country" else 1
        self.countries_of_title = countries_of_title(title)
        for country in self.countries_of_title:
            self.countries[country] += _TITLE_WEIGHT

    def country_of_hit(self, hit: Hit) -> str | None:
        """The country that a name stands for here."""
        return self.country_of(self.chosen(hit), hit)

    def chosen(self, hit: Hit) -> Entry:
        """What a name stands for: of several, what the article speaks of most."""
        if len(hit.entries) == 1:
            return hit.entries[0]
        return max(
            enumerate(hit.entries),
            key=lambda pair: (max([self.countries[c] for c in pair[1].countries] or [0]), -pair[0]),
        )[1]

    def country_of(self, entry: Entry, hit: Hit) -> str | None:
        """The country of what a name stands for here; None where the article leaves a choice."""
        if not entry.countries:
            return None
        if entry.method == "people":
            best = max(entry.countries, key=lambda c: self.countries[c])  # the first of equals
            return best if self.countries[best] or entry.is_default else None
        country = entry.countries[0]
        if entry.method == "body" and not self.countries[country] and len(self.countries) == 1:
            only, count = self.countries.most_common(1)[0]
            return only if count >= _TWO_MENTIONS else country if entry.is_default else None
        if entry.method == "body" and not entry.is_default and self.countries and not self.countries[country]:
            return None
        if entry.method == "gazetteer":
            return self._region_named.get(self.doc[hit.start : hit.end].text, country)
        if entry.method == "capital" and hit.end + 1 < len(self.doc) and self.lower[hit.end] == ",":
            return _region_of(self.doc[hit.end - 1].text, self.doc[hit.end + 1].text) or country
        return country

    @functools.cached_property
    def _region_named(self) -> dict[str, str]:
        """Names of countries that are regions of another here, by a town before one: "Atlanta, Georgia"."""
        found: dict[str, str] = {}
        for hit in self.hits:
            if hit.entry.method == "gazetteer" and hit.start > 1 and self.lower[hit.start - 1] == ",":
                name = self.doc[hit.start : hit.end].text
                if country := _region_of(self.doc[hit.start - 2].text, name):
                    found[name] = country
        return found

    def words_to(self, root: Token, start: int) -> tuple[str, ...]:
        """The last words, in lower case, of the noun phrase up to its head."""
        return tuple(self.lower[max(start, root.i - 4) : root.i + 1])

    def owner_of(self, root: Token, start: int, end: int) -> Owner | None:
        """Whose the head of a phrase is: by a name before it, by "of" or "in" after it, by a place in its name."""
        is_related = singular(self.lower[root.i]) in _RELATED
        for hit in self.names_before(root, start):
            if is_related and (hit.end == root.i or self.lower[hit.end] in ("'s", "’s", "'", "’")):
                if not any(
                    word in ("'s", "’s", "its", "their", "his", "her") for word in self.lower[start : hit.start]
                ):
                    continue  # "Israel's neighbours", "US allies": others than it
            owner = self.owner(hit)
            if owner:
                return owner
        for child in root.children:
            if child.i > root.i and (child.dep_ == "prep" and child.lower_ in _OWNING) and not is_related:
                found = self._below(child)
                if found:
                    return found
        if self.lower[root.i] in _SEATED and self.lower[root.i + 1 : root.i + 2] == ["in"]:
            seat = self.doc[root.i + 1]  # "the decision of the government in Accra": the parser puts it to the decision
            if seat.head.i < root.i and seat.head.pos_ == "NOUN" and (found := self._below(seat)):
                return found
        place = self._place_in_name(root, start, end)
        return Owner(place, None, "gazetteer", False) if place else None

    def named_beside(self, root: Token, span: Span) -> Owner | None:
        """The country of a known person who holds the role: "army chief X", "the then president, X"."""
        at = root.i + 1
        while at < min(span.end, root.i + 4) and self.doc[at].text == ",":
            at += 1
        hit = self.hit_at.get(at)
        if hit and (at < span.end or at == root.i + 1) and hit.entry.kind == "person":
            owner = self.owner(hit)
            return owner._replace(sector=None) if owner else None
        return None

    def names_before(self, root: Token, start: int) -> Iterator[Hit]:
        """Names before the head that belong to it: the country beside it, other countries, bodies.

        Not those of what it is directed at, nor of who stands behind it: "Turkish-backed Syrian rebels".
        """
        countries: list[list[Hit]] = []  # those joined by "and" or a hyphen together
        bodies: list[Hit] = []
        at = start
        while at < root.i:
            hit = self.hit_at.get(at)
            if hit is None:
                at += 1
                continue
            before = self.lower[hit.start - 1] if hit.start > start else ""
            is_behind = self.lower[hit.end : hit.end + 1] in (["-"], ["–"]) and self.lower[hit.end + 1] in _KEPT
            if before not in _AIMED_BEFORE and not is_behind:
                if hit.entry.kind != "country":
                    bodies.append(hit)
                elif countries and all(word in _JOINTS for word in self.lower[countries[-1][-1].end : hit.start]):
                    countries[-1].append(hit)
                else:
                    countries.append([hit])
            at = hit.end
        for joined in reversed(countries):
            yield from joined
        yield from bodies

    def owner(self, hit: Hit) -> Owner | None:
        """What a name tells of whose someone is."""
        entry = self.chosen(hit)
        country = self.country_of(entry, hit)
        if country is None:
            return None
        return Owner(country, entry.sector if entry.kind != "country" else None, entry.method, entry.kind != "country")

    def _below(self, preposition: Token) -> Owner | None:
        """The country that a prepositional phrase names."""
        for pobj in preposition.children:
            if pobj.dep_ not in ("pobj", "pcomp"):
                continue
            hit = self.hit_at.get(pobj.i)
            if hit:
                return self.owner(hit)
            for other in self.names_before(pobj, pobj.left_edge.i):
                owner = self.owner(other)
                if owner:
                    return owner
            country = self.place_country(pobj)
            if country:
                return Owner(country, None, "gazetteer", False)
            for child in pobj.children:
                if child.dep_ == "prep" and child.lower_ in _OWNING:
                    return self._below(child)
        return None

    def place_country(self, token: Token, weight: int = 0) -> str | None:
        """The country of a place that the token heads, by the gazetteer."""
        tokens, at = self.tokens, token.i
        if tokens.pos[at] != "PROPN" or tokens.ent[at] == "PERSON":
            return None
        start = at
        while start > 0 and at - start < 3 and tokens.pos[start - 1] == "PROPN" and start - 1 not in self.hit_at:
            start -= 1
        for first in range(start, at + 1):
            if first == at and role_of((tokens.lower[at],)) is not None:
                break  # "University" is a town, too
            text = tokens.span(first, at + 1)
            if not text[0].isupper() or (first == at and tokens.lower[at] in _NO_PLACES):
                continue  # "hub", "Line"
            found = [c for c in candidates(text) if c.weight >= weight]
            if found:
                known = [c for c in found if self.countries[c.place.country]]
                if known:
                    return known[0].place.country
                if len(found) > 1 and found[1].weight * _RIVAL > found[0].weight:
                    if found[1].place.country != found[0].place.country:
                        return None
                # a small namesake of a village in the country that the text is about
                return found[0].place.country if found[0].weight >= _WELL_KNOWN or not self.countries else None
        return None

    def _place_in_name(self, root: Token, start: int, end: int) -> str | None:
        if root.pos_ == "PROPN":
            is_sure = root.ent_type_ in ("GPE", "LOC", "FAC") or (root.dep_ == "pobj" and root.head.lower_ in _OWNING)
            country = self.place_country(root, 0 if is_sure else _PLACE_WEIGHT_IN_NAMES)
            if country:
                return country
        tokens = self.tokens
        for at in range(root.i - 1, start - 1, -1):
            if tokens.pos[at] == "PROPN" and at not in self.hit_at:
                country = self.place_country(self.doc[at], 0 if tokens.ent[at] == "GPE" else _PLACE_WEIGHT_IN_NAMES)
                if country:
                    return country
        return None

    def modifying_role(self, root: Token, start: int) -> str | None:
        """Sector of a role noun that modifies the head: "rebel positions", "army base"."""
        tokens = self.tokens
        for at in range(root.i - 1, start - 1, -1):
            if tokens.dep[at] in ("compound", "amod", "poss", "nmod") and tokens.head[at] == root.i:
                role = role_of(tuple(self.lower[max(start, at - 4) : at + 1]))
                if role and role.sector:
                    return role.sector
        return None


def countries_of_title(title: str | None) -> list[str]:
    """Countries that a headline names by themselves, their people or capitals."""
    found: dict[str, None] = {}
    words = [word.strip(",.:;'’\"!?()").removesuffix("'s").removesuffix("’s") for word in (title or "").split()]
    at = 0
    while at < len(words):
        step = 1
        for size in (3, 2, 1):
            text = " ".join(words[at : at + size])
            entries = names().get(folded(text), ()) if text[:1].isupper() else ()
            if entries and entries[0].kind == "country" and len(entries[0].countries) == 1 and len(text) > 2:
                found[entries[0].countries[0]] = None
            if entries:
                step = size
                break
        at += step
    return list(found)


def _region_of(town: str, region: str) -> str | None:
    """The country of a region that holds a town of the name: of Georgia for Atlanta."""
    for outer in (c.place for c in candidates(region) if c.place.precision == "admin1"):
        if any(c.place.country == outer.country and c.place.admin1 == outer.admin1 for c in candidates(town)):
            return outer.country
    return None
