"""Find whose is the quantity that a number tells: the company whose revenue it is, the shop whose price rises."""

from spacy.tokens import Token

from newsbeam.transforms.figures.counting import NOMINAL, has_number, is_person
from newsbeam.transforms.figures.measuring import AMOUNTS, WHOSE

#: verbs whose objects are their subject's
_HAVING = frozenset(word for field, words in WHOSE if field == "having" for word in words)

_MAX_REACH = 8
_SUBJECTS = ("nsubj", "nsubjpass")
#: how a noun may hang on the words above it up to its verb
_INWARD = frozenset(
    {"dobj", "pobj", "prep", "attr", "conj", "appos", "dative", "compound", "nmod", "amod", "nummod", "npadvmod",
     "advmod", "acomp", "oprd", "pcomp", "agent", "poss", "dep", "quantmod"}
)  # fmt: skip
#: clauses that leave their subject to the clause above: "plans to lay off", "raised prices, adding"
_SUBJECTLESS = frozenset({"xcomp", "advcl", "conj", "acl", "relcl", "ccomp", "pcomp", "prep", "dep"})

_PRONOUNS = ("it", "he", "she", "they")


def holder_of(noun: Token, first: int = 0) -> Token | None:
    """Whose is the quantity that a noun names: the subject of its clause, or None where it is the subject itself.

    "Acme plans to raise its fee by $5" (fee) -> Acme; "its fee rose" -> None; "Acme employs 40 drivers" -> Acme. What
    is no quantity and only acted on has no holder but one with a name, for things: "police found 40 guns" (guns) ->
    None; "Acme cut prices on 40 products" (products) -> Acme. Where the number, at token `first`, opens a bracket, its
    holder stands before: "Smith (4 goals)" -> Smith.
    """
    doc = noun.doc
    if first > 1 and doc[first - 1].text == "(" and doc[first - 2].pos_ in NOMINAL and noun.i > first:
        if all(doc[i].text != ")" for i in range(first, noun.i)):
            return doc[first - 2]
    if any(_tells_whose(child) for child in noun.children):
        return None
    holder = _governing(noun)
    if holder is not None and (holder.like_num or holder.text == "%" or holder.lemma_.lower() == "percent"):
        return None
    if holder is None or _is_held(noun, holder) or (holder.pos_ == "PROPN" and not is_person(noun)):
        return holder
    return None


def _governing(noun: Token) -> Token | None:
    """The subject of the clause that a noun is an object or complement of."""
    node = noun
    for _ in range(_MAX_REACH):
        head = node.head
        if head == node or node.dep_ in _SUBJECTS:
            return None
        if head.pos_ in ("VERB", "AUX"):
            return _subject(head, noun)
        if node.dep_ in ("acl", "relcl"):
            return head if head.pos_ in NOMINAL else None
        if node.dep_ not in _INWARD:
            return None
        node = head
    return None


def _is_held(noun: Token, holder: Token) -> bool:
    """Whether a noun names what a holder has: an amount, the object of a verb of having, or "its" anything."""
    if noun.lemma_.lower() in AMOUNTS or noun.lower_ in AMOUNTS:
        return True
    if any(child.dep_ == "poss" and _is_for(child.lower_, holder) for child in noun.children):
        return True
    while noun.dep_ == "conj" and noun.head.pos_ in NOMINAL:
        noun = noun.head
    if noun.dep_ == "pobj" and noun.head.lower_ == "of":
        noun = noun.head.head  # "built eight miles of tunnels"
    verb = noun.head
    if noun.dep_ == "pobj" and verb.lower_ == "off":  # "lay off 40 drivers"
        return verb.head.lemma_.lower() in _HAVING
    return noun.dep_ in ("dobj", "attr") and verb.lemma_.lower() in _HAVING


def _is_for(possessive: str, holder: Token) -> bool:
    """Whether "his", "its" or "their" may stand for a holder: "shots hit one of his tires" are not his."""
    if possessive in ("his", "her"):
        return is_person(holder) or (holder.pos_ == "PROPN" and holder.ent_type_ not in ("GPE", "LOC", "ORG"))
    return possessive in ("its", "their", "my", "our", "your")


def _tells_whose(child: Token) -> bool:
    """Whether a word below a noun tells whose it is already: "the price of oil", "Acme's revenue"."""
    if child.dep_ == "prep" and child.lower_ == "of":
        return any(word.pos_ in NOMINAL and word.tag_ != "CD" and not has_number(word) for word in child.children)
    return child.dep_ == "poss" and child.pos_ in NOMINAL


def _subject(verb: Token, noun: Token) -> Token | None:
    pronoun = ""
    for _ in range(_MAX_REACH):
        found = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
        if found is not None:
            if found.tag_ in ("WDT", "WP"):
                before = verb.head if verb.dep_ == "relcl" else verb.doc[found.i - 1]
                if (
                    found.lower_ == "who" and before.dep_ == "pobj" and not is_person(before)
                ):  # "the baker, from Bath, who sold 12 shops"
                    while before.dep_ in ("pobj", "prep", "appos") and not is_person(before):
                        before = before.head
                return before if before.pos_ in NOMINAL else None
            if found.pos_ in NOMINAL or (len(found) > 1 and found.text.isupper()):
                fits = found != noun and not found.is_ancestor(noun) and _agrees(found, pronoun)
                return found if fits else None
            pronoun = pronoun or found.lower_
            if pronoun not in _PRONOUNS:
                return None
        head = verb.head
        if verb.dep_ in ("acl", "relcl") and head.pos_ in NOMINAL:
            if verb.dep_ == "relcl" or not _is_infinitive(verb):
                return head if verb.dep_ == "acl" else None
            return head if head.dep_ in _SUBJECTS else _governing(head)  # "announced plans to dismiss"
        if head == verb or verb.dep_ not in _SUBJECTLESS or head.pos_ not in ("VERB", "AUX", "ADP", "ADJ"):
            return None
        verb = head
    return None


def _is_infinitive(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)


def _agrees(noun: Token, pronoun: str) -> bool:
    """Whether a pronoun of the clause below can stand for the subject of the clause above: "Acme said it had"."""
    plural = noun.tag_ in ("NNS", "NNPS") or any(child.dep_ == "conj" for child in noun.children)
    if pronoun == "it":
        return not plural and not is_person(noun)
    if pronoun in ("he", "she"):
        return not plural and is_person(noun)
    return True
