"""Say whether a number is or follows a change, and which way."""

from spacy.tokens import Token

from newsbeam.transforms.figures.lexicon import rows_of
from newsbeam.transforms.figures.reading import Reading

_DIRECTIONS = {word: direction for direction, words in rows_of("changes.tsv") for word in words.split()}
_AMOUNTS = frozenset({"percent", "measure", "temperature", "ratio", "count", "money", "people", "fraction"})
_BEFORE_NOUN = frozenset({"nummod", "compound", "nmod", "amod", "npadvmod"})
#: nouns that tell of nothing but a change, which an advance, an edge or a contract may not
_MOVES = frozenset(
    "rise gain increase jump surge boost rebound rally leap fall drop decline decrease plunge slump dip retreat".split()
)
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
    "ante",
    "cough",
    "pony",
    "open",
    "call",
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
        told = _of_noun(reading, node)
        if told is not None:
            return told or None
        if node.dep_ == "prep" and node.lower_ not in ("by", "up", "down", "to"):
            return None
        head = node.head
        if head == node:
            return None
        if head.pos_ in ("VERB", "AUX"):
            if node.dep_ in ("nsubj", "nsubjpass"):
                return None
            return _of_verb(head, node, reading)
        if _compares(head):
            return None
        is_bound = reading.number.start <= head.idx < reading.number.end  # "up to"
        if head.pos_ in ("ADV", "ADP", "ADJ", "PART") and not is_bound and (direction := direction_of(head)):
            return direction
        node = head
    return None


def _of_noun(reading: Reading, node: Token) -> str | None:
    """What the noun says that a number stands before or tells by how much: a direction, "" for no change, or None."""
    noun = node.head
    if noun.pos_ not in ("NOUN", "VERB") or node.dep_ not in _BEFORE_NOUN and node.lower_ != "by":
        return None
    direction = direction_of(noun) if noun.pos_ == "NOUN" and noun.lemma_.lower() in _MOVES else None
    if node.lower_ == "by" and node.dep_ == "prep":
        return direction  # "an increase by 5%"
    if noun.i <= reading.unit_last or noun.pos_ != "NOUN":
        return None
    if reading.kind in ("percent", "money", "temperature", "ratio") and direction is not None:
        return direction  # "a 5% drop"
    return "" if reading.kind in ("money", "measure", "temperature") else None  # "cut the 400g bar"


def _compares(word: Token) -> bool:
    """Whether "higher" or "less" compares two things ("2 degrees higher than") instead of telling of a change."""
    return word.tag_ in ("JJR", "RBR") and word.i + 1 < len(word.doc) and word.doc[word.i + 1].lower_ == "than"


def _of_verb(verb: Token, node: Token, reading: Reading) -> str | None:
    if verb.lemma_ == "raise" and node.dep_ == "dobj":
        return None  # "raised $5m" tells of no change
    # "rose to 20" says where a change ended; 20 itself is no change
    direction = direction_of(verb) if node.dep_ != "prep" or node.lower_ == "by" else None
    if direction is not None:
        return direction
    for child in verb.children:
        if child.dep_ == "prt" and verb.lemma_ in _PHRASAL or reading.number.start <= child.idx < reading.number.end:
            continue  # "make up", and the "up" of "up to"
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
