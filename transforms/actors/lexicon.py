"""Names and nouns that tell an actor's country and sector: loaded once from the tables beside this file."""

import functools
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from newsbeam.transforms.actors.words import WORDS

HERE = Path(__file__).parent


class Entry(NamedTuple):
    """What a name stands for."""

    name: str | None  # customary name; None for persons, who are named as the article names them
    countries: tuple[str, ...]  # ISO3, IGO, NGO, IMG; several where the article decides
    is_default: bool  # whether the first country holds where the article names none of them
    sector: str | None
    kind: str  # country, organisation, person or group
    method: str  # gazetteer, demonym, capital, people, organisation, body, leader; other: no name of whom it holds
    years: tuple[int, int] = (0, 9999)  # in office


class Role(NamedTuple):
    """What a role noun stands for."""

    sector: str | None  # None where the words around decide
    kind: str  # person or organisation


@functools.lru_cache(maxsize=8_192)
def folded(text: str) -> str:
    """Key of a name: lower case, no accents and dots; hyphens are spaces."""
    lowered = text.lower()
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
        lowered = lowered.replace("’", "'").replace("‘", "'").replace("–", " ")
    return " ".join(lowered.replace(".", "").replace("-", " ").split())


def _rows(name: str, columns: int) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [row + [""] * (columns - len(row)) for row in rows]


@functools.cache
def names() -> dict[str, tuple[Entry, ...]]:
    """Folded name to what it may stand for, the likeliest first."""
    found: dict[str, list[Entry]] = {}

    def add(forms: str, entry: Entry) -> None:
        for form in forms.split("|"):
            key = folded(form)
            if key and entry not in found.setdefault(key, []):
                found[key].append(entry)

    for forms, *_ in _rows("others.tsv", 1):
        add(forms, Entry(None, (), False, None, "country", "other"))
    for forms, states in _rows("peoples.tsv", 2):
        if "+" in states:  # a name of several states together
            add(forms, Entry(None, tuple(states.split("+")), True, None, "country", "several"))
            continue
        first, *rest = states.split("|")
        add(forms, Entry(None, (first.rstrip("!"), *rest), first.endswith("!"), None, "country", "people"))
    for iso3, _, own, demonyms, capitals, *_ in _rows("countries.tsv", 7):
        name = own.split("|")[0]
        add(own, Entry(name, (iso3,), True, None, "country", "gazetteer"))
        add(demonyms, Entry(name, (iso3,), True, None, "country", "demonym"))
        if folded(capitals) not in WORDS["small_capitals"]:
            add(capitals, Entry(name, (iso3,), True, "GOV", "country", "capital"))
    for forms, country, sector, kind in _rows("organisations.tsv", 4):
        states_of = () if country == "-" else (country.rstrip("?"),)
        method = "body" if country.endswith("?") else "organisation"
        add(forms, Entry(None, states_of, not country.endswith("??"), sector or None, kind, method))
    for forms, country, sector, years in _rows("leaders.tsv", 4):
        first_year, _, last_year = years.partition("-")
        states_of = () if country == "-" else (country,)
        office = (int(first_year or 0), int(last_year or 9999))
        add(forms, Entry(None, states_of, True, None if sector == "-" else sector, "person", "leader", office))
    return {key: tuple(entries) for key, entries in found.items()}


@functools.cache
def _country_names() -> dict[str, str]:
    return {iso3: own.split("|")[0] for iso3, _, own, *_ in _rows("countries.tsv", 7)}


def country_name(iso3: str) -> str:
    """The customary name of a country."""
    return _country_names().get(iso3, iso3)


@functools.cache
def beginnings() -> frozenset[str]:
    """What a longer name may begin with, folded, cut where a token may end: "united", "people", "people's"."""
    return frozenset(
        key[:at].rstrip() for key in names() for at in range(1, len(key)) if not (key[at - 1 : at + 1]).isalnum()
    )


@functools.cache
def leaders_by_surname() -> Mapping[str, tuple[Entry, ...]]:
    """Last word of each leader's name to the leaders who bear it; a surname counts only after a title."""
    found: dict[str, list[Entry]] = {}
    for key, entries in names().items():
        for entry in entries:
            if entry.method == "leader":
                known = found.setdefault(key.split()[-1], [])
                if entry not in known:
                    known.append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


@functools.cache
def leaders_initials() -> Mapping[str, frozenset[str]]:
    """Last word of the leaders' names to the first letters of the names that they bear before it."""
    found: dict[str, set[str]] = {}
    for key, entries in names().items():
        words = key.split()
        if len(words) > 1 and any(entry.method == "leader" for entry in entries):
            found.setdefault(words[-1], set()).update(word[0] for word in words[:-1])
    return {surname: frozenset(initials) for surname, initials in found.items()}


@functools.cache
def lone_surnames() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Surname by which alone a leader is known, folded, to his country and the names before it in his fuller forms."""
    countries: dict[str, str] = {}
    found: dict[str, dict[str, None]] = {}
    for forms, country, *_ in _rows("leaders.tsv", 4):
        keys = [folded(form).split() for form in forms.split("|")]
        for words in keys:
            if len(words) == 1:
                fuller = (word for key in keys if key[-1] == words[0] for word in key[:-1])
                countries.setdefault(words[0], country)
                found.setdefault(words[0], {}).update(dict.fromkeys(fuller))
    return {surname: (countries[surname], tuple(given)) for surname, given in found.items()}


@functools.cache
def roles() -> dict[str, Role]:
    """Role noun or phrase, in lower case, to its sector."""
    found: dict[str, Role] = {}
    for kind, sector, nouns in _rows("roles.tsv", 3):
        for noun in nouns.split("|"):
            found.setdefault(noun.replace("-", " "), Role(None if sector == "-" else sector, kind))
    return found


@functools.cache
def genders() -> dict[str, str]:
    """Given name, folded, to "m" or "f"."""
    return {folded(name): gender for gender, given in _rows("given_names.tsv", 2) for name in given.split()}


@functools.cache
def _role_heads() -> frozenset[str]:
    """Last words of the role nouns."""
    return frozenset(noun.split()[-1] for noun in roles())


_MAX_ROLE_WORDS = 5  # a hyphen is a word of its own


@functools.lru_cache(maxsize=8_192)
def role_of(words: tuple[str, ...]) -> Role | None:
    """The role that the last of `words` (lower case) heads, by the longest phrase.

    A neutral head ("spokesman") takes the sector of the role noun before it ("police spokesman").
    """
    last = words[-1].rpartition("-")[2] if words else ""
    if last and last not in _role_heads() and singular(last) not in _role_heads():
        return None
    table = roles()
    for size in range(min(_MAX_ROLE_WORDS, len(words)), 0, -1):
        phrase = " ".join(" ".join(words[-size:]).replace("-", " ").split())
        role = table.get(phrase) or table.get(singular(phrase))
        if role is None:
            continue
        if role.sector is None and len(words) > size:
            before = role_of(words[:-size])
            if before is not None:
                return Role(before.sector, role.kind)
        return role
    return None


@functools.lru_cache(maxsize=8_192)
def singular(phrase: str) -> str:
    """The phrase with its last word in the singular, by ending."""
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    if phrase.endswith(("sses", "ches", "shes")):
        return phrase[:-2]
    if phrase.endswith("men"):
        return phrase[:-3] + "man"
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith("ss") else phrase
