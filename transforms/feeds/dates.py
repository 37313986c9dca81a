"""Dates as feeds and pages write them: to an instant, or None where no calendar has the day.

Read are ISO 8601 and its relatives, RFC 822 with the liberties taken with it, names of months in the languages of
`months.tsv`, and epoch seconds or milliseconds. A time without a zone counts as UTC, a bare day as its midnight.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from newsbeam.transforms.instants import instant_of

RAW_CHARS = 100
_ISO = re.compile(
    r"(?P<year>\d{4})[-/.]?(?P<month>\d\d?)[-/.]?(?P<day>\d\d?)"
    r"(?:(?:[T_\s,]|\s*-\s+|\s*at\s+)\s*(?P<clock>\d.*|T.*))?$",
    re.IGNORECASE,
)
_ISO_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)$")
_ISO_WEEK = re.compile(r"(?P<year>\d{4})-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?$")
_ORDINAL = re.compile(r"(?P<year>\d{4})-?(?P<ordinal>\d{3})(?:T(?P<clock>.*))?$")
_CLOCK = re.compile(
    r"(?P<hour>\d\d?)(?:[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,:](?P<fraction>\d+))?)?|(?P<minute2>\d\d)(?P<second2>\d\d)?)?"
    r"\s*(?P<half>[ap]\.?m\.?\b)?\s*(?P<zone>.*)$",
    re.IGNORECASE,
)
_TIME_IN_TEXT = re.compile(r"(?<![\d:])(\d\d?[:h]\d\d(?::\d\d(?:\.\d+)?)?)\s*([ap]\.?m\.?(?!\w))?", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:GMT|UTC|Z)?\s*(?P<sign>[+\-\u2212])\s*(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?::?\d\d)?$", re.IGNORECASE
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?$|\d{13}$")
_WORD = re.compile(r"[^\W\d_]+")
_CJK = re.compile(r"(\d{4})\s*[年년.]\s*(\d{1,2})\s*[月월.]\s*(\d{1,2})\s*[日일.]?(.*)$")
# The zones of RFC 822 and those that feeds write besides; an ambiguous one has its commonest meaning in news.
_ZONES = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "et": -5, "ct": -6, "mt": -7,
    "pt": -8, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3,
    "bst": 1, "west": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "cat": 2, "eest": 3, "msk": 3,
    "eat": 3, "wat": 1, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8,
    "awst": 8, "pht": 8,
    "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip


def read_instant(raw: str | None) -> int | None:
    """The instant (microseconds since 1970 UTC) that a written date means, in whole seconds; None if it means none.

    Fractions go: they are how blogs order what came at the same second, and differ between copies of an entry.
    """
    moment = read_moment(raw)
    return instant_of(moment.replace(microsecond=0)) if moment else None


def read_moment(raw: str | None) -> datetime | None:
    """The aware moment that a written date means; None if it means none."""
    text = " ".join((raw or "")[:RAW_CHARS].split())
    if not text:
        return None
    try:
        return _epoch(text) or _numeric(text) or _worded(text)
    except (ValueError, OverflowError):  # a day that no calendar has
        return None


def has_time(raw: str | None) -> bool:
    """Whether a written date says a time of day."""
    text = raw or ""
    return bool(re.search(r"\d[T\s]\d\d?:?\d\d|\d\d?[:h]\d\d", text)) or bool(_EPOCH.match(text.strip()))


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)


def _numeric(text: str) -> datetime | None:
    if found := _CJK.match(text):
        return _at(_day(int(found[1]), int(found[2]), int(found[3])), _clock_in(found[4]))
    if found := _ISO_MONTH.match(text):
        return _day(int(found["year"]), int(found["month"]), 1)
    if found := _ORDINAL.match(text):
        start = _day(int(found["year"]), 1, 1)
        day = start + timedelta(days=int(found["ordinal"]) - 1)
        return _at(day, found["clock"] or "") if day.year == start.year else None
    if found := _ISO_WEEK.match(text):
        return datetime.fromisocalendar(int(found["year"]), int(found["week"]), int(found["weekday"] or 1)).replace(
            tzinfo=UTC
        )
    if found := _ISO.match(text):
        return _at(_day(int(found["year"]), int(found["month"]), int(found["day"])), found["clock"] or "")
    return None


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def _at(day: datetime, clock: str) -> datetime | None:
    """The moment of a day at a written time with its zone; midnight where there is none."""
    clock = clock.strip().strip("()[]").lstrip("Tt").strip()
    if not clock:
        return day
    found = _CLOCK.match(clock)
    if not found:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or found["minute2"] or 0)
    second = min(59, int(found["second"] or found["second2"] or 0))  # a leap second counts as the one before
    if found["half"]:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and (minute or second)):
        return None
    micro = int((found["fraction"] or "")[:6].ljust(6, "0"))
    offset = _offset(found["zone"])
    if offset is None:
        return None
    return (day + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro) - offset).replace(
        tzinfo=UTC
    )


def _offset(zone: str) -> timedelta | None:
    """The offset that a written zone has from UTC; None if that is no zone."""
    zone = re.sub(r"\s*[(\[].*$", "", zone.strip()).strip()  # "+0200 (CEST)"
    if found := _OFFSET.match(zone):
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if offset >= timedelta(hours=24):
            return None
        return offset if found["sign"] == "+" else -offset
    words = zone.lower().replace(".", "").split()
    for word in words or [""]:
        if word in _ZONES:
            return timedelta(hours=_ZONES[word])
        if len(word) == 1 and word.isalpha():  # military letters, which RFC 2822 says to take for UTC
            return timedelta(0)
    return timedelta(0)  # an unknown name: as if there were none


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {}
    for line in files(__package__).joinpath("months.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            number, words = line.split("\t")[1:]
            names.update((word, int(number)) for word in words.split())
    return names


def _month(word: str) -> int | None:
    folded = word.lower()
    return _months().get(folded)


def _worded(text: str) -> datetime | None:
    """A date with a month in words: "Tue, 5 Sep 2023 14:33 GMT", "September 5th, 2023 at 2pm", "5 de marzo de 2023"."""
    month = where = None
    for found in _WORD.finditer(text):
        if number := _month(found[0]):
            month, where = number, found
            break
    if month is None or where is None:
        return _slashed(text)
    before, after = text[: where.start()], text[where.end() :]
    time = _TIME_IN_TEXT.search(text)
    clock = ""
    if time:
        clock = f"{time[1].lower().replace('h', ':')}{time[2] or ''} {text[time.end() :]}"
        if time.start() >= where.end():
            after = text[where.end() : time.start()] + " " + re.sub(r"[+\-]\d{2}:?\d{2}\b", "", text[time.end() :])
        else:
            before = text[: time.start()] + " " + text[time.end() : where.start()]
    numbers_before = [n for n in re.findall(r"\d+", before) if len(n) <= 4]
    numbers_after = [n for n in re.findall(r"\d+", after) if len(n) <= 4]
    if numbers_before and len(numbers_before[-1]) == 4 and numbers_after:  # 2023 September 5
        year, day = numbers_before[-1], numbers_after[0]
    elif numbers_before and len(numbers_before[-1]) <= 2 and numbers_after:  # 5 Sep 2023
        day, year = numbers_before[-1], numbers_after[0]
    elif len(numbers_after) >= 2:  # September 5, 2023; Sep 05 14:33:07 2023
        day, year = numbers_after[0], numbers_after[1]
    else:
        return None
    return _at(_day(_full_year(year), month, int(day)), _clock_in(clock) if time else "")


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) <= 2:
        return year + (2000 if year < 70 else 1900)
    return year


def _clock_in(text: str) -> str:
    """A written time and, if one follows it, its zone."""
    found = _TIME_IN_TEXT.search(text)
    if not found:
        return ""
    rest = text[found.end() :].strip()
    zone = re.match(r"(?:\d{4}\s+)?((?:GMT|UTC)?\s*[+\-\u2212]\s*\d\d?:?(?:\d\d)?|[A-Za-z.]{1,5}\b)", rest)
    return f"{found[1].lower().replace('h', ':')} {found[2] or ''} {zone[1] if zone else ''}"


def _slashed(text: str) -> datetime | None:
    """Day, month and year in numbers: 31/01/2023 and 31.01.2023; by month first only where that alone can be."""
    found = re.search(r"(?<!\d)(\d\d?)([/.\-])(\d\d?)\2(\d{4}|\d\d)(?!\d)(.*)$", text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    if first <= 12 and second <= 12 and first != second and found[2] != ".":
        return None  # 03/04/2023 is two days
    day, month = (second, first) if second > 12 else (first, second)
    return _at(_day(year, month, day), _clock_in(found[5]))
