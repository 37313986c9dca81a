"""Give headlines back the verb that the parser took for a noun: "Thousands rally in Lima", "Rebels shell town"."""

import functools
from collections.abc import Callable

from spacy.tokens import Doc, Token

from newsbeam.transforms.events.lexicon import load_lexicon

#: What people do in headlines with a word that is a noun as well, alone or to somebody.
_ALONE = frozenset("rally march protest riot clash strike battle fight".split())
_TO_SOMEBODY = frozenset(
    "shell bomb storm raid attack assault ambush torch target strike battle fight block blockade picket boycott "
    "arrest murder ransom rescue rocket mob besiege kidnap seize shoot loot".split()
)
HEADLINE_VERBS = _ALONE | _TO_SOMEBODY
_BEHIND = frozenset("in outside against for over at near on to with across through after".split())
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "DET"))
_VERBAL = frozenset(("VERB", "AUX"))
_LONGEST = 16  # tokens: headlines are short
_TO_VERB = frozenset(("punct", "advcl", "npadvmod", "mark", "cc"))


def mend_headline(doc: Doc, verb: Token, reattach: Callable[[Doc, dict[int, int]], bool]) -> None:
    """Make `verb` the head of its sentence, where that has no other verb and begins with several people."""
    sentence = verb.sent
    who, next_ = doc[verb.i - 1], doc[verb.i + 1]
    if len(sentence) > _LONGEST or verb.i == sentence.start or verb.i + 1 >= sentence.end or not _are_people(who):
        return
    if any(t.pos_ in _VERBAL and t.tag_ not in ("VBG", "VBN") and t.i != verb.i for t in sentence):
        return
    before = doc[sentence.start : who.i]
    if any(t.pos_ not in _NOMINAL and t.lower_ != "of" for t in before):
        return
    root = sentence.root
    has_object = next_.pos_ in _NOMINAL
    if not (has_object and verb.lower_ in _TO_SOMEBODY) and not (
        verb.lower_ in _ALONE and next_.lower_ in _BEHIND and who.tag_ in ("NNS", "NNPS") and who.lower_ != "police"
    ):
        return
    if root.i < verb.i and root.i not in (who.i, sentence.start):
        return
    if root.i > verb.i and (root.pos_ not in ("NOUN", "PROPN") or any(t.pos_ == "ADP" for t in doc[verb.i : root.i])):
        return
    subject = who
    while subject.head.i < verb.i and subject.head.i != subject.i:
        subject = subject.head
    told = (subject.i, verb.i, root.i)
    heads = {verb.i: verb.i, subject.i: verb.i} | ({} if root.i in told[:2] else {root.i: verb.i})
    for token in sentence:
        if token.i in told or token.head.i not in told:
            continue
        if token.i < subject.i:
            heads[token.i] = subject.i
        elif token.i > verb.i and (token.head.i == subject.i or (token.head.i == root.i and token.dep_ in _TO_VERB)):
            heads[token.i] = verb.i
    if not reattach(doc, heads):
        return
    if root.i > verb.i:
        root.dep_ = "dobj"
    verb.dep_, verb.pos_, verb.tag_ = "ROOT", "VERB", "VBP"
    subject.dep_ = "nsubj"


def _are_people(token: Token) -> bool:
    """Whether a word names several people or things that fight: "rebels", "thousands", "police"."""
    word = token.lower_
    if token.pos_ not in ("NOUN", "PROPN") or not (word.endswith(("s", "men", "people")) or word == "police"):
        return False
    single = word[:-3] + "man" if word.endswith("men") else word[:-1] if word.endswith("s") else word
    return word in _people() or single in _people()


@functools.cache
def _people() -> frozenset[str]:
    classes = load_lexicon().classes
    return classes["human"] | classes["armed"] | classes["troops"]
