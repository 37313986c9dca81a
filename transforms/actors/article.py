"""Say who an actor is: country, sector and fullest name, by the words themselves and by what the article tells of it."""

from collections import Counter
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.lexicon import Entry, folded, longest_by_first, names, role_of


class Actor(NamedTuple):
    """Someone who acts or is acted on."""

    name: str
    kind: str | None  # person, organisation, country or group
    country: str | None  # ISO 3166-1 alpha-3; IGO, NGO, IMG for bodies of no one country
    sector: str | None
    method: str | None  # how country and sector were found
    score: float


class _Hit(NamedTuple):
    start: int
    end: int
    entry: Entry


_PLACELIKE = {"gazetteer", "demonym", "capital"}
_PRONOUNS = {
    "he",
    "she",
    "it",
    "they",
    "him",
    "her",
    "them",
    "his",
    "its",
    "their",
    "who",
    "which",
    "that",
    "himself",
    "itself",
}
_PLURAL = {"they", "them", "their"}
_HUMAN = {"he", "she", "him", "her", "his", "himself", "who"}
_BODIES = {
    "group",
    "organization",
    "organisation",
    "movement",
    "party",
    "company",
    "agency",
    "union",
    "bloc",
    "alliance",
    "firm",
}
_STATES = {"country", "nation", "state", "republic", "kingdom"}


class ArticleActors:
    """The actors of one article. Reads the document once, answers for any span."""

    def __init__(self, doc: Doc, title: str | None) -> None:
        self._doc = doc
        self._hits = _hits(doc)
        self._hit_at = {i: hit for hit in self._hits for i in range(hit.start, hit.end)}
        self._persons: dict[str, Actor] = {}  # by last name, folded
        self._by_noun: dict[str, list[tuple[int, Actor]]] = {}
        self._order: list[tuple[int, int, Actor]] = []  # actors in order, for pronouns
        self._countries: Counter[str] = Counter(
            hit.entry.country for hit in self._hits if hit.entry.method in _PLACELIKE and hit.entry.country
        )
        self._remember()

    def is_actor(self, span: Span) -> bool:
        """Whether a span can act: a country, a body, a person, or people in a role."""
        root = span.root
        if any(i in self._hit_at for i in range(span.start, span.end)) or root.lower_ in _PRONOUNS:
            return True
        if root.ent_type_ in ("PERSON", "ORG", "GPE", "NORP"):
            return True
        return role_of(self._words_to(root, span.start)) is not None

    def describe(self, span: Span) -> Actor:
        """Who a span is, in the fullest form that the article gives."""
        root = span.root
        if root.lower_ in _PRONOUNS and len(span) == 1:
            return self._antecedent(root) or Actor(span.text, None, None, None, None, 0.0)
        actor = self._read(span)
        if actor.kind == "person":
            known = self._persons.get(_last_name(actor.name))
            if known is not None:
                actor = _joined(actor, known)
        elif actor.country is None:
            actor = self._from_article(span, actor)
        return actor

    def _read(self, span: Span) -> Actor:
        """Who a span is by its own words."""
        root = span.root
        words = self._words_to(root, span.start)
        found = role_of(words)
        sector, kind, method, score = None, None, None, 0.3
        if found:
            sector, kind, method, score = found[0].sector, found[0].kind, "title", 0.6
            kind = "group" if kind == "person" and (root.tag_ in ("NNS", "NNPS")) else kind
        own = self._hit_at.get(root.i)
        if own is not None and own.entry.kind != "country":
            entry = own.entry
            return Actor(entry.name, entry.kind, entry.country, entry.sector, entry.method, 0.95)
        country_hit = self._country_hit(span, root)
        is_person = root.ent_type_ == "PERSON" or (root.pos_ == "PROPN" and own is None and self._titled(span, root))
        if is_person:
            name = _person_name(span, root)
            titled = self._titled(span, root) or self._apposed(root)
            return Actor(
                name, "person", country_hit.entry.country if country_hit else None,
                titled or sector, "title" if titled else None, 0.8 if country_hit else 0.5,
            )  # fmt: skip
        if own is not None and not found:
            sector = "GOV" if own.entry.method == "capital" else None
            plural = own.entry.method == "demonym" and root.tag_ in ("NNPS", "NNS")
            return Actor(
                own.entry.name if not plural else span.text, "group" if plural else "country", own.entry.country,
                "CVL" if plural else sector, own.entry.method, 0.9,
            )  # fmt: skip
        if country_hit is not None:
            entry = country_hit.entry
            if entry.kind != "country" and sector is None:
                sector = entry.sector
            return Actor(_text(span), kind, entry.country, sector, entry.method, 0.85)
        if kind is None and root.ent_type_ in ("ORG", "NORP"):
            kind = "organisation"
        return Actor(_text(span), kind, None, sector, method, score)

    def _country_hit(self, span: Span, root: Token) -> _Hit | None:
        """The name in a span that tells whose the head is: before it, else after "of", else after "in" or "from"."""
        hits = [hit for hit in self._hits_in(span.start, span.end)]
        before = [hit for hit in hits if hit.start <= root.i and hit.entry.country]
        own = [hit for hit in before if hit.start <= root.i < hit.end]
        if own:
            return own[0]
        states = [hit for hit in before if hit.entry.kind == "country"]
        if states or before:
            return (states or before)[0]
        for prepositions in (("of",), ("in", "from", "at")):
            for hit in hits:
                if hit.start > root.i and hit.entry.country:
                    at = hit.start - 1
                    while at > root.i and self._doc[at].lower_ in ("the", "a"):
                        at -= 1
                    head = self._doc[hit.start : hit.end].root
                    chain = [a for a in (head, *head.ancestors) if a.i > root.i]
                    if any(a.dep_ == "prep" and a.lower_ in prepositions for a in chain):
                        return hit
                    if any(a.dep_ == "appos" for a in chain) and prepositions[0] == "of":
                        return hit
        return None

    def _hits_in(self, start: int, end: int) -> list[_Hit]:
        found = []
        at = start
        while at < end:
            hit = self._hit_at.get(at)
            if hit is not None:
                found.append(hit)
                at = hit.end
            else:
                at += 1
        return found

    def _words_to(self, root: Token, start: int) -> list[str]:
        return [token.lower_ for token in self._doc[max(start, root.i - 3) : root.i + 1]]

    def _titled(self, span: Span, root: Token) -> str | None:
        """Sector of a title before a name ("President X"), read from the words left of the name."""
        for at in range(root.i - 1, max(span.start, root.i - 6) - 1, -1):
            found = role_of(self._words_to(self._doc[at], span.start))
            if found and found[0].kind == "person":
                return found[0].sector
        return None

    def _apposed(self, root: Token) -> str | None:
        for child in root.children:
            if child.dep_ == "appos":
                found = role_of(self._words_to(child, child.left_edge.i))
                if found:
                    return found[0].sector
        if root.dep_ == "appos":
            found = role_of(self._words_to(root.head, root.head.left_edge.i))
            if found and found[0].kind == "person":
                return found[0].sector
        return None

    def _remember(self) -> None:
        """Read every noun phrase once, in order, and keep what later mentions may rely on."""
        for chunk in self._doc.noun_chunks:
            root = chunk.root
            if root.pos_ == "PRON":
                continue
            actor = self._read(chunk)
            if actor.kind == "person":
                key = _last_name(actor.name)
                if actor.country is None:
                    actor = actor._replace(country=self._apposed_country(root))
                known = self._persons.get(key)
                self._persons[key] = _joined(known, actor) if known else actor
                actor = self._persons[key]
            if actor.country or actor.kind == "person":
                noun = root.lower_
                self._by_noun.setdefault(noun, []).append((root.i, actor))
                if actor.kind == "organisation" and root.pos_ == "PROPN":
                    for body in _BODIES:
                        self._by_noun.setdefault(body, []).append((root.i, actor))
                if actor.kind == "person" and actor.sector:
                    for word in self._words_to(root, chunk.start):
                        self._by_noun.setdefault(word, []).append((root.i, actor))
            if actor.kind:
                self._order.append((root.i, root.sent.start, actor))

    def _apposed_country(self, root: Token) -> str | None:
        related = [child for child in root.children if child.dep_ == "appos"]
        if root.dep_ == "appos":
            related.append(root.head)
        for token in related:
            hit = self._country_hit(self._doc[token.left_edge.i : token.right_edge.i + 1], token)
            if hit:
                return hit.entry.country
        return None

    def _from_article(self, span: Span, actor: Actor) -> Actor:
        """A definite noun phrase without a country of its own ("the army") means the last one that had one."""
        root = span.root
        earlier = [a for i, a in self._by_noun.get(root.lower_, ()) if i < span.start]
        is_definite = span[0].lower_ in ("the", "that", "this", "its", "their", "his", "her")
        if earlier and (is_definite or root.pos_ == "PROPN"):
            known = earlier[-1]
            name = known.name if root.lower_ != known.name.lower() else actor.name
            return Actor(name, known.kind or actor.kind, known.country, actor.sector or known.sector, "article", 0.7)
        if is_definite and root.lower_ in _STATES and self._countries:
            country = self._countries.most_common(1)[0][0]
            return actor._replace(country=country, kind="country", method="article", score=0.5)
        return actor

    def _antecedent(self, pronoun: Token) -> Actor | None:
        """The nearest earlier actor that a pronoun can mean: same sentence's subject first, then the last sentence's."""
        word = pronoun.lower_
        if word in ("who", "which", "that") and pronoun.head.dep_ == "relcl":
            head = pronoun.head.head
            return self.describe(self._doc[head.left_edge.i : head.i + 1])
        wanted = (
            ("person",)
            if word in _HUMAN
            else ("group", "organisation")
            if word in _PLURAL
            else ("organisation", "country")
        )
        for index in range(len(self._order) - 1, -1, -1):
            at, sentence, actor = self._order[index]
            if at >= pronoun.i or pronoun.i - at > 80:
                continue
            if actor.kind in wanted:
                subjects = [
                    a for i, s, a in self._order[max(0, index - 6) : index + 1]
                    if s == sentence and a.kind in wanted and self._doc[i].dep_ in ("nsubj", "nsubjpass")
                ]  # fmt: skip
                best = subjects[0] if subjects else actor
                return best._replace(method="article", score=min(best.score, 0.6))
        return None


def _hits(doc: Doc) -> list[_Hit]:
    """Names of the tables in the document, longest first, from the left."""
    table, longest = names(), longest_by_first()
    found: list[_Hit] = []
    at, last = 0, len(doc)
    while at < last:
        token = doc[at]
        if not (token.text[0].isupper() or "-" in token.text or token.text[:3] in ("al-", "al ", "ant")):
            at += 1
            continue
        first = folded(token.text).split(" ")[0]
        limit = longest.get(first, 0)
        step = 1
        for size in range(min(limit + 2, last - at), 0, -1):
            text = doc.text[token.idx : doc[at + size - 1].idx + len(doc[at + size - 1])]
            entries = table.get(folded(text))
            if entries and (len(text) > 4 or text.isupper() or text[0].isupper()):
                if (
                    size == 1
                    and len(text) < 4
                    and text.lower() in ("us", "it", "is", "who", "un", "an", "am", "car", "pan", "pa", "au", "eu")
                    and not text.isupper()
                ):
                    continue
                found.append(_Hit(at, at + size, entries[0]))
                step = size
                break
        at += step
    return found


def _person_name(span: Span, root: Token) -> str:
    """The name within a span, without title and country."""
    doc = span.doc
    start = root.i
    while start > span.start and (
        doc[start - 1].ent_type_ == "PERSON"
        or (
            doc[start].ent_type_ != "PERSON"
            and doc[start - 1].pos_ == "PROPN"
            and doc[start - 1].ent_type_ not in ("GPE", "NORP")
        )
    ):
        start -= 1
    while start < root.i and role_of([doc[start].lower_]):
        start += 1
    return doc[start : root.i + 1].text


def _last_name(name: str) -> str:
    words = folded(name).split()
    return words[-1] if words else ""


def _joined(first: Actor, second: Actor) -> Actor:
    """Two readings of one person: the longer name, and what either knows."""
    name = first.name if len(first.name) >= len(second.name) else second.name
    country = first.country or second.country
    method = first.method if first.country else (second.method or first.method)
    return Actor(name, "person", country, first.sector or second.sector, method, max(first.score, second.score))


def _text(span: Span) -> str:
    words = span.text
    for article in ("the ", "The ", "a ", "A ", "an ", "An "):
        if words.startswith(article):
            return words[len(article) :]
    return words
