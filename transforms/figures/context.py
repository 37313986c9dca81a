"""Say over which time a figure counts, and who says so."""

from datetime import date, timedelta
from typing import NamedTuple

from spacy.tokens import Token

from newsbeam.transforms.times.mentions import TimeMention

_OPEN_STARTS = {"since", "starting"}
_LONGEST_EVENT = timedelta(days=3)
#: verbs whose object, too, is what they say: "police confirmed two deaths"
_REPORTING = {"report", "confirm", "announce", "estimate", "record"}
_SAYING = set(
    "say report announce state claim confirm estimate tell add declare note warn put reveal disclose write allege "
    "admit acknowledge indicate show explain tweet post".split()
)


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
    words = {doc[i].lower_ for i in range(max(0, chosen.start - 2), chosen.end)}
    if words & _OPEN_STARTS:
        return Scope("cumulative", start, max(start, published.isoformat()))
    if date.fromisoformat(end) - date.fromisoformat(start) > _LONGEST_EVENT:
        return Scope("period", start, end)
    return Scope("event", start, end)


def _distance(time: Token, verb: Token, token: Token) -> int:
    """Steps in the parse from a time expression to the clause of the figure; 99 where another clause holds it."""
    goal = {token.i: 1, verb.i: 0}
    node, steps = verb, 0
    apart = any(child.dep_ == "mark" and child.lower_ in ("after", "before") for child in verb.children)
    while node.head != node and steps < 8 and not apart:
        own_head = node == verb and node.dep_ in ("relcl", "acl")
        node = node.head
        steps += 1
        goal.setdefault(node.i, 1 if own_head else 2 + steps)
    node, climbed, crossed = time, 0, False
    while True:
        if node.i in goal and (goal[node.i] < 2 or not crossed):
            return goal[node.i] * 2 + climbed
        if node.head == node or climbed > 12:
            return 99
        crossed = crossed or node.dep_ in ("relcl", "acl", "advcl", "ccomp", "conj")
        node = node.head
        climbed += 1


def attribution_of(token: Token) -> str | None:
    """Who says so: the subject of the verb of saying that governs the clause, or "according to"."""
    node = token
    sentence_root = token
    while sentence_root.head != sentence_root:
        node = sentence_root
        sentence_root = sentence_root.head
        lemma = sentence_root.lemma_.lower()
        clause = node.dep_ in ("ccomp", "parataxis") and lemma in _SAYING
        if clause or (node.dep_ == "dobj" and lemma in _REPORTING):
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
