"""Decide with the parse whether a number states a quantity."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.counting import Counted
from newsbeam.transforms.figures.effects import Effect
from newsbeam.transforms.figures.numbers import Number

_NAME_ENTITIES = {"PRODUCT", "ORG", "FAC", "EVENT", "WORK_OF_ART", "LAW", "PERSON", "GPE", "LOC", "LANGUAGE"}
_BEFORE_ONE = {
    "this",
    "that",
    "the",
    "no",
    "any",
    "every",
    "each",
    "another",
    "which",
    "number",
    "day",
    "its",
    "his",
    "my",
    "big",
    "good",
    "new",
    "only",
    "last",
    "first",
    "next",
    "loved",
    "right",
    "same",
    "other",
}
_TIME_PREPOSITIONS = {"in", "since", "by", "until", "till", "before", "after", "from", "during", "circa", "of"}
_KINDS = {"kind", "type", "sort"}
_UNCOUNTED_ONE = {
    "day",
    "time",
    "way",
    "thing",
    "night",
    "point",
    "reason",
    "hand",
    "side",
    "end",
    "case",
    "level",
    "stage",
    "step",
    "example",
}


def is_quantity(
    doc: Doc, text: str, number: Number, first: int, last: int, counted: Counted, effect: Effect | None
) -> bool:
    """Whether the number of tokens first to last counts or measures something."""
    if number.bound == "none":
        return True
    if first and doc[first - 1].lower_ == "per":
        return False  # "per 100,000 residents"
    if counted.noun is not None and counted.noun.lower_ in ("o'clock", "o’clock"):
        return False
    if number.kind == "date":
        return _is_counted_year(doc, first, last, counted)
    if number.kind == "one":
        return _is_counted_one(doc, first, counted, effect)
    if number.currency or number.unit:
        return True
    if _is_name(doc, first, last, counted):
        return False
    if number.bound == "vague" and counted.noun is None and effect is None:
        return False
    if counted.noun is None and _is_enclosed(text, number):
        return False  # a shirt number, a reference
    if doc[first].lower_ == "several" and first == last and (counted.noun is None or counted.noun.lemma_ in _LOOSE):
        return False
    return True


_LOOSE = {"time", "way", "reason", "other", "factor", "occasion", "thing", "kind", "type"}


def _is_enclosed(text: str, number: Number) -> bool:
    return text[number.core_start - 1 : number.core_start] in ("(", "[") and text[
        number.core_end : number.core_end + 1
    ] in (")", "]")


def _is_counted_year(doc: Doc, first: int, last: int, counted: Counted) -> bool:
    """Whether what looks like a year counts a plural noun: "2000 people", not "2019 elections were"."""
    noun = counted.noun
    if noun is None or noun.i != last + 1 or noun.tag_ not in ("NNS", "NNPS"):
        return False
    before = doc[first - 1].lower_ if first else ""
    return before not in _TIME_PREPOSITIONS and before not in ("the", "its", "their", "his")


def _is_counted_one(doc: Doc, first: int, counted: Counted, effect: Effect | None) -> bool:
    token = doc[first]
    before = doc[first - 1].lower_ if first else ""
    after = doc[first + 1].lower_ if first + 1 < len(doc) else ""
    if before in _BEFORE_ONE or after in ("another", "-", "'s", "’s") or token.tag_ in ("PRP", "NNP"):
        return False
    if token.text[0].isupper() and not token.is_sent_start and first and doc[first - 1].pos_ == "PROPN":
        return False  # "Detroit One"
    if counted.is_of and effect is None and counted.noun is not None and _is_loose(counted.noun):
        return False  # "one of the best players", "one of those days"
    if counted.is_of:
        return effect is not None or (counted.noun is not None and counted.noun.lemma_ not in _KINDS)
    if counted.noun is not None and after == "of":
        return False  # "one of a kind"
    noun = counted.noun
    if noun is not None and token.dep_ in ("nummod", "compound") and noun.tag_ in ("NN", "NNP") and noun.i - first <= 4:
        return noun.lemma_.lower() not in _UNCOUNTED_ONE
    return effect is not None and token.tag_ == "CD"


def _is_loose(noun: Token) -> bool:
    """Whether "one of" before a noun only praises or points."""
    return any(
        (child.dep_ == "amod" and (child.tag_ == "JJS" or any(c.tag_ == "RBS" for c in child.children)))
        or (child.dep_ == "det" and child.lower_ in ("those", "these"))
        for child in noun.children
        if child.i < noun.i
    )


def _is_name(doc: Doc, first: int, last: int, counted: Counted) -> bool:
    """Whether the number is a part of a name: "Boeing 787", "Group of Seven", "S&P 500"."""
    token = doc[first]
    before = doc[first - 1] if first else None
    if (
        token.text[:1].isupper()
        and token.is_alpha
        and before is not None
        and before.is_alpha
        and not token.is_sent_start
    ):
        if not _is_title_line(doc, first):
            return True
    if (
        before is not None
        and token.ent_type_ in _NAME_ENTITIES
        and before.ent_type_ == token.ent_type_
        and token.ent_iob_ == "I"
    ):
        return token.text[:1].isdigit() or token.text[:1].isupper()
    if (
        before is not None
        and before.pos_ == "PROPN"
        and counted.noun is None
        and token.text[:1].isdigit()
        and token.dep_ == "nummod"
    ):
        return counted.numeral.head.i < first
    return before is not None and before.pos_ == "PROPN" and counted.noun is None and _is_version(doc, first, last)


def _is_version(doc: Doc, first: int, last: int) -> bool:
    """Whether a small number tells a thing apart from others of its name: "Destiny 2 is free", not "Smith 34 said"."""
    before, after = doc[first - 1], doc[last + 1] if last + 1 < len(doc) else None
    if first != last or not doc[first].text.isdecimal() or len(doc[first]) > 2 or before.ent_type_ == "PERSON":
        return False
    return after is None or after.is_punct or after.pos_ in ("VERB", "AUX")


def _is_title_line(doc: Doc, i: int) -> bool:
    """Whether the words around are all capitalised, as in a headline."""
    start = i
    while start > 0 and "\n" not in doc[start - 1].text and i - start < 12:
        start -= 1
    words: list[Token] = [doc[k] for k in range(start, min(len(doc), i + 6)) if doc[k].is_alpha and len(doc[k]) > 3]
    return not words or sum(word.text[0].isupper() for word in words) >= 0.7 * len(words)
