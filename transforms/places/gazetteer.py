"""Look names up in a subset of GeoNames: cities of 15,000 people and more, capitals, regions and countries.

The data are GeoNames' (https://www.geonames.org), licensed CC BY 4.0, and our own lists; `build.py` says how they are
put together. The file is loaded at the first look-up; candidates of a name are parsed when the name is asked for.
"""

import functools
import gzip
import unicodedata
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "gazetteer.tsv.gz"


class Place(NamedTuple):
    """A place of the gazetteer."""

    name: str
    geonameid: int | None  # None for regions and camps that are ours
    country: str  # ISO 3166-1 alpha-3
    admin1: str | None  # first-order division, GeoNames code
    lat: float
    lon: float
    precision: str  # city, admin1 or country


class Candidate(NamedTuple):
    """A place that a name may mean, with its weight: population, or a rank for regions and countries."""

    place: Place
    weight: int


@functools.lru_cache(maxsize=65_536)
def folded(name: str) -> str:
    """The key of a name: lower case without accents, dots and apostrophes; hyphens are spaces."""
    text = name.casefold()
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    kept = "".join(" " if c in "-–_" else c for c in text if c.isalnum() or c in " -–_")
    return " ".join(kept.split())


@functools.cache
def _lines() -> dict[str, str]:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="\n") as lines:
        return dict(line.split("\t", 1) for line in lines.read().splitlines())


@functools.lru_cache(maxsize=65_536)
def candidates(name: str) -> tuple[Candidate, ...]:
    """Places that a name may mean, weightiest first; empty where the gazetteer has none."""
    line = _lines().get(folded(name))
    return tuple(_parsed(part) for part in line.split("|")) if line else ()


def _parsed(text: str) -> Candidate:
    name, geonameid, country, admin1, lat, lon, precision, weight = text.split(";")
    place = Place(
        name, int(geonameid) if geonameid else None, country, admin1 or None, float(lat), float(lon), precision
    )
    return Candidate(place, int(weight))
