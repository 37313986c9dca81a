"""Read from the words around a figure what it is to others (a part, an increment …), and who are counted."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.actors.tokens import tokens_of
from newsbeam.transforms.figures.change import direction_of
from newsbeam.transforms.figures.counting import PEOPLE, is_person_noun, singular
from newsbeam.transforms.figures.reading import Reading
from newsbeam.transforms.figures.relations import Hint

_POINTING = {"all", "both", "the", "these", "those"}
_MOVING = {"people", "count", "percent", "money", "measure", "temperature"}
_INCLUDING_REACH = 14


def hint_of(doc: Doc, reading: Reading) -> Hint:
    """What the words around a figure say of its relation to others."""
    first = reading.first
    before = [doc[i].lower_ for i in range(max(0, first - 2), first)]
    after = [doc[i].lower_ for i in range(reading.last + 1, min(len(doc), reading.last + 3))]
    if reading.number.moved or (before[-1:] == ["from"] and reading.kind in _MOVING and _is_moved_from(doc, reading)):
        return Hint(is_previous=True)
    if reading.is_share or reading.is_conversion:
        return Hint(is_part=True)
    if reading.kind != "people":
        return Hint()
    added = {"more", "additional", "further"}
    if added & set(after[:1]) or before[-1:] == ["another"] or added & set(before[-1:]) - {"more"}:
        return Hint(is_increment=True)
    if reading.counted.is_of or is_included(reading) or before == ["among", "them"]:
        return Hint(is_part=True)
    is_rest = before == ["the", "other"] or _is_among(reading.node)  # "one died, and the other three were hurt"
    return Hint(is_anaphoric=doc[first].lower_ == "both" or is_rest or bool(before) and before[-1] in _POINTING)


def _is_among(node: Token) -> bool:
    """ "Among the dead are four soldiers", "four soldiers are among the dead"."""
    verb = node.head
    if verb.lemma_ != "be" or node.dep_ not in ("attr", "nsubj", "nsubjpass"):
        return False
    return any(child.lower_ == "among" and (child.i < node.i or child.i > verb.i) for child in verb.children)


def _is_moved_from(doc: Doc, reading: Reading) -> bool:
    """ "rose to 35 from 33", "up from 33" """
    source = doc[reading.first - 1]
    return direction_of(source.head) is not None or (
        reading.first > 1 and direction_of(doc[reading.first - 2]) is not None
    )


def is_included(reading: Reading) -> bool:
    """Whether "including" picks the figure out of a total; "a child is among three killed" tells the total itself."""
    node = reading.node
    while node.dep_ == "conj" and node.head != node:
        node = node.head
    if node.dep_ == "pobj" and node.head.lower_ == "including":
        return True
    return node.dep_ == "appos" and reading.counted.is_of


def owner_of(reading: Reading, before: list[Reading]) -> int | None:
    """The index of the count of people earlier in the sentence that a part belongs to."""
    if reading.kind != "people":
        return None
    for k in range(len(before) - 1, -1, -1):
        other = before[k]
        if other.sentence != reading.sentence:
            return None
        if other.kind == "people" and not is_included(other) and not other.counted.is_of:
            return k
    return None


def groups_of(reading: Reading) -> list[str]:
    """Who they are: the nouns coordinated with the one counted, their nationality and kind, and those included."""
    noun = reading.counted.noun
    if noun is None:
        return []
    found: list[str] = []
    together = [child for child in noun.children if child.dep_ == "conj" and not _is_counted(child)]
    for node in (noun, *together):
        for child in node.children:
            if child.dep_ in ("amod", "compound", "nmod") and child.i > reading.last:
                if child.ent_type_ == "NORP" or child.text[0].isupper():
                    found.append(child.text)
                elif is_person_noun(child) and PEOPLE.get(child.lemma_.lower()) != "anyone":
                    found.append(child.lemma_.lower())
        if is_person_noun(node) and PEOPLE.get(node.lemma_.lower()) != "anyone":
            name = singular(node)
            found.append(name.capitalize() if node.pos_ == "PROPN" else name)
    return list(dict.fromkeys([*found, *_included(noun)]))


def _is_counted(token: Token) -> bool:
    return any(child.dep_ == "nummod" for child in token.children)


def _included(noun: Token) -> list[str]:
    doc = noun.doc
    words = tokens_of(doc).lower
    for i in range(noun.i + 1, min(noun.i + _INCLUDING_REACH, len(doc))):
        if words[i] in ("including", "among"):
            if any(doc[k].is_sent_start for k in range(noun.i + 1, i + 1)):
                break
            named = [node for child in doc[i].children for node in (child, *child.conjuncts)]
            return [n.lemma_.lower() for n in named if is_person_noun(n) and PEOPLE.get(n.lemma_.lower()) != "anyone"]
    return []
