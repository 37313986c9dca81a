"""How many."""

from typing import Annotated, NamedTuple

from newsbeam.schemas.row import DAY, FEW, FLOAT32, INT32, PARTITION, row


@row
class Figure(NamedTuple):
    """One row per number that states a quantity in a canonical article."""

    figure_id: Annotated[str, "stable id: article, revision, span"]
    article_id: Annotated[str, "the article that states it"]
    revision: Annotated[int, INT32, "revision of the article that the offsets count in"]
    date: Annotated[str, PARTITION, "publication day of the article, UTC"]
    event_id: Annotated[str | None, "the event it belongs to, where there is one"]
    surface: Annotated[str, "the words of the number, with bound and unit"]
    char_start: Annotated[int, INT32, "first character of the surface in the text"]
    char_end: Annotated[int, INT32, "character after the surface"]
    sentence: Annotated[str, "the sentence"]
    sentence_index: Annotated[int, INT32, "number of the sentence in the article, from 0"]
    kind: Annotated[str, FEW, "people, money, percent, measure, count, duration, age, ratio, rate, temperature …"]
    value: Annotated[float | None, "the number stated, scale words applied; null when vague or a range"]
    value_low: Annotated[float | None, "least value that the words allow, where they say"]
    value_high: Annotated[float | None, "greatest value that the words allow, where they say"]
    bound: Annotated[str, FEW, "eq, approx, min, max, range, vague (dozens), none (no one)"]
    change: Annotated[str | None, FEW, "up or down, where the number is or follows a change"]
    unit: Annotated[str | None, FEW, "unit of a measure, or what is counted; normalised, singular"]
    currency: Annotated[str | None, FEW, "ISO 4217 code"]
    per: Annotated[str | None, FEW, "unit that a rate is per: day, year, person …"]
    noun: Annotated[str | None, FEW, "head of what is counted, lemma"]
    noun_phrase: Annotated[str | None, "what is counted, in full; in brackets whose it is, or who is told of it"]
    effect: Annotated[
        str | None, FEW, "what happened to the people: killed, injured, hospitalised, missing, displaced, arrested …"
    ]
    polarity: Annotated[str, FEW, "asserted, negated, attempted, hypothetical or denied"]
    groups: Annotated[list[str], "who they are: Palestinian, civilian, child …"]
    relation: Annotated[str, FEW, "total, part, increment or previous; summing totals counts nobody twice"]
    part_of: Annotated[str | None, "figure_id of the total that this is part of, or of which it is a restatement"]
    scope: Annotated[str, FEW, "event, cumulative, period, rate or unknown"]
    period_start: Annotated[str | None, DAY, "first day that the number covers"]
    period_end: Annotated[str | None, DAY, "last day that the number covers"]
    place_name: Annotated[
        str | None, "where: the name in GeoNames, or in the article where that of GeoNames has accents"
    ]
    place_country: Annotated[str | None, FEW, "ISO 3166-1 alpha-3"]
    attribution: Annotated[str | None, "who says so"]
    confidence: Annotated[float, FLOAT32, "chance that value, noun and effect are right, 0 to 1"]
    coder_version: Annotated[str, FEW, "version of the rules and word lists"]
