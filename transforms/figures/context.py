"""Say over which time a figure counts, and who says so."""

from datetime import date, timedelta
from typing import NamedTuple

from spacy.tokens import Token

from newsbeam.transforms.times.mentions import TimeMention

_OPEN_STARTS = ("since", "from the beginning", "starting")
_SPANS = {"since", "during", "over", "within", "for", "throughout", "through"}
_SAYING = {
    "say", "report", "announce", "state", "claim", "confirm", "estimate", "tell", "add", "declare", "note", "warn", "put",
    "reveal", "disclose", "write", "allege", "admit", "acknowledge", "indicate", "show", "explain", "tweet", "post",
}  # fmt: skip


class Scope(NamedTuple):
    """The time that a number covers: event, cumulative, period, rate or unknown, with first and last day."""

    scope: str
    start: str | None
    end: str | None


UNKNOWN = Scope("unknown", None, None)


def scope_of(token: Token, verb: Token | None, times: list[TimeMention], published: date) -> Scope:
    """The time covered, from the time expression of the token's clause that lies nearest in the parse."""
    doc = token.doc
    chosen = None
    best = 99
    for mention in times:
        when = mention.when
        if when.start is None or when.type == "unresolved":
            continue
        distance = _distance(doc[mention.start], verb if verb is not None else token, token)
        if distance < best:
            chosen, best = mention, distance
    if chosen is None:
        return UNKNOWN
    when = chosen.when
    start, end = str(when.start), str(when.end or when.start)
    lead = " ".join(doc[i].lower_ for i in range(max(0, chosen.start - 1), chosen.end))
    if (
        any(word in lead.split() for word in ("since", "starting"))
        or "so far this" in doc.text[doc[max(0, chosen.start - 2)].idx :][:40]
    ):
        return Scope("cumulative", start, max(start, published.isoformat()))
    if (date.fromisoformat(end) - date.fromisoformat(start)) > timedelta(days=3):
        return Scope("period", start, end)
    return Scope("event", start, end)


def _distance(time: Token, verb: Token, token: Token) -> int:
    """Steps in the parse from a time expression up to the clause of the figure; more where it lies beside the clause."""
    goal = {verb.i: 0, token.i: 1}
    node, steps = verb, 0
    while node.head != node and steps < 8:
        node = node.head
        steps += 1
        goal.setdefault(node.i, 2 + steps)
    node, climbed = time, 0
    while True:
        if node.i in goal:
            return goal[node.i] * 2 + climbed
        if node.head == node or climbed > 12:
            return 99
        node = node.head
        climbed += 1


def attribution_of(token: Token) -> str | None:
    """Who says so: the subject of the verb of saying that governs the clause, or "according to"."""
    node = token
    sentence_root = token
    while sentence_root.head != sentence_root:
        node = sentence_root
        sentence_root = sentence_root.head
        if sentence_root.lemma_.lower() in _SAYING and node.dep_ in ("ccomp", "parataxis", "advcl", "dobj"):
            subject = next((c for c in sentence_root.children if c.dep_ == "nsubj"), None)
            if subject is not None:
                return _phrase(subject)
    stack = [sentence_root]
    while stack:
        word = stack.pop()
        for child in word.children:
            if child.lower_ == "according":
                return _according(child)
            if child.dep_ in ("ccomp", "parataxis") and child.lemma_.lower() in _SAYING and child.i > token.i:
                subject = next((c for c in child.children if c.dep_ == "nsubj"), None)
                if subject is not None and not any(c.dep_ in ("ccomp", "dobj") for c in child.children):
                    return _phrase(subject)
            if child.dep_ in ("prep", "advcl", "conj", "ccomp", "npadvmod", "pcomp", "prt"):
                stack.append(child)
    return None


def _according(word: Token) -> str | None:
    for to in word.children:
        for child in to.children:
            if child.dep_ == "pobj":
                return _phrase(child)
    return None


def _phrase(noun: Token) -> str | None:
    """The words of a noun phrase without clauses, on one line."""
    if noun.pos_ == "PRON":
        return None
    kept = {noun.i}
    stack = [noun]
    while stack:
        for child in stack.pop().children:
            if child.dep_ not in ("relcl", "acl", "appos", "punct", "advcl") and not child.is_space:
                kept.add(child.i)
                stack.append(child)
    doc = noun.doc
    text = doc[min(kept) : max(kept) + 1].text
    return " ".join(text.split()) or None
