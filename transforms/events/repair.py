"""Mend faults that the small parser makes again and again, before anything is read from the parse."""

from spacy.tokens import Doc, Token

from newsbeam.transforms.events.headlines import HEADLINE_VERBS, mend_headline
from newsbeam.transforms.events.states import (
    GIVING,
    ODD,
    mend_beginning,
    mend_people,
    mend_prefix,
    mend_receiver,
    mend_second_verb,
    mend_side,
    mend_verb_below_gerund,
)

_PARTICIPLES = frozenset(("VBN", "VBD"))
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
_NAMES = frozenset(("PROPN", "ADJ", "NOUN"))
#: Prepositions after which a word in -ing with a noun behind it is a gerund: "responded by striking targets".
_GERUND_AFTER = frozenset(("by", "after", "before", "without", "of"))
#: Participles of verbs without a passive: behind a noun they are its verb.
_INTRANSITIVE = frozenset(
    "reneged resigned agreed protested marched rallied retreated withdrew surrendered clashed fought collapsed "
    "apologised apologized complained demonstrated rioted negotiated talked spoke fled retaliated voted relented "
    "backtracked deserted defected cooperated collaborated mediated trained sailed drilled patrolled".split()
)
#: Words in -ing that are adjectives before nouns all the same.
_ADJECTIVES = frozenset(
    "living working ruling fighting existing growing rising leading remaining building following opening "
    "closing acting standing surrounding visiting sitting training warring opposing outgoing incoming "
    "neighboring neighbouring developing ongoing voting shipping mining fishing banking manufacturing "
    "processing trading operating breaking increasing declining falling moving".split()
)


def repair_parse(doc: Doc) -> Doc:
    """Mend participles, gerunds, names and the verbs of headlines that were taken for something else. In place."""
    for sentence in list(doc.sents):
        mend_beginning(sentence, _reattach)
    for token in doc:
        tag = token.tag_
        if tag in _PARTICIPLES and 0 < token.i < len(doc) - 1:
            _mend_participle(doc, token)
        if tag == "VBN" and token.dep_ == "acl":
            _mend_first_verb(token)
        elif tag == "VBN" and token.dep_ == "amod" and token.i:
            mend_second_verb(token, _reattach)
        elif tag == "VBG" and token.dep_ == "amod":
            _mend_gerund(doc, token)
        elif tag in ("VB", "VBP") and token.text[:1].isupper() and token.i == token.sent.start:
            _mend_name(token)
        elif token.lower_ in HEADLINE_VERBS and 0 < token.i < len(doc) - 1 and tag not in ("VBP", "VBZ", "VBD", "VBG"):
            mend_headline(doc, token, _reattach)
        elif token.lower_ in GIVING and tag != "NN":
            mend_receiver(token, _reattach)
        elif tag in ("NNS", "NN") and token.text[:1].isupper():
            mend_people(token)
        if tag == "VBD" and token.dep_ == "conj":
            mend_verb_below_gerund(token, _reattach)
        if token.lower_ in ("re", "co"):
            mend_prefix(token, _reattach)
        elif token.dep_ in ODD and token.text[:1].isupper():
            mend_side(token)
    return doc


def _reattach(doc: Doc, heads: dict[int, int]) -> bool:
    """Give tokens new heads, all or none; False, and nothing is changed, where that would make a circle.

    spaCy takes one head at a time and follows heads as it does: each step must leave a tree.
    """
    for start in heads:
        node, steps = start, 0
        while (above := heads.get(node, doc[node].head.i)) != node:
            node, steps = above, steps + 1
            if steps > len(heads) + len(doc):
                return False
    waiting = dict(heads)
    while waiting:
        ready = [i for i, head in waiting.items() if i == head or not doc[i].is_ancestor(doc[head])]
        if not ready:  # a knot of tokens that change places: one stands alone for a moment
            i = next(iter(waiting))
            doc[i].head = doc[i]
            continue
        for i in ready[:1]:
            doc[i].head = doc[waiting.pop(i)]
    return True


def _mend_participle(doc: Doc, token: Token) -> None:
    """ "in occupied East Jerusalem": the participle qualifies the name, and the name belongs to the preposition."""
    before, after = doc[token.i - 1], doc[token.i + 1]
    if (
        before.pos_ != "ADP"
        or after.pos_ not in _NAMES
        or not after.text[:1].isupper()
        or before.lower_ in ("after", "before", "as")
    ):
        return
    if any(child.dep_ in ("pobj", "pcomp") and child.i != token.i for child in before.children):
        return
    name = next(
        (
            child
            for child in token.children
            if child.i > token.i and child.dep_ in ("dobj", "nsubj", "oprd", "pobj", "attr")
        ),
        None,
    )
    if name is None or name.left_edge.i != token.i + 1:
        return
    governor = token.head if token.head.i != token.i else before
    others = [child for child in token.children if child.i not in (name.i, before.i)]
    if governor.i == token.i or before.is_ancestor(governor) or name.is_ancestor(before):
        return
    heads = {child.i: governor.i if governor.i not in (name.i, token.i) else name.i for child in others}
    heads |= {name.i: before.i, token.i: name.i}
    if token.is_ancestor(before):
        heads[before.i] = governor.i
    if _reattach(doc, heads):
        name.dep_, token.dep_, token.pos_ = "pobj", "amod", "ADJ"


def _mend_first_verb(token: Token) -> None:
    """ "Trump called Erdogan and urged him": the first of two verbs, taken for a participle of the subject."""
    noun = token.head
    verb = noun.head
    if verb.i == noun.i and noun.i < token.i:
        _mend_headless(token, noun)
        return
    if noun.dep_ != "nsubj" or verb.i < token.i or verb.pos_ != "VERB" or verb.i == noun.i:
        return
    joints = [child for child in noun.children if child.dep_ == "cc" and token.i < child.i < verb.i]
    if (
        not joints
        or any(child.dep_ == "conj" for child in noun.children)
        or any(c.dep_ == "agent" for c in token.children)
    ):
        return
    head, dep = verb.head, verb.dep_
    heads = {token.i: token.i if head.i == verb.i else head.i, verb.i: token.i, noun.i: token.i, joints[0].i: token.i}
    if _reattach(token.doc, heads):
        token.dep_, token.tag_, token.pos_, verb.dep_ = dep, "VBD", "VERB", "conj"


def _mend_headless(token: Token, noun: Token) -> None:
    """ "A report called for sanctions": a sentence left without a verb, whose only one was taken for a participle."""
    has_object = any(child.dep_ == "dobj" for child in token.children)
    calls = token.lower_ == "called" and any(child.lower_ in ("for", "on") for child in token.children)
    acts = token.lower_ in _INTRANSITIVE and noun.pos_ in ("NOUN", "PROPN")
    if not (has_object or calls or acts) or any(child.dep_ == "agent" for child in token.children):
        return
    if any(child.pos_ in ("VERB", "AUX") and child.i != token.i and child.dep_ != "relcl" for child in noun.children):
        return
    after = [child for child in noun.children if child.i > token.i]
    if _reattach(
        token.doc, {token.i: token.i, noun.i: token.i} | {child.i: token.i for child in after if child.i != token.i}
    ):
        token.dep_, token.tag_, token.pos_, noun.dep_ = "ROOT", "VBD", "VERB", "nsubj"


def _mend_gerund(doc: Doc, token: Token) -> None:
    """ "responded by striking locations": the gerund governs the noun."""
    before, noun = doc[token.i - 1] if token.i else token, token.head
    if before.lower_ not in _GERUND_AFTER or before.pos_ != "ADP" or noun.head.i != before.i or noun.i <= token.i:
        return
    if token.lower_ in _ADJECTIVES or noun.dep_ != "pobj" or (before.lower_ == "of" and noun.pos_ != "PROPN"):
        return
    if _reattach(doc, {token.i: before.i, noun.i: token.i}):
        token.dep_, token.pos_, noun.dep_ = "pcomp", "VERB", "dobj"


def _mend_name(token: Token) -> None:
    """ "Trump on Tuesday called …": a name at the head of the sentence that was taken for its verb."""
    if any(child.dep_ in ("nsubj", "nsubjpass", "dobj", "aux") for child in token.children):
        return
    verb = next(
        (child for child in token.children if child.i > token.i and child.pos_ == "VERB" and child.tag_ in _FINITE),
        None,
    )
    if verb is None or any(child.dep_ in ("nsubj", "nsubjpass", "mark") for child in verb.children):
        return
    head, dep = token.head, token.dep_
    others = [child for child in token.children if child.i != verb.i]
    heads = {verb.i: verb.i if head.i == token.i else head.i, token.i: verb.i} | {child.i: verb.i for child in others}
    if _reattach(token.doc, heads):
        verb.dep_ = dep
        token.dep_, token.pos_, token.tag_ = "nsubj", "PROPN", "NNP"
