"""Look names up in a subset of GeoNames: cities of 15,000 people and more, capitals, regions and countries.

The data are GeoNames' (https://www.geonames.org), licensed CC BY 4.0, and our own lists; `build.py` says how they are
put together. The file is loaded at the first look-up; candidates of a name are parsed when the name is asked for.
"""

import bisect
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


#: what becomes of the characters of ASCII in a key
_KEPT = {i: None for i in range(128) if not chr(i).isalnum() and chr(i) != " "} | dict.fromkeys(map(ord, "-_"), " ")


@functools.lru_cache(maxsize=8_192)
def folded(name: str) -> str:
    """The key of a name: lower case without accents, dots and apostrophes; hyphens are spaces."""
    text = name.casefold()
    if text.isascii():
        return " ".join(text.translate(_KEPT).split())
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    kept = "".join(" " if c in "-–_" else c for c in text if c.isalnum() or c in " -–_")
    return " ".join(kept.split())


@functools.cache
def _lines() -> list[str]:
    """Lines of the file in order of their keys; a sorted list is loaded in a fifth of the time that a dict takes."""
    with gzip.open(FILE, "rb") as file:
        return file.read().decode("utf-8").split("\n")


@functools.lru_cache(maxsize=8_192)
def begins(words: str) -> bool:
    """Whether a name of the gazetteer is or begins with the words."""
    key, lines = folded(words), _lines()
    at = bisect.bisect_left(lines, key)
    return at < len(lines) and lines[at].startswith(key)


@functools.lru_cache(maxsize=8_192)
def candidates(name: str) -> tuple[Candidate, ...]:
    """Places that a name may mean, weightiest first; empty where the gazetteer has none."""
    key = folded(name) + "\t"
    lines = _lines()
    at = bisect.bisect_left(lines, key)
    if at == len(lines) or not lines[at].startswith(key):
        return ()
    return tuple(_parsed(part) for part in lines[at][len(key) :].split("|"))


def _parsed(text: str) -> Candidate:
    name, geonameid, country, admin1, lat, lon, precision, weight = text.split(";")
    place = Place(
        name, int(geonameid) if geonameid else None, country, admin1 or None, float(lat), float(lon), precision
    )
    return Candidate(place, int(weight))
