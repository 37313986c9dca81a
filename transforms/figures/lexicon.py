"""The word lists that numbers are read with: number words, bounds, units, money, labels."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent


def rows_of(name: str) -> Iterator[list[str]]:
    """The rows of a TSV file beside this module, without comments."""
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# ") and line != "#":
            yield line.split("\t")


class Unit(NamedTuple):
    """A unit of measure: its normal name and the kind of figure that it makes."""

    name: str
    kind: str


class Money(NamedTuple):
    """A currency as written: ISO 4217 code, or a word in lower case that the context must settle."""

    code: str
    unit: str
    is_part: bool


def _number_words() -> dict[str, tuple[str, Fraction, Fraction]]:
    words = {}
    for row in rows_of("number_words.tsv"):
        low = Fraction(row[2])
        words[row[0]] = (row[1], low, Fraction(row[3]) if len(row) > 3 else low)
    return words


#: word -> (class, value or low, high); suffixes (k, bn) are kept apart
_ALL = _number_words()
NUMBER_WORDS = {word: entry for word, entry in _ALL.items() if entry[0] != "suffix"}
SUFFIXES = {word: entry[1] for word, entry in _ALL.items() if entry[0] == "suffix"}


def _form(text: str, *, any_case: bool) -> str:
    pattern = re.escape(text).replace(r"\ ", r"[\s\u00a0]+")
    if any_case:
        pattern = f"(?i:{pattern})"
    return pattern + (r"(?!\w)" if text[-1].isalnum() else "")


def _by_first(forms: list[tuple[str, bool]]) -> dict[str, re.Pattern[str]]:
    """Patterns by first character: one look-up picks the few forms that can match."""
    buckets: dict[str, list[tuple[str, bool]]] = {}
    for form in forms:
        buckets.setdefault(form[0][0].lower(), []).append(form)
    compiled = {}
    for first, members in buckets.items():
        ordered = sorted(members, key=lambda form: (-len(form[0]), form[0]))
        compiled[first] = re.compile("|".join(_form(text, any_case=any_case) for text, any_case in ordered))
    return compiled


def _units() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    words: dict[str, Unit] = {}
    exact: dict[str, Unit] = {}
    loose_forms: list[tuple[str, bool]] = []
    tight_forms: list[tuple[str, bool]] = []
    for name, kind, where, forms in rows_of("units.tsv"):
        for form in forms.split("|"):
            if where == "word":
                words[form.lower()] = Unit(name, kind)
            else:
                exact[form] = Unit(name, kind)
            (tight_forms if where == "tight" else loose_forms).append((form, where == "word"))
    return words, exact, _by_first(loose_forms), _by_first(loose_forms + tight_forms)


_UNIT_WORDS, _UNIT_EXACT, _LOOSE, _TIGHT = _units()
_SPACE = " \u00a0\u202f"
_HYPHENS = frozenset("-\u2010\u2011")


def unit_at(text: str, position: int) -> tuple[Unit, int] | None:
    """The unit written at a position of a text, after a space or hyphen or none, and where it ends."""
    start = position
    while start < len(text) and start - position < 2 and text[start] in _SPACE:
        start += 1
    if start == position and text[start : start + 1] in _HYPHENS:
        start += 1
    pattern = (_TIGHT if start == position else _LOOSE).get(text[start : start + 1].lower())
    found = pattern.match(text, start) if pattern else None
    if not found:
        return None
    form = " ".join(found.group().split())
    unit = _UNIT_EXACT.get(form) or _UNIT_WORDS.get(form.lower())
    return (unit, found.end()) if unit else None


def is_quoted(text: str, start: int, mark: str) -> bool:
    """Whether a quotation mark behind a number at `start` closes what was opened on its line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return before.rfind("“") > before.rfind("”") if mark == "”" else before.count('"') % 2 == 1


def is_unit_word(word: str) -> bool:
    """Whether a word in lower case is a unit."""
    return word in _UNIT_WORDS


def _monies() -> tuple[dict[str, Money], re.Pattern[str], dict[str, re.Pattern[str]]]:
    monies, before, after = {}, [], []
    for form, side, code, unit, scale in rows_of("currencies.tsv"):
        monies[form] = Money(code, unit, scale != "1")
        if side in ("before", "both"):
            before.append(form)
        if side in ("after", "both"):
            after.append((form, form.islower() and len(form) > 2))
    ordered = sorted(before, key=lambda form: (-len(form), form))
    signs = "|".join(r"(?<![^\W\d_])" * form[0].isalpha() + re.escape(form) for form in ordered)
    return monies, re.compile(rf"(?:{signs})[ \u00a0]?\Z"), _by_first(after)


_MONIES, _MONEY_BEFORE, _MONEY_AFTER = _monies()
_MONEY_FOLDED = {form.lower(): money for form, money in sorted(_MONIES.items())}
_LONGEST_SIGN = 8
_SIGN_ENDS = frozenset(row[0][-1] for row in rows_of("currencies.tsv") if row[1] in ("before", "both"))


def money_before(text: str, position: int) -> tuple[Money, int] | None:
    """The sign or code of money written against a number that starts at a position, and where it starts."""
    start = max(0, position - _LONGEST_SIGN)
    if text[start:position].rstrip(" \u00a0")[-1:] not in _SIGN_ENDS:
        return None
    found = _MONEY_BEFORE.search(text[start:position])
    return (_MONIES[found.group().rstrip()], start + found.start()) if found else None


def money_after(text: str, position: int) -> tuple[Money, int] | None:
    """The name or code of money that follows a number that ends at a position, and where it ends."""
    start = position
    while start < len(text) and start - position < 2 and text[start] in _SPACE:
        start += 1
    if start == position and text[start : start + 1] in _HYPHENS:
        start += 1
    pattern = _MONEY_AFTER.get(text[start : start + 1].lower())
    found = pattern.match(text, start) if pattern else None
    if not found:
        return None
    form = " ".join(found.group().split())
    if form == "p" and start != position:  # "164 p" is a page, "164p" is money
        return None
    return _MONIES.get(form) or _MONEY_FOLDED[form.lower()], found.end()


def _bounds() -> tuple[dict[str, str], re.Pattern[str], dict[str, str], re.Pattern[str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for phrase, bound, side in rows_of("bounds.tsv"):
        (before if side == "before" else after)[phrase] = bound

    def pattern(phrases: dict[str, str], lead: str, tail: str) -> re.Pattern[str]:
        ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        forms = (
            (r"(?<!\w)" * phrase[0].isalnum())
            + re.escape(phrase).replace(r"\ ", r"\s+")
            + (r"(?!\w)" if phrase[-1].isalnum() else r"(?!\s?[\d$£€.])")
            for phrase in ordered
        )
        return re.compile(f"{lead}(?:{'|'.join(forms)}){tail}", re.IGNORECASE)

    return (
        before,
        pattern(before, "", r"(?:\s+(?:the|a|an|only|just|another))?\s*\Z"),
        after,
        pattern(after, r"\s*", ""),
    )


_BEFORE, _BEFORE_RE, _AFTER, _AFTER_RE = _bounds()
_LONGEST_BOUND = 28
_NUMBER_NEXT = re.compile(r"\s+(?:an?\b|[\d$£€])")
_PLACES = frozenset({f"{word} the" for word in "around about over above under below".split()})
_PLACES |= {f"{word} {article}" for word in "over above under below".split() for article in ("a", "an")}
_BOUND_ENDS = tuple(
    sorted({*(phrase.rpartition(" ")[2] for phrase in _BEFORE), "the", "a", "an", "only", "just", "another"})
)


def bound_before(text: str, position: int) -> tuple[str, int] | None:
    """The bound that the words before a position put on the number there, and where they start."""
    start = max(0, position - _LONGEST_BOUND)
    if not text[start:position].rstrip().lower().endswith(_BOUND_ENDS):
        return None  # which spares nine searches in ten
    found = _BEFORE_RE.search(text[start:position])
    if not found:
        return None
    phrase = " ".join(found.group().lower().split())
    if phrase.endswith("than the") or phrase in _PLACES:
        return None  # things compared, and places: "larger than the 15-inch model", "over a ten-foot ledge"
    while phrase not in _BEFORE:
        phrase = phrase.rpartition(" ")[0]
    return _BEFORE[phrase], start + found.start()


def bound_after(text: str, position: int) -> tuple[str, int] | None:
    """The bound that the words at a position put on the number before, and where they end."""
    found = _AFTER_RE.match(text, position)
    if not found or (found.group().lstrip()[:4].lower() == "and " and _NUMBER_NEXT.match(text, found.end())):
        return None  # "paid $5 and over a dozen left"
    return _AFTER[" ".join(found.group().lower().split())], found.end()


def _labels() -> re.Pattern[str]:
    forms = []
    for word, case in rows_of("labels.tsv"):
        if case == "any":
            forms.append(f"(?i:{re.escape(word)})")
        else:
            forms.append(re.escape(word.capitalize()))
    forms.sort(key=lambda form: (-len(form), form))
    return re.compile(rf"(?:(?<!\w)|(?=#))(?:{'|'.join(forms)})[\s\u00a0-]?\s?\Z")


_LABELS = _labels()


def is_labelled(text: str, position: int) -> bool:
    """Whether the word before a position names the number there ("Route 66") instead of letting it count."""
    return _LABELS.search(text[max(0, position - 14) : position]) is not None
