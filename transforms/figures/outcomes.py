"""Settle what words that leave the outcome open tell ("shot", "taken to hospital") by what else the article says."""

import re
from bisect import bisect_right

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.effects import Effect
from newsbeam.transforms.figures.polarity import polarity_of
from newsbeam.transforms.figures.reading import Reading

_OUTCOMES = ("killed", "injured")
_UNSETTLED = 4  # rank of words that leave open who died: shot, stabbed, hit
_IN_CARE = 5  # rank of "taken to hospital", "in critical condition"
_SURE = 6  # rank of words that are said of people only: killed, wounded
_DEATH = re.compile(
    r"\b(?:died|dies|killed|kills|killing|dead|deadly|fatal|fatally|slain|deceased|homicide|murdered)\b", re.I
)
#: what may be called deadly or after homicide without anybody's death
_HARMLESS = frozenset(
    "weapon weapons force conduct threat detective detectives investigator investigators unit squad division "
    "bureau team section".split()
)
_NOBODY = frozenset({"nobody", "none", "no"})


def settle_outcomes(doc: Doc, readings: list[Reading]) -> list[Reading]:
    """The readings, where words that leave the outcome open are read by what else the article tells.

    "Five were shot" is five injured; where the article tells that someone died, it is killed and injured together.
    Where as many are told to be in hospital or hurt, they are the same. "Six were taken to hospital" is six injured;
    where the victims are told otherwise, it says where some of them are: counted too, they would be counted twice.
    """
    outcomes = [r.effect for r in readings if r.effect is not None and r.effect.effect in _OUTCOMES]
    if not outcomes:
        return readings
    is_deadly = any(effect.rank <= _UNSETTLED for effect in outcomes) and _tells_death(doc)
    least = _SURE if is_deadly else 0
    is_told = any(
        effect.effect == "injured" and effect.rank != _IN_CARE and effect.rank >= least for effect in outcomes
    )
    added = [r for r in readings if r.is_added and r.effect is not None and r.effect.rank >= _SURE]
    known = {r.number.value for r in readings if r.effect is not None and _is_hurt(r.effect) and r.number.bound == "eq"}
    settled = []
    for r in readings:
        effect = r.effect
        if effect is not None and effect.effect in _OUTCOMES:
            if is_deadly and effect.rank <= _UNSETTLED and not _are_others(r) and r.number.value not in known:
                r = r._replace(effect=effect._replace(effect="casualties"))
            elif is_told and effect.rank == _IN_CARE and effect.effect == "injured":
                if not any(whole.first <= r.first and r.last <= whole.last for whole in added):
                    r = r._replace(effect=effect._replace(effect="hospitalised"))
        settled.append(r)
    return settled


def _is_hurt(effect: Effect) -> bool:
    """Whether an effect tells that people live and are hurt: injured, in hospital, expected to recover."""
    return effect.effect == "injured" and effect.rank >= _IN_CARE and effect.polarity == "asserted"


def _are_others(reading: Reading) -> bool:
    """Whether those counted stand beside somebody already told: "one was killed and two others were shot"."""
    doc = reading.counted.numeral.doc
    verb = reading.effect.verb if reading.effect is not None else None
    if verb is not None and any(child.lower_ == "also" and child.i < verb.i for child in verb.children):
        return True  # "two relatives were also struck"
    return any(
        doc[i].lower_ in ("other", "others", "more") for i in range(reading.last + 1, min(len(doc), reading.last + 3))
    )


def _tells_death(doc: Doc) -> bool:
    """Whether a text asserts anybody's death; not "a deadly weapon", "intent to kill", "nobody was killed"."""
    tokens = tokens_of(doc)
    return any(_is_death(doc[bisect_right(tokens.begin, found.start()) - 1]) for found in _DEATH.finditer(tokens.text))


def _is_death(word: Token) -> bool:
    doc = word.doc
    following = doc[word.i + 1].lower_ if word.i + 1 < len(doc) else ""
    if following in _HARMLESS or (word.i > 1 and doc[word.i - 1].text == "-" and doc[word.i - 2].lower_ == "non"):
        return False
    if polarity_of(word) != "asserted":
        return False
    for child in word.children:
        if child.dep_ in ("nsubj", "nsubjpass") and {child.lower_, *(c.lower_ for c in child.children)} & _NOBODY:
            return False
    return True
