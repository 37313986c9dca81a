"""Tell apart the countries that one phrase names: "the ministers of Kenya and Somalia", "the two governments"."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Span, Token

from newsbeam.transforms.actors.lexicon import country_name, singular
from newsbeam.transforms.actors.naming import Hit
from newsbeam.transforms.actors.reading import Reader
from newsbeam.transforms.actors.setting import Setting
from newsbeam.transforms.actors.words import WORDS

_PAIRS = WORDS["pairs"]
_COUNTS = {"two": 2, "both": 2, "three": 3, "2": 2, "3": 3}
_PREFIXES = dict(pair.split("=") for pair in sorted(WORDS["prefixes"]))
_JOINTS = {"and", "or", ",", "-", "–", "/", "&"}
_FILLERS = _JOINTS | {"as", "well", "'s", "’s", "the"}


class Party(NamedTuple):
    """One country of a phrase, and the phrase as it would be of that country alone."""

    name: str
    country: str


def parties_of(reader: Reader, setting: Setting, span: Span, root: Token) -> list[Party]:
    """The countries that a phrase puts side by side, or takes up as "both"; empty where it names one or none."""
    hit = reader.hit_at.get(root.i)
    if hit is not None:
        return [Party(country_name(c), c) for c in hit.entry.countries] if hit.entry.method == "several" else []
    found = _behind(reader, span, root) or _in_front(reader, span, root)
    if len({party.country for party in found}) > 1:
        return found
    return [Party(country_name(c), c) for c in taken_up(setting, span, root)] if not found else []


def taken_up(setting: Setting, span: Span, root: Token) -> list[str]:
    """The countries of "the two sides", "both leaders"; empty for other phrases."""
    if root.tag_ not in ("NNS", "NN") or singular(root.lower_) not in _PAIRS:
        return []
    count = next((_COUNTS[t.lower_] for t in span if t.i < root.i and t.lower_ in _COUNTS), 0)
    return setting.sides(root.i, count) if count else []


def _behind(reader: Reader, span: Span, root: Token) -> list[Party]:
    """Countries joined behind "of" or "from"."""
    for child in root.children:
        if child.i > root.i and child.dep_ == "prep" and child.lower_ in ("of", "from") and child.i < span.end:
            start = _without_article(span, span.start)
            head = reader.doc[start : child.i + 1].text
            found = []
            for name in _joined(next((c for c in child.children if c.dep_ == "pobj"), None)):
                country = _country(reader, name)
                if country is None:
                    return []
                found.append(Party(f"{head} {_named(reader, name)}", country))
            return found
    return []


def _in_front(reader: Reader, span: Span, root: Token) -> list[Party]:
    """Countries joined before the head: "US and Israeli officials", "Franco-German talks"."""
    doc, at = reader.doc, span.start
    found: list[tuple[str, str, int]] = []
    while at < root.i:
        hit = reader.hit_at.get(at)
        if hit is not None and hit.end <= root.i:
            country = reader.country_of_hit(hit) if hit.entry.kind == "country" else None
            if country is None or (found and not _is_joined(reader.lower[found[-1][2] : at])):
                return []
            found.append((doc[hit.start : hit.end].text, country, hit.end))
            at = hit.end
        elif doc[at].lower_ in _PREFIXES and at + 2 < root.i and doc[at + 1].text in ("-", "–"):
            found.append((country_name(_PREFIXES[doc[at].lower_]), _PREFIXES[doc[at].lower_], at + 1))
            at += 1
        else:
            at += 1
    if len(found) < 2:
        return []
    rest = doc[found[-1][2] : root.i + 1].text.strip()
    if rest.startswith("-"):
        return []  # "US- and Israeli-backed fighters"
    is_owner = rest.startswith(("'", "’"))
    return [Party(f"{text}{rest}" if is_owner else f"{text} {rest}", country) for text, country, _ in found]


def _is_joined(between: list[str]) -> bool:
    """Whether the words between two names put them side by side: not in "Rwandan Hutu rebels", "Iran's Arab allies"."""
    return all(word in _FILLERS for word in between) and any(word in _JOINTS for word in between)


def _joined(first: Token | None) -> Iterator[Token]:
    while first is not None:
        yield first
        first = next((c for c in first.children if c.dep_ == "conj"), None)


def _hit(reader: Reader, token: Token) -> Hit | None:
    hit = reader.hit_at.get(token.i)
    return hit if hit is not None and hit.entry.kind == "country" else None


def _country(reader: Reader, token: Token) -> str | None:
    hit = _hit(reader, token)
    return reader.country_of_hit(hit) if hit else reader.place_country(token)


def _named(reader: Reader, token: Token) -> str:
    hit = _hit(reader, token)
    return reader.doc[hit.start : hit.end].text if hit else token.text


def _without_article(span: Span, start: int) -> int:
    return start + 1 if span[0].lower_ in ("the", "a", "an") and len(span) > 1 else start
