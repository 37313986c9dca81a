"""Read who a noun phrase is by its own words: names in it, title, role noun, apposition."""

from spacy.tokens import Span, Token

from newsbeam.transforms.actors.actor import Actor
from newsbeam.transforms.actors.lexicon import Entry, folded, leaders_by_surname, leaders_initials, names, role_of
from newsbeam.transforms.actors.naming import Hit
from newsbeam.transforms.actors.owners import Owner, Owners
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.actors.words import WORDS

_FORMER, _LINKS = WORDS["former"], WORDS["title_links"]
_HONORIFICS, _QUANTITIES, _LABELS = WORDS["honorifics"], WORDS["quantities"], WORDS["labels"]
_RANKS = dict(pair.split("=") for pair in sorted(WORDS["ranks"]))
_TITLE_POS = {"PROPN", "NOUN", "ADJ", "ADP", "PART", "PUNCT", "CCONJ", "DET", "X"}
_SETTLED = WORDS["settled"]
_MAX_TITLE = 9


class Reader(Owners):
    """Reads the noun phrases of one document."""

    def read(self, span: Span) -> Actor:
        """Who a span is by its own words and what stands in apposition to it."""
        root = head_of(span)
        hit = self.hit_at.get(root.i)
        entry = self.chosen(hit) if hit else None
        if hit is None:
            counted = counted_by(root)
            if counted is not None and counted.i < span.end:
                inner = self.read(self.doc[counted.left_edge.i : min(span.end, counted.right_edge.i + 1)])
                return inner._replace(name=_text(span), kind="group" if inner.kind == "person" else inner.kind)
        if hit and entry and entry.method == "several" and len(span) == 1:  # "North" of "North and South Korea"
            entry = next(iter(names().get(folded(f"{span.text} {self.doc[hit.end - 1].text}"), ())), entry)
        if hit and entry and entry.kind == "organisation":
            return self._body(span, hit, entry)
        if (entry and entry.kind == "person") or self.is_name(root):
            return self._person(span, root, hit, entry)
        role = role_of(self.words_to(root, span.start))
        if hit and entry:
            is_group = entry.method in ("demonym", "people") and (
                root.tag_ in ("NNS", "NNPS") or _is_counted(root, span.start)
            )
            country = self.country_of(entry, hit)
            name = entry.name if entry.name and not is_group else _text(span)
            sector = entry.sector if not is_group else None
            return Actor(name, "group" if is_group else "country", country, sector, entry.method, 0.9)
        owner = self.owner_of(root, span.start, span.end) or self.named_beside(root, span)
        kind = role.kind if role else None
        if kind == "person" and root.tag_ in ("NNS", "NNPS"):
            kind = "group"
        sector = role.sector if role else None
        if role is None:
            sector = self.modifying_role(root, span.start)
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
        if root.pos_ != "PROPN" or root.i in self.hit_at or root.lower_ in _LABELS:
            return False
        if role_of((root.lower_,)) is not None:
            return False
        if root.ent_type_ != "PERSON" and root.dep_ == "pobj" and root.head.i == root.i - 1:
            return False  # the office in a title: "Minister of Defence"
        if root.dep_ == "pobj" and root.head.lower_ == "of" and root.head.head.lower_ in _SETTLED:
            return False  # "the town of X"
        return root.ent_type_ == "PERSON" or (
            root.ent_type_ in ("", "ORG", "GPE") and self._title_before(root) is not None and root.ent_type_ != "GPE"
        )

    def _of_former(self, root: Token, start: int, sector: str | None) -> str | None:
        if sector in ("GOV", "LEG") and any(word in _FORMER for word in self.lower[start : root.i]):
            return "ELI"
        return sector

    def _body(self, span: Span, hit: Hit, entry: Entry) -> Actor:
        country = self.country_of(entry, hit)
        if entry.method == "body" or country == "NGO":
            for other in self.names_before(self.doc[hit.start], span.start):
                owner = self.owner(other)
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
            next((o for o in map(self.owner, self.names_before(self.doc[start], first)) if o), None)
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
        sector = self._of_former(self.doc[start], first, sector) or appos_sector or self._sector_of_leader(entry)
        if sector in (None, "GOV", "BUS") and owner and owner.is_body and owner.sector:
            sector = owner.sector  # the director of a service is of the service
        return Actor(name, "person", country, sector, method or ("title" if sector else None), 0.9 if country else 0.5)

    def _sector_of_leader(self, entry: Entry | None) -> str | None:
        """A known person's sector in the year of the article: of the elite after office, unknown before."""
        if entry is None or self.year is None or entry.sector is None:
            return entry.sector if entry else None
        first, last = entry.years
        if self.year > last:
            return "ELI" if entry.sector in ("GOV", "LEG") else entry.sector
        return entry.sector if self.year >= first else None

    def _leader(self, name: str) -> Entry | None:
        """The leader whose surname a titled name ends in, where its bearers are of one country or the text tells."""
        *given, surname = folded(name).split(" ")
        if given and given[0][0] not in leaders_initials().get(surname, given[0][0]):
            return None  # "Rep. Scott Taylor" is not Charles Taylor
        bearers = leaders_by_surname().get(surname, ())
        if len({bearer.countries for bearer in bearers}) == 1 and (given or not self.countries):
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
            role_of((doc[start].lower_,))
            or doc[start].lower_ in _HONORIFICS
            or doc[start].lower_ in _LABELS
            or self._is_elsewhere(start)
        ):
            start += 1
        return start, end

    def _is_of_name(self, token: Token, neighbour: Token) -> bool:
        if token.lower_ in _HONORIFICS or not token.text[0].isalpha() or token.is_sent_start and neighbour.i < token.i:
            return token.text == "-" and not token.whitespace_ and token.ent_type_ == "PERSON"
        if self._is_elsewhere(token.i) or (token.i < neighbour.i and token.head.i < token.i):
            return False  # "Minister of Defence | Jane Doe"
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
            if token.pos_ == "CCONJ" and (at == start - 1 or (at and doc[at - 1].ent_type_ == "PERSON")):
                break  # "Putin and Erdogan", "President Obama and Prime Minister Singh": the first is another
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
                neutral = neutral or self.modifying_role(token, first)
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


def head_of(span: Span) -> Token:
    """The head of a phrase; of a phrase cut out of a longer one, its last noun rather than its first adjective."""
    root = span.root
    last = span[-1]
    if root.dep_ in ("amod", "compound", "nmod") and last.i > root.i and last.pos_ in ("NOUN", "PROPN"):
        if last.head == root.head:
            return last
    return root


def _is_counted(root: Token, start: int) -> bool:
    """Whether persons are meant by a demonym in the singular: "6 Israeli", "an Iranian"."""
    return any(
        child.i < root.i and (child.dep_ == "nummod" or child.lower_ in ("a", "an", "one")) for child in root.children
    ) or (root.i > start and root.doc[start].like_num)


def counted_by(quantity: Token) -> Token | None:
    """The noun that a quantity measures out: "protesters" of "dozens of protesters"; None for other heads."""
    if quantity.lemma_.lower() not in _QUANTITIES:
        return None
    for child in quantity.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "from"):
            return next((pobj for pobj in child.children if pobj.dep_ == "pobj"), None)
    return None


def _text(span: Span) -> str:
    """The words of a phrase without its article."""
    words = tokens_of(span.doc).span(span.start, span.end).strip()
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in ("the", "a", "an") else words
