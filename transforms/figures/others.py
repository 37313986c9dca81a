"""Add up victims told one after another: "one man is in critical condition and three others were injured" are four."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.context import UNKNOWN
from newsbeam.transforms.figures.counting import Counted, is_person_noun
from newsbeam.transforms.figures.effects import Effect, effect_of
from newsbeam.transforms.figures.numbers import Number
from newsbeam.transforms.figures.reading import Reading
from newsbeam.transforms.figures.together import TOGETHER

_OUTCOMES = frozenset({"killed", "injured"})
_LEAST = 5  # rank of words that say how it ended: "shot" may be killed or injured
_OTHER = frozenset({"other", "others"})
_SUBJECTS = ("nsubj", "nsubjpass")
_DATED = ("DATE", "TIME")


def read_others(doc: Doc, text: str, readings: list[Reading]) -> list[Reading]:
    """One reading for each count of "others" with the victims of the same effect that its sentence tells before."""
    found = []
    for k, reading in enumerate(readings):
        if not _counts_others(doc, reading):
            continue
        first = _before(reading, readings[:k]) or _single(reading)
        if first is None or any(doc[i].ent_type_ in _DATED for i in range(first[0], reading.last + 1)):
            continue
        noun = reading.counted.noun
        last = max(reading.last, noun.i if noun is not None else 0)
        start, end = doc[first[0]].idx, doc[last].idx + len(doc[last])
        value = first[1] + (reading.number.value or 0.0)
        number = Number(start, end, value, value, value, "eq", TOGETHER, None, None, start, end)
        counted = Counted(None, reading.counted.numeral, True, False)
        found.append(
            Reading(
                number, first[0], last, last, counted, None, "people", "person", None, reading.effect, UNKNOWN,
                reading.sentence, text, is_added=True,
            )
        )  # fmt: skip
    return found


def _counts_others(doc: Doc, reading: Reading) -> bool:
    """Whether a reading counts exactly how many others there are, apart from those told before."""
    if not _is_outcome(reading.effect) or reading.kind != "people" or reading.number.bound != "eq":
        return False
    after = {doc[i].lower_ for i in range(reading.last + 1, min(len(doc), reading.last + 2))}
    before = doc[reading.first - 1].lower_ if reading.first else ""
    return bool(after & _OTHER) and before not in ("the", "these", "those", "all")


def _is_outcome(effect: Effect | None) -> bool:
    return effect is not None and effect.effect in _OUTCOMES and effect.rank >= _LEAST and effect.polarity == "asserted"


def _before(reading: Reading, before: list[Reading]) -> tuple[int, float] | None:
    """First token and number of the nearest count of people before, where the same happened to them."""
    for other in reversed(before):
        if other.sentence != reading.sentence:
            return None
        if other.kind == "people" and other.effect is not None:
            if not _is_outcome(other.effect) or not _happens_alike(other, reading) or other.counted.is_of:
                return None
            if not _is_coordinated(other, reading):
                return None
            value = other.number.value
            return (other.first, value) if value is not None and other.number.bound == "eq" else None
    return None


def _happens_alike(one: Reading, other: Reading) -> bool:
    return one.effect is not None and other.effect is not None and one.effect.effect == other.effect.effect


def _is_coordinated(other: Reading, reading: Reading) -> bool:
    """Whether two counts stand beside each other as nouns, or as the subjects of clauses beside each other."""
    if other.effect is not None and reading.effect is not None:
        verb, before = reading.effect.verb, other.effect.verb
        if before.pos_ == "ADP":  # "is in critical condition"
            before = before.head
        if verb == before or (verb.head == before and verb.dep_ in ("conj", "parataxis")):
            return True
    node = reading.node
    while node.dep_ in ("conj", "appos", "dep") and node.head != node:
        node = node.head
        if node == other.node:
            return True
    return False


def _single(reading: Reading) -> tuple[int, float] | None:
    """First token of the one person that the clause before tells the same of: "a man was hurt and two others died"."""
    verb = reading.effect.verb if reading.effect is not None else None
    if verb is None or verb.dep_ != "conj" or verb.head.i > verb.i:
        return None
    subject = next((child for child in verb.head.children if child.dep_ in _SUBJECTS), None)
    if subject is None or not _is_single(subject):
        return None
    effect = effect_of(subject)
    if effect is None or not _is_outcome(effect) or reading.effect is None or effect.effect != reading.effect.effect:
        return None
    return subject.left_edge.i, 1.0


def _is_single(noun: Token) -> bool:
    if noun.tag_ not in ("NN", "NNP") or any(child.dep_ in ("conj", "nummod") for child in noun.children):
        return False
    return noun.ent_type_ == "PERSON" or is_person_noun(noun)
