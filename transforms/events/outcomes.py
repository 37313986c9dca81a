"""Put what a deed did to people to the deed itself: "shelled the town, killing four and wounding nine" is one event."""

from newsbeam.transforms.events.parse import Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.events.roles import PLACES

_HARM = frozenset(("kill", "wound", "injure", "hurt", "maim", "slay", "leave", "claim"))
_DAY_OR_PLACE = {"DATE": "day", "TIME": "day", "GPE": "place", "LOC": "place", "FAC": "place"}


def with_outcomes(parse: Parse, readings: list[Reading]) -> list[Reading]:
    """The readings with clauses of harm put to the attacks that did it; their victims follow those it was aimed at."""
    kept: list[Reading] = []
    at: dict[int, int] = {}
    for reading in readings:
        deed = _deed_of(parse, reading, kept, at)
        if deed is None:
            at[reading.head] = len(kept)
            kept.append(reading)
            continue
        at[reading.head] = deed
        whole = kept[deed]
        told = {*whole.actors, *whole.recipients}
        victims = [k for k in reading.recipients if k not in told and parse.pos[k] in ("NOUN", "PROPN")]
        kept[deed] = whole._replace(
            actors=whole.actors or reading.actors,
            recipients=(*whole.recipients, *victims),
            consumed=whole.consumed | reading.consumed,
        )
    return kept


def _deed_of(parse: Parse, reading: Reading, kept: list[Reading], at: dict[int, int]) -> int | None:
    """Where the attack stands whose outcome a reading tells."""
    head = reading.head
    above = parse.head[head]
    if reading.type != "ASSAULT" or parse.lemma[head] not in _HARM or above not in at:
        return None
    whole = kept[at[above]]
    if whole.type != "ASSAULT" or (whole.realis, whole.is_negated) != (reading.realis, reading.is_negated):
        return None
    if whole.actors and reading.actors and not set(reading.actors) <= set(whole.actors):
        return None
    if parse.dep[head] == "advcl":
        is_outcome = parse.tag[head] == "VBG" and head > above and parse.one(head, "mark", "nsubj") is None
        return at[above] if is_outcome else None
    if parse.dep[head] != "conj" or _told_of(parse, head) & _told_of(parse, above):
        return None
    return at[above]


def _told_of(parse: Parse, head: int) -> set[str]:
    """Whether a clause tells a day or a place of its own; where two do, they tell two events."""
    names = [k for word, _, objects in parse.phrases(head) if word in PLACES for k in objects]
    names += parse.all(head, "npadvmod", "advmod")
    return {_DAY_OR_PLACE[parse.ent[k]] for k in names if parse.ent[k] in _DAY_OR_PLACE}
