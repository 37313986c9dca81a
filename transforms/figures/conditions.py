"""Read from prepositional phrases what happened to people: "in hospital", "with gunshot wounds", "into custody"."""

from spacy.tokens import Token

#: nouns of what a person suffers
HARM = frozenset("injury wound burn fracture laceration bruise concussion".split())
_LIMBS = frozenset("bone limb leg arm rib ankle wrist neck back hip shoulder jaw nose skull pelvis".split())
_BROKEN = frozenset({"broken", "fractured", "crushed"})
_WEAPONS = frozenset({"gunshot", "gun", "shot", "bullet", "stab", "knife"})
_DEGREES = frozenset({"minor", "light", "superficial", "non", "nonlife", "survivable", "serious", "slight"})
COPULAS = frozenset({"be", "become", "remain", "stay", "go", "get", "lie", "feel", "fall"})
_HOSPITAL = frozenset({"hospital", "hospitals", "clinic", "ward", "icu", "infirmary"})
_STREETS = frozenset({"street", "streets"})
_LONGEST = 12  # tokens of a phrase that is searched to its end


def condition_of(prep: Token, lemma: str, *, is_passive: bool) -> tuple[str, int] | None:
    """Effect and rank that a phrase gives the subject of its verb, or None.

    `lemma` is that of the verb: "taken to hospital", "treated for burns", "came with wounds", "took to the streets".
    """
    subtree = list(prep.subtree) if prep.i + _LONGEST > prep.right_edge.i else list(prep.children)
    words = {word.lower_ for word in subtree}
    if prep.lower_ in ("in", "into") and "custody" in words:
        return "arrested", 6
    for word in subtree:
        if (rank := harmed_with(word)) is not None:
            return "injured", rank
    if prep.lower_ == "from" and lemma in ("suffer", "recover") and (rank := _harm_in(prep)) is not None:
        return "injured", rank
    if prep.lower_ in ("to", "in", "at") and _is_hospital(words) and (is_passive or lemma in COPULAS):
        return "injured", 5
    if prep.lower_ in ("in", "at") and lemma in COPULAS and "condition" in words:
        return "injured", 5
    if prep.lower_ in ("for", "with") and lemma in ("treat", "hospitalize", "hospitalise") and is_passive:
        return "injured", 5
    if prep.lower_ == "to" and lemma == "take" and not is_passive and words & _STREETS:
        return "attending", 5
    return None


def is_to_live(verb: Token) -> bool:
    """Whether a verb tells of the hurt that they will live: "are expected to recover"."""
    return verb.lemma_ == "expect" and any(
        child.dep_ == "xcomp" and child.lemma_ in ("survive", "recover", "live") for child in verb.children
    )


def is_recovering(verb: Token) -> bool:
    """Whether a verb tells of the hurt that they are recovering, of no illness and of no thing."""
    if verb.lemma_ != "recover" or verb.tag_ != "VBG":
        return False
    return any(child.dep_ == "aux" and child.lemma_ == "be" for child in verb.children) and not any(
        child.dep_ == "dobj" or child.lower_ == "from" for child in verb.children
    )


def harmed_with(word: Token) -> int | None:
    """The rank of a phrase that says who is hurt, by its first word: "with minor injuries", not "with a knife"."""
    return _harm_in(word) if word.lower_ == "with" else None


def harm_rank(noun: Token) -> int | None:
    """The rank of a noun of harm: a gunshot wound leaves open who lives, unless it is told how bad it is."""
    if noun.lemma_.lower() in _LIMBS and any(child.lower_ in _BROKEN for child in noun.children):
        return 6
    if noun.lemma_.lower() not in HARM:
        return None
    words = {word.lower_ for word in noun.subtree if word.i <= noun.i}
    return 4 if words & _WEAPONS and not words & _DEGREES else 6


def held_by(prep: Token) -> tuple[str, int] | None:
    """Effect and rank that "in" or "into" right after a noun gives it: "two in hospital", "three in custody"."""
    nouns = {child.lower_ for child in prep.children}
    if "condition" in nouns or nouns & _HOSPITAL:
        return "injured", 5
    return ("arrested", 6) if "custody" in nouns else None


def _harm_in(prep: Token) -> int | None:
    ranks = (harm_rank(child) for child in prep.children if child.dep_ == "pobj")
    return next((rank for rank in ranks if rank is not None), None)


def is_hospital(word: str) -> bool:
    """Whether a word is one for a hospital."""
    return word in _HOSPITAL


def _is_hospital(words: set[str]) -> bool:
    return bool(words & _HOSPITAL) or ("medical" in words and bool(words & {"center", "centre"}))
