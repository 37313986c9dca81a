"""What the coder has read of one event before names, places and days are put to it."""

from typing import NamedTuple


class Reading(NamedTuple):
    """An event as tokens of the document."""

    type: str
    mode: str | None
    head: int  # the verb or noun that states it
    trigger: tuple[int, ...]  # tokens that state it
    actors: tuple[int, ...]
    recipients: tuple[int, ...]
    is_reciprocal: bool
    is_negated: bool
    realis: str
    speaker: int | None  # who reports it
    weight: float  # how sure the frame is, 0 to 1
    consumed: frozenset[int]  # words read as part of it: they state no event of their own
