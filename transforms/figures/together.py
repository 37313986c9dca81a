"""Count the people that a coordination adds up without a numeral for each: "a woman and her two sons" are three."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.context import UNKNOWN
from newsbeam.transforms.figures.counting import PEOPLE, Counted, is_person_noun
from newsbeam.transforms.figures.effects import Effect, effect_of
from newsbeam.transforms.figures.numbers import Number
from newsbeam.transforms.figures.reading import Reading

#: kind of the Number that stands for such a coordination
TOGETHER = "together"
_EFFECTS = frozenset({"killed", "injured", "missing", "abducted", "arrested"})
_LEAST = 4  # rank of words that happen to a person, not to a team or a record ("beat", "hit")
_NAMED = 6  # rank of words that happen to people called by name only: clubs are called so too, and are shot at goal
_COUPLES = frozenset({"couple", "twins"})
_ELDERS = frozenset({"parents", "grandparents"})
_WHOSE = frozenset({"his", "her"})
_ITSELF = frozenset({"himself", "herself"})
_SINGULAR = frozenset({"is", "was", "has", "'s", "’s"})
_PLURAL = frozenset({"are", "were", "have", "'re", "’re"})
_JOINS = frozenset({"and", "&", "plus"})
_MALE = frozenset("man boy husband father grandfather son grandson brother uncle nephew stepfather boyfriend".split())
_FEMALE = frozenset(
    "woman girl wife mother grandmother daughter granddaughter sister aunt niece stepmother girlfriend".split()
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
#: what people are by sex and age: several of them are one toll, where soldiers and rebels are two
_AGES = frozenset(
    "man woman boy girl child kid baby infant toddler teen teenager youth adult juvenile minor male female".split()
)
_MOST = 8  # people named one by one


def read_together(doc: Doc, text: str, readings: list[Reading], sentences: list[int]) -> list[Reading]:
    """One reading for each coordination of victims at least one of whom has no numeral.

    `readings` are those of the numerals, `sentences` the first tokens of the sentences. Where all have a numeral
    ("two men and three women") there is nothing that the figures do not say already, and no reading.
    """
    dep, above = tokens_of(doc).dep, tokens_of(doc).head
    heads = {above[i] for i, relation in enumerate(dep) if relation == "conj" and dep[above[i]] != "conj"}
    heads.update(
        above[i] for i, relation in enumerate(dep) if relation == "cc" and dep[above[i]] in _SUBJECTS and i > above[i]
    )
    if not heads:
        return []
    people = [r for r in readings if r.kind == "people" and r.counted.noun is not None]
    numbers = {(r.counted.numeral if r.counted.is_of else r.counted.noun).i: r for r in people if r.counted.noun}
    found = []
    for i in sorted(heads):
        if (made := _together(doc[i], numbers)) is None:
            continue
        value, members, effect = made
        first, last = _first(members[0], numbers), members[-1].i
        start, end = doc[first].idx, doc[last].idx + len(doc[last])
        number = Number(start, end, value, value, value, "eq", TOGETHER, None, None, start, end)
        counted = Counted(None, members[0], True, False)
        sentence = sum(1 for begin in sentences if begin <= i) - 1
        found.append(
            Reading(number, first, last, last, counted, None, "people", "person", None, effect, UNKNOWN, sentence, text)
        )
    return found


def holder_in(reading: Reading, readings: list[Reading]) -> int | None:
    """The index of the reading that a figure is a member of, or that gives the number of those it names.

    "A woman and her two sons": two of three; "three people, a woman and her two sons, were killed": the same three.
    """
    if reading.kind != "people":
        return None
    is_sum = reading.number.kind == TOGETHER
    for k, other in enumerate(readings):
        if other.sentence != reading.sentence or other.kind != "people" or (other.number.kind == TOGETHER) == is_sum:
            continue
        is_inside = other.first <= reading.first and reading.last <= other.last
        if not is_sum and is_inside and (not other.is_added or _happens_alike(other, reading)):
            return k
        is_outside = other.last < reading.first or reading.last < other.first
        if is_sum and is_outside and other.number.value == reading.number.value and _happens_alike(other, reading):
            return k
    return None


def _happens_alike(one: Reading, other: Reading) -> bool:
    return one.effect is not None and other.effect is not None and one.effect.effect == other.effect.effect


def _together(head: Token, numbers: dict[int, Reading]) -> tuple[float, list[Token], Effect] | None:
    if head.i not in numbers and not _is_one_of(head):
        return None
    members = _apart(_members(head))
    if not 2 <= len(members) <= _MOST or not all(
        member.i in numbers or _is_one_of(member) for member in (head, *members)
    ):
        return None
    if not any(c.dep_ == "cc" and c.lower_ in _JOINS for member in members for c in member.children):
        if not (len(members) == 2 and _is_headline(head)):
            return None
    if any(c.dep_ == "cc" and c.lower_ not in _JOINS for member in members for c in member.children):
        return None
    counts = [_count(member, numbers) for member in members]
    total = sum(count or 0.0 for count in counts)
    if None in counts or total < len(members):
        return None
    if all(member.i in numbers for member in members) and not all(m.lemma_.lower() in _AGES for m in members):
        return None
    if not _are_several(members):
        return None
    if head.dep_ == "appos" and head == members[0] and not _names_all(head.head, total, numbers):
        return None  # "Smith, a father and grandfather"; but "three people, a woman and her two sons"
    told = [e for e in (_victims(effect_of(head)), _victims(_related(members[-1]))) if e is not None]
    if not told:
        return None
    effect = max(told, key=lambda e: e.rank)
    is_shared = effect.verb.dep_ == "relcl" and effect.verb.head == members[-1]
    if effect.rank < _NAMED and any(m.pos_ == "PROPN" and not is_person_noun(m) for m in members):
        if head.dep_ != "nsubjpass":
            return None
    for member in members[1:]:
        own = effect if is_shared or member.lower_ in _ITSELF else effect_of(member)
        if own is None and member.head.ent_type_ == "PERSON":
            own = effect
        if own is None or own.effect != effect.effect or own.polarity != effect.polarity:
            return None
    return total, members, effect


def _members(head: Token) -> list[Token]:
    """Those coordinated with a noun, in order, where the parse tells them in one of the ways that it has for a list."""
    members = [head, *sorted(head.conjuncts, key=lambda token: token.i)]
    if members[-1].i < head.i:
        return []
    if len(members) == 1:  # "a man, 23, and a woman, 19, were": two subjects of one verb
        return [head, *(c for c in head.head.children if c.dep_ == head.dep_ and head.i < c.i < head.head.i)]
    if head.dep_ == "appos" and head.head.tag_ == "NN" and head.head.i < head.i:
        if head.tag_ == "NNS" or (_is_own(head.head) and head.head.dep_ == "nsubjpass"):
            return [head.head, *members]  # "his wife, their three children and himself", "a mother, a father and a son"
    if _is_open(head) and head.doc[head.i + 1].text == ",":
        return members[1:]  # "the victims, four men and a woman"
    return members


def _apart(members: list[Token]) -> list[Token]:
    """The members without names that only say who the one before is: "his mother, Ann Roe, and his sister"."""
    doc = members[0].doc
    return [
        member
        for k, member in enumerate(members)
        if not (
            0 < k < len(members) - 1
            and member.ent_type_ == "PERSON"
            and not is_person_noun(member)
            and members[k - 1].tag_ == "NN"
            and any(child.dep_ in ("det", "poss") for child in members[k - 1].children)
            and doc[member.i + 1].text == ","
        )
    ]


def _names_all(noun: Token, total: float, numbers: dict[int, Reading]) -> bool:
    """Whether a list in apposition names all that a noun stands for: "three people, a woman and her two sons"."""
    whole = numbers.get(noun.i)
    return whole.number.value == total if whole is not None else _is_open(noun)


def _is_open(noun: Token) -> bool:
    """Whether a noun says neither how many nor who they are: "the victims"."""
    is_anyone = PEOPLE.get(noun.lemma_.lower()) == "anyone" or noun.lower_ in ("dead", "wounded", "injured")
    return is_anyone and noun.tag_ in ("NNS", "JJ") and not any(child.dep_ == "nummod" for child in noun.children)


def _victims(effect: Effect | None) -> Effect | None:
    """The effect, where it is one that makes victims."""
    return effect if effect is not None and effect.effect in _EFFECTS and effect.rank >= _LEAST else None


def _related(last: Token) -> Effect | None:
    """What a clause after the list says of all in it: "a man and a woman who were wounded"."""
    for child in last.children:
        if child.dep_ == "relcl" and any(c.lower_ in _PLURAL for c in child.children):
            return effect_of(last)
    return None


def _is_one_of(token: Token) -> bool:
    """Whether a token can be a victim of a list: a noun of people, a name, or "himself"."""
    if token.lower_ in _ITSELF:
        return True
    if token.pos_ == "PROPN" and token.ent_type_ == "PERSON":
        return True
    return is_person_noun(token) and PEOPLE.get(token.lemma_.lower()) != "beasts"


def _count(member: Token, numbers: dict[int, Reading]) -> float | None:
    """How many a member of the list is, or None where it does not say."""
    reading = numbers.get(member.i)
    if reading is not None:
        return reading.number.value if reading.number.bound == "eq" else None
    if member.lower_ in _COUPLES or (member.lower_ in _ELDERS and any(c.lower_ in _WHOSE for c in member.children)):
        return 2.0
    if any(child.dep_ == "nummod" and child.i < member.i for child in member.children):
        return None
    return (
        None if member.tag_ in ("NNS", "NNPS") or member.lemma_.lower() in ("other", "pair", "staff", "crew") else 1.0
    )


def _are_several(members: list[Token]) -> bool:
    """Whether the list names different people: "a man and his son were shot", not "a husband and father was shot"."""
    head = members[0]
    verb = head.head
    if head.dep_ in ("nsubj", "nsubjpass"):
        words = {verb.lower_, *(child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass"))}
        if words & _SINGULAR:
            return False
        if words & _PLURAL:
            return True
    if all(_is_own(member) for member in members[1:]):
        return True
    lemmas = {member.lemma_.lower() for member in members}
    return len(members) > 2 or bool(lemmas & _MALE and lemmas & _FEMALE)


def _is_own(member: Token) -> bool:
    """Whether a member is introduced as somebody of its own: by an article, whose it is, a number, an age or a name."""
    if member.ent_type_ == "PERSON" or member.lower_ in _ITSELF:
        return True
    return any(child.dep_ in ("det", "poss", "nummod") and child.i < member.i for child in member.children)


def _is_headline(head: Token) -> bool:
    """Whether a list may do without "and": "Deaths of Woman, Granddaughter"."""
    return head.text[0].isupper() and not any(child.dep_ in ("det", "poss") for child in head.children)


def _first(head: Token, numbers: dict[int, Reading]) -> int:
    """The first token of the phrase of the first member: of its article, its number, or its words without a break."""
    if (reading := numbers.get(head.i)) is not None:
        return reading.first
    for child in head.children:
        if child.i < head.i and child.dep_ in ("det", "poss"):
            return child.left_edge.i
    parts = {token.i for child in head.lefts if child.dep_ in ("amod", "compound", "nummod") for token in child.subtree}
    first = head.i
    while first - 1 in parts and not head.doc[first - 1].is_space:
        first -= 1
    return first
