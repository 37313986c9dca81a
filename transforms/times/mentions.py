"""Find the time expressions of a sentence and resolve them with the tense of their clause."""

import re
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.transforms.actors.tokens import Tokens, tokens_of
from newsbeam.transforms.times.calendar import MONTHS, NUMBERS, WEEKDAYS
from newsbeam.transforms.times.resolver import When, resolve
from newsbeam.transforms.times.tense import tense_of
from newsbeam.transforms.times.undated import may_be_undated, undated
from newsbeam.transforms.times.words import WORDS


class TimeMention(NamedTuple):
    """A time expression at its place in the document."""

    start: int  # index of its first token in the document
    end: int  # index of the token after its last
    when: When


_DEICTIC, _PARTS = WORDS["deictic"], WORDS["parts"]
_UNITS = WORDS["units"] | frozenset(f"{unit}s" for unit in WORDS["units"]) | {"q1", "q2", "q3", "q4"}
_NAMED = _DEICTIC | _PARTS | _UNITS | WEEKDAYS.keys() | MONTHS.keys()
#: words of time expressions beside those that can carry one
_GLUE = WORDS["glue"] | NUMBERS.keys()
_NAMED_DAYS, _SHORT_WORDS, _PERSONS = WORDS["named_days"], WORDS["short"], WORDS["newborn"]
_GIVEN_NAMES, _PREPOSITIONS, _BEFORE_YEAR = WORDS["given_names"], WORDS["prepositions"], WORDS["before_year"]
_NOT_FIRST, _NOT_LAST = WORDS["not_first"], WORDS["not_last"]
_DIGITS = re.compile(r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|\d{4}s$|\d{4}-\d\d-\d\dt")
_MAX_TOKENS = 14


def find_times(sentence: Span, published: date) -> list[TimeMention]:
    """The time expressions of a sentence in order of place, without overlaps; refused ones are of type unresolved."""
    doc = sentence.doc
    words = tokens_of(doc).lower[sentence.start : sentence.end]
    if not any(word in _NAMED or word[:1].isdigit() for word in words) and not may_be_undated(words):
        return []
    found = [
        TimeMention(start, end, When(None, None, None, "unresolved", text)) for start, end, text in undated(sentence)
    ]
    taken = {i for mention in found for i in range(mention.start, mention.end)}
    at, last = sentence.start, sentence.end
    belongs = [_belongs(word) for word in words]
    while at < last:
        if at in taken or not belongs[at - sentence.start]:
            at += 1
            continue
        run_end = at
        while run_end < last and run_end not in taken and belongs[run_end - sentence.start]:
            run_end += 1
        found.extend(_in_run(doc, at, run_end, published))
        at = run_end
    return sorted(found)


def _belongs(word: str) -> bool:
    return (
        word in _NAMED or word in _GLUE or word[:1].isdigit() or word.rstrip(".") in MONTHS or word.startswith("mid-")
    )


def _in_run(doc: Doc, start: int, end: int, published: date) -> list[TimeMention]:
    """Longest resolvable expressions within a run of time words, from the left."""
    found: list[TimeMention] = []
    tokens = tokens_of(doc)
    seeds = [i for i in range(start, end) if _is_seed(tokens, i)]
    if not seeds:
        return found
    at = start
    while seeds and at <= seeds[-1]:
        limit = min(end, at + _MAX_TOKENS)
        seed = next(i for i in seeds if i >= at)
        mention = _longest(doc, at, limit, seed, published) if seed < limit else None
        if mention is None:
            at += 1
        else:
            found.append(mention)
            at = mention.end
    return found


def _longest(doc: Doc, start: int, limit: int, seed: int, published: date) -> TimeMention | None:
    tokens = tokens_of(doc)
    lower = tokens.lower
    if lower[start] in _NOT_FIRST:
        return None
    if lower[start] in _PREPOSITIONS and start + 1 < limit and lower[start + 1] in _PREPOSITIONS:
        return None  # "sworn in on Friday"
    tense: str | None = None
    for end in range(limit, seed, -1):
        if lower[end - 1] in _NOT_LAST:
            continue
        text = tokens.span(start, end)
        tense = tense or tense_of(doc[seed])
        when = resolve(text, published, tense=tense)
        if when.type != "unresolved" and _is_time(doc, start, end, when, tense):
            return TimeMention(start, end, when)
    return None


def _is_seed(tokens: Tokens, i: int) -> bool:
    word, is_capital = tokens.lower[i].rstrip("."), tokens.word[i][:1].isupper()
    if is_capital and word in _NAMED and _is_of_name(tokens, i):
        return False
    if word in _SHORT_WORDS:
        return is_capital and tokens.tag[i] not in ("MD", "VB", "VBD", "VBP")
    if word in WEEKDAYS or word in MONTHS:
        return is_capital
    if word in _NAMED or word.startswith("mid-"):
        return True
    return word[:1].isdigit() and (_is_year(word) or _is_ordinal(word) or bool(_DIGITS.match(word)))


def _is_of_name(tokens: Tokens, i: int) -> bool:
    """Whether a time word belongs to a name: "Theresa May", "USA Today", "June Smith"."""
    if tokens.lower[i] not in _GIVEN_NAMES:
        return False
    word, entity = tokens.word, tokens.ent[i]
    if entity == "PERSON" and not (i + 1 < len(word) and word[i + 1][:1].isdigit()):
        return True
    if i in tokens.starts:
        return False
    before = i - 1
    if tokens.pos[before] != "PROPN" or not word[before][:1].isupper() or tokens.lower[before].rstrip(".") in _NAMED:
        return False
    is_compound = tokens.dep[before] == "compound" and tokens.head[before] == i
    return is_compound or entity in ("PERSON", "ORG") or (word[i].isupper() and word[before].isupper())


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and 1800 <= int(word) < 2100


def _is_ordinal(word: str) -> bool:
    return word[-2:] in ("st", "nd", "rd", "th") and word[:-2].isdigit()


def _is_time(doc: Doc, start: int, end: int, when: When, tense: str) -> bool:
    first, last = doc[start], doc[end - 1]
    lower = tokens_of(doc).lower
    words = lower[start:end]
    if (
        words[0] in ("in", "for")
        and when.start is not None
        and len(words) > 2
        and words[-1] in _UNITS
        and tense != "future"
    ):
        return "past" in words or "last" in words  # "the third attack in ten days" tells a duration
    if end - start == 1 and _is_year(words[0]):
        return start > 0 and lower[start - 1] in _BEFORE_YEAR and not _counts(first)
    if _is_year(words[-1]) and end - start <= 2:
        return (words[0] in _BEFORE_YEAR or words[0] in MONTHS) and not _counts(last)
    if start > 0 and lower[start - 1] in _NAMED_DAYS and words[0] in WEEKDAYS:
        return False
    if words[-1] == "old":
        return not any(child.lower_ in _PERSONS for child in (last.head, doc[min(end, len(doc) - 1)]))
    if not set(words) & _NAMED and not any(_is_year(word) or _DIGITS.match(word) for word in words):
        if _is_ordinal(words[-1]):
            return "the" in words and _stands_alone(last)  # "the 15th", but not "the 15th round"
        if all(
            word in ("the", "on", "of", "by", "in", "from", "to", "and", "between", "-") or word[:1].isdigit()
            for word in words
        ):
            return False
    if words[-1] in ("half", "quarter") and words[0] != "in" and not _stands_alone(last):
        return False
    if (
        end < len(doc)
        and (words[-1] in WEEKDAYS or words[-1] in MONTHS)
        and doc[end].ent_type_ in ("PERSON", "ORG")
        and doc[end].ent_iob_ == "I"
    ):
        return False
    return not (
        words[:1] == ["september"]
        and words[-1:] == ["11"]
        and end < len(doc)
        and doc[end].lower_ in ("attacks", "hijackings", "terrorist")
    )


def _counts(token: Token) -> bool:
    """Whether a number of four digits counts what follows it, or names it ("the 2015 deal")."""
    return token.dep_ in ("nummod", "compound", "amod") and token.head.i > token.i


def _stands_alone(token: Token) -> bool:
    return not (token.head.i > token.i and token.head.pos_ in ("NOUN", "PROPN"))
