"""Find what a number counts or measures: its noun, the phrase, and whether people are counted."""

from typing import NamedTuple

from spacy.tokens import Doc, Token

from newsbeam.transforms.figures.lexicon import is_unit_word, rows_of


def _people() -> dict[str, str]:
    classes: dict[str, str] = {}
    for kind, words in rows_of("people.tsv"):
        for word in words.split():
            classes.setdefault(word, kind)
    return classes


#: noun -> anyone (says nothing of who they are), group, bodies or beasts (nobody)
PEOPLE = _people()
_PEOPLE_ENDINGS = ("man", "woman", "people", "person", "goer", "worker", "fighter", "holder", "folk", "trooper")
_NO_PEOPLE = {"german", "ottoman", "talisman", "caiman", "roman"}
NOMINAL = ("NOUN", "PROPN")
_PHRASE_PARTS = {
    "amod",
    "compound",
    "nmod",
    "poss",
    "prep",
    "pobj",
    "nummod",
    "conj",
    "cc",
    "case",
    "npadvmod",
    "quantmod",
    "appos",
}
_BETWEEN = {"ADJ", "NOUN", "PROPN", "ADV", "NUM", "DET"}
_NO_UNIT = {"other", "more", "additional", "further", "such", "of", "the", "and", "or"}
_HEADLINE_STATES = frozenset(
    {"shot", "dead", "killed", "hurt", "injured", "wounded", "arrested", "missing", "stabbed", "detained", "charged"}
)
_STATES = frozenset({"dead", "injured", "wounded", "hurt", "missing", "killed"})
_OTHERS = frozenset({"multiple", "several", "many", "numerous", "others", "scores", "dozens", "a", "an"})
_MAX_REACH = 8


class Counted(NamedTuple):
    """What a number counts. `noun` is None where the text leaves it out ("four were wounded")."""

    noun: Token | None
    numeral: Token
    is_people: bool
    is_of: bool  # "two of the men": a part of a known group
    after_of: bool = False  # "hundreds of people": the number is the head
    is_compound: bool = False  # "six-cylinder engines": the noun is joined to the number


def numeral_token(doc: Doc, first: int, last: int) -> Token:
    """The token that stands for the numeral in the parse: the one of its tokens whose head lies outside."""
    for i in range(last, first - 1, -1):
        if not first <= doc[i].head.i <= last or doc[i].head.i == i:
            return doc[i]
    return doc[last]


def is_person_noun(token: Token) -> bool:
    """Whether a noun names people: by the word list, by its ending, or as a nationality in the plural."""
    lemma = token.lemma_.lower()
    lower = token.lower_  # in a headline in capitals the plural is its own lemma
    kind = PEOPLE.get(lemma) or PEOPLE.get(lower) or (PEOPLE.get(lower[:-1]) if lower.endswith("s") else None)
    if kind is not None:
        return kind not in ("bodies", "beasts")
    if token.ent_type_ == "NORP" and token.pos_ in NOMINAL:
        return True
    if lower.endswith(("year-old", "year-olds")):
        return True
    if token.pos_ == "PROPN" and token.tag_ == "NNPS" and token.lower_.endswith(("men", "women")):
        return True
    return lemma.endswith(_PEOPLE_ENDINGS) and lemma not in _NO_PEOPLE and token.pos_ == "NOUN"


def counted_by(doc: Doc, first: int, last: int) -> Counted:
    """What the number of tokens first to last counts."""
    numeral = numeral_token(doc, first, last)
    joined = _joined(doc, last)
    if joined is not None:
        return Counted(joined, numeral, False, False, is_compound=True)
    if _hangs(doc, last):
        return Counted(None, numeral, False, False)  # "7- or 8-inch screens"
    noun, is_of = _noun_of(doc, numeral, last)
    if noun is not None and not is_of and _is_size(doc, last, noun):
        return Counted(doc[last + 1], numeral, False, False, is_compound=True)
    if noun is not None and not is_of and noun.lower_ in ("shot", "hurt", "stabbed", "killed"):
        noun = None  # "5 shot, 1 killed"
    people = is_person_noun(noun) if noun is not None else is_of and _are_people(numeral)
    after_of = last + 1 < len(doc) and doc[last + 1].lower_ == "of"
    return Counted(noun, numeral, people, is_of, after_of)


def _hangs(doc: Doc, last: int) -> bool:
    """Whether a number ends in a hyphen that a later number takes up."""
    if len(doc[last]) > 1 and doc[last].text.endswith("-"):
        return True
    following = doc[last + 1] if last + 2 < len(doc) else None
    return (
        following is not None and following.tag_ == "HYPH" and bool(following.whitespace_) and not doc[last].whitespace_
    )


def _is_size(doc: Doc, last: int, noun: Token) -> bool:
    """Whether a plural number stands before a singular noun, so that it counts the one between: "3 cylinder engine"."""
    if noun.i <= last or noun.tag_ != "NN" or doc[last].lower_ in ("one", "1", "1.0") or not doc[last].like_num:
        return False
    between = doc[last + 1]
    if between.tag_ != "NN" or between.pos_ != "NOUN" or between.dep_ != "compound":
        return False
    return between.head.i > between.i and between.head.tag_ == "NN" and noun in (between, between.head)


def _joined(doc: Doc, last: int) -> Token | None:
    """The noun joined to a number by a hyphen: "six-cylinder"."""
    if last + 2 >= len(doc) or doc[last + 1].tag_ != "HYPH" or doc[last].whitespace_ or doc[last + 1].whitespace_:
        return None
    return doc[last + 2] if doc[last + 2].is_alpha and doc[last + 2].pos_ in (*NOMINAL, "ADJ") else None


def is_person(token: Token) -> bool:
    """Whether a token names a person or people, by name or by noun."""
    return token.ent_type_ == "PERSON" or is_person_noun(token)


def _are_people(numeral: Token) -> bool:
    """Whether "two of them" are people: "whom", or the clause calls them so ("were children")."""
    doc = numeral.doc
    if any(doc[i].lower_ in ("whom", "us") for i in range(numeral.i, min(numeral.i + 3, len(doc)))):
        return True
    return any(child.dep_ == "attr" and is_person_noun(child) for child in numeral.head.children)


def _noun_of(doc: Doc, numeral: Token, last: int) -> tuple[Token | None, bool]:
    after = doc[last + 1] if last + 1 < len(doc) else None
    if after is not None and after.lower_ == "of":
        return _after_of(doc, last + 1)
    if _is_left_dead(doc, last + 1):
        return None, False
    if (
        last > 1
        and doc[last - 1].lower_ == "or"
        and doc[last - 2].tag_ == "NN"
        and doc[last].lower_ in ("two", "three")
    ):
        return doc[last - 2], False  # "a striker or two"
    head = numeral.head
    if (
        head.i > last
        and head.pos_ in NOMINAL
        and head.i - last <= _MAX_REACH
        and numeral.dep_ not in ("nsubj", "nsubjpass")
    ):
        if _is_unbroken(doc, last + 1, head.i):
            if _is_state(head) and head.i > last + 1:
                return run_after(doc, last + 1), False
            if len(head) == 1 and head.i + 2 < len(doc) and doc[head.i + 1].text == "-" and not head.whitespace_:
                head = doc[head.i + 2]  # "new e-mails"
            return _first_counted(doc, last + 1, head), False
    return run_after(doc, last + 1), False


def _is_left_dead(doc: Doc, after: int) -> bool:
    """Whether the state after a number is its own, and the noun another's: "two dead and several others injured"."""
    if after + 2 >= len(doc) or doc[after].lower_ not in _STATES:
        return False
    return doc[after + 1].lower_ in ("and", ",", "&") and doc[after + 2].lower_ in _OTHERS


def _first_counted(doc: Doc, start: int, head: Token) -> Token:
    """The people of "12,000 people and material losses", where the parser makes them a modifier of the losses."""
    for i in range(start, head.i):
        if doc[i].tag_ == "NNS" and doc[i + 1].dep_ == "cc" and is_person_noun(doc[i]):
            return doc[i]
    return head


def _is_unbroken(doc: Doc, start: int, end: int) -> bool:
    return all(
        doc[i].pos_ in _BETWEEN or doc[i].tag_ in ("HYPH", "VBN", "VBG", "POS", "CC", ",", "``") or _is_joined(doc, i)
        for i in range(start, end)
    )


def _is_prefix(doc: Doc, i: int) -> bool:
    """Whether a token is joined by a hyphen to the next: the "off" of "off-duty"."""
    return i + 2 < len(doc) and doc[i + 1].tag_ == "HYPH" and not doc[i].whitespace_ and not doc[i + 1].whitespace_


def _is_joined(doc: Doc, i: int) -> bool:
    """Whether a token is joined by a hyphen to a word: both of "would-be"."""
    return _is_prefix(doc, i) or (i > 1 and _is_prefix(doc, i - 2) and doc[i - 2].is_alpha)


def _after_of(doc: Doc, of: int) -> tuple[Token | None, bool]:
    """The noun of "hundreds of people" and "two of the men"."""
    for child in doc[of].children:
        if child.dep_ == "pobj" and child.i > of:
            if has_number(child) and any(
                c.dep_ == "nummod" and c.tag_ == "CD" and c.lower_.endswith("illion") for c in child.children
            ):
                return None, False  # "280 million of the 1.5 billion shekels"
            definite = any(c.dep_ in ("det", "poss") and c.lower_ not in ("a", "an") for c in child.children)
            pronoun = child.pos_ == "PRON"
            return (None if pronoun and child.lower_ not in ("those",) else child), definite or pronoun
    run = run_after(doc, of + 1)
    return run, of + 1 < len(doc) and doc[of + 1].pos_ == "DET"


def run_after(doc: Doc, start: int) -> Token | None:
    """The last noun of the run of adjectives and nouns that starts at a token."""
    noun = None
    for i in range(start, min(start + _MAX_REACH, len(doc))):
        token = doc[i]
        if token.pos_ in NOMINAL and not token.is_space:
            if noun is not None and (token.pos_ == "PROPN" and noun.pos_ == "NOUN" or _is_state(token)):
                break
            noun = token
        elif (
            token.dep_ == "cc"
            and noun is None
            and i > start
            and i + 1 < len(doc)
            and doc[i + 1].pos_ == doc[i - 1].pos_ == "ADJ"
        ):
            continue  # "digital and physical sales"
        elif noun is not None or token.pos_ not in ("ADJ", "ADV", "DET") and token.tag_ not in ("HYPH", "VBN", "VBG"):
            break
        elif token.sent_start == 1 or token.lower_ in (
            "the",
            "a",
            "an",
            "this",
            "that",
            "so",
            "when",
            "later",
            "ago",
            "earlier",
        ):
            break
    return noun


def phrase_of(noun: Token, apart: range = range(0), *, is_bare: bool = False) -> tuple[int, int]:
    """First and last token of the noun phrase of a noun, without clauses and without the number at tokens `apart`.

    What stands before the number is left out where the noun stands after it; "of 5%" where the noun stands before it.
    A bare phrase has no apposition and nothing joined by "and".
    """
    left, right = noun.i, noun.i
    stack = [noun]
    while stack:
        token = stack.pop()
        for child in token.children:
            if (
                child.dep_ not in _PHRASE_PARTS
                or child.is_space
                or (child.dep_ in ("conj", "cc", "appos") and token == noun and child.i < noun.i)
            ):
                continue
            if child.dep_ in ("appos", "conj", "cc") and (is_bare or child.text[0].isdigit() or has_number(child)):
                continue
            if child.lower_ == "including" or child.i in apart:
                continue
            if child.i > token.i and (
                (child.dep_ == "amod" and any(c.like_num for c in child.subtree))  # "men, one 29 years old"
                or (child.dep_ == "nummod" and token.pos_ != "PROPN")  # "two others 17"
                or (child.dep_ == "conj" and any(noun.doc[i].pos_ == "VERB" for i in range(token.i + 1, child.i)))
            ):
                continue
            if child.dep_ == "prep" and any(c.i in apart for c in child.children):
                continue
            if child.dep_ != "cc":
                left, right = min(left, child.i), max(right, child.i)
            stack.append(child)
    doc = noun.doc
    while left > 1 and _is_prefix(doc, left - 2):
        left -= 2  # the "would" of "would-be robbers"
    if apart and apart[-1] < noun.i:
        left = max(left, apart[-1] + 1)
    while left < noun.i and doc[left].tag_ == "CD" and doc[left].head == noun and doc[left + 1].tag_ != "HYPH":
        if is_unit_word(doc[left + 1].lower_):
            break  # "9 litre cases"
        left += 1  # "one of the three guards"
    while left < noun.i and (doc[left].is_punct or doc[left].pos_ in ("DET", "PUNCT", "CCONJ", "ADP", "SPACE")):
        if _is_prefix(doc, left):
            break
        left += 1
    while right > noun.i and (doc[right].is_punct or doc[right].pos_ in ("ADP", "CCONJ", "SPACE")):
        right -= 1
    return min(left, noun.i), right


def has_number(token: Token) -> bool:
    """Whether a token is a number or has one before it."""
    return token.like_num or any(child.dep_ == "nummod" for child in token.children)


def _is_state(token: Token) -> bool:
    """Whether a capitalised word of a headline is what happened, not what is counted: "4 Teens Shot"."""
    return token.lower_ in _HEADLINE_STATES


def singular(noun: Token) -> str:
    """The lemma of a noun, in lower case; the plural of a people ("Palestinians") in the singular too."""
    lemma = noun.lemma_.lower()
    if noun.tag_ != "NNPS" and not (noun.pos_ == "PROPN" and noun.ent_type_ == "NORP"):
        return lemma
    if lemma.endswith("ies") and len(lemma) > 4:
        return f"{lemma[:-3]}y"  # "two Northern Counties"
    if lemma.endswith(("sses", "shes", "ches", "xes")):
        return lemma[:-2]
    return lemma[:-1] if lemma.endswith("s") and not lemma.endswith("ss") and len(lemma) > 3 else lemma


def _word(token: Token) -> str:
    return (token.lemma_ if token.tag_ in ("JJS", "JJR") else token.text).lower()


def unit_of(noun: Token, after: int) -> str:
    """The counted noun with its adjectives, in the singular: "commercial fisherman"."""
    doc = noun.doc
    first = noun.i
    while first > after + 1 and noun.i - first < _MAX_REACH:
        token = doc[first - 1]
        if (
            token.pos_ in ("DET", "PRON", "SPACE", "ADP", "VERB")
            and token.tag_ not in ("VBN", "VBG")
            and not _is_joined(doc, first - 1)
            or token.is_punct
            and token.text != "-"
        ):
            break
        first -= 1
    if doc[first].lower_ == "or":  # "several hundred or even 1,000 megawatts"
        first = max([first, *(i + 1 for i in range(first, noun.i) if doc[i].tag_ == "CD")])
    while first < noun.i and (
        doc[first].is_punct
        or doc[first].lower_ in _NO_UNIT
        or (doc[first].tag_ == "CD" and doc[first + 1].text != "-" and not is_unit_word(doc[first + 1].lower_))
    ):  # "11 of 15 missiles", but "9 litre cases"
        first += 1
    words = [" " if token.tag_ == "POS" else _word(token) + token.whitespace_ for token in doc[first : noun.i]]
    return " ".join("".join([*words, singular(noun)]).split())
