"""Say whether a clause asserts what it tells: asserted, negated, attempted, hypothetical or denied."""

from spacy.tokens import Token

_MODALS = {"could", "would", "may", "might", "should", "can", "will", "must", "shall"}
_ATTEMPTS = {"attempt", "try", "plot", "fail", "seek", "conspire", "plan"}
_UNREAL = {
    "threaten",
    "vow",
    "intend",
    "want",
    "hope",
    "pledge",
    "aim",
    "promise",
    "order",
    "urge",
    "ask",
    "demand",
    "call",
    "refuse",
    "agree",
}
_DENIALS = {"deny", "reject", "refute", "dismiss", "dispute"}


def polarity_of(word: Token) -> str:
    """Whether the clause of a word asserts it: asserted, negated, attempted, hypothetical or denied."""
    node = word
    for _ in range(6):
        for child in node.children:
            if child.dep_ == "neg" or (child.dep_ == "preconj" and child.lower_ == "neither"):
                return "negated"
            if child.dep_ == "aux" and child.lower_ in _MODALS and node.pos_ in ("VERB", "AUX"):
                return "hypothetical"
            if child.dep_ == "mark" and child.lower_ in ("if", "unless", "whether"):
                return "hypothetical"
            if child.dep_ == "amod" and child.lower_ in ("attempted", "planned"):
                return "attempted"
            if child.dep_ == "amod" and child.lower_ in ("possible", "potential"):
                return "hypothetical"
        head = node.head
        if head == node:
            break
        lemma = head.lemma_.lower()
        if node.dep_ in ("xcomp", "pcomp", "ccomp", "acl", "prep", "pobj", "dobj"):
            infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for c in node.children)
            if lemma in _ATTEMPTS and node.dep_ in ("xcomp", "prep", "pcomp", "acl"):
                return "attempted"
            if lemma in _UNREAL and infinitive:
                return "hypothetical"
            if lemma in _DENIALS and node.dep_ in ("ccomp", "xcomp", "pcomp", "dobj"):
                return "denied"
        if node.dep_ not in ("xcomp", "pcomp", "ccomp", "acl", "prep", "pobj", "conj", "dobj", "acomp", "oprd", "attr"):
            break
        if (
            node.dep_ in ("dobj", "acl", "attr")
            and head.pos_ in ("NOUN", "PROPN")
            and node.pos_ in ("VERB",)
            and node.tag_ == "VBN"
        ):
            break
        node = head
    return "asserted"
