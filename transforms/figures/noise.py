"""Find the digits of a text that count nothing: dates, clock times, telephone numbers, addresses, scores, names."""

import re
from collections.abc import Iterable

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may\.?|june?|july?|aug(?:ust|\.)?|sept?(?:ember|\.)?"
    r"|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%])"
_YEAR = r"(?:1[5-9]|2[01])\d\d(?![\d,.]*\d)"
_DASH = r"\s?(?:-|–|to|and|or|&)\s?"
_ZONE = r"(?:GMT|UTC|EST|EDT|CET|CEST|BST|IST|PST|PDT)(?!\w)"
_CLOCK = r"(?<![\d:.,])\d{1,2}(?:[:.]\d{2}){0,2}"
_AM_PM = r"[ap]\.?\s?m(?:\.|(?!\w))"
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|place|pl|court|ct|highway|hwy|parkway|pkwy"
    r"|square|terrace|circle|trail|pike|block)(?![a-z])"
)
_RESULT = (
    r"(?:won|wins?|winning|lost|loses?|losing|beat|beats|beating|defeated|defeats?|defeating|lead|leads|led|leading"
    r"|draws?|drew|tied|ties?|scored?|voted?|votes?|record|edged?|downed|ahead|up|down|thrashed|rout|routed|victory"
    r"|defeat|loss|win|triumph|level)"
)
_AFTER_RESULT = (
    r"(?:win|victory|defeat|loss|draw|lead|score|triumph|aggregate|record|vote|rout|run|home|away|thriller|down|up|ahead"
    r"|behind|ruling|decision|split|verdict|opinion|majority)"
)
_YEAR_LEAD = (
    r"(?:since|in|by|during|until|till|of|for|year|early|late|mid|spring|summer|autumn|fall|winter|circa|before|after)"
)
#: "in 2019 people left" is a date; "by 2000 people" is not: a plural right after the number is counted.
_COUNTED = r"(?!\s(?:people|men|women|[a-z]*(?:[^s'’]s|ees|ers))\b)"

_TEAM = r"(?-i:[A-Z])[\w.'’]+(?:\s(?-i:[A-Z])[\w.'’]+){0,2}"
_MAIL = r"\S+@\S+\.\w+"

#: (kind, first characters, pattern); the first that matches at a place wins. Letter case counts only where a pattern
#: says so. A pattern is tried only where it may begin, which makes the search three times as fast: at a digit (d), at a
#: letter (l), at a letter that begins a word (w), at any other character (o).
_PATTERNS = (
    ("name", "l", r"(?:https?://|www\.)\S+"),
    ("name", "dlo", _MAIL),
    ("name", "o", r"(?<!\w)[#@]\w+"),
    ("date", "d", r"\d{4}-\d\d?-\d\d?(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"),
    ("phone", "o", r"(?<![\d.])\+\d{1,3}[\s.-]?(?:\(?\d{1,4}\)?[\s.-]?){2,5}\d{2,4}(?!\d)"),
    ("phone", "do", r"(?<![\d.])(?:1[\s.-])?\(?\d{3}\)?[\s.-]\d{3}[.\s-]\d{4}(?!\d)"),
    (
        "phone",
        "do",
        r"(?<!\d)\(?0\d{2,4}\)?[\s-]\d{3,4}[\s-]\d{3,4}(?!\d)|(?<![\d$£€.,])\d{3}-\d{4}(?![\d,])|(?<!\d)1-8\d\d-[\w-]+",
    ),
    ("date", "d", r"(?<![\d.])\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\d/])|(?<![\d.])(?:9/11|7/7|24/7)(?!\d)"),
    ("time", "d", rf"{_CLOCK}{_DASH}\d{{1,2}}(?:[:.]\d{{2}}){{0,2}}\s?{_AM_PM}"),
    ("time", "d", rf"{_CLOCK}\s?(?:{_AM_PM}|o['’]clock|noon)"),
    (
        "time",
        "d",
        rf"(?<![\d:.,])\d{{1,2}}:\d{{2}}(?:[:.]\d{{2,3}}){{0,2}}(?!\d)(?:\s?{_ZONE})?|(?<![\d:.,])\d{{3,4}}\s?{_ZONE}",
    ),
    ("time", "d", r"(?<=\bat )[0-2]\d[0-5]\d(?=\s(?:hours|hrs|local))"),
    ("date", "d", rf"{_DAY}{_DASH}{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?"),
    ("date", "d", rf"{_DAY}\s(?:of\s|day\sof\s)?{_MONTH}(?:,?\s(?:{_YEAR}|['’]?\d\d(?![\w,.%])))?"),
    (
        "date",
        "w",
        rf"(?<![a-z]){_MONTH}\s(?:the\s)?{_DAY}(?![:.]\d)(?:(?:\s?(?:-|–|to|and|,|&)\s?)(?:and\s)?{_DAY}(?!\s[a-z]))*"
        rf"(?:,?\s{_YEAR})?",
    ),
    ("date", "w", rf"(?<![a-z]){_MONTH},?\s(?:of\s)?{_YEAR}|(?<![a-z]){_MONTH}\s['’]?\d\d(?!\w)"),
    ("date", "l", rf"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s{_DAY}(?=\s{_MONTH})"),
    (
        "date",
        "d",
        r"(?<=\bthe )(?:[23]?1st|2?2nd|2?3rd|2?[4-9]th|1\dth|[23]0th)(?=[.,;:]|\s(?:of|at|and|when|it)\b|\Z)",
    ),
    ("date", "do", r"(?<![\w.])['’]?\d{1,3}0['’]?s(?!\w)"),
    ("date", "d", rf"(?<![\d$£€.,#-]){_YEAR}\s?(?:/|-|–|to)\s?(?:{_YEAR}|\d\d(?!\d))"),
    ("date", "l", rf"(?:between|from)\s{_YEAR}\s(?:and|to)\s(?:{_YEAR}|today)|{_YEAR_LEAD}[\s-]{_YEAR}{_COUNTED}"),
    ("score", "d", r"(?<![\d.,-])\d{1,3}(?:-|–)\d{1,3}(?:-|–)\d{1,3}(?![\w-])|\d-\d,\s\d-\d(?:,\s\d-\d)*|\d\(\d\)-\d"),
    (
        "score",
        "w",
        rf"\b{_RESULT}(?:\s[\w.'’&]+){{0,4}}?\s\(?\d{{1,3}}\s?(?:-|–|to)\s?\d{{1,3}}"
        r"(?![\d%.,]*\d|\s?(?:%|percent|per\scent|point|million))",
    ),
    ("score", "d", rf"(?<![\d.,$£€-])\d{{1,2}}(?:-to-|-|–)\d{{1,2}}(?=\s{_AFTER_RESULT}\b)"),
    (
        "address",
        "d",
        r"(?<![\d$£€.,-])\d{1,5}(?:-\d{1,5})?\s(?:(?:(?-i:[NSEW])\.?|North|South|East|West)\s)?"
        rf"(?:(?-i:[A-Z])[\w.'’]*\s|\d+(?:st|nd|rd|th)\s){{1,4}}{_STREET}",
    ),
    (
        "address",
        "d",
        r"(?<![\d$£€.,-])\d{1,4}\s(?-i:Rue|Via|Viale|Calle|Avenida|Plaza|Piazza|Rua|Quai|Boulevard|Avenue|Place)"
        r"\s[^,\n]{1,30}(?:,\s\d{4,5}(?=\s(?-i:[A-Z])))?",
    ),
    ("address", "d", r"(?<=\()\d{2,5}\s(?:(?-i:[NSEW])\b|North|South|East|West)(?=\))"),
    ("name", "d", r"(?<![\w.,$£€-])\d{1,2}\s(?-i:News)(?!\w)|\d{1,5}\s(?-i:Broadway)(?!\w)"),
    (
        "name",
        "w",
        r"(?<!\w)(?-i:FOX|Fox|NBC|CBS|ABC|CW|[KW][A-Z]{2,3}|News|Channel)\s?\d{1,2}(?![\w%]|[.,]\d|\s(?-i:[a-z]+s)\b)",
    ),
    ("address", "d", r"\d{2,5}(?:\s|-)blocks?(?![a-z])|(?<=\b(?-i:[A-Z][A-Z])\s)\d{5}(?:-\d{4})?(?!\d)"),
    (
        "marker",
        "wd",
        r"\b(?:image|photo|slide|page|step|\d)\s?(?:/\s?\d+|\d*\s(?:of|/)\s\d+)\s(?=photo|image|\n|(?-i:[A-Z]))",
    ),
    ("marker", "w", r"\b(?:images?|photo|slide|page)\s\d+\s(?:of\s?/?|/)\s\d+"),
    ("marker", "o", r"(?<=\]):\d+(?:[-–]\d+)?(?![\d%])"),
    ("marker", "wo", rf"(?<!\w)(?:copyright|©)\s(?:©\s)?{_YEAR}"),
    ("phone", "w", r"\btext(?:ing)?\s[^.\n\d]{1,40}?\sto\s\d{5,6}(?![\d,.]\d)"),
    ("name", "d", r"(?<![\d.,$£€])(?:240|360|480|576|720|1080|1440|2160|4320)[pi](?!\w)"),
    (
        "name",
        "d",
        r"(?<![\d.,$£€])[48](?-i:K)(?=[\s-](?:HDR|TVs?|UHD|O?LED|HDMI|video|footage|display|screen|monitor|camera|content"
        r"|resolution|stream|streaming|gaming|ready|Blu|Ultra|capable|projector)\b)",
    ),
    ("name", "d", r"(?<![\d.,$£€])\d{15,40}(?!\d|[.,]\d)|(?<![\d-])\d-in-(?:1|one)(?!\w)"),
    ("phone", "d", r"(?:(?<=\)\s)|(?<=\bat\s)|(?<=\bcall\s)|(?<=ing\s))\d{3}-(?-i:\d?[A-Z]{3,6})(?!\w)"),
    ("score", "d", r"(?<![\d.,$£€-])\d{1,2}-(?:of|for)-\d{1,2}(?![\w-])"),
    ("score", "w", rf"(?<!\w){_TEAM}\s\d{{1,2}},\s{_TEAM}\s\d{{1,2}}(?=\s?[:(\n])"),
    ("phone", "d", r"(?<![\d-])\d{3}-\d{3}-[A-Z]{4}\b|(?<![\w.,-])(?:911|999|9-1-1)(?![\w,]|\s?%|\.\d)"),
    (
        "name",
        "do",
        r"(?<!\w)\.?(?:22|25|32|38|40|44|45|50|357|380)[\s-](?=(?:cal|caliber|calibre|pistol|revolver|handgun|magnum)\b)",
    ),
    ("name", "d", r"(?<![\w-])\d{1,4}-(?-i:[A-Z]{1,4})-\d+"),
    (
        "name",
        "w",
        r"(?<=\bthe )(?-i:Group)\sof\s\d+|\b(?:password|passcode|case\snumber|zip\scode|postcode)\s(?:is|was)\s\d+",
    ),
    ("marker", "d", r"(?<!\d)\d{1,3}\s/\s\d{1,3}(?!\d)"),
    ("ordinal", "d", r"(?<![\w.,])\d+(?:,\d{3})*(?:st|nd|rd|th)(?![a-z])"),
    ("marker", "do", r"(?:(?<=\n)|^)\s*\(?\d{1,3}(?:[.)]|\s[-–])(?=\s)"),
    ("name", "wd", r"(?<!\w)\d{3,4}\s?(?=max\b)|(?<!\w)catch-22|(?<!\w)(?-i:[A-Z]{1,4}|Su|MiG|Mi)-?\d+[\w-]*"),
)
#: (what may begin, where it begins); letters within a word come last, as few patterns begin there
_BEGINNINGS = (
    ("d", r"(?=\d)"),
    ("lw", r"(?<![a-z])(?=[^\W\d_])"),
    ("o", r"(?=[\W_])"),
    ("l", r"(?<=[a-z])(?=[^\W\d_])"),
)


def _one_of(patterns: Iterable[tuple[str, str, str]]) -> re.Pattern[str]:
    """One expression for all; the last group of its match begins with the kind."""
    numbered = list(enumerate(patterns))
    branches = []
    for first, beginning in _BEGINNINGS:
        fitting = [
            f"(?:{one})(?P<{kind}_{n}{first}>)" for n, (kind, firsts, one) in numbered if set(first) & set(firsts)
        ]
        branches.append(f"{beginning}(?:{'|'.join(fitting)})")
    return re.compile("|".join(branches), re.IGNORECASE)


_NOISE = _one_of(_PATTERNS)
_NOISE_BUT_MAIL = _one_of(pattern for pattern in _PATTERNS if pattern[2] != _MAIL)  # which may begin anywhere
_DIGIT = re.compile(r"\d[\d.,]*%?")  # a whole numeral, so that each is looked at once
_MONEY = frozenset("$£€")
#: how far from a digit a pattern may begin and end, and how far at most: a long address of the web is looked at again
_BEFORE, _AFTER, _LONGEST = 60, 72, 500


def find_noise(text: str) -> list[tuple[int, int, str]]:
    """Spans of digits that count nothing, with their kind: date, time, phone, score, address, ordinal, marker, name."""
    found = []
    end = 0
    for digit in _DIGIT.finditer(text):
        if digit.start() < end or text[digit.start() - 1 : digit.start()] in _MONEY:
            continue
        start = max(end, digit.start() - _BEFORE)
        stop = min(len(text), digit.end() + _AFTER)
        noise = _NOISE if text.find("@", start, stop) >= 0 else _NOISE_BUT_MAIL
        while match := noise.search(text, start, stop):
            if match.start() >= digit.end():
                break  # another digit's, which is looked at with what follows it
            if match.end() == stop:
                match = noise.match(text, match.start(), stop + _LONGEST) or match
            found.append((match.start(), match.end(), (match.lastgroup or "").partition("_")[0]))
            end = start = match.end()
            if match.end() > digit.start():
                break
        end = max(end, digit.start() + 1)
    return found
