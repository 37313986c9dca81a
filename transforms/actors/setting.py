"""Tell which countries an article speaks of, sentence by sentence, and in which it is at home at a given point."""

import bisect
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.actor import SUPRANATIONAL
from newsbeam.transforms.actors.owners import Owners
from newsbeam.transforms.actors.words import WORDS

_AIMED = WORDS["aimed"]
_TITLE_WEIGHT = 2.0  # what a headline names counts as much as a first sentence: twice
_LEAD, _RECENT = 1.0, 0.5  # what a mention in the first sentence, or close before, counts beside its own 1
_NEAR = 2  # sentences back that are close
_HOME_SHARE = 0.55  # of all weights: below, the article is at home in no one country
_LEAST = 1.5  # weight below which a country was only mentioned


class Told(NamedTuple):
    """A country that the text names."""

    at: int  # token
    sentence: int  # number of its sentence
    country: str
    is_aimed: bool  # told as what something is directed at: "charged with spying for Russia"


class Setting:
    """The countries that an article names, in order."""

    def __init__(self, names_of: Owners) -> None:
        """Take the names of a document and of its title."""
        self._doc: Doc = names_of.doc
        self._starts = names_of.tokens.starts
        self._told = self._read(names_of)
        self._title = names_of.countries_of_title

    def sentence_of(self, at: int) -> int:
        """Number of the sentence that holds a token."""
        return bisect.bisect_right(self._starts, at) - 1

    def named_in(self, sentence: int, *, is_aimed: bool = False) -> list[str]:
        """Countries that a sentence names: those that something is directed at, or the others; each once."""
        found = (t.country for t in self._told if t.sentence == sentence and t.is_aimed is is_aimed)
        return list(dict.fromkeys(found))

    def home(self, before: int) -> str | None:
        """The country that the title and the sentences before one are mostly about; None where several are."""
        weights: dict[str, float] = dict.fromkeys(self._title, _TITLE_WEIGHT)
        for told in self._told:
            if told.sentence >= before:
                break
            if not told.is_aimed:
                is_near = before - told.sentence <= _NEAR
                weights[told.country] = (
                    weights.get(told.country, 0.0) + 1.0 + _LEAD * (told.sentence == 0) + _RECENT * is_near
                )
        if not weights:
            return None
        country = max(weights, key=lambda c: weights[c])  # the first of equals
        weight = weights[country]
        return country if weight >= _LEAST and weight >= _HOME_SHARE * sum(weights.values()) else None

    def sides(self, at: int, count: int) -> list[str]:
        """The `count` countries that "the two sides" at a token can mean: of the last sentence that names so many.

        One country where the article has named no other; none where it leaves a choice.
        """
        number = self.sentence_of(at)
        for sentence in range(number - 1, -1, -1):
            if len(found := self.named_in(sentence)) == count:
                return found
        every = list(dict.fromkeys([*self._title, *(t.country for t in self._told if t.at < at)]))
        return every if len(every) in (1, count) else []

    def other_than(self, country: str, at: int) -> str | None:
        """The one other country that the article has named up to the end of a token's sentence."""
        last = self.sentence_of(at)
        others = dict.fromkeys(t.country for t in self._told if t.sentence <= last and t.country != country)
        others.update(dict.fromkeys(c for c in self._title if c != country))
        return next(iter(others)) if len(others) == 1 else None

    def _read(self, names_of: Owners) -> list[Told]:
        found: list[Told] = []
        doc, hit_at = self._doc, names_of.hit_at
        heads = [entity.end - 1 for entity in doc.ents if entity.label_ == "GPE" and entity.end - 1 not in hit_at]
        for at in sorted({hit.end - 1 for hit in names_of.hits}.union(heads)):
            hit = hit_at.get(at)
            country = names_of.country_of_hit(hit) if hit else names_of.place_country(doc[at])
            if country and country not in SUPRANATIONAL:
                found.append(Told(at, self.sentence_of(at), country, _is_aimed_at(doc[at])))
        return found


def _is_aimed_at(token: Token) -> bool:
    """Whether a name tells what something is directed at, not where it is: "charged with spying for Russia"."""
    return token.dep_ == "pobj" and token.head.lower_ in _AIMED
