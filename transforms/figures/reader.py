"""Read the figures of an article: every number that states a quantity, and what it counts."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from spacy.tokens import Doc, Span, Token

from newsbeam.schemas.article import Article
from newsbeam.schemas.figure import Figure
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.change import change_of
from newsbeam.transforms.figures.confidence import confidence_of
from newsbeam.transforms.figures.context import attribution_of, scope_of
from newsbeam.transforms.figures.counting import phrase_of, singular
from newsbeam.transforms.figures.ellipsis import fill, merge_doubts, merge_moves
from newsbeam.transforms.figures.hints import groups_of, hint_of, owner_of
from newsbeam.transforms.figures.holding import holder_of
from newsbeam.transforms.figures.money import Treasury
from newsbeam.transforms.figures.nothing import zero_counts
from newsbeam.transforms.figures.numbers import NOISE, read_numbers
from newsbeam.transforms.figures.others import read_others
from newsbeam.transforms.figures.outcomes import settle_outcomes
from newsbeam.transforms.figures.rates import per_after
from newsbeam.transforms.figures.reading import Reading, read_one, span_of
from newsbeam.transforms.figures.relations import Hint, relate
from newsbeam.transforms.figures.together import TOGETHER, holder_in, read_together
from newsbeam.transforms.ids import fact_id
from newsbeam.transforms.places.article import ArticlePlaces
from newsbeam.transforms.times.mentions import TimeMention, find_times
from newsbeam.transforms.versions import FIGURES_VERSION

_SAME_TIME = re.compile(r"\b(?:in|during|over|for|within) (?:the|that) same (?:time|period|span|year|month|week)", re.I)


def read_figures(article: Article, doc: Doc) -> list[Figure]:
    """The figures of an article, in the order of its text. `doc` is the parse of `article.text`.

    One row per number that states a quantity. `relation` is total for the figures that may be added up: parts,
    increments, previous values and restatements of the same toll are marked (see `relations`).
    """
    if not len(doc):
        return []
    numbers = [*read_numbers(article.text), *zero_counts(doc)]
    tokens = tokens_of(doc)
    offsets, starts = tokens.begin, tokens.starts
    sentences = _Sentences(doc)
    readings: list[Reading] = []
    for number in sorted(numbers, key=lambda number: number.core_start):
        if number.kind in NOISE and number.kind != "date":
            continue
        span = span_of(doc, number, offsets)
        reading = read_one(doc, article.text, number, span, bisect_right(starts, span[0]) - 1)
        if reading is not None:
            readings.append(reading)
    together = [*read_together(doc, article.text, readings, starts), *read_others(doc, article.text, readings)]
    settled = settle_outcomes(doc, [*readings, *together])
    single = merge_doubts(merge_moves(fill(settled[: len(readings)])))
    merged = sorted([*single, *settled[len(readings) :]], key=lambda r: (r.number.core_start, -r.number.core_end))
    return _rows(article, doc, sentences, _in_time(merged, sentences, date.fromisoformat(article.date)))


class _Sentences:
    """The sentences of a document, each made when it is asked for: most hold no figure."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._tokens = tokens_of(doc)
        self._edges = [*self._tokens.starts, len(doc)]
        self._texts: dict[int, str] = {}

    def span(self, i: int) -> Span:
        return self._doc[self._edges[i] : self._edges[i + 1]]

    def text(self, i: int) -> str:
        if i not in self._texts:
            self._texts[i] = self._tokens.span(self._edges[i], self._edges[i + 1])
        return self._texts[i]


def _in_time(readings: list[Reading], sentences: _Sentences, published: date) -> list[Reading]:
    """The readings with the time that each covers."""
    times: dict[int, list[TimeMention]] = {}
    timed: list[Reading] = []
    for reading in readings:
        if reading.kind != "age":
            if reading.sentence not in times:
                times[reading.sentence] = find_times(sentences.span(reading.sentence), published)
            beside = [
                time for time in times[reading.sentence] if time.end <= reading.first or time.start > reading.last
            ]
            verb = reading.effect.verb if reading.effect else None
            scope = scope_of(reading.node, verb, beside, published)
            if scope.start is None and _SAME_TIME.search(sentences.text(reading.sentence)):
                scope = next((r.scope for r in reversed(timed) if r.scope.scope in ("cumulative", "period")), scope)
            if scope.scope == "unknown" and reading.effect is not None:
                scope = scope._replace(scope="event")
            reading = reading._replace(scope=scope)
        timed.append(reading)
    return timed


def _rows(article: Article, doc: Doc, sentences: _Sentences, readings: list[Reading]) -> list[Figure]:
    treasury = Treasury(article.text)
    people = any(reading.kind == "people" for reading in readings)
    places = ArticlePlaces(doc, article.title) if people else None
    together = any(reading.number.kind == TOGETHER for reading in readings)
    figures: list[Figure] = []
    hints: list[Hint] = []
    owners: list[int | None] = []
    whole: list[bool] = []
    for i, reading in enumerate(readings):
        sentence = sentences.text(reading.sentence).strip()
        figures.append(_row(article, doc, sentence, reading, treasury, places))
        holder = holder_in(reading, readings) if together else None
        hints.append(Hint(is_part=True) if holder is not None else hint_of(doc, reading))
        if reading.is_conversion:
            holder = owners[i - 1] if readings[i - 1].is_conversion else i - 1
        elif holder is None:
            holder = i + 1 if reading.is_share else owner_of(reading, readings[:i])
        owners.append(holder)
        whole.append(sentence.endswith((".", "!", "?", "”", '"', "’")))
    return relate(figures, hints, owners, whole)


def _row(
    article: Article, doc: Doc, sentence: str, reading: Reading, treasury: Treasury, places: ArticlePlaces | None
) -> Figure:
    number, effect, unit, currency = reading.number, reading.effect, reading.unit, reading.currency
    kind = "ratio" if reading.kind == "fraction" else reading.kind
    if reading.kind == "money" and currency is None:
        currency = treasury.code_of(unit or "", _texts_around(doc, reading, sentence))
    per, end = _per(article.text, reading)
    if per is not None and currency is None and unit is not None and f" per {per}" not in unit:
        unit = f"{unit} per {per}"
    place = places.place_of(_clause(reading)).place if places is not None and reading.kind == "people" else None
    return Figure(
        figure_id=fact_id(article.article_id, "figure", article.revision, number.start, end),
        article_id=article.article_id,
        revision=article.revision,
        date=article.date,
        event_id=None,
        surface=article.text[number.start : end],
        char_start=number.start,
        char_end=end,
        sentence=sentence,
        sentence_index=reading.sentence,
        kind=kind,
        value=number.value,
        value_low=number.low,
        value_high=number.high,
        bound=number.bound,
        change=change_of(reading),
        unit=unit,
        currency=currency,
        per=per,
        noun=singular(reading.noun) if reading.noun is not None else None,
        noun_phrase=_phrase(doc, reading),
        effect=effect.effect if effect else None,
        polarity=effect.polarity if effect else "asserted",
        groups=groups_of(reading) if reading.kind == "people" else [],
        relation="total",
        part_of=None,
        scope="rate" if per else reading.scope.scope,
        period_start=reading.scope.start,
        period_end=reading.scope.end,
        place_name=place.name if place else None,
        place_country=place.country if place else None,
        attribution=attribution_of(reading.counted.numeral),
        confidence=confidence_of(kind, number.bound, has_noun=reading.noun is not None, has_effect=effect is not None),
        coder_version=FIGURES_VERSION,
    )


def _texts_around(doc: Doc, reading: Reading, sentence: str) -> Iterator[str]:
    """The clause of an amount, without the amount, and its sentence."""
    top = reading.counted.numeral
    while top.head != top and top.pos_ not in ("VERB", "AUX"):
        top = top.head
    amount = range(reading.first, reading.unit_last + 1)
    words = [token.text for token in _clause_of(top) if token.i not in amount]
    yield " ".join(words)
    yield sentence


def _per(text: str, reading: Reading) -> tuple[str | None, int]:
    """What a rate is per, after the number or after the noun counted, and where the surface ends."""
    end = reading.number.end
    if reading.kind == "age":
        return None, end
    if found := per_after(text, end):
        return found
    noun = reading.counted.noun
    if noun is not None and reading.kind in ("count", "people") and (found := per_after(text, noun.idx + len(noun))):
        return found[0], end
    return None, end


def _phrase(doc: Doc, reading: Reading) -> str | None:
    if reading.noun is None:
        return None
    phrase = _words(doc, reading.noun, _apart(doc, reading), is_bare=reading.kind == "age")
    holder = holder_of(reading.noun, reading.first) if reading.effect is None and reading.kind != "age" else None
    if holder is None or reading.first <= holder.i <= reading.unit_last:
        return phrase or None
    return f"{phrase} ({_words(doc, holder)})"


def _apart(doc: Doc, reading: Reading) -> range:
    """The tokens of the number, with its bound, its unit and what a hyphen joins to them: "3-foot-deep"."""
    first, last = reading.first, reading.unit_last
    while first and doc[first - 1].idx >= reading.number.start:
        first -= 1
    while (
        last + 2 < len(doc) and doc[last + 1].tag_ == "HYPH" and not doc[last].whitespace_ + doc[last + 1].whitespace_
    ):
        if reading.noun is not None and reading.noun.i == last + 2:
            break
        last += 2
    return range(first, last + 1)


def _words(doc: Doc, noun: Token, apart: range = range(0), *, is_bare: bool = False) -> str:
    """The noun phrase of a noun on one line, up to a bracket; bare without what is added or joined by "and"."""
    first, last = phrase_of(noun, apart, is_bare=is_bare)
    tokens = tokens_of(doc)
    bracket = next((i for i in range(noun.i + 1, last + 1) if tokens.word[i] in ("(", "[")), last + 1)
    added = (i for i in range(noun.i + 1, min(last, bracket)) if _is_cut(doc, i))
    bracket = next(added, bracket)
    first = next((i + 1 for i in range(noun.i - 1, first, -1) if tokens.word[i] == ")"), first)
    if is_bare:  # "17- and 18-year-old boys"
        first = next((i + 1 for i in range(noun.i - 1, first, -1) if tokens.word[i] == "old"), first)
    if apart and noun.i < apart[0] < bracket:
        return _around(doc, noun, first, apart, bracket)
    return " ".join(tokens.span(first, bracket).split()).rstrip(" ,;–—")


def _is_cut(doc: Doc, i: int) -> bool:
    """Whether a phrase ends before a token: a comma before an addition, or what joins another number to it."""
    word = doc[i]
    if word.text == "," and _is_addition(doc[i + 1]):
        return True
    is_joint = word.pos_ == "CCONJ" or word.text in (",", ";", "—", "–")
    return is_joint and any(doc[k].text[0].isdigit() for k in range(i + 1, min(i + 4, len(doc))))


def _is_addition(word: Token) -> bool:
    """Whether a word after a comma begins what is only added: ", a materials scientist", ", by a wide margin"."""
    return word.pos_ == "ADP" or word.lower_ in ("a", "an", "including") or word.tag_ in ("WDT", "WP")


def _around(doc: Doc, noun: Token, first: int, apart: range, end: int) -> str:
    """A noun phrase without the number inside it: "fine for Acme" of "fine of $5m for Acme"."""
    cut, more = apart[0], apart[-1] + 1
    while cut > noun.i + 1 and (doc[cut - 1].is_punct or doc[cut - 1].pos_ in ("ADP", "DET", "CCONJ", "SPACE")):
        cut -= 1
    tokens = tokens_of(doc)
    goes_on = more < end and doc[more].dep_ == "prep" and doc[more].lower_ != "of" and doc[more].head == noun
    return " ".join([*tokens.span(first, cut).split(), *(tokens.span(more, end).split() if goes_on else [])])


def _clause(reading: Reading) -> list[Token]:
    """The tokens of the clause that says what happened: of its verb, without the clauses inside."""
    return _clause_of(reading.effect.verb if reading.effect else reading.counted.numeral)


def _clause_of(top: Token) -> list[Token]:
    found, stack = [top], [top]
    while stack:
        for child in stack.pop().children:
            if child.dep_ not in ("ccomp", "advcl", "relcl", "conj", "parataxis"):
                found.append(child)
                stack.append(child)
    return sorted(found, key=lambda token: token.i)
