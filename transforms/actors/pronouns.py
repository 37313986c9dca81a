"""Find whom a pronoun means among those whom the article has named before it."""

import bisect
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.actor import Actor
from newsbeam.transforms.actors.lexicon import folded, genders
from newsbeam.transforms.actors.persons import Persons
from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.actors.words import WORDS

PERSONAL = {
    "he": "person", "she": "person", "him": "person", "her": "person", "his": "person", "himself": "person",
    "herself": "person", "it": "body", "its": "body", "itself": "body", "they": "many", "them": "many", "their": "many",
    "themselves": "many",
}  # fmt: skip
RELATIVE = {"who", "which", "that", "whom", "whose"}
REACH = 120  # tokens over which a pronoun may reach back
_GENDERS = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "herself": "f"}
_OBJECTIVE = {"him", "her", "it", "them"}
_KINDS = {"person": ("person",), "body": ("organisation", "country"), "many": ("group", "organisation", "country")}
_TITLE_GENDERS = dict.fromkeys(sorted(WORDS["men"]), "m") | dict.fromkeys(sorted(WORDS["women"]), "f")


class Known(NamedTuple):
    """Someone whom the article has named."""

    at: int  # index of the head token
    sentence: int  # index of the sentence's first token
    is_subject: bool
    actor: Actor


class Antecedents:
    """Those whom an article has named, in order."""

    def __init__(self, doc: Doc, persons: Persons) -> None:
        """Begin with nobody; `persons` tells which names are one person's."""
        self._doc = doc
        self._persons = persons
        self._starts = tokens_of(doc).starts
        self._known: list[Known] = []
        self._at: list[int] = []

    def sentence(self, at: int) -> int:
        """First token of the sentence that holds a token."""
        return self._starts[bisect.bisect_right(self._starts, at) - 1]

    def add(self, at: int, actor: Actor, *, is_subject: bool) -> None:
        """Keep somebody named by the token `at`; tokens come in order."""
        self._known.append(Known(at, self.sentence(at), is_subject, actor))
        self._at.append(at)

    def before(self, at: int) -> list[Known]:
        """Those named within reach before a token."""
        first, last = bisect.bisect_right(self._at, at - REACH), bisect.bisect_left(self._at, at)
        return self._known[first:last]

    def find(self, pronoun: Token) -> Known | None:
        """Whom a personal pronoun means: the last fitting subject before it, else the last fitting noun phrase."""
        word, own_sentence = pronoun.lower_, self.sentence(pronoun.i)
        kinds = _KINDS[PERSONAL[word]]
        fitting = known_before = [known for known in self.before(pronoun.i) if known.actor.kind in kinds]
        gender = _GENDERS.get(word)
        if gender:
            told = [(known, self._gender(known)) for known in fitting]
            known_before = fitting = [known for known, own in told if own in (None, gender)]
            if word != "his" and fitting:
                sure = [known for known, own in told if own == gender and known.sentence >= fitting[-1].sentence]
                fitting = sure or fitting
        if word in _OBJECTIVE:
            taken = self._subjects_beside(pronoun)
            fitting = [known for known in fitting if known.at not in taken]
        if not fitting:
            return None
        last = fitting[-1].sentence
        near = [known for known in fitting if known.sentence == last]
        if last == own_sentence and pronoun.dep_ == "nsubj":
            # a mere owner in the sentence ("Doe's law, he said") gives way to the subject of the one before
            before = [known for known in known_before if known.sentence == self.sentence(max(0, last - 1))]
            if any(known.is_subject for known in before) and all(self._doc[k.at].dep_ == "poss" for k in near):
                near, last = before, before[-1].sentence
        if word in ("they", "them"):
            near = [known for known in near if self._doc[known.at].tag_ in ("NNS", "NNPS")] or near
        subjects = [known for known in near if known.is_subject]
        return (subjects or near)[-1 if last == own_sentence else 0]

    def _subjects_beside(self, pronoun: Token) -> set[int]:
        """Subjects of a pronoun's own clause, whom it cannot mean; of "it urged them" also whom "it" means."""
        found: set[int] = set()
        for child in pronoun.head.children:
            if child.dep_ in ("nsubj", "nsubjpass") and child.i != pronoun.i:
                found.add(child.i)
                if child.lower_ in PERSONAL and (meant := self.find(child)) is not None:
                    found.add(meant.at)
        return found

    def _gender(self, known: Known) -> str | None:
        """What a person's given name or title tells of "he" and "she"."""
        for token in self._doc[max(0, known.at - 4) : known.at + 1]:
            if token.lower_ in _TITLE_GENDERS:
                return _TITLE_GENDERS[token.lower_]
        words = folded(self._persons.full(known.actor, known.at).name).split()
        return genders().get(words[0]) if words else None
