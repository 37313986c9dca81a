"""Ask of a verb of what happens to people: has it an object, is it fatal, which verbs share its subject or object."""

from spacy.tokens import Token

from newsbeam.transforms.figures.conditions import is_hospital
from newsbeam.transforms.figures.counting import PEOPLE, is_person_noun

#: conjunctions that open a clause whose subject the parser may take for the object of the verb before
_OPENERS = frozenset({"when", "as", "after", "while"})


def is_fatal(verb: Token) -> bool:
    """ "shot dead", "beaten to death", "fatally stabbed"."""
    for child in verb.children:
        if child.lower_ == "fatally":
            return True
        if child.lower_ == "dead" and not any(c.dep_ in ("nummod", "nsubj") for c in child.children):
            return not verb.doc[child.i - 1].like_num  # "four shot, one dead" tells of one death
        if child.lower_ == "to" and any(c.lower_ == "death" for c in child.children):
            return True
    following = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    return following == "dead"


def is_discharged(word: Token) -> bool:
    """Whether people are let go by a hospital: "treated and released", "released from hospital"."""
    if word.dep_ == "conj" and word.head.lemma_ in ("treat", "hospitalize", "hospitalise", "examine"):
        return True
    return any(child.lower_ == "from" and any(is_hospital(c.lower_) for c in child.subtree) for child in word.children)


def has_object(verb: Token) -> bool:
    """Whether a verb has an object; "shot outside bar" has none, though the parser may see an outside bar."""
    return any(
        child.dep_ in ("dobj", "obj")
        and all(c.lower_ not in ("outside", "inside") and c.lower_ not in _OPENERS for c in child.children)
        for child in verb.children
    )


def shares_object(verb: Token) -> bool:
    """Whether a verb has an object, its own or that of the verb beside it: "two sergeants shot and killed a man"."""
    return has_object(verb) or any(
        child.dep_ == "conj" and child.tag_ == verb.tag_ and has_object(child) for child in verb.children
    )


def chain(verb: Token) -> list[Token]:
    """The verb and those that share its subject: "was shot and killed", "appear to have died"."""
    verbs = [verb]
    for known in verbs:
        for child in known.children:
            if child.dep_ in ("conj", "xcomp") and child.pos_ in ("VERB", "AUX", "ADJ") and len(verbs) < 6:
                if child.dep_ == "xcomp" or not any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children):
                    verbs.append(child)
    return verbs


def is_active(word: Token) -> bool:
    """Whether a past form without an object is active all the same: "have shot", "shot at them"."""
    for child in word.children:
        if child.dep_ == "aux" and child.lemma_ == "have":
            return True
        if child.dep_ == "prep" and child.lower_ in ("at", "into", "toward", "towards", "back"):
            return child.lower_ != "at" or any(c.pos_ == "PRON" or c.lemma_.lower() in PEOPLE for c in child.children)
    return False


def has_them(verb: Token) -> bool:
    """Whether the object of a verb is "them", and its subject that of the verb before."""
    words = {child.dep_: child.lower_ for child in verb.children}
    return words.get("dobj") == "them" and not words.keys() & {"nsubj", "nsubjpass"}


def object_chain(verb: Token) -> list[Token]:
    """The verb and those coordinated with it that share its object: "shot and wounded five teenagers"."""
    verbs = [verb]
    head = verb
    while head.dep_ == "conj" and head.head.pos_ == "VERB" and not has_object(head.head):
        head = head.head
        verbs.append(head)
    return verbs


def shares(node: Token) -> bool:
    """Whether a coordinated noun suffers what its head does: people beside people, not beside a name released."""
    return (
        node.dep_ != "conj"
        or node.head.pos_ in ("NUM", "PRON")
        or is_person_noun(node.head)
        or not is_person_noun(node)
    )
