"""Tell which way from publication a clause points: to the past, or to the future."""

from spacy.tokens import Token

from newsbeam.transforms.times.words import WORDS

_MODALS, _AHEAD = WORDS["modals"], WORDS["ahead"]
_TIMETABLED, _COMING = WORDS["timetabled"], WORDS["coming"]
_MAX_STEPS = 12


def tense_of(token: Token) -> str:
    """Tense of the clause that holds `token`: past, present or future."""
    node = token
    for _ in range(_MAX_STEPS):
        if node.pos_ in ("VERB", "AUX"):
            return _of_verb(_promised(node, token) or node)
        if node.pos_ in ("NOUN", "ADJ") and (
            node.lower_ in _COMING or any(child.lower_ in _COMING for child in node.lefts)
        ):
            if node != token:
                return "future"
        if node.head == node:
            break
        node = node.head
    return "past"


def _promised(verb: Token, token: Token) -> Token | None:
    """The infinitive between a verb that points ahead and the expression: "decided to meet again in September"."""
    if verb.lemma_ not in _AHEAD:
        return None
    return next((c for c in verb.children if c.dep_ == "xcomp" and c.tag_ == "VB" and verb.i < c.i < token.i), None)


def _of_verb(verb: Token) -> str:
    words = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if words & _MODALS and "have" not in words:
        return "future"
    if (verb.tag_ == "VB" or (verb.tag_ == "VBN" and "be" in words)) and "to" in words:
        head = verb.head
        if head != verb and (
            head.lemma_ in _AHEAD or head.lower_ in _COMING or head.lower_ in _AHEAD or head.pos_ == "NOUN"
        ):
            return "future"
        return _of_verb(head) if head != verb and head.pos_ in ("VERB", "AUX") else "past"
    if verb.lower_ in _COMING and any(child.lower_ in ("is", "are") for child in verb.children):
        return "future"
    if verb.tag_ in ("VBZ", "VBP"):
        return "future" if verb.lemma_ in _TIMETABLED else "present"
    if verb.tag_ in ("VBG", "VBN") and words & {"is", "are", "'s", "’s"}:
        return "present"
    if verb.dep_ == "conj" and verb.tag_ == "VB" and verb.head != verb and verb.head.pos_ in ("VERB", "AUX"):
        return _of_verb(verb.head)
    return "past"
