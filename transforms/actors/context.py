"""Guess the country of those whom an article names by their role alone: "the police", "protesters"."""

from spacy.tokens import Span, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL, Actor
from newsbeam.transforms.actors.lexicon import role_of
from newsbeam.transforms.actors.reading import Reader
from newsbeam.transforms.actors.words import WORDS

_DOMESTIC, _POWERS, _RULED = WORDS["domestic"], WORDS["powers"], WORDS["ruled"]
_ELSEWHERE, _WHERE, _AIMED = WORDS["elsewhere"], WORDS["where"], WORDS["aimed"]
_MAIN_SHARE = 0.6
_SENTENCES_BACK = 3


def country_in_context(reader: Reader, span: Span, actor: Actor) -> str | None:
    """The country that clause, sentence or article suggest for a role; None where they leave a choice."""
    if actor.sector not in _DOMESTIC or actor.kind is None:
        return None
    root = span.root
    if any(token.lower_ in _ELSEWHERE for token in reader.doc[max(0, min(span.start, root.i - 4)) : root.i]):
        return None
    if root.pos_ == "PROPN" and actor.kind != "person" and role_of((root.lower_,)) is None:
        return None
    verb = _verb(root)
    if actor.sector == "MIL" and actor.kind == "organisation" and _speaks_of_several(reader):
        return None  # an army strikes abroad: what its clause names may be what it strikes
    if verb is not None:
        where = _where(reader, verb)
        if where:
            return where
    spoken_of = _countries(reader, root.sent)
    if len(spoken_of) == 1:
        return spoken_of[0]
    if verb is not None and actor.sector in _RULED and root.dep_ not in ("nsubj", "agent"):
        for child in verb.children:
            if child.dep_ in ("nsubj", "agent") and child != root:
                subject = child
                power = reader.read(reader.doc[subject.left_edge.i : subject.i + 1])
                if power.country and power.country not in SUPRANATIONAL and power.sector in _POWERS - {"MIL"}:
                    return power.country
    if not spoken_of:
        before = _last_spoken_of(reader, root.sent.start)
        if before:
            return before
    total = sum(reader.countries.values())
    if not spoken_of and total:
        country, count = reader.countries.most_common(1)[0]
        if count >= _MAIN_SHARE * total and country not in _countries(reader, root.sent, is_aimed_at=True):
            return country
    return None


def _speaks_of_several(reader: Reader) -> bool:
    """Whether the article names more than one country."""
    return len(reader.countries) > 1


def _last_spoken_of(reader: Reader, start: int) -> str | None:
    """The country of the last sentence before that names any, where it names just one."""
    for _ in range(_SENTENCES_BACK):
        if start == 0:
            return None
        sentence = reader.doc[start - 1].sent
        found = _countries(reader, sentence)
        if found:
            return found[0] if len(found) == 1 else None
        start = sentence.start
    return None


def _verb(token: Token) -> Token | None:
    for ancestor in token.ancestors:
        if ancestor.pos_ in ("VERB", "AUX"):
            return ancestor
    return None


def _where(reader: Reader, verb: Token) -> str | None:
    for child in verb.children:
        if child.dep_ != "prep" or child.lower_ not in _WHERE:
            continue
        for pobj in child.children:
            if pobj.dep_ != "pobj":
                continue
            hit = reader.hit_at.get(pobj.i)
            country = reader.country_of_hit(hit) if hit and hit.entry.kind == "country" else reader.place_country(pobj)
            if country and country not in SUPRANATIONAL:
                return country
    return None


def _countries(reader: Reader, sentence: Span, *, is_aimed_at: bool = False) -> list[str]:
    """Countries that a sentence names; those alone that something is directed at, or those alone that nothing is."""
    found: list[str] = []
    at = sentence.start
    while at < sentence.end:
        hit = reader.hit_at.get(at)
        if hit is None:
            token = reader.doc[at]
            country = (
                reader.place_country(token) if token.ent_type_ == "GPE" and _is_aimed_at(token) is is_aimed_at else None
            )
            at += 1
        else:
            country = reader.country_of_hit(hit) if _is_aimed_at(reader.doc[hit.end - 1]) is is_aimed_at else None
            at = hit.end
        if country and country not in SUPRANATIONAL and country not in found:
            found.append(country)
    return found


def _is_aimed_at(token: Token) -> bool:
    """Whether a name tells what something is directed at, not where it is: "charged with spying for Russia"."""
    return token.dep_ == "pobj" and token.head.lower_ in _AIMED
