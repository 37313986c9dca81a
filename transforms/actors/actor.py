"""Who someone in an event is."""

from typing import NamedTuple


class Actor(NamedTuple):
    """Someone who acts or is acted on."""

    name: str
    kind: str | None  # person, organisation, country or group
    country: str | None  # ISO 3166-1 alpha-3; IGO, NGO, IMG for bodies of no one country
    sector: str | None
    method: str | None  # how country and sector were found
    score: float  # how sure they are, 0 to 1


#: countries of bodies that belong to no one state
SUPRANATIONAL = frozenset({"IGO", "NGO", "IMG"})
