"""Say who an actor is: country, sector and fullest name, by the words and by what the article tells elsewhere."""

import functools
from collections.abc import Iterator
from datetime import date

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL, Actor
from newsbeam.transforms.actors.context import in_context
from newsbeam.transforms.actors.lexicon import role_of, singular
from newsbeam.transforms.actors.parties import parties_of, taken_up
from newsbeam.transforms.actors.persons import Persons
from newsbeam.transforms.actors.pronouns import PERSONAL, REACH, RELATIVE, Antecedents
from newsbeam.transforms.actors.reading import Reader, counted_by, head_of
from newsbeam.transforms.actors.setting import Setting
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.actors.words import WORDS

__all__ = ["Actor", "ArticleActors"]


_BODY = " body"  # key of named bodies among the nouns
#: sectors by which "the troops" takes up "the Israeli army"
_TAKEN_UP = {"MIL", "COP", "REB", "JUD", "LEG"}
_BODIES, _STATES, _BARE, _OTHER = WORDS["bodies"], WORDS["states"], WORDS["bare"], WORDS["other"]
_RELATED, _SETTLED, _PEOPLE = WORDS["related"], WORDS["settled"], WORDS["people"]
_SPEAKERS = {"spokesman", "spokeswoman", "spokesperson"}
_DEFINITE = {"the", "that", "this", "these", "those", "such"}


class ArticleActors:
    """The actors of one article. Reads the document once, answers for any span."""

    def __init__(self, doc: Doc, title: str | None, *, published: date | None = None) -> None:
        """Make ready to read `doc`; `published` tells which leaders were in office."""
        self._doc = doc
        self._tokens = tokens_of(doc)
        self._reader = Reader(doc, title, published.year if published else None)
        self._persons = Persons()
        self._by_noun: dict[str, list[tuple[int, Actor]]] = {}
        self._short: dict[str, Actor] = {}  # abbreviations that the article explains
        self._antecedents = Antecedents(doc, self._persons)
        self._described: dict[tuple[int, int], Actor] = {}
        self._has_read = False  # an article without events is never read for its actors

    def is_actor(self, span: Span) -> bool:
        """Whether a span can act: a country, a body, a person, or people in a role."""
        root = head_of(span)
        if root.i in self._reader.hit_at or root.lower_ in PERSONAL or root.lower_ in RELATIVE:
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

    def parties(self, span: Span) -> list[Actor]:
        """Everyone whom a span names: of "the foreign ministers of Kenya and Somalia" two, mostly one."""
        whole = self.describe(span)
        root = head_of(span)
        found = parties_of(self._reader, self._setting, span, root)
        return [whole._replace(name=name, country=country) for name, country in found] or [whole]

    def _describe(self, span: Span) -> Actor:
        root = head_of(span)
        if root.pos_ in ("PRON", "DET") and (root.lower_ in PERSONAL or root.lower_ in RELATIVE):
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
                if at < root.i and root.i - at < REACH:
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
                    self._antecedents.add(child.i, owner, is_subject=False)
                elif child.dep_ == "poss" and child.pos_ in ("NOUN", "PROPN") and role_of((child.lower_,)) is not None:
                    self._add_force(child, self._reader.read(self._doc[child.left_edge.i : child.i + 1]))
            if actor.kind and root.dep_ != "appos":
                self._antecedents.add(root.i, actor, is_subject=root.dep_ in ("nsubj", "nsubjpass"))

    def _phrases(self) -> Iterator[tuple[Token, Span]]:
        """Heads and noun phrases in order; persons too whom the parser's list leaves out, behind a title with "of"."""
        named = [entity.root for entity in self._doc.ents if entity.label_ == "PERSON"]
        named += [self._doc[hit.end - 1] for hit in self._reader.hits if hit.entry.kind == "person"]
        heads = {t.i: t for t in named if t.dep_ not in ("compound", "nmod", "poss") and self._is_named(t)}
        phrases = {at: start for start, at in self._tokens.noun_phrases()}
        for at in sorted({*heads, *phrases}):
            start = phrases[at] if at in phrases else heads[at].left_edge.i
            if self._may_be_actor(start, at):
                yield self._doc[at], self._doc[start : at + 1]

    def _add_force(self, root: Token, actor: Actor) -> None:
        """Let "the army" mean a force whose country the article has told."""
        if actor.country and actor.sector in _TAKEN_UP and actor.kind in ("organisation", "group"):
            self._by_noun.setdefault(f" {actor.sector}", []).append((root.i, actor))

    def _may_be_actor(self, start: int, at: int) -> bool:
        """A cheap test that spares most noun phrases the reading."""
        if self._tokens.pos[at] == "PROPN" or role_of((self._tokens.lower[at],)) is not None:
            return True
        hit_at = self._reader.hit_at
        for i in range(start, at + 1):
            if i in hit_at:
                return True
        return at > start and role_of(tuple(self._tokens.lower[max(start, at - 4) : at + 1])) is not None

    def _add_titles(self, chunk: Span, root: Token, actor: Actor) -> None:
        """Let "the minister" mean a person whom the article has called one."""
        lower = self._tokens.lower
        words = lower[max(self._antecedents.sentence(root.i), chunk.start - 6) : root.i]
        words += [token.lower_ for child in root.children if child.dep_ == "appos" for token in child.subtree]
        for word in words:
            role = role_of((word,))
            if role and role.kind == "person":
                self._by_noun.setdefault(singular(word), []).append((root.i, actor))

    def _add_short(self, chunk: Span, actor: Actor) -> None:
        """Keep an abbreviation in brackets after a name: "Liberian Peace Council (LPC)"."""
        end, words = chunk.end, self._tokens.word
        if actor.country and end + 2 < len(words) and words[end] == "(" and words[end + 2] == ")":
            short = words[end + 1]
            if short.isupper() and 2 <= len(short) <= 8:
                self._short.setdefault(short, actor)

    def _from_article(self, span: Span, actor: Actor) -> Actor:
        """What a definite phrase without a country of its own ("the army") means: the last one that had one."""
        root = span.root
        determiner = span[0].lower_
        noun = singular(root.lower_)
        if sides := taken_up(self._setting, span, root):
            return actor._replace(country=sides[0], method="article", score=0.5)
        if determiner in PERSONAL:
            owner = self._antecedent(span[0])
            if owner and owner.country and owner.country not in SUPRANATIONAL:
                if noun in _RELATED:
                    other = self._setting.other_than(owner.country, root.i)
                    return actor._replace(country=other, method="article", score=0.5) if other else actor
                return actor._replace(country=owner.country, method="article", score=0.6)
        for child in root.children:
            if child.dep_ == "poss" and child.pos_ == "PROPN" and self._is_named(child):
                owner = self.describe(self._doc[child.left_edge.i : child.i + 1])
                if owner.country:
                    return actor._replace(country=owner.country, method="article", score=0.6)
        is_definite = determiner in _DEFINITE
        if any(token.lower_ in _OTHER for token in span if token.i < root.i):
            return actor
        if not is_definite and root.lower_ not in _BARE:
            return actor
        if is_definite and noun in _STATES:
            return self._the_country(span, actor)
        if is_definite and noun in _SETTLED:
            return self._settled(root, actor)
        known = self._earlier(span, noun, actor.sector)
        if known is None and is_definite and noun in _PEOPLE:
            known = self._counted(span)
        if known is None:
            return actor
        name = known.name if is_definite else actor.name
        return Actor(name, known.kind or actor.kind, known.country, actor.sector or known.sector, "article", 0.65)

    def _earlier(self, span: Span, noun: str, sector: str | None) -> Actor | None:
        """The last actor with a country before a span that its noun can take up: by the noun, else by its sector."""
        for key in (noun, _BODY if noun in _BODIES else "", f" {sector}" if sector in _TAKEN_UP else ""):
            for at, actor in reversed(self._by_noun.get(key, ())):
                if at < span.start:
                    if key.startswith(" ") and span.start - at > REACH:
                        break
                    if noun in _BODIES and sector is not None and sector != actor.sector:
                        continue  # "the rights group" is not the armed one
                    return actor
        return None

    def _counted(self, span: Span) -> Actor | None:
        """The last civilians before "the three men" who have a country, and as many where a number is given."""
        number = next((token.lower_ for token in span if token.tag_ == "CD"), None)
        for known in reversed(self._antecedents.before(span.start)):
            actor = known.actor
            if actor.kind == "group" and actor.country and actor.sector in (None, "CVL"):
                if number is None or number in actor.name.lower().split():
                    return actor
        return None

    def _settled(self, root: Token, actor: Actor) -> Actor:
        """The country of "the town": that of the last sentence, or this one, that names one alone."""
        number = self._setting.sentence_of(root.i)
        for sentence in range(number, max(-1, number - 4), -1):
            if len(found := self._setting.named_in(sentence)) == 1:
                return actor._replace(country=found[0], method="context", score=0.4)
        home = self._setting.home(number + 1)
        return actor._replace(country=home, method="context", score=0.35) if home else actor

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
        if word in RELATIVE:
            clause = next((a for a in pronoun.ancestors if a.dep_ == "relcl"), None)
            if clause is None:
                return None
            head = clause.head
            return self.describe(self._doc[head.left_edge.i : head.i + 1])
        known = self._antecedents.find(pronoun)
        if known is None:
            return None
        head, actor = self._doc[known.at], known.actor
        if actor.kind == "person":
            actor = self._persons.full(actor, known.at)
        if actor.country is None:
            told = self.describe(self._doc[head.left_edge.i : head.i + 1])
            actor = told if actor.kind != "person" else actor._replace(country=told.country)
        return actor._replace(method="article", score=min(actor.score, 0.6))
