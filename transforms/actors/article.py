"""Say who an actor is: country, sector and fullest name, by the words and by what the article tells elsewhere."""

import bisect
import functools
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL, Actor
from newsbeam.transforms.actors.context import in_context
from newsbeam.transforms.actors.lexicon import folded, genders, role_of, singular
from newsbeam.transforms.actors.persons import Persons
from newsbeam.transforms.actors.reading import Reader, counted_by, head_of
from newsbeam.transforms.actors.setting import Setting
from newsbeam.transforms.actors.words import WORDS

__all__ = ["Actor", "ArticleActors"]


class _Known(NamedTuple):
    """Someone whom the article has named."""

    at: int  # index of the head token
    sentence: int  # index of the sentence's first token
    is_subject: bool
    actor: Actor


_PERSONAL = {
    "he": "person", "she": "person", "him": "person", "her": "person", "his": "person", "himself": "person",
    "herself": "person", "it": "body", "its": "body", "itself": "body", "they": "many", "them": "many", "their": "many",
    "themselves": "many",
}  # fmt: skip
_GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f"}
_OBJECTIVE = {"him", "her", "it", "them"}
_RELATIVE = {"who", "which", "that", "whom", "whose"}
_KINDS = {"person": ("person",), "body": ("organisation", "country"), "many": ("group", "organisation", "country")}
_BODY = " body"  # key of named bodies among the nouns
#: sectors by which "the troops" takes up "the Israeli army"
_TAKEN_UP = {"MIL", "COP", "REB", "JUD", "LEG"}
_BODIES, _STATES, _BARE, _OTHER = WORDS["bodies"], WORDS["states"], WORDS["bare"], WORDS["other"]
_TITLE_GENDERS = dict.fromkeys(sorted(WORDS["men"]), "m") | dict.fromkeys(sorted(WORDS["women"]), "f")
_SPEAKERS = {"spokesman", "spokeswoman", "spokesperson"}
_DEFINITE = {"the", "that", "this", "these", "those", "such"}
_REACH = 120  # tokens over which a pronoun may reach back


class ArticleActors:
    """The actors of one article. Reads the document once, answers for any span."""

    def __init__(self, doc: Doc, title: str | None, *, published: date | None = None) -> None:
        """Make ready to read `doc`; `published` tells which leaders were in office."""
        self._doc = doc
        self._reader = Reader(doc, title, published.year if published else None)
        self._starts = [sentence.start for sentence in doc.sents]
        self._persons = Persons()
        self._by_noun: dict[str, list[tuple[int, Actor]]] = {}
        self._short: dict[str, Actor] = {}  # abbreviations that the article explains
        self._known: list[_Known] = []
        self._described: dict[tuple[int, int], Actor] = {}
        self._has_read = False  # an article without events is never read for its actors

    def is_actor(self, span: Span) -> bool:
        """Whether a span can act: a country, a body, a person, or people in a role."""
        root = head_of(span)
        if root.i in self._reader.hit_at or root.lower_ in _PERSONAL or root.lower_ in _RELATIVE:
            return True
        counted = counted_by(root)
        if counted is not None and counted.i < span.end:
            return self.is_actor(self._doc[counted.left_edge.i : counted.i + 1])
        if root.pos_ == "PROPN" and root.dep_ in ("nsubj", "nsubjpass") and not root.ent_type_:
            return True
        if root.ent_type_ in ("PERSON", "ORG", "GPE", "NORP") or self._reader.is_name(root):
            return True
        return role_of(self._reader.words_to(root, span.start)) is not None

    def describe(self, span: Span) -> Actor:
        """Who a span is, in the fullest form that the article gives."""
        if not self._has_read:
            self._has_read = True
            self._remember()
        key = (span.start, span.end)
        if key not in self._described:
            self._described[key] = self._describe(span)
        return self._described[key]

    def _describe(self, span: Span) -> Actor:
        root = head_of(span)
        if root.pos_ in ("PRON", "DET") and (root.lower_ in _PERSONAL or root.lower_ in _RELATIVE):
            return self._antecedent(root) or Actor(span.text, None, None, None, None, 0.0)
        if root.dep_ == "amod" and root.i not in self._reader.hit_at and role_of((root.head.lower_,)) is not None:
            return self.describe(self._doc[root.head.left_edge.i : root.head.i + 1])  # "the Democratic candidate"
        actor = self._reader.read(span)
        is_surname = self._is_surname(root)
        if is_surname:
            actor = Actor(root.text, "person", None, None, None, 0.5)
        if actor.kind == "person" and (is_surname or self._is_named(root)):
            actor = self._persons.full(actor, root.i)
            if actor.country is None:
                actor = self._by_company(root, actor)
            return actor if actor.country or actor.sector is None else self._in_context(span, actor)
        beside = self._name_beside(root)
        if beside is not None:
            return beside._replace(sector=actor.sector or beside.sector)
        actor = self._by_role(span, root, actor)
        apposed = self._name_apposed(root)
        if apposed is None:
            return actor
        return apposed._replace(country=apposed.country or actor.country, sector=actor.sector or apposed.sector)

    def _by_role(self, span: Span, root: Token, actor: Actor) -> Actor:
        """What the article tells of someone who is not named here."""
        short = self._short.get(root.text)
        if short is not None and actor.country is None:
            actor = actor._replace(name=short.name, country=short.country, sector=actor.sector or short.sector)
        if actor.country is None:
            actor = self._from_article(span, actor)
        return actor if actor.country else self._in_context(span, actor)

    def _by_company(self, root: Token, actor: Actor) -> Actor:
        """A named person without a country: that of the role in apposition, or of the body a spokesman speaks for."""
        head = root.head
        if root.dep_ == "appos" and head.pos_ == "NOUN" and head.i < root.i:
            phrase = self._doc[head.left_edge.i : head.i + 1]
            role = self._by_role(phrase, head, self._reader.read(phrase))
            if role.country:
                return actor._replace(country=role.country, sector=actor.sector or role.sector, method="article")
        if any(word in _SPEAKERS for word in self._reader.lower[max(0, root.i - 3) : root.i]):
            for at, body in reversed(self._by_noun.get(_BODY, ())):
                if at < root.i and root.i - at < _REACH:
                    return actor._replace(country=body.country, sector=body.sector, method="article", score=0.5)
        return actor

    @functools.cached_property
    def _setting(self) -> Setting:
        return Setting(self._reader)

    def _in_context(self, span: Span, actor: Actor) -> Actor:
        return in_context(self._reader, self._setting, span, actor)

    def _name_beside(self, root: Token) -> Actor | None:
        """The person whose name follows a title that the parser cut off: "the former president | Jane Doe"."""
        at = root.i + 1
        if root.pos_ not in ("NOUN", "PROPN") or at >= len(self._doc) or role_of((root.lower_,)) is None:
            return None
        name = self._doc[at]
        if name.pos_ != "PROPN" or name.is_sent_start or not self._is_named(name):
            return None
        return self._persons.full(self._reader.read(self._doc[at : at + 1]), at)

    def _name_apposed(self, root: Token) -> Actor | None:
        """The person named in apposition to a role: "her rival, Jane Doe"."""
        if root.tag_ != "NN" or (role := role_of(self._reader.words_to(root, root.left_edge.i))) is None:
            return None
        if role.kind != "person" or any(child.dep_ == "conj" for child in root.children):
            return None
        for child in root.children:
            if child.dep_ == "appos" and child.pos_ == "PROPN" and self._is_named(child):
                return self._persons.full(self._reader.read(self._doc[child.left_edge.i : child.i + 1]), child.i)
        return None

    def _is_named(self, root: Token) -> bool:
        hit = self._reader.hit_at.get(root.i)
        return self._reader.is_name(root) or (hit is not None and hit.entry.kind == "person")

    def _is_surname(self, root: Token) -> bool:
        """Whether a lone name that is taken for a body or a place is the surname of a person of the article."""
        if root.pos_ != "PROPN" or root.ent_type_ == "PERSON" or root.i in self._reader.hit_at or root.n_lefts:
            return False
        return self._persons.has_surname(root.text)

    def _remember(self) -> None:
        for root, chunk in self._phrases():
            if not self._may_be_actor(chunk, root):
                continue
            actor = self._reader.read(chunk)
            if actor.kind == "person" and self._is_named(root):
                actor = self._persons.add(actor, root.i)
                if actor.sector:
                    self._add_titles(chunk, root, actor)
                    if actor.sector == "MIL" and actor.country:
                        self._by_noun.setdefault("general", []).append((root.i, actor))
            elif actor.country:
                self._by_noun.setdefault(singular(root.lower_), []).append((root.i, actor))
                if actor.kind == "organisation" and root.i in self._reader.hit_at:
                    self._by_noun.setdefault(_BODY, []).append((root.i, actor))
                self._add_force(root, actor)
            self._add_short(chunk, actor)
            for child in root.children:
                if child.dep_ == "poss" and child.pos_ == "PROPN" and self._is_named(child):
                    owner = self._persons.add(self._reader.read(self._doc[child.left_edge.i : child.i + 1]), child.i)
                    self._known.append(_Known(child.i, self._sentence(child.i), False, owner))
                elif child.dep_ == "poss" and child.pos_ in ("NOUN", "PROPN") and role_of((child.lower_,)) is not None:
                    self._add_force(child, self._reader.read(self._doc[child.left_edge.i : child.i + 1]))
            if actor.kind and root.dep_ != "appos":
                subject = root.dep_ in ("nsubj", "nsubjpass")
                self._known.append(_Known(root.i, self._sentence(root.i), subject, actor))

    def _phrases(self) -> Iterator[tuple[Token, Span]]:
        """Heads and noun phrases in order; persons too whom the parser's list leaves out, behind a title with "of"."""
        named = [entity.root for entity in self._doc.ents if entity.label_ == "PERSON"]
        named += [self._doc[hit.end - 1] for hit in self._reader.hits if hit.entry.kind == "person"]
        heads = {t.i: t for t in named if t.dep_ not in ("compound", "nmod", "poss") and self._is_named(t)}
        left = sorted(heads, reverse=True)
        for chunk in self._doc.noun_chunks:
            root = chunk.root
            while left and left[-1] <= root.i:
                at = left.pop()
                if at < root.i:
                    yield heads[at], self._doc[heads[at].left_edge.i : at + 1]
            yield root, chunk
        for at in reversed(left):
            yield heads[at], self._doc[heads[at].left_edge.i : at + 1]

    def _add_force(self, root: Token, actor: Actor) -> None:
        """Let "the army" mean a force whose country the article has told."""
        if actor.country and actor.sector in _TAKEN_UP and actor.kind in ("organisation", "group"):
            self._by_noun.setdefault(f" {actor.sector}", []).append((root.i, actor))

    def _sentence(self, at: int) -> int:
        """First token of the sentence that holds a token."""
        return self._starts[bisect.bisect_right(self._starts, at) - 1]

    def _may_be_actor(self, chunk: Span, root: Token) -> bool:
        """A cheap test that spares most noun phrases the reading."""
        if root.pos_ == "PROPN":
            return True
        at = self._reader.hit_at
        lower = self._reader.lower
        return (
            role_of((lower[root.i],)) is not None
            or any(i in at for i in range(chunk.start, chunk.end))
            or (root.i - chunk.start > 0 and role_of(self._reader.words_to(root, chunk.start)) is not None)
        )

    def _add_titles(self, chunk: Span, root: Token, actor: Actor) -> None:
        """Let "the minister" mean a person whom the article has called one."""
        tokens = list(self._doc[max(self._sentence(root.i), chunk.start - 6) : root.i])
        tokens += [token for child in root.children if child.dep_ == "appos" for token in child.subtree]
        for token in tokens:
            role = role_of((token.lower_,))
            if role and role.kind == "person":
                self._by_noun.setdefault(singular(token.lower_), []).append((root.i, actor))

    def _add_short(self, chunk: Span, actor: Actor) -> None:
        """Keep an abbreviation in brackets after a name: "Liberian Peace Council (LPC)"."""
        end = chunk.end
        if end + 2 < len(self._doc) and self._doc[end].text == "(" and self._doc[end + 2].text == ")":
            short = self._doc[end + 1]
            if short.is_upper and 2 <= len(short) <= 8 and actor.country:
                self._short.setdefault(short.text, actor)

    def _from_article(self, span: Span, actor: Actor) -> Actor:
        """What a definite phrase without a country of its own ("the army") means: the last one that had one."""
        root = span.root
        determiner = span[0].lower_
        if determiner in _PERSONAL:
            owner = self._antecedent(span[0])
            if owner and owner.country and owner.country not in SUPRANATIONAL:
                return actor._replace(country=owner.country, method="article", score=0.6)
        for child in root.children:
            if child.dep_ == "poss" and child.pos_ == "PROPN" and self._is_named(child):
                owner = self.describe(self._doc[child.left_edge.i : child.i + 1])
                if owner.country:
                    return actor._replace(country=owner.country, method="article", score=0.6)
        noun = singular(root.lower_)
        is_definite = determiner in _DEFINITE
        if any(token.lower_ in _OTHER for token in span if token.i < root.i):
            return actor
        if not is_definite and root.lower_ not in _BARE:
            return actor
        if is_definite and noun in _STATES:
            return self._the_country(span, actor)
        known = self._earlier(span, noun, actor.sector)
        if known is None:
            return actor
        name = known.name if is_definite else actor.name
        return Actor(name, known.kind or actor.kind, known.country, actor.sector or known.sector, "article", 0.65)

    def _earlier(self, span: Span, noun: str, sector: str | None) -> Actor | None:
        """The last actor with a country before a span that its noun can take up: by the noun, else by its sector."""
        for key in (noun, _BODY if noun in _BODIES else "", f" {sector}" if sector in _TAKEN_UP else ""):
            for at, actor in reversed(self._by_noun.get(key, ())):
                if at < span.start:
                    if key.startswith(" ") and span.start - at > _REACH:
                        break
                    if noun in _BODIES and sector is not None and sector != actor.sector:
                        continue  # "the rights group" is not the armed one
                    return actor
        return None

    def _the_country(self, span: Span, actor: Actor) -> Actor:
        """ "The country" is the one named last."""
        for hit in reversed(self._reader.hits):
            if hit.start < span.start and hit.entry.kind == "country" and hit.entry.method != "people":
                country = self._reader.country_of_hit(hit)
                return actor._replace(
                    name=hit.entry.name or actor.name, country=country, kind="country", method="article", score=0.5
                )
        return actor

    def _antecedent(self, pronoun: Token) -> Actor | None:
        """Whom a pronoun means: the last fitting subject before it, else the last fitting noun phrase."""
        word = pronoun.lower_
        if word in _RELATIVE:
            clause = next((a for a in pronoun.ancestors if a.dep_ == "relcl"), None)
            if clause is None:
                return None
            head = clause.head
            return self.describe(self._doc[head.left_edge.i : head.i + 1])
        kinds = _KINDS[_PERSONAL[word]]
        fitting = [
            known
            for known in self._known
            if known.at < pronoun.i and pronoun.i - known.at < _REACH and known.actor.kind in kinds
        ]
        gender = _GENDERS.get(word)
        known_before = fitting
        if gender:
            told = [(known, self._gender(known)) for known in fitting]
            known_before = fitting = [known for known, own in told if own in (None, gender)]
            if word != "his" and fitting:
                sure = [known for known, own in told if own == gender and known.sentence >= fitting[-1].sentence]
                fitting = sure or fitting
        if word in _OBJECTIVE:
            # "him" is not the subject of its own clause
            subjects_here = {child.i for child in pronoun.head.children if child.dep_ in ("nsubj", "nsubjpass")}
            fitting = [known for known in fitting if known.at not in subjects_here]
        if not fitting:
            return None
        last = fitting[-1].sentence
        near = [known for known in fitting if known.sentence == last]
        if last == self._sentence(pronoun.i) and pronoun.dep_ == "nsubj":
            # a mere owner in the sentence ("Doe's law, he said") gives way to the subject of the one before
            before = [known for known in known_before if known.sentence == self._sentence(max(0, last - 1))]
            if any(known.is_subject for known in before) and all(self._doc[k.at].dep_ == "poss" for k in near):
                near, last = before, before[-1].sentence
        subjects = [known for known in near if known.is_subject]
        chosen = (subjects or near)[-1 if last == self._sentence(pronoun.i) else 0]
        head = self._doc[chosen.at]
        actor = chosen.actor
        if actor.kind == "person":
            actor = self._persons.full(actor, chosen.at)
        elif actor.country is None:
            actor = self.describe(self._doc[head.left_edge.i : head.i + 1])
        return actor._replace(method="article", score=min(actor.score, 0.6))

    def _gender(self, known: _Known) -> str | None:
        """What a person's given name or title tells of "he" and "she"."""
        for token in self._doc[max(0, known.at - 4) : known.at + 1]:
            if token.lower_ in _TITLE_GENDERS:
                return _TITLE_GENDERS[token.lower_]
        words = folded(self._persons.full(known.actor, known.at).name).split()
        return genders().get(words[0]) if words else None
