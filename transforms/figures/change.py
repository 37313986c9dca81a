"""Say whether a number is or follows a change, and which way."""

from spacy.tokens import Token

from newsbeam.transforms.figures.lexicon import rows_of
from newsbeam.transforms.figures.reading import Reading

_DIRECTIONS = {word: direction for direction, words in rows_of("changes.tsv") for word in words.split()}
_AMOUNTS = frozenset({"percent", "measure", "temperature", "ratio", "count", "money", "people", "fraction"})
_BESIDE = {"advmod", "acomp", "prt", "prep", "oprd"}
#: verbs that "up" and "down" give another sense: "make up 5%", "set up two camps"
_PHRASAL = {
    "make",
    "take",
    "set",
    "put",
    "pick",
    "give",
    "end",
    "wind",
    "hold",
    "come",
    "sign",
    "show",
    "line",
    "break",
}


def direction_of(word: Token) -> str | None:
    """up or down, where a word tells of a change."""
    return _DIRECTIONS.get(word.lemma_.lower()) or _DIRECTIONS.get(word.lower_)


def change_of(reading: Reading) -> str | None:
    """up or down: by a sign, by the verb or adverb that the number measures, or by the noun that it stands before."""
    if reading.moved is not None:
        return reading.moved or None
    if reading.kind not in _AMOUNTS:
        return None
    start = reading.number.core_start
    if start and reading.text[start - 1] == "+":
        return "up"
    return _climb(reading)


def _climb(reading: Reading) -> str | None:
    doc = reading.counted.numeral.doc
    if any(doc[i].lower_ == "instead" for i in range(max(0, reading.first - 3), reading.first)):
        return None
    node = next(
        (
            doc[i]
            for i in range(reading.last, reading.first - 1, -1)
            if not reading.first <= doc[i].head.i <= reading.last
        ),
        doc[reading.last],
    )
    for _ in range(5):
        if node.dep_ == "prep" and node.lower_ not in ("by", "up", "down", "to"):
            return None
        head = node.head
        if head == node:
            return None
        if head.pos_ in ("VERB", "AUX"):
            if node.dep_ in ("nsubj", "nsubjpass"):
                return None
            return _of_verb(head, node)
        if _compares(head):
            return None
        if head.pos_ in ("ADV", "ADP", "ADJ", "PART") and (direction := direction_of(head)):
            return direction
        node = head
    return None


def _compares(word: Token) -> bool:
    """Whether "higher" or "less" compares two things ("2 degrees higher than") instead of telling of a change."""
    return word.tag_ in ("JJR", "RBR") and word.i + 1 < len(word.doc) and word.doc[word.i + 1].lower_ == "than"


def _of_verb(verb: Token, node: Token) -> str | None:
    if verb.lemma_ == "raise" and node.dep_ == "dobj":
        return None  # "raised $5m" tells of no change
    # "rose to 20" says where a change ended; 20 itself is no change
    direction = direction_of(verb) if node.dep_ != "prep" or node.lower_ == "by" else None
    if direction is not None:
        return direction
    for child in verb.children:
        if child.dep_ == "prt" and verb.lemma_ in _PHRASAL:
            continue
        if child.dep_ in _BESIDE and (direction := direction_of(child)) and abs(child.i - node.i) < 5:
            if _compares(child) or child.i > node.i and _leads_on(child):
                return None
            return direction
    return None


def _leads_on(word: Token) -> bool:
    """Whether the word after a number belongs to the next one: "was 3.1 million, down 9 percent"."""
    doc = word.doc
    following = doc[word.i + 1] if word.i + 1 < len(doc) else None
    return following is not None and (following.like_num or following.tag_ in ("$", "CD") or following.lower_ == "by")
