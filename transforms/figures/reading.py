"""Read one number of a parsed text: whether it is a quantity, its kind, what it counts and what happened to it."""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.context import UNKNOWN, Scope
from newsbeam.transforms.figures.counting import (
    NOMINAL,
    PEOPLE,
    Counted,
    counted_by,
    is_person,
    is_person_noun,
    unit_of,
)
from newsbeam.transforms.figures.effects import Effect, effect_of
from newsbeam.transforms.figures.lexicon import unit_at
from newsbeam.transforms.figures.measuring import measured_by, said_of
from newsbeam.transforms.figures.numbers import Number
from newsbeam.transforms.figures.quantity import is_quantity

#: Kinds whose noun is what they are said of, not what is counted.
MEASURES = frozenset({"money", "percent", "measure", "temperature", "ratio", "fraction", "duration", "age"})
_SURE = 6  # rank of words that are said of people only: killed, wounded, arrested
_VICTIMS = ("killed", "injured", "arrested", "abducted")
#: how "old" hangs where it stands for the person: "they saw the 14-year-old"
_STANDING = frozenset({"poss", "nsubj", "nsubjpass", "dobj", "pobj", "ROOT", "ccomp"})
_RECENT = frozenset({"last", "past", "next", "coming", "previous", "recent", "first", "final"})
_TIMES = frozenset("minute hour day night week month year decade morning afternoon evening weekend season".split())
_NEARLY = frozenset("about around some nearly almost roughly just only".split())
_OF_THOSE = frozenset("who whose killed dead hurt injured wounded trapped arrested detained missing".split())
_MODIFYING = frozenset({"compound", "amod", "nmod", "poss", "nummod", "npadvmod"})
_SETTLEMENTS = frozenset("town city village hamlet community nation country suburb audience crowd family".split())
_OLDEST = 120
_YOUNGEST = 10  # for an age that stands behind a name without a comma
_PLACES = frozenset({"GPE", "LOC", "FAC", "ORG", "NORP"})
_DOLLAR_LANDS = frozenset({"US", "U.S.", "C", "A", "HK", "S", "NZ", "NT", "AU", "CA", "R"})


class Reading(NamedTuple):
    """A number with all that the parse says of it, before figures are related to each other."""

    number: Number
    first: int  # first token of the numeral, with its sign of money
    last: int  # last token of the numeral
    unit_last: int  # last token of its unit
    counted: Counted
    noun: Token | None  # what is counted, or what a measure is of
    kind: str
    unit: str | None
    currency: str | None
    effect: Effect | None
    scope: Scope
    sentence: int
    text: str  # of the article
    moved: str | None = None  # up, down or neither (""), where the number is a move from one value to another
    is_share: bool = False  # a half or third of the number that follows
    is_conversion: bool = False  # the amount before it told again in another unit
    is_added: bool = False  # the sum of two counts: some, and others

    @property
    def node(self) -> Token:
        """The token that stands for those counted in the parse: the noun, or the bare numeral."""
        return self.counted.noun if self.counted.noun is not None else self.counted.numeral


def span_of(doc: Doc, number: Number, offsets: list[int]) -> tuple[int, int, int]:
    """First and last token of a numeral, with its sign of money, and the last token of its unit."""
    first = max(0, bisect_right(offsets, number.core_start) - 1)
    last = max(first, bisect_left(offsets, number.core_end) - 1)
    while first and (doc[first - 1].tag_ == "$" or (doc[first].tag_ == "$" and doc[first - 1].text in _DOLLAR_LANDS)):
        first -= 1
    return first, last, max(last, bisect_left(offsets, number.end) - 1)


def read_one(doc: Doc, text: str, number: Number, span: tuple[int, int, int], sentence: int) -> Reading | None:
    """What the parse says of a number, or None where it states no quantity."""
    first, last, unit_last = span
    counted = counted_by(doc, first, last)
    bare = number.unit is None and number.currency is None
    if bare and number.kind == "number" and _stand_for_people(doc, first, last, counted):
        counted = Counted(None, counted.numeral, is_people=True, is_of=False)
    effect = _effect(number, counted) if bare or number.kind in ("percent", "fraction", "ratio") else None
    is_age = bare and number.kind == "number" and _is_age(doc, number, first, last, counted)
    is_sure_age = is_age and text[number.core_start - 1] != "("  # a number in brackets may be that of a shirt
    if not is_sure_age and not is_quantity(doc, text, number, first, last, counted, effect):
        return None
    kind, unit = number.kind, number.unit
    noun: Token | None
    if is_age:
        kind, unit = "age", "year of age"
    elif bare and kind == "number" and effect is None and _is_multiple(doc, last):
        kind, unit, unit_last = "ratio", "time", last + 1
    if kind in MEASURES:
        noun = None if kind == "duration" and _is_period(doc, first, unit_last) else measured_by(doc, first, unit_last)
        if kind == "age" or not (noun is None or is_person_noun(noun)):  # water is released, too
            effect = None
        if kind == "age":
            noun = None if _stands(doc, unit_last) else _aged(doc, first, unit_last) or noun
            if noun is not None and noun.lemma_.lower() == "age" and noun.i < first:
                beside = doc[noun.head.i - 1] if noun.dep_ == "pobj" and noun.head.i else noun
                noun = beside if beside.pos_ in NOMINAL else said_of(noun)  # "players over the age of 21"
            elif number.kind != "age" and (expected := _expected(doc, first)):
                noun = expected
    elif _counts_people(counted, effect):
        kind, noun = "people", counted.noun
        if noun is not None and (noun.pos_ == "PRON" or noun.like_num):
            noun = None
        unit = "person" if noun is None or noun.lemma_.lower() in ("people", "person") else unit_of(noun, last)
    else:
        kind, effect = "count", None
        noun = counted.noun
        if noun is not None and noun.lemma_.lower() == "point" and _is_index(number):
            kind, unit, noun = "ratio", "point", measured_by(doc, first, noun.i)
        elif noun is not None and (measure := _unit_named(text, noun)):
            kind, unit, noun = "measure", measure, measured_by(doc, first, noun.i)
        elif noun is not None and noun.i < first and noun.lemma_ in _TIMES:  # "a day or two"
            kind, unit, noun = "duration", noun.lemma_, measured_by(doc, noun.i, last)
        elif noun is not None and (noun.pos_ == "PRON" or noun.like_num):
            noun = None  # "two of those", "five of six"
        elif noun is not None:
            unit = unit_of(noun, last)
            if counted.is_compound:  # "six-cylinder engines": cylinders, said of engines
                noun = noun.head if noun.head.i > noun.i else noun
        else:
            noun = measured_by(doc, first, unit_last)
    return Reading(
        number, first, last, unit_last, counted, noun, kind, unit, number.currency, effect, UNKNOWN, sentence, text
    )


def _effect(number: Number, counted: Counted) -> Effect | None:
    if counted.is_compound:
        return None
    found = effect_of(counted.numeral) if counted.noun is None or counted.after_of else None
    if found is None and counted.noun is not None:
        found = effect_of(counted.noun)
    if found is not None and number.bound == "none" and found.polarity == "negated":
        found = found._replace(polarity="asserted")
    return found


def _counts_people(counted: Counted, effect: Effect | None) -> bool:
    if counted.is_compound:
        return False
    if counted.is_people or (effect is not None and counted.noun is None):
        return True
    if effect is None or counted.noun is None:
        return False
    if effect.verb == counted.noun:  # "ten deaths"
        return True
    named = PEOPLE.get(counted.noun.lemma_.lower())
    return named is None and counted.noun.pos_ == "NOUN" and effect.rank >= _SURE and effect.effect in _VICTIMS


def _is_multiple(doc: Doc, last: int) -> bool:
    """Whether a number tells how many times as much: "three times the size", "2.5 times higher"."""
    if last + 2 >= len(doc) or doc[last + 1].lower_ != "times":
        return False
    after = doc[last + 2]
    if after.lower_ in ("a", "an", "each", "every", "per"):
        return False  # "three times a day"
    if after.lower_ in ("this", "that", "the") and (last + 3 >= len(doc) or doc[last + 3].lemma_ in _TIMES):
        return False  # "three times this year"
    return after.lower_ == "as" or after.tag_ in ("DT", "PRP$", "JJR", "RBR") and after.i + 1 < len(doc)


def _stand_for_people(doc: Doc, first: int, last: int, counted: Counted) -> bool:
    """Whether a number without a noun says how many people: "a town of 1,200", "nearly 4,500 who travel"."""
    if last + 1 >= len(doc):
        return False
    if doc[last + 1].lower_ == "who":
        return True
    if doc[last + 1].lower_ == "of" and last + 3 < len(doc) and doc[last + 2].lower_ == "those":
        return doc[last + 3].lower_ in _OF_THOSE
    if first < 3:
        return False
    before = first - 1 - (doc[first - 1].lower_ in _NEARLY)
    settled = doc[before].lower_ == "of" and doc[before - 1].lemma_.lower() in _SETTLEMENTS
    return settled and (counted.noun is None or doc[last + 1].lower_ in _NEARLY)


def _unit_named(text: str, noun: Token) -> str | None:
    """The unit of measure that a counted noun is: "1/16 of a US pint"."""
    found = unit_at(text, noun.idx) if noun.pos_ == "NOUN" else None
    exact = found is not None and found[0].kind == "measure" and found[1] == noun.idx + len(noun)
    return found[0].name if found is not None and exact else None


def _is_index(number: Number) -> bool:
    """Whether points are those of a market, not of a game: a broken or a large number."""
    value = number.value or number.low or 0.0
    return value != int(value) or value >= 200


def _is_age(doc: Doc, number: Number, first: int, last: int, counted: Counted) -> bool:
    """Whether a bare number is an age: "Jane Roe, 34, said", "Roe (34)", "she was 34"."""
    value = number.value
    if value is None or not 0 < value <= _OLDEST or value != int(value) or counted.is_compound or not first:
        return False
    before, after = doc[first - 1], doc[last + 1] if last + 1 < len(doc) else None
    closed = after is None or after.text[0] in ",).;–—-" or after.lower_ in ("and", "of", "from")
    if before.text in (",", "(") and closed and first > 1 and doc[first].text.isdecimal():
        named = doc[first - 2]
        return (
            named.pos_ == "PROPN"
            or (named.tag_ == "NN" and value >= _YOUNGEST and closed and after is not None and _is_definite(named))
            or (
                _is_surname(named)
                and value >= _YOUNGEST
                and before.text == ","
                and after is not None
                and after.text == ","
            )
            or named.lower_ in ("male", "female", "males", "females")
            or is_person_noun(named)
            or named.tag_ == "CD"
            and named.head.tag_ == "CD"
        )
    if before.text == "," and after is not None and after.text in (",", ".", ";") and first == last and first > 1:
        named = doc[first - 2]  # "Amina, six,": words for the youngest, after whoever is no place that has so many
        if named.pos_ == "PROPN" and value < _YOUNGEST and named.ent_type_ not in _PLACES:
            return True
    if before.lower_ in ("now", "then") and closed and first > 2 and doc[first - 2].text == ",":
        return doc[first].text.isdecimal() and (doc[first - 3].pos_ == "PROPN" or is_person_noun(doc[first - 3]))
    if before.lower_ in ("both", "each") and closed and first > 2 and doc[first - 2].text in (",", "("):
        return doc[first].text.isdecimal() and (doc[first - 3].pos_ == "PROPN" or is_person_noun(doc[first - 3]))
    if (
        before.lower_ == "and"
        and closed
        and first > 3
        and doc[first].text.isdecimal()
        and doc[first - 2].text.isdecimal()
    ):
        return doc[first - 3].text == "," and (is_person_noun(doc[first - 4]) or doc[first - 4].pos_ == "PROPN")
    if before.ent_type_ == "PERSON" and before.pos_ == "PROPN" and doc[first].text.isdecimal() and value >= _YOUNGEST:
        return after is not None and after.pos_ in ("VERB", "AUX")  # "Jane Roe 34 has spent"
    if _expected(doc, first) is not None:
        return True
    if counted.noun is not None:
        return False
    root = counted.numeral
    if root.head.lemma_ == "turn" and root.dep_ in ("dobj", "attr", "acomp", "oprd") and root.i > root.head.i:
        return _turns(root.head)  # "Smith, who turns 18 in May"
    if root.dep_ == "pobj" and root.head.lower_ in ("about", "around"):
        root = root.head
    if root.dep_ in ("attr", "acomp", "prep", "advmod") and root.head.lemma_ == "be":
        subject = next((child for child in root.head.children if child.dep_ == "nsubj"), None)
        if subject is None:
            return False
        if subject.lemma_.lower() in ("age", "expectancy"):
            return True
        if after is None or (after.is_alpha and not _begins_clause(after)):
            return False
        if subject.tag_ == "WP":
            return is_person(root.head.head)
        return subject.lower_ in ("he", "she", "i") or is_person(subject)
    return False


def _turns(verb: Token) -> bool:
    """Whether it is a person who turns so old."""
    subject = next((child for child in verb.children if child.dep_ == "nsubj"), None)
    if subject is not None and subject.tag_ == "WP":
        return subject.lower_ == "who"
    return subject is not None and (subject.lower_ in ("he", "she", "i") or is_person(subject))


def _begins_clause(word: Token) -> bool:
    """Whether an "and" or "when" behind a number begins a clause: "she was 37 and her son was 6"."""
    if word.lower_ in ("when", "while", "because"):
        return True
    following = word.doc[word.i + 1] if word.i + 1 < len(word.doc) else None
    return (
        word.lower_ in ("and", "but")
        and following is not None
        and following.pos_ in ("PRON", "PROPN", "DET", "VERB", "AUX")
    )


def _expected(doc: Doc, first: int) -> Token | None:
    """The expectancy, where a number tells how old people get: "life expectancy is around 73, raising fears"."""
    i = first - 1
    while i > 0 and doc[i].lower_ in _NEARLY:
        i -= 1
    if doc[i].lemma_ != "be":
        return None
    subject = next((child for child in doc[i].children if child.dep_ == "nsubj"), None)
    return subject if subject is not None and subject.lemma_.lower() == "expectancy" else None


def _stands(doc: Doc, last: int) -> bool:
    """Whether an age stands for the one who is so old: "they saw the 14-year-old", "the 14-year-old's death"."""
    if doc[last].lower_ not in ("old", "olds"):
        return False
    is_owner = last + 1 < len(doc) and doc[last + 1].tag_ == "POS"
    return is_owner or doc[last].dep_ in _STANDING


def _is_surname(noun: Token) -> bool:
    """Whether a capitalised plural is rather a name, the subject: "Jeffries, 17, is a student"."""
    alone = not any(child.dep_ in ("det", "amod", "nummod", "poss") for child in noun.children)
    return noun.tag_ in ("NNS", "NNPS") and noun.text.istitle() and alone and noun.dep_ == "nsubj"


def _is_definite(noun: Token) -> bool:
    """Whether a noun is a subject that the text has spoken of: "the tycoon, 70, said"."""
    return noun.dep_ in ("nsubj", "nsubjpass") and any(child.lower_ == "the" for child in noun.children)


def _is_period(doc: Doc, first: int, last: int) -> bool:
    """Whether a duration tells when, and is of nothing: "in the last three months", "three years ago"."""
    if last + 1 < len(doc) and doc[last + 1].lower_ in ("ago", "earlier", "later", "after", "before"):
        return True
    if first and doc[first - 1].lower_ == "in" and _is_first_of(doc[first - 1]):
        return True
    i = first - 1
    while i > 0 and doc[i].lower_ in _RECENT:
        i -= 1
    return 0 <= i < first - 1 and (doc[i].lower_ in ("the", "these") or doc[i].pos_ == "ADP") and _hangs_by(doc, i)


def _is_first_of(preposition: Token) -> bool:
    """Whether a period tells among what something is the first or most: "the worst flood in 40 years"."""
    node = preposition.head
    for _ in range(3):
        if node.pos_ in NOMINAL and any(
            child.tag_ in ("JJS", "RBS") or child.lower_ in ("first", "only", "second", "third")
            for child in node.children
        ):
            return True
        if node.head == node or node.dep_ not in ("relcl", "acl", "prep", "pobj", "xcomp", "ccomp"):
            return False
        node = node.head
    return False


def _hangs_by(doc: Doc, i: int) -> bool:
    """Whether the words before a period are a preposition, apart from its article."""
    return doc[i].pos_ == "ADP" or (i > 0 and doc[i - 1].pos_ == "ADP")


def _aged(doc: Doc, first: int, last: int) -> Token | None:
    """Whose age it is: the person named just before ("Jane Roe, 34"), or after ("a 12-year-old boy")."""
    following = doc[last + 1] if last + 1 < len(doc) else None
    is_named = following is not None and following.pos_ == "PROPN" and doc[last].lower_.endswith("old")
    if first > 1 and doc[first - 1].text in (",", "(") and not is_named:
        return doc[first - 2]
    root = next((doc[i] for i in range(last, first - 1, -1) if not first <= doc[i].head.i <= last), doc[first])
    is_name = following is not None and following.pos_ == "PROPN" and following.ent_type_ in ("PERSON", "")
    if following is not None and (is_name or (following.pos_ == "PROPN" and following.dep_ not in _MODIFYING)):
        return following.head if following.dep_ == "compound" else following  # "14-year-old Jane Roe"
    if following is not None and doc[last].lower_.endswith("old"):
        if following.pos_ == "PROPN" and following.dep_ == "compound" and following.head.pos_ == "PROPN":
            return following.head
        if following.pos_ == "NOUN" and is_person_noun(following):
            return following  # "a 42-year-old manager and a 41-year-old driver"
    node = root
    for _ in range(4):
        node = node.head
        if is_person(node):
            return node
    return None
