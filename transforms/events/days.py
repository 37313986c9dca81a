"""Choose the time expression that belongs to an event's clause."""

from collections.abc import Sequence
from datetime import date, timedelta

from newsbeam.transforms.events.lexicon import Lexicon
from newsbeam.transforms.events.modality import SPEECH
from newsbeam.transforms.events.parse import SUBJECTS, Parse
from newsbeam.transforms.events.reading import Reading
from newsbeam.transforms.times.mentions import TimeMention
from newsbeam.transforms.times.resolver import When, resolve

#: Types of events that are about a later deed.
_SAID = frozenset(("AGREE", "REQUEST", "THREATEN", "REJECT"))
#: Prepositions to what led to the deed of the clause: it lies before.
_GROUNDS = frozenset(("over", "for", "after", "following", "since", "about"))
#: An event that ended this long before publication is background.
BACKGROUND = timedelta(days=365)


def day_of_event(
    parse: Parse, lexicon: Lexicon, reading: Reading, mentions: Sequence[TimeMention], published: date | None
) -> When:
    """The day of an event: of the nearest expression that hangs on its words, else the day of publication.

    Without a publication day nothing is dated.
    """
    if published is None:
        return When(None, None, None, "unresolved", None)
    best: tuple[int, int, TimeMention] | None = None
    for mention in mentions:
        rank = _attachment(parse, lexicon, reading, mention)
        if rank is None:
            continue
        distance = abs(mention.start - reading.head)
        if best is None or (rank, distance) < best[:2]:
            best = rank, distance, mention
    if best is None:
        best = _shared(parse, reading, mentions)
    if best is not None:
        when = _in_tense(parse, best[2].when, reading, published)
        if not (
            reading.realis == "actual" and reading.type in _SAID and when.start is not None and when.start > published
        ):
            return when  # else it is the day of what is promised, asked or threatened
    if reading.realis in ("future", "hypothetical") or _is_anchor(parse, reading.head):
        return When(None, None, None, "unresolved", None)
    return When(published, None, "day", "assumed_pub", None)


def _in_tense(parse: Parse, when: When, reading: Reading, published: date) -> When:
    """The reading of an expression that fits the event: what has happened lies before publication, what will after."""
    if when.start is None or when.text is None:
        return when
    if reading.realis == "actual" and when.start > published:
        return resolve(when.text, published, tense="past")
    is_vow = parse.tag[reading.head] == "VBD"  # "vowed on Sunday to help": the day of the vow
    if reading.realis == "future" and when.start < published and when.type == "exact" and not is_vow:
        later = resolve(when.text, published, tense="future")
        return later if later.start is not None else when
    return when


def is_background(when: When, published: date | None) -> bool:
    """Whether a day lies so far before publication that it is told as history."""
    if published is None or when.start is None or when.type == "unresolved":
        return False
    return (when.end or when.start) < published - BACKGROUND


def _attachment(parse: Parse, lexicon: Lexicon, reading: Reading, mention: TimeMention) -> int | None:
    """How closely an expression hangs on an event: 0 on its words, 1 on its clause; None elsewhere."""
    own = {reading.head, *reading.trigger, *reading.consumed}
    i = mention.start
    while mention.start <= i < mention.end and parse.head[i] != i and mention.start <= parse.head[i] < mention.end:
        i = parse.head[i]
    for k in (i, *parse.ancestors(i)):
        if mention.start <= k < mention.end or _begins_after(parse, k, mention):
            continue
        if k in own:
            return 0
        is_event_noun = parse.lemma[k] in lexicon.nouns and "free" in lexicon.nouns[parse.lemma[k]].flags
        if is_event_noun and parse.pos[k] == "NOUN" and parse.dep[k] not in ("compound", "nsubj", "nsubjpass", "dobj"):
            return None
        if parse.is_verb(k):
            return _by_clause(parse, reading, k, own)
    return None


def _shared(parse: Parse, reading: Reading, mentions: Sequence[TimeMention]) -> tuple[int, int, TimeMention] | None:
    """The expression of a clause that shares its subject with the event's.

    "Shot a guard and fled on Friday" and "fled on Friday and shot a guard" date both; "shelled it on Friday, killing
    two" dates the killing too.
    """
    clause = parse.clause_of(reading.head)
    for k in (reading.head, *parse.ancestors(reading.head)):
        if k == clause:
            break
        if _is_aside(parse, k):
            return None
    family = _family(parse, clause)
    for mention in mentions:
        for k in parse.ancestors(mention.start):
            if parse.is_verb(k):
                if k in family and not _begins_after(parse, k, mention):
                    return 2, abs(mention.start - reading.head), mention
                break
            if parse.dep[k] in SUBJECTS:
                break
    return None


def _family(parse: Parse, verb: int) -> set[int]:
    """A verb and those of its day: coordinated without a subject of their own, of a participle, or told with "when"."""
    top = verb
    while parse.head[top] != top and parse.is_verb(parse.head[top]) and _is_shared(parse, top):
        top = parse.head[top]
    found = [top]
    for k in found:
        found.extend(c for c in parse.kids[k] if parse.is_verb(c) and _is_shared(parse, c))
    return set(found)


def _is_shared(parse: Parse, verb: int) -> bool:
    if _is_meanwhile(parse, verb):
        return True
    if parse.one(verb, *SUBJECTS) is not None or parse.one(verb, "mark", "aux") is not None:
        return False
    return parse.dep[verb] == "conj" or (parse.dep[verb] == "advcl" and parse.tag[verb] == "VBG")


def _is_meanwhile(parse: Parse, verb: int) -> bool:
    """Whether a clause tells what happened at the same time: "ten died when a bomb exploded"."""
    if parse.dep[verb] != "advcl" or parse.lemma[verb] in SPEECH or parse.tag[verb] not in ("VBD", "VBN"):
        return False
    return any(parse.lower[k] in ("when", "as") and parse.dep[k] in ("mark", "advmod") for k in parse.kids[verb])


def _is_anchor(parse: Parse, head: int) -> bool:
    """Whether the event is what another is dated by ("a day after the raid killed ten"): its own day is not told."""
    verb = parse.clause_of(head)
    mark = parse.one(verb, "mark")
    return (
        mark is not None and parse.dep[verb] == "advcl" and parse.lower[mark] in ("after", "before", "since", "until")
    )


def _begins_after(parse: Parse, verb: int, mention: TimeMention) -> bool:
    """Whether a time expression stands before the "to" of the infinitive that the parser hung it on."""
    return any(parse.dep[k] == "aux" and parse.lower[k] == "to" and mention.start < k for k in parse.kids[verb])


def _is_aside(parse: Parse, prep: int) -> bool:
    """Whether a preposition leads to what the clause's day is not told of.

    "The death toll of the bombing rose on Friday", "fined on Friday over the killing".
    """
    if parse.dep[prep] != "prep":
        return False
    return parse.pos[parse.head[prep]] in ("NOUN", "PROPN") or parse.lower[prep] in _GROUNDS


def _by_clause(parse: Parse, reading: Reading, verb: int, own: set[int]) -> int | None:
    below = reading.head
    for k in (reading.head, *parse.ancestors(reading.head)):
        if _is_aside(parse, k):
            return None
        if k == verb:
            if parse.lemma[verb] in SPEECH and verb not in own and parse.dep[below] in ("ccomp", "parataxis"):
                return None
            return 1
        if parse.dep[k] in ("ccomp", "relcl", "parataxis", "advcl") or (parse.dep[k] == "conj" and parse.is_verb(k)):
            return None
        below = k
    return None
