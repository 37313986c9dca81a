"""Find where a text says that the count is none: "no one was hurt", "no deaths", "none of the hostages"."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.counting import is_person_noun
from newsbeam.transforms.figures.effects import effect_of
from newsbeam.transforms.figures.numbers import Number

_WORDS = {"nobody", "none", "noone"}


def zero_counts(doc: Doc) -> list[Number]:
    """Numbers of value zero, bound "none", for the words that deny any victim."""
    found = []
    for token in doc:
        lower = token.lower_
        if lower == "no" and token.i + 1 < len(doc):
            following = doc[token.i + 1]
            if following.lower_ == "one":
                if effect_of(following) is not None:
                    found.append(_zero(token, following))
            elif token.dep_ == "det" and token.head.i > token.i and _counts_people(token.head):
                found.append(_zero(token, token))
        elif lower in _WORDS and effect_of(token) is not None:
            found.append(_zero(token, token))
    return found


def _counts_people(noun: Token) -> bool:
    return (is_person_noun(noun) or effect_of(noun) is not None) and effect_of(noun) is not None


def _zero(first: Token, last: Token) -> Number:
    end = last.idx + len(last)
    return Number(first.idx, end, 0.0, 0.0, 0.0, "none", "number", None, None, first.idx, end)
