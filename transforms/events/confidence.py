"""Say how sure a row is: the chance that its type is right, and that whom it names in each role is."""

import functools
import math

from newsbeam.transforms.events.lexicon import read_table
from newsbeam.transforms.events.parse import NAMED, SUBJECTS
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: Frames that say it in so many words, and those that leave it half open.
_SURE, _LIKELY = 0.8, 0.45
#: Tokens of a sentence that the parser seldom gets wrong.
_SHORT = 15
_KINDS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}
_PARTS = ("type", "roles")


def confidence(roles: Roles, reading: Reading) -> float:
    """The chance that type and given roles of a reading are right; docs/quality.md has what was measured."""
    present = signs(roles, reading)
    product = 1.0
    for part in _PARTS:
        weights = _weights()[part]
        product /= 1.0 + math.exp(-sum(weights.get(sign, 0.0) for sign in present))
    return round(product, 3)


def signs(roles: Roles, reading: Reading) -> tuple[str, ...]:
    """What speaks for or against a reading, by the names that confidence.tsv weighs."""
    p, head = roles.p, reading.head
    sure = "sure" if reading.weight >= _SURE else "likely" if reading.weight >= _LIKELY else "open"
    found = ["all", f"type {reading.type}", f"frame {sure}", f"head {_KINDS.get(p.pos[head], 'other')}"]
    found.append(f"clause {_place_of_clause(roles, head)}")
    found.append(f"actor {_naming(roles, reading.actors)}")
    found.append(f"recipient {_naming(roles, reading.recipients)}")
    sentence = p.doc[head].sent
    is_bare = p.is_passive(head) and p.agent(head) is None
    for name, holds in (
        ("words of the trigger: several", len(reading.trigger) > 1),
        ("passive without doer", is_bare),
        ("negated", reading.is_negated),
        ("future", reading.realis == "future"),
        ("hypothetical", reading.realis == "hypothetical"),
        ("goes both ways", reading.is_reciprocal),
        ("reported by somebody", reading.speaker is not None),
        ("recipient: several", len(reading.recipients) > 1),
        ("actor apart from the predicate", bool(reading.actors) and not _is_own_subject(roles, reading)),
        ("recipient apart from the predicate", bool(reading.recipients) and _steps(roles, reading) > 2),
        ("sentence short", sentence.end - sentence.start <= _SHORT),
    ):
        if holds:
            found.append(name)
    return tuple(found)


def _place_of_clause(roles: Roles, head: int) -> str:
    """Where in the sentence the event is told: its main clause, a complement, or a clause that adds something."""
    p = roles.p
    verb = p.clause_of(head)
    while p.dep[verb] == "conj" and p.is_verb(p.head[verb]):
        verb = p.head[verb]
    if p.dep[verb] in ("ccomp", "xcomp", "pcomp", "csubj"):
        return "complement"
    return "main" if p.dep[verb] in ("ROOT", "conj", "parataxis") else "added"


def _naming(roles: Roles, heads: tuple[int, ...]) -> str:
    """How those of a role are told."""
    p = roles.p
    if not heads:
        return "none"
    first = heads[0]
    if p.pos[first] == "PRON":
        return "pronoun"
    if p.ent[first] in NAMED:
        return "behind a thing" if first in roles.thing_of else "named"
    return "people" if roles.may_act(first) else "thing"


def _is_own_subject(roles: Roles, reading: Reading) -> bool:
    """Whether the actor is the predicate's own subject, its agent, or stands right at an event noun."""
    p, actor = roles.p, reading.actors[0]
    for k in (actor, *p.ancestors(actor)):
        if p.head[k] == reading.head or p.head[k] in reading.trigger:
            return p.dep[k] in (*SUBJECTS, "agent", "poss", "compound", "amod", "prep")
        if p.is_verb(k):
            return False
    return False


def _steps(roles: Roles, reading: Reading) -> int:
    """Arcs from the predicate down to the recipient; many where it does not stand below."""
    p, recipient = roles.p, reading.recipients[0]
    near = {reading.head, *reading.trigger}
    for steps, k in enumerate((recipient, *p.ancestors(recipient))):
        if k in near:
            return steps
    return 99


@functools.cache
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {part: {} for part in _PARTS}
    for part, sign, weight in read_table("confidence.tsv", 3):
        found[part][sign] = float(weight)
    return found
