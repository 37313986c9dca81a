"""Settle the two sides of a reading by the sentence around its frame."""

from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import Roles

#: What several do together, so that they are each other's sides.
_TOGETHER = frozenset(("CONSULT", "COOPERATE", "AGREE"))
#: Prepositions whose object is a side of what is done together.
_JOINING = frozenset(("with", "against"))


def settled(roles: Roles, reading: Reading) -> Reading:
    """The reading with each side in its place."""
    return _among_themselves(roles, reading)


def _among_themselves(roles: Roles, reading: Reading) -> Reading:
    """ "Chile and Peru signed a deal on fishing": the sides are Chile and Peru, and fishing is none."""
    p = roles.p
    if len(reading.actors) < 2 or not _are_coordinated(p, reading.actors):
        return reading
    if not (reading.is_reciprocal or reading.type in _TOGETHER or _is_of_both(roles, reading)):
        return reading
    if any(_is_side(roles, k) for k in reading.recipients):
        return reading
    return reading._replace(actors=reading.actors[:1], recipients=reading.actors[1:], is_reciprocal=True)


def _is_of_both(roles: Roles, reading: Reading) -> bool:
    """Whether what is rejected is something that two sides make: "failed to reach a deal"."""
    if reading.type != "REJECT":
        return False
    senses = [roles.nouns.get(roles.p.lemma[k]) for k in (*reading.trigger, *reading.recipients)]
    return any(sense is not None and "recip" in sense.flags for sense in senses)


def _are_coordinated(p: Parse, actors: tuple[int, ...]) -> bool:
    return all(k in p.series(actors[0]) or p.head[k] == p.head[actors[0]] for k in actors[1:])


def _is_side(roles: Roles, k: int) -> bool:
    """Whether a recipient is met, fought or dealt with, and not the place or the matter of it."""
    p = roles.p
    if k in roles.thing_of or not roles.may_act(k):
        return False
    while p.dep[k] in ("conj", "compound", "nmod", "amod", "poss") and p.head[k] != k:
        k = p.head[k]
    if p.dep[k] != "pobj":
        return True
    return p.lower[p.head[k]] in _JOINING
