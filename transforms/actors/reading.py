"""Read who a noun phrase is by its own words: names in it, title, role noun, apposition."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL, Actor
from newsbeam.transforms.actors.lexicon import Entry, folded, leaders_by_surname, role_of
from newsbeam.transforms.actors.naming import Hit, find_names
from newsbeam.transforms.actors.words import WORDS
from newsbeam.transforms.places.gazetteer import candidates


class Owner(NamedTuple):
    """Whose someone is: the country, and what told it."""

    country: str
    sector: str | None
    method: str
    is_body: bool  # told by a body or person of that country, not by the country


_FORMER, _OWNING, _LINKS = WORDS["former"], WORDS["owning"], WORDS["title_links"]
_HONORIFICS, _QUANTITIES = WORDS["honorifics"], WORDS["quantities"]
_RANKS = dict(pair.split("=") for pair in sorted(WORDS["ranks"]))
_TITLE_POS = {"PROPN", "NOUN", "ADJ", "ADP", "PART", "PUNCT", "CCONJ", "DET", "X"}
_MAX_TITLE = 9
_PLACE_WEIGHT_IN_NAMES = 100_000


class Reader:
    """Reads noun phrases of one document; knows the document's names and which countries it speaks of."""

    def __init__(self, doc: Doc, title: str | None) -> None:
        """Find the names of `doc`; the title's countries count towards what the article is about."""
        self.doc = doc
        self.lower = [token.lower_ for token in doc]  # cheaper than to ask the tokens each time
        self.hits = find_names(doc)
        self.hit_at: dict[int, Hit] = {i: hit for hit in self.hits for i in range(hit.start, hit.end)}
        self.countries: Counter[str] = Counter()
        for hit in self.hits:
            entry = hit.entry
            if len(entry.countries) == 1 and len(hit.entries) == 1 and entry.method != "body":
                if entry.countries[0] not in SUPRANATIONAL:
                    self.countries[entry.countries[0]] += 2 if entry.kind == "country" else 1

    def country_of_hit(self, hit: Hit) -> str | None:
        """The country that a name stands for here."""
        return self._country_of(self._chosen(hit), hit)

    def _chosen(self, hit: Hit) -> Entry:
        if len(hit.entries) == 1:
            return hit.entries[0]
        return max(
            enumerate(hit.entries),
            key=lambda pair: (max([self.countries[c] for c in pair[1].countries] or [0]), -pair[0]),
        )[1]

    def _country_of(self, entry: Entry, hit: Hit) -> str | None:
        if not entry.countries:
            return None
        if entry.method == "people":
            best = max(entry.countries, key=lambda c: self.countries[c])  # the first of equals
            return best if self.countries[best] or entry.is_default else None
        country = entry.countries[0]
        if entry.method == "body" and not self.countries[country] and len(self.countries) == 1:
            return next(iter(self.countries))
        if entry.method == "gazetteer" and hit.start > 1 and self.doc[hit.start - 1].text == ",":
            # "Atlanta, Georgia": the region that holds the town before
            regions = [c.place for c in candidates(self.doc[hit.start : hit.end].text) if c.place.precision == "admin1"]
            towns = candidates(self.doc[hit.start - 2].text) if regions else ()
            for region in regions:
                if any(t.place.country == region.country and t.place.admin1 == region.admin1 for t in towns):
                    return region.country
        return country

    def read(self, span: Span) -> Actor:
        """Who a span is by its own words and what stands in apposition to it."""
        root = span.root
        hit = self.hit_at.get(root.i)
        entry = self._chosen(hit) if hit else None
        if hit is None and root.lemma_.lower() in _QUANTITIES:
            counted = _counted(root)
            if counted is not None and counted.i < span.end:
                inner = self.read(self.doc[counted.left_edge.i : min(span.end, counted.right_edge.i + 1)])
                return inner._replace(name=_text(span), kind="group" if inner.kind == "person" else inner.kind)
        if hit and entry and entry.kind == "organisation":
            return self._body(span, hit, entry)
        if (entry and entry.kind == "person") or self.is_name(root):
            return self._person(span, root, hit, entry)
        role = role_of(self.words_to(root, span.start))
        if hit and entry:
            is_group = entry.method in ("demonym", "people") and root.tag_ in ("NNS", "NNPS")
            country = self._country_of(entry, hit)
            name = entry.name if entry.name and not is_group else _text(span)
            sector = entry.sector if not is_group else None
            return Actor(name, "group" if is_group else "country", country, sector, entry.method, 0.9)
        owner = self.owner_of(root, span.start, span.end) or self._named_beside(root, span)
        kind = role.kind if role else None
        if kind == "person" and root.tag_ in ("NNS", "NNPS"):
            kind = "group"
        sector = role.sector if role else None
        if role is None:
            sector = self._modifying_role(root, span.start)
            if root.pos_ == "PROPN":
                told, told_owner = self._apposed(root)
                sector, owner = sector or told, owner or told_owner
            kind = "organisation" if root.ent_type_ == "ORG" else "country" if root.ent_type_ == "GPE" else None
        if owner:
            if owner.is_body and (sector is None or (owner.sector == "IGO" and sector == "GOV")):
                sector = owner.sector
            kind = kind or ("organisation" if owner.is_body else None)
        sector = self._of_former(root, span.start, sector)
        method = owner.method if owner else ("title" if sector else None)
        return Actor(
            _text(span), kind, owner.country if owner else None, sector, method, 0.85 if owner else 0.6 if role else 0.3
        )

    def is_name(self, root: Token) -> bool:
        """Whether a token is the head of a person's name."""
        if root.pos_ != "PROPN" or root.i in self.hit_at:
            return False
        if role_of((root.lower_,)) is not None:
            return False
        return root.ent_type_ == "PERSON" or (
            root.ent_type_ in ("", "ORG", "GPE") and self._title_before(root) is not None and root.ent_type_ != "GPE"
        )

    def words_to(self, root: Token, start: int) -> tuple[str, ...]:
        """The last words, in lower case, of the noun phrase up to its head."""
        return tuple(self.lower[max(start, root.i - 4) : root.i + 1])

    def owner_of(self, root: Token, start: int, end: int) -> Owner | None:
        """Whose the head of a phrase is: by a name before it, by "of" or "in" after it, by a place in its name."""
        for hit in self._before(root, start):
            owner = self._owner(hit)
            if owner:
                return owner
        for child in root.children:
            if child.i > root.i and (child.dep_ == "prep" and child.lower_ in _OWNING):
                found = self._below(child)
                if found:
                    return found
        place = self._place_in_name(root, start, end)
        return Owner(place, None, "gazetteer", False) if place else None

    def _named_beside(self, root: Token, span: Span) -> Owner | None:
        """The country of a known person who holds the role: "army chief X", "the then president, X"."""
        at = root.i + 1
        while at < min(span.end, root.i + 4) and self.doc[at].text == ",":
            at += 1
        hit = self.hit_at.get(at)
        if hit and (at < span.end or at == root.i + 1) and hit.entry.kind == "person":
            owner = self._owner(hit)
            return owner._replace(sector=None) if owner else None
        return None

    def _before(self, root: Token, start: int) -> Iterator[Hit]:
        """Names before the head, countries first, that belong to it: not those of what it is directed at."""
        bodies: list[Hit] = []
        at = start
        while at < root.i:
            hit = self.hit_at.get(at)
            if hit is None:
                at += 1
                continue
            before = self.doc[hit.start - 1].lower_ if hit.start > start else ""
            if before not in ("to", "with", "against", "on", "for", "anti", "pro"):
                if hit.entry.kind == "country":
                    yield hit
                else:
                    bodies.append(hit)
            at = hit.end
        yield from bodies

    def _owner(self, hit: Hit) -> Owner | None:
        entry = self._chosen(hit)
        country = self._country_of(entry, hit)
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
                return self._owner(hit)
            for other in self._before(pobj, pobj.left_edge.i):
                owner = self._owner(other)
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
        if token.pos_ != "PROPN" or token.ent_type_ == "PERSON":
            return None
        start = token.i
        while (
            start > 0 and token.i - start < 3 and self.doc[start - 1].pos_ == "PROPN" and start - 1 not in self.hit_at
        ):
            start -= 1
        for first in range(start, token.i + 1):
            if first == token.i and role_of((token.lower_,)) is not None:
                break  # "University" is a town, too
            text = self.doc[first : token.i + 1].text
            found = [c for c in candidates(text) if c.weight >= weight]
            if found:
                known = [c for c in found if self.countries[c.place.country]]
                return (known or found)[0].place.country
        return None

    def _place_in_name(self, root: Token, start: int, end: int) -> str | None:
        if root.pos_ == "PROPN":
            is_sure = root.ent_type_ in ("GPE", "LOC", "FAC") or (root.dep_ == "pobj" and root.head.lower_ in _OWNING)
            country = self.place_country(root, 0 if is_sure else _PLACE_WEIGHT_IN_NAMES)
            if country:
                return country
        for token in reversed(self.doc[start : root.i]):
            if token.pos_ == "PROPN" and token.i not in self.hit_at:
                country = self.place_country(token, 0 if token.ent_type_ == "GPE" else _PLACE_WEIGHT_IN_NAMES)
                if country:
                    return country
        return None

    def _modifying_role(self, root: Token, start: int) -> str | None:
        """Sector of a role noun that modifies the head: "rebel positions", "army base"."""
        for token in reversed(self.doc[start : root.i]):
            if token.dep_ in ("compound", "amod", "poss", "nmod") and token.head == root:
                role = role_of(self.words_to(token, start))
                if role and role.sector:
                    return role.sector
        return None

    def _of_former(self, root: Token, start: int, sector: str | None) -> str | None:
        if sector in ("GOV", "LEG") and any(token.lower_ in _FORMER for token in self.doc[start : root.i]):
            return "ELI"
        return sector

    def _body(self, span: Span, hit: Hit, entry: Entry) -> Actor:
        country = self._country_of(entry, hit)
        if entry.method == "body" or country == "NGO":
            for other in self._before(self.doc[hit.start], span.start):
                owner = self._owner(other)
                if owner:
                    country = owner.country
                    break
        return Actor(_text(self.doc[hit.start : hit.end]), entry.kind, country, entry.sector, "organisation", 0.95)

    def _person(self, span: Span, root: Token, hit: Hit | None, entry: Entry | None) -> Actor:
        start, end = self._name_extent(root)
        name = self.doc[start:end].text
        first = self._title_start(start)
        sector = self._title_sector(first, start)
        owner = (
            next((o for o in map(self._owner, self._before(self.doc[start], first)) if o), None)
            if first < start
            else None
        )
        if entry is None and (sector or self.doc[start - 1].lower_ in _HONORIFICS):
            entry = self._leader(name)
        appos_sector, appos_owner = self._apposed(root)
        country = owner.country if owner else None
        method = owner.method if owner else None
        if entry and entry.countries:
            country, method = country or entry.countries[0], method or "leader"
        if country is None and appos_owner:
            country, method = appos_owner.country, appos_owner.method
        sector = self._of_former(self.doc[start], first, sector) or appos_sector or (entry.sector if entry else None)
        if sector in (None, "GOV") and owner and owner.is_body and owner.sector:
            sector = owner.sector
        return Actor(name, "person", country, sector, method or ("title" if sector else None), 0.9 if country else 0.5)

    def _leader(self, name: str) -> Entry | None:
        """The leader whose surname a titled name ends in, where its bearers are of one country or the text tells."""
        bearers = leaders_by_surname().get(folded(name).split(" ")[-1], ())
        if len({bearer.countries for bearer in bearers}) == 1:
            return bearers[0]
        spoken_of = [b for b in bearers if any(self.countries[c] for c in b.countries)]
        return spoken_of[0] if len({b.countries for b in spoken_of}) == 1 else None

    def _name_extent(self, root: Token) -> tuple[int, int]:
        doc = self.doc
        hit = self.hit_at.get(root.i)
        start, end = (hit.start, hit.end) if hit else (root.i, root.i + 1)
        while (hit is None or end - start == 1) and start > 0 and self._is_of_name(doc[start - 1], doc[start]):
            start -= 1
        while end < len(doc) and self._is_of_name(doc[end], doc[end - 1]):
            end += 1
        while start < root.i and (
            role_of((doc[start].lower_,)) or doc[start].lower_ in _HONORIFICS or self._is_elsewhere(start)
        ):
            start += 1
        return start, end

    def _is_of_name(self, token: Token, neighbour: Token) -> bool:
        if token.lower_ in _HONORIFICS or not token.text[0].isalpha() or token.is_sent_start and neighbour.i < token.i:
            return token.text == "-" and not token.whitespace_ and token.ent_type_ == "PERSON"
        if self._is_elsewhere(token.i):
            return False
        if token.ent_type_ == "PERSON" and neighbour.ent_type_ == "PERSON":
            return max(token, neighbour, key=lambda t: t.i).ent_iob_ == "I"
        return (
            token.pos_ == "PROPN"
            and token.text[0].isupper()
            and role_of((token.lower_,)) is None
            and token.ent_type_ not in ("GPE", "NORP", "LOC", "DATE")
        )

    def _is_elsewhere(self, at: int) -> bool:
        hit = self.hit_at.get(at)
        return hit is not None and hit.entry.kind != "person"

    def _title_start(self, start: int) -> int:
        """First token of the title before a name."""
        doc = self.doc
        first = start
        if start == 0 or doc[start].is_sent_start:
            return first
        for at in range(start - 1, max(-1, start - 1 - _MAX_TITLE), -1):
            token = doc[at]
            if token.pos_ not in _TITLE_POS or token.is_space or (token.pos_ == "PUNCT" and token.text != "-"):
                break
            if token.lower_ not in _LINKS and token.pos_ == "ADP":
                break
            first = at
            if token.is_sent_start:
                break
        return first

    def _title_before(self, root: Token) -> str | None:
        start = root.i
        while (
            start > 0
            and self.doc[start - 1].pos_ == "PROPN"
            and role_of((self.doc[start - 1].lower_,)) is None
            and start - 1 not in self.hit_at
        ):
            start -= 1
        return self._title_sector(self._title_start(start), start)

    def _title_sector(self, first: int, start: int) -> str | None:
        neutral = None
        for at in range(start - 1, first - 1, -1):
            token = self.doc[at]
            if token.lower_ in _RANKS:
                return _RANKS[token.lower_]
            if token.pos_ in ("ADP", "DET", "PART", "PUNCT"):
                continue
            role = role_of(self.words_to(token, first))
            if role and role.kind == "person":
                if role.sector:
                    return role.sector
                neutral = neutral or self._modifying_role(token, first)
        return neutral

    def _apposed(self, root: Token) -> tuple[str | None, Owner | None]:
        """Sector and owner told by a noun phrase in apposition, or by "is"."""
        related = [child for child in root.children if child.dep_ == "appos"]
        if root.dep_ == "appos":
            related.append(root.head)
        if root.dep_ == "nsubj" and root.head.lemma_ == "be":
            related.extend(child for child in root.head.children if child.dep_ == "attr")
        for token in related:
            role = role_of(self.words_to(token, token.left_edge.i))
            if role is None and token.ent_type_ != "PERSON":
                continue
            owner = self.owner_of(token, token.left_edge.i, token.right_edge.i + 1)
            sector = role.sector if role else None
            if owner and owner.is_body and sector is None:
                sector = owner.sector
            sector = self._of_former(token, token.left_edge.i, sector)
            if sector or owner:
                return sector, owner
        return None, None


def _counted(quantity: Token) -> Token | None:
    """The noun that a quantity measures out."""
    for child in quantity.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "from"):
            return next((pobj for pobj in child.children if pobj.dep_ == "pobj"), None)
    return None


def _text(span: Span) -> str:
    """The words of a phrase without its article."""
    words = span.text.strip()
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else words
