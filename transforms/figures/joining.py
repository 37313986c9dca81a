"""Join figures to the events whose clauses state them."""

from bisect import bisect_left, bisect_right

from spacy.tokens import Doc

from newsbeam.schemas.event import Event
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.counting import numeral_token

#: what an effect on people is the outcome of, where no trigger governs the figure: the event types, likeliest first
_OUTCOMES = {
    "killed": ("ASSAULT", "MOBILIZE", "PROTEST"),
    "injured": ("ASSAULT", "PROTEST", "MOBILIZE"),
    "casualties": ("ASSAULT", "PROTEST", "MOBILIZE"),
    "hospitalised": ("ASSAULT", "PROTEST", "MOBILIZE"),
    "abducted": ("ASSAULT", "COERCE"),
    "arrested": ("COERCE", "PROTEST"),
    "attending": ("PROTEST", "CONSULT"),
    "released": ("CONCEDE", "RETREAT"),
}
_COUNTED = ("killed", "injured", "attending")
#: a count over months is no toll of one event
_NO_EVENT = ("cumulative", "rate")
_LARGEST = 2**62


def join_figures(events: list[Event], figures: list[Figure], doc: Doc) -> tuple[list[Event], list[Figure]]:
    """Set `event_id` of the figures, and the events' tolls and sizes from them.

    A figure belongs to the event whose trigger is its nearest governor in the parse; failing that, people to whom
    something happened belong to the nearest event of their sentence that has such outcomes. Tolls add up the totals
    that are asserted of the event itself; parts, restatements and counts over longer periods stay out.
    """
    if not events or not figures:
        return events, figures
    offsets = tokens_of(doc).begin
    triggers = [_tokens(offsets, event.trigger_start, event.trigger_end) for event in events]
    by_sentence: dict[int, list[int]] = {}
    for at, event in enumerate(events):
        by_sentence.setdefault(event.sentence_index, []).append(at)
    joined = []
    tolls: dict[tuple[int, str], tuple[int, int | None]] = {}
    for figure in figures:
        near = by_sentence.get(figure.sentence_index, [])
        chosen = _governing(doc, offsets, figure, near, triggers) if near else None
        if chosen is None:
            chosen = _outcome(figure, events, near)
        if chosen is None:
            joined.append(figure)
            continue
        joined.append(figure._replace(event_id=events[chosen].event_id))
        _add(tolls, chosen, figure)
    counted = list(events)
    for (at, effect), (low, high) in sorted(tolls.items()):
        event = counted[at]
        if effect == "killed":
            counted[at] = event._replace(killed_min=low, killed_max=high)
        elif effect == "injured":
            counted[at] = event._replace(injured_min=low, injured_max=high)
        else:
            counted[at] = event._replace(size_min=low, size_max=high)
    return counted, joined


def _tokens(offsets: list[int], start: int, end: int) -> range:
    return range(max(0, bisect_right(offsets, start) - 1), bisect_left(offsets, end))


def _governing(doc: Doc, offsets: list[int], figure: Figure, near: list[int], triggers: list[range]) -> int | None:
    """The event of the sentence whose trigger is met first on the way up from the figure."""
    span = _tokens(offsets, figure.char_start, figure.char_end)
    node = numeral_token(doc, span.start, max(span.start, span.stop - 1))
    while True:
        for at in near:
            if node.i in triggers[at]:
                return at
        if node.head == node:
            return None
        node = node.head


def _outcome(figure: Figure, events: list[Event], near: list[int]) -> int | None:
    for kind in _OUTCOMES.get(figure.effect or "", ()):
        fitting = [at for at in near if events[at].type == kind]
        if fitting:
            return min(fitting, key=lambda at: (abs(events[at].trigger_start - figure.char_start), at))
    return None


def _add(tolls: dict[tuple[int, str], tuple[int, int | None]], at: int, figure: Figure) -> None:
    if figure.effect not in _COUNTED or figure.kind != "people":
        return
    if figure.relation != "total" or figure.polarity != "asserted" or figure.scope in _NO_EVENT:
        return
    low = int(figure.value_low or 0) if (figure.value_low or 0) < _LARGEST else None
    high = int(figure.value_high) if figure.value_high is not None and figure.value_high < _LARGEST else None
    if low is None:
        return
    known = tolls.get((at, figure.effect))
    if known is not None:
        low, high = known[0] + low, None if known[1] is None or high is None else known[1] + high
    tolls[at, figure.effect] = low, high
