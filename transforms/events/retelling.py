"""Date an event that its own clause does not date by the day that was told for what it belongs to."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from newsbeam.transforms.events.days import BACKGROUND
from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.modality import SPEECH
from newsbeam.transforms.events.parse import SUBJECTS, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.times.mentions import TimeMention
from newsbeam.transforms.times.resolver import When, resolve

#: Deeds that a story tells one after the other.
_DEEDS = frozenset(("ASSAULT", "COERCE", "PROTEST", "RETREAT"))
_DEFINITE = frozenset(("the", "this", "that", "these", "those"))
#: Words that set a clause into the day spoken of.
_SAME_DAY = frozenset("later then meanwhile afterwards afterward soon shortly minutes hours".split())
_PARTS = frozenset("dawn dusk noon midday midnight morning afternoon evening night daybreak sunset".split())
#: The day of what is told from the long past without a day of its own.
HISTORY = When(None, None, None, "unresolved", None)
#: What stands for the type of a deed that is no event.
_STORY = ""
#: Sentences over which a story stays in a day, or in the long past that it spoke of.
REACH = 3
#: Sentences over which "the attack" reaches back, and ahead to a day told late.
_BACK, _AHEAD = 6, 3
#: "NAIROBI, May 3 (Agency) --": the day on which the text was filed.
_DATELINE = re.compile(
    r"\s*[A-Z][A-Z.'’ -]{2,30},(?: [A-Z][\w. ]{1,25},)? ([A-Z][a-z]{2,8}\.? \d{1,2})"
    r"(?: ?\([^()\n]{2,30}\))? ?(?:--|—|–|-) ?"
)
#: A text is published within so many days of its filing.
_FILED = timedelta(days=5)


class Told(NamedTuple):
    """An event of the article with the day that its own clause gives."""

    reading: Reading
    sentence: int
    when: When


class _Day(NamedTuple):
    """A day that the article tells for an event or an event noun."""

    sentence: int
    head: int
    type: str
    when: When
    is_told: bool  # by a verb; else it only hangs on a noun: "Sunday's raid"


def filed_on(text: str, published: date) -> date:
    """The day that a text counts its days from: that of its dateline, else the day of publication."""
    match = _DATELINE.match(text)
    if match is None:
        return published
    day = resolve(match[1], published).start
    return day if day is not None and timedelta(0) <= published - day <= _FILED else published


def retold(
    parse: Parse,
    lexicon: Lexicon,
    events: Sequence[Told],
    times: Sequence[tuple[int, TimeMention]],
    published: date,
) -> list[When]:
    """The day of each event, in the order of `events`; `times` are expressions with the number of their sentence."""
    days = [
        _Day(e.sentence, e.reading.head, e.reading.type, e.when, parse.is_verb(e.reading.head))
        for e in events
        if e.reading.realis == "actual" and _is_day(e.when, published)
    ]
    days += _days_of_nouns(parse, lexicon, times, published)
    days += _days_of_story(parse, times, published, {day.head for day in days})
    found: list[When] = []
    for event in events:
        when = event.when
        if when.type == "assumed_pub" and event.reading.realis == "actual":
            day = _day_for(parse, lexicon, event, days)
            if day is not None:
                when = When(day.when.start, None, "day", "approximate", day.when.text)
                days.append(_Day(event.sentence, event.reading.head, event.reading.type, day.when, True))
            elif _is_history(parse, event, times, published):
                when = HISTORY
        found.append(when)
    return found


def _is_day(when: When, published: date) -> bool:
    return when.type == "exact" and when.granularity == "day" and when.start is not None and when.start <= published


def _days_of_nouns(
    parse: Parse, lexicon: Lexicon, times: Sequence[tuple[int, TimeMention]], published: date
) -> list[_Day]:
    """Days that hang on an event noun: "the bombing late on Thursday", whatever is told of the bombing."""
    found = []
    for sentence, mention in times:
        if not _is_day(mention.when, published):
            continue
        for k in parse.ancestors(mention.start):
            if mention.start <= k < mention.end or parse.dep[k] == "prep":
                continue
            sense = lexicon.nouns.get(parse.lemma[k]) if parse.pos[k] == "NOUN" else None
            if sense is not None and sense.type and "free" in sense.flags:
                found.append(_Day(sentence, k, sense.type, mention.when, False))
            break
    return found


def _days_of_story(
    parse: Parse, times: Sequence[tuple[int, TimeMention]], published: date, known: set[int]
) -> list[_Day]:
    """Days on which something else was done that the story goes on from: "a man entered the shop on Friday"."""
    found = []
    for sentence, mention in times:
        above = (k for k in parse.ancestors(mention.start) if not mention.start <= k < mention.end)
        verb = next((k for k in above if parse.dep[k] != "prep"), None)
        if (
            verb is None
            or not parse.is_verb(verb)
            or verb in known
            or not _is_day(mention.when, published)
            or parse.lemma[verb] in SPEECH
        ):
            continue
        if parse.dep[verb] == "ROOT" and _tense(parse, verb) == "past":
            found.append(_Day(sentence, verb, _STORY, mention.when, True))
    return found


def _is_history(parse: Parse, event: Told, times: Sequence[tuple[int, TimeMention]], published: date) -> bool:
    """Whether an undated event is told from the long past: the last time spoken of before it lies years back."""
    head = event.reading.head
    if _tense(parse, head) is None:
        return False
    last: TimeMention | None = None
    for sentence, mention in times:
        if not event.sentence - REACH <= sentence <= event.sentence or mention.start > head:
            continue
        if "\n" in parse.tokens.span(mention.start, head):
            continue  # a new paragraph comes back to the present
        if mention.when.start is not None and _is_of_main_clause(parse, mention.start):
            last = mention
    if last is None or last.when.start is None:
        return False
    return (last.when.end or last.when.start) < published - BACKGROUND


def _is_of_main_clause(parse: Parse, i: int) -> bool:
    verb = next((k for k in parse.ancestors(i) if parse.is_verb(k)), None)
    return verb is not None and (parse.dep[verb] in ("ROOT", "conj") or parse.lemma[parse.head[verb]] in SPEECH)


def _day_for(parse: Parse, lexicon: Lexicon, event: Told, days: Sequence[_Day]) -> _Day | None:
    """The day told for what an undated event belongs to."""
    reading, number = event.reading, event.sentence
    same = [d for d in days if d.type == reading.type and d.head != reading.head]
    if _takes_up(parse, lexicon, reading):  # "the attack" takes up an attack
        before = [d for d in same if 0 <= number - d.sentence <= _BACK and d.head < reading.head]
        if before:
            return max(before, key=lambda d: d.head)
    ahead = [d for d in same if 0 < d.sentence - number <= _AHEAD and _is_definite(parse, d.head)]
    if ahead:  # "gunmen raided a village. … The raid on Friday"
        return min(ahead, key=lambda d: d.head)
    tense = _tense(parse, reading.head)
    if tense is None or not _is_told(parse, reading.head):
        return None
    is_set = _is_set_in_day(parse, reading.head)
    reach = 2 if is_set else 1
    told = [d for d in days if d.is_told or d.type == reading.type]
    before = [d for d in told if 0 <= number - d.sentence <= reach and d.head < reading.head]
    if not before:
        return None
    day = max(before, key=lambda d: d.head)
    if tense == "before":
        return day if day.type == reading.type else None
    return day if is_set or (day.type in (*_DEEDS, _STORY) and reading.type in _DEEDS) else None


def _takes_up(parse: Parse, lexicon: Lexicon, reading: Reading) -> bool:
    """Whether a noun in the event or its clause takes up what is known: "died in the attack"."""
    if any(_is_definite(parse, k) for k in reading.trigger):
        return True
    for word, _, objects in parse.prepositions(parse.clause_of(reading.head)):
        for k in objects if word in ("in", "during") else ():
            sense = lexicon.nouns.get(parse.lemma[k])
            if sense is not None and sense.type == reading.type and _is_definite(parse, k):
                return True
    return False


def _is_definite(parse: Parse, i: int) -> bool:
    return parse.pos[i] == "NOUN" and any(parse.lower[c] in _DEFINITE for c in parse.kids[i])


def _is_told(parse: Parse, head: int) -> bool:
    """Whether an event is what its clause tells, and no noun somewhere in it."""
    return parse.is_verb(head) or parse.dep[head] in (*SUBJECTS, "dobj", "ROOT")


def _tense(parse: Parse, head: int) -> str | None:
    """ "past" for the tense of a story, "before" for what lies before it ("had shot"); None for the rest."""
    verb = parse.clause_of(head)
    while parse.tag[verb] == "VBG" and parse.dep[verb] in ("advcl", "conj") and parse.is_verb(parse.head[verb]):
        verb = parse.head[verb]
    helpers = {parse.lower[k] for k in parse.kids[verb] if parse.dep[k] in ("aux", "auxpass")}
    if "had" in helpers:
        return "before"
    if helpers & {"has", "have", "'ve", "’ve"}:
        return None
    if parse.tag[verb] == "VBD" or (parse.tag[verb] == "VBN" and helpers & {"was", "were"}):
        return "past"
    return None


def _is_set_in_day(parse: Parse, head: int) -> bool:
    """Whether words of the clause tell an hour of a day that is known: "at dawn", "in the evening", "later"."""
    verb = parse.clause_of(head)
    for k in parse.kids[verb]:
        if parse.lower[k] in _SAME_DAY and parse.dep[k] not in SUBJECTS:
            return True
        if parse.dep[k] == "prep" and any(parse.lower[c] in _PARTS for c in parse.kids[k]):
            return True
    return False
