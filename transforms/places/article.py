"""Say where the events of an article happened: by the clause, by the sentence, by what the article is about."""

import bisect
import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.lexicon import folded, names
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.places.gazetteer import Place, candidates
from newsbeam.transforms.places.matching import Mention, find_places
from newsbeam.transforms.places.words import WORDS


class PlaceReading(NamedTuple):
    """Where an event happened, or why that is not known."""

    place: Place | None
    reason: str | None  # not_stated, not_in_gazetteer or ambiguous where there is no place


#: how a name stands in its clause, the surest last
_AS_PERSONS, _AS_BODYS, _AS_OBJECT, _AS_EVENTS, _AS_WHERE, _AS_GOAL = 1, 2, 3, 4, 5, 6
_LOCATIVE, _WAYS, _HOLDERS, _SAYING = WORDS["locative"], WORDS["ways"], WORDS["holders"], WORDS["saying"]
_PERSONS, _BODIES, _EVENTS = WORDS["persons"], WORDS["bodies"], WORDS["events"]
_MOVING, _DONE_TO_PLACES = WORDS["moving"], WORDS["done_to_places"]
_ABROAD, _DEEDS, _SUFFERINGS = WORDS["abroad"], WORDS["deeds"], WORDS["sufferings"]
_EVENT_ENDS = ("ing", "tion", "ment", "sion")
_DASHES = {"-", "--", "–", "—", "―"}
_DATELINE_TOKENS = 12
_LEAD_SENTENCES = 8
_MAIN_SHARE = 0.6


class _Known(NamedTuple):
    """The places of a document, as they are kept with it."""

    mentions: list[Mention]
    at: dict[int, Mention]
    rank_of: dict[int, int]  # head of a name to how it stands
    main: Place | None
    dateline: Place | None


class ArticlePlaces:
    """The places of one article. Reads the document once, answers for any clause."""

    def __init__(self, doc: Doc, title: str | None) -> None:
        """Find the places that `doc` names, with the title's help."""
        self._doc = doc
        self._tokens = tokens_of(doc)
        key = f"newsbeam.places {title or ''}"
        known: _Known | None = doc.user_data.get(key)  # events and figures ask for the places of one parse
        if known is None:
            known = doc.user_data[key] = self._read(title)
        self._mentions, self._at, self._rank_of, self._main, self.dateline = known
        starts = self._tokens.starts
        self._lead_end = starts[1] if len(starts) > 1 else len(doc)

    def _read(self, title: str | None) -> _Known:
        self._mentions = find_places(self._doc, title)
        self._at = {i: m for m in self._mentions for i in range(m.start, m.end)}
        self._rank_of = {}
        for mention in self._mentions:
            head = self._head(mention)
            self._rank_of[head.i] = 0 if _is_power(mention, head) else _rank(head)
        return _Known(self._mentions, self._at, self._rank_of, self._main_place(), self._dateline_place())

    def place_of(self, tokens: Sequence[Token]) -> PlaceReading:
        """Where the event of a clause happened, by `place_at`."""
        return self.place_at([token.i for token in tokens])

    def place_at(self, clause: Sequence[int]) -> PlaceReading:
        """Where the event of a clause happened, told by its tokens.

        A locative of the clause goes first, then one of its sentence; then the place that the article's first sentences
        dwell on, or the town of the dateline where the article opens with the event.
        """
        if not clause:
            return PlaceReading(None, "not_stated")
        number = bisect.bisect_right(self._tokens.starts, clause[0])
        ends = self._tokens.starts[number : number + 1] or [len(self._doc)]
        sentence = range(self._tokens.starts[number - 1], ends[0])
        found = (
            self._located(clause, _AS_OBJECT, clause=clause)
            or self._located(sentence, _AS_OBJECT)
            or self._located(sentence, _AS_PERSONS)
        )
        if found is None or found.reason == "not_in_gazetteer":
            country = self._by_demonym(clause) or self._by_demonym(sentence)
            if country is not None:
                return PlaceReading(country, None)
        if found is not None:
            return found
        for place in (self._main, self.dateline if sentence.start < self._lead_end else None):
            if place is not None and not self._names_country_but(place.country, sentence):
                return PlaceReading(place, None)
        return PlaceReading(None, "not_stated")

    def _located(self, tokens: Iterable[int], least: int, *, clause: Sequence[int] = ()) -> PlaceReading | None:
        verb: Token | None = None  # what the clause hangs on, looked for where the clause names a place
        best: tuple[tuple[int, ...], Mention] | None = None
        is_unknown, entities = False, self._tokens.ent
        doc = self._doc
        for i in tokens:
            mention = self._at.get(i)
            if mention is None:
                if entities[i] in ("GPE", "LOC") and self._tokens.pos[i] == "PROPN":
                    in_phrase = self._tokens.dep[i] == "pobj"  # "the town of X"; else it may be somebody
                    is_unknown = is_unknown or _rank(doc[i]) >= (_AS_OBJECT if in_phrase else _AS_WHERE)
                continue
            rank = self._rank_of.get(i, 0)
            if rank >= least:
                verb = verb or (_verb_of([doc[k] for k in clause]) if clause else None)
                fineness = {"city": 2, "admin1": 1}.get(mention.place.precision, 0) if mention.place else 0
                # a town in an object beats a country in a locative: "hit Kharkiv in Ukraine"
                is_own = verb is None or _verb_above(doc[i], verb) == verb
                is_goal = verb is not None and rank == _AS_GOAL
                score = (
                    is_own and is_goal,
                    is_own,
                    fineness if rank >= _AS_OBJECT else 0,
                    min(rank, _AS_WHERE),
                    fineness,
                    -mention.start,
                )
                if best is None or score > best[0]:
                    best = score, mention
        if best is not None:
            place = best[1].place
            return PlaceReading(place, "ambiguous" if place is None else None)
        return PlaceReading(None, "not_in_gazetteer") if is_unknown else None

    def _by_demonym(self, tokens: Iterable[int]) -> Place | None:
        """The country of "in a Syrian town": where a clause happens in a place told by no name that is known."""
        dep, word = self._tokens.dep, self._tokens.word
        for i in tokens:
            if dep[i] not in ("amod", "compound", "nmod") or not word[i][0].isupper():
                continue
            token = self._doc[i]
            if not _holds(token.head) or token.head.lemma_.lower() in _ABROAD or _rank(token.head) < _AS_WHERE:
                continue
            for entry in names().get(folded(token.text), ()):
                if entry.method == "demonym" and entry.name:
                    is_capital = token.head.lemma_.lower() == "capital"
                    name = _capitals().get(entry.countries[0], entry.name) if is_capital else entry.name
                    return candidates(name)[0].place if candidates(name) else None
        return None

    def _head(self, mention: Mention) -> Token:
        return self._doc[mention.start : mention.end].root

    def _names_country_but(self, country: str, sentence: range) -> bool:
        """Whether a sentence names a place in another country: its event may be there."""
        mentions = (self._at.get(i) for i in sentence)
        return any(m is not None and m.place is not None and m.place.country != country for m in mentions)

    def _dateline_place(self) -> Place | None:
        """Where the report was filed, if its head says so: "KABUL, Afghanistan (AP) —"."""
        for mention in self._mentions[:2]:
            if mention.start >= _DATELINE_TOKENS:
                break
            after = self._doc[mention.end : min(len(self._doc), mention.end + 8)]
            if any(token.text in _DASHES for token in after) and self._doc[mention.start].is_upper:
                return mention.place
        return None

    def _main_place(self) -> Place | None:
        """The town or region that the first sentences dwell on, where they dwell on one."""
        counts: Counter[Place] = Counter()
        told: set[Place] = set()
        starts = self._tokens.starts
        limit = starts[_LEAD_SENTENCES] if len(starts) > _LEAD_SENTENCES else len(self._doc)
        for mention in self._mentions:
            if mention.start >= limit or mention.place is None or mention.place.precision == "country":
                continue
            rank = self._rank_of.get(self._head(mention).i, 0)
            counts[mention.place] += 2 if rank >= _AS_OBJECT else 1
            if rank:
                told.add(mention.place)  # elsewhere it may be a surname
        if not counts:
            return None
        (place, count), *_ = counts.most_common(1)
        if place in told and count >= 2 and count >= _MAIN_SHARE * sum(counts.values()):
            return place
        return None


@functools.cache
def _capitals() -> dict[str, str]:
    """Country to the name of its capital, the first that the table of countries gives."""
    found: dict[str, str] = {}
    for key, entries in names().items():
        for entry in entries:
            if entry.method == "capital":
                found.setdefault(entry.countries[0], key)
    return found


def _rank(token: Token) -> int:
    """How a name stands in its clause, from a locative down to a person's origin; 0 where it says nothing."""
    node = token
    for _ in range(7):
        dep, head = node.dep_, node.head
        if head == node:
            return _AS_OBJECT if dep == "ROOT" and node != token else 0
        if dep == "pobj":
            if head.lower_ == "to" and _moves(head.head):
                return _AS_GOAL
            if head.lower_ in _LOCATIVE:
                return _AS_BODYS if _speaks(head.head) else _AS_WHERE
            if head.lower_ == "of" and _holds(head.head):
                if head.head.dep_ in ("advmod", "npadvmod", "prt"):
                    return _AS_WHERE  # "north of Damascus"
                node = head.head
                continue
            if head.lower_ == "of" and head.head.pos_ == "NOUN":
                return _AS_EVENTS if head.head.tag_ in ("NN", "NNS") and _is_event(head.head) else _AS_BODYS
            return _AS_OBJECT if head.lower_ in _WAYS else 0
        if dep in ("dobj", "nsubjpass") and (node == token or _holds(node)):
            return 0 if head.lemma_ == "border" else _AS_OBJECT
        if dep in ("compound", "nmod", "poss", "amod") and head.pos_ in ("NOUN", "PROPN"):
            low = head.lemma_.lower()
            if _holds(head):
                node = head
                continue
            if low in _PERSONS:
                return _AS_PERSONS
            if low in _BODIES:
                return _AS_BODYS
            if _is_event(head):
                return _AS_EVENTS
            if head.dep_ in ("pobj", "dobj", "compound", "nmod", "appos", "conj") and head.head != head:
                node = head
                continue
            return _AS_PERSONS
        if dep in ("appos", "conj", "npadvmod", "nmod", "dep") and head.pos_ in ("PROPN", "NOUN"):
            node = head
            continue
        return 0
    return 0


def _speaks(word: Token) -> bool:
    """Whether a word is a verb of saying, or names who speaks: "an official in Cairo said"."""
    return word.lemma_ in _SAYING or (word.dep_ == "nsubj" and word.head.lemma_ in _SAYING)


def _moves(word: Token) -> bool:
    """Whether a word tells of travel, or is what is sent on it."""
    return word.lemma_.lower() in _MOVING or (word.dep_ == "dobj" and word.head.lemma_.lower() in _MOVING)


def _is_power(mention: Mention, head: Token) -> bool:
    """Whether a name tells who acts or is dealt with, not where: "US support", "Russia's attack", "blame Iran"."""
    place = mention.place
    if place is None:
        return False
    is_country = place.precision == "country"
    noun = head.head
    if is_country and head.dep_ in ("compound", "nmod", "amod", "poss") and noun.pos_ in ("NOUN", "PROPN"):
        if _holds(noun):
            return noun.lemma_.lower() in _ABROAD
        if _is_event(noun):
            is_deed = noun.lemma_.lower() in _DEEDS
            return is_deed and not any(child.lower_ in _SUFFERINGS for child in noun.children)
        return head.dep_ != "poss"
    if head.dep_ == "dobj" and (is_country or _is_capital(mention)):
        return noun.lemma_.lower() not in _DONE_TO_PLACES
    return False


def _is_capital(mention: Mention) -> bool:
    place = mention.place
    return place is not None and any(entry.method == "capital" for entry in names().get(folded(place.name), ()))


def _verb_of(tokens: Sequence[Token]) -> Token | None:
    """The word that a clause hangs on."""
    inside = {token.i for token in tokens}
    return next((token for token in tokens if token.head == token or token.head.i not in inside), None)


def _verb_above(token: Token, verb: Token) -> Token | None:
    """The verb that a name hangs on, or `verb` where that comes first: "after talks in Cairo, he flew to Jerusalem"."""
    for ancestor in token.ancestors:
        if ancestor == verb or ancestor.pos_ == "VERB":
            return ancestor
    return None


def _holds(noun: Token) -> bool:
    """Whether a noun holds a place's name: "the city of X"."""
    return noun.lemma_.lower() in _HOLDERS or noun.lower_ in _HOLDERS


def _is_event(noun: Token) -> bool:
    low = noun.lemma_.lower()
    return (
        low in _EVENTS
        or noun.lower_ in _EVENTS
        or (noun.pos_ == "NOUN" and low.endswith(_EVENT_ENDS) and low not in _BODIES)
    )
