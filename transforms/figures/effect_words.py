"""Words that say what happened to people, and whether an "or" leaves open which of two it was."""

from spacy.tokens import Token

from newsbeam.transforms.figures.clauses import has_object
from newsbeam.transforms.figures.lexicon import rows_of


def _lexicon() -> dict[tuple[str, str], tuple[str, int]]:
    return {(word, kind): (effect, int(rank)) for word, kind, effect, rank in rows_of("effects.tsv")}


#: effect and rank of a word, by the word and its class
EFFECTS = _lexicon()


def leaves_open(word: Token) -> bool:
    """Whether a word is one of two that an "or" leaves open: "were killed or injured", "dead or wounded"."""
    for first, second in ((word, child) for child in word.children):
        if second.dep_ == "conj" and _are_either(first, second):
            return True
    return word.dep_ == "conj" and _are_either(word.head, word)


def _are_either(first: Token, second: Token) -> bool:
    if not any(child.dep_ == "cc" and child.lower_ == "or" for child in first.children) or has_object(first):
        return False
    if any(child.dep_ in ("nsubj", "nsubjpass", "nummod") for child in second.children):
        return False
    outcomes = {
        (EFFECTS.get((w.lemma_.lower(), "object")) or EFFECTS.get((w.lower_, "state"), ("", 0)))[0]
        for w in (first, second)
    }
    return outcomes == {"killed", "injured"}
