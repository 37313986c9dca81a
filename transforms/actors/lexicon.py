"""Names and nouns that tell an actor's country and sector: loaded once from the tables beside this file."""

import functools
import unicodedata
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Entry(NamedTuple):
    """What a name stands for."""

    name: str  # fullest or customary form
    country: str | None  # ISO3, IGO, NGO, IMG
    sector: str | None
    kind: str  # country, organisation, person or group
    method: str  # gazetteer, demonym, capital, organisation or leader
    first_year: int = 0
    last_year: int = 9999


class Role(NamedTuple):
    """What a role noun stands for."""

    sector: str
    kind: str  # person or organisation


@functools.lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Key of a name: lower case, no accents, dots or apostrophes of possession; hyphens are spaces."""
    lowered = text.lower()
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    lowered = lowered.replace("’", "'").replace(".", "").replace("-", " ").replace("–", " ")
    return " ".join(lowered.split())


def _rows(name: str, columns: int) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [row + [""] * (columns - len(row)) for row in rows]


@functools.cache
def names() -> dict[str, tuple[Entry, ...]]:
    """Folded name to what it may stand for, first table first."""
    found: dict[str, list[Entry]] = {}

    def add(name: str, entry: Entry) -> None:
        entries = found.setdefault(folded(name), [])
        if entry not in entries:
            entries.append(entry)

    for iso3, _, own, demonyms, capitals, *_ in _rows("countries.tsv", 7):
        forms = [form.strip() for form in own.split("|")]
        for form in forms:
            add(form, Entry(forms[0], iso3, None, "country", "gazetteer"))
        for form in filter(None, demonyms.split("|")):
            add(form, Entry(forms[0], iso3, None, "country", "demonym"))
        for form in filter(None, (c.strip() for c in capitals.split("|"))):
            add(form, Entry(forms[0], iso3, "GOV", "country", "capital"))
    for forms_text, country, sector, kind in _rows("organisations.tsv", 4):
        forms = forms_text.split("|")
        for form in forms:
            add(form, Entry(form, None if country == "-" else country, sector or None, kind, "organisation"))
    for forms_text, country, sector, years in _rows("leaders.tsv", 4):
        forms = forms_text.split("|")
        first, _, last = years.partition("-")
        span = (int(first or 0), int(last or 9999))
        for form in forms:
            add(form, Entry(forms[0], country, sector, "person", "leader", *span))
    return {key: tuple(entries) for key, entries in found.items()}


@functools.cache
def longest_by_first() -> dict[str, int]:
    """First word of each name to the greatest number of words that a name beginning with it has."""
    longest: dict[str, int] = {}
    for key in names():
        words = key.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@functools.cache
def roles() -> dict[str, Role]:
    """Role noun or phrase, in lower case, to its sector."""
    found: dict[str, Role] = {}
    for kind, sector, nouns in _rows("roles.tsv", 3):
        for noun in nouns.split("|"):
            found.setdefault(noun, Role(sector, kind))
    return found


def role_of(words: list[str]) -> tuple[Role, int] | None:
    """The role that the last of `words` (lower case) heads, by the longest phrase, and the phrase's length."""
    table = roles()
    for size in range(min(4, len(words)), 0, -1):
        phrase = " ".join(words[-size:])
        for form in (phrase, _singular(phrase)):
            role = table.get(form)
            if role:
                return role, size
    return None


def _singular(phrase: str) -> str:
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    if phrase.endswith(("sses", "ches", "shes")):
        return phrase[:-2]
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else phrase
