"""Read the figures of an article: every number that states a quantity, and what it counts."""

from bisect import bisect_left, bisect_right
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from newsbeam.schemas.article import Article
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.figures.context import UNKNOWN, Scope, attribution_of, scope_of
from newsbeam.transforms.figures.counting import (
    PEOPLE,
    Counted,
    counted_by,
    is_person_noun,
    measured_by,
    numeral_token,
    phrase_of,
    unit_of,
)  # fmt: skip
from newsbeam.transforms.figures.effects import Effect, effect_of
from newsbeam.transforms.figures.money import Treasury
from newsbeam.transforms.figures.nothing import zero_counts
from newsbeam.transforms.figures.numbers import NOISE, Number, read_numbers
from newsbeam.transforms.figures.quantity import is_quantity
from newsbeam.transforms.figures.rates import per_after
from newsbeam.transforms.figures.relations import Hint, relate
from newsbeam.transforms.ids import digest
from newsbeam.transforms.places.article import ArticlePlaces
from newsbeam.transforms.times.mentions import TimeMention, find_times

CODER_VERSION = "figures-1"
_MEASURES = {"money", "percent", "measure", "temperature", "ratio", "fraction", "duration", "age"}
_UP = {
    "rise",
    "climb",
    "gain",
    "increase",
    "jump",
    "surge",
    "soar",
    "grow",
    "rally",
    "add",
    "advance",
    "expand",
    "boost",
    "rebound",
    "leap",
    "spike",
    "swell",
    "raise",
    "up",
    "higher",
    "upward",
    "improve",
    "accelerate",
    "strengthen",
    "appreciate",
    "edge",
}
_DOWN = {
    "fall",
    "drop",
    "decline",
    "decrease",
    "lose",
    "plunge",
    "tumble",
    "slide",
    "slip",
    "sink",
    "shed",
    "dip",
    "shrink",
    "slump",
    "cut",
    "reduce",
    "ease",
    "down",
    "lower",
    "downward",
    "contract",
    "weaken",
    "depreciate",
    "retreat",
    "crash",
    "plummet",
}


class Reading(NamedTuple):
    """A number with all that the parse says of it, before figures are related to each other."""

    number: Number
    first: int
    last: int
    counted: Counted
    measured: Token | None
    kind: str
    effect: Effect | None
    scope: Scope
    sentence: int


def read_figures(article: Article, doc: Doc) -> list[Figure]:
    """The figures of an article, in the order of its text. `doc` is the parse of `article.text`."""
    numbers = read_numbers(doc.text)
    sentences = list(doc.sents)
    bounds = [sentence.start for sentence in sentences]
    offsets = [token.idx for token in doc]
    published = date.fromisoformat(article.date)
    times: dict[int, list[TimeMention]] = {}
    readings: list[Reading] = []
    for number in sorted([*numbers, *zero_counts(doc)]):
        first = max(0, bisect_right(offsets, number.core_start) - 1)
        last = max(first, bisect_left(offsets, number.core_end) - 1)
        if number.kind in NOISE - {"date"}:
            continue
        at = bisect_right(bounds, first) - 1
        reading = _reading(doc, number, first, last, at)
        if reading is None:
            continue
        if at not in times:
            times[at] = find_times(sentences[at], published)
        readings.append(_in_time(reading, times[at], published))
    return _rows(article, doc, sentences, readings)


def _reading(doc: Doc, number: Number, first: int, last: int, sentence: int) -> Reading | None:
    counted = counted_by(doc, first, last)
    bare = number.unit is None and number.currency is None
    effect = _effect(doc, number, counted) if bare or number.kind in ("percent", "fraction", "ratio") else None
    if not is_quantity(doc, number, first, last, counted, effect):
        return None
    measured = None
    kind = number.kind
    if kind in _MEASURES:
        measured = measured_by(doc, first, last)
    elif counted.is_people or (effect is not None and counted.noun is None):
        kind = "people"
    elif effect is not None and counted.noun is not None and effect.verb == counted.noun:
        kind = "people"  # "ten deaths"
    else:
        kind = "count"
        effect = None
        if counted.noun is None:
            measured = measured_by(doc, first, last)
    if kind not in ("people", "percent", "fraction", "ratio"):
        effect = None
    return Reading(number, first, last, counted, measured, kind, effect, UNKNOWN, sentence)


def _effect(doc: Doc, number: Number, counted: Counted) -> Effect | None:
    node = counted.noun if counted.noun is not None else counted.numeral
    found = effect_of(node)
    if found is None and counted.noun is not None and not counted.is_people:
        return None
    if found is not None and number.bound == "none" and found.polarity == "negated":
        found = found._replace(polarity="asserted")
    return found


def _in_time(reading: Reading, times: list[TimeMention], published: date) -> Reading:
    if reading.kind == "age":
        return reading
    outside = [time for time in times if time.end <= reading.first or time.start > reading.last]
    node = reading.counted.noun if reading.counted.noun is not None else reading.counted.numeral
    verb = reading.effect.verb if reading.effect else None
    return reading._replace(scope=scope_of(node, verb, outside, published))


def _rows(article: Article, doc: Doc, sentences: list[Span], readings: list[Reading]) -> list[Figure]:
    treasury = Treasury(doc.text)
    places = ArticlePlaces(doc, article.title) if readings else None
    figures, hints, owners, whole = [], [], [], []
    for i, reading in enumerate(readings):
        figures.append(_row(article, doc, sentences, reading, treasury, places, readings[:i]))
        hints.append(_hint(doc, reading))
        owners.append(_owner_of(reading, readings[:i]))
        whole.append(sentences[reading.sentence].text.rstrip().endswith((".", "!", "?", "”", '"', "’")))
    return relate(figures, hints, owners, whole)


def _row(
    article: Article, doc: Doc, sentences: list[Span], reading: Reading, treasury: Treasury,
    places: ArticlePlaces | None, before: list[Reading],
) -> Figure:  # fmt: skip
    number, text = reading.number, doc.text
    end = number.end
    per = per_after(text, end) if reading.kind not in ("age",) else None
    noun = reading.measured if reading.kind in _MEASURES or reading.counted.noun is None else reading.counted.noun
    unit, currency = number.unit, number.currency
    if per is None and reading.counted.noun is not None and reading.kind in ("count", "people"):
        last = reading.counted.noun
        per = per_after(text, last.idx + len(last))
    elif per is not None:
        end = per[1]
    if reading.kind == "money":
        currency = currency or treasury.code_of(unit or "")
    elif reading.kind == "people":
        unit = _people_unit(reading)
    elif reading.kind == "count" and reading.counted.noun is not None:
        unit = unit_of(reading.counted.noun, reading.last)
    if per and unit and reading.kind != "money" and f" per {per[0]}" not in unit:
        unit = f"{unit} per {per[0]}"
    phrase = _phrase(doc, noun, reading)
    place = places.place_of(_clause(reading)).place if places is not None and reading.kind == "people" else None
    scope = reading.scope if per is None else reading.scope._replace(scope="rate")
    sentence = sentences[reading.sentence]
    effect = reading.effect
    return Figure(
        figure_id=digest("figure", article.article_id, article.revision, number.start, end),
        article_id=article.article_id,
        revision=article.revision,
        date=article.date,
        event_id=None,
        surface=text[number.start : end],
        char_start=number.start,
        char_end=end,
        sentence=sentence.text.strip(),
        sentence_index=reading.sentence,
        kind=_kind(reading, per is not None),
        value=number.value,
        value_low=number.low,
        value_high=number.high,
        bound=number.bound,
        change=_change(doc, reading),
        unit=unit,
        currency=currency,
        per=per[0] if per else None,
        noun=noun.lemma_.lower() if noun is not None else None,
        noun_phrase=phrase,
        effect=effect.effect if effect else None,
        polarity=effect.polarity if effect else "asserted",
        groups=_groups(reading) if reading.kind == "people" else [],
        relation="total",
        part_of=None,
        scope=scope.scope,
        period_start=scope.start,
        period_end=scope.end,
        place_name=place.name if place else None,
        place_country=place.country if place else None,
        attribution=attribution_of(reading.counted.numeral),
        confidence=_confidence(reading, noun),
        coder_version=CODER_VERSION,
    )


def _kind(reading: Reading, is_rate: bool) -> str:
    if reading.kind == "fraction":
        return "ratio"
    return reading.kind


def _people_unit(reading: Reading) -> str:
    noun = reading.counted.noun
    return "person" if noun is None or noun.lemma_.lower() in ("people", "person") else unit_of(noun, reading.last)


def _phrase(doc: Doc, noun: Token | None, reading: Reading) -> str | None:
    if noun is None:
        return None
    first, last = phrase_of(noun, reading.last if noun.i > reading.last else -1)
    return " ".join(doc[first : last + 1].text.split()) or None


def _clause(reading: Reading) -> list[Token]:
    """The tokens of the clause that says what happened: of its verb, without clauses inside."""
    top = reading.effect.verb if reading.effect else reading.counted.numeral
    found, stack = [top], [top]
    while stack:
        for child in stack.pop().children:
            if child.dep_ not in ("ccomp", "advcl", "relcl", "conj", "parataxis"):
                found.append(child)
                stack.append(child)
    return sorted(found, key=lambda token: token.i)


def _groups(reading: Reading) -> list[str]:
    """Who they are: the nouns coordinated with the one counted, their nationality and kind, and those "including"."""
    noun = reading.counted.noun
    if noun is None:
        return []
    found: list[str] = []
    nodes = [noun, *(c for c in noun.children if c.dep_ == "conj" and not any(d.dep_ == "nummod" for d in c.children))]
    for node in nodes:
        for child in node.children:
            if (
                child.dep_ in ("amod", "compound", "nmod")
                and child.i > reading.last
                and (child.ent_type_ == "NORP" or child.text[0].isupper() or is_person_noun(child))
            ):
                found.append(child.text if child.text[0].isupper() else child.lemma_)
        lemma = node.lemma_ if node.pos_ != "PROPN" else node.text
        if PEOPLE.get(node.lemma_.lower()) != "anyone":
            found.append(lemma)
    found.extend(_including(noun))
    return list(dict.fromkeys(found))


def _including(noun: Token) -> list[str]:
    found = []
    for word in noun.sent:
        if word.lower_ in ("including", "among") and word.i > noun.i and word.i - noun.i < 14:
            for child in word.children:
                for node in (child, *child.conjuncts):
                    if is_person_noun(node) and PEOPLE.get(node.lemma_.lower()) != "anyone":
                        found.append(node.lemma_.lower())
            break
    return found


def _hint(doc: Doc, reading: Reading) -> Hint:
    first = reading.first
    before = [doc[i].lower_ for i in range(max(0, first - 2), first)]
    after = [doc[i].lower_ for i in range(reading.last + 1, min(len(doc), reading.last + 3))]
    if reading.number.moved:
        return Hint(is_previous=True)
    if before[-1:] == ["from"] and reading.kind in ("people", "count", "percent", "money") and _is_toll_move(reading):
        return Hint(is_previous=True)
    if reading.kind != "people":
        return Hint()
    if (
        "more" in after[:1]
        or "another" in before[-1:]
        or "additional" in after[:1]
        or "further" in after[:1] + before[-1:]
    ):
        return Hint(is_increment=True)
    if reading.counted.is_of or _is_included(reading):
        return Hint(is_part=True)
    return Hint(is_anaphoric=bool(before) and before[-1] in ("all", "both", "the", "these", "those"))


def _is_toll_move(reading: Reading) -> bool:
    head = reading.counted.numeral.head
    return head.lower_ == "from" and head.head.pos_ == "VERB" and head.head.lemma_ in (_UP | _DOWN)


def _is_included(reading: Reading) -> bool:
    node = reading.counted.noun if reading.counted.noun is not None else reading.counted.numeral
    while node.dep_ == "conj":
        node = node.head
    return node.dep_ == "pobj" and node.head.lower_ in ("including", "among")


def _owner_of(reading: Reading, before: list[Reading]) -> int | None:
    """The count of people before it in the sentence that a part belongs to."""
    if reading.kind != "people":
        return None
    for k in range(len(before) - 1, -1, -1):
        other = before[k]
        if other.sentence != reading.sentence:
            return None
        if other.kind == "people" and not _is_included(other) and not other.counted.is_of:
            return k
    return None


def _change(doc: Doc, reading: Reading) -> str | None:
    if reading.number.core_start and doc.text[reading.number.core_start - 1] == "+":
        return "up"
    root = numeral_token(doc, reading.first, reading.last)
    node = root
    for _ in range(4):
        head = node.head
        if head == node:
            break
        lemma = head.lemma_.lower()
        if head.pos_ in ("VERB", "AUX"):
            if reading.kind in ("percent", "measure", "ratio", "count", "money", "people") and node.dep_ in (
                "dobj",
                "npadvmod",
                "advmod",
                "prep",
                "attr",
                "obl",
                "nummod",
            ):
                if node.dep_ == "prep" and node.lower_ not in ("by",):
                    return None
                if lemma in _UP:
                    return "up"
                if lemma in _DOWN:
                    return "down"
            for child in head.children:
                if child.lower_ in _UP and child.dep_ in ("advmod", "acomp", "prt"):
                    return "up"
                if child.lower_ in _DOWN and child.dep_ in ("advmod", "acomp", "prt"):
                    return "down"
            return None
        if head.lower_ in _UP and head.pos_ in ("ADV", "ADP", "ADJ"):
            return "up"
        if head.lower_ in _DOWN and head.pos_ in ("ADV", "ADP", "ADJ"):
            return "down"
        node = head
    return None


def _confidence(reading: Reading, noun: Token | None) -> float:
    """A chance by class of evidence, as measured on the development half of the evaluation sets."""
    if reading.kind == "people":
        return 0.9 if reading.effect else 0.75
    if reading.number.unit or reading.number.currency:
        return 0.93
    return 0.85 if noun is not None else 0.6
