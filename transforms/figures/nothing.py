"""Find the counts that are no numerals: none ("no one was hurt", "no deaths") and two ("both were shot")."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.counting import is_person_noun
from newsbeam.transforms.figures.effects import effect_of
from newsbeam.transforms.figures.numbers import Number

_VICTIMS = frozenset({"killed", "injured", "missing", "abducted", "arrested"})
_SURE = 6  # rank of words that are said of people only
_WORDS = {"nobody", "none", "noone"}
_LIKELY = frozenset({"no", "both", "couple", *_WORDS})


def zero_counts(doc: Doc) -> list[Number]:
    """Numbers of value zero, bound "none", for words that deny any victim, of value two for "both" and a couple."""
    found = []
    words = tokens_of(doc).lower
    for i in [i for i, word in enumerate(words) if word in _LIKELY]:
        token, lower = doc[i], words[i]
        if lower == "no" and token.i + 1 < len(doc):
            following = doc[token.i + 1]
            if following.lower_ == "one":
                if effect_of(following) is not None:
                    found.append(_zero(token, following))
            elif (
                token.dep_ == "det" and token.head.i > token.i and not following.like_num and _counts_people(token.head)
            ):
                found.append(_zero(token, token))
        elif (
            (lower == "both" and token.dep_ == "det" and _is_pair(token.head))
            or (lower == "both" and token.dep_ in ("nsubj", "nsubjpass") and _is_victims(token))
            or (lower == "couple" and _is_couple(token))
        ):
            start, end = token.idx, token.idx + len(token)
            found.append(Number(start, end, 2.0, 2.0, 2.0, "eq", "number", None, None, start, end))
        elif lower in _WORDS and effect_of(token) is not None:
            found.append(_zero(token, token))
    return found


def _is_pair(noun: Token) -> bool:
    """Whether "both" before a noun counts people to whom something happened: "killed both men"."""
    effect = effect_of(noun) if is_person_noun(noun) else None
    return effect is not None and effect.effect in _VICTIMS and effect.rank >= _SURE


def _is_victims(both: Token) -> bool:
    """Whether "both" alone stands for people to whom something happened: "both were shot"."""
    effect = effect_of(both)
    return effect is not None and both.i + 1 < len(both.doc) and both.doc[both.i + 1].pos_ in ("AUX", "VERB")


def _is_couple(noun: Token) -> bool:
    """Whether a couple is the two people to whom something happened; not "a couple of shots", nor one of a list."""
    following = noun.doc[noun.i + 1].lower_ if noun.i + 1 < len(noun.doc) else ""
    if following == "of" or noun.dep_ in ("compound", "conj") or noun.conjuncts:
        return False
    effect = effect_of(noun)
    return effect is not None and effect.effect in _VICTIMS and effect.rank >= _SURE


def _counts_people(noun: Token) -> bool:
    effect = effect_of(noun)
    return effect is not None and (is_person_noun(noun) or effect.verb == noun)


def _zero(first: Token, last: Token) -> Number:
    end = last.idx + len(last)
    return Number(first.idx, end, 0.0, 0.0, 0.0, "none", "number", None, None, first.idx, end)
